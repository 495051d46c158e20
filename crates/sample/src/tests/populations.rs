//! What the population file says of a county: the nearest place counts, the rest go to the last people.

use super::population;
use crate::population::Population;
use model::RegionCode;

fn code(text: &str) -> RegionCode {
    text.parse().expect("a place")
}

#[test]
fn the_smallest_place_that_holds_the_county_counts() {
    for (county, peoples, income, lifted_out) in [
        // The county's own line: a quarter, a half and the rest of the minorities, who go to the last people.
        ("990101", [0.6, 0.1, 0.3], 0.5, 0.75),
        // The province's line: half of the minorities, the rest to the last.
        ("990102", [0.6, 0.2, 0.2], 1.0, 0.1),
        // No line at all.
        ("980101", [0.6, 0.0, 0.4], 1.0, 0.1),
    ] {
        let traits = population().traits_of(code(county), 0.4);
        for (found, expected) in traits.peoples.iter().zip(peoples) {
            assert!((found - expected).abs() < 1e-9, "{county}: {:?}", traits.peoples);
        }
        assert_eq!((traits.peoples.len(), traits.income, traits.lifted_out), (3, income, lifted_out), "{county}");
        assert!((traits.peoples.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{county}");
    }
}

#[test]
fn without_minorities_all_are_of_the_majority() {
    assert_eq!(population().traits_of(code("990101"), 0.0).peoples, [1.0, 0.0, 0.0]);
}

#[test]
fn the_order_of_the_places_does_not_matter() {
    let mut turned = population();
    turned.place.reverse();
    let (one, other) = (population().traits_of(code("990101"), 0.4), turned.traits_of(code("990101"), 0.4));
    assert_eq!((one.peoples, one.income, one.lifted_out), (other.peoples, other.income, other.lifted_out));
}

#[test]
fn a_line_that_nobody_reads_is_refused() {
    for wrong in
        ["surprise = 1", "[shock.illness]\nrate = 0.1", "[shock.illness]\nrate = 0.1\ncost = 1.0\nspread = 1.0\nx = 2"]
    {
        assert!(toml::from_str::<Population>(wrong).is_err(), "{wrong}");
    }
}
