//! Values of fields in JSON, both ways: strict, so that what is written is what is meant.
//!
//! Money is whole fen, days are `2021-05-27`, months `2021-05`, decimals texts, several codes a list, files a list of hash and
//! name, unknown is null. The forms stand beside each other in [`form`], which the descriptions of the API are made from too.

use model::written::{fold, fold_key, is_blank};
use model::{Day, Decimal, Fen, Kind, Value};
use policy::Package;
use policy::declare::Column;
use policy::written::{HOUSEHOLD, Misfit, Reader, TEXT_CHARACTERS_MAX};
use serde_json::{Value as Json, json};
use std::borrow::Cow;
use words::Wording;

/// Characters of a text at most.
pub const TEXT_MAX: usize = TEXT_CHARACTERS_MAX;
/// Characters of a person's name at most.
pub const NAME_MAX: usize = 60;
/// Characters of a key or a file's name at most.
pub const KEY_MAX: usize = 200;
/// Files of one field at most.
pub const FILES_MAX: usize = 50;
/// Digits before and behind the point of a decimal at most.
const DECIMAL_DIGITS: (usize, usize) = (15, 6);

/// What a text of a field looks like: its pattern, and its characters at most.
pub fn form(column: &Column) -> (&'static str, usize) {
    match column.kind {
        Kind::Text if column.name == HOUSEHOLD => ("^[1-9][0-9]{0,17}$", 18),
        Kind::Text => (r"\S", TEXT_MAX),
        Kind::Reference => (r"\S", KEY_MAX),
        Kind::Name => ("^[^0-9*?]+$", NAME_MAX),
        Kind::Identity => ("^([0-9]{15}|[0-9]{17}[0-9X]([0-9]{2}([0-9]{2})?)?)$", 22),
        Kind::Phone => ("^[0-9]{7,12}$", 12),
        Kind::Account => ("^[0-9]{8,32}$", 32),
        Kind::Region => ("^[0-9]{12}$", 12),
        Kind::Month => ("^[0-9]{4}-(0[1-9]|1[0-2])$", 7),
        Kind::Decimal => (r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$", 23),
        Kind::Day => ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", 10),
        Kind::Code | Kind::Int | Kind::Fen | Kind::Bool | Kind::File => ("", KEY_MAX),
    }
}

/// Reads the value of a field; null is unknown. `today`: days behind it are taken only where the field may lie ahead.
///
/// The judgement is that of every other text (`policy::written`), and so is the folding of numbers and codes; beyond it days, months
/// and decimals must stand in the one form in which [`write`] gives them back, codes and places by their code.
///
/// # Errors
/// What does not fit, without repeating what was sent.
pub fn read(column: &Column, json: &Json, package: &Package, today: Day) -> Result<Value, Wording> {
    let reader = Reader::of(package, today);
    match (column.kind, json) {
        (_, Json::Null) => Ok(Value::Null),
        (Kind::Code, Json::Array(codes)) if column.many => {
            let texts: Option<Vec<&str>> = codes.iter().map(Json::as_str).collect();
            let texts = texts.ok_or_else(|| wrong_type(column))?;
            let texts: Vec<_> = texts.into_iter().map(fold_key).collect();
            let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
            let is_code =
                |text: &&str| column.codes.as_ref().is_none_or(|list| package.code_label(list, text).is_some());
            let texts = if texts.iter().all(is_code) { texts } else { return Err(misfit("value_code")) };
            reader.several(column, texts).map_err(|misfit| misfit_wording(column, misfit))
        }
        (Kind::File, Json::Array(files)) => read_files(files),
        (Kind::Int, Json::Number(number)) => {
            let whole = number.as_i64().ok_or_else(|| misfit("value_whole"))?;
            in_range(&reader, column, Decimal::from(whole)).map(|()| Value::Int(whole))
        }
        (Kind::Fen, Json::Number(number)) => {
            let fen = number.as_i64().ok_or_else(|| misfit("value_fen"))?;
            let yuan = Decimal::try_from_i128_with_scale(i128::from(fen), 2).map_err(|_| misfit("value_fen"))?;
            in_range(&reader, column, yuan).map(|()| Value::Fen(Fen(fen)))
        }
        (Kind::Bool, Json::Bool(truth)) => Ok(Value::Bool(*truth)),
        (Kind::Int | Kind::Fen | Kind::Bool | Kind::File, _) => Err(wrong_type(column)),
        (Kind::Code, Json::String(_)) if column.many => Err(wrong_type(column)),
        (_, Json::String(text)) => read_text(column, text, &reader),
        _ => Err(wrong_type(column)),
    }
}

fn in_range(reader: &Reader<'_>, column: &Column, number: Decimal) -> Result<(), Wording> {
    reader.check_range(column, number).map_err(|misfit| misfit_wording(column, misfit))
}

fn read_text(column: &Column, text: &str, reader: &Reader<'_>) -> Result<Value, Wording> {
    if is_blank(text) {
        return Err(misfit("value_blank"));
    }
    // Spellings of one number or code are one, as in files and forms; free texts, days and decimals stand as they are.
    let folded = match column.kind {
        Kind::Text if column.name == HOUSEHOLD => fold(text),
        Kind::Identity | Kind::Phone | Kind::Account | Kind::Region => fold(text),
        Kind::Code => fold_key(text),
        _ => Cow::Borrowed(text),
    };
    let text = folded.as_ref();
    if text.chars().count() > form(column).1 {
        return Err(words::wording("value_long", &[("most", &form(column).1)]));
    }
    if text.chars().any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{FFFD}') {
        return Err(misfit("value_characters"));
    }
    if is_personal(column.kind) && text.contains(['*', '?']) {
        return Err(misfit("value_masked"));
    }
    let value = reader.read(column, text).map_err(|misfit| misfit_wording(column, misfit))?;
    let is_strict = match column.kind {
        _ if value.is_null() => return Err(misfit("value_blank")),
        Kind::Text if column.name == HOUSEHOLD => value.as_text() == Some(text),
        // Free texts are tidied, as wherever they are written; numbers of persons may have fifteen digits, phones their hyphens.
        Kind::Text | Kind::Reference | Kind::Name | Kind::Identity | Kind::Phone | Kind::Account => true,
        Kind::Decimal => is_plain_decimal(text),
        _ => write(column, &value, false).as_str() == Some(text),
    };
    if is_strict { Ok(value) } else { Err(wrong_form(column)) }
}

/// What the API says of a text or number that is no value of the field.
fn misfit_wording(column: &Column, found: Misfit) -> Wording {
    match found {
        Misfit::Below(limit) => words::wording("value_below", &[("limit", &limit)]),
        Misfit::Above(limit) => words::wording("value_above", &[("limit", &limit)]),
        Misfit::Late(day) => words::wording("value_day_late", &[("day", &day)]),
        Misfit::TooLong(most) => words::wording("value_long", &[("most", &most)]),
        Misfit::Characters => misfit("value_characters"),
        Misfit::NameHidden => misfit("value_masked"),
        _ => wrong_form(column),
    }
}

fn wrong_form(column: &Column) -> Wording {
    misfit(match column.kind {
        Kind::Text if column.name == HOUSEHOLD => "value_household",
        Kind::Name => "value_name",
        Kind::Code => "value_code",
        Kind::Decimal => "value_decimal",
        Kind::Day => "value_day",
        Kind::Month => "value_month",
        Kind::Identity => "value_identity",
        Kind::Phone => "value_phone",
        Kind::Account => "value_account",
        Kind::Region => "value_region",
        _ => return wrong_type(column),
    })
}

fn is_personal(kind: Kind) -> bool {
    matches!(kind, Kind::Name | Kind::Identity | Kind::Phone | Kind::Account)
}

/// A plain decimal: digits, and at most one point with digits on both sides.
fn is_plain_decimal(text: &str) -> bool {
    let is_digits =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    is_digits(whole, DECIMAL_DIGITS.0) && is_digits(rest, DECIMAL_DIGITS.1)
}

fn read_files(files: &[Json]) -> Result<Value, Wording> {
    if files.len() > FILES_MAX {
        return Err(misfit("value_files"));
    }
    let mut lines = Vec::new();
    for file in files {
        let members = file.as_object().filter(|members| members.keys().all(|key| key == "hash" || key == "name"));
        let member = |name: &str| members.and_then(|members| members.get(name)).and_then(Json::as_str);
        let (Some(hash), Some(name)) = (member("hash"), member("name")) else { return Err(misfit("value_files")) };
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let is_name = !name.trim().is_empty() && name.chars().count() <= KEY_MAX && !name.contains(char::is_control);
        if !is_hash || !is_name {
            return Err(misfit("value_files"));
        }
        lines.push(format!("{hash}:{}", name.trim()));
    }
    Ok(if lines.is_empty() { Value::Null } else { Value::Text(lines.join("\n")) })
}

fn misfit(key: &str) -> Wording {
    words::wording(key, &[])
}

fn wrong_type(column: &Column) -> Wording {
    misfit(match column.kind {
        Kind::Code if column.many => "value_type_codes",
        Kind::File => "value_files",
        Kind::Int => "value_whole",
        Kind::Fen => "value_fen",
        Kind::Bool => "value_type_truth",
        Kind::Decimal => "value_decimal",
        _ => "value_type_text",
    })
}

/// The value as the API gives it. A masked value is its masked text where the field holds texts, and null elsewhere.
pub fn write(column: &Column, value: &Value, masked: bool) -> Json {
    let holds_text = matches!(column.kind, Kind::Text | Kind::Name | Kind::Identity | Kind::Phone | Kind::Account);
    match (column.kind, value) {
        (_, Value::Null) => Json::Null,
        (_, _) if masked && !holds_text => Json::Null,
        (_, Value::Text(text)) if masked => text.clone().into(),
        (Kind::Code, Value::Text(codes)) if column.many => codes.split(',').collect(),
        (Kind::File, Value::Text(lines)) => {
            let files = lines.lines().filter_map(|line| line.split_once(':'));
            files.map(|(hash, name)| json!({ "hash": hash, "name": name })).collect()
        }
        (Kind::Month, Value::Day(day)) => format!("{:04}-{:02}", day.year(), day.month()).into(),
        (_, Value::Bool(truth)) => (*truth).into(),
        (Kind::Decimal, Value::Int(number)) => number.to_string().into(),
        (_, Value::Int(number)) => (*number).into(),
        (_, Value::Fen(fen)) => fen.0.into(),
        (_, Value::Decimal(number)) => number.normalize().to_string().into(),
        (_, Value::Day(day)) => day.to_string().into(),
        (_, Value::Text(text)) => text.clone().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn package() -> Package {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store/valley");
        Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn column(kind: Kind) -> Column {
        Column {
            name: "field".into(),
            kind,
            min: Some(Decimal::ZERO),
            max: Some(Decimal::from(100)),
            ..Column::default()
        }
    }

    #[test]
    fn only_the_strict_form_of_each_kind_is_taken_and_given_back_the_same() {
        let (package, today) = (package(), "2024-06-02".parse().expect("a day"));
        let hash = "0123456789abcdef".repeat(4);
        let taken = [
            (Kind::Text, json!("一句话")),
            (Kind::Name, json!("吉木·阿古莫")),
            (Kind::Int, json!(7)),
            (Kind::Fen, json!(10_000)),
            (Kind::Decimal, json!("4.5")),
            (Kind::Bool, json!(false)),
            (Kind::Day, json!("2024-06-02")),
            (Kind::Month, json!("2024-05")),
            (Kind::Identity, json!("11010519491231002X")),
            (Kind::Phone, json!("13812345678")),
            (Kind::Account, json!("621700001234")),
            (Kind::Region, json!("990101100201")),
            (Kind::File, json!([{ "hash": hash, "name": "现场.jpg" }])),
            (Kind::Text, Json::Null),
        ];
        for (kind, sent) in taken {
            let column = column(kind);
            let value = read(&column, &sent, &package, today).unwrap_or_else(|misfit| panic!("{kind:?} {misfit:?}"));
            assert_eq!(write(&column, &value, false), sent, "{kind:?}");
        }
        let spellings = [
            (Kind::Identity, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
            (Kind::Identity, "'110105 19491231\u{200B}002x", "11010519491231002X"),
            (Kind::Identity, "=\"11010519491231002X\"", "11010519491231002X"),
            (Kind::Phone, "138 1234-5678", "13812345678"),
            (Kind::Account, "6217 0000 1234", "621700001234"),
            (Kind::Region, "'９９０１０１１００２０１", "990101100201"),
        ];
        for (kind, sent, expected) in spellings {
            let value = read(&column(kind), &json!(sent), &package, today);
            assert_eq!(value, Ok(Value::Text(expected.into())), "{kind:?} {sent}");
        }
        let household = Column { name: HOUSEHOLD.into(), ..column(Kind::Text) };
        for sent in ["5101", "５１０１", "51 01", "'5101", "\u{202A}5101\u{202C}"] {
            assert_eq!(read(&household, &json!(sent), &package, today), Ok(Value::Text("5101".into())), "{sent}");
        }
        let refused = [
            (Kind::Text, json!("  ")),
            (Kind::Text, json!("\u{3000}\u{200B}")),
            (Kind::Reference, json!("\u{3164}")),
            (Kind::Text, json!("a\u{0}b")),
            (Kind::Text, json!(5)),
            (Kind::Text, json!("x".repeat(TEXT_MAX + 1))),
            (Kind::Name, json!("王*珍")),
            (Kind::Int, json!(1.5)),
            (Kind::Int, json!("1")),
            (Kind::Int, json!(101)),
            (Kind::Int, json!(u64::MAX)),
            (Kind::Fen, json!(10_001)),
            (Kind::Fen, json!(-1)),
            (Kind::Decimal, json!(4.5)),
            (Kind::Decimal, json!("1e1")),
            (Kind::Decimal, json!("1.0000001")),
            (Kind::Decimal, json!(".5")),
            (Kind::Bool, json!("true")),
            (Kind::Day, json!("2024-6-2")),
            (Kind::Day, json!("2024-06-03")),
            (Kind::Day, json!("1899-12-31")),
            (Kind::Day, json!("2023-02-29")),
            (Kind::Month, json!("2024-05-01")),
            (Kind::Identity, json!("110105194912310021")),
            (Kind::Phone, json!("138****5678")),
            (Kind::Region, json!("9901")),
            (Kind::File, json!([{ "hash": "x", "name": "a" }])),
            (Kind::File, json!("x")),
            (Kind::Code, json!(["a"])),
        ];
        for (kind, sent) in refused {
            assert!(read(&column(kind), &sent, &package, today).is_err(), "{kind:?} {sent}");
        }
    }

    #[test]
    fn codes_stand_in_the_lists_order_and_masked_values_do_not_pretend_to_be_values() {
        let (package, today) = (package(), "2024-06-02".parse().expect("a day"));
        let register = &package.registers["garden"];
        let several = register.field.iter().find(|field| field.many).expect("a field with several codes");
        let list = &package.codes[several.codes.as_ref().expect("a list")].code;
        let (first, second) = (&list[0].code, &list[1].code);
        let value = read(several, &json!([second, first, second]), &package, today).expect("fits");
        assert_eq!(write(several, &value, false), json!([first, second]));
        assert_eq!(read(several, &json!([]), &package, today), Ok(Value::Null));
        assert!(read(several, &json!(["none"]), &package, today).is_err());
        let stars = Value::Text("***".into());
        assert_eq!(write(&column(Kind::Fen), &stars, true), Json::Null);
        assert_eq!(write(&column(Kind::Phone), &stars, true), json!("***"));
    }
}
