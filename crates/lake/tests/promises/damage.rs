//! Files that are damaged or gone are told by their names, and what stands beside them is read.

use crate::home::{BOTH, Home};
use crate::support::{COUNTIES, bills, day, schema};
use lake::{LakeError, RowSource};
use model::HouseholdNo;
use policy::declare::Mode;

/// Reads everything of a county.
fn read(lake: &lake::Lake, county: u32) -> lake::Result<usize> {
    let Some(rows) = RowSource::rows(lake, &schema(), county)? else { return Ok(0) };
    let names = ["household_no", "total_fen", "visit"].map(str::to_owned);
    let mut count = 0;
    for stretch in rows.between(i64::MIN, i64::MAX, &names)? {
        count += stretch?.batch.num_rows();
    }
    Ok(count)
}

#[test]
fn a_damaged_file_is_told_by_its_name_and_the_next_county_is_read() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        let rows = COUNTIES.map(|county| bills(5, county, 3_000));
        for (county, rows) in COUNTIES.into_iter().zip(&rows) {
            lake.merge(&schema(), Mode::Events, county, day("2024-06-30"), rows).expect("the rows fit");
        }
        let file = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force").file;
        let path = home.file(&format!("medical_bill/990101/{file}"));
        let whole = std::fs::read(&path).expect("readable");
        let household = rows[0][0].household_no;
        let cut_short = whole[..whole.len() / 2].to_vec();
        let mut turned = whole.clone();
        turned[whole.len() / 8..whole.len() / 4].fill(0xA5);
        for damaged in [cut_short, Vec::new(), b"PAR1".to_vec(), turned] {
            std::fs::write(&path, &damaged).expect("writable");
            let error = read(&lake, COUNTIES[0]).expect_err("it is damaged");
            assert!(matches!(&error, LakeError::Parquet { path, .. } if path.ends_with(&file)), "{at:?} {error:?}");
            let advice = error.advice().expect("what to do");
            assert!(advice.chinese().contains(&file) && advice.english().contains(&file), "{advice:?}");
            assert_eq!(read(&lake, COUNTIES[1]).expect("readable"), rows[1].len(), "{at:?}");
        }
        std::fs::write(&path, &whole).expect("writable");
        assert_eq!(read(&lake, COUNTIES[0]).expect("readable"), rows[0].len(), "{at:?}");
        assert!(!lake.rows_of_household(&schema(), household).expect("readable").is_empty());
    }
}

#[test]
fn a_file_that_is_gone_is_told_by_its_name() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        let rows = bills(5, COUNTIES[0], 20);
        lake.merge(&schema(), Mode::Events, COUNTIES[0], day("2024-06-30"), &rows).expect("the rows fit");
        let file = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force").file;
        std::fs::remove_file(home.file(&format!("medical_bill/990101/{file}"))).expect("deletable");
        for error in [
            read(&lake, COUNTIES[0]).expect_err("it is gone"),
            lake.rows_of_household(&schema(), HouseholdNo(1)).expect_err("it is gone"),
        ] {
            assert!(error.to_string().contains(&file), "{at:?} {error}");
        }
    }
}

#[test]
fn a_damaged_manifest_is_no_empty_county() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        lake.merge(&schema(), Mode::Events, COUNTIES[0], day("2024-06-30"), &bills(5, COUNTIES[0], 5))
            .expect("they fit");
        for damaged in ["", "{}", "null", "{\"file\": 1}"] {
            std::fs::write(home.file("medical_bill/990101/in_force.json"), damaged).expect("writable");
            for told in [lake.counties("medical_bill").map(drop), lake.in_force("medical_bill", COUNTIES[0]).map(drop)]
            {
                let error = told.expect_err("it is damaged");
                assert!(
                    matches!(&error, LakeError::Manifest { path, .. } if path.contains("990101")),
                    "{at:?} {error:?}"
                );
            }
        }
    }
}
