//! Where a record stands, by its events, and what a decision about it has to know.
//!
//! A state that is reached stands in an event as `_state`; what else happens to a record (somebody agrees, a notice is put up,
//! an objection, a deadline stops) stands beside it under names of its own. Nothing of that is kept anywhere else: where a
//! record stands is replayed from its events.

use crate::database::{Row, Transaction, values};
use crate::store::Inner;
use crate::stored::event_fields::said;
use crate::stored::record::{Children, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Store, StoreError};
use lifecycle::{Approval, Course, Event, Halt, Position, StepContext, replay};
use model::{Actor, Class, Day, RegionCode, Value};
use policy::declare::Register;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Number of the event that an event takes back.
pub(crate) const UNDOES: &str = "_undoes";
/// The step of another record that brought an event.
pub(crate) const BY: &str = "_by";

/// Actions by which somebody changes fields by hand.
const BY_HAND: [&str; 2] = ["changed", "entered_again"];

/// What the events of a record say of its life.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) position: Position,
    /// False where the record does not stand where its events say, for they do not say all.
    is_whole: bool,
    /// What happened, in its order; the first is the state in which it began.
    events: Vec<Event>,
    /// Accounts that changed its fields by hand, each once.
    changers: BTreeSet<String>,
    /// Fields and child records that changed since the notice was put up, as they were when it was.
    pub(super) under_notice: Map<String, Json>,
}

/// What an event says of what happened to a record besides its fields, in the order in which it is read again.
pub(crate) fn notes(register: &Register, course: &[Event]) -> Vec<(&'static str, Json)> {
    let mut notes: Vec<(&'static str, Json)> = Vec::new();
    let mut stopped = Map::new();
    let mut resumed = Map::new();
    for event in course {
        match event {
            Event::Reached { state, .. } => notes.push(("_state", json!(state))),
            Event::Approved(one) => notes.push(("_approved", json!({ "step": one.step, "role": one.role }))),
            Event::PutUp { step, days, in_working_days, .. } => {
                let note = json!({ "step": step, "days": days, "in_working_days": in_working_days });
                notes.push(("_put_up", note));
            }
            Event::TakenDown { .. } => notes.push(("_taken_down", json!(true))),
            Event::Objected { .. } => notes.push(("_objected", json!(true))),
            Event::Settled { .. } => notes.push(("_settled", json!(true))),
            Event::ClockStopped { deadline, reason, .. } => {
                stopped.insert(deadline.clone(), json!(openly(register, reason)));
            }
            Event::ClockResumed { deadline, reason, .. } => {
                resumed.insert(deadline.clone(), json!(openly(register, reason)));
            }
        }
    }
    let clocks = [("_stopped", stopped), ("_resumed", resumed)].into_iter().filter(|(_, clocks)| !clocks.is_empty());
    notes.extend(clocks.map(|(name, clocks)| (name, Json::Object(clocks))));
    notes
}

/// A reason, unless it was given in a field that is sensitive.
fn openly<'r>(register: &Register, reason: &'r str) -> &'r str {
    let fields = register.step.iter().filter_map(|step| register.field_named(step.reason.as_ref()?));
    if fields.into_iter().any(|field| field.effective_class() == Class::Sensitive) { "" } else { reason }
}

/// An event as it is read again.
struct CourseEvent {
    seq: i64,
    account: String,
    on: Day,
    action: String,
    before: Map<String, Json>,
    after: Map<String, Json>,
}

impl CourseEvent {
    fn read(row: &Row<'_>) -> Result<CourseEvent, StoreError> {
        let broken = || StoreError::StoredValue { column: "event.day".to_owned() };
        Ok(CourseEvent {
            seq: row.get(0)?,
            account: row.get(1)?,
            on: row.get::<String>(2)?.parse().map_err(|_| broken())?,
            action: row.get(3)?,
            before: said(&row.get::<String>(4)?)?,
            after: said(&row.get::<String>(5)?)?,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.after.get(name)?.as_str()
    }

    /// The day from which the state counts that it tells of.
    fn reached_on(&self) -> Day {
        self.text("_state_on").and_then(|day| day.parse().ok()).unwrap_or(self.on)
    }

    /// What happened, in the order in which it happened.
    fn course(&self) -> Vec<Event> {
        let on = self.on;
        let object = |name: &str| self.after.get(name).and_then(Json::as_object);
        let of =
            |note: &Map<String, Json>, name: &str| note.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let has = |name: &str| self.after.contains_key(name);
        let approved = object("_approved").map(|note| {
            let (step, role) = (of(note, "step"), of(note, "role"));
            Event::Approved(Approval { step, account: self.account.clone(), role, on })
        });
        let stopped = object("_stopped").into_iter().flat_map(Map::keys);
        let stopped = stopped.map(|name| Event::ClockStopped { deadline: name.clone(), on, reason: String::new() });
        let resumed = object("_resumed").into_iter().flat_map(Map::keys);
        let resumed = resumed.map(|name| Event::ClockResumed { deadline: name.clone(), on, reason: String::new() });
        let reached =
            self.text("_state").map(|state| Event::Reached { state: state.to_owned(), on: self.reached_on() });
        let put_up = object("_put_up").map(|note| Event::PutUp {
            step: of(note, "step"),
            on,
            days: note.get("days").and_then(Json::as_u64).and_then(|days| u16::try_from(days).ok()).unwrap_or(u16::MAX),
            in_working_days: note.get("in_working_days").and_then(Json::as_bool).unwrap_or_default(),
        });
        let down = has("_taken_down").then_some(Event::TakenDown { on });
        let objected = has("_objected").then_some(Event::Objected { on });
        let settled = has("_settled").then_some(Event::Settled { on });
        let first = approved.into_iter().chain(down).chain(stopped).chain(resumed);
        first.chain(reached).chain(put_up).chain(objected).chain(settled).collect()
    }

    /// A record that was withdrawn begins anew.
    fn begins_anew(&self) -> bool {
        self.after.get("_withdrawn") == Some(&Json::Bool(false)) && self.after.contains_key("_state")
    }
}

/// The life of a stored record, from its events.
pub(crate) fn life_of(
    transaction: &Transaction<'_>,
    table: &RegisterTable,
    stored: &StoredRecord,
) -> Result<Life, StoreError> {
    let sql = "select seq, account, day, action, before, after from event where record_id = ?1 and register = ?2 order by seq";
    let happenings = transaction.all(sql, values![stored.id, table.kept], CourseEvent::read)?;
    let state = stored.meta.state.clone().unwrap_or_default();
    let since = stored.meta.state_on.or(stored.meta.entered_on).unwrap_or(Day::EPOCH);
    let mut start: Option<Event> = None;
    let mut course: Vec<(i64, Event)> = Vec::new();
    let mut under_notice = Map::new();
    for one in &happenings {
        if let Some(undone) = one.after.get(UNDOES).and_then(Json::as_i64) {
            course.retain(|(seq, _)| *seq != undone);
            continue;
        }
        if one.begins_anew() {
            course.clear();
            under_notice.clear();
            start =
                Some(Event::Reached { state: one.text("_state").unwrap_or_default().to_owned(), on: one.reached_on() });
            continue;
        }
        if start.is_none() && one.before.contains_key("_state") {
            let text = |name: &str| one.before.get(name).and_then(Json::as_str);
            let on = text("_state_on").and_then(|day| day.parse().ok()).unwrap_or(one.on);
            start = Some(Event::Reached { state: text("_state").unwrap_or_default().to_owned(), on });
        }
        let happened = one.course();
        if happened.iter().any(|event| matches!(event, Event::PutUp { .. })) {
            under_notice.clear();
        } else {
            one.before.iter().for_each(|(name, value)| {
                under_notice.entry(name.clone()).or_insert_with(|| value.clone());
            });
        }
        course.extend(happened.into_iter().map(|event| (one.seq, event)));
    }
    let start = start.unwrap_or(Event::Reached { state: state.clone(), on: since });
    let events: Vec<Event> = std::iter::once(start).chain(course.into_iter().map(|(_, event)| event)).collect();
    let (position, is_whole) = as_stored(replay(&table.register, &events), &state, since);
    let by_hand = happenings.into_iter().filter(|one| BY_HAND.contains(&one.action.as_str()));
    let changers = by_hand.map(|one| one.account).collect();
    Ok(Life { position, is_whole, events, changers, under_notice })
}

/// What an earlier program wrote may tell less than all: then the stored state counts, and no notice and no agreement is
/// known.
fn as_stored(replayed: Option<Position>, state: &str, since: Day) -> (Position, bool) {
    match replayed {
        Some(position) if position.state == state && position.entered_on == since => (position, true),
        Some(position) => (Position { clocks: position.clocks, ..Position::at(state, since) }, false),
        None => (Position::at(state, since), false),
    }
}

impl Life {
    /// That of a record that is not there yet.
    fn before_all(today: Day) -> Life {
        let (events, changers, under_notice) = (Vec::new(), BTreeSet::new(), Map::new());
        Life { position: Position::at("", today), is_whole: true, events, changers, under_notice }
    }
}

/// A record about which something is decided, as the command would leave it.
pub(crate) struct Subject<'s> {
    pub(crate) stored: Option<&'s StoredRecord>,
    /// Where it lies.
    pub(crate) place: Option<RegionCode>,
    pub(crate) fields: &'s [Value],
    pub(crate) children: &'s Children,
    /// Names of the fields that are given with the command.
    pub(crate) given: &'s [&'s str],
    pub(crate) actor: &'s Actor,
    pub(crate) today: Day,
}

impl Inner {
    /// Calls with all that a decision about a record has to know; the record's life comes from the log.
    pub(crate) fn weigh<T>(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        subject: &Subject<'_>,
        call: impl FnOnce(&StepContext<'_>, &Course<'_>) -> T,
    ) -> Result<T, StoreError> {
        let today = subject.today;
        let life = match subject.stored {
            Some(stored) => life_of(transaction, table, stored)?,
            None => Life::before_all(today),
        };
        let changed_by: Vec<&str> = life.changers.iter().map(String::as_str).collect();
        let filled: Vec<&str> = table.filled(subject.fields).collect();
        let children: Vec<&str> = table.with_children(subject.children.iter().map(Vec::as_slice)).collect();
        let meta = subject.stored.map(|stored| &stored.meta);
        let place = subject.place.unwrap_or(self.declarations.region);
        let parameters = |name: &str, on: Day| self.declarations.parameters.value(name, place, on);
        let deputies = self.deputies(transaction, subject.actor, today)?;
        let suspensions = self.suspensions(transaction, place)?;
        let asked = StepContext {
            state: &life.position.state,
            entered_state_on: life.position.entered_on,
            entered_by: meta.and_then(|meta| meta.entered_by.as_deref()),
            changed_by: &changed_by,
            account: &subject.actor.account,
            role: &subject.actor.role,
            filled: &filled,
            children: &children,
            calendar: &self.declarations.calendar,
            today,
        };
        let course = Course {
            form: &table.form,
            fields: subject.fields,
            given: subject.given,
            parameters: &parameters,
            position: &life.position,
            region: subject.place,
            deputies: &deputies,
            suspensions: &suspensions,
        };
        Ok(call(&asked, &course))
    }

    /// The day by which a record should move on once this has happened to it, its last state being reached with it: the earliest of
    /// the state's own and of the deadlines that run. `None` where nothing is due.
    pub(crate) fn due_after(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: Option<&StoredRecord>,
        place: Option<RegionCode>,
        more: &[Event],
    ) -> Result<Option<Day>, StoreError> {
        let reached = more.iter().rev().find_map(|event| match event {
            Event::Reached { state, on } => Some((state, *on)),
            _ => None,
        });
        let Some((state, on)) = reached else { return Ok(stored.and_then(|stored| stored.meta.due_on)) };
        let life = || {
            let mut events = match stored {
                Some(stored) => life_of(transaction, table, stored)?.events,
                None => Vec::new(),
            };
            events.extend(more.iter().cloned());
            Ok(events)
        };
        self.due_in_state(transaction, table, state, on, place, life)
    }

    /// The day by which a stored record should move on, as suspensions are now.
    pub(crate) fn due_now(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
    ) -> Result<Option<Day>, StoreError> {
        let Some((state, on)) = stored.meta.state.as_ref().zip(stored.meta.state_on) else { return Ok(None) };
        let life = || Ok(life_of(transaction, table, stored)?.events);
        self.due_in_state(transaction, table, state, on, stored.meta.place, life)
    }

    fn due_in_state(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        state: &str,
        on: Day,
        place: Option<RegionCode>,
        life: impl FnOnce() -> Result<Vec<Event>, StoreError>,
    ) -> Result<Option<Day>, StoreError> {
        let (register, calendar) = (&table.register, &self.declarations.calendar);
        let without = lifecycle::due_on(register, state, on, calendar, &[]);
        if without.is_none() && register.deadline.is_empty() {
            return Ok(None);
        }
        let region = place.unwrap_or(self.declarations.region);
        let suspensions = self.suspensions(transaction, region)?;
        let halts: Vec<Halt> = suspensions.iter().map(|one| Halt { from: one.from, until: Some(one.until) }).collect();
        let of_state =
            if halts.is_empty() { without } else { lifecycle::due_on(register, state, on, calendar, &halts) };
        if register.deadline.is_empty() {
            return Ok(of_state);
        }
        let Some(position) = replay(register, &life()?) else { return Ok(of_state) };
        let parameters = |name: &str, on: Day| self.declarations.parameters.value(name, region, on);
        let course = Course {
            form: &table.form,
            fields: &[],
            given: &[],
            parameters: &parameters,
            position: &position,
            region: place,
            deputies: &[],
            suspensions: &suspensions,
        };
        let due = lifecycle::clocks(register, calendar, &course).into_iter().filter_map(|(_, state)| match state {
            lifecycle::ClockState::Due(day) => Some(day),
            _ => None,
        });
        Ok(due.chain(of_state).min())
    }
}

impl Store {
    /// Replays every record of the registers with a lifecycle from its events, and names those that do not stand where their
    /// events say: register and id. Records that an earlier program moved without telling all of it may be among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn replay_all(&self) -> Result<Vec<(String, String)>, StoreError> {
        let inner = &*self.inner;
        let mut wrong = Vec::new();
        for table in inner.tables.values().filter(|table| table.register.has_lifecycle()) {
            let sql = format!("select {} from {} t order by t.id", table.stored_columns(), table.table);
            inner.database.read(|transaction| {
                for stored in transaction.all(&sql, values![], |row| table.stored(&inner.cipher, row))? {
                    if !stored.meta.is_withdrawn && !life_of(transaction, table, &stored)?.is_whole {
                        wrong.push((table.name.clone(), stored.id.to_string()));
                    }
                }
                Ok(())
            })?;
        }
        Ok(wrong)
    }
}
