//! Leads: the list and one lead with everything behind it.

use super::paging::{COUNT_MAX, counted, day, empty, number_and_text, page, page_size, region};
use crate::StoreError;
use crate::database::{Row, Transaction, statement, values};
use crate::read::{LeadFile, LeadFilter, LeadRow, Page, View};
use crate::stored::keys::StepFields;
use lifecycle::Asked;
use model::{Day, HouseholdNo};
use policy::declare::Permission;
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};

impl View<'_> {
    /// Leads, most urgent first, then by id; `limit` at most 500. `after`: `next` of the page before.
    pub fn leads(&self, filter: &LeadFilter, after: Option<&str>, limit: u32) -> Result<Page<LeadRow>, StoreError> {
        let Some((first, last)) = self.span(filter.region).filter(|_| self.may(Permission::SeeLeads)) else {
            return Ok(empty());
        };
        let limit = page_size(limit);
        let mut count = Query::select();
        count.expr(Expr::val(1)).limit(COUNT_MAX + 1);
        self.scope_leads(&mut count, filter, &first, &last);
        let counting = Query::select().expr(Expr::cust("count(*)")).from_subquery(count, "c").to_owned();
        let mut select = self.select_leads();
        self.scope_leads(&mut select, filter, &first, &last);
        if let Some((urgency, lead_id)) = number_and_text(after) {
            let same = Expr::col(("l", "urgency")).eq(urgency).and(Expr::col(("l", "lead_id")).gt(lead_id));
            select.cond_where(Cond::any().add(Expr::col(("l", "urgency")).lt(urgency)).add(same));
        }
        select
            .order_by(("l", "urgency"), Order::Desc)
            .order_by(("l", "lead_id"), Order::Asc)
            .limit(u64::from(limit) + 1);
        self.read(|transaction| {
            let total = statement::first(transaction, &counting, |row| counted(row, 0))?.unwrap_or(0);
            let rows = statement::all(transaction, &select, |row| self.lead_row(row))?;
            Ok(page(rows, limit, total, |row| format!("{}:{}", row.urgency, row.lead_id)))
        })
    }

    /// A lead with everything behind it; `today` decides on the steps offered.
    pub fn lead(&self, lead_id: &str, today: Day) -> Result<Option<LeadFile>, StoreError> {
        if !self.may(Permission::SeeLeads) {
            return Ok(None);
        }
        let Some((first, last)) = self.span(None) else { return Ok(None) };
        let mut select = self.select_leads();
        self.scope_leads(&mut select, &LeadFilter::default(), &first, &last);
        select.and_where(Expr::col(("l", "lead_id")).eq(lead_id));
        self.read(|transaction| {
            let Some(row) = statement::first(transaction, &select, |row| self.lead_row(row))? else { return Ok(None) };
            self.lead_file(transaction, row, today).map(Some)
        })
    }

    /// Leads of one household, newest first.
    pub(super) fn leads_of(
        &self,
        transaction: &Transaction<'_>,
        household_no: i64,
    ) -> Result<Vec<LeadRow>, StoreError> {
        if !self.may(Permission::SeeLeads) {
            return Ok(Vec::new());
        }
        let Some((first, last)) = self.span(None) else { return Ok(Vec::new()) };
        let mut select = self.select_leads();
        self.scope_leads(&mut select, &LeadFilter::default(), &first, &last);
        select.and_where(Expr::col(("l", "household_no")).eq(household_no));
        select.order_by(("l", "raised_on"), Order::Desc).order_by(("l", "lead_id"), Order::Desc).limit(100);
        statement::all(transaction, &select, |row| self.lead_row(row))
    }

    fn select_leads(&self) -> SelectStatement {
        let mut select = Query::select();
        for column in ["lead_id", "household_no", "region", "state", "risk", "urgency", "because", "because_en"] {
            select.column(("l", column));
        }
        for column in ["reasons", "flags", "stale", "raised_on", "seen_on", "due_on"] {
            select.column(("l", column));
        }
        select.column(("h", self.person_name("household").to_owned()));
        select.column(("v", "name")).column(("t", "name"));
        select.expr(Expr::cust(self.members_of("l")));
        select
    }

    /// The tables behind the list, with the row policy and the filter.
    fn scope_leads(&self, select: &mut SelectStatement, filter: &LeadFilter, first: &str, last: &str) {
        let code = &self.store.inner.tables["region"].key[0];
        let household = Expr::col(("h", "household_no")).equals(("l", "household_no"));
        let village = Expr::col(("v", code.clone())).equals(("l", "region"));
        let township = Expr::cust(format!("t.\"{code}\" = substr(l.region, 1, 9) || '000'"));
        select
            .from_as("lead", "l")
            .join_as(sea_query::JoinType::LeftJoin, "r_household", "h", household)
            .join_as(sea_query::JoinType::LeftJoin, "r_region", "v", village)
            .join_as(sea_query::JoinType::LeftJoin, "r_region", "t", township)
            .and_where(Expr::col(("l", "region")).between(first, last))
            .and_where_option(filter.risk.as_ref().map(|risk| Expr::col(("l", "risk")).eq(risk.as_str())))
            .and_where_option(filter.state.as_ref().map(|state| Expr::col(("l", "state")).eq(state.as_str())))
            .and_where_option(filter.open.map(|open| Expr::col(("l", "is_open")).eq(i64::from(open))))
            .and_where_option(filter.due_before.map(|day| Expr::col(("l", "due_on")).lt(day.to_string())));
        if let Some(rule) = &filter.rule {
            let reasons = Query::select()
                .column("lead_id")
                .from("lead_reason")
                .and_where(Expr::col("rule").eq(rule.as_str()))
                .to_owned();
            select.and_where(Expr::col(("l", "lead_id")).in_subquery(reasons));
        }
        if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            select.cond_where(self.text_matches(text));
        }
    }

    /// Household number, beginning of the head's name or of the village's name.
    fn text_matches(&self, text: &str) -> Cond {
        let end = format!("{text}{}", char::MAX);
        let head = ("h", self.person_name("household").to_owned());
        let mut any = Cond::any()
            .add(Expr::col(head.clone()).gte(text).and(Expr::col(head).lt(end.as_str())))
            .add(Expr::col(("v", "name")).gte(text).and(Expr::col(("v", "name")).lt(end.as_str())));
        if let Some(number) = HouseholdNo::parse(text) {
            any = any.add(Expr::col(("l", "household_no")).eq(number.0));
        }
        any
    }

    fn lead_row(&self, row: &Row<'_>) -> Result<LeadRow, StoreError> {
        let head_name: Option<String> = row.get(14)?;
        let due_on: Option<String> = row.get(13)?;
        Ok(LeadRow {
            lead_id: row.get(0)?,
            household_no: HouseholdNo(row.get(1)?),
            head_name: head_name.map(|name| self.name_shown(&name)).unwrap_or_default(),
            members: row.get(17)?,
            region: region(row, 2)?,
            village: row.get::<Option<String>>(15)?.unwrap_or_default(),
            township: row.get::<Option<String>>(16)?.unwrap_or_default(),
            state: row.get(3)?,
            risk: row.get(4)?,
            urgency: row.get(5)?,
            because: row.get(6)?,
            because_en: row.get(7)?,
            reasons: row.get(8)?,
            flags: row.get(9)?,
            stale: row.get(10)?,
            raised_on: day(row, 11)?,
            seen_on: day(row, 12)?,
            due_on: due_on.and_then(|text| text.parse().ok()),
        })
    }

    fn lead_file(&self, transaction: &Transaction<'_>, row: LeadRow, today: Day) -> Result<LeadFile, StoreError> {
        let sql = "select known, entered_state_on, fields, flags_document from lead where lead_id = ?1";
        let found = transaction.first(sql, values![row.lead_id], |lead| {
            Ok((day(lead, 0)?, day(lead, 1)?, lead.get::<String>(2)?, lead.get::<String>(3)?))
        })?;
        let missing = || StoreError::StoredValue { column: "lead".to_owned() };
        let (known, entered_state_on, fields, flags) = found.ok_or_else(missing)?;
        let fields: StepFields = serde_json::from_str(&fields)?;
        let reasons = "select document from lead_reason where lead_id = ?1 order by position";
        let reasons = transaction
            .all(reasons, values![row.lead_id], |reason| Ok(serde_json::from_str(&reason.get::<String>(0)?)?))?;
        let filled: Vec<&str> = fields.keys().map(String::as_str).collect();
        let asked = Asked {
            state: &row.state,
            entered_state_on,
            entered_by: None,
            changed_by: &[],
            account: &self.actor.account,
            role: &self.actor.role,
            filled: &filled,
            children: &[],
            calendar: &self.store.inner.declarations.calendar,
            today,
        };
        let offers = lifecycle::offers(&self.store.inner.declarations.registers["lead"], &asked);
        let history = self.history_of_lead(transaction, &row.lead_id, row.household_no.0)?;
        Ok(LeadFile {
            known,
            reasons,
            flags: serde_json::from_str(&flags)?,
            entered_state_on,
            fields,
            history,
            offers,
            row,
        })
    }
}
