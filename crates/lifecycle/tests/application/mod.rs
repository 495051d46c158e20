//! A record of the fixture's `application`, with everything that happened to it.
#![allow(dead_code, reason = "each test uses its part")]

use lifecycle::{
    ClockState, Command, Course, Deputy, Event, Offer, Position, Preview, Refusal, RefusalKind, StepContext,
    Suspension, Transition, automatic, clocks, decide_with, offers_with, preview, replay, take_down_is_due,
};
use model::{Day, Fen, RegionCode, Value};
use policy::Package;
use policy::declare::Register;
use std::path::Path;
use std::sync::OnceLock;

pub fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

pub fn region(code: &str) -> RegionCode {
    code.parse().expect("test regions are well written")
}

pub fn package() -> &'static Package {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/tests/fixtures/steps");
        Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}"))
    })
}

/// A record in the test.
#[derive(Clone)]
pub struct Record {
    pub register: Register,
    pub fields: Vec<Value>,
    pub events: Vec<Event>,
    pub region: RegionCode,
    pub deputies: Vec<Deputy>,
    pub suspensions: Vec<Suspension>,
    pub entered_by: &'static str,
}

/// Who asks, and on which day, with which fields given.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    pub account: &'a str,
    pub role: &'a str,
    pub today: Day,
    pub given: &'a [&'a str],
}

pub fn who<'a>(account: &'a str, role: &'a str, today: &str) -> Who<'a> {
    Who { account, role, today: day(today), given: &[] }
}

impl Record {
    /// Entered by an on that day: a household that may be helped, in the county whose notices hang for 5 days.
    pub fn entered(on: &str) -> Record {
        let mut record = Record {
            register: package().registers["application"].clone(),
            fields: Vec::new(),
            events: vec![Event::Reached { state: "entered".into(), on: day(on) }],
            region: region("990101100201"),
            deputies: Vec::new(),
            suspensions: Vec::new(),
            entered_by: "an",
        };
        record.fields = vec![Value::Null; record.register.field.len()];
        for (name, value) in [
            ("application_no", Value::Text("A1".into())),
            ("household_no", Value::Text("H1".into())),
            ("region_code", Value::Text("990101100201".into())),
            ("lead_no", Value::Text("L1".into())),
            ("member_count", Value::Int(4)),
            ("income_fen", Value::Fen(Fen(500_000))),
            ("photo", Value::Text("0:a.jpg".into())),
            ("opinion", Value::Text("情况属实".into())),
        ] {
            record.set(name, value);
        }
        record
    }

    /// In publicity since that day.
    pub fn public(on: &str) -> Record {
        let mut record = Record::entered(on);
        record.does(Command::Step("review"), who("an", "clerk", on)).expect("reviews");
        record.does(Command::Step("publish"), who("an", "clerk", on)).expect("puts up");
        record
    }

    pub fn set(&mut self, name: &str, value: Value) {
        let at = self.register.field.iter().position(|field| field.name == name).expect("a declared field");
        self.fields[at] = value;
    }

    pub fn position(&self) -> Position {
        replay(&self.register, &self.events).expect("it was entered")
    }

    /// Calls with all that is known of the record.
    pub fn ask<T>(&self, who: Who<'_>, call: impl FnOnce(&StepContext<'_>, &Course<'_>) -> T) -> T {
        let position = self.position();
        let named = self.register.field.iter().zip(&self.fields).filter(|(_, value)| !value.is_null());
        let filled: Vec<&str> = named.map(|(field, _)| field.name.as_str()).collect();
        let parameters = |name: &str, on: Day| package().parameter(name, self.region, on, on).value;
        let asked = StepContext {
            state: &position.state,
            entered_state_on: position.entered_on,
            entered_by: Some(self.entered_by),
            changed_by: &[],
            account: who.account,
            role: who.role,
            filled: &filled,
            children: &[],
            calendar: &package().calendar,
            today: who.today,
        };
        let course = Course {
            form: &package().register_forms["application"],
            fields: &self.fields,
            given: who.given,
            parameters: &parameters,
            position: &position,
            region: Some(self.region),
            deputies: &self.deputies,
            suspensions: &self.suspensions,
        };
        call(&asked, &course)
    }

    pub fn decides(&self, command: Command<'_>, who: Who<'_>) -> Result<Transition, Refusal> {
        self.ask(who, |asked, course| decide_with(&self.register, command, asked, course))
    }

    pub fn refused(&self, command: Command<'_>, who: Who<'_>) -> Option<RefusalKind> {
        self.decides(command, who).err().map(|refusal| refusal.kind)
    }

    /// Carries the command out: what happened is kept.
    pub fn does(&mut self, command: Command<'_>, who: Who<'_>) -> Result<Transition, Refusal> {
        let transition = self.decides(command, who)?;
        self.events.extend(transition.events.iter().cloned());
        Ok(transition)
    }

    pub fn automatic(&self, today: &str) -> Option<Transition> {
        self.ask(who("", "", today), |asked, course| automatic(&self.register, asked, course))
    }

    pub fn comes_down(&self, today: Day) -> bool {
        let nobody = Who { account: "", role: "", today, given: &[] };
        self.ask(nobody, |asked, course| take_down_is_due(&self.register, asked, course))
    }

    pub fn offers(&self, who: Who<'_>) -> Vec<Offer> {
        self.ask(who, |asked, course| offers_with(&self.register, asked, course))
    }

    pub fn preview(&self, step: &str, today: &str) -> Result<Option<Preview>, Refusal> {
        self.ask(who("", "", today), |asked, course| preview(&self.register, step, asked, course))
    }

    pub fn clocks(&self, today: Day) -> Vec<(String, ClockState)> {
        let nobody = Who { account: "", role: "", today, given: &[] };
        self.ask(nobody, |asked, course| clocks(&self.register, asked.calendar, course))
    }
}
