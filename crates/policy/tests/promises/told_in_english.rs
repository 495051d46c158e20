//! What is wrong with a package is told in English as well as in Chinese: whole, and in nothing but English.

use policy::Problem;
use words::Wording;

/// What expressions, facts and rules still say in Chinese alone, by itself or within an English text. The list only becomes shorter;
/// where it is empty, every text must be there in English.
const NOT_YET: [&str; 12] = [
    "是不是",
    "检查名称是否写对,或先声明它",
    "带小数的金额",
    "是否值",
    "整数",
    "小数",
    "金额",
    "日期",
    "代码",
    "文字",
    "子记录",
    "字段",
];

/// The text without what is quoted in it: names in code marks, texts and headings in quotes, paths.
fn own_words(text: &str) -> String {
    let mut own = String::new();
    let mut until = None;
    for letter in text.chars() {
        match until {
            Some(end) if letter == end => until = None,
            Some(_) => {}
            None => match letter {
                '`' => until = Some('`'),
                '"' => until = Some('"'),
                '“' => until = Some('”'),
                letter => own.push(letter),
            },
        }
    }
    own.split_whitespace().filter(|word| !word.contains('/')).collect::<Vec<_>>().join(" ")
}

/// What is wrong with the English of a text, if anything is.
fn fault(text: &Wording) -> Option<&'static str> {
    let (chinese, english) = (text.chinese(), text.english());
    if english.is_empty() && !NOT_YET.is_empty() {
        return None;
    }
    let own = NOT_YET.iter().fold(own_words(english), |own, known| own.replace(known, ""));
    let is_open = |(at, _): (usize, &str)| {
        let name = own[at + 1..].split(['}', '|']).next().unwrap_or_default();
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
    };
    if english.is_empty() != chinese.is_empty() {
        return Some("said in one language only");
    }
    if own.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter)) {
        return Some("Chinese");
    }
    if own.match_indices('{').any(is_open) {
        return Some("not filled in");
    }
    (english.contains('\u{1f}') || english.contains("??")).then_some("not shown as it is kept")
}

/// Fails where a problem is not told in English.
pub fn check(problems: &[Problem]) {
    for problem in problems {
        for text in [&problem.what, &problem.hint] {
            let fault = fault(text);
            assert!(fault.is_none(), "{}: {}", fault.unwrap_or_default(), text.english());
        }
    }
}

#[test]
fn what_is_not_english_is_seen() {
    let cases = [
        (Wording::pair("没有字段 `名`", "There is no field `名`"), None),
        (Wording::pair("", "There is no field"), Some("said in one language only")),
        (Wording::pair("没有", "There is no 台账"), Some("Chinese")),
        (Wording::pair("没有", "There is no {field}"), Some("not filled in")),
        (Wording::pair("写 { name = 1 }", "Write { name = 1 }"), None),
        (Wording::pair("没有", "??"), Some("not shown as it is kept")),
        (Wording::default(), None),
    ];
    for (text, wanted) in cases {
        assert_eq!(fault(&text), wanted, "{text:?}");
    }
}
