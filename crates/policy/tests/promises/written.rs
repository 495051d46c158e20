//! What people write into declared fields: both sides of every limit, and what is said of the rest.

use crate::{day, valley};
use model::{Class, Decimal, Fen, Kind, Value};
use policy::declare::Column;
use policy::written::{Misfit, Reader, TEXT_CHARACTERS_MAX, YEAR_MIN};

const TODAY: &str = "2024-06-02";

fn column(kind: Kind) -> Column {
    let codes = (kind == Kind::Code).then(|| "risk_type".to_owned());
    Column { name: "field".to_owned(), kind, codes, class: Class::Internal, ..Column::default() }
}

fn text(text: &str) -> Result<Value, Misfit> {
    Ok(Value::Text(text.to_owned()))
}

/// Each text as what will be kept in the column.
fn check(column: &Column, cases: &[(&str, Result<Value, Misfit>)]) {
    let package = valley();
    let reader = Reader::of(&package, day(TODAY));
    for (written, expected) in cases {
        assert_eq!(reader.read(column, written), *expected, "{:?} {written:?}", column.kind);
    }
}

#[test]
fn codes_are_read_by_code_by_label_and_in_english() {
    let unknown = Err(Misfit::Code);
    check(
        &column(Kind::Code),
        &[
            ("01", text("01")),
            (" ０１ ", text("01")),
            ("'01", text("01")),
            ("因病", text("01")),
            ("因 病", text("01")),
            ("illness", text("01")),
            ("ILLNESS", text("01")),
            ("Schooling", text("02")),
            ("1", unknown.clone()),
            ("因", unknown.clone()),
            ("上学", unknown),
            ("", Ok(Value::Null)),
        ],
    );
    let open = Column { codes: Some("nothing".to_owned()), ..column(Kind::Code) };
    check(&open, &[("anything", text("anything"))]);
    let many = Column { many: true, ..column(Kind::Code) };
    check(&many, &[("01", Err(Misfit::Several)), ("", Ok(Value::Null))]);
}

#[test]
fn several_codes_stand_in_the_order_of_their_list_each_once() {
    let package = valley();
    let reader = Reader::of(&package, day(TODAY));
    let many = Column { many: true, ..column(Kind::Code) };
    for (texts, expected) in [
        (&["02", "01"][..], text("01,02")),
        (&["因学", "02", "Schooling"], text("02")),
        (&["", " ", "01"], text("01")),
        (&[], Ok(Value::Null)),
        (&["", "\u{3000}"], Ok(Value::Null)),
        (&["01", "03"], Err(Misfit::Code)),
    ] {
        assert_eq!(reader.several(&many, texts.iter().copied()), expected, "{texts:?}");
    }
    let open = Column { codes: Some("nothing".to_owned()), ..many };
    assert_eq!(reader.several(&open, ["b", "a"]), text("b,a"), "a list that is not at hand has no order");
}

#[test]
fn numbers_keep_to_the_limits_of_their_field() {
    let limited = |kind| Column { min: Some(Decimal::new(-15, 1)), max: Some(Decimal::from(20)), ..column(kind) };
    let below = || Err(Misfit::Below(Decimal::new(-15, 1)));
    let above = || Err(Misfit::Above(Decimal::from(20)));
    let decimal = |text: &str| Ok(Value::Decimal(text.parse().expect("a decimal")));
    check(
        &limited(Kind::Int),
        &[
            ("20", Ok(Value::Int(20))),
            ("21", above()),
            ("-1", Ok(Value::Int(-1))),
            ("-2", below()),
            ("1.0", Ok(Value::Int(1))),
            ("1.5", Err(Misfit::Whole)),
            ("9223372036854775808", Err(Misfit::Whole)),
            ("1e1", Err(Misfit::Number)),
            ("—", Ok(Value::Null)),
        ],
    );
    check(
        &limited(Kind::Decimal),
        &[
            ("20.000", decimal("20")),
            ("20.001", above()),
            ("-1.5", decimal("-1.5")),
            ("-1.50001", below()),
            ("１２．５", decimal("12.5")),
            ("12,5", Err(Misfit::Number)),
        ],
    );
    check(
        &limited(Kind::Fen),
        &[
            ("20", Ok(Value::Fen(Fen(2_000)))),
            ("¥20.00元", Ok(Value::Fen(Fen(2_000)))),
            ("20.01", above()),
            ("-1.50", Ok(Value::Fen(Fen(-150)))),
            ("-1.51", below()),
            ("1.005", Err(Misfit::Money)),
            ("1.5美元", Err(Misfit::Number)),
        ],
    );
    check(
        &column(Kind::Fen),
        &[("92233720368547758.07", Ok(Value::Fen(Fen(i64::MAX)))), ("92233720368547758.08", Err(Misfit::Money))],
    );
}

#[test]
fn days_lie_between_the_first_year_and_today() {
    assert_eq!(YEAR_MIN, 1900);
    let on = |text: &str| Ok(Value::Day(day(text)));
    let late = || Err(Misfit::Late(day(TODAY)));
    check(
        &column(Kind::Day),
        &[
            ("2024-06-02", on("2024-06-02")),
            ("2024-06-03", late()),
            ("2024年6月2日", on("2024-06-02")),
            ("2024-06-02 23:59:30", late()),
            ("1900-01-01", on("1900-01-01")),
            ("1899-12-31", Err(Misfit::Early)),
            ("2024-02", Err(Misfit::Day)),
            ("2023-02-29", Err(Misfit::Day)),
        ],
    );
    check(
        &column(Kind::Month),
        &[
            ("2024-06", on("2024-06-01")),
            ("2024-06-02", on("2024-06-01")),
            ("2024年7月", late()),
            ("190001", on("1900-01-01")),
            ("189912", Err(Misfit::Early)),
            ("202413", Err(Misfit::Month)),
        ],
    );
    let future = Column { may_be_future: true, ..column(Kind::Day) };
    check(&future, &[("2999-12-31", on("2999-12-31")), ("1899-12-31", Err(Misfit::Early))]);
}

#[test]
fn texts_are_tidied_line_by_line_up_to_their_length() {
    let longest = "字".repeat(TEXT_CHARACTERS_MAX);
    check(
        &column(Kind::Text),
        &[
            (" 一 \r\n 二\u{200B}\n\n", text("一\n二")),
            ("一\n\n二", text("一\n\n二")),
            (&longest, text(&longest)),
            (&format!("{longest}字"), Err(Misfit::TooLong(2_000))),
            ("甲\u{1}", Err(Misfit::Characters)),
            ("无", text("无")),
        ],
    );
    let household = Column { name: "household_no".to_owned(), ..column(Kind::Text) };
    check(
        &household,
        &[
            ("5134371002010001", text("5134371002010001")),
            (" ４２ ", text("42")),
            ("042", Err(Misfit::Household)),
            ("四十二", Err(Misfit::Household)),
            ("", Ok(Value::Null)),
        ],
    );
    check(&column(Kind::Reference), &[(" Ｎ１ ", text("N1")), ("吉木•阿古", text("吉木·阿古")), ("-", text("-"))]);
}

#[test]
fn persons_are_read_as_they_are_written_on_their_papers() {
    check(
        &column(Kind::Name),
        &[
            ("王 小珍", text("王小珍")),
            ("吉木.阿古", text("吉木·阿古")),
            ("王3", Err(Misfit::NameDigits)),
            ("王*珍", Err(Misfit::NameHidden)),
            (&"王".repeat(61), Err(Misfit::TooLong(60))),
            ("无", Ok(Value::Null)),
        ],
    );
    check(
        &column(Kind::Identity),
        &[
            ("11010519491231002x", text("11010519491231002X")),
            ("110105491231002", text("11010519491231002X")),
            ("11010519491231002X41", text("11010519491231002X41")),
            ("11010519491231002X41b1", text("11010519491231002X41B1")),
            ("110105194912310021", Err(Misfit::Identity)),
            ("无", Ok(Value::Null)),
        ],
    );
    check(
        &column(Kind::Phone),
        &[("138 1234 1234", text("13812341234")), ("138", Err(Misfit::Phone)), ("无", Ok(Value::Null))],
    );
    check(&column(Kind::Account), &[("6217 0000 1234", text("621700001234")), ("6217", Err(Misfit::Account))]);
}

/// Born on 3 June 2024: tomorrow.
#[test]
fn nobody_is_kept_who_is_not_born_yet() {
    let package = valley();
    let born = |on: &str| {
        let digits: u64 = format!("110105{}001", on.replace('-', "")).parse().expect("digits");
        model::IdentityNumber::from_digits17(digits).expect("a day").canonical()
    };
    let kept = Reader::of(&package, day(TODAY));
    let sought = Reader { limits: None, ..kept };
    for (on, is_kept) in [("2024-06-02", true), ("2024-06-03", false)] {
        let number = born(on);
        let expected = if is_kept { text(&number) } else { Err(Misfit::Identity) };
        assert_eq!(kept.read(&column(Kind::Identity), &number), expected, "{on}");
        assert_eq!(sought.read(&column(Kind::Identity), &number), text(&number), "{on}");
    }
}

#[test]
fn truths_places_and_files_are_what_they_are() {
    check(
        &column(Kind::Bool),
        &[
            ("是", Ok(Value::Bool(true))),
            ("0", Ok(Value::Bool(false))),
            ("也许", Err(Misfit::Truth)),
            ("-", Ok(Value::Null)),
        ],
    );
    check(
        &column(Kind::Region),
        &[
            ("990101", text("990101000000")),
            ("９９０１０１１００２０１", text("990101100201")),
            ("990103", Err(Misfit::Region)),
            ("99010", Err(Misfit::Region)),
            ("山前县", Err(Misfit::Region)),
            ("", Ok(Value::Null)),
        ],
    );
    check(&column(Kind::File), &[("a.jpg", Err(Misfit::Several)), ("", Ok(Value::Null))]);
    let package = valley();
    let anywhere = Reader { divisions: None, ..Reader::of(&package, day(TODAY)) };
    assert_eq!(anywhere.read(&column(Kind::Region), "990103"), text("990103000000"), "without a list any code will do");
}

#[test]
fn a_range_is_asked_of_a_value_that_is_at_hand() {
    let package = valley();
    let kept = Reader::of(&package, day(TODAY));
    let limited = Column { min: Some(Decimal::ONE), max: Some(Decimal::new(250, 2)), ..column(Kind::Decimal) };
    for (value, expected) in [
        ("0.999", Err(Misfit::Below(Decimal::ONE))),
        ("1", Ok(())),
        ("2.5", Ok(())),
        ("2.501", Err(Misfit::Above(Decimal::new(25, 1)))),
    ] {
        let value: Decimal = value.parse().expect("a decimal");
        assert_eq!(kept.check_range(&limited, value), expected, "{value}");
        assert_eq!(Reader { limits: None, ..kept }.check_range(&limited, value), Ok(()), "{value}");
        assert_eq!(kept.check_range(&column(Kind::Decimal), value), Ok(()), "{value}");
    }
}
