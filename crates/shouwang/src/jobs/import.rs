//! One file in: read, checked, matched, stored; its faults kept and given back.
//!
//! A refused file changes nothing. A file that is taken twice, or taken again after an interruption or a correction, ends
//! in the state of one clean import: records and rows are found by their keys, and what the earlier try noted is cleared.

use super::columns;
use super::delivery::{self, Landed, RowChanges};
use super::extract::{ExtractIntake, Told};
use super::faults;
use super::near_household::Orphans;
use super::people::{HOUSEHOLD, People};
use super::register_file::{Read, RegisterFile};
use super::shape::{self, Dataset};
use super::stop::Stop;
use crate::clock;
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{KnownPlaces, Options, Places, Refusal, RowFate, Shape, Summary};
use model::{Bilingual, FaultKind};
use policy::declare::{Mode, Register};
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::Path;
use store::{Command, ImportCoverage, ImportState, ImportSummary, NewImport, Receipt};
use web::jobs::Question;

pub use super::order::{Confirmed, Order, Report};

/// Takes a file in. The report of a refused file says why; nothing was changed then.
///
/// # Errors
/// When the dataset does not exist or the store, the lake or the disk fail.
pub fn import(
    installation: &Installation,
    people: &People,
    order: &Order<'_>,
    progress: &mut dyn Progress,
) -> Outcome<Report> {
    let package = &installation.package;
    let dataset = Dataset::find(package, order.dataset)?;
    delivery::check_place(order)?;
    let (file_hash, bytes) = hash_of(order.path)?;
    let new = NewImport {
        dataset: order.dataset.to_owned(),
        file_name: order.file_name.to_owned(),
        file_hash: file_hash.clone(),
        bytes,
        region: order.declared.place.unwrap_or(order.region),
        delivered_on: order.day,
        said_days: match dataset {
            Dataset::Source(source) if source.mode == Mode::Events => (order.declared.from, order.declared.to),
            _ => (None, None),
        },
    };
    let receipt = installation.apply_as(order.actor, Command::BeginImport(new))?;
    let id = receipt.id.ok_or_else(|| Trouble::new("导入没有得到编号", "请重试"))?;
    let areas = shape::area_codes(package)?;
    let places = KnownPlaces::new(&areas, &package.divisions);
    let shape = shape::shape(package, order.dataset, order.day, &places)?;
    let mut run = Run::new(installation, people, order, dataset, id, &file_hash[..12]);
    let today = clock::today();
    if matches!(run.dataset, Dataset::Source(_)) && order.day > today {
        let day = order.day;
        let why = Bilingual::new(
            format!("报送日期{day}晚于今天({today});请核对文件名或所写的日期,用 --day 写明正确的报送日期"),
            format!(
                "The day of delivery, {day}, is later than today ({today}); check the name of the file, or say the day with --day"
            ),
        );
        return run.end(ImportState::Refused, why, &[]);
    }
    match run.read(&shape, package, &places, progress) {
        Ok(summary) => match run.question.take() {
            Some(question) => run.asked(question, shape.label, &summary),
            None => run.finish(shape.label, &summary),
        },
        Err(Stop::Refused(refusal)) => run.refused(&refusal),
        Err(Stop::Failed(trouble)) => {
            run.end(ImportState::Failed, Bilingual::new(&*trouble.what, FAILED_EN), &[])?;
            Err(trouble)
        }
    }
}

/// Why an import failed is the machine's trouble, which is told in Chinese alone.
const FAILED_EN: &str =
    "The import could not be finished. Import the file again; if it fails again, see the administrator.";

/// Takes good rows, and those that faults leave out.
type TakeRows<'t> = dyn FnMut(Vec<model::Row>, &[model::Row]) -> Outcome<Told> + 't;

/// Rows whose people are noted at once.
const LEAVERS_AT_ONCE: usize = 5_000;

/// One import under way.
struct Run<'a> {
    installation: &'a Installation,
    order: &'a Order<'a>,
    dataset: Dataset<'a>,
    id: String,
    people: &'a People,
    file: String,
    taken: u64,
    changes: RowChanges,
    coverage: Option<ImportCoverage>,
    question: Option<Question>,
    unmatched: u64,
    noted: u64,
    /// Rows that the store did not take: refused by checks, or of no place of the actor's.
    refused: u64,
    outside: u64,
    /// Rows of child records that went, and rows that put somebody into two households.
    rows_gone: u64,
    in_two_households: u64,
    faults: u64,
    /// Remarks on rows that were taken as they stand.
    rows_remarked: u64,
    remarks: Vec<Bilingual>,
}

impl<'a> Run<'a> {
    fn new(
        installation: &'a Installation,
        people: &'a People,
        order: &'a Order<'a>,
        dataset: Dataset<'a>,
        id: String,
        file: &str,
    ) -> Run<'a> {
        Run {
            installation,
            order,
            dataset,
            id,
            people,
            file: file.to_owned(),
            taken: 0,
            changes: RowChanges::default(),
            coverage: None,
            question: None,
            unmatched: 0,
            noted: 0,
            refused: 0,
            outside: 0,
            rows_gone: 0,
            in_two_households: 0,
            faults: 0,
            rows_remarked: 0,
            remarks: Vec::new(),
        }
    }

    fn read(
        &mut self,
        shape: &Shape<'_>,
        package: &policy::Package,
        places: &dyn Places,
        progress: &mut dyn Progress,
    ) -> Result<Summary, Stop> {
        let others = other_shapes(package, self.order, places).map_err(Stop::Failed)?;
        let (actor, dataset, chosen) = (self.order.actor, self.order.dataset, &self.order.chosen);
        let mapping = columns::with_remembered(self.installation, actor, dataset, chosen).map_err(Stop::Failed)?;
        let (file_name, mapping) = (Some(self.order.file_name), Some(&mapping));
        let options = Options { file_name, others: &others, mapping, ..Options::default() };
        let summary = match self.dataset {
            Dataset::Source(source) => {
                let cipher = self.installation.cipher();
                let with = (&cipher, self.people);
                let mut seen_left_out = 0;
                let mut intake = ExtractIntake::new(self.installation, source, with, self.order, self.file.clone());
                let summary = self.stream(shape, &options, progress, &mut |rows, left_out| {
                    seen_left_out += left_out.len() as u64;
                    intake.take(rows, left_out)
                })?;
                let repeats = [FaultKind::DuplicateRow, FaultKind::DuplicateKey];
                let repeated: u64 = repeats.iter().filter_map(|kind| summary.faults.get(kind)).sum();
                let unread = summary.rows_dropped.saturating_sub(repeated + seen_left_out);
                let landed = intake.land(self.installation, self.order, &self.id, unread).map_err(Stop::Failed)?;
                self.landed(landed)?;
                summary
            }
            Dataset::Register(register) => self.read_register(register, (&options, places), progress)?,
        };
        Ok(summary)
    }

    /// What became of the rows of an extract.
    fn landed(&mut self, landed: Landed) -> Result<(), Stop> {
        for leavers in landed.leavers.chunks(LEAVERS_AT_ONCE) {
            let leavers = leavers.to_vec();
            self.apply(Command::AddLeavers { import: self.id.clone(), leavers }).map_err(Stop::Failed)?;
        }
        self.question = landed.question;
        self.changes = landed.changes;
        self.coverage = landed.coverage;
        self.remarks.extend(landed.remarks);
        Ok(())
    }

    /// Reads a register's file piece by piece; what the store says of its rows stands beside the faults of the reading.
    fn read_register(
        &mut self,
        register: &Register,
        (options, places): (&Options<'_>, &dyn Places),
        progress: &mut dyn Progress,
    ) -> Result<Summary, Stop> {
        let (order, people) = (self.order, self.people);
        let text = format!("正在导入 {}", order.file_name);
        let (mut said, mut orphans) = (0, Orphans::default());
        let read =
            RegisterFile::new(self.installation, order, register, places).read(people, options, &mut |mut piece| {
                let records = std::mem::take(&mut piece.records);
                if !records.is_empty() {
                    let (register, file) = (order.dataset.to_owned(), self.file.clone());
                    let receipt =
                        self.installation.apply_as(order.actor, Command::ImportRecords { register, file, records })?;
                    said += piece.hear(&receipt);
                    self.count(&receipt);
                }
                let unmatched = orphans.keep(std::mem::take(&mut piece.unmatched));
                self.note(std::mem::take(&mut piece.faults), Told { unmatched, ..Told::default() })?;
                Ok(progress.at(piece.done, piece.total, &text))
            })?;
        let Read { mut summary, remarks } = read;
        *summary.faults.entry(FaultKind::CheckFailed).or_default() += said;
        self.remarks.extend(remarks);
        let (unmatched, remark) =
            orphans.finish(self.installation, (order.actor, order.region)).map_err(Stop::Failed)?;
        self.remarks.extend(remark);
        self.note(Vec::new(), Told { unmatched, ..Told::default() }).map_err(Stop::Failed)?;
        Ok(summary)
    }

    fn count(&mut self, receipt: &Receipt) {
        self.taken += receipt.added + receipt.changed + receipt.unchanged;
        self.changes.added += receipt.added;
        self.changes.changed += receipt.changed;
        self.changes.unchanged += receipt.unchanged;
        self.refused += receipt.refused.len() as u64;
        self.unmatched += receipt.outside;
        self.outside += receipt.outside;
        self.rows_gone += receipt.rows_gone;
        self.in_two_households += receipt.in_two_households;
    }

    /// Reads the file chunk by chunk; faults and unmatched rows go to the store as they come.
    fn stream(
        &mut self,
        shape: &Shape<'_>,
        options: &Options<'_>,
        progress: &mut dyn Progress,
        take: &mut TakeRows<'_>,
    ) -> Result<Summary, Stop> {
        let mut failed = None;
        let text = format!("正在导入 {}", self.order.file_name);
        let read = exchange::read(self.order.path, shape, options, &mut |mut chunk| {
            let rows = std::mem::take(&mut chunk.rows);
            let count = rows.len() as u64;
            let step = take(rows, &chunk.left_out).and_then(|told| {
                self.taken += count - told.unmatched.len() as u64;
                self.note(chunk.faults, told)
            });
            if let Err(trouble) = step {
                failed = Some(trouble);
                return ControlFlow::Break(());
            }
            if progress.at(chunk.progress.done, chunk.progress.total, &text) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        match (failed, read) {
            (Some(trouble), _) => Err(Stop::Failed(trouble)),
            (None, Err(refusal)) => Err(Stop::Refused(refusal)),
            (None, Ok(summary)) => Ok(summary),
        }
    }

    fn note(&mut self, faults: Vec<model::Fault>, Told { unmatched, noted }: Told) -> Outcome<()> {
        let remarks = faults.iter().filter(|fault| fault.is_remark()).count() as u64;
        self.faults += faults.len() as u64 - remarks;
        self.rows_remarked += remarks;
        self.unmatched += unmatched.len() as u64;
        self.noted += noted.len() as u64;
        if !faults.is_empty() {
            self.apply(Command::AddFaults { import: self.id.clone(), faults })?;
        }
        if !unmatched.is_empty() {
            self.apply(Command::AddUnmatched { import: self.id.clone(), rows: unmatched })?;
        }
        if !noted.is_empty() {
            self.apply(Command::AddNoted { import: self.id.clone(), rows: noted })?;
        }
        Ok(())
    }

    fn apply(&self, command: Command) -> Outcome<()> {
        self.installation.apply_as(self.order.actor, command).map(|_| ())
    }

    fn finish(&mut self, label: &str, summary: &Summary) -> Outcome<Report> {
        let headings = headings_of(summary);
        columns::remember(self.installation, self.order.actor, self.order.dataset, summary)?;
        if self.rows_gone > 0 {
            let count = self.rows_gone;
            let english = format!("{count} rows of child tables were removed.");
            self.remarks.push(Bilingual::new(format!("子表中删去了{count}行。"), english));
        }
        if self.in_two_households > 0 {
            self.remarks.push(in_two_households(self.in_two_households, ["已采用", "were taken"]));
        }
        if self.outside > 0 {
            let count = self.outside;
            self.remarks.push(Bilingual::new(
                format!("有{count}行不在您的辖区内或无法确定地点,未予采用。"),
                format!("{count} rows lie outside your place, or it is not known where, and were not taken."),
            ));
        }
        let left_out = summary.rows_dropped + self.refused;
        if self.order.dataset == HOUSEHOLD && left_out > 0 {
            self.remarks.push(Bilingual::new(
                format!(
                    "有{left_out}行被退回:其中如有台账里还没有的户,其成员会找不到户编号,请改正后先导入农户,再导入家庭成员。"
                ),
                format!(
                    "{left_out} rows were left out: members of households that are new among them will not find their number. \
                     Correct and import the households first, then the residents."
                ),
            ));
        }
        let report = self.told(ImportState::Done, Bilingual::joined(&self.remarks), &headings);
        self.with_counts(report, label, summary)
    }

    /// The report with what the reading tells, and with what goes back to the author; so it is kept.
    fn with_counts(&self, mut report: Report, label: &str, summary: &Summary) -> Outcome<Report> {
        let view = self.installation.store.view(&self.installation.system());
        let fate = RowFate {
            taken: self.taken,
            refused: summary.rows_dropped + self.refused,
            unmatched: self.unmatched,
            is_trial: false,
        };
        let kept = faults::give_back(&view, &self.id, (self.order, label), (summary, &fate))?;
        report.summary.rows_read = summary.rows_seen;
        report.summary.rows_dropped = summary.rows_dropped + self.refused;
        report.summary.rows_in_file = summary.rows_in_file;
        report.summary.rows_skipped = columns::skipped(summary);
        report.summary.notes = columns::told(summary);
        report.summary.fault_file =
            kept.faults.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into());
        self.apply(Command::FinishImport { import: self.id.clone(), summary: report.summary.clone() })?;
        report.fault_file = kept.faults;
        report.unmatched_file = kept.unmatched;
        report.noted_file = kept.noted;
        report.noted = kept.noted_counts;
        Ok(report)
    }

    fn refused(&mut self, refusal: &Refusal) -> Outcome<Report> {
        let report = self.end(ImportState::Refused, refusal.said(), &[])?;
        Ok(Report { column_question: columns::question(refusal), ..report })
    }

    /// Nothing is taken until the question is answered.
    fn asked(&mut self, question: Question, label: &str, summary: &Summary) -> Outcome<Report> {
        (self.taken, self.changes) = (0, RowChanges::default());
        let report = self.told(ImportState::Refused, question.why.clone(), &headings_of(summary));
        let report = self.with_counts(report, label, summary)?;
        Ok(Report { question: Some(question), ..report })
    }

    fn end(&self, state: ImportState, message: Bilingual, headings: &[(String, Option<String>)]) -> Outcome<Report> {
        let report = self.told(state, message, headings);
        self.apply(Command::FinishImport { import: self.id.clone(), summary: report.summary.clone() })?;
        Ok(report)
    }

    fn told(&self, state: ImportState, message: Bilingual, headings: &[(String, Option<String>)]) -> Report {
        let summary = ImportSummary {
            state,
            rows_taken: self.taken,
            rows_added: Some(self.changes.added),
            rows_changed: self.changes.changed,
            rows_removed: self.changes.removed,
            rows_unchanged: self.changes.unchanged,
            coverage: self.coverage.clone(),
            rows_unmatched: self.unmatched,
            rows_noted: self.noted,
            faults: self.faults,
            remarks: self.rows_remarked,
            message,
            ..ImportSummary::default()
        };
        Report {
            dataset: self.order.dataset.to_owned(),
            file: self.order.file_name.to_owned(),
            import: self.id.clone(),
            summary,
            headings: headings.to_vec(),
            fault_file: None,
            unmatched_file: None,
            question: None,
            column_question: None,
            noted: Vec::new(),
            noted_file: None,
        }
    }
}

/// All other sources and registers, so that a wrong file can be named for what it is.
pub fn other_shapes<'a>(
    package: &'a policy::Package,
    order: &Order<'_>,
    places: &'a dyn Places,
) -> Outcome<Vec<Shape<'a>>> {
    let names = package.sources.keys().chain(package.registers.keys());
    names.filter(|name| *name != order.dataset).map(|name| shape::shape(package, name, order.day, places)).collect()
}

/// Heading in the file, and the column that it was read as.
pub fn headings_of(summary: &Summary) -> Vec<(String, Option<String>)> {
    let is_own = |used: &&exchange::HeadingUse| used.column != exchange::RECORD_COLUMN;
    let used = summary.headings.iter().filter(is_own);
    let used = used.filter_map(|used| Some((used.heading.clone()?, Some(used.column.clone()))));
    used.chain(summary.unused.iter().map(|unused| (unused.column.to_string(), None))).collect()
}

/// BLAKE3 of a file's bytes in hexadecimal, and their number.
///
/// # Errors
/// When the file cannot be read.
pub fn hash_of(path: &Path) -> Outcome<(String, u64)> {
    let attempt = || format!("无法读取文件 {}", path.display());
    let hint = "请确认文件存在且有读取权限";
    let mut file = std::fs::File::open(path).attempt(attempt, hint)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).attempt(attempt, hint)?;
        if read == 0 {
            return Ok((hasher.finalize().to_hex().to_string(), bytes));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// Told of rows whose person is in another household on the same day, and what is done with them.
pub(super) fn in_two_households(count: u64, [done, english]: [&str; 2]) -> Bilingual {
    Bilingual::new(
        format!("有{count}行的成员同一天登记在两户,{done},请按错误标注核实。"),
        format!(
            "{count} rows put somebody into two households on one day; they {english}, please check them as marked."
        ),
    )
}
