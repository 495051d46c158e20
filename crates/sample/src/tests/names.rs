//! Names and chance: what is promised of every draw.

use crate::names::{Custom, NameBook};
use crate::random::{Lottery, Stream, fingerprint};

#[test]
fn a_variant_is_never_the_name_itself_and_keeps_what_is_around_it() {
    let book = NameBook::new();
    for number in 0..400 {
        let mut stream = Stream::of(11, "variant", number, 0);
        let clan = book.lineage(Custom::Clan, &mut stream);
        for (custom, lineage) in [(Custom::Clan, clan.as_str()), (Custom::Pair, "")] {
            let name = book.full(custom, lineage, number.is_multiple_of(2), &mut stream);
            let Some(variant) = book.variant(&name, &mut stream) else {
                assert_eq!(custom, Custom::Pair, "a name with a dot can be written without it: {name}");
                continue;
            };
            assert_ne!(variant, name);
            assert!(!variant.is_empty() && variant.chars().all(|letter| !letter.is_ascii_digit()), "{variant}");
        }
    }
}

#[test]
fn sexes_have_given_names_of_their_own() {
    let book = NameBook::new();
    let drawn = |is_male: bool| -> std::collections::BTreeSet<String> {
        (0..800).map(|number| book.full(Custom::Clan, "某", is_male, &mut Stream::of(1, "sex", number, 0))).collect()
    };
    let (women, men) = (drawn(false), drawn(true));
    let both = women.intersection(&men).count();
    assert!(both * 2 < women.len().min(men.len()), "{both} of {} and {}", women.len(), men.len());
}

#[test]
fn chances_of_nought_and_one_are_certain() {
    let mut stream = Stream::of(1, "certain", 0, 0);
    assert!((0..500).all(|_| !stream.chance(0.0)));
    assert!((0..500).all(|_| stream.chance(1.0)));
    assert!((0..500).map(|_| stream.unit()).all(|unit| (0.0..1.0).contains(&unit)));
}

#[test]
fn draws_from_nothing_and_from_one() {
    let mut stream = Stream::of(1, "edges", 0, 0);
    assert_eq!((stream.index(0), stream.index(1)), (0, 0));
    assert_eq!(stream.pick::<u8>(&[]), None);
    assert_eq!(stream.pick(&[7]), Some(&7));
    assert_eq!((stream.weighted(&[]), stream.weighted(&[0.0, 0.0]), stream.weighted(&[0.0, 2.0, 0.0])), (0, 0, 1));
    assert_eq!(Lottery::new([]).draw(&mut stream), 0);
    assert_eq!(Lottery::new([0, 0]).draw(&mut stream), 0);
    assert_eq!(stream.between(i64::MIN, i64::MIN), i64::MIN);
    for (low, high) in [(i64::MIN, i64::MAX), (-1, 0), (i64::MAX - 1, i64::MAX)] {
        assert!((0..200).all(|_| (low..=high).contains(&stream.between(low, high))), "{low} {high}");
    }
}

#[test]
fn counts_and_spreads_have_the_mean_that_was_asked_for() {
    let mut stream = Stream::of(2, "means", 0, 0);
    for (mean, low, high) in [(0.0, 0, 0), (-3.0, 0, 0), (2.0, 2, 2), (0.3, 0, 1), (2.75, 2, 3)] {
        let drawn: Vec<i64> = (0..4_000).map(|_| stream.count(mean)).collect();
        assert!(drawn.iter().all(|count| (low..=high).contains(count)), "{mean}");
        let found = drawn.iter().sum::<i64>() as f64 / drawn.len() as f64;
        assert!((found - mean.max(0.0)).abs() < 0.04, "{mean}: {found}");
    }
    let normal: Vec<f64> = (0..4_000).map(|_| stream.normal()).collect();
    let deviation = (normal.iter().map(|number| number * number).sum::<f64>() / 4_000.0).sqrt();
    assert!(normal.iter().all(|number| number.abs() <= 6.0) && (deviation - 1.0).abs() < 0.05, "{deviation}");
    let mut spread: Vec<f64> = (0..4_000).map(|_| stream.log_normal(100.0, 0.5)).collect();
    spread.sort_by(f64::total_cmp);
    assert!((spread[2_000] - 100.0).abs() < 5.0 && spread[0] > 0.0, "{}", spread[2_000]);
    assert!((stream.log_normal(100.0, 0.0) - 100.0).abs() < 1e-9);
}

#[test]
fn fingerprints_are_those_of_fnv() {
    // The values that the authors of the hash publish.
    for (text, hash) in [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)] {
        assert_eq!(fingerprint(text), hash, "{text}");
    }
}
