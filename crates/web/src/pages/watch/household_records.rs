//! The records of one household in the registers whose records name theirs.

use crate::http::trouble::PageError;
use crate::pages::records::known::HOUSEHOLD_NO;
use crate::pages::records::record::record_address;
use crate::parts::catalog::{Catalog, NamedRegister, register_names};
use crate::parts::field::text_of;
use crate::parts::show;
use model::{HouseholdNo, Value};
use policy::declare::Register;
use store::{Condition, Predicate, RecordFilter, RecordQuery, RecordRow, View};

/// Records that one register shows of a household.
const ROWS_MAX: u32 = 5;
/// Columns that a line shows.
const COLUMNS_MAX: usize = 4;
/// The engine's own registers, which make up the file itself.
const OF_THE_FILE: [&str; 3] = ["region", "household", "resident"];

/// What one register holds of the household.
pub struct HouseholdRecords {
    pub title: String,
    pub lines: Vec<HouseholdRecordLine>,
    /// Page of the form for one more.
    pub new: Option<String>,
}

/// A record in the list of its register.
pub struct HouseholdRecordLine {
    pub address: String,
    pub text: String,
    pub state: Option<String>,
}

/// Records by register, in the package's order; registers with none are left out unless the reader may enter some.
///
/// # Errors
/// What the store says.
pub fn household_records(
    view: &View,
    catalog: &Catalog<'_>,
    household: HouseholdNo,
) -> Result<Vec<HouseholdRecords>, PageError> {
    let mut all = Vec::new();
    for name in register_names(view).into_iter().filter(|name| !OF_THE_FILE.contains(&name.as_str())) {
        let Some(register) = catalog.register(&name).filter(|register| register.field_named(HOUSEHOLD_NO).is_some())
        else {
            continue;
        };
        let columns: Vec<String> = shown_columns(register).collect();
        let condition =
            Condition { field: HOUSEHOLD_NO.to_owned(), test: Predicate::Is(Value::Text(household.to_string())) };
        let filter = RecordFilter { conditions: vec![condition], ..RecordFilter::default() };
        let found =
            view.records(&name, RecordQuery { filter: &filter, order: None, columns: &columns }, None, ROWS_MAX);
        let found = found.map_err(|refusal| PageError::refused(refusal, catalog.language, "/households"))?;
        let may_enter = view.has_right(register, &register.may_enter);
        if found.rows.is_empty() && !may_enter {
            continue;
        }
        let label = catalog.language.pick(&register.label, &register.label_en);
        let total = show::total(found.total, catalog.language);
        all.push(HouseholdRecords {
            title: catalog.language.fill("record_children", &[("label", &label), ("count", &total)]),
            lines: found
                .rows
                .iter()
                .map(|row| line(catalog, NamedRegister { name: &name, register }, &columns, row))
                .collect(),
            new: may_enter.then(|| format!("/registers/{name}/records/new?household={household}")),
        });
    }
    Ok(all)
}

fn shown_columns(register: &Register) -> impl Iterator<Item = String> {
    let columns =
        register.list.columns.iter().filter(|name| *name != HOUSEHOLD_NO && Some(*name) != register.region.as_ref());
    columns.take(COLUMNS_MAX).cloned()
}

fn line(
    catalog: &Catalog<'_>,
    NamedRegister { name, register }: NamedRegister<'_>,
    columns: &[String],
    row: &RecordRow,
) -> HouseholdRecordLine {
    let known = columns.iter().zip(&row.cells).filter(|(_, value)| !value.is_null());
    let texts = known.filter_map(|(column, value)| Some(text_of(register.field_named(column)?, value, catalog)));
    let text = texts.collect::<Vec<_>>().join(" · ");
    HouseholdRecordLine {
        address: record_address(name, &row.id),
        text: if text.is_empty() { catalog.language.say("record").to_owned() } else { text },
        state: row.state.as_ref().map(|state| catalog.state(name, state)),
    }
}
