//! The command line: what can be asked for, and with what.

use clap::{Args, Parser, Subcommand, ValueEnum};
use model::{Day, RegionCode};
use std::path::PathBuf;

/// Shouwang: keeps rural households out of poverty.
#[derive(Debug, Parser)]
#[command(name = "shouwang", version, propagate_version = true)]
pub struct Arguments {
    /// Print one machine-readable JSON summary on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// What the program is asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A made-up county: made, imported, screened, served.
    Demo(Demo),
    /// Check a policy package and run its cases.
    Check(Check),
    /// Made-up registers and department extracts by seed.
    Sample(Sample),
    /// A new installation folder.
    Init(Init),
    /// Import a register or department extracts.
    Import(Import),
    /// The template of a register, to fill in.
    Template(TemplateFile),
    /// A register to a file that can be imported again.
    Export(Export),
    /// Take an import of a register or a department back.
    Undo(Undo),
    /// Freeze every register as it stands, under a year's name.
    Freeze(Freeze),
    /// The tables of a register for programs: Table Schema.
    Schema(SchemaFile),
    /// Screen all households and raise leads.
    Screen(Screen),
    /// The screening rules as SQL, to compare with.
    Sql(Sql),
    /// List leads.
    Leads(Leads),
    /// Explain one lead with the rows behind it.
    Explain(Explain),
    /// What a changed parameter would do.
    Whatif(WhatIf),
    /// Recall and precision against planted truth.
    Score(Score),
    /// Serve the pages.
    Serve(Serve),
    /// Add an account with a generated password.
    Account(Account),
    /// Bring the database up to the package.
    Migrate(Migrate),
    /// Verify the hash chains of the event log.
    Verify(InDir),
    /// Scaffold a declaration.
    New(New),
}

/// Arguments of commands that need an installation and no more.
#[derive(Debug, Args)]
pub struct InDir {
    /// Installation folder.
    #[arg(long)]
    pub dir: PathBuf,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Folder for the demo; made anew when it does not exist, reused when it does.
    #[arg(long, default_value = "demo")]
    pub dir: PathBuf,
    /// Folder of the package; by default the only one under `policy/`.
    #[arg(long)]
    pub package: Option<PathBuf>,
    /// County of the demo; by default the package's own choice.
    #[arg(long)]
    pub region: Option<RegionCode>,
    #[arg(long, default_value_t = 3000)]
    pub households: u64,
    #[arg(long, default_value_t = 20_210_527)]
    pub seed: u64,
    /// Day of the made-up deliveries and of the screening; today by default.
    #[arg(long)]
    pub day: Option<Day>,
    #[arg(long, default_value_t = 8327)]
    pub port: u16,
    /// Stop after the screening, without serving.
    #[arg(long)]
    pub no_serve: bool,
    /// Stop serving after so many seconds (for tests).
    #[arg(long)]
    pub stop_after: Option<u64>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Folder of the package.
    pub package: PathBuf,
    /// Overlays laid over it, e.g. a county's parameters.
    #[arg(long)]
    pub overlay: Vec<PathBuf>,
}

/// Format of the files of a made-up province.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    Csv,
    Xlsx,
    Parquet,
}

/// Arguments of `sample`.
#[derive(Debug, Args)]
pub struct Sample {
    /// Division code: province, prefecture, county or township.
    #[arg(long)]
    pub region: RegionCode,
    #[arg(long)]
    pub households: u64,
    #[arg(long)]
    pub seed: u64,
    /// Day of delivery.
    #[arg(long)]
    pub day: Day,
    #[arg(long)]
    pub out: PathBuf,
    #[arg(long, value_enum, default_value = "csv")]
    pub format: FileFormat,
    /// Without the dirt of real files.
    #[arg(long)]
    pub clean: bool,
    /// With records of the other registers that the package marks.
    #[arg(long)]
    pub ledgers: bool,
    /// Folder of the package; by default the only one under `policy/`.
    #[arg(long)]
    pub package: Option<PathBuf>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long)]
    pub package: PathBuf,
    /// Overlays copied with it, e.g. `policy/overlays/demo-county`.
    #[arg(long)]
    pub overlay: Vec<PathBuf>,
    /// The place of the installation; the package's place where it is not said.
    #[arg(long)]
    pub region: Option<RegionCode>,
    /// PostgreSQL database, `postgres://user@host/database?schema=name`; a file in the folder by default.
    #[arg(long)]
    pub database: Option<String>,
    /// Folder of the lake, or a bucket of an object store, `s3://bucket/prefix` (keys from the environment); `lake` in the folder
    /// by default.
    #[arg(long)]
    pub lake: Option<String>,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct Import {
    #[arg(long)]
    pub dir: PathBuf,
    /// Name of a source or register of the package.
    pub dataset: String,
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Day of delivery; read from a file name that ends in `_2024-06-30`, else today.
    #[arg(long)]
    pub day: Option<Day>,
    /// Only say what the files of a register would do; nothing is changed.
    #[arg(long)]
    pub preview: bool,
    /// Which column of the file is a field: `表头=字段` or `列F=字段` (heading or letters); again for another field.
    #[arg(long = "column", value_name = "HEADING=FIELD")]
    pub columns: Vec<String>,
    /// Unit of money where the file does not name it.
    #[arg(long)]
    pub unit: Option<String>,
    #[command(flatten)]
    pub delivery: Delivery,
}

/// What a delivery of a department covers.
#[derive(Debug, Default, Args)]
pub struct Delivery {
    /// The place that the file is of; by default as its name, its rows and the last one tell.
    #[arg(long)]
    pub place: Option<RegionCode>,
    /// First day that the file covers.
    #[arg(long)]
    pub from: Option<Day>,
    /// Last day that the file covers.
    #[arg(long)]
    pub to: Option<Day>,
    /// Only some rows: added by their keys, none goes.
    #[arg(long)]
    pub partial: bool,
    /// More rows go than the source lets go unasked, and that is right.
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `template`.
#[derive(Debug, Args)]
pub struct TemplateFile {
    #[arg(long)]
    pub dir: PathBuf,
    /// Name of a register of the package.
    pub register: String,
    /// File to write (`.xlsx`).
    #[arg(long)]
    pub out: PathBuf,
    /// Place of who fills it in; the installation's place by default.
    #[arg(long)]
    pub region: Option<RegionCode>,
}

/// Format of a register's export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BookFormat {
    // With child records on sheets of their own.
    Xlsx,
    // The records alone.
    Csv,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    #[arg(long)]
    pub dir: PathBuf,
    /// Name of a register of the package.
    pub register: String,
    /// File to write; its ending says the format: `.xlsx` or `.csv`.
    #[arg(long)]
    pub out: PathBuf,
    /// Needed for a file without an ending only.
    #[arg(long, value_enum)]
    pub format: Option<BookFormat>,
}

/// Arguments of `undo`.
#[derive(Debug, Args)]
pub struct Undo {
    #[arg(long)]
    pub dir: PathBuf,
    /// Import, as `import` and the pages name it.
    pub import: String,
}

/// Arguments of `freeze`.
#[derive(Debug, Args)]
pub struct Freeze {
    #[arg(long)]
    pub dir: PathBuf,
    pub year: i32,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaFile {
    #[arg(long)]
    pub dir: PathBuf,
    /// Name of a register of the package.
    pub register: String,
    /// File to write (`.json`); standard output by default.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Arguments of `screen`.
#[derive(Debug, Args)]
pub struct Screen {
    #[arg(long)]
    pub dir: PathBuf,
    /// The day the screening is about; the latest delivery day by default.
    #[arg(long)]
    pub day: Option<Day>,
    /// The day up to which published values are known; `day` by default.
    #[arg(long)]
    pub known: Option<Day>,
    #[arg(long)]
    pub threads: Option<usize>,
    /// Find leads but write nothing into the store.
    #[arg(long)]
    pub dry_run: bool,
    /// With `--dry-run`: write what was found as lines of `household,rule` to this file (`.csv` or `.txt`).
    #[arg(long, requires = "dry_run")]
    pub pairs: Option<PathBuf>,
}

/// Arguments of `sql`.
#[derive(Debug, Args)]
pub struct Sql {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long)]
    pub day: Option<Day>,
    #[arg(long)]
    pub known: Option<Day>,
    /// File to write (`.sql`); standard output by default.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Format of a list of leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    // Lines for people, at most `--limit` of them.
    #[value(alias = "txt")]
    Table,
    Csv,
    Xlsx,
    Parquet,
    Json,
}

/// Arguments of `leads`.
#[derive(Debug, Args)]
pub struct Leads {
    #[arg(long)]
    pub dir: PathBuf,
    /// By default the one that the file's name ends in, and `table` on standard output.
    #[arg(long, value_enum)]
    pub format: Option<ListFormat>,
    /// File to write; standard output by default (needed for xlsx and parquet).
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// At most so many lines in the table.
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    #[arg(long)]
    pub dir: PathBuf,
    /// Lead, as `leads` lists it.
    pub lead: String,
}

/// Arguments of `whatif`.
#[derive(Debug, Args)]
pub struct WhatIf {
    #[arg(long)]
    pub dir: PathBuf,
    /// `<parameter>=<value>`; money in yuan, rates as decimals.
    #[arg(long, required = true)]
    pub set: Vec<String>,
    #[arg(long)]
    pub day: Option<Day>,
    #[arg(long)]
    pub known: Option<Day>,
}

/// Arguments of `score`.
#[derive(Debug, Args)]
pub struct Score {
    #[arg(long)]
    pub dir: PathBuf,
    /// Folder with the planted truth of the sample.
    #[arg(long)]
    pub truth: PathBuf,
}

/// Hours for which a form is kept that could not be taken, where nothing is said: a weekend.
pub const UNSENT_HOURS: u32 = 72;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    #[arg(long)]
    pub dir: PathBuf,
    /// Address; loopback by default.
    #[arg(long, default_value = "127.0.0.1:8327")]
    pub listen: String,
    /// Hours for which a form is kept that was sent after its session or page had expired.
    #[arg(long, default_value_t = UNSENT_HOURS, value_parser = clap::value_parser!(u32).range(1..=24 * 365))]
    pub keep_unsent_hours: u32,
    /// Stop after so many seconds (for tests).
    #[arg(long)]
    pub stop_after: Option<u64>,
}

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Installation folder.
    #[arg(long)]
    pub dir: PathBuf,
    /// A newer package to take in; the one that is in force by default.
    #[arg(long)]
    pub package: Option<PathBuf>,
    /// Only say what would be done; nothing is changed.
    #[arg(long)]
    pub plan: bool,
    /// Look at the calculated fields of all records again, whether or not their formulas and standards changed.
    #[arg(long, conflicts_with = "plan")]
    pub recalculate: bool,
}

/// What `new` makes files for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Thing {
    Register,
    Rule,
    Fact,
    Source,
    Indicator,
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct New {
    #[arg(value_enum)]
    pub thing: Thing,
    /// English identifier in snake case; it becomes the file's name.
    pub name: String,
    /// Folder of the package; by default the only one under `policy/`.
    #[arg(long)]
    pub package: Option<PathBuf>,
}

/// Arguments of `account`.
#[derive(Debug, Args)]
pub struct Account {
    #[arg(long)]
    pub dir: PathBuf,
    /// Sign-in name.
    pub name: String,
    /// Role of the package, e.g. `township_clerk`.
    #[arg(long)]
    pub role: String,
    /// The place that the role is given for.
    #[arg(long)]
    pub region: RegionCode,
    /// Name shown on pages.
    #[arg(long)]
    pub shown_name: Option<String>,
    /// Code of the department, for roles of a department.
    #[arg(long)]
    pub department: Option<String>,
}

mod help;
#[cfg(test)]
mod tests;
mod wrong_use;
