//! Checks the calendar of working days.

use super::found::Findings;
use crate::calendar::Calendar;
use crate::package::{Package, Thing};
use model::Day;
use std::collections::BTreeSet;

/// Checks `calendar.toml`, where the package has one.
pub(super) fn check(package: &Package, found: &mut Findings) {
    let Some(file) = package.texts.get(&(Thing::Calendar, Thing::Calendar.folder().to_owned())) else { return };
    let file = file.clone();
    let mut years = BTreeSet::new();
    for (at, year) in package.calendar_years.iter().enumerate() {
        let key = |name: &str| format!("year.{at}.{name}");
        found.filled(&file, &key("source"), &year.source);
        if !years.insert(year.year) {
            found.add(file.at(&key("year"), format!("{} 年写了两次", year.year), "一年只写一段"));
        }
        let mut seen: BTreeSet<Day> = BTreeSet::new();
        for (list, days) in [("off", &year.off), ("worked", &year.worked)] {
            for (index, day) in days.iter().enumerate() {
                let place = key(&format!("{list}.{index}"));
                if day.0.year() != year.year {
                    found.add(file.at(&place, format!("{} 不在 {} 年", day.0, year.year), "写到它所在的年份下面"));
                }
                if list == "worked" && !Calendar::is_weekend(day.0) {
                    found.add(file.at(&place, format!("{} 不是周末,本来就上班", day.0), "worked 只写调休上班的周末"));
                }
                if !seen.insert(day.0) {
                    found.add(file.at(&place, format!("{} 重复", day.0), "一天只写一次"));
                }
            }
        }
    }
}
