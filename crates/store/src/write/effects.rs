//! What follows from a step, done in its transaction: records of other registers are opened or moved on, roles are told.
//!
//! An effect acts by the right of the step, not by that of who takes it; it reaches records that lie where the step's record
//! lies. Every record that it touches leaves an event of its own, right behind that of the step, which names the step as `_by`.
//! What is refused there refuses the step.

use super::act::{Act, Cause};
use super::change::UnitOfWork;
use super::draft::Draft;
use super::given::fill;
use super::prepared::Prepared;
use super::steps::names_of;
use crate::database::Sql;
use crate::error::refusal;
use crate::log::followed as told;
use crate::receipt::{Followed, FollowedKind, NoticeDays};
use crate::stored::event_fields::{EventFields, EventPayload};
use crate::stored::keys::compared_value;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Refusal, RefusalKind, StoreError};
use lifecycle::{Command, Effect, RecordNamed, Term, Transition};
use model::{RecordId, RegionCode, Value};
use words::{Advice, Wording, wording};

/// Actions of the events that effects leave.
pub(super) const OPENED: &str = "opened";
pub(super) const ATTACHED: &str = "attached";

/// Names and values of fields.
type Fields = [(String, Value)];

impl<'a> UnitOfWork<'a> {
    /// Does what follows from a step, in its order; `stored` is the record as it was before the step.
    pub(super) fn follow(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        transition: &Transition,
    ) -> Result<Vec<Followed>, Refusal> {
        let cause = self.cause(table, stored, &transition.step);
        let own = |what, label| Followed {
            what,
            register: table.name.clone(),
            id: stored.id.to_string(),
            label,
            number: None,
            days: None,
        };
        let mut followed = Vec::with_capacity(transition.effects.len());
        for effect in &transition.effects {
            match effect {
                Effect::Open { register, key, fields } => {
                    let there = self.other(register)?;
                    let opened = self.open(there, stored, key, fields, &cause);
                    followed.push(opened.map_err(|refusal| in_other(there, refusal))?);
                }
                Effect::Advance { register, step, of, fields } => {
                    let there = self.other(register)?;
                    let led = self.lead_on(there, stored, of, step, fields, &cause);
                    followed.extend(led.map_err(|refusal| in_other(there, refusal))?);
                }
                Effect::Notify { roles } => {
                    self.notify(table, stored, &transition.step, roles)?;
                    let label = self.inner.notified(self.transaction, roles, stored.meta.place)?;
                    followed.push(own(FollowedKind::Notified, label));
                }
                Effect::TakeDown => followed.push(own(FollowedKind::TakenDown, told::taken_down())),
                Effect::PutUp { from, last_day, free_on } => {
                    let term = Term { from: *from, last_day: *last_day, free_on: *free_on };
                    let days = Some(NoticeDays { from: *from, last_day: *last_day, free_on: *free_on });
                    followed.push(Followed { days, ..own(FollowedKind::PutUp, told::put_up(term)) });
                }
                Effect::StopClock { deadline, .. } => {
                    followed.push(own(FollowedKind::Stopped, told::clock(table, deadline, true)));
                }
                Effect::ResumeClock { deadline, .. } => {
                    followed.push(own(FollowedKind::Resumed, told::clock(table, deadline, false)));
                }
                Effect::Document { name } => followed.push(own(FollowedKind::Document, told::document(name))),
            }
        }
        Ok(followed)
    }

    fn other(&self, register: &str) -> Result<&'a RegisterTable, StoreError> {
        self.inner.tables.get(register).ok_or_else(|| StoreError::Declaration {
            register: register.to_owned(),
            why: "a step leads on to it, and it is not declared".to_owned(),
        })
    }

    /// Opens a record, or attaches the step's record to the one that is open already.
    fn open(
        &mut self,
        there: &RegisterTable,
        from: &StoredRecord,
        key: &Fields,
        fields: &Fields,
        cause: &Cause,
    ) -> Result<Followed, Refusal> {
        let label = there.label();
        let followed = |what, id: RecordId, number| Followed {
            what,
            register: there.name.clone(),
            id: id.to_string(),
            label,
            number,
            days: None,
        };
        let open = if key.is_empty() { Vec::new() } else { self.open_records(there, key)? };
        let Some(found) = open.first() else {
            let (id, number) = self.open_new(there, from, fields, cause)?;
            return Ok(followed(FollowedKind::Opened, id, number));
        };
        let found = self.placed(there, *found, |place| holds(from.meta.place, place))?;
        let (mut after, act) = (EventFields::default(), Act { cause: Some(cause), ..Act::of(ATTACHED) });
        act.note(&there.register, &mut after);
        self.meta_event(there, &found, ATTACHED, EventPayload::after(after))?;
        let number = self.number_seen(there, found.meta.place, &found.fields);
        Ok(followed(FollowedKind::Attached, found.id, number))
    }

    /// What people call a record by, where the actor sees it.
    fn number_seen(&self, there: &RegisterTable, place: Option<RegionCode>, fields: &[Value]) -> Option<String> {
        let sees = self.inner.declarations.sees(self.actor, &there.register);
        there.number(fields).filter(|_| self.is_system() || (sees && self.reaches_record(place)))
    }

    fn open_new(
        &mut self,
        there: &RegisterTable,
        from: &StoredRecord,
        fields: &Fields,
        cause: &Cause,
    ) -> Result<(RecordId, Option<String>), Refusal> {
        let mut draft = Draft {
            resident_key: from.resident_key.map(model::ResidentKey),
            id: None,
            row: 0,
            fields: vec![Value::Null; there.columns.len()],
            children: Some(vec![Vec::new(); there.children.len()]),
        };
        fill(there, &mut draft, fields, &[])?;
        let place = match (there.region, there.household) {
            // What lies nowhere belongs to the place of the record that opened it.
            (None, None) => from.meta.place,
            _ => self.place_of(there, &draft)?,
        };
        if !holds(from.meta.place, place) {
            return Err(elsewhere());
        }
        let id = self.record_named(there, Prepared::id_of(&self.inner.cipher, there, &draft)?)?;
        draft.id = Some(id);
        let stored = there.stored_by_id(self.transaction, &self.inner.cipher, id)?;
        if let Some(stored) = stored.as_ref().filter(|stored| !stored.meta.is_withdrawn) {
            return Err(self.known_already(there, stored)?);
        }
        let given = names_of(fields);
        let transition = self.decide(there, Command::Opened, None, place, &mut draft, &given)?;
        let meta = self.first_meta(there, place)?;
        self.prove(there, &mut draft, id, &meta)?;
        match stored {
            Some(stored) => {
                let act = Act { course: &transition.events, cause: Some(cause), ..Act::of(OPENED) };
                let meta = RecordMeta { version: stored.meta.version, ..meta };
                self.change_record(there, &stored, &draft, &meta, act)?;
            }
            None => {
                self.add_record(there, &draft, &meta, Act { cause: Some(cause), ..Act::of(OPENED) })?;
            }
        }
        Ok((id, self.number_seen(there, place, &draft.fields)))
    }

    /// The record that the step names takes its own along; what follows from that is told behind it.
    fn lead_on(
        &mut self,
        there: &RegisterTable,
        from: &StoredRecord,
        of: &RecordNamed,
        step: &str,
        fields: &Fields,
        cause: &Cause,
    ) -> Result<Vec<Followed>, Refusal> {
        let id = match of {
            RecordNamed::Key(key) => there.id_by_key(self.transaction, &self.inner.cipher, &key.to_string())?,
            RecordNamed::Fields(fields) => match self.open_records(there, fields)?.as_slice() {
                [] => None,
                [one] => Some(*one),
                _ => return Err(several()),
            },
        };
        let id = id.ok_or_else(none_open)?;
        let stored = self.placed(there, id, |place| holds(from.meta.place, place) || holds(place, from.meta.place))?;
        let receipt = self.advance(there, &stored, step, fields, cause)?;
        let declared = there.register.step.iter().find(|declared| declared.name == step);
        let step = declared.map_or_else(|| Wording::same(step), |step| Wording::pair(&step.label, &step.label_en));
        let label = wording!("followed_advance", register = there.label(), step);
        let own = Followed {
            what: FollowedKind::Advanced,
            register: there.name.clone(),
            id: id.to_string(),
            label,
            number: self.number_seen(there, stored.meta.place, &stored.fields),
            days: None,
        };
        Ok(std::iter::once(own).chain(receipt.followed).collect())
    }

    /// Records with these values that are neither withdrawn nor at their end; two at most.
    pub(super) fn open_records(&self, table: &RegisterTable, fields: &Fields) -> Result<Vec<RecordId>, Refusal> {
        let (mut conditions, mut values): (Vec<String>, Vec<Sql>) = (Vec::new(), Vec::new());
        for (name, value) in fields {
            let column = table.column(name).and_then(|(_, column)| {
                Some((table.compared(name)?, compared_value(&self.inner.cipher, column, value)?))
            });
            let Some((column, value)) = column else { return Ok(Vec::new()) };
            values.push(value);
            conditions.push(format!("t.\"{column}\" = ?{}", values.len()));
        }
        let sql = format!(
            "select t.id from {} t where {} and coalesce(t.is_withdrawn, 0) = 0 \
             and coalesce(t.state, '') not in ({}) order by t.id limit 2",
            table.table,
            conditions.join(" and "),
            table
                .register
                .state
                .iter()
                .filter(|state| state.is_final)
                .fold("'-'".to_owned(), |all, state| { format!("{all}, '{}'", state.name.replace('\'', "")) }),
        );
        Ok(self.transaction.all(&sql, &values, |row| row.get(0))?)
    }

    /// The record, where it is held, not withdrawn, and lies where the step reaches.
    fn placed(
        &self,
        table: &RegisterTable,
        id: RecordId,
        is_reached: impl Fn(Option<RegionCode>) -> bool,
    ) -> Result<StoredRecord, Refusal> {
        let stored = table.stored_by_id(self.transaction, &self.inner.cipher, id)?;
        let stored = stored.filter(|stored| !stored.meta.is_withdrawn).ok_or_else(none_open)?;
        if is_reached(stored.meta.place) { Ok(stored) } else { Err(elsewhere()) }
    }
}

fn holds(outer: Option<RegionCode>, inner: Option<RegionCode>) -> bool {
    outer.zip(inner).is_some_and(|(outer, inner)| outer.holds(inner))
}

/// What another register refuses refuses the step, and is said so.
fn in_other(there: &RegisterTable, refusal: Refusal) -> Refusal {
    if matches!(refusal.kind, RefusalKind::Store(_)) {
        return refusal;
    }
    let Refusal { kind, name, what, hint, .. } = refusal;
    let what = wording!("refused_there", register = there.label(), why = what);
    Refusal::new(kind, name, Advice { what, hint })
}

fn elsewhere() -> Refusal {
    refusal!("record_elsewhere", RefusalKind::Conflict)
}

fn none_open() -> Refusal {
    refusal!("no_open_record", RefusalKind::Conflict)
}

fn several() -> Refusal {
    refusal!("several_open_records", RefusalKind::Conflict)
}
