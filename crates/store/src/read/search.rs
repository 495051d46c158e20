//! Conditions of lists that look beyond the record itself: into its child records, or to its household and its village.

use super::records::ListUse;
use super::records::{Where, cannot};
use crate::Refusal;
use crate::database::Sql;
use crate::read::{Condition, Predicate, View};
use crate::stored::field_column::found_by;
use crate::stored::tables::RegisterTable;
use crate::stored::values::to_sql;
use model::HouseholdNo;
use policy::declare::Permission;

impl View<'_> {
    /// The column in which a name of a register is found by its beginning however it is spelled, and the span of texts that
    /// begin so; `None` where nothing but dots was typed, which every name begins with.
    pub(super) fn beginning(&self, register: &str, name: &str, text: &str) -> Option<(String, [String; 2])> {
        let columns = &self.store.inner.tables[register].columns;
        let fold = columns.iter().find(|column| column.name == name).and_then(|column| column.fold.as_deref());
        let (column, text) = fold.map_or((name, text.to_owned()), |fold| (fold, found_by(text)));
        let end = format!("{text}{}", char::MAX);
        (!text.is_empty()).then(|| (column.to_owned(), [text, end]))
    }

    /// One of the child records has this value.
    pub(super) fn child_condition(
        &self,
        table: &RegisterTable,
        child: &str,
        field: &str,
        condition: &Condition,
        scope: &mut Where,
    ) -> Result<(), Refusal> {
        let misfit = || cannot(ListUse::Filter, table, &condition.field);
        let may = table.register.list.filter.contains(&condition.field);
        let kind = table.register.child.iter().position(|one| one.name == child).filter(|_| may).ok_or_else(misfit)?;
        let kind = &table.children[kind];
        let column = kind.columns.iter().find(|column| column.field.name == field).ok_or_else(misfit)?;
        let Predicate::Is(value) = &condition.test else { return Err(misfit()) };
        let value = to_sql(column, value).map_err(|_| misfit())?;
        let sql = format!("t.id in (select c.record_id from {} c where c.\"{}\" = ?)", kind.table, column.name);
        scope.and(&sql, [value]);
        Ok(())
    }

    /// Household number, beginning of the name of the household's head, or beginning of the village's name. Names are found by
    /// those who may see them.
    pub(super) fn text_condition(&self, table: &RegisterTable, text: &str, scope: &mut Where) -> Result<(), Refusal> {
        if table.household.is_none() {
            return Err(cannot(ListUse::FilterByText, table, "household_no"));
        }
        let mut any: Vec<String> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        if let Some(number) = HouseholdNo::parse(text) {
            any.push("t.household_no = ?".to_owned());
            values.push(number.0.into());
        }
        let mut begins = |register: &str, key: &str, name: &str, own: &str| {
            let Some((name, span)) = self.beginning(register, name, text) else { return };
            let from = &self.store.inner.tables[register].table;
            any.push(format!(
                "{own} in (select o.\"{key}\" from {from} o where o.\"{name}\" >= ? and o.\"{name}\" < ?)"
            ));
            values.extend(span.map(Sql::Text));
        };
        if self.may(Permission::SeeNames) {
            begins("household", "household_no", self.person_name("household"), "t.household_no");
        }
        begins("region", &self.store.inner.tables["region"].key[0], "name", "t.place");
        let any = if any.is_empty() { "1 = 0".to_owned() } else { any.join(" or ") };
        scope.and(&format!("({any})"), values);
        Ok(())
    }
}
