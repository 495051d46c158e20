//! `shouwang import`: registers and department extracts from files.

use super::Said;
use crate::arguments::{Delivery, Import};
use crate::clock;
use crate::installation::Installation;
use crate::jobs::imports::land::coverage::list_day;
use crate::jobs::imports::order::{Confirmed, Declared, Order, Report};
use crate::jobs::imports::preview::preview;
use crate::jobs::imports::shape::Dataset;
use crate::jobs::imports::{columns, import};
use crate::jobs::people::People;
use crate::progress::Terminal;
use crate::trouble::{Outcome, Trouble};
use exchange::{Mapping, MoneyUnit, SkipReason};
use matching::Coded;
use model::written::without_numbers;
use model::{Actor, Day};
use policy::declare::Mode;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::ImportState;
use web::jobs::Question;
use words::Wording;

/// Takes the files in one after another. A file that is refused does not stop the others.
///
/// # Errors
/// When no file was taken, or the store or the lake fails.
pub fn run(arguments: &Import) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
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
    let why: Vec<String> = reports.iter().flat_map(why_not).collect();
    let english: Vec<&str> = reports.iter().map(|report| report.summary.message.english()).collect();
    let questions = reports.iter().filter_map(|report| report.question.as_ref());
    let (answers, answers_en): (Vec<String>, Vec<String>) =
        questions.map(answer).map(|answer| (answer.chinese().to_owned(), answer.english().to_owned())).unzip();
    let hint = if answers.is_empty() {
        [
            "数据没有变动;请按提示改正后重新导入".to_owned(),
            "Nothing was changed; correct it and import again.".to_owned(),
        ]
    } else {
        [answers.join("\n"), answers_en.join("\n")]
    };
    Trouble::new([why.join("\n"), english.join("\n")], hint)
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
        let units: Vec<&str> = columns::units().collect();
        let unknown = || {
            Trouble::new(
                ["--unit 不是可用的金额单位", "--unit is no unit of money"],
                [format!("可用的单位:{}", units.join("、")), format!("Units: {}.", units.join(", "))],
            )
        };
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
        lines.push(match seen.refusal.chinese() {
            "" => format!(
                "{name}:新增 {} 条,更改 {} 条,不变 {} 条,不能导入 {} 行,错误 {} 处,提示 {} 处;数据没有变动",
                seen.added, seen.changed, seen.unchanged, seen.refused, seen.faults, seen.remarks
            ),
            refusal => format!("{name}:不能导入。{refusal}"),
        });
        if seen.rows_gone > 0 {
            lines.push(format!("  注意:提交后子表中将删去 {} 行", seen.rows_gone));
        }
        outcomes.push(seen);
    }
    Ok(Said::new(lines, &outcomes))
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
pub fn lines_of(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    if summary.state == ImportState::Refused {
        let answer = report.question.as_ref().map(|question| format!("  {}", answer(question).chinese()));
        let mut why = why_not(report);
        why[0] = format!("{}:未导入。{}", report.file, why[0]);
        return why.into_iter().chain(answer).collect();
    }
    let mut lines = vec![format!(
        "{}:文件共 {} 行,读入 {} 行,采用 {} 行(新增 {},更改 {},减少 {},不变 {}),剔除 {} 行,未匹配 {} 行,错误 {} 处,提示 {} 处",
        report.file,
        summary.rows_in_file,
        summary.rows_read,
        summary.rows_taken,
        summary.rows_added.unwrap_or_default(),
        summary.rows_changed,
        summary.rows_removed,
        summary.rows_unchanged,
        summary.rows_dropped,
        summary.rows_unmatched,
        summary.faults,
        summary.remarks
    )];
    let reasons = SkipReason::ALL.into_iter().map(|reason| (reason.name(), reason));
    let reasons: BTreeMap<&str, SkipReason> = reasons.collect();
    let skipped = |(name, count): &(String, u64)| Some((*reasons.get(name.as_str())?, *count));
    let skipped = SkipReason::list(&summary.rows_skipped.iter().filter_map(skipped).collect());
    lines.push(format!("  不是数据的行:{}", skipped.chinese()));
    if let Some(coverage) = &summary.coverage {
        let kind = if coverage.is_partial { ",补报" } else { "" };
        lines.push(format!(
            "  地方 {},时间 {} 至 {}{kind};导入编号 {}",
            coverage.place, coverage.from, coverage.to, report.import
        ));
    }
    if !summary.message.is_empty() {
        lines.push(format!("  {}", summary.message.chinese()));
    }
    lines.extend(summary.notes.iter().map(|note| format!("  {}", note.chinese())));
    if !report.noted.is_empty() {
        let kinds = report.noted.iter().map(|(code, count)| {
            let label = matching::NoteKind::from_code(code).map(|kind| kind.label());
            format!("{} {count} 处", label.as_ref().map_or(code.as_str(), Wording::chinese))
        });
        lines.push(format!("  已采用但需核对:{}", kinds.collect::<Vec<_>>().join(",")));
    }
    lines.extend(given_back(report));
    lines
}

/// Why a file was not taken; of one that waits for an answer what is known of its rows, too.
fn why_not(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut lines = vec![summary.message.chinese().to_owned()];
    if report.question.is_some() {
        lines.push(format!(
            "  文件共 {} 行,读入 {} 行,剔除 {} 行,未匹配 {} 行,错误 {} 处,提示 {} 处",
            summary.rows_in_file,
            summary.rows_read,
            summary.rows_dropped,
            summary.rows_unmatched,
            summary.faults,
            summary.remarks
        ));
        lines.extend(given_back(report));
    }
    lines
}

/// The files that go back to the author.
fn given_back(report: &Report) -> impl Iterator<Item = String> {
    let files = [&report.fault_file, &report.unmatched_file, &report.noted_file];
    let named = ["错误标注", "未匹配清单", "核对清单"].into_iter().zip(files);
    named.filter_map(|(name, path)| Some(format!("  {name}:{}", path.as_ref()?.display())))
}

/// What to write so that a question is answered.
fn answer(question: &Question) -> Wording {
    let Question { place, from, to, example, .. } = question;
    if !question.is_replacement {
        return Wording::pair(
            format!("请用 --place、--from、--to 写明,例如 --place {place} --from {from} --to {to}"),
            format!("Say it with --place, --from and --to, e.g. --place {place} --from {from} --to {to}."),
        );
    }
    let [example, english] = match example {
        Some(place) => [format!("(例如 --place {place})"), format!(" (e.g. --place {place})")],
        None => [String::new(), String::new()],
    };
    Wording::pair(
        format!(
            "核对无误、确要取代的,加 --replace 重新导入;如只是一个乡镇或村的数据,用 --place 写明{example};如只是补报,加 --partial"
        ),
        format!(
            "If it is right that they are replaced, import again with --replace; if the data are of one township or village, \
             say which with --place{english}; if they only add to what is there, add --partial."
        ),
    )
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
            return Err(Trouble::new(
                [format!("{} 是目录,不是文件", path.display()), format!("{} is a folder and no file", path.display())],
                ["请写出要导入的文件名,可以一次写多个", "Name the files to import; there may be several."],
            ));
        }
        if !path.exists() {
            return Err(Trouble::new(
                [format!("没有找到文件 {}", path.display()), format!("There is no file {}", path.display())],
                ["请核对路径", "Check the path."],
            ));
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
