//! Numbers, money, truths, days and moments at the edges of what people write.

use crate::{Dice, day};
use model::Decimal;
use model::written::{
    PlainNumber, WrittenDay, WrittenMoment, account_of, day_of, is_spreadsheet_day, moment_of, money_of, number_of,
    phone_of, truth_of,
};

#[test]
fn every_word_for_yes_and_no_is_read_and_its_neighbours_are_not() {
    for yes in ["是", "有", "1", "y", "Y", "Yes", "YES", "t", "True", "√", "✓", "✔", "对", " 是 ", "'1"] {
        assert_eq!(truth_of(yes), Ok(Some(true)), "{yes}");
    }
    for no in ["否", "无", "0", "n", "No", "f", "FALSE", "×", "✗", "✘", "不是", "没有", "０"] {
        assert_eq!(truth_of(no), Ok(Some(false)), "{no}");
    }
    for nothing in ["", "-", "--", "—", "/", "空", "null", "N/A", "\u{3000}"] {
        assert_eq!(truth_of(nothing), Ok(None), "{nothing}");
    }
    for odd in ["是否", "不", "未", "2", "10", "-1", "yess", "o", "x", "错"] {
        assert!(truth_of(odd).is_err(), "{odd}");
    }
}

#[test]
fn a_plain_number_is_shifted_exactly_or_not_at_all() {
    let cases = [
        ("12", 0, Some(12)),
        ("12.0", 0, Some(12)),
        ("12.5", 0, None),
        ("12.5", 1, Some(125)),
        ("12.5", 2, Some(1_250)),
        ("12.345", 2, None),
        ("1200", -2, Some(12)),
        ("1250", -2, None),
        ("0.000", 0, Some(0)),
        ("-0.01", 2, Some(-1)),
        ("9223372036854775807", 0, Some(i64::MAX)),
        ("9223372036854775808", 0, None),
        ("-9223372036854775808", 0, Some(i64::MIN)),
        ("-9223372036854775809", 0, None),
        ("92233720368547758.07", 2, Some(i64::MAX)),
        ("92233720368547758.08", 2, None),
    ];
    for (text, tens, whole) in cases {
        let number = number_of(text).expect(text).expect(text);
        assert_eq!(number.times_tens(tens), whole, "{text} by {tens} tens");
    }
    let plain = PlainNumber { digits: 1_500, scale: 3 };
    assert_eq!(plain.decimal(), Some("1.5".parse::<Decimal>().expect("a decimal")));
    assert_eq!(PlainNumber { digits: i128::MAX, scale: 0 }.decimal(), None);
}

#[test]
fn numbers_come_back_from_every_way_of_writing_them() {
    let mut dice = Dice(1_234);
    for _ in 0..2_000 {
        let length = 1 + dice.below(15) as u32;
        let digits = i128::from(dice.below(10_u64.pow(length)));
        let scale = dice.below(6) as u32;
        let padded = format!("{digits:0width$}", width = scale as usize + 1);
        let (whole, part) = padded.split_at(padded.len() - scale as usize);
        let plain = if scale == 0 { whole.to_owned() } else { format!("{whole}.{part}") };
        for (written, sign) in [
            (plain.clone(), 1),
            (format!("+{plain}"), 1),
            (format!("-{plain}"), -1),
            (format!("−{plain}"), -1),
            (format!("({plain})"), -1),
            (format!("（{plain}）"), -1),
            (format!("00{plain}"), 1),
        ] {
            let expected = PlainNumber { digits: sign * digits, scale };
            assert_eq!(number_of(&written), Ok(Some(expected)), "{written}");
        }
        for odd in [
            format!("{plain}x"),
            format!("{plain}%"),
            format!("{plain}.1.2"),
            format!("--{plain}"),
            format!("({plain}"),
            format!("{plain})"),
        ] {
            assert!(number_of(&odd).is_err(), "{odd}");
        }
    }
}

#[test]
fn thousands_stand_in_threes() {
    for (text, fits) in [
        ("1,234", true),
        ("12,345", true),
        ("123,456", true),
        ("1,234,567.89", true),
        ("1234,567", false),
        (",234", false),
        ("1,23", false),
        ("1,2345", false),
        ("1,,234", false),
        ("1,234,", false),
        ("0.1,234", false),
    ] {
        assert_eq!(number_of(text).is_ok(), fits, "{text}");
        assert_eq!(money_of(&format!("¥{text}元")).is_ok(), fits, "{text}");
    }
}

#[test]
fn days_are_read_where_the_calendar_has_them() {
    let read = |text: &str| match day_of(text) {
        Some(WrittenDay::Day(on)) => Some(format!("day {on}")),
        Some(WrittenDay::Month(on)) => Some(format!("month {on}")),
        Some(WrittenDay::Nothing) => Some("nothing".to_owned()),
        None => None,
    };
    let cases = [
        ("2024-02-29", Some("day 2024-02-29")),
        ("2024.2.29", Some("day 2024-02-29")),
        ("2024/02/9", Some("day 2024-02-09")),
        ("2024年2月29号", Some("day 2024-02-29")),
        ("2023.2.29", None),
        ("2024年2月30日", None),
        ("20240229", Some("day 2024-02-29")),
        ("20230229", None),
        ("202402", Some("month 2024-02-01")),
        ("2024-2", Some("month 2024-02-01")),
        ("2024年12月", Some("month 2024-12-01")),
        ("2024-13", None),
        ("2024-0", None),
        ("2024", None),
        ("24-02-29", None),
        ("2024-02-29-1", None),
        ("29/02/2024", None),
        ("44986", None),
        ("无", Some("nothing")),
        ("--", Some("nothing")),
        ("\u{3000}", Some("nothing")),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn seconds_of_the_world_become_moments_of_china() {
    let cases = [
        (0, "1970-01-01", 28_800, false),
        (57_539, "1970-01-01", 86_339, false),
        (57_540, "1970-01-01", 86_340, true),
        (57_600, "1970-01-02", 0, false),
        (-28_800, "1970-01-01", 0, false),
        (-28_801, "1969-12-31", 86_399, true),
        (1_709_136_000, "2024-02-29", 0, false),
    ];
    for (seconds, on, second, is_moved) in cases {
        let moment = WrittenMoment::of_utc_seconds(seconds).expect("in the calendar");
        assert_eq!(moment, WrittenMoment { day: day(on), second }, "{seconds}");
        assert_eq!(moment.is_moved(), is_moved, "{seconds}");
        assert_eq!(moment.day_meant(), day(on).plus_days(i64::from(is_moved)), "{seconds}");
        assert_eq!(WrittenMoment::of_clock_seconds(seconds + 28_800), Some(moment), "eight hours ahead");
    }
    for beyond in [i64::MAX, i64::MIN, i64::MAX - 28_800] {
        assert_eq!(WrittenMoment::of_utc_seconds(beyond), None, "{beyond}");
    }
}

#[test]
fn moments_come_back_from_every_clock() {
    let mut dice = Dice(24);
    for _ in 0..600 {
        let on = day("2000-01-01").plus_days(dice.below(12_000) as i64);
        let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
        let whole = (hour * 3_600 + minute * 60 + second) as u32;
        let of_minute = (hour * 3_600 + minute * 60) as u32;
        let half = if hour < 12 { "上午" } else { "下午" };
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        for (written, second) in [
            (format!("{on} {hour:02}:{minute:02}:{second:02}"), whole),
            (format!("{on}T{hour:02}:{minute:02}:{second:02}+08:00"), whole),
            (format!("{on} {hour}:{minute:02}"), of_minute),
            (format!("{on} {hour}时{minute}分{second}秒"), whole),
            (format!("{on} {half}{twelve}:{minute:02}:{second:02}"), whole),
            (format!("{on} {half}{twelve}点{minute}分"), of_minute),
            (format!("{}{hour:02}{minute:02}{second:02}", on.to_string().replace('-', "")), whole),
        ] {
            assert_eq!(moment_of(&written), Some(Some(WrittenMoment { day: on, second })), "{written}");
        }
        assert_eq!(moment_of(&format!("{on} {hour:02}:60:00")), Some(None));
        assert_eq!(moment_of(&format!("{on} {:02}:{minute:02}:{second:02}", hour + 25)), Some(None));
        assert_eq!(moment_of(&on.to_string()), None);
    }
}

#[test]
fn phones_have_the_first_digits_that_phones_have() {
    for (text, digits) in [
        ("13012345678", Some("13012345678")),
        ("19912345678", Some("19912345678")),
        ("12012345678", None),
        ("10012345678", None),
        ("+8613012345678", Some("13012345678")),
        ("008613012345678", Some("13012345678")),
        ("8613012345678", None),
        ("(0834)2166000", Some("08342166000")),
        ("010-12345678", Some("01012345678")),
        ("0012345678", None),
        ("2166000", Some("2166000")),
        ("1166000", None),
        ("21660001", Some("21660001")),
        ("216600", None),
        ("130 1234 567a", None),
    ] {
        assert_eq!(phone_of(text), digits.map(|digits| Some(digits.to_owned())), "{text}");
    }
    for (text, fits) in
        [("1234567", false), ("12345678", true), ("1234 5678", true), ("1234-5678", true), ("+12345678", false)]
    {
        assert_eq!(account_of(text).is_some(), fits, "{text}");
    }
}

#[test]
fn what_a_spreadsheet_took_for_a_day_is_known_by_its_shape() {
    for (text, is_day) in [
        ("1月1日", true),
        ("12月31日", true),
        ("13月1日", false),
        ("12月32日", false),
        ("0月1日", false),
        ("2024年1月", true),
        ("2024年13月", false),
        ("24年1月", false),
        ("1-Jan", true),
        ("JAN-24", true),
        ("Jan-2024", true),
        ("1-Janu", false),
        ("Jan/24", false),
        ("2024/1/1", true),
        ("2024-1-1", false),
        ("2024年1月1日", true),
        ("2023/2/29", false),
        ("2024-01-01 00:00:00", true),
        ("20240101000000", false),
        ("1/1", false),
    ] {
        assert_eq!(is_spreadsheet_day(text), is_day, "{text}");
    }
}
