//! Texts and names as they are cleaned.

use crate::Dice;
use model::written::{
    NameFault, fold, fold_key, fold_search, half_width, has_unknown_letters, is_blank, is_nothing, is_space, name_of,
    tidy, without_numbers,
};

#[test]
fn words_for_nothing_say_nothing_and_their_neighbours_do() {
    for nothing in
        ["", "-", "--", "—", "——", "/", "\\", "无", "空", ".", "null", "NULL", "None", "nan", "NaN", "n/a", "N/A"]
    {
        assert!(is_nothing(nothing), "{nothing}");
    }
    for something in ["---", "0", "无业", "空调", "..", "nul", "nulls", "na", "//", "否"] {
        assert!(!is_nothing(something), "{something}");
    }
}

#[test]
fn every_full_width_sign_has_its_plain_one() {
    for plain in '!'..='~' {
        let wide = char::from_u32(plain as u32 + 0xFEE0).expect("a sign");
        assert_eq!(half_width(wide), plain);
        assert_eq!(half_width(plain), plain);
    }
    assert_eq!((half_width('￥'), half_width('汉'), half_width('\u{3000}')), ('¥', '汉', '\u{3000}'));
}

#[test]
fn spaces_of_every_kind_go_and_letters_stay() {
    let spaces = [
        ' ', '\t', '\r', '\n', '\u{A0}', '\u{2003}', '\u{200B}', '\u{200D}', '\u{2028}', '\u{202E}', '\u{2060}',
        '\u{2800}', '\u{3000}', '\u{3164}', '\u{FEFF}', '\u{FE0F}', '\u{AD}',
    ];
    for space in spaces {
        assert!(is_space(space) && is_blank(&space.to_string()), "{space:?}");
        for text in [format!("{space}12"), format!("1{space}2"), format!("12{space}")] {
            assert_eq!(
                (fold(&text).as_ref(), fold_key(&text).as_ref(), fold_search(&text).as_ref()),
                ("12", "12", "12"),
                "{space:?}"
            );
        }
    }
    for letter in ['a', '0', '·', '汉', 'ꀀ', '-', '_', '.'] {
        assert!(!is_space(letter) && !is_blank(&letter.to_string()), "{letter:?}");
    }
    assert!(is_blank(""));
}

#[test]
fn three_ways_of_folding_differ_in_what_they_tell_apart() {
    // Text, for numbers and days, for keys, for finding.
    let cases = [
        ("Ａ１", "A1", "A1", "a1"),
        ("12①", "12①", "121", "121"),
        ("12²", "12²", "12²", "12²"),
        ("⑴号", "⑴号", "(1)号", "(1)号"),
        ("吉木•阿古", "吉木•阿古", "吉木·阿古", "吉木阿古"),
        ("吉木.阿古", "吉木.阿古", "吉木·阿古", "吉木阿古"),
        ("A.B", "A.B", "A.B", "a.b"),
        ("1.2", "1.2", "1.2", "1.2"),
        ("'0012", "0012", "0012", "0012"),
        ("=\"0012\"", "0012", "0012", "0012"),
        ("=0012", "=0012", "=0012", "=0012"),
        ("㎡", "㎡", "m2", "m2"),
        ("Ⅲ", "III", "III", "iii"),
        ("é", "é", "é", "é"),
    ];
    for (text, number, key, search) in cases {
        let folded = (fold(text).into_owned(), fold_key(text).into_owned(), fold_search(text).into_owned());
        assert_eq!(folded, (number.to_owned(), key.to_owned(), search.to_owned()), "{text}");
    }
}

#[test]
fn free_text_loses_what_cannot_be_seen_and_keeps_what_can() {
    for (text, expected) in [
        ("  三组 ", Some("三组")),
        ("a\tb\nc", Some("a b c")),
        ("a\u{3000}\u{3000}b", Some("a  b")),
        ("a\u{200B}b", Some("ab")),
        ("'007", Some("007")),
        ("'他说", Some("'他说")),
        ("'", Some("'")),
        ("❤\u{FE0F}", Some("❤\u{FE0F}")),
        ("\u{200B}\u{3000}", Some("")),
        ("a\u{1}b", None),
        ("a\u{7f}", None),
        ("\u{FFFD}", None),
    ] {
        assert_eq!(tidy(text).ok().as_deref(), expected, "{text:?}");
    }
}

#[test]
fn tidying_twice_is_tidying_once_but_for_the_mark_of_a_spreadsheet() {
    let letters: Vec<char> = "ab 汉\u{3000}\u{200b}\t\n\u{fe0f}①".chars().collect();
    let mut dice = Dice(3);
    for _ in 0..3_000 {
        let text: String = (0..dice.below(9)).map(|_| letters[dice.below(letters.len() as u64) as usize]).collect();
        let once = tidy(&text).expect("nothing is damaged").into_owned();
        assert_eq!(tidy(&once).as_deref(), Ok(once.as_str()), "{text:?}");
        assert_eq!(once.trim(), once, "{text:?}");
    }
}

#[test]
fn a_name_has_sixty_letters_at_most_and_none_that_hides() {
    let long = "吉".repeat(60);
    assert_eq!(name_of(&long), Ok(Some(long.clone())));
    assert_eq!(name_of(&format!("{long}木")), Err(NameFault::TooLong(60)));
    for (text, fault) in [
        ("王*", NameFault::Hidden),
        ("王？", NameFault::Hidden),
        ("王□珍", NameFault::Hidden),
        ("王〓", NameFault::Hidden),
        ("王１", NameFault::Digits),
        ("王²", NameFault::Digits),
        ("王\u{FFFD}", NameFault::Characters),
        ("王\u{7}", NameFault::Characters),
        ("1*", NameFault::Digits),
    ] {
        assert_eq!(name_of(text), Err(fault), "{text:?}");
    }
    for (fault, said) in [
        (NameFault::Characters, "control characters or damaged ones stand in the name"),
        (NameFault::Digits, "digits stand in the name"),
        (NameFault::Hidden, "the name is masked, or has characters that could not be shown"),
        (NameFault::TooLong(60), "a name has at most 60 characters"),
    ] {
        assert_eq!(fault.to_string(), said);
    }
    for nothing in ["", "无", "-", "\u{3000}", "null"] {
        assert_eq!(name_of(nothing), Ok(None), "{nothing:?}");
    }
}

#[test]
fn every_dot_between_the_parts_of_a_name_becomes_one() {
    for dot in ['·', '•', '‧', '・', '･', '∙', '⋅', '●', '᛫', '⸱', '.', '。', '．', '‐', '\u{387}']
    {
        assert_eq!(name_of(&format!("吉木{dot}阿古")), Ok(Some("吉木·阿古".to_owned())), "{dot:?}");
        assert_eq!(name_of(&format!("吉木 {dot} 阿古")), Ok(Some("吉木·阿古".to_owned())), "{dot:?}");
    }
    assert_eq!(name_of("Li Ming"), Ok(Some("Li Ming".to_owned())), "Latin names keep their spaces");
    assert_eq!(name_of("王 小 珍"), Ok(Some("王小珍".to_owned())));
}

#[test]
fn letters_that_nobody_else_can_show_are_told() {
    for (name, is_odd) in [
        ("王小珍", false),
        ("吴䶮", false),
        ("沙马\u{E000}", true),
        ("\u{E863}", false),
        ("𠆩", false),
        ("a\u{F8FF}", true),
        ("\u{10FFFF}", true),
        ("", false),
    ] {
        assert_eq!(has_unknown_letters(name), is_odd, "{name:?}");
    }
}

#[test]
fn numbers_of_people_leave_the_names_of_files() {
    for (name, shown) in [
        ("名单13812341234.xlsx", "名单….xlsx"),
        ("名单1381234123.xlsx", "名单1381234123.xlsx"),
        ("名单138123412345.xlsx", "名单138123412345.xlsx"),
        ("11010519491231002X和110105491231002", "…和…"),
        ("51343710020100", "51343710020100"),
        ("513437100201001", "…"),
        ("2024-01-31至2024-12-31", "2024-01-31至2024-12-31"),
        ("٠١٢٣٤٥٦٧٨٩٠", "…"),
        ("x", "x"),
        ("", ""),
    ] {
        assert_eq!(without_numbers(name), shown);
    }
}
