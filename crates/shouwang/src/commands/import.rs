//! `shouwang import`: registers and department extracts from files.

use super::{Said, indented, lines};
use crate::arguments::{Delivery, Import};
use crate::clock;
use crate::installation::Installation;
use crate::jobs::imports::land::coverage::list_day;
use crate::jobs::imports::order::{Confirmed, Declared, Order, Report};
use crate::jobs::imports::preview::preview;
use crate::jobs::imports::shape::Dataset;
use crate::jobs::imports::{columns, import};
use crate::jobs::people::People;
use crate::language;
use crate::place::known;
use crate::progress::Terminal;
use crate::trouble::{Outcome, Trouble};
use exchange::{Mapping, MoneyUnit, SkipReason};
use matching::Coded;
use model::written::without_numbers;
use model::{Actor, Day};
use policy::declare::Mode;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{ImportCoverage, ImportState};
use web::jobs::{PreviewOutcome, Question};
use words::{Advice, Wording, advice, list, wording};

/// Takes the files in one after another. A file that is refused does not stop the others.
///
/// # Errors
/// When no file was taken, or the store or the lake fails.
pub fn run(arguments: &Import) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    if let Some(place) = arguments.delivery.place {
        known(&installation.package, installation.settings.region, place)?;
    }
    let files = files_of(&arguments.files)?;
    let chosen = chosen(&installation, arguments)?;
    if arguments.preview {
        return look(&installation, arguments, &files, &chosen);
    }
    let said = Stated { day: arguments.day, chosen: &chosen, delivery: &arguments.delivery };
    let reports = take(&installation, &arguments.dataset, &files, said)?;
    let lines = reports.iter().flat_map(lines_of).collect();
    if reports.iter().all(|report| report.summary.state == ImportState::Refused) {
        return Err(none_taken(&reports));
    }
    Ok(Said::new(lines, &reports))
}

/// Why no file was taken, and what to write so that it is.
fn none_taken(reports: &[Report]) -> Trouble {
    let why: Vec<Wording> = reports.iter().flat_map(why_not).collect();
    let answers: Vec<Wording> = reports.iter().filter_map(|report| report.question.as_ref()).map(answer).collect();
    let hint = if answers.is_empty() { wording!("correct_and_import_again") } else { lines(&answers) };
    Trouble::of(Advice { what: lines(&why), hint })
}

/// What is said of files beside what stands in them.
#[derive(Clone, Copy)]
pub struct Stated<'a> {
    /// Day of delivery; that of the name, or today, where there is none.
    pub day: Option<Day>,
    /// Columns and the unit of money.
    pub chosen: &'a Mapping,
    pub delivery: &'a Delivery,
}

/// A file that is given for a dataset.
#[derive(Clone, Copy)]
struct Given<'a> {
    dataset: &'a str,
    path: &'a Path,
    /// Its name, without what may be somebody's number.
    name: &'a str,
}

/// What the command line says of columns and the unit of money.
fn chosen(installation: &Installation, arguments: &Import) -> Outcome<Mapping> {
    let fields = match Dataset::find(&installation.package, &arguments.dataset)? {
        Dataset::Source(source) => source.column.clone(),
        Dataset::Register(register) => columns::of_register(&arguments.dataset, register),
    };
    let unit = |word: &String| {
        let unknown = || Trouble::of(advice!("unit_option_unknown", units = list(columns::units())));
        MoneyUnit::named(word).ok_or_else(unknown)
    };
    Ok(Mapping {
        headings: columns::chosen(&fields, &arguments.columns)?,
        money_unit: arguments.unit.as_ref().map(unit).transpose()?,
        ..Mapping::default()
    })
}

/// Says what files would do.
fn look(installation: &Installation, arguments: &Import, files: &[PathBuf], chosen: &Mapping) -> Outcome<Said> {
    let (people, actor) = (People::read(installation)?, installation.system());
    let (mut lines, mut outcomes) = (Vec::new(), Vec::new());
    for path in files {
        let name = file_name(path);
        let said = Stated { day: arguments.day, chosen, delivery: &arguments.delivery };
        let order = order(installation, Given { dataset: &arguments.dataset, path, name: &name }, said, &actor);
        let seen = preview(installation, &people, &order, &mut Terminal::new())?;
        lines.push(preview_line(&name, &seen));
        lines.extend(seen.column_question.as_ref().map(columns::how_to_choose).filter(|how| !how.is_empty()));
        if seen.rows_gone > 0 {
            lines.push(wording!("preview_rows_would_go", count = seen.rows_gone));
        }
        outcomes.push(seen);
    }
    Ok(Said::new(lines, &outcomes))
}

fn preview_line(file: &str, seen: &PreviewOutcome) -> Wording {
    let PreviewOutcome { refusal, added, changed, unchanged, refused, faults, remarks, .. } = seen;
    if refusal.is_empty() {
        wording!("preview_line", file, added, changed, unchanged, refused, faults, remarks)
    } else {
        wording!("preview_refused_line", file, refusal = *refusal)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| without_numbers(&name.to_string_lossy())).unwrap_or_default()
}

fn order<'a>(
    installation: &'a Installation,
    Given { dataset, path, name }: Given<'a>,
    Stated { day, chosen, delivery }: Stated<'_>,
    actor: &'a Actor,
) -> Order<'a> {
    let Delivery { place, from, to, partial, replace } = *delivery;
    let source = installation.package.sources.get(dataset);
    let of_month = || source.filter(|source| source.mode == Mode::Roster).and_then(|_| list_day(name, clock::today()));
    Order {
        dataset,
        path,
        file_name: name,
        day: day.or_else(|| day_in(name)).or_else(of_month).unwrap_or_else(clock::today),
        region: installation.settings.region,
        declared: Declared { place, from, to, is_partial: partial },
        confirmed: if replace { Confirmed::All } else { Confirmed::No },
        actor,
        out: installation.out().join(format!("import-{dataset}-{name}")),
        language: language::of_terminal(),
        chosen: chosen.clone(),
    }
}

/// Imports files of one dataset in the name of the machine's owner.
///
/// # Errors
/// When the store or the lake fails.
pub fn take(installation: &Installation, dataset: &str, files: &[PathBuf], said: Stated<'_>) -> Outcome<Vec<Report>> {
    let actor = installation.system();
    let mut reports = Vec::new();
    for path in files {
        // A register that was just taken in has changed; otherwise opening costs nothing.
        let people = People::read(installation)?;
        let name = file_name(path);
        let order = order(installation, Given { dataset, path, name: &name }, said, &actor);
        reports.push(import(installation, &people, &order, &mut Terminal::new())?);
    }
    Ok(reports)
}

/// What became of a file, in a few lines.
pub fn lines_of(report: &Report) -> Vec<Wording> {
    let summary = &report.summary;
    if summary.state == ImportState::Refused {
        let answer = report.question.as_ref().map(|question| indented(&answer(question)));
        let mut why = why_not(report);
        why[0] = wording!("import_refused_line", file = report.file, why = why[0]);
        return why.into_iter().chain(answer).collect();
    }
    let mut lines = vec![wording!(
        "import_taken_line",
        file = report.file,
        in_file = summary.rows_in_file,
        read = summary.rows_read,
        taken = summary.rows_taken,
        added = summary.rows_added.unwrap_or_default(),
        changed = summary.rows_changed,
        removed = summary.rows_removed,
        unchanged = summary.rows_unchanged,
        dropped = summary.rows_dropped,
        unmatched = summary.rows_unmatched,
        faults = summary.faults,
        remarks = summary.remarks
    )];
    let reasons = SkipReason::ALL.into_iter().map(|reason| (reason.name(), reason));
    let reasons: BTreeMap<&str, SkipReason> = reasons.collect();
    let skipped = |(name, count): &(String, u64)| Some((*reasons.get(name.as_str())?, *count));
    let skipped = SkipReason::list(&summary.rows_skipped.iter().filter_map(skipped).collect());
    lines.push(wording!("import_skipped_line", skipped));
    if let Some(coverage) = &summary.coverage {
        let (ImportCoverage { place, from, to, is_partial, .. }, import) = (coverage, &report.import);
        lines.push(match is_partial {
            true => wording!("import_covers_part_line", place, from, to, import),
            false => wording!("import_covers_line", place, from, to, import),
        });
    }
    let message = Some(&summary.message).filter(|message| !message.is_empty());
    lines.extend(message.into_iter().chain(&summary.notes).map(indented));
    if !report.noted.is_empty() {
        let kinds = report.noted.iter().map(|(code, count)| {
            let kind = matching::NoteKind::from_code(code).map_or_else(|| Wording::same(code), |kind| kind.label());
            wording!("import_noted_kind", kind, count)
        });
        lines.push(wording!("import_noted_line", kinds = list(kinds)));
    }
    lines.extend(given_back(report));
    lines
}

/// Why a file was not taken; of one that waits for an answer what is known of its rows, too.
fn why_not(report: &Report) -> Vec<Wording> {
    let summary = &report.summary;
    let mut lines = vec![summary.message.clone()];
    lines.extend(report.column_question.as_ref().map(columns::how_to_choose).filter(|how| !how.is_empty()));
    if report.question.is_some() {
        lines.push(wording!(
            "import_waiting_line",
            in_file = summary.rows_in_file,
            read = summary.rows_read,
            dropped = summary.rows_dropped,
            unmatched = summary.rows_unmatched,
            faults = summary.faults,
            remarks = summary.remarks
        ));
        lines.extend(given_back(report));
    }
    lines
}

/// The files that go back to the author.
fn given_back(report: &Report) -> impl Iterator<Item = Wording> {
    let faults = report.fault_file.iter().map(|path| wording!("fault_file_line", path = path.display()));
    let unmatched = report.unmatched_file.iter().map(|path| wording!("unmatched_file_line", path = path.display()));
    let noted = report.noted_file.iter().map(|path| wording!("noted_file_line", path = path.display()));
    faults.chain(unmatched).chain(noted)
}

/// What to write so that a question is answered.
fn answer(question: &Question) -> Wording {
    let Question { place, from, to, example, .. } = question;
    match example {
        _ if !question.is_replacement => wording!("say_what_it_covers", place, from, to),
        Some(place) => wording!("say_it_replaces_or_place", place),
        None => wording!("say_it_replaces"),
    }
}

/// The day in a file name such as `medical_2024-06-30.xlsx`.
pub fn day_in(name: &str) -> Option<Day> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let tail = stem.len().checked_sub(10).and_then(|at| stem.get(at..))?;
    tail.parse().ok()
}

/// Files, and the files of folders in the order of their names.
fn files_of(paths: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            return Err(Trouble::of(advice!("import_of_folder", path = path.display())));
        }
        if !path.exists() {
            return Err(Trouble::of(advice!("import_file_missing", path = path.display())));
        }
        files.push(Path::to_path_buf(path));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::day_in;

    #[test]
    fn the_delivery_day_is_read_from_the_end_of_the_name() {
        let cases = [
            ("medical_2024-06-30.xlsx", Some("2024-06-30")),
            ("2024-06-30.csv", Some("2024-06-30")),
            ("medical_2024-6-30.xlsx", None),
            ("医保结算2024-06-30.csv", Some("2024-06-30")),
            ("医保.csv", None),
            ("medical_2024-06-31.csv", None),
        ];
        for (name, day) in cases {
            assert_eq!(day_in(name).map(|day| day.to_string()).as_deref(), day, "{name}");
        }
    }
}
