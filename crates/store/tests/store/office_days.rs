//! Deputies and suspensions on random days, against a plain look at the spans; and what becomes of them when they are corrected.

use crate::chaos::{Dice, seed};
use crate::county::{actor, day, place};
use crate::grants::{Grants, cadre, person};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, text};
use model::{Actor, Day, Value};
use store::{Command, Entry};

on_both![
    random_offices_are_held_on_their_days_at_their_places,
    random_suspensions_hold_on_their_days_inside_their_places,
    an_office_that_is_corrected_or_withdrawn_is_as_it_stands,
    a_deputy_is_the_same_person_who_entered,
    the_page_offers_what_the_office_may,
    the_refusal_of_a_suspended_step_says_until_when,
    an_office_is_worked_in_on_its_days_as_by_its_holder,
    a_deputy_has_an_account_near_the_office,
    who_acts_for_an_office_names_no_deputies,
    a_deputy_is_named_for_an_office_that_there_is,
    an_office_of_a_department_sees_what_is_of_it,
];

fn county_officer() -> Actor {
    person("bo", "county")
}

/// Names the deputies.
fn keeper() -> Actor {
    person("mei", "county")
}

/// Enters a record of a register that the engine reads; gives its id.
fn enter(grants: &Grants, register: &str, texts: &[(&str, &str)], days: (Day, Day)) -> String {
    let mut fields: Vec<(String, Value)> =
        texts.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
    fields.push(("from_on".to_owned(), Value::Day(days.0)));
    fields.push(("until_on".to_owned(), Value::Day(days.1)));
    let entry = Entry { register: register.into(), fields, ..Entry::default() };
    let entered = grants.apply(&keeper(), "2024-01-01", Command::Enter(entry));
    entered.expect("is entered").id.expect("an id")
}

fn office(grants: &Grants, number: &str, (account, role, region): (&str, &str, &str), days: (Day, Day)) -> String {
    grants.account(account);
    let texts = [("office_no", number), ("account", account), ("role_code", role), ("region_code", region)];
    let department = (role == "officer").then_some(("department", "farming"));
    enter(grants, "office", &texts.into_iter().chain(department).collect::<Vec<_>>(), days)
}

fn halt(grants: &Grants, number: &str, region: &str, days: (Day, Day)) -> String {
    enter(grants, "halt", &[("halt_no", number), ("region_code", region), ("reason", "年度封账")], days)
}

/// Whether somebody may put a grant up on that day; nothing is changed.
fn may(grants: &Grants, who: &Actor, id: &str, on: Day) -> Result<(), store::Refusal> {
    let (register, id, step) = ("aid".to_owned(), id.to_owned(), "publish".to_owned());
    let publish = Command::TakeStep { register, id, version: None, step, fields: Vec::new() };
    grants.0.store.rehearse(who, model::Moment { day: on, at_ms: AT_MS }, publish).map(drop)
}

fn random_offices_are_held_on_their_days_at_their_places() {
    let grants = Grants::new();
    let mut dice = Dice(seed());
    let id = grants.enter("G1", 100);
    let first = day("2024-06-25");
    let mut held: Vec<(&str, &str, &str, Day, Day)> = Vec::new();
    for number in 0..9 {
        let account = ["zhou", "qian"][dice.below(2) as usize];
        // The cadre of a village and the clerk of a township may put grants up, the officer of a department may not.
        let (role, region) = [
            ("cadre", VILLAGES[0]),
            ("cadre", VILLAGES[1]),
            ("clerk", "990101100"),
            ("clerk", "990101200"),
            ("officer", "990101"),
        ][dice.below(5) as usize];
        let from = first.plus_days(dice.below(12) as i64);
        let until = from.plus_days(dice.below(4) as i64);
        office(&grants, &number.to_string(), (account, role, region), (from, until));
        held.push((account, role, region, from, until));
    }
    for account in ["zhou", "qian", "sun"] {
        // The county's officer sees the grant, but may not put it up by the own office.
        let who = person(account, "county");
        for number in -1..18 {
            let on = first.plus_days(number);
            let expected = held.iter().any(|(other, role, region, from, until)| {
                let reaches = place(region).holds(place(VILLAGES[0])) && *role != "officer";
                *other == account && reaches && (*from..=*until).contains(&on)
            });
            let outcome = may(&grants, &who, &id, on);
            assert_eq!(outcome.is_ok(), expected, "{account} on {on}: {held:?}: {outcome:?}");
        }
    }
}

fn random_suspensions_hold_on_their_days_inside_their_places() {
    let grants = Grants::new();
    let mut dice = Dice(seed());
    let id = grants.enter("G1", 100);
    let first = day("2024-06-25");
    let mut halts: Vec<(&str, Day, Day)> = Vec::new();
    for number in 0..7 {
        let region = ["99", "990101", "990101100", VILLAGES[0], VILLAGES[1], "990101200"][1 + dice.below(5) as usize];
        let from = first.plus_days(dice.below(14) as i64);
        let until = from.plus_days(dice.below(3) as i64);
        halt(&grants, &number.to_string(), region, (from, until));
        halts.push((region, from, until));
    }
    for number in -1..20 {
        let on = first.plus_days(number);
        let holds = |(region, from, until): &&(&str, Day, Day)| {
            place(region).holds(place(VILLAGES[0])) && (*from..=*until).contains(&on)
        };
        let is_halted = halts.iter().any(|one| holds(&one));
        let outcome = may(&grants, &cadre(), &id, on);
        assert_eq!(outcome.is_err(), is_halted, "{on}: {halts:?}: {outcome:?}");
    }
}

fn correct(grants: &Grants, register: &str, id: &str, version: i64, fields: Vec<(String, Value)>) {
    let entry = Entry { register: register.into(), fields, ..Entry::default() };
    let correct = Command::Correct { id: id.to_owned(), version: model::Version(version), entry };
    grants.apply(&county_officer(), "2024-06-01", correct).expect("is corrected");
}

fn an_office_that_is_corrected_or_withdrawn_is_as_it_stands() {
    let grants = Grants::new();
    let grant = grants.enter("G1", 100);
    let zhou = person("zhou", "county");
    let days = (day("2024-06-10"), day("2024-06-12"));
    let id = office(&grants, "1", ("zhou", "clerk", "990101100"), days);
    let on = |text: &str| may(&grants, &zhou, &grant, day(text)).is_ok();
    assert_eq!((on("2024-06-12"), on("2024-06-13")), (true, false));
    correct(&grants, "office", &id, 1, vec![("until_on".into(), Value::Day(day("2024-06-13")))]);
    assert_eq!((on("2024-06-13"), on("2024-06-14")), (true, false), "it was made longer");
    grants.account("qian");
    correct(&grants, "office", &id, 2, vec![("account".into(), text("qian"))]);
    assert!(!on("2024-06-12"), "it is somebody else's");
    assert!(may(&grants, &person("qian", "county"), &grant, day("2024-06-12")).is_ok());
    let (register, why) = ("office".to_owned(), "免去代办".to_owned());
    let withdraw = Command::Withdraw { register, id, version: model::Version(3), why };
    grants.apply(&county_officer(), "2024-06-01", withdraw).expect("is withdrawn");
    assert!(may(&grants, &person("qian", "county"), &grant, day("2024-06-12")).is_err(), "it is nobody's");
    let halted = halt(&grants, "1", "990101", days);
    let free = |text: &str| may(&grants, &cadre(), &grant, day(text)).is_ok();
    assert_eq!((free("2024-06-12"), free("2024-06-13")), (false, true));
    correct(&grants, "halt", &halted, 1, vec![("until_on".into(), Value::Day(day("2024-06-11")))]);
    assert_eq!((free("2024-06-11"), free("2024-06-12")), (false, true), "it was made shorter");
    let (register, why) = ("halt".to_owned(), "提前恢复".to_owned());
    let withdraw = Command::Withdraw { register, id: halted, version: model::Version(2), why };
    grants.apply(&county_officer(), "2024-06-01", withdraw).expect("is withdrawn");
    assert!(free("2024-06-10"));
}

fn a_deputy_is_the_same_person_who_entered() {
    let grants = Grants::new();
    // The cadre who entered the grant acts for the township's clerk: nobody agrees to what they entered.
    let id = grants.put_up("G1", 100);
    office(&grants, "1", (&cadre().account, "clerk", "990101100"), (day("2024-06-01"), day("2024-06-30")));
    let own = grants.step(&cadre(), "2024-06-16", &id, "approve").expect_err("who entered it");
    let store::RefusalKind::Lifecycle(kind) = own.kind else { panic!("{own:?}") };
    assert_eq!(kind, lifecycle::RefusalKind::OwnEntry);
    office(&grants, "2", ("wu", "clerk", "990101100"), (day("2024-06-01"), day("2024-06-30")));
    let wu = Actor { account: "wu".into(), ..cadre() };
    grants.step(&wu, "2024-06-16", &id, "approve").expect("another cadre in the same office may");
    let approvals = grants.file("aid", &id).course.approvals;
    assert_eq!(approvals.iter().map(|one| one.who.as_str()).collect::<Vec<_>>(), ["wu"]);
}

fn the_page_offers_what_the_office_may() {
    let grants = Grants::new();
    let id = grants.enter("G1", 100);
    office(&grants, "1", ("zhou", "clerk", "990101100"), (day("2024-06-10"), day("2024-06-12")));
    let offered = |account: &str, on: &str| -> Vec<String> {
        let view = grants.0.store.view(&person(account, "county"));
        let file = view.record("aid", &id, day(on)).expect("reads").expect("is there");
        file.course.offers.into_iter().map(|offer| offer.step).collect()
    };
    for (account, on, is_offered) in [
        ("zhou", "2024-06-09", false),
        ("zhou", "2024-06-10", true),
        ("zhou", "2024-06-12", true),
        ("zhou", "2024-06-13", false),
        ("bo", "2024-06-11", false),
    ] {
        assert_eq!(offered(account, on).contains(&"publish".to_owned()), is_offered, "{account} on {on}");
        assert_eq!(may(&grants, &person(account, "county"), &id, day(on)).is_ok(), is_offered, "and so it is");
    }
    let figures = grants.0.store.view(&actor("clerk", "990101100")).register_figures("office", day("2024-06-11"));
    assert_eq!(figures.expect("reads").records, 1, "offices are records like any other");
}

fn the_refusal_of_a_suspended_step_says_until_when() {
    let grants = Grants::new();
    let id = grants.enter("G1", 100);
    halt(&grants, "1", "990101", (day("2024-02-27"), day("2024-02-29")));
    halt(&grants, "2", "990101100", (day("2024-06-27"), day("2024-06-30")));
    let refusal = may(&grants, &cadre(), &id, day("2024-06-28")).expect_err("is suspended");
    let store::RefusalKind::Lifecycle(kind) = &refusal.kind else { panic!("{refusal:?}") };
    assert_eq!(*kind, lifecycle::RefusalKind::Suspended(day("2024-06-30")));
    assert!(refusal.what.chinese().contains("年度封账"), "{}", refusal.what.chinese());
    assert!(
        refusal.hint.chinese().contains("2024-07-01") && refusal.hint.english().contains("2024-07-01"),
        "{}",
        refusal.hint.chinese()
    );
    // What is corrected and entered goes on meanwhile: only steps wait.
    let fields = vec![("amount_fen".to_owned(), Value::Fen(model::Fen(20_000)))];
    let entry = Entry { register: "aid".into(), fields, ..Entry::default() };
    grants
        .apply(&cadre(), "2024-06-28", Command::Correct { id, version: model::Version(1), entry })
        .expect("is corrected");
}

/// A deputy reaches what the office reaches, on its days only, and what is done is done for the office by the deputy.
fn an_office_is_worked_in_on_its_days_as_by_its_holder() {
    let grants = Grants::new();
    let (id, receipt) = grants.approved("G1", 100);
    let visit = receipt.followed.iter().find(|one| one.register == "visit").expect("a visit is opened").id.clone();
    let bo = county_officer();
    office(&grants, "1", ("bo", "cadre", VILLAGES[0]), (day("2024-06-10"), day("2024-06-12")));
    office(&grants, "2", ("bo", "cadre", VILLAGES[0]), (day("2024-06-12"), day("2024-06-13")));
    office(&grants, "3", ("bo", "county", "990101"), (day("2024-06-10"), day("2024-06-12")));
    let held = |on: &str| grants.0.store.offices(&bo, day(on)).expect("reads");
    for (on, until) in [
        ("2024-06-09", None),
        ("2024-06-10", Some("2024-06-12")),
        ("2024-06-12", Some("2024-06-13")),
        ("2024-06-13", Some("2024-06-13")),
        ("2024-06-14", None),
    ] {
        let told: Vec<_> = held(on).into_iter().map(|one| (one.name(), one.until)).collect();
        let expected = until.map(|until| (format!("cadre@{}", VILLAGES[0]), day(until)));
        assert_eq!(told, expected.into_iter().collect::<Vec<_>>(), "{on}: neither the own office nor one that is none");
    }
    let cadre = held("2024-06-12").remove(0).actor;
    let (own, view) = (grants.0.store.view(&bo), grants.0.store.view(&cadre));
    assert!(own.record("visit", &visit, day("2024-06-12")).is_err(), "the own office does not see the register");
    assert!(view.record("visit", &visit, day("2024-06-12")).expect("is seen").is_some());
    assert!(view.registers().contains(&"visit".to_owned()) && !own.registers().contains(&"visit".to_owned()));
    assert_eq!(view.register_figures("visit", day("2024-06-12")).expect("is seen").records, 1);
    let step = |who: &Actor| {
        let (register, id, step) = ("visit".to_owned(), visit.clone(), "finish".to_owned());
        grants.apply(who, "2024-06-20", Command::TakeStep { register, id, version: None, step, fields: Vec::new() })
    };
    step(&bo).expect_err("not by the own office");
    step(&cadre).expect("for the office");
    let last = grants.file("visit", &visit).history.into_iter().next().expect("an event");
    assert_eq!((last.account.as_str(), last.role.as_str(), last.for_office), ("bo", "cadre", true));
    // What was ordered for the office is there for the office.
    let job = grants
        .0
        .store
        .enqueue(&cadre, store::NewJob::changing("export", &serde_json::json!({}), ""), AT_MS)
        .expect("is ordered");
    let seen = |who: &Actor| {
        let listed = grants.0.store.jobs_of(who, 10).expect("reads").len();
        (grants.0.store.job(who, job).expect("reads").is_some(), listed)
    };
    assert_eq!((seen(&cadre), seen(&bo)), ((true, 1), (false, 0)));
    // So it is where the office is not chosen, and the step is taken by it all the same.
    let entered = grants.enter("G2", 100);
    office(&grants, "5", ("zhou", "clerk", "990101100"), (day("2024-06-10"), day("2024-06-12")));
    grants.step(&person("zhou", "county"), "2024-06-11", &entered, "publish").expect("for the office");
    let history = grants.file("aid", &entered).history;
    let told: Vec<_> = history.iter().map(|one| (one.role.as_str(), one.for_office)).collect();
    assert_eq!(told, [("clerk", true), ("cadre", false)]);
    assert!(grants.file("aid", &id).history.iter().all(|one| !one.for_office), "nobody else is a deputy");
}

/// Who is named as a deputy has an account at the place of the office, inside it or around it; by hand, corrected, and from a file.
fn a_deputy_has_an_account_near_the_office() {
    let grants = Grants::new();
    for (name, role, region) in [
        ("here", "clerk", "990101100"),
        ("above", "county", "990101"),
        ("below", "cadre", VILLAGES[0]),
        ("beside", "clerk", "990101200"),
        ("elsewhere", "county", "990102"),
    ] {
        grants.account_at(name, role, region);
    }
    let register = &crate::grants::package().registers["office"];
    let days = (day("2024-06-10"), day("2024-06-12"));
    let value = |number: &str, account: &str, name: &str| match name {
        "office_no" => text(number),
        "account" => text(account),
        "role_code" => text("clerk"),
        "region_code" => text("990101100"),
        "from_on" => Value::Day(days.0),
        "until_on" => Value::Day(days.1),
        _ => Value::Null,
    };
    for (account, fits) in [
        ("here", true),
        ("above", true),
        ("below", true),
        ("beside", false),
        ("elsewhere", false),
        ("nobody", false),
        ("Here", false),
    ] {
        let told = |refusal: &words::Wording| {
            assert!(refusal.chinese().contains("代办人") && refusal.chinese().contains(account), "{refusal:?}");
            assert!(refusal.english().contains("Account") && refusal.english().contains(account), "{refusal:?}");
        };
        let fields = |number: &str| -> Vec<(String, Value)> {
            register.field.iter().map(|field| (field.name.clone(), value(number, account, &field.name))).collect()
        };
        let entry = Entry { register: "office".into(), fields: fields(account), ..Entry::default() };
        let entered = grants.apply(&county_officer(), "2024-06-01", Command::Enter(entry));
        assert_eq!(entered.is_ok(), fits, "{account}: {entered:?}");
        if let Err(refusal) = &entered {
            assert_eq!(refusal.fields, ["account"]);
            told(&refusal.what);
        }
        let row = fields(&format!("file {account}")).into_iter().map(|(_, value)| value).collect();
        let record = store::Record { row: 2, fields: row, ..store::Record::default() };
        let taken = grants.0.import("office", vec![record]).expect("is looked at");
        assert_eq!((taken.added, taken.refused.len()), if fits { (1, 0) } else { (0, 1) }, "{account}");
        if let Some(refused) = taken.refused.first() {
            assert_eq!(refused.columns, ["account"]);
            told(&refused.what);
        }
    }
    let id = office(&grants, "9", ("above", "clerk", "990101100"), days);
    let fields = vec![("account".to_owned(), text("beside"))];
    let entry = Entry { register: "office".into(), fields, ..Entry::default() };
    let correct = Command::Correct { id, version: model::Version(1), entry };
    let refusal = grants.apply(&county_officer(), "2024-06-01", correct).expect_err("beside the office");
    assert_eq!(refusal.fields, ["account"]);
}

/// What an office is, as a record of deputies says it.
fn office_of(number: &str, account: &str, (role, region, department): (&str, &str, &str)) -> Entry {
    let texts = [
        ("office_no", number),
        ("account", account),
        ("role_code", role),
        ("region_code", region),
        ("department", department),
    ];
    let mut fields: Vec<(String, Value)> = texts.iter().map(|(name, one)| ((*name).to_owned(), text(one))).collect();
    for name in ["from_on", "until_on"] {
        fields.push((name.to_owned(), Value::Day(day("2024-06-10"))));
    }
    Entry { register: "office".into(), fields, ..Entry::default() }
}

/// By hand, corrected, withdrawn and from a file; the own office may, and oneself is named by nobody.
fn who_acts_for_an_office_names_no_deputies() {
    let grants = Grants::new();
    for name in ["bo", "zhou", "qian"] {
        grants.account(name);
    }
    grants.account_at("wu", "cadre", VILLAGES[0]);
    let clerk = ("clerk", "990101100", "");
    let id = office(&grants, "1", ("zhou", "clerk", "990101100"), (day("2024-06-10"), day("2024-06-12")));
    // The cadre acts for the county's officer.
    let (deputy, own) = (person("wu", "county"), person("bo", "county"));
    let commands = |who: &str| {
        let (register, why, version) = ("office".to_owned(), "免去代办".to_owned(), model::Version(1));
        let entry =
            Entry { register: register.clone(), fields: vec![("account".into(), text(who))], ..Entry::default() };
        [
            Command::Enter(office_of("2", who, clerk)),
            Command::Correct { id: id.clone(), version, entry },
            Command::Withdraw { register, id: id.clone(), version, why },
        ]
    };
    for who in ["qian", "wu"] {
        for command in commands(who) {
            let told = format!("{command:?}");
            let refusal = grants.apply(&deputy, "2024-06-11", command).expect_err(&told);
            assert_eq!(refusal.name, "deputies_by_deputy", "{told}");
        }
    }
    let rehearse = |who: &Actor, command| {
        grants.0.store.rehearse(who, model::Moment { day: day("2024-06-11"), at_ms: AT_MS }, command).map(drop)
    };
    for command in commands("qian") {
        rehearse(&own, command).expect("by the own office");
    }
    let [enter, correct, _] = commands("bo");
    for command in [enter, correct] {
        let refusal = rehearse(&own, command).expect_err("oneself");
        assert_eq!(refusal.fields, ["account"]);
        assert!(refusal.what.english().contains("himself") && refusal.what.chinese().contains("自己"), "{refusal}");
    }
}

fn a_deputy_is_named_for_an_office_that_there_is() {
    let grants = Grants::new();
    grants.account("zhou");
    for (role, region, department, wrong) in [
        ("clerk", "990101100", "", None),
        ("clerk", "990101", "", Some("region_code")),
        ("clerk", VILLAGES[0], "", Some("region_code")),
        ("cadre", VILLAGES[0], "", None),
        ("county", "990101", "", None),
        ("county", "990101", "farming", Some("department")),
        ("officer", "990101", "farming", None),
        ("officer", "990101", "", Some("department")),
        ("nobody", "990101", "", Some("role_code")),
    ] {
        let entry = office_of("1", "zhou", (role, region, department));
        let now = model::Moment { day: day("2024-06-01"), at_ms: AT_MS };
        let entered = grants.0.store.rehearse(&keeper(), now, Command::Enter(entry));
        let fields = entered.map(drop).map_err(|refusal| refusal.fields);
        assert_eq!(fields, wrong.map_or(Ok(()), |name| Err(vec![name.to_owned()])), "{role} {region} {department}");
    }
}

fn an_office_of_a_department_sees_what_is_of_it() {
    let grants = Grants::new();
    grants.account("zhou");
    for (number, department) in [("1", "farming"), ("2", "medical")] {
        let entry = office_of(number, "zhou", ("officer", "990101", department));
        grants.apply(&keeper(), "2024-06-01", Command::Enter(entry)).expect("is entered");
    }
    let offices = grants.0.store.offices(&person("zhou", "county"), day("2024-06-10")).expect("reads");
    let names: Vec<(String, Option<String>)> =
        offices.iter().map(|office| (office.name(), office.actor.department.clone())).collect();
    let office = |department: &str| {
        let place = place("990101");
        (format!("officer@{place}@{department}"), Some(department.to_owned()))
    };
    assert_eq!(
        names.into_iter().collect::<std::collections::BTreeSet<_>>(),
        [office("farming"), office("medical")].into()
    );
}
