//! Households: found by a few letters or digits, and the file of one.

use super::paging::{COUNT_MAX, counted, empty, page, page_size, region, whole};
use crate::StoreError;
use crate::database::{Row, Transaction, statement, values};
use crate::read::{FieldShown, HouseholdFile, HouseholdRow, MemberShown, Page, View};
use crate::stored::keys::RegionSpan;
use crate::stored::mask::mask_of;
use crate::stored::raised;
use crate::stored::tables::RegisterTable;
use crate::stored::values::tail;
use model::written::{account_of, fold_key, is_blank, phone_of};
use model::{Class, HouseholdNo, IdentityNumber, Kind, RegionCode, ResidentKey, Value};
use policy::declare::{Column, Permission};
use sea_query::{Cond, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use std::collections::HashMap;

impl View<'_> {
    /// Households found by beginning of a member's name, household number, whole identity number or its last four
    /// characters, or beginning of the village's name; all households for an empty text. Ordered by household number.
    pub fn households(
        &self,
        text: &str,
        region: Option<RegionCode>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<HouseholdRow>, StoreError> {
        let Some(span) = self.span(region).filter(|_| self.may(Permission::SeeHouseholds)) else {
            return Ok(empty());
        };
        let limit = page_size(limit);
        let text = if is_blank(text) { "" } else { text.trim() };
        let mut count = Query::select();
        count.expr(Expr::val(1)).limit(COUNT_MAX + 1);
        self.scope_households(&mut count, text, &span);
        let counting = Query::select().expr(Expr::cust("count(*)")).from_subquery(count, "c").to_owned();
        let mut select = self.select_households();
        self.scope_households(&mut select, text, &span);
        select.and_where_option(whole(after).map(|number| Expr::col(("h", "household_no")).gt(number)));
        select.order_by(("h", "household_no"), Order::Asc).limit(u64::from(limit) + 1);
        self.read(|transaction| {
            let total = statement::first(transaction, &counting, |row| counted(row, 0))?.unwrap_or(0);
            let rows = statement::all(transaction, &select, |row| self.household_row(row))?;
            Ok(page(rows, limit, total, |row| row.household_no.to_string()))
        })
    }

    /// The households with these numbers, wherever they lie.
    pub(super) fn households_of(
        &self,
        transaction: &Transaction<'_>,
        numbers: &[i64],
    ) -> Result<HashMap<i64, HouseholdRow>, StoreError> {
        let mut select = self.select_households();
        self.join_places(&mut select);
        select.and_where(Expr::col(("h", "household_no")).is_in(numbers.iter().copied()));
        let found = statement::all(transaction, &select, |row| self.household_row(row))?;
        Ok(found.into_iter().map(|row| (row.household_no.0, row)).collect())
    }

    /// The file of a household.
    pub fn household(&self, household_no: HouseholdNo) -> Result<Option<HouseholdFile>, StoreError> {
        let Some(span) = self.span(None).filter(|_| self.may(Permission::SeeHouseholds)) else { return Ok(None) };
        let mut select = self.select_households();
        self.scope_households(&mut select, "", &span);
        select.and_where(Expr::col(("h", "household_no")).eq(household_no.0));
        let leads = self.leads_of(household_no)?;
        self.read(|transaction| {
            let Some(row) = statement::first(transaction, &select, |row| self.household_row(row))? else {
                return Ok(None);
            };
            let table = &self.store.inner.tables["household"];
            let Some(record) = self.members(transaction, table, household_no)?.into_iter().next() else {
                return Ok(None);
            };
            Ok(Some(HouseholdFile {
                household_no,
                head_name: row.head_name,
                region: row.region,
                village: row.village,
                township: row.township,
                fields: record.fields,
                origin: record.origin,
                members: self.members(transaction, &self.store.inner.tables["resident"], household_no)?,
                leads,
                history: self.history_of_household(transaction, household_no.0)?,
            }))
        })
    }

    /// A household and the name of one of its members, or of its head, as far as the actor may see them.
    pub(super) fn person_of(
        &self,
        household_no: HouseholdNo,
        resident_key: Option<ResidentKey>,
    ) -> Result<(Option<HouseholdRow>, String), StoreError> {
        let Some(span) = self.span(None).filter(|_| self.may(Permission::SeeHouseholds)) else {
            return Ok((None, String::new()));
        };
        let mut select = self.select_households();
        self.scope_households(&mut select, "", &span);
        select.and_where(Expr::col(("h", "household_no")).eq(household_no.0));
        self.read(|transaction| {
            let Some(row) = statement::first(transaction, &select, |row| self.household_row(row))? else {
                return Ok((None, String::new()));
            };
            let Some(key) = resident_key else {
                let name = row.head_name.clone();
                return Ok((Some(row), name));
            };
            let members = self.members(transaction, &self.store.inner.tables["resident"], household_no)?;
            let member = members.into_iter().find(|member| member.resident_key == key);
            Ok((Some(row), member.map(|member| member.name).unwrap_or_default()))
        })
    }

    fn select_households(&self) -> SelectStatement {
        let lead = self.raised_seen().ok().flatten().map(|table| {
            format!(
                "(select max({}) from {} l where l.household_no = h.household_no and l.state in ({}))",
                table.column_sql("l", raised::LEAD_NO),
                table.table,
                table.states_sql(|state| !state.is_final)
            )
        });
        let lead = lead.unwrap_or_else(|| "null".to_owned());
        let mut select = Query::select();
        select.column(("h", "household_no")).column(("h", self.person_name("household").to_owned()));
        select.column(("h", self.household_place().to_owned())).column(("v", "name")).column(("t", "name"));
        select.expr(Expr::cust(self.members_of("h"))).expr(Expr::cust(lead));
        select
    }

    fn scope_households(&self, select: &mut SelectStatement, text: &str, span: &RegionSpan) {
        self.join_places(select);
        let place = Expr::col(("h", self.household_place().to_owned()));
        select.and_where(place.between(span.first.as_str(), span.last.as_str()));
        if !text.is_empty() {
            select.cond_where(self.household_matches(text));
        }
    }

    /// Households with their villages and townships.
    fn join_places(&self, select: &mut SelectStatement) {
        let code = &self.store.inner.tables["region"].key[0];
        let place = self.household_place().to_owned();
        let village = Expr::col(("v", code.clone())).equals(("h", place.clone()));
        let township = Expr::cust(format!("t.\"{code}\" = substr(h.\"{place}\", 1, 9) || '000'"));
        select.from_as("r_household", "h").join_as(JoinType::LeftJoin, "r_region", "v", village).join_as(
            JoinType::LeftJoin,
            "r_region",
            "t",
            township,
        );
    }

    fn household_matches(&self, text: &str) -> Cond {
        let mut of_member = Cond::any().add(self.begins("resident", self.person_name("resident"), text));
        let cipher = &self.store.inner.cipher;
        let folded = fold_key(text).to_uppercase();
        let letters = folded.chars().count();
        for column in &self.store.inner.tables["resident"].columns {
            match (&column.tail, &column.find) {
                (Some(last), _) if letters == 4 => {
                    of_member = of_member.add(Expr::col(last.clone()).eq(cipher.find("tail", &tail(&folded))));
                }
                (_, Some(find)) if letters > 6 => {
                    let whole = kept_form(column.field.kind, &folded);
                    of_member = of_member.add(Expr::col(find.clone()).eq(cipher.find("whole", &whole)));
                }
                _ => {}
            }
        }
        let members = Query::select().column("household_no").from("r_resident").cond_where(of_member).to_owned();
        let mut any =
            Cond::any().add(self.begins("v", "name", text)).add(Expr::col(("h", "household_no")).in_subquery(members));
        any = any.add(self.begins("h", self.person_name("household"), text));
        if let Some(number) = HouseholdNo::parse(&folded) {
            any = any.add(Expr::col(("h", "household_no")).eq(number.0));
        }
        any
    }

    /// The name, in one of the tables of the search, begins with the text, however it is spelled.
    fn begins(&self, alias: &str, name: &str, text: &str) -> Expr {
        let register = match alias {
            "v" => "region",
            "h" => "household",
            other => other,
        };
        let Some((column, [first, end])) = self.beginning(register, name, text) else { return Expr::val(1).eq(0) };
        let column = || match alias {
            "resident" => Expr::col(column.clone()),
            alias => Expr::col((alias.to_owned(), column.clone())),
        };
        column().gte(first.as_str()).and(column().lt(end.as_str()))
    }

    fn household_row(&self, row: &Row<'_>) -> Result<HouseholdRow, StoreError> {
        let head_name: Option<String> = row.get(1)?;
        Ok(HouseholdRow {
            household_no: HouseholdNo(row.get(0)?),
            head_name: head_name.map(|name| self.name_shown(&name)).unwrap_or_default(),
            region: region(row, 2)?,
            village: row.get::<Option<String>>(3)?.unwrap_or_default(),
            township: row.get::<Option<String>>(4)?.unwrap_or_default(),
            members: row.get(5)?,
            lead_id: row.get(6)?,
        })
    }

    /// Records of a register about a household, as the role may see them.
    fn members(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        household_no: HouseholdNo,
    ) -> Result<Vec<MemberShown>, StoreError> {
        let resident = if table.of_resident { "t.resident_key" } else { "0" };
        let sql = format!(
            "select {resident}, t.origin_file, t.origin_row, {} from {} t where t.household_no = ?1 order by t.origin_row, 1",
            table.selected("t"),
            table.table
        );
        transaction.all(&sql, values![household_no.0], |row| {
            let values = table.fields_from(&self.store.inner.cipher, row, 3)?;
            let name = table.person_name.and_then(|index| values[index].as_text()).map(|name| self.name_shown(name));
            let fields = table.columns.iter().zip(values).map(|(column, value)| self.field_shown(&column.field, value));
            Ok(MemberShown {
                resident_key: ResidentKey(row.get(0)?),
                name: name.unwrap_or_default(),
                fields: fields.collect(),
                origin: (row.get(1)?, row.get(2)?),
            })
        })
    }

    /// A value with its mask: sensitive ones always, names where the role may not see them. Masking twice is masking once.
    pub(super) fn value_shown(&self, field: &Column, value: Value) -> (Value, bool) {
        let is_open = field.effective_class() < Class::Sensitive && self.may(Permission::SeeNames);
        match mask_of(field).filter(|_| !is_open && !value.is_null()) {
            Some(mask) => (Value::Text(mask(value.as_text().unwrap_or_default())), true),
            None => (value, false),
        }
    }

    /// A field with its labels and its value as the role may see it.
    pub fn field_shown(&self, field: &Column, value: Value) -> FieldShown {
        let (value, masked) = self.value_shown(field, value);
        FieldShown {
            name: field.name.clone(),
            label: field.label.clone(),
            label_en: field.label_en.clone(),
            codes: field.codes.clone(),
            value,
            masked,
        }
    }
}

/// A number of somebody in the form in which it is kept, as far as it is one.
fn kept_form(kind: Kind, folded: &str) -> String {
    let kept = match kind {
        Kind::Identity => IdentityNumber::parse(folded).ok().map(IdentityNumber::canonical),
        Kind::Phone => phone_of(folded).flatten(),
        Kind::Account => account_of(folded).flatten(),
        _ => None,
    };
    kept.unwrap_or_else(|| folded.to_owned())
}
