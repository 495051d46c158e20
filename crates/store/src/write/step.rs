//! A lead takes a step of its lifecycle; closing is remembered for the next screening.

use super::change::Change;
use crate::database::values;
use crate::log::write::Event;
use crate::stored::event_fields::plain;
use crate::stored::keys::StepFields;
use crate::stored::tables::RegisterTable;
use crate::stored::values::to_sql;
use crate::{Receipt, Refusal, RefusalKind};
use lifecycle::{Asked, Command};
use model::{Day, Value};
use policy::declare::{Permission, Register};

impl Change<'_> {
    pub(super) fn take_step(
        &mut self,
        register: &str,
        id: &str,
        step: &str,
        given: &[(String, Value)],
    ) -> Result<Receipt, Refusal> {
        let missing = || Refusal::not_found("该线索", "lead");
        if register != "lead" || !self.may(Permission::SeeLeads) {
            return Err(missing());
        }
        let held = self.lead_by_id(id)?.ok_or_else(missing)?;
        let region = held.region.parse().map_err(|_| missing())?;
        if !self.reaches(region) {
            return Err(missing());
        }
        let declared = self.inner.declarations.registers["lead"].clone();
        check_fields(&declared, given)?;
        let (entered_on, mut fields) = self.state_of(id)?;
        fields.extend(given.iter().filter(|(_, value)| !is_blank(value)).cloned());
        let filled: Vec<&str> = fields.keys().map(String::as_str).collect();
        let asked = Asked {
            state: &held.state,
            entered_state_on: entered_on,
            entered_by: None,
            changed_by: &[],
            account: &self.actor.account,
            role: &self.actor.role,
            filled: &filled,
            children: &[],
            calendar: &self.inner.declarations.calendar,
            today: self.today,
        };
        let transition = lifecycle::decide(&declared, Command::Step(step), &asked)?;
        if transition.is_final && !self.may(Permission::CloseLeads) {
            return Err(Refusal::not_allowed("办结线索", "close leads"));
        }
        let due_on = match transition.is_final {
            true => None,
            false => {
                let calendar = &self.inner.declarations.calendar;
                lifecycle::due_on(&declared, &transition.to, self.today, calendar).map(|day| day.to_string())
            }
        };
        self.transaction.execute(
            include_str!("../sql/move_lead.sql"),
            values![
                id,
                transition.to,
                !transition.is_final,
                self.today.to_string(),
                due_on,
                serde_json::to_string(&fields)?,
            ],
        )?;
        if transition.is_final {
            self.remember_closing(id, &fields)?;
        }
        self.event(&Event {
            region: Some(region),
            register: "lead",
            record: id,
            household_no: Some(held.household_no),
            action: step,
            before: &serde_json::json!({ "state": held.state }).to_string(),
            after: &after_json(&transition.to, given),
        })?;
        Ok(Receipt { id: Some(id.to_owned()), changed: 1, ..Receipt::default() })
    }

    fn state_of(&self, id: &str) -> Result<(Day, StepFields), Refusal> {
        let sql = "select entered_state_on, fields from lead where lead_id = ?1";
        let found =
            self.transaction.first(sql, values![id], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
        let (day, fields) = found.ok_or_else(|| Refusal::not_found("该线索", "lead"))?;
        let day =
            day.parse().map_err(|_| crate::StoreError::StoredValue { column: "lead/entered_state_on".to_owned() })?;
        Ok((day, serde_json::from_str(&fields)?))
    }

    /// Keeps (household, rule, resident, band) with the outcome, so that the same is not raised again.
    fn remember_closing(&self, id: &str, fields: &StepFields) -> Result<(), Refusal> {
        let confirming = self.inner.declarations.confirming();
        let confirmed = fields.iter().any(|(name, value)| {
            confirming.get(name).is_some_and(|codes| value.as_text().is_some_and(|code| codes.contains(code)))
        });
        self.transaction.execute(
            include_str!("../sql/remember_closing.sql"),
            values![id, confirmed, self.today.to_string(), self.actor.account,],
        )?;
        Ok(())
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_text().is_some_and(model::written::is_blank)
}

/// Fields given with a step must be declared, and of their kind.
fn check_fields(register: &Register, given: &[(String, Value)]) -> Result<(), Refusal> {
    let table = RegisterTable::new("lead", register, policy::RegisterForm::default(), &policy::Changes::default())?;
    for (name, value) in given {
        let column = table.columns.iter().find(|column| column.field.name == *name);
        if column.is_none_or(|column| to_sql(column, value).is_err()) {
            let label = column.map_or(name.as_str(), |column| &column.field.label);
            return Err(Refusal::new(
                RefusalKind::Invalid,
                [&format!("“{label}”的内容不符合要求"), "请更正后重新提交"],
                [&format!("`{name}` does not fit"), "Correct it and submit again."],
            ));
        }
    }
    Ok(())
}

fn after_json(state: &str, given: &[(String, Value)]) -> String {
    let fields = given.iter().map(|(name, value)| format!(",\"{name}\":{}", plain(value)));
    format!("{{\"state\":{}{}}}", serde_json::Value::from(state), fields.collect::<String>())
}
