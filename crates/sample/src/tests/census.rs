//! The census file: what must stand in it, and what follows from it.

use super::{census_text, county, ordinary};
use crate::census::{CensusError, read};

#[test]
fn ages_are_even_within_their_group_and_add_up() {
    let ages = county().ages();
    assert_eq!(ages.len(), 96);
    assert!((ages.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let share = |heading: &str| match heading {
        "age_0" => 0.02,
        "age_1_4" => 0.04,
        "age_80_84" => 0.05,
        "age_85plus" => 0.11,
        _ => 0.0,
    };
    let ages = read(&census_text(share)).expect("a census")[0].ages();
    for (age, expected) in
        [(0, 0.02), (1, 0.01), (4, 0.01), (5, 0.0), (79, 0.0), (80, 0.01), (84, 0.01), (85, 0.01), (95, 0.01)]
    {
        assert!((ages[age] - expected).abs() < 1e-9, "{age}: {}", ages[age]);
    }
}

#[test]
fn only_counties_are_taken_and_a_figure_that_is_none_is_nought() {
    let text = census_text(ordinary);
    let mut lines = text.lines();
    let (headings, own) = (lines.next().expect("headings"), lines.next().expect("a county"));
    let province = own.replace("990101000000,山前县,county", "990000000000,某省,province");
    let gap = own.replace("990101000000,山前县", "990102000000,山后县").replace(",0.2,", ",-,");
    let counties = read(&format!("{headings}\n{province}\n{own}\n{gap}\n")).expect("a census");
    let names: Vec<(String, String)> =
        counties.iter().map(|county| (county.code.to_string(), county.name.clone())).collect();
    assert_eq!(
        names,
        [("990101000000".to_owned(), "山前县".to_owned()), ("990102000000".to_owned(), "山后县".to_owned())]
    );
    for (figure, first, second) in
        [("one_person_households", 0.2, 0.0), ("household_size", 2.9, 2.9), ("no_such_column", 0.0, 0.0)]
    {
        assert_eq!((counties[0].figure(figure), counties[1].figure(figure)), (first, second), "{figure}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_a_reason() {
    let text = census_text(ordinary);
    for column in ["sex_ratio", "age_40_44", "age_85plus", "code", "kind"] {
        let refused = read(&text.replacen(column, "other", 1)).expect_err("it lacks a column");
        assert_eq!(refused.to_string(), format!("the census file has no column `{column}`"));
    }
    let nowhere = read(&text.replace("990101000000", "somewhere")).expect_err("no code");
    assert!(matches!(nowhere, CensusError::NotARegion { line: 2 }), "{nowhere}");
    let short = read(&format!("{text}1,2\n")).expect_err("no CSV");
    assert!(matches!(short, CensusError::Csv(_)), "{short}");
    assert!(read(text.lines().next().expect("headings")).expect("nobody").is_empty());
}
