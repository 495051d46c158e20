//! Where a record stands on its way, as its page tells it: who agreed, its deadlines, what followed from its last step, and
//! whether that step may be taken back.

use crate::StoreError;
use crate::database::{Transaction, values};
use crate::log::course::BY;
use crate::log::followed;
use crate::read::{HistoryRow, View};
use crate::stored::keys::BY_PACKAGE;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use lifecycle::{Approval, ClockState, Command, Course, Offer, StepContext, Term};
use model::Day;
use policy::declare::Step;
use serde_json::{Map, Value as Json};
use words::Wording;

/// Events behind a step that are looked at.
const BEHIND_MAX: i64 = 50;

/// What is left out where the last thing that somebody did is looked for.
const NOTHING_DONE: [&str; 4] = ["unmasked", "moved_away", "attached", "detached"];

/// Where a record stands on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CourseShown {
    /// Steps that leave the state, for this actor on that day.
    pub offers: Vec<Offer>,
    /// Who agreed since the state was entered.
    pub approvals: Vec<ApprovalShown>,
    /// Deadlines that run or stand still.
    pub clocks: Vec<ClockShown>,
    /// Records to which something followed from the last step.
    pub followed: Vec<FollowedShown>,
    /// What else followed from it, in sentences: the days of the notice, who is told, who must still agree, the day by which the
    /// record should move on.
    pub told: Vec<Wording>,
    /// The days of the notice that hangs.
    pub notice: Option<Term>,
    /// The actor took the last step, and nothing was done with the record since.
    pub may_undo: bool,
}

/// Somebody who took a step that more than one must take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalShown {
    pub step: String,
    /// Shown name of the account.
    pub who: String,
    pub role: String,
    pub on: Day,
}

/// A deadline of a record that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockShown {
    pub label: Wording,
    /// Its last day; `None` where it stands still, or its length is unset.
    pub due_on: Option<Day>,
    pub is_stopped: bool,
}

/// A record to which something followed from a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedShown {
    pub register: String,
    pub id: String,
    /// `opened`, `attached`, or a step.
    pub action: String,
    /// The actor sees the register.
    pub is_seen: bool,
    /// What people call the record by, where the actor sees it.
    pub number: Option<String>,
}

/// What a decision knows of a record, for its page.
pub(super) fn course_of(table: &RegisterTable, asked: &StepContext<'_>, course: &Course<'_>) -> CourseShown {
    let register = &table.register;
    let approvals = course.position.approvals.iter().map(|one| ApprovalShown {
        step: one.step.clone(),
        who: one.account.clone(),
        role: one.role.clone(),
        on: one.on,
    });
    let clocks = lifecycle::clocks(register, asked.calendar, course).into_iter().filter_map(|(name, state)| {
        let declared = register.deadline.iter().find(|deadline| deadline.name == name)?;
        let (due_on, is_stopped) = match state {
            ClockState::Due(day) => (Some(day), false),
            ClockState::Stopped => (None, true),
            ClockState::Unset(_) => (None, false),
            ClockState::Ended(..) => return None,
        };
        Some(ClockShown { label: Wording::pair(declared.label.clone(), declared.label_en.clone()), due_on, is_stopped })
    });
    CourseShown {
        offers: lifecycle::offers_with(register, asked, course),
        approvals: approvals.collect(),
        clocks: clocks.collect(),
        notice: lifecycle::notice_term(asked, course),
        ..CourseShown::default()
    }
}

impl View<'_> {
    /// Adds to the course what the record's events tell of its last step. `history`: newest first.
    pub(super) fn tell_last_step(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
        history: &[HistoryRow],
        shown: &mut CourseShown,
    ) -> Result<(), StoreError> {
        let approvals: Vec<Approval> = shown.approvals.iter().map(approval).collect();
        for one in &mut shown.approvals {
            if let Some((_, name)) = self.shown_account(transaction, Some(&one.who))? {
                one.who = name;
            }
        }
        let is_done = |row: &&HistoryRow| {
            !NOTHING_DONE.contains(&row.action.as_str()) && !BY_PACKAGE.contains(&row.action.as_str())
        };
        let Some(last) = history.iter().find(is_done) else { return Ok(()) };
        let back = Command::SendBack { step: "", to: "" }.name();
        let step = table.register.step.iter().find(|step| step.name == last.action);
        if step.is_none() && last.action != back {
            return Ok(());
        }
        let own = "select after from event where seq = ?1";
        let own: Option<String> = transaction.first(own, values![last.seq], |row| row.get(0))?;
        let own = fields_of(own.unwrap_or_default())?;
        shown.may_undo = !own.contains_key(BY) && last.account == self.actor.account;
        shown.followed = self.followed_behind(transaction, last.seq)?;
        shown.told = told_of(table, &own, shown.notice);
        if let Some(step) = step {
            let inner = &self.store.inner;
            shown.told.extend(match own.contains_key("_state") {
                true => self.brought_by(transaction, stored, step)?,
                false => inner.declarations.agreement(step, &approvals).map(|one| one.label).into_iter().collect(),
            });
        }
        if let (Some(state), Some(due_on)) = (&stored.meta.state, stored.meta.due_on) {
            shown.told.push(followed::due(&table.register, state, due_on));
        }
        Ok(())
    }

    /// The records whose events stand right behind that of a step and name it.
    fn followed_behind(&self, transaction: &Transaction<'_>, seq: i64) -> Result<Vec<FollowedShown>, StoreError> {
        let sql = format!(
            "select seq, register, record, action, after from event where seq > ?1 order by seq limit {BEHIND_MAX}"
        );
        let behind = transaction.all(&sql, values![seq], |row| {
            let texts: [String; 3] = [row.get(1)?, row.get(2)?, row.get(3)?];
            Ok((row.get::<i64>(0)?, texts, fields_of(row.get(4)?)?.contains_key(BY)))
        })?;
        let changes = &self.store.inner.declarations.changes;
        let next = behind.into_iter().zip(seq + 1..).take_while(|((seq, _, is_by), at)| seq == at && *is_by);
        let shown = next.map(|((_, [register, id, action], _), _)| {
            let register = changes.register_now(&register).to_owned();
            let table = self.store.inner.tables.get(&register).filter(|table| self.sees(&table.register));
            let stored = table.map(|table| self.stored(transaction, table, &id)).transpose()?.flatten();
            let number = table.zip(stored).and_then(|(table, stored)| table.number(&stored.fields));
            Ok(FollowedShown { register, id, action, is_seen: table.is_some(), number })
        });
        shown.collect()
    }

    /// What a step that moved the record brings by its declaration: a document, and a notice for roles.
    fn brought_by(
        &self,
        transaction: &Transaction<'_>,
        stored: &StoredRecord,
        step: &Step,
    ) -> Result<Vec<Wording>, StoreError> {
        let mut told: Vec<Wording> = step.document.iter().map(|name| followed::document(name)).collect();
        if !step.notifies.is_empty() {
            told.push(self.store.inner.notified(transaction, &step.notifies, stored.meta.place)?);
        }
        Ok(told)
    }
}

/// What the event of a step tells of the notice and of deadlines.
fn told_of(table: &RegisterTable, own: &Map<String, Json>, notice: Option<Term>) -> Vec<Wording> {
    let down = own.contains_key("_taken_down").then(followed::taken_down);
    let up = notice.filter(|_| own.contains_key("_put_up")).map(followed::put_up);
    let clocks = [("_stopped", true), ("_resumed", false)].into_iter().flat_map(|(name, is_stopped)| {
        let clocks = own.get(name).and_then(Json::as_object).into_iter().flat_map(Map::keys);
        clocks.map(move |deadline| followed::clock(table, deadline, is_stopped))
    });
    down.into_iter().chain(up).chain(clocks).collect()
}

fn approval(shown: &ApprovalShown) -> Approval {
    let ApprovalShown { step, who, role, on } = shown;
    Approval { step: step.clone(), account: who.clone(), role: role.clone(), on: *on }
}

fn fields_of(text: String) -> Result<Map<String, Json>, StoreError> {
    if text.is_empty() { Ok(Map::new()) } else { Ok(serde_json::from_str(&text)?) }
}
