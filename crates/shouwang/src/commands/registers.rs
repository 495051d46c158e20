//! `shouwang template`, `export`, `schema`, `undo`, `freeze`: the files of registers, and what is done with whole registers.

use super::Said;
use super::out_file::{format_of, must_end_in};
use crate::arguments::{BookFormat, Export, Freeze, SchemaFile, TemplateFile, Undo};
use crate::installation::Installation;
use crate::jobs::imports::counts::RowChanges;
use crate::jobs::imports::land::take_back;
use crate::jobs::{export_register, forms};
use crate::language;
use crate::place::known;
use crate::trouble::{Attempt, Outcome};
use exchange::Output;
use serde_json::json;
use store::{Command, RecordFilter};
use words::{advice, wording};

/// Writes the template of a register.
///
/// # Errors
/// When the register or the place does not exist, or the file cannot be written.
pub fn template(arguments: &TemplateFile) -> Outcome<Said> {
    must_end_in(&arguments.out, &["xlsx"])?;
    let installation = Installation::open(&arguments.dir)?;
    let home = installation.settings.region;
    let place = known(&installation.package, home, arguments.region.unwrap_or(home))?;
    forms::template(&installation, &arguments.register, place, &arguments.out, crate::language::of_terminal())?;
    let lines = vec![wording!("file_written", path = arguments.out.display())];
    Ok(Said::new(lines, &json!({ "register": arguments.register, "region": place, "file": arguments.out })))
}

/// Writes a whole register, as the machine's owner sees it.
///
/// # Errors
/// When the register does not exist, or the file cannot be written.
pub fn export(arguments: &Export) -> Outcome<Said> {
    let output = match format_of(&arguments.out, arguments.format)? {
        BookFormat::Xlsx => Output::Xlsx,
        BookFormat::Csv => Output::CsvBom,
    };
    let installation = Installation::open(&arguments.dir)?;
    let view = installation.store.view(&installation.system());
    let wanted = export_register::Wanted {
        register: &arguments.register,
        filter: &RecordFilter::default(),
        filter_text: "",
        language: language::of_terminal(),
        order: None,
        columns: None,
        output,
    };
    let rows = export_register::register(&installation, &view, &wanted, &arguments.out)?;
    let lines = vec![wording!("export_written", path = arguments.out.display(), rows)];
    Ok(Said::new(lines, &json!({ "register": arguments.register, "rows": rows, "file": arguments.out })))
}

/// Takes an import back: of a register, or of a department's data.
///
/// # Errors
/// When there is none of that name, or it was taken back already.
pub fn undo(arguments: &Undo) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let (import, actor) = (&arguments.import, installation.system());
    if let Some(changes) = take_back::delivery(&installation, &actor, import)? {
        let RowChanges { added, changed, removed, .. } = changes;
        let lines = vec![wording!("delivery_undone", removed, added, changed), wording!("leads_follow")];
        return Ok(Said::new(lines, &json!({ "import": import, "changes": changes })));
    }
    let receipt = installation.apply(Command::UndoImport { import: import.clone() })?;
    let (put_back, stayed) = (receipt.changed, receipt.outside);
    let lines = vec![wording!("records_put_back", put_back, stayed)];
    Ok(Said::new(lines, &json!({ "import": import, "put_back": put_back, "stayed": stayed })))
}

/// Freezes every register as it stands, under the year's name.
///
/// # Errors
/// The store's refusal, e.g. where the year was frozen before.
pub fn freeze(arguments: &Freeze) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let receipt = installation.apply(Command::Freeze { year: arguments.year })?;
    let lines = vec![wording!("year_was_frozen", year = arguments.year, records = receipt.added)];
    Ok(Said::new(lines, &json!({ "year": arguments.year, "records": receipt.added })))
}

/// Writes what the tables of a register hold.
///
/// # Errors
/// When the register does not exist, or the file cannot be written.
pub fn schema(arguments: &SchemaFile) -> Outcome<Said> {
    arguments.out.as_deref().map_or(Ok(()), |out| must_end_in(out, &["json"]))?;
    let installation = Installation::open(&arguments.dir)?;
    let schema = forms::schema(&installation, &arguments.register, language::of_terminal())?;
    let Some(path) = &arguments.out else {
        return Ok(Said::text(serde_json::to_string_pretty(&schema).unwrap_or_default(), &schema));
    };
    std::fs::write(path, schema.to_string()).attempt(|| advice!("file_unwritten", path = path.display()))?;
    Ok(Said::new(vec![wording!("file_written", path = path.display())], &schema))
}
