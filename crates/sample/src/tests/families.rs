//! Families: people who can live together, at ages at which they can be what they are to one another.

use super::{census_text, county, ordinary};
use crate::census;
use crate::family::{Draft, FamilyProfile};
use crate::random::Stream;

fn families(figure: impl Fn(&str) -> f64, count: u64) -> Vec<Vec<Draft>> {
    let census = census::read(&census_text(figure)).expect("a census");
    let profile = FamilyProfile::new(&census[0]);
    (0..count).map(|number| profile.family(&mut Stream::of(7, "family", number, 0))).collect()
}

fn of<'a>(family: &'a [Draft], relations: &[&str]) -> Vec<&'a Draft> {
    family.iter().filter(|draft| relations.contains(&draft.relation)).collect()
}

#[test]
fn the_head_comes_first_and_is_the_only_one() {
    for family in families(ordinary, 3_000) {
        assert_eq!(of(&family, &["head"]).len(), 1, "{family:?}");
        assert_eq!(family[0].relation, "head");
        assert!(family[0].is_kin && family[0].age >= 21, "{family:?}");
        assert!(family.iter().all(|draft| (0..=110).contains(&draft.age)), "{family:?}");
    }
}

#[test]
fn spouses_are_of_two_sexes_and_near_in_age() {
    let mut pairs = 0;
    for family in families(ordinary, 3_000) {
        let spouses = of(&family, &["spouse"]);
        assert!(spouses.len() <= 1, "{family:?}");
        for spouse in spouses {
            pairs += 1;
            assert_ne!(spouse.is_male, family[0].is_male, "{family:?}");
            assert!((spouse.age - family[0].age).abs() <= 6 && spouse.age >= 21, "{family:?}");
            assert!(!spouse.is_kin, "who married in bears a name of his or her own");
        }
    }
    assert!(pairs > 1_000, "{pairs}");
}

#[test]
fn relations_tell_the_sex() {
    let male = ["son", "grandson", "father", "grandfather", "son_in_law", "daughters_son"];
    let female = ["daughter", "granddaughter", "mother", "grandmother", "daughter_in_law", "daughters_daughter"];
    let mut seen = std::collections::BTreeSet::new();
    for draft in families(ordinary, 6_000).iter().flatten() {
        seen.insert(draft.relation);
        assert!(!male.contains(&draft.relation) || draft.is_male, "{draft:?}");
        assert!(!female.contains(&draft.relation) || !draft.is_male, "{draft:?}");
    }
    let missing: Vec<&&str> = male.iter().chain(&female).filter(|relation| !seen.contains(**relation)).collect();
    assert!(missing.is_empty(), "never made: {missing:?}");
}

#[test]
fn generations_lie_apart() {
    for family in families(ordinary, 6_000) {
        let head = family[0].age;
        for (relations, low, high) in [
            (&["son", "daughter"][..], -45, -18),
            (&["grandson", "granddaughter", "daughters_son", "daughters_daughter"][..], -90, -36),
            (&["father", "mother"][..], 18, 40),
            (&["grandfather", "grandmother"][..], 36, 75),
        ] {
            for draft in of(&family, relations) {
                // The very old stand at the end of the list of ages.
                let apart = draft.age - head;
                assert!((low..=high).contains(&apart) || draft.age >= 90, "{apart}: {family:?}");
            }
        }
        let children = of(&family, &["son", "daughter"]);
        // Mothers, too, are old enough to be it; so are those who married into the middle generation.
        let middle = of(&family, &["daughter_in_law", "daughter", "son", "son_in_law"]);
        let grandchildren = of(&family, &["grandson", "granddaughter", "daughters_son", "daughters_daughter"]);
        for (parent, child) in middle.iter().flat_map(|one| grandchildren.iter().map(move |child| (one, child))) {
            assert!(parent.age - child.age >= 18, "{family:?}");
        }
        for (parent, child) in
            of(&family, &["spouse"]).iter().flat_map(|one| children.iter().map(move |child| (one, child)))
        {
            assert!(parent.age - child.age >= 18, "{family:?}");
        }
        assert!(children.len() <= 12 && children.is_sorted_by(|one, two| one.age >= two.age), "{family:?}");
    }
}

#[test]
fn shapes_of_households_are_those_of_the_census() {
    let only = |wanted: &'static str| {
        move |heading: &str| match heading {
            "one_person_households" => f64::from(wanted == "alone"),
            "gen1" => f64::from(wanted == "alone" || wanted == "couple"),
            "gen2" | "gen3" | "gen4plus" => f64::from(wanted == heading),
            other => ordinary(other),
        }
    };
    for family in families(only("alone"), 200) {
        assert_eq!(family.len(), 1, "{family:?}");
    }
    for family in families(only("couple"), 200) {
        assert_eq!(family.iter().map(|draft| draft.relation).collect::<Vec<_>>(), ["head", "spouse"]);
    }
    for family in families(only("gen2"), 300) {
        let young = of(&family, &["son", "daughter", "grandson", "granddaughter"]);
        assert!(!young.is_empty() && of(&family, &["father", "mother"]).is_empty(), "{family:?}");
    }
    for family in families(only("gen3"), 300) {
        let old = of(&family, &["father", "mother"]).len();
        let grandchildren = of(&family, &["grandson", "granddaughter", "daughters_son", "daughters_daughter"]).len();
        assert!((old > 0) != (grandchildren > 0), "{family:?}");
    }
    for family in families(only("gen4plus"), 300) {
        assert!(!of(&family, &["grandfather", "grandmother"]).is_empty(), "{family:?}");
        assert_eq!(of(&family, &["father", "mother"]).len(), 2, "{family:?}");
        assert!(!of(&family, &["son", "daughter"]).is_empty(), "{family:?}");
    }
}

#[test]
fn the_same_stream_gives_the_same_family() {
    let profile = FamilyProfile::new(&county());
    let family = |seed| profile.family(&mut Stream::of(seed, "family", 1, 0));
    assert_eq!(family(1), family(1));
    assert!((2..40).any(|seed| family(seed) != family(1)));
}
