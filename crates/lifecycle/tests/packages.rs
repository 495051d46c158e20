//! Every package of the repository holds together, with its overlays and without, and all its cases pass, steps included.

use lifecycle::{Counting, first_day_after_wait, last_day_of, run_cases, wait_is_over};
use model::Day;
use policy::Package;
use std::fs;
use std::path::{Path, PathBuf};

fn folders(inside: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(inside).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn policy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy")
}

fn packages() -> Vec<Package> {
    let roots = folders(&policy()).into_iter().filter(|folder| folder.join("package.toml").exists());
    let load = |root: PathBuf| Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let packages: Vec<Package> = roots.map(load).collect();
    assert!(!packages.is_empty(), "the packages are not where this test looks");
    packages
}

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

#[test]
fn every_package_holds_and_its_cases_pass() {
    for package in packages() {
        let warnings: Vec<String> = package.warnings.iter().map(ToString::to_string).collect();
        assert!(warnings.is_empty(), "{}", warnings.join("\n"));
        let report = run_cases(&package);
        let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        assert!(report.passed > 0);
    }
}

#[test]
fn cases_pass_under_every_overlay() {
    for package in packages() {
        for overlay in folders(&policy().join("overlays")) {
            let laid = Package::load(&package.root, &[overlay]).unwrap_or_else(|problems| panic!("{problems}"));
            let failed: Vec<String> = run_cases(&laid).failed.iter().map(ToString::to_string).collect();
            assert!(failed.is_empty(), "{}", failed.join("\n"));
        }
    }
}

#[test]
fn working_days_follow_the_announced_years() {
    let package = packages().into_iter().find(|package| package.calendar.is_set(2024)).expect("a calendar of 2024");
    let cases = [
        // Spring Festival of 2024: the Sundays before and after are worked.
        ("2024-02-03", false),
        ("2024-02-04", true),
        ("2024-02-09", true),
        ("2024-02-10", false),
        ("2024-02-16", false),
        ("2024-02-17", false),
        ("2024-02-18", true),
        ("2024-02-19", true),
        // National Day of 2024.
        ("2024-09-28", false),
        ("2024-09-29", true),
        ("2024-09-30", true),
        ("2024-10-01", false),
        ("2024-10-07", false),
        ("2024-10-08", true),
        ("2024-10-12", true),
        ("2024-10-13", false),
        // Spring Festival of 2026, the longest of them.
        ("2026-02-13", true),
        ("2026-02-14", true),
        ("2026-02-15", false),
        ("2026-02-23", false),
        ("2026-02-24", true),
        ("2026-02-28", true),
        ("2026-03-01", false),
    ];
    for (on, worked) in cases {
        assert_eq!(package.calendar.is_working_day(day(on)), worked, "{on}");
    }
    assert!(!package.calendar.is_set(2020), "a year before the package is not set");
    assert!(package.calendar.is_working_day(day("2020-10-01")), "a year that is not set counts weekdays");
}

#[test]
fn waits_and_deadlines_count_over_the_holidays() {
    let package = packages().into_iter().find(|package| package.calendar.is_set(2024)).expect("a calendar of 2024");
    let working = Counting::Working(&package.calendar);
    // begun on, days, first day after the wait, last day of the deadline
    let cases = [
        ("2024-02-02", 1, "2024-02-05", "2024-02-04"),
        ("2024-02-09", 1, "2024-02-19", "2024-02-18"),
        ("2024-02-08", 2, "2024-02-19", "2024-02-18"),
        ("2024-02-10", 5, "2024-02-23", "2024-02-22"),
        ("2024-09-27", 2, "2024-10-01", "2024-09-30"),
        ("2024-09-27", 3, "2024-10-09", "2024-10-08"),
        ("2024-10-08", 4, "2024-10-13", "2024-10-12"),
        ("2024-09-30", 0, "2024-09-30", "2024-09-30"),
    ];
    for (begun, days, first, last) in cases {
        assert_eq!(first_day_after_wait(day(begun), days, working), day(first), "{begun} + {days}");
        assert_eq!(last_day_of(day(begun), days, working), day(last), "{begun} + {days}");
        assert!(wait_is_over(day(begun), days, working, day(first)));
        assert!(days == 0 || !wait_is_over(day(begun), days, working, day(first).plus_days(-1)));
    }
    assert_eq!(last_day_of(day("2024-09-30"), 3, Counting::Natural), day("2024-10-03"), "natural days do not stop");
}

#[test]
fn cases_say_which_effects_they_expect() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/tests/fixtures");
    let folder = tempfile::tempdir().expect("a folder");
    for (inside, before, after, message) in [
        ("", "", "", ""),
        ("effects = [\"stop decide\"]", "stop", "resume", "应有的后续是 [resume decide],实为 [stop decide]"),
        ("to = \"paused\"", "paused", "public", "应到状态 `public`,实到 `paused`"),
        ("approved_by = [\"officer\"] }\nexpect = true\nto = \"approved\"", "\"officer\"", "", "应到状态 `approved`"),
        ("effects = [\"take down\"]", "\"take down\"", "", "实为 [take down]"),
        ("next 2024-05-16\"]", "16", "15", "next 2024-05-16"),
    ] {
        let root = folder.path().join("fixtures");
        copy(&fixtures, &root);
        let path = root.join("steps/registers/application.cases.toml");
        let text = fs::read_to_string(&path).expect("reads");
        assert!(text.contains(inside), "{inside}");
        fs::write(&path, text.replacen(inside, &inside.replacen(before, after, 1), 1)).expect("writes");
        let package = Package::load(&root.join("steps"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let failed: Vec<String> = run_cases(&package).failed.iter().map(ToString::to_string).collect();
        assert_eq!(failed.len(), usize::from(!message.is_empty()), "{failed:?}");
        assert!(failed.iter().all(|failed| failed.contains(message)), "{message}: {failed:?}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("makes");
    for entry in fs::read_dir(from).expect("lists").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, &target).expect("copies");
        }
    }
}
