//! Checks the calendar of working days.

use super::found::Findings;
use crate::calendar::Calendar;
use crate::package::{Package, Thing};
use model::Day;
use std::collections::BTreeSet;
use words::advice;

/// Checks `calendar.toml`, where the package has one.
pub(super) fn check(package: &Package, found: &mut Findings) {
    let Some(file) = package.texts.get(&(Thing::Calendar, Thing::Calendar.folder().to_owned())) else { return };
    let file = file.clone();
    let mut years = BTreeSet::new();
    for (at, year) in package.calendar_years.iter().enumerate() {
        let key = |name: &str| format!("year.{at}.{name}");
        found.filled(&file, &key("source"), &year.source);
        if !years.insert(year.year) {
            found.add(file.problem(&key("year"), advice!("package_year_twice", year = year.year)));
        }
        let mut seen: BTreeSet<Day> = BTreeSet::new();
        for (list, days) in [("off", &year.off), ("worked", &year.worked)] {
            for (index, day) in days.iter().enumerate() {
                let place = key(&format!("{list}.{index}"));
                if day.0.year() != year.year {
                    found
                        .add(file.problem(&place, advice!("package_day_of_other_year", day = day.0, year = year.year)));
                }
                if list == "worked" && !Calendar::is_weekend(day.0) {
                    found.add(file.problem(&place, advice!("package_day_no_weekend", day = day.0)));
                }
                if !seen.insert(day.0) {
                    found.add(file.problem(&place, advice!("package_day_twice", day = day.0)));
                }
            }
        }
    }
}
