//! What goes on without anybody asking: steps whose wait is over, and notices whose days are over.

use super::act::Act;
use super::change::UnitOfWork;
use super::draft::draft_of;
use crate::database::values;
use crate::log::course::Subject;
use crate::stored::keys::system_actor;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{Command, Receipt, Refusal, RefusalKind, Store, StoreError};
use lifecycle::{Event, Transition};
use model::{Actor, Day, Moment, RecordId};
use words::{Wording, wording};

/// Records that are looked at with one question.
const TOGETHER: i64 = 500;

/// What went on by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct GoneOn {
    /// Steps that were taken.
    pub steps: u64,
    /// Notices that were taken down.
    pub taken_down: u64,
    /// What could not go on: register, record, and why not; it is tried again the next time.
    pub refused: Vec<(String, String, Wording)>,
}

/// Some records that were looked at.
struct Looked {
    /// The last of them; `None` where there are no more.
    last: Option<RecordId>,
    /// Those of which something is due.
    due: Vec<DueRecord>,
}

/// A record of which something is due.
struct DueRecord {
    id: RecordId,
    /// A step is, and not that a notice comes down.
    is_step: bool,
}

/// What is due of a record.
enum Due {
    Step(Box<Transition>),
    TakeDown,
}

impl Store {
    /// Takes the steps that go on by themselves by the day of `now`, and takes notices down whose days are over; each in a transaction of
    /// its own, so that what is done stays done. Twice on one day does the same as once.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn go_on(&self, now: Moment) -> Result<GoneOn, StoreError> {
        let mut gone = GoneOn::default();
        let actor = system_actor(self.inner.declarations.region);
        for table in self.inner.tables.values().filter(|table| goes_on(table)) {
            let mut after = RecordId::MIN;
            loop {
                let Looked { last, due } = self.due_behind(table, after, &actor, now.day)?;
                for record in due {
                    self.let_go_on(table, &record, &actor, now, &mut gone)?;
                }
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        Ok(gone)
    }

    fn let_go_on(
        &self,
        table: &RegisterTable,
        due: &DueRecord,
        actor: &Actor,
        now: Moment,
        gone: &mut GoneOn,
    ) -> Result<(), StoreError> {
        let command = Command::GoOn { register: table.name.clone(), id: due.id.to_string() };
        match self.apply(actor, now, command) {
            Ok(receipt) if due.is_step => gone.steps += receipt.changed,
            Ok(receipt) => gone.taken_down += receipt.changed,
            Err(Refusal { kind: RefusalKind::Store(error), .. }) => return Err(*error),
            Err(refusal) => gone.refused.push((table.name.clone(), due.id.to_string(), refusal.what)),
        }
        Ok(())
    }

    /// Looks at some records behind this one.
    fn due_behind(
        &self,
        table: &RegisterTable,
        after: RecordId,
        actor: &Actor,
        today: Day,
    ) -> Result<Looked, StoreError> {
        let inner = &*self.inner;
        let sql = format!(
            "select {} from {} t where t.state in ({}) and t.state_on < ?1 and coalesce(t.is_withdrawn, 0) = 0 \
             and t.id > ?2 order by t.id limit {TOGETHER}",
            table.stored_columns(),
            table.table,
            table.states_sql(|state| waits(table, &state.name)),
        );
        inner.database.read(|transaction| {
            let read = |row: &crate::database::Row<'_>| table.stored(&inner.cipher, row);
            let mut records: Vec<StoredRecord> = transaction.all(&sql, values![today.to_string(), after], read)?;
            table.give_children(transaction, &inner.cipher, records.iter_mut())?;
            let mut due = Vec::new();
            for stored in &records {
                let subject = subject(stored, actor, today);
                let what = inner.weigh(transaction, table, &subject, |asked, course| due_of(table, asked, course))?;
                due.extend(what.map(|what| DueRecord { id: stored.id, is_step: matches!(what, Due::Step(_)) }));
            }
            let last = records.last().map(|stored| stored.id).filter(|_| records.len() as i64 == TOGETHER);
            Ok(Looked { last, due })
        })
    }
}

impl UnitOfWork<'_> {
    /// Does what is due of a record today; nothing where nothing is.
    pub(super) fn go_on(&mut self, register: &str, id: &str) -> Result<Receipt, Refusal> {
        self.only_system(wording!("act_go_on"))?;
        let table = self.inner.tables.get(register).ok_or_else(|| Refusal::not_found(wording!("thing_register")))?;
        let stored = self.record_for_change(table, id)?;
        let subject = subject(&stored, self.actor, self.now.day);
        let due = self.inner.weigh(self.transaction, table, &subject, |asked, course| due_of(table, asked, course))?;
        match due {
            Some(Due::Step(transition)) => self.carry_out(table, &stored, draft_of(&stored), &transition, None),
            Some(Due::TakeDown) => {
                let course = [Event::TakenDown { on: self.now.day }];
                let act = Act { course: &course, ..Act::of("taken_down") };
                let meta = self.change_record(table, &stored, &draft_of(&stored), &stored.meta, act)?;
                let (id, version) = (Some(stored.id.to_string()), Some(meta.version));
                Ok(Receipt { id, version, changed: 1, ..Receipt::default() })
            }
            None => Ok(Receipt { id: id.parse::<RecordId>().ok().map(|id| id.to_string()), ..Receipt::default() }),
        }
    }
}

fn subject<'s>(stored: &'s StoredRecord, actor: &'s Actor, today: Day) -> Subject<'s> {
    let (fields, children, place) = (stored.fields.as_slice(), &stored.children, stored.meta.place);
    Subject { stored: Some(stored), place, fields, children, given: &[], actor, today }
}

fn due_of(table: &RegisterTable, asked: &lifecycle::StepContext<'_>, course: &lifecycle::Course<'_>) -> Option<Due> {
    if let Some(transition) = lifecycle::automatic(&table.register, asked, course) {
        return Some(Due::Step(Box::new(transition)));
    }
    lifecycle::take_down_is_due(&table.register, asked, course).then_some(Due::TakeDown)
}

/// True where something of the register goes on by itself.
fn goes_on(table: &RegisterTable) -> bool {
    table.register.state.iter().any(|state| waits(table, &state.name))
}

/// True for a state that a step leaves by itself, or in which a notice hangs that comes down by itself.
fn waits(table: &RegisterTable, state: &str) -> bool {
    table.register.step.iter().any(|step| {
        let comes_down = step.publicity.as_ref().is_some_and(|publicity| publicity.takes_down);
        (step.after_wait && step.from.iter().any(|from| from == state)) || (comes_down && step.to == state)
    })
}
