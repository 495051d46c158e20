//! What people write, for all values: written out it is read back, in every spelling, and what is close to it is refused.

use model::written::{
    PlainNumber, WrittenDay, account_of, day_of, fold, fold_key, fold_search, money_of, number_of, phone_of, truth_of,
    without_numbers,
};
use model::{Day, Fen, Level, RegionCode, mask_identity, mask_name, mask_phone};

/// A small generator; the same numbers in each run.
fn draw(seed: &mut u64, bound: u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed % bound
}

/// Amounts of every size and sign, with the edges.
fn amounts() -> Vec<i64> {
    let mut seed = 20_210_527;
    let mut amounts = vec![0, 1, -1, 9, 10, 99, 100, 101, 99_999, 100_000, -100_000, 100_000_000, i64::MAX, i64::MIN];
    for digits in 1..=18 {
        for _ in 0..40 {
            let amount = draw(&mut seed, 10_u64.pow(digits)) as i64;
            amounts.extend([amount, -amount]);
        }
    }
    amounts
}

/// In the wide digits and signs of Chinese keyboards.
fn wide(text: &str) -> String {
    let wide = |letter: char| match letter {
        '!'..='~' => char::from_u32(u32::from(letter) + 0xFEE0).unwrap_or(letter),
        other => other,
    };
    text.chars().map(wide).collect()
}

#[test]
fn money_that_is_shown_is_read_back_to_the_fen() {
    let fen = |text: &str| money_of(text).ok().flatten().and_then(|number| number.times_tens(2));
    for amount in amounts() {
        let shown = Fen(amount).to_string();
        let bare = shown.replace(',', "");
        for written in [
            shown.clone(),
            bare.clone(),
            format!("¥{shown}"),
            format!("{bare}元"),
            format!("  {bare}\u{3000}"),
            wide(&shown),
            format!("'{bare}"),
            format!("{bare}000"),
        ] {
            assert_eq!(fen(&written), Some(amount), "{written}");
        }
        assert_eq!(fen(&format!("{bare}1")), None, "{bare}1 has a tenth of a fen");
        if let Some(positive) = bare.strip_prefix('-') {
            assert_eq!(fen(&format!("({positive})")), Some(amount), "({positive})");
        }
    }
}

#[test]
fn separators_stand_at_thousands_or_nowhere() {
    for amount in amounts().into_iter().filter(|amount| amount.unsigned_abs() >= 100_000) {
        let shown = Fen(amount).to_string();
        let first = shown.find(',').expect("a separator");
        for moved in [first - 1, first + 1] {
            let mut letters: Vec<char> = shown.chars().collect();
            let comma = letters.remove(first);
            letters.insert(moved, comma);
            let moved: String = letters.into_iter().collect();
            assert!(number_of(&moved).is_err(), "{moved} of {shown}");
        }
    }
}

#[test]
fn numbers_keep_all_their_digits_or_are_refused() {
    for (text, expected) in [
        ("999999999999999999999999999", Some((999_999_999_999_999_999_999_999_999, 0))),
        ("0.000000000000000000000000001", Some((1, 27))),
        ("0.0000000000000000000000000001", None),
        ("0000000000000000000000000000000007", Some((7, 0))),
        (".5", Some((5, 1))),
        ("5.", Some((5, 0))),
        (".", None),
        ("-", None),
        ("--1", None),
        ("+-1", None),
        ("(-1)", None),
        ("1-", None),
        ("1 2", Some((12, 0))),
        ("1e3", None),
        ("０ｘ10", None),
        ("½", None),
        ("12²", None),
    ] {
        let found = number_of(text).ok().flatten().map(|PlainNumber { digits, scale }| (digits, scale));
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_day_is_read_back_from_every_spelling() {
    for days in (-25_567..40_000).step_by(13) {
        let day = Day::EPOCH.plus_days(days);
        let (year, month, of_month) = (day.year(), day.month(), day.day_of_month());
        for written in [
            day.to_string(),
            format!("{year}/{month}/{of_month}"),
            format!("{year}.{month}.{of_month}"),
            format!("{year}年{month}月{of_month}日"),
            format!("{year:04}{month:02}{of_month:02}"),
            wide(&day.to_string()),
            format!("{day} 00:00:00"),
            format!("{day} 23:58:59"),
            format!("{day}T08:30:00+08:00"),
        ] {
            assert_eq!(day_of(&written), Some(WrittenDay::Day(day)), "{written}");
        }
        let next = day.plus_days(1);
        assert_eq!(day_of(&format!("{day} 23:59:00")), Some(WrittenDay::Day(next)), "a minute lost before midnight");
        assert_eq!(day_of(&format!("{day}T16:00:00Z")), Some(WrittenDay::Day(next)), "midnight here");
        for impossible in [format!("{year}-{month}-32"), format!("{year}-13-{of_month}"), format!("{year}-{month}-0")] {
            assert_eq!(day_of(&impossible), None, "{impossible}");
        }
    }
}

#[test]
fn folding_twice_is_folding_once() {
    let mut seed = 7;
    // Letters in which spellings differ: wide and narrow, circled, raised, dots of names, spaces that cannot be seen.
    let letters: Vec<char> = "Aa1１①¹·•‧．。 \u{3000}\u{200b}\u{feff}'=\"（(）)Ａ⼀一㈠℃㎡İß吉木".chars().collect();
    for _ in 0..20_000 {
        let length = draw(&mut seed, 9) + 1;
        let text: String = (0..length).map(|_| letters[draw(&mut seed, letters.len() as u64) as usize]).collect();
        let key = fold_key(&text).into_owned();
        assert_eq!(fold_key(&key), key, "{text:?}");
        // Marks by which spreadsheets are told that digits are text go where they lead; behind a dot they may come to lead.
        if text.contains(['\'', '=', '"']) {
            continue;
        }
        let search = fold_search(&text).into_owned();
        assert_eq!(fold_search(&key), search, "what is kept is found by what was typed: {text:?}");
        let spaced: String = text.chars().flat_map(|letter| [letter, '\u{3000}']).collect();
        assert_eq!(fold(&spaced), fold(&text), "spaces say nothing: {text:?}");
    }
}

#[test]
fn phones_and_accounts_fit_by_their_length_alone_once_they_are_digits() {
    for length in 1..=33_usize {
        let mobile: String = "13812345678901234567890123456789012".chars().take(length).collect();
        let landline: String = "08346222333901234567890123456789012".chars().take(length).collect();
        let local: String = "62223331234567890123456789012345678".chars().take(length).collect();
        assert_eq!(phone_of(&mobile).is_some(), length == 11, "{mobile}");
        assert_eq!(phone_of(&landline).is_some(), (10..=12).contains(&length), "{landline}");
        assert_eq!(phone_of(&local).is_some(), matches!(length, 7 | 8), "{local}");
        assert_eq!(account_of(&local).is_some(), (8..=32).contains(&length), "{local}");
        let dashed = local.chars().map(String::from).collect::<Vec<_>>().join("-");
        assert_eq!(account_of(&dashed), account_of(&local));
        assert_eq!(account_of(&format!("{local}x")), None);
    }
    for nothing in ["", " ", "无", "—"] {
        assert_eq!((phone_of(nothing), account_of(nothing)), (Some(None), Some(None)), "{nothing:?}");
    }
}

#[test]
fn a_mask_keeps_the_length_of_numbers_and_never_the_whole() {
    for length in 0..=20_usize {
        let number: String = "510107199001011234567".chars().take(length).collect();
        for (masked, most) in [(mask_identity(&number), 5), (mask_phone(&number), 7)] {
            assert_eq!(masked.chars().count(), length, "{number}");
            let shown = masked.chars().filter(|letter| *letter != '*').count();
            assert_eq!(shown, if length <= most { 0 } else { most }, "{number} as {masked}");
        }
    }
    for name in ["吉木", "吉木古", "吉木阿古", "吉木·阿古莫", "阿木阿古莫惹扎"] {
        let masked = mask_name(name);
        assert!(masked.contains('*') && !masked.contains(name), "{name} as {masked}");
        let shown: Vec<char> = masked.chars().filter(|letter| *letter != '*').collect();
        assert!(
            shown.len() < name.chars().count().max(2) && shown.iter().all(|letter| name.contains(*letter)),
            "{masked}"
        );
    }
}

#[test]
fn numbers_of_people_leave_a_text_and_days_and_codes_stay() {
    for length in 1..=24_usize {
        let number: String = "513431197408142418513431".chars().take(length).collect();
        let is_hidden = length == 11 || length >= 15;
        for (before, behind) in [("", ""), ("表", ".csv"), ("a-", "-b")] {
            let shown = without_numbers(&format!("{before}{number}{behind}"));
            assert_eq!(!shown.contains(&number), is_hidden, "{shown}");
            assert!(shown.starts_with(before) && shown.ends_with(behind), "{shown}");
        }
    }
}

#[test]
fn yes_and_no_are_never_each_other() {
    let read = |text: &str| truth_of(text).ok().flatten();
    for (yes, no) in [("是", "否"), ("有", "无"), ("Y", "N"), ("1", "0"), ("true", "false")] {
        if let Some(truth) = read(yes) {
            assert!(truth, "{yes}");
        }
        assert_ne!(read(no), Some(true), "{no}");
        assert_eq!(read(&wide(yes)), read(yes), "{yes}");
    }
    assert_eq!((read("是"), read("否")), (Some(true), Some(false)));
    for unclear in ["部分", "2", "是否", "不清楚"] {
        assert!(truth_of(unclear).is_err(), "{unclear}");
    }
}

#[test]
fn a_place_lies_in_all_that_stand_above_it_and_in_nothing_else() {
    let mut seed = 99;
    let levels = [Level::Province, Level::Prefecture, Level::County, Level::Township, Level::Village];
    for _ in 0..3_000 {
        // No part is zero, so that the level is that of a village.
        let parts = [(2, 89, 10), (2, 98, 1), (2, 98, 1), (3, 998, 1), (3, 998, 1)];
        let code: String = parts
            .iter()
            .map(|(digits, bound, from)| format!("{:0width$}", draw(&mut seed, *bound) + from, width = *digits))
            .collect();
        let village: RegionCode = code.parse().expect("a code");
        assert_eq!((village.to_string(), village.level()), (code.clone(), Level::Village));
        for (at, level) in levels.into_iter().enumerate() {
            let above = village.at(level);
            assert_eq!(above.level(), level, "{above}");
            assert!(above.holds(village) && above.holds(above), "{above} {village}");
            assert_eq!(village.holds(above), level == Level::Village);
            let digits = level.digits() as usize;
            assert_eq!(code[..digits].parse::<RegionCode>().expect("a shorter code"), above);
            let (first, last) = above.span();
            assert!(first <= village && village <= last, "{first} {village} {last}");
            assert_eq!(levels[..at].iter().filter(|level| village.at(**level) == above).count(), 0);
            if let Some(beside) = RegionCode::from_number(last.number() + 1) {
                assert!(!above.holds(beside), "{above} {beside}");
            }
            if let Some(beside) = RegionCode::from_number(first.number() - 1) {
                assert!(!above.holds(beside), "{above} {beside}");
            }
        }
    }
}
