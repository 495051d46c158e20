//! Lists of a register's records: scoped, filtered, in an order that has an index, page by page.

use super::found::{begun, searched_value};
use super::paging::page_size;
use crate::caches::{ListKey, Total};
use crate::database::{Dialect, Row, Sql, Storage, Transaction};
use crate::error::refusal;
use crate::read::{Condition, Page, Predicate, RecordFilter, RecordOrder, RecordQuery, RecordRow, View};
use crate::stored::field_column::FieldColumn;
use crate::stored::keys::RegionSpan;
use crate::stored::tables::RegisterTable;
use crate::stored::values::{TAIL_CHARACTERS, from_row};
use crate::{Refusal, RefusalKind, StoreError};
use model::written::fold;
use model::{Kind, Level, RecordId, Value, Version};
use policy::declare::{Permission, Register};
use words::{Wording, wording};

/// Counting stops here; beyond it a list says about how many there are.
const COUNT_MAX: u64 = 1_000;
/// Columns that a select for `record_row` reads before the cells.
pub(super) const BEFORE_CELLS: usize = 7;

/// Text of a statement and the values bound to it.
#[derive(Clone, Default)]
pub(super) struct Where {
    pub(super) text: String,
    /// The same, but so that SQLite takes no index for it: for lists of which much is left, where the order's index is better.
    pub(super) loose: String,
    /// Few records are left already: what is added is loose in both texts.
    is_narrow: bool,
    /// The county that all records are in.
    county: Option<String>,
    pub(super) values: Vec<Sql>,
}

impl Where {
    /// Adds a condition; each `?` in it stands for the next value.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Sql>) {
        let loose = condition.replace("t.", "+t.");
        self.add(if self.is_narrow { &loose } else { condition }, &loose, values);
    }

    /// Adds a condition that the order's index begins with, or goes on with.
    fn and_in_order(&mut self, condition: &str, values: impl IntoIterator<Item = Sql>) {
        self.add(condition, condition, values);
    }

    fn add(&mut self, condition: &str, loose: &str, values: impl IntoIterator<Item = Sql>) {
        for (text, condition) in [(&mut self.text, condition), (&mut self.loose, loose)] {
            text.push_str(if text.is_empty() { " where " } else { " and " });
            text.push_str(condition);
        }
        self.values.extend(values);
    }
}

/// What a list is drawn from.
pub(super) struct Scoped {
    /// The places of all of its records.
    pub(super) span: RegionSpan,
    pub(super) conditions: Where,
}

/// What is read of another table beside a row: a column behind the others, and how its table is joined. Both empty where nothing is.
#[derive(Default)]
pub(super) struct Beside {
    pub column: String,
    pub join: String,
}

/// How a list is put in order.
pub(super) struct Ordering<'a> {
    /// Column that is compared; `None` puts records in order of their ids.
    pub(super) column: Option<(String, &'a FieldColumn)>,
    pub(super) descending: bool,
}

/// Where the next page starts.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Cursor {
    /// The compared value of the last row; none where it is unknown.
    whole: Option<i64>,
    text: Option<String>,
    #[serde(default)]
    bytes: Option<Vec<u8>>,
    id: RecordId,
}

/// Which rows of a list make a page.
struct PageWindow<'c> {
    /// How many rows the list has.
    total: Total,
    /// They begin behind this one.
    cursor: Option<&'c Cursor>,
    /// At most so many.
    limit: u32,
}

impl View<'_> {
    /// Names of the registers that the actor may see, in the package's order.
    pub fn registers(&self) -> Vec<String> {
        let tables = self.store.inner.tables.values();
        tables.filter(|table| self.sees(&table.register)).map(|table| table.name.clone()).collect()
    }

    /// Name of the register that screenings raise records of.
    pub fn raised_register(&self) -> &str {
        self.store.inner.raised().map_or("", |table| table.name.as_str())
    }

    /// The register that screenings raise records of, where the actor sees it.
    pub(super) fn raised_seen(&self) -> Result<Option<&RegisterTable>, StoreError> {
        let table = self.store.inner.raised()?;
        Ok(Some(table).filter(|table| self.sees(&table.register)))
    }

    /// True when the actor sees the register's records, within the own place.
    pub fn sees(&self, register: &Register) -> bool {
        self.is_system() || self.store.inner.declarations.sees(&self.actor, register)
    }

    /// True when the role is among those and the register is of the actor's department.
    pub fn has_right(&self, register: &Register, roles: &[String]) -> bool {
        self.is_system() || (self.sees(register) && roles.contains(&self.actor.role))
    }

    /// The table of a register that the actor sees.
    pub(super) fn table(&self, register: &str) -> Result<&RegisterTable, Refusal> {
        let table = self.store.inner.tables.get(register).filter(|table| self.sees(&table.register));
        table.ok_or_else(|| Refusal::not_found(wording!("thing_register")))
    }

    /// The table of a register that the actor may take away.
    pub(super) fn table_to_export(&self, register: &str) -> Result<&RegisterTable, Refusal> {
        let table = self.table(register)?;
        if !self.has_right(&table.register, &table.register.may_export) {
            return Err(Refusal::not_allowed(wording!("act_export", register = table.label())));
        }
        Ok(table)
    }

    /// A page of records with the values of the columns asked for; `limit` at most 500. `after`: `next` of the page before.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see; `Invalid` for a field that the list cannot be filtered or put in
    /// order by, or a cursor that is none.
    pub fn records(
        &self,
        register: &str,
        query: RecordQuery<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<RecordRow>, Refusal> {
        let table = self.table(register)?;
        let ordering = self.ordering(table, query.order)?;
        let shown = self.shown_columns(table, query.columns)?;
        let Some(Scoped { span, conditions }) = self.scope(table, query.filter)? else {
            return Ok(super::paging::empty());
        };
        let cursor = after.map(|after| self.read_cursor(table, &ordering, after)).transpose()?;
        let limit = page_size(limit);
        let (mut rows, total) = self.read_within(&span, |transaction| {
            let total = self.count(transaction, table, &conditions)?;
            let window = PageWindow { total, cursor: cursor.as_ref(), limit: limit + 1 };
            let rows = self.page_rows(transaction, table, &conditions, &ordering, &shown, &window)?;
            Ok((rows, total))
        })?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match rows.last().filter(|_| more) {
            Some((_, cursor)) => Some(self.write_cursor(table, &ordering, cursor)?),
            None => None,
        };
        Ok(Page { rows: rows.into_iter().map(|(row, _)| row).collect(), total, next })
    }

    /// The row policy and the filter; `None` where nothing can be left.
    pub(super) fn scope(&self, table: &RegisterTable, filter: &RecordFilter) -> Result<Option<Scoped>, Refusal> {
        let Some(span) = self.span(filter.region) else { return Ok(None) };
        let mut scope = Where::default();
        let inner_place = filter.region.filter(|place| self.actor.region.holds(*place)).unwrap_or(self.actor.region);
        if inner_place.level() >= Level::County {
            let county = inner_place.at(Level::County).to_string();
            scope.and_in_order("t.county = ?", [county.as_str().into()]);
            scope.county = Some(county);
        }
        if inner_place.level() != Level::County {
            scope.and("t.place between ? and ?", [span.first.as_str().into(), span.last.as_str().into()]);
        }
        scope.and("t.is_withdrawn = ?", [i64::from(filter.withdrawn).into()]);
        if let Some(state) = &filter.state {
            scope.and("t.state = ?", [state.as_str().into()]);
        }
        if let Some(open) = filter.open {
            let states = if open { table.open_states() } else { table.states_sql(|state| state.is_final) };
            scope.and(&format!("t.state in ({states})"), []);
        }
        if let Some(day) = filter.due_from {
            scope.and("t.due_on >= ?", [day.to_string().into()]);
        }
        if let Some(day) = filter.due_before {
            scope.and("t.due_on < ?", [day.to_string().into()]);
        }
        // Within a county SQLite would leave the county's index for that of a code which a third of the province has.
        scope.is_narrow = self.store.inner.database.is_sqlite() && inner_place.level() >= Level::County;
        for condition in &filter.conditions {
            self.condition(table, condition, &mut scope)?;
        }
        if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            self.text_condition(table, text, &mut scope)?;
        }
        Ok(Some(Scoped { span, conditions: scope }))
    }

    fn condition(&self, table: &RegisterTable, condition: &Condition, scope: &mut Where) -> Result<(), Refusal> {
        if let Some((child, field)) = condition.field.split_once('.') {
            return self.child_condition(table, child, field, condition, scope);
        }
        let Register { list, key, .. } = &table.register;
        let of_household = table.household.is_some_and(|index| table.columns[index].field.name == condition.field);
        let may = of_household || list.filter.contains(&condition.field) || key.contains(&condition.field);
        let column = table.column(&condition.field).map(|(_, column)| column).filter(|_| may);
        let column = column.ok_or_else(|| cannot(ListUse::Filter, table, &condition.field))?;
        let is_key = key.contains(&condition.field) || column.field.kind == Kind::Reference;
        let misfit = || cannot(ListUse::FilterSo, table, &condition.field);
        let name = column.fold.clone().or_else(|| table.compared(&condition.field)).ok_or_else(misfit)?;
        let compared =
            |value: &Value| searched_value(&self.store.inner.cipher, column, is_key, value).ok_or_else(misfit);
        match &condition.test {
            Predicate::Is(Value::Text(code)) if column.field.many => {
                let like = format!("%,{},%", code.replace(['%', '_', '\\'], ""));
                scope.and(&format!("(',' || t.\"{name}\" || ',') like ?"), [like.into()]);
            }
            Predicate::Is(value) if column.find.is_some() => {
                scope.and_in_order(&format!("t.\"{name}\" = ?"), [compared(value)?]);
            }
            Predicate::Is(value) => scope.and(&format!("t.\"{name}\" = ?"), [compared(value)?]),
            Predicate::Ends(text) => {
                let find = column.tail.as_ref().ok_or_else(misfit)?;
                let text = fold(text);
                if text.chars().count() != TAIL_CHARACTERS {
                    return Err(misfit());
                }
                let found = self.store.inner.cipher.find("tail", &text);
                scope.and_in_order(&format!("t.\"{find}\" = ?"), [found.into()]);
            }
            Predicate::AtLeast(_) | Predicate::AtMost(_) | Predicate::Begins(_)
                if column.storage == Storage::Sealed =>
            {
                return Err(misfit());
            }
            Predicate::AtLeast(value) => scope.and(&format!("t.\"{name}\" >= ?"), [compared(value)?]),
            Predicate::AtMost(value) => scope.and(&format!("t.\"{name}\" <= ?"), [compared(value)?]),
            Predicate::Begins(_) if column.storage != Storage::Text || column.order.is_some() => return Err(misfit()),
            Predicate::Begins(_) if column.field.kind == Kind::Name && !self.may(Permission::SeeNames) => {
                return Err(misfit());
            }
            Predicate::Begins(text) => {
                let text = begun(column, text, is_key);
                if text.is_empty() {
                    return Err(misfit());
                }
                let end = format!("{text}{}", char::MAX);
                let range = [text.as_str().into(), end.into()];
                scope.and(&format!("t.\"{name}\" >= ? and t.\"{name}\" < ?"), range);
            }
        }
        Ok(())
    }

    /// The order asked for, or the list's own. Fields that are not declared sortable are refused.
    pub(super) fn ordering<'t>(
        &self,
        table: &'t RegisterTable,
        order: Option<&RecordOrder>,
    ) -> Result<Ordering<'t>, Refusal> {
        let own = table.register.list.sort.first();
        let Some(field) = order.map(|order| &order.field).or(own) else {
            return Ok(Ordering { column: None, descending: false });
        };
        let column = table.column(field).map(|(_, column)| column);
        let column = column.filter(|_| table.register.sorts_by(field)).filter(|column| column.find.is_none());
        let hidden = column.is_some_and(|column| column.field.kind == Kind::Name) && !self.may(Permission::SeeNames);
        match column {
            Some(column) if !hidden => Ok(Ordering {
                column: table.ordered(field).map(|name| (name, column)),
                descending: order.is_some_and(|order| order.descending),
            }),
            _ if order.is_none() => Ok(Ordering { column: None, descending: false }),
            _ => Err(cannot(ListUse::Order, table, field)),
        }
    }

    pub(super) fn shown_columns<'t>(
        &self,
        table: &'t RegisterTable,
        columns: &[String],
    ) -> Result<Vec<&'t FieldColumn>, Refusal> {
        let column = |name: &String| {
            table.column(name).map(|(_, column)| column).ok_or_else(|| cannot(ListUse::Show, table, name))
        };
        columns.iter().map(column).collect()
    }

    /// How many records there are: exactly up to a limit, then as the database estimates, which holds for some seconds.
    fn count(&self, transaction: &Transaction<'_>, table: &RegisterTable, scope: &Where) -> Result<Total, StoreError> {
        let list = ListKey { table: table.table.clone(), conditions: scope.text.clone(), values: scope.values.clone() };
        if let Some(total) = self.store.inner.estimates.get(&list) {
            return Ok(total);
        }
        let inner = format!("select 1 from {} t{} limit {}", table.table, scope.text, COUNT_MAX + 1);
        let sql = format!("select count(*) from ({inner}) c");
        let counted = transaction.first(&sql, &scope.values, |row| row.get::<u64>(0))?.unwrap_or_default();
        if counted <= COUNT_MAX {
            return Ok(Total::Exactly(counted));
        }
        let all = format!("select 1 from {} t{}", table.table, scope.text);
        let total = match transaction.estimate(&all, &scope.values)? {
            Some(about) => Total::About(about.max(COUNT_MAX + 1)),
            None => Total::AtLeast(COUNT_MAX),
        };
        self.store.inner.estimates.keep(list, total);
        Ok(total)
    }

    /// One page: rows whose compared value is known, then those whose value is not.
    fn page_rows(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        scope: &Where,
        ordering: &Ordering<'_>,
        shown: &[&FieldColumn],
        window: &PageWindow<'_>,
    ) -> Result<Vec<(RecordRow, Cursor)>, StoreError> {
        let PageWindow { total, cursor, limit } = *window;
        // PostgreSQL knows from its statistics which index is better; SQLite sorts everything that a condition leaves.
        let by_order = transaction.dialect() == Dialect::Sqlite && !matches!(total, Total::Exactly(_));
        let (sign, direction) = if ordering.descending { ("<", "desc") } else { (">", "asc") };
        let select = self.select_rows(table, ordering, shown, &Beside::default());
        let read = |part: &Where, by: &str, limit: u32| {
            let conditions = if by_order { &part.loose } else { &part.text };
            let sql = format!("{select}{conditions} order by {by} limit {limit}");
            transaction.all(&sql, &part.values, |row| self.record_row(shown, row))
        };
        let by_id = format!("t.id {direction}");
        let Some((name, _)) = &ordering.column else {
            let mut part = scope.clone();
            if let Some(cursor) = cursor {
                part.and_in_order(&format!("t.id {sign} ?"), [cursor.id.into()]);
            }
            return read(&part, &by_id, limit);
        };
        // Also where all are unknown: so PostgreSQL sees that the index has them in order already.
        let by_both = format!("t.\"{name}\" {direction}, {by_id}");
        let mut rows = Vec::new();
        let known = cursor.and_then(Cursor::value);
        if cursor.is_none() || known.is_some() {
            let mut part = scope.clone();
            part.and_in_order(&format!("t.\"{name}\" is not null"), []);
            if let Some((cursor, value)) = cursor.zip(known.clone()) {
                let (behind, id) = (format!("t.\"{name}\", t.id"), Sql::from(cursor.id));
                match scope.county.as_deref().filter(|_| transaction.dialect() == Dialect::Postgresql) {
                    // With the county in it the planner keeps to the county's index, also where it takes what is left for nothing.
                    Some(county) => {
                        part.and_in_order(&format!("(t.county, {behind}) {sign} (?, ?, ?)"), [county.into(), value, id])
                    }
                    None => part.and_in_order(&format!("({behind}) {sign} (?, ?)"), [value, id]),
                }
            }
            rows = read(&part, &by_both, limit)?;
        }
        let left = limit - u32::try_from(rows.len()).unwrap_or(limit).min(limit);
        if left > 0 {
            let mut part = scope.clone();
            part.and_in_order(&format!("t.\"{name}\" is null"), []);
            if let Some(cursor) = cursor.filter(|_| known.is_none()) {
                part.and_in_order(&format!("t.id {sign} ?"), [cursor.id.into()]);
            }
            rows.extend(read(&part, &by_both, left)?);
        }
        Ok(rows)
    }

    pub(super) fn select_rows(
        &self,
        table: &RegisterTable,
        ordering: &Ordering<'_>,
        shown: &[&FieldColumn],
        Beside { column, join }: &Beside,
    ) -> String {
        let region = &self.store.inner.tables["region"].key[0];
        let compared = ordering.column.as_ref().map_or("null".to_owned(), |(name, _)| format!("t.\"{name}\""));
        let fields: String = shown.iter().map(|column| format!(", t.\"{}\"", column.name)).collect();
        format!(
            "select t.id, t.place, v.name, t.state, t.due_on, t.version, {compared}{fields}{column} \
             from {} t left join r_region v on v.\"{region}\" = t.place{join}",
            table.table
        )
    }

    pub(super) fn record_row(&self, shown: &[&FieldColumn], row: &Row<'_>) -> Result<(RecordRow, Cursor), StoreError> {
        let id: RecordId = row.get(0)?;
        let place: Option<String> = row.get(1)?;
        let due_on: Option<String> = row.get(4)?;
        let mut cells = Vec::with_capacity(shown.len());
        for (index, column) in shown.iter().enumerate() {
            let value = from_row(&self.store.inner.cipher, column, row, BEFORE_CELLS + index)?;
            cells.push(self.value_shown(&column.field, value).0);
        }
        let (whole, text, bytes) = match row.value(6)? {
            Sql::Whole(number) => (Some(number), None, None),
            Sql::Text(text) => (None, Some(text), None),
            Sql::Bytes(bytes) => (None, None, Some(bytes)),
            Sql::Null => (None, None, None),
        };
        let shown = RecordRow {
            id: id.to_string(),
            place: place.and_then(|text| text.parse().ok()),
            place_name: row.get::<Option<String>>(2)?.unwrap_or_default(),
            state: row.get(3)?,
            due_on: due_on.and_then(|text| text.parse().ok()),
            version: row.get::<Option<Version>>(5)?.unwrap_or_default(),
            cells,
            head_name: None,
        };
        Ok((shown, Cursor { whole, text, bytes, id }))
    }

    /// A cursor stands in addresses, so it is sealed: it may hold a name or a number of somebody.
    fn write_cursor(
        &self,
        table: &RegisterTable,
        ordering: &Ordering<'_>,
        cursor: &Cursor,
    ) -> Result<String, StoreError> {
        let sealed =
            self.store.inner.cipher.seal(&self.cursor_place(table, ordering), &serde_json::to_string(cursor)?)?;
        Ok(model::to_hex(sealed))
    }

    fn read_cursor(&self, table: &RegisterTable, ordering: &Ordering<'_>, text: &str) -> Result<Cursor, Refusal> {
        let open = || {
            let bytes = model::from_hex(text)?;
            let opened = self.store.inner.cipher.open(&self.cursor_place(table, ordering), &bytes).ok()?;
            serde_json::from_str(&opened).ok()
        };
        open().ok_or_else(|| refusal!("cursor_expired", RefusalKind::Invalid))
    }

    /// A cursor is of one list and one account: what it holds may lie outside the place of another.
    fn cursor_place(&self, table: &RegisterTable, ordering: &Ordering<'_>) -> String {
        let column = ordering.column.as_ref().map_or("", |(name, _)| name.as_str());
        format!("cursor {} {column} {} {}", table.name, ordering.descending, self.actor.account)
    }
}

impl Cursor {
    fn value(&self) -> Option<Sql> {
        let text = || self.text.clone().map(Sql::Text);
        self.whole.map(Sql::Whole).or_else(text).or_else(|| self.bytes.clone().map(Sql::Bytes))
    }
}

/// What a list cannot be asked for by a field; the word of each stands under `cannot_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListUse {
    Filter,
    FilterSo,
    FilterByText,
    Order,
    Show,
}

pub(super) fn cannot(what: ListUse, table: &RegisterTable, field: &str) -> Refusal {
    let declared = table.register.field_named(field);
    let field = declared.map_or_else(|| Wording::same(field), |field| Wording::pair(&field.label, &field.label_en));
    let (kind, register) = (RefusalKind::Invalid, table.label());
    match what {
        ListUse::Filter => refusal!("cannot_filter", kind, register, field),
        ListUse::FilterSo => refusal!("cannot_filter_so", kind, register, field),
        ListUse::FilterByText => refusal!("cannot_filter_by_text", kind, register, field),
        ListUse::Order => refusal!("cannot_order", kind, register, field),
        ListUse::Show => refusal!("cannot_show", kind, register, field),
    }
}
