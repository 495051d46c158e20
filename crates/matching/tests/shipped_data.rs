//! The lists that packages ship can be read, and hold together.

use matching::RegionRepair;
use model::{AreaCodes, Level, RegionCode};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn policy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy")
}

/// The data folders of packages that ship a history of divisions.
fn data_folders() -> Vec<PathBuf> {
    let packages = std::fs::read_dir(policy()).expect("the folder of packages can be read");
    let data = packages.flatten().map(|entry| entry.path().join("data"));
    data.filter(|folder| folder.join("divisions-history.csv").is_file()).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn divisions(folder: &Path) -> BTreeSet<RegionCode> {
    let text = text(&folder.join("divisions.csv"));
    let code = |line: &str| line.split(',').next().and_then(|code| code.parse().ok());
    text.lines().skip(1).filter_map(code).collect()
}

#[test]
fn stale_codes_lead_to_counties_of_today_and_no_code_in_use_is_touched() {
    assert!(!data_folders().is_empty(), "no package ships a history of divisions");
    for folder in data_folders() {
        let divisions = divisions(&folder);
        let history = text(&folder.join("divisions-history.csv"));
        let repair =
            RegionRepair::from_csv(&history, |code| divisions.contains(&code)).expect("the history can be read");
        assert!(!repair.is_empty(), "{}", folder.display());
        for line in history.lines().skip(1) {
            let old: RegionCode = line.split(',').next().and_then(|code| code.parse().ok()).expect("an old code");
            match repair.current(old) {
                Some(current) => {
                    assert!(divisions.contains(&current) && !divisions.contains(&old), "{old} -> {current}")
                }
                None => continue,
            }
        }
        let touched = divisions.iter().filter(|code| repair.current(**code).is_some()).count();
        assert_eq!(touched, 0, "codes in use would be changed");
    }
}

#[test]
fn the_list_of_areas_knows_the_counties_of_the_packages_but_for_the_newest() {
    let codes = AreaCodes::from_csv(&text(&policy().join("codes/id-area-codes.csv"))).expect("the list can be read");
    assert!(codes.all().count() > 5_000);
    for folder in data_folders() {
        let divisions = divisions(&folder);
        let is_county = |code: &&RegionCode| code.level() == Level::County;
        let area = |code: &RegionCode| u32::try_from(code.number() / 1_000_000).expect("six digits");
        let counties: Vec<u32> = divisions.iter().filter(is_county).map(area).collect();
        let newest = counties.iter().filter(|area| !codes.existed(**area)).count();
        assert!(newest * 100 <= counties.len(), "{newest} of {} counties are not in the list", counties.len());
        let completed = codes.clone().with(counties.iter().copied());
        assert!(counties.iter().all(|area| completed.existed(*area)));
    }
}
