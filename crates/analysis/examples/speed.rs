//! Fills a lake with made-up rows for any package, screens it and prints times.
//!
//! `cargo run --release -p analysis --example speed -- <package> <lake folder> <households> <day> [overlay]`
//! Every source gets rows for a share of the residents, with codes of its code lists and days of the last two years.

use analysis::{ScreeningRequest, household_facts, reference_sql, screen, what_if};
use lake::{DatasetSchema, Lake};
use model::{Day, Decimal, Fen, HouseholdNo, Kind, LakeRow, RegionCode, ResidentKey, Value};
use policy::Package;
use policy::declare::{Column, Grain, Mode};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

const COUNTY_HOUSEHOLDS: i64 = 50_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, root, folder, households, day, overlays @ ..] = arguments.as_slice() else {
        eprintln!("speed <package> <lake folder> <households> <day> [overlay]");
        std::process::exit(2);
    };
    let overlays: Vec<PathBuf> = overlays.iter().map(PathBuf::from).collect();
    let package = Package::load(Path::new(root), &overlays).unwrap_or_else(|problems| panic!("{problems:?}"));
    let day: Day = day.parse().expect("a day");
    let lake = Lake::local(folder).expect("a folder");
    let households: i64 = households.parse().expect("a number");
    if lake.datasets().expect("a folder").is_empty() {
        fill(&lake, &package, households, day);
    }
    measure(&lake, Path::new(folder), &package, day);
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{what}: {:.3} s", start.elapsed().as_secs_f64());
    result
}

fn measure(lake: &Lake, folder: &Path, package: &Package, day: Day) {
    let full = ScreeningRequest { threads: 2, ..ScreeningRequest::on(day) };
    let bare = ScreeningRequest { with_evidence: false, with_findings: false, ..full.clone() };
    for round in 0..3 {
        timed(&format!("screen without rows and findings, 2 threads, round {round}"), || screen(lake, package, &bare))
            .expect("it runs");
    }
    timed("screen without rows, 1 thread", || screen(lake, package, &ScreeningRequest { threads: 1, ..bare.clone() }))
        .expect("it runs");
    if std::env::var_os("ONLY_BARE").is_some() {
        return;
    }
    let outcome = timed("screen with everything, 2 threads", || screen(lake, package, &full)).expect("it runs");
    println!("{} households, {} leads, {} findings", outcome.households, outcome.leads.len(), outcome.quality.len());
    for run in &outcome.rules {
        println!("  {:40} {:>8} {}", run.rule, run.found, run.not_run.chinese());
    }
    let overrides = BTreeMap::new();
    timed("what-if with base", || what_if(lake, package, &full, &overrides, Some(&outcome.leads))).expect("it runs");
    if let Some(lead) = outcome.leads.first() {
        for _ in 0..3 {
            timed("facts of one household", || household_facts(lake, package, lead.household_no, day, day))
                .expect("it runs");
        }
    }
    let sql = reference_sql(lake, package, &full).expect("the reference can be written");
    let path = folder.join("../reference.sql");
    std::fs::write(&path, sql).expect("writable");
    let pairs: Vec<String> = outcome
        .leads
        .iter()
        .flat_map(|lead| lead.reasons.iter().map(|reason| format!("{},{}", lead.household_no, reason.rule)))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    std::fs::write(folder.join("../pairs.csv"), pairs.join("\n")).expect("writable");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).expect("63 bits") % below.max(1)
    }
}

fn fill(lake: &Lake, package: &Package, households: i64, day: Day) {
    let start = Instant::now();
    let counties: Vec<RegionCode> = package
        .divisions
        .all()
        .iter()
        .map(|division| division.code)
        .filter(|code| code.level() == model::Level::County)
        .take(usize::try_from((households + COUNTY_HOUSEHOLDS - 1) / COUNTY_HOUSEHOLDS).expect("positive"))
        .collect();
    let mut rows = 0;
    for (index, county) in counties.iter().enumerate() {
        let own = COUNTY_HOUSEHOLDS.min(households - COUNTY_HOUSEHOLDS * i64::try_from(index).expect("few"));
        rows += fill_county(lake, package, *county, own, day);
    }
    println!("filled {} counties with {rows} rows: {:.1} s", counties.len(), start.elapsed().as_secs_f64());
}

fn fill_county(lake: &Lake, package: &Package, county: RegionCode, households: i64, day: Day) -> usize {
    let number = u32::try_from(county.number() / 1_000_000).expect("six digits");
    let mut dice = Dice(county.number());
    let base = i64::try_from(county.number()).expect("twelve digits") * 1_000;
    let mut people: Vec<(HouseholdNo, Option<ResidentKey>)> = Vec::new();
    let homes: Vec<(HouseholdNo, Option<ResidentKey>)> =
        (0..households).map(|index| (HouseholdNo(base + index * 7), None)).collect();
    for (home, _) in &homes {
        for _ in 0..1 + dice.below(4) {
            people.push((*home, Some(ResidentKey(dice.below(i64::MAX)))));
        }
    }
    let mut put = |name: &str, columns: &[Column], mode: Mode, about: &[(HouseholdNo, Option<ResidentKey>)]| {
        let schema = DatasetSchema::of_columns(name, columns);
        let declared: Vec<&Column> = Package::lake_columns(columns).collect();
        let rows: Vec<LakeRow> = about
            .iter()
            .enumerate()
            .map(|(index, (household, resident))| LakeRow {
                household_no: *household,
                resident_key: *resident,
                key_hash: dice.below(i64::MAX),
                file: "0123456789ab".to_owned(),
                row: u32::try_from(index + 2).expect("few"),
                values: declared.iter().map(|column| value(package, column, county, day, &mut dice)).collect(),
            })
            .collect();
        lake.merge(&schema, mode, number, day, &rows).expect("the rows fit");
        rows.len()
    };
    let mut rows = put("household", &package.registers["household"].field, Mode::Roster, &homes);
    rows += put("resident", &package.registers["resident"].field, Mode::Roster, &people);
    let mut share = Dice(county.number() ^ 7);
    for (name, source) in &package.sources {
        let about = if source.of == Grain::Resident { &people } else { &homes };
        let percent = match name.as_str() {
            "medical_settlement" => 60,
            "medical_enrolment" | "resident_pension" => 80,
            "school_enrolment" | "labour_registration" => 25,
            _ => 4,
        };
        let some: Vec<_> = about.iter().filter(|_| share.below(100) < percent).copied().collect();
        rows += put(name, &source.column, source.mode, &some);
    }
    rows
}

fn value(package: &Package, column: &Column, county: RegionCode, day: Day, dice: &mut Dice) -> Value {
    if !column.required && dice.below(100) < 20 {
        return Value::Null;
    }
    match column.kind {
        Kind::Code => {
            let codes = column.codes.as_ref().and_then(|list| package.codes.get(list));
            codes.filter(|codes| !codes.code.is_empty()).map_or(Value::Null, |codes| {
                let at = usize::try_from(dice.below(i64::try_from(codes.code.len()).expect("few"))).expect("positive");
                Value::Text(codes.code[at].code.clone())
            })
        }
        Kind::Region => {
            Value::Text(format!("{}", county.number() + 100_201 + u64::try_from(dice.below(40)).expect("few")))
        }
        Kind::Int => Value::Int(dice.below(60)),
        Kind::Decimal => Value::Decimal(Decimal::new(dice.below(500), 1)),
        Kind::Fen => Value::Fen(Fen(dice.below(300_000))),
        Kind::Day if column.name.starts_with("born") => Value::Day(day.plus_days(-dice.below(32_000))),
        Kind::Day | Kind::Month => Value::Day(day.plus_days(-dice.below(730))),
        Kind::Bool => Value::Bool(dice.below(2) == 0),
        _ => Value::Text(format!("文字{}", dice.below(1_000))),
    }
}
