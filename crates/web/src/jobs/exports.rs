//! Lists that go to a file: what the job is given, and the file that it leaves.

use crate::parts::catalog::NamedRegister;
use crate::parts::record_list_query::{chosen_columns, kept_search};
use model::{Day, RegionCode};
use policy::Package;
use policy::declare::{Permission, Register};
use serde::{Deserialize, Serialize};
use store::{LeadFilter, RecordFilter, RecordOrder, StoreError, View};
use words::Language;

/// A list to be written to a file, under the same view as the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportOrder {
    /// `records` of a register, or `figures` of an indicator; `leads` in orders of before.
    pub list: String,
    pub format: ExportFormat,
    /// What the page of leads was filtered by, in orders of before.
    #[serde(default)]
    pub filter: LeadsFilter,
    /// For records: which, and how they are shown.
    #[serde(default)]
    pub records: Option<RecordsExport>,
    /// For figures: which.
    #[serde(default)]
    pub figures: Option<FiguresExport>,
    /// `zh-CN` or `en`.
    pub language: String,
}

impl ExportOrder {
    /// The records that are asked for; an order of before for leads asks for those of the register that screenings raise.
    ///
    /// # Errors
    /// What the store says.
    pub fn records_asked(
        &self,
        view: &View<'_>,
        package: &Package,
        today: Day,
    ) -> Result<Option<RecordsExport>, StoreError> {
        if self.records.is_some() || self.figures.is_some() {
            return Ok(self.records.clone());
        }
        let Some((name, register)) = package.raised() else { return Ok(None) };
        let columns = chosen_columns(view, NamedRegister { name, register }, self.read_in())?;
        let filter = self.filter.for_store(today).records();
        Ok(Some(RecordsExport { register: name.to_owned(), filter, search: None, order: None, columns }))
    }

    /// The language that it was ordered in.
    pub fn read_in(&self) -> Language {
        Language::of_tag(&self.language).unwrap_or_default()
    }
}

/// Figures of an indicator to be written as its page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresExport {
    pub indicator: String,
    pub place: RegionCode,
    /// As `model::Period` is written.
    pub period: String,
}

/// Records of a register to be written as their list shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordsExport {
    pub register: String,
    /// What the list was filtered by, unless it was a search that is kept.
    #[serde(default)]
    pub filter: RecordFilter,
    /// Token of the kept search that stands in the place of `filter`: it names people.
    #[serde(default)]
    pub search: Option<String>,
    #[serde(default)]
    pub order: Option<RecordOrder>,
    /// Fields in the order in which they are shown.
    pub columns: Vec<String>,
}

impl RecordsExport {
    /// What the store is asked for on `today`; `None` where the search is not kept any more.
    ///
    /// # Errors
    /// What the store says.
    pub fn filter_now(
        &self,
        view: &View<'_>,
        register: &Register,
        today: Day,
    ) -> Result<Option<RecordFilter>, StoreError> {
        match &self.search {
            None => Ok(Some(self.filter.clone())),
            Some(token) => {
                let kept = kept_search(view, &self.register, token)?;
                let sees_names = view.may(Permission::SeeNames);
                Ok(kept.and_then(|search| search.filter(register, sees_names, today).ok()))
            }
        }
    }
}

/// The form of an exported list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Xlsx,
    Csv,
}

impl ExportFormat {
    /// What a form's button says; a workbook unless it says otherwise.
    pub fn asked(text: &str) -> ExportFormat {
        if text == "csv" { ExportFormat::Csv } else { ExportFormat::Xlsx }
    }
}

/// What the list of leads is filtered by; what is `None` or empty does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadsFilter {
    #[serde(default)]
    pub region: Option<RegionCode>,
    #[serde(default)]
    pub risk: Option<String>,
    #[serde(default)]
    pub rule: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    /// Name or number of the household as typed.
    #[serde(default)]
    pub text: Option<String>,
}

/// Besides the states of the register, `state` may be: not yet closed (empty, the default) ...
pub(crate) const OPEN: &str = "";
/// ... past its deadline ...
pub(crate) const OVERDUE: &str = "overdue";
/// ... due today or within three days ...
pub(crate) const SOON: &str = "soon";
/// ... closed or withdrawn ...
pub(crate) const FINAL: &str = "final";
/// ... or any.
pub(crate) const ALL: &str = "all";

impl LeadsFilter {
    /// What the store is asked for, on `today`; the page and the export of the same list use the same.
    pub fn for_store(&self, today: Day) -> LeadFilter {
        let LeadsFilter { region, risk, rule, text, state } = self.clone();
        let asked = match state.as_deref().unwrap_or(OPEN) {
            OPEN => LeadFilter::open(),
            OVERDUE => LeadFilter::overdue(today),
            SOON => LeadFilter::due_soon(today),
            FINAL => LeadFilter { open: Some(false), ..LeadFilter::default() },
            ALL => LeadFilter::default(),
            exact => LeadFilter { state: Some(exact.to_owned()), ..LeadFilter::default() },
        };
        LeadFilter { region, risk, rule, text, ..asked }
    }
}

/// The file that an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOutcome {
    /// Name in the job's folder.
    pub file: String,
    #[serde(default)]
    pub rows: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_the_address_becomes_the_filter_of_the_store() {
        let today: Day = "2026-11-23".parse().expect("a day");
        let later: Day = "2026-11-27".parse().expect("a day");
        let cases = [
            (None, Some(true), (None, None), None),
            (Some("overdue"), Some(true), (None, Some(today)), None),
            (Some("soon"), Some(true), (Some(today), Some(later)), None),
            (Some("final"), Some(false), (None, None), None),
            (Some("all"), None, (None, None), None),
            (Some("in_progress"), None, (None, None), Some("in_progress")),
        ];
        for (state, open, due, exact) in cases {
            let wanted = LeadsFilter { state: state.map(str::to_owned), ..LeadsFilter::default() };
            let filter = wanted.for_store(today);
            assert_eq!(
                (filter.open, (filter.due_from, filter.due_before), filter.state.as_deref()),
                (open, due, exact),
                "{state:?}"
            );
        }
    }
}
