//! Text files in all encodings that offices use, also several in one file: no character is guessed.

mod support;

use exchange::{Encoding, Refusal};
use model::FaultKind::BadText;
use support::aid::{self, text};

const LINES: [&str; 3] =
    ["#1,王伟,住院治疗,1,2024-06-01", "#2,扎西·次仁,\"探亲\n访友\",2,2024-06-02", "#3,李芳,,3,2024-06-03"];
const ROWS: [&str; 3] =
    ["2|王伟|住院治疗|1.00|2024-06-01", "3|扎西·次仁|探亲 访友|2.00|2024-06-02", "4|李芳||3.00|2024-06-03"];

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn utf16(text: &str, is_big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn check(name: &str, bytes: &[u8], encoding: Encoding) {
    let outcome = aid::read("file.csv", bytes).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert_eq!(outcome.rows, ROWS, "{name}");
    assert_eq!(outcome.faults, [], "{name}");
    assert_eq!(outcome.summary.encoding, Some(encoding), "{name}");
}

#[test]
fn a_file_is_read_in_whatever_encoding_it_was_saved() {
    let plain = text(&LINES);
    let marked = format!("\u{FEFF}{plain}");
    let twice = format!("\u{FEFF}{marked}");
    check("UTF-8", plain.as_bytes(), Encoding::Utf8);
    check("UTF-8 with a mark", marked.as_bytes(), Encoding::Utf8Bom);
    check("UTF-8 with two marks", twice.as_bytes(), Encoding::Utf8Bom);
    let quoted = twice.replacen("证件号码", "\"证件号码\"", 1);
    check("two marks before a quoted heading", quoted.as_bytes(), Encoding::Utf8Bom);
    check("GB18030", &gb18030(&plain), Encoding::Gb18030);
    check("GB18030 with a mark", &gb18030(&marked), Encoding::Gb18030);
    let wrongly_marked = [b"\xEF\xBB\xBF".as_slice(), &gb18030(&plain)].concat();
    check("GB18030 with the mark of UTF-8", &wrongly_marked, Encoding::Gb18030);
    for (is_big, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
        for (name, text) in [("no mark", &plain), ("a mark", &marked), ("two marks", &twice)] {
            for ending in ["\n", "\r\n", "\r"] {
                let file = utf16(&text.replace('\n', ending), is_big);
                check(&format!("{encoding} with {name} and {ending:?}"), &file, encoding);
            }
            check(&format!("{encoding} with tabs"), &utf16(&text.replace(',', "\t"), is_big), encoding);
        }
    }
}

#[test]
fn large_files_in_utf16_are_read_across_all_blocks() {
    let lines: Vec<String> = (1..=9_000)
        .map(|number| format!("#{},王伟,第{number}笔{},{number},2024-06-01", number % 99 + 1, "长".repeat(number % 50)))
        .collect();
    let file = text(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let outcome = aid::read("large.csv", &utf16(&file, false)).expect("is read");
    assert_eq!((outcome.rows.len(), outcome.faults.len()), (9_000, 0));
    assert!(outcome.rows[8_999].starts_with("9001|王伟|第9000笔"), "{}", outcome.rows[8_999]);
}

#[test]
fn lines_of_two_encodings_in_one_file_are_read_each_in_its_own() {
    let plain =
        text(&["#1,王伟,住院治疗,1,2024-06-01", "#2,李芳,探亲访友,2,2024-06-02", "#3,杨小珍,上学,3,2024-06-03"]);
    let rows = ["2|王伟|住院治疗|1.00|2024-06-01", "3|李芳|探亲访友|2.00|2024-06-02", "4|杨小珍|上学|3.00|2024-06-03"];
    for mixture in 0..16_u8 {
        let lines = plain.lines().enumerate().map(|(at, line)| {
            let bytes = if mixture >> at & 1 == 1 { gb18030(line) } else { line.as_bytes().to_vec() };
            [bytes, b"\n".to_vec()].concat()
        });
        let outcome = aid::read("mixed.csv", &lines.collect::<Vec<_>>().concat()).expect("is read");
        assert_eq!(outcome.rows, rows, "{mixture:04b}");
        assert_eq!(outcome.faults, [], "{mixture:04b}");
    }
}

#[test]
fn what_is_not_sure_is_a_fault_and_never_another_character() {
    let file = |bytes: &[u8]| {
        let before = text(&["#1,王伟,住院治疗,1,2024-06-01", "#2,李芳,@,2,2024-06-02", "#3,王伟,@,3,2024-06-03"]);
        let at = before.find('@').expect("has a place");
        [&before.as_bytes()[..at], bytes, before[at + 1..].replace('@', "上学").as_bytes()].concat()
    };
    // A UTF-8 line, whose reason is: half a character; a byte too many; pairs that are Chinese in GB18030 and Cyrillic in UTF-8.
    for bytes in [&b"\xE4\xBD"[..], b"\xE4\xBD\x8F\x8F", b"\xD0\xD5"] {
        let outcome = aid::read("damaged.csv", &file(bytes)).expect("is read");
        assert_eq!(outcome.faults, [(3, BadText)], "{bytes:x?}");
        assert_eq!(outcome.rows[1], "3|李芳||2.00|2024-06-02", "{bytes:x?}");
        assert_eq!(outcome.rows.len(), 3, "{bytes:x?}");
    }
    // One cell in another encoding than the rest of its line, and a line that is Chinese in one and signs in the other.
    let lines = text(&["#1,王伟,住院治疗,1,2024-06-01", "#2,@,,2,2024-06-02"]);
    let at = lines.find('@').expect("has a place");
    for bytes in [[gb18030("李芳"), b",".to_vec(), "探亲".into()].concat(), b"\xC2\xA3\xC2\xBD".to_vec()] {
        let whole = [&lines.as_bytes()[..at], &bytes, &lines.as_bytes()[at + 1..]].concat();
        let outcome = aid::read("either.csv", &whole).expect("is read");
        assert_eq!(outcome.rows.len(), 1, "{:?}", outcome.rows);
        assert!(outcome.faults.iter().all(|(row, _)| *row == 3) && !outcome.faults.is_empty(), "{:?}", outcome.faults);
    }
}

#[test]
fn rare_characters_of_gb18030_are_not_taken_for_damaged_utf_8() {
    // The bytes of 銆撈 are those of 〓 in UTF-8 and half a letter.
    for rare in ["銆撈", "喆", "镕基", "王囍", "ꀀꀁ", "𠮷"] {
        let lines = text(&[&format!("#1,王伟,{rare},1,2024-06-01"), &format!("#2,李芳,住院{rare},2,2024-06-02")]);
        let outcome = aid::read("rare.csv", &gb18030(&lines)).expect("is read");
        let rows = [format!("2|王伟|{rare}|1.00|2024-06-01"), format!("3|李芳|住院{rare}|2.00|2024-06-02")];
        assert_eq!(outcome.rows, rows);
    }
}

#[test]
fn other_encodings_and_formats_are_refused_with_what_to_do() {
    let traditional = "證件號碼,姓名,事由,金額,發放日期\n513437199001011234,張偉,住院治療,580,2024-05-20\n";
    let big5 = encoding_rs::BIG5.encode(traditional).0.into_owned();
    let japanese = "番号,氏名,理由,金額,日付\n1,田中,にゅういん,580,2024-05-20\n";
    let shift_jis = encoding_rs::SHIFT_JIS.encode(japanese).0.into_owned();
    let utf32: Vec<u8> = text(&LINES).chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    let marked32 = [b"\xFF\xFE\0\0".to_vec(), utf32.clone()].concat();
    for (name, bytes) in [("big5.csv", &big5), ("shift_jis.csv", &shift_jis), ("utf32.csv", &marked32)] {
        let refusal = aid::read(name, bytes).err().expect("is refused");
        assert!(matches!(refusal, Refusal::UnknownEncoding { .. }), "{name}: {refusal:?}");
        assert!(refusal.to_string().contains("CSV UTF-8"), "{refusal}");
    }
    let ridden: Vec<u8> = text(&LINES).bytes().flat_map(|byte| [byte, 0, 0]).collect();
    for (name, bytes) in [("utf32 without a mark", &utf32), ("ridden with zeros", &ridden)] {
        let refusal = aid::read("zeros.csv", bytes).err().expect("is refused");
        assert!(
            matches!(refusal, Refusal::UnknownFormat { .. } | Refusal::UnknownEncoding { .. }),
            "{name}: {refusal:?}"
        );
    }
    let page = utf16("\u{FEFF}<html><table></table></html>", false);
    assert!(matches!(aid::read("page.xls", &page), Err(Refusal::UnknownFormat { .. })));
    for empty in [utf16("\u{FEFF}", false), utf16("\u{FEFF}\r\n", true)] {
        assert!(matches!(aid::read("empty.csv", &empty), Err(Refusal::Empty { .. })));
    }
}

#[test]
fn a_zero_in_a_text_is_a_fault_of_its_cell() {
    let file = text(&["#1,王伟,住\0院,1,2024-06-01", "#2,李芳,探亲,2,2024-06-02"]);
    let outcome = aid::read("zero.csv", file.as_bytes()).expect("is read");
    assert_eq!(outcome.rows, ["2|王伟||1.00|2024-06-01", "3|李芳|探亲|2.00|2024-06-02"]);
    assert_eq!(outcome.faults, [(2, BadText)]);
}
