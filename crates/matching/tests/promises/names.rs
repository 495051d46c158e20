//! Names: what may differ between two writings of one, and what may not.

use crate::{Dice, names};
use matching::{NameMark, Spellings};

const FAMILIES: [&str; 6] = ["阿说", "沙马", "吉克", "曲比", "欧阳", "扎西"];
const GIVEN: [&str; 6] = ["尔哈", "木呷", "阿依", "史布", "娜伍", "卓玛"];

/// One name in other writings: dots of other keyboards, spaces, wide and traditional letters, remarks in brackets.
fn writings(family: &str, given: &str) -> Vec<String> {
    let mut writings: Vec<String> = ["·", "•", "‧", "・", ".", "．", "-", "", " ", "\u{3000}", " · "]
        .iter()
        .map(|dot| format!("{family}{dot}{given}"))
        .collect();
    let plain = format!("{family}·{given}");
    writings.extend([
        format!("{plain}（曾用名）"),
        format!("{plain}[户主]"),
        format!("王大锤（{plain}）"),
        plain.replace('尔', "爾"),
        plain.replace("沙马", "沙玛").replace("木呷", "木嘎"),
        given.to_owned(),
        family.to_owned(),
    ]);
    writings
}

#[test]
fn every_writing_of_a_name_agrees_with_the_register() {
    let book = names();
    for family in FAMILIES {
        for given in GIVEN {
            for registered in ["·", "", "•"].map(|dot| format!("{family}{dot}{given}")) {
                let mark = book.mark(&registered);
                for written in writings(family, given) {
                    assert!(book.agrees(&written, &[mark]), "{written} is {registered}");
                }
            }
        }
    }
}

#[test]
fn another_name_does_not_agree_unless_it_is_a_part() {
    let book = names();
    let mut dice = Dice(7);
    for _ in 0..300 {
        let (family, given) = (*dice.pick(&FAMILIES), *dice.pick(&GIVEN));
        let (other_family, other_given) = (*dice.pick(&FAMILIES), *dice.pick(&GIVEN));
        let mark = book.mark(&format!("{family}·{given}"));
        let is_same = (family, given) == (other_family, other_given);
        assert_eq!(book.agrees(&format!("{other_family}·{other_given}"), &[mark]), is_same);
        assert_eq!(book.agrees(other_given, &[mark]), given == other_given);
        assert_eq!(book.agrees(other_family, &[mark]), family == other_family);
        let marks = [mark, NameMark::NONE, book.mark(&format!("{other_family}{other_given}"))];
        assert!(book.agrees(&format!("{other_family}{other_given}"), &marks), "one of several is enough");
    }
}

#[test]
fn nothing_contradicts_a_name_that_is_not_there() {
    let book = names();
    let mark = book.mark("阿说·尔哈");
    for nothing in ["", " ", "·", "()", "（）", "——", "\u{3000}"] {
        assert_eq!(book.mark(nothing), NameMark::NONE, "{nothing:?}");
        assert!(book.agrees(nothing, &[mark]), "{nothing:?}");
    }
    for marks in [&[][..], &[NameMark::NONE], &[NameMark::NONE, NameMark::NONE]] {
        assert!(book.agrees("王大锤", marks));
    }
    assert!(!book.agrees("王大锤", &[NameMark::NONE, mark]));
}

#[test]
fn a_list_of_spellings_is_read_or_its_first_bad_line_is_named() {
    let letters = [
        ("form,letter\n張,张\n", None),
        ("form,letter\n\n 張 , 张 \n", None),
        ("form,letter\n張张\n", Some((2, "張张"))),
        ("form,letter\n張,张\n張三,张\n", Some((3, "張三,张"))),
        ("form,letter\n張,\n", Some((2, "張,"))),
    ];
    for (text, wrong) in letters {
        let read = Spellings::from_csv(text, "").map(drop).map_err(|error| (error.line, error.text));
        assert_eq!(read, wrong.map_or(Ok(()), |(line, text)| Err((line, text.to_owned()))), "{text}");
    }
    let forms = [
        ("group,people,form\n1,yi,木呷\n", None),
        ("group,people,form\n1,yi,木·呷\n", None),
        ("group,people,form\n1,yi,木\n", Some((2, "1,yi,木"))),
        ("group,people,form\n1,yi,木呷,x\n", Some((2, "1,yi,木呷,x"))),
        ("group,people,form\n1,yi,木呷\n\n1,yi\n", Some((4, "1,yi"))),
    ];
    for (text, wrong) in forms {
        let read = Spellings::from_csv("", text).map(drop).map_err(|error| (error.line, error.text));
        assert_eq!(read, wrong.map_or(Ok(()), |(line, text)| Err((line, text.to_owned()))), "{text}");
    }
    let error = Spellings::from_csv("h\nxx", "").expect_err("no pair");
    assert_eq!(error.to_string(), "line 2 of the list of spellings cannot be read: `xx`");
}
