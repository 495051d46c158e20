//! Places and counties at the ends of their codes.

use model::{AreaCodes, CountyCode, Level, RegionCode};

fn place(text: &str) -> RegionCode {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn codes_are_read_in_five_lengths_and_written_in_one() {
    let cases = [
        ("51", "510000000000", Level::Province),
        ("5134", "513400000000", Level::Prefecture),
        ("513437", "513437000000", Level::County),
        ("513437100", "513437100000", Level::Township),
        ("513437100201", "513437100201", Level::Village),
        ("513437000000", "513437000000", Level::County),
        ("513437000001", "513437000001", Level::Village),
        ("010000000000", "010000000000", Level::Province),
        ("999999999999", "999999999999", Level::Village),
    ];
    for (text, written, level) in cases {
        let code = place(text);
        assert_eq!((code.to_string().as_str(), code.level()), (written, level), "{text}");
        assert_eq!(format!("{code:?}"), written);
        assert_eq!(RegionCode::from_number(code.number()), Some(code));
    }
    for text in [
        "",
        "0",
        "00",
        "5",
        "513",
        "51343",
        "5134371",
        "51343710",
        "5134371002",
        "51343710020",
        "5134371002011",
        "+1",
        "5a",
        "５１",
        " 51",
        "51 ",
        "0000",
        "000000000001",
    ] {
        let wrong = text.parse::<RegionCode>().expect_err(text).to_string();
        assert_eq!(wrong, format!("`{text}` is not a division code of 2, 4, 6, 9 or 12 digits"));
    }
}

#[test]
fn a_number_is_a_place_when_its_first_two_digits_are() {
    for (number, is_place) in [
        (0, false),
        (9_999_999_999, false),
        (10_000_000_000, true),
        (999_999_999_999, true),
        (1_000_000_000_000, false),
        (u64::MAX, false),
    ] {
        assert_eq!(RegionCode::from_number(number).is_some(), is_place, "{number}");
    }
}

#[test]
fn the_places_of_a_place_are_its_span_and_no_more() {
    let cases = [
        ("51", "510000000000", "519999999999"),
        ("5134", "513400000000", "513499999999"),
        ("513437", "513437000000", "513437999999"),
        ("513437100", "513437100000", "513437100999"),
        ("513437100201", "513437100201", "513437100201"),
    ];
    for (text, first, last) in cases {
        let code = place(text);
        assert_eq!(code.span(), (place(first), place(last)), "{text}");
        assert!(code.holds(place(last)) && code.holds(code));
        for level in [Level::Province, Level::Prefecture, Level::County, Level::Township, Level::Village] {
            let above = code.at(level);
            assert!(above.holds(code), "{text} {level:?}");
            assert_eq!(above == code, level >= code.level(), "{text} {level:?}");
        }
    }
    assert!(!place("513437").holds(place("5134")) && !place("513437").holds(place("513438")));
    assert!(place("51") < place("5134") && place("5134") < place("513437") && place("513437") < place("52"));
}

#[test]
fn levels_have_their_digits_and_stand_from_wide_to_narrow() {
    let levels = [Level::Province, Level::Prefecture, Level::County, Level::Township, Level::Village];
    assert_eq!(levels.map(Level::digits), [2, 4, 6, 9, 12]);
    assert!(levels.is_sorted());
}

#[test]
fn a_county_is_the_first_six_digits() {
    for (text, number, written) in [
        ("513437100201", 513_437, "513437"),
        ("513437", 513_437, "513437"),
        ("5134", 513_400, "513400"),
        ("51", 510_000, "510000"),
        ("010203004005", 10_203, "010203"),
    ] {
        let county = place(text).county();
        assert_eq!((county.number(), county.to_string().as_str()), (number, written), "{text}");
        assert_eq!(CountyCode::from_number(number), Some(county));
        assert!(county.region().holds(place(text)) || place(text).level() < Level::County, "{text}");
        assert_eq!(county.region().county(), county);
    }
}

#[test]
fn areas_are_read_with_their_years_and_the_first_bad_line_is_named() {
    let list = "\u{FEFF}code,name,start_year,end_year\n110103,A,1949,1957\n110103,B,1980,2009\n110105,C,,\n\n 513402000000 , D , 1990 , 2000 \n";
    let codes = AreaCodes::from_csv(list).expect("well written");
    for (area, year, in_use) in [
        (110_103, 1948, false),
        (110_103, 1949, true),
        (110_103, 1957, true),
        (110_103, 1958, false),
        (110_103, 1979, false),
        (110_103, 1980, true),
        (110_103, 2010, false),
        (110_105, 1, true),
        (513_402, 9999, true),
        (110_104, 2000, false),
    ] {
        assert_eq!(codes.existed_in(area, year), in_use, "{area} in {year}");
    }
    assert_eq!(codes.all().collect::<Vec<_>>(), [110_103, 110_105, 513_402]);
    let newer = codes.with([110_103, 999_999]);
    assert!(newer.existed_in(110_103, 1960) && newer.existed(999_999), "codes newer than the list are open");
    for (text, line, bad) in [
        ("code\n11010,A", 2, "11010,A"),
        ("code\n110101,A\n\nx10102,B", 4, "x10102,B"),
        ("code\n,A", 2, ",A"),
        ("code\n11010a,A", 2, "11010a,A"),
    ] {
        let wrong = AreaCodes::from_csv(text).expect_err(text);
        assert_eq!((wrong.line, wrong.text.as_str()), (line, bad));
        let said = format!("line {line} of the area codes does not start with a code of 6 digits: `{bad}`");
        assert_eq!(wrong.to_string(), said);
    }
    assert_eq!(AreaCodes::from_csv(""), Ok(AreaCodes::default()));
    assert_eq!(AreaCodes::from_csv("code,name"), Ok(AreaCodes::default()));
}
