//! Identity numbers: what is read, what is refused, and what every number promises. The numbers are made up.

use model::{AreaCodes, Day, Disability, IdentityFault, IdentityNumber, Sex};

fn read(text: &str) -> IdentityNumber {
    IdentityNumber::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

/// Numbers without end from a seed (xorshift), each below `bound`.
fn draw(seed: &mut u64, bound: u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed % bound
}

/// A made-up number that passes every check.
fn made_up(seed: &mut u64) -> IdentityNumber {
    let area = 110_000 + draw(seed, 700_000);
    let born = Day::from_epoch_days(draw(seed, 40_000) as i32 - 25_000).expect("a day of the last century");
    let written = u64::from(born.year().unsigned_abs()) * 10_000 + u64::from(born.month() * 100 + born.day_of_month());
    let order = draw(seed, 1_000);
    IdentityNumber::from_digits17((area * 100_000_000 + written) * 1_000 + order).expect("built from a day")
}

#[test]
fn numbers_are_read_as_people_write_them() {
    let cases = [
        // The example of the standard.
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("110105-19491231-002x", "11010519491231002X"),
        ("110105\u{3000}19491231\u{a0}002X", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        // First generation.
        ("110105491231002", "11010519491231002X"),
        // Disability certificates, the last two re-issued.
        ("11010519491231002X41", "11010519491231002X"),
        ("11010519491231002X74", "11010519491231002X"),
        ("11010519491231002X1101", "11010519491231002X"),
        ("11010519491231002X11b1", "11010519491231002X"),
    ];
    for (text, canonical) in cases {
        assert_eq!(read(text).canonical(), canonical, "{text}");
    }
}

#[test]
fn wrong_numbers_are_refused_with_the_first_fault() {
    use IdentityFault::{BirthDay, Characters, CheckDigit, DisabilityDigits, Length};
    let cases = [
        ("", Length),
        ("11010549123100", Length),
        ("1101054912310021", Length),
        ("11010519491231002", Length),
        ("11010519491231002X4", Length),
        ("11010519491231002X411", Length),
        ("11010519491231002X41101", Length),
        ("1.10105E+17", Characters),
        ("张三", Characters),
        ("11010519491231X024", Characters),
        ("1101054912310XX", Characters),
        ("11010519491231002B", Characters),
        ("11010519491231****", Characters),
        ("110105194912310021", CheckDigit),
        ("110105194912310000", CheckDigit),
        ("110105194913310021", BirthDay),
        ("110105194902290020", BirthDay),
        ("110105184912310020", BirthDay),
        ("110105210112310020", BirthDay),
        ("110105490229002", BirthDay),
        ("11010519491231002X01", DisabilityDigits),
        ("11010519491231002X81", DisabilityDigits),
        ("11010519491231002X10", DisabilityDigits),
        ("11010519491231002X15", DisabilityDigits),
        ("110105194912310021X1", Characters),
    ];
    for (text, fault) in cases {
        assert_eq!(IdentityNumber::parse(text), Err(fault), "{text}");
    }
}

#[test]
fn a_number_says_area_day_of_birth_sex_and_disability() {
    let woman = read("11010519491231002X");
    assert_eq!((woman.area(), woman.sex(), woman.disability()), (110_105, Sex::Female, None));
    assert_eq!(Some(woman.born_on()), Day::new(1949, 12, 31));
    assert_eq!(woman.digits17(), 11_010_519_491_231_002);
    let man = read("440524188001010014");
    assert_eq!((man.sex(), Some(man.born_on())), (Sex::Male, Day::new(1880, 1, 1)));
    let certificate = read("11010519491231002X72");
    assert_eq!(certificate.disability(), Some(Disability { kind: 7, grade: 2 }));
    assert_eq!(certificate.digits17(), woman.digits17(), "one person, two certificates");
}

#[test]
fn a_leap_day_exists_in_leap_years_only() {
    for (digits17, exists) in
        [(11010520000229001, true), (11010519000229001, false), (11010520040229001, true), (11010520030229001, false)]
    {
        assert_eq!(IdentityNumber::from_digits17(digits17).is_ok(), exists, "{digits17}");
    }
    assert_eq!(IdentityNumber::from_digits17(100_000_000_000_000_000), Err(IdentityFault::Length));
}

#[test]
fn what_was_written_is_read_back() {
    let mut seed = 20_210_527;
    for _ in 0..20_000 {
        let number = made_up(&mut seed);
        assert_eq!(IdentityNumber::parse(&number.canonical()), Ok(number));
        assert!(number.digits17() < 1 << 57);
        if number.born_on().year() / 100 == 19 {
            let text = number.canonical();
            let first_generation = format!("{}{}", &text[..6], &text[8..17]);
            assert_eq!(IdentityNumber::parse(&first_generation), Ok(number), "15 digits");
        }
    }
}

#[test]
fn every_single_wrong_character_and_every_swap_of_neighbours_is_found() {
    let mut seed = 11_643;
    for _ in 0..300 {
        let number = made_up(&mut seed);
        let right = number.canonical().into_bytes();
        for at in 0..18 {
            for wrong_character in *b"0123456789X" {
                let mut wrong = right.clone();
                wrong[at] = wrong_character;
                must_be_found(&right, wrong);
            }
            if at < 17 {
                let mut wrong = right.clone();
                wrong.swap(at, at + 1);
                must_be_found(&right, wrong);
            }
        }
    }
}

fn must_be_found(right: &[u8], wrong: Vec<u8>) {
    if wrong != right {
        let wrong = String::from_utf8(wrong).expect("ASCII");
        assert!(IdentityNumber::parse(&wrong).is_err(), "{wrong} passes");
    }
}

#[test]
fn neither_display_nor_debug_gives_the_number_away() {
    let number = read("11010519491231002X41");
    for shown in [format!("{number}"), format!("{number:?}"), format!("{:?}", Some(number))] {
        assert!(shown.contains("11*************02X"), "{shown}");
        assert!(!shown.contains("1949") && !shown.contains("491231"), "{shown}");
    }
    for fault in [IdentityFault::Length, IdentityFault::CheckDigit, IdentityFault::DisabilityDigits] {
        let advice = fault.advice();
        for said in [advice.what.chinese(), advice.what.english(), advice.hint.chinese(), advice.hint.english()] {
            assert!(said.len() > 2 && !said.contains("??"), "{fault:?}: {said}");
        }
    }
}

#[test]
fn an_area_counts_when_it_existed_at_any_time() {
    let list = "code,name,start_year,end_year\n110105,A,,\n110103,B,,2009\n440524,C,1983,\n";
    let codes = AreaCodes::from_csv(list).expect("the list is well written").with([513_402]);
    for (area, existed) in [(110_105, true), (110_103, true), (513_402, true), (110_104, false), (0, false)] {
        assert_eq!(codes.existed(area), existed, "{area}");
    }
    for (area, year, in_use) in [
        (110_103, 2009, true),
        (110_103, 2010, false),
        (440_524, 1982, false),
        (440_524, 1983, true),
        (513_402, 1990, true),
        (999_999, 1990, false),
    ] {
        assert_eq!(codes.existed_in(area, year), in_use, "{area} {year}");
    }
    assert!(read("11010519491231002X").plausible_area(&codes));
    let elsewhere = IdentityNumber::from_digits17(44_052_518_800_101_001).expect("a day of birth");
    assert!(!elsewhere.plausible_area(&codes));
    assert_eq!(codes.all().count(), 4);
}

#[test]
fn longer_division_codes_give_areas_and_bad_lines_are_named() {
    let codes = AreaCodes::from_csv("code,name,level\r\n513402000000,D,county\r\n\r\n").expect("well written");
    assert!(codes.existed(513_402) && codes.existed_in(513_402, 1900));
    let wrong = AreaCodes::from_csv("code,name\n110105,A\n51340,E\n").expect_err("five digits");
    assert_eq!((wrong.line, wrong.text.as_str()), (3, "51340,E"));
}
