//! Values as they are shown and taken apart; money; faults; sentences in two languages.

use crate::{Dice, day};
use model::{Decimal, Fault, FaultKind, Fen, Place, Value, from_hex, to_hex};

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().expect("a decimal"))
}

#[test]
fn a_value_is_shown_plain() {
    let cases = [
        (Value::Null, ""),
        (Value::Bool(true), "是"),
        (Value::Bool(false), "否"),
        (Value::Int(-7), "-7"),
        (Value::Int(i64::MIN), "-9223372036854775808"),
        (decimal("1.500"), "1.5"),
        (decimal("100"), "100"),
        (decimal("0.000"), "0"),
        (decimal("-0.05"), "-0.05"),
        (Value::Fen(Fen(0)), "0.00"),
        (Value::Fen(Fen(-5)), "-0.05"),
        (Value::Day(day("2024-02-29")), "2024-02-29"),
        (Value::Text("a 'b'".to_owned()), "a 'b'"),
    ];
    for (value, shown) in cases {
        assert_eq!(value.to_string(), shown, "{value:?}");
    }
}

#[test]
fn a_value_gives_what_it_holds_and_nothing_else() {
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::Int(3),
        decimal("3"),
        Value::Fen(Fen(3)),
        Value::Day(day("2024-02-29")),
        Value::Text("3".to_owned()),
    ];
    let given = |at: usize| {
        let value = &values[at];
        [
            value.as_bool().is_some(),
            value.as_i64().is_some(),
            value.as_fen().is_some(),
            value.as_day().is_some(),
            value.as_text().is_some(),
        ]
    };
    let expected = [
        [false; 5],
        [true, false, false, false, false],
        [false, true, false, false, false],
        [false; 5],
        [false, true, true, false, false],
        [false, false, false, true, false],
        [false, false, false, false, true],
    ];
    for (at, expected) in expected.into_iter().enumerate() {
        assert_eq!(given(at), expected, "{:?}", values[at]);
    }
    assert_eq!((values[4].as_i64(), values[4].as_fen()), (Some(3), Some(Fen(3))));
}

/// Yuan with separators, worked out from the right, letter by letter.
fn grouped(fen: i128) -> String {
    let digits = fen.unsigned_abs().to_string();
    let padded = format!("{digits:0>3}");
    let (yuan, cents) = padded.split_at(padded.len() - 2);
    let mut letters: Vec<char> = Vec::new();
    for (at, digit) in yuan.chars().rev().enumerate() {
        if at > 0 && at % 3 == 0 {
            letters.push(',');
        }
        letters.push(digit);
    }
    let yuan: String = letters.into_iter().rev().collect();
    format!("{}{yuan}.{cents}", if fen < 0 { "-" } else { "" })
}

#[test]
fn money_of_every_size_is_shown_with_all_its_digits() {
    let mut dice = Dice(41_260);
    let mut amounts =
        vec![0, 1, -1, 99, 100, -100, 99_999, 100_000, 99_999_999, 100_000_000, i64::MAX, i64::MIN, i64::MIN + 1];
    for digits in 1..=18 {
        for _ in 0..30 {
            let amount = dice.below(10_u64.pow(digits)) as i64;
            amounts.extend([amount, -amount]);
        }
    }
    for amount in amounts {
        assert_eq!(Fen(amount).to_string(), grouped(i128::from(amount)));
    }
}

#[test]
fn only_a_failed_check_of_a_row_that_was_taken_is_a_remark() {
    let fault = |kind, drops_row| Fault {
        place: Place { file: "a.csv".into(), sheet: None, row: Some(2), column: Some(0), heading: None },
        kind,
        seen: String::new(),
        what: words::Wording::same("x"),
        hint: words::Wording::same("y"),
        drops_row,
    };
    let cases = [
        (FaultKind::CheckFailed, false, true),
        (FaultKind::CheckFailed, true, false),
        (FaultKind::SwappedCells, false, false),
        (FaultKind::Missing, false, false),
        (FaultKind::Missing, true, false),
    ];
    for (kind, drops_row, is_remark) in cases {
        assert_eq!(fault(kind, drops_row).is_remark(), is_remark, "{kind:?} {drops_row}");
    }
}

#[test]
fn faults_stand_in_the_order_of_their_file() {
    let place = |file: &str, sheet: Option<&str>, row, column| Place {
        file: file.into(),
        sheet: sheet.map(str::to_owned),
        row,
        column,
        heading: None,
    };
    let in_order = [
        place("a", None, None, None),
        place("a", None, Some(2), None),
        place("a", None, Some(2), Some(0)),
        place("a", None, Some(2), Some(1)),
        place("a", None, Some(10), Some(0)),
        place("a", Some("甲"), None, None),
        place("b", None, None, None),
    ];
    assert!(in_order.is_sorted() && in_order.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn bytes_come_back_from_their_digits_in_any_case_and_odd_ones_do_not() {
    let mut dice = Dice(16);
    for length in 0..64 {
        let bytes: Vec<u8> = (0..length).map(|_| dice.below(256) as u8).collect();
        let digits = to_hex(&bytes);
        let plain: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digits, plain);
        assert_eq!((from_hex(&digits), from_hex(&digits.to_uppercase())), (Some(bytes.clone()), Some(bytes)));
        assert_eq!(from_hex(&format!("{digits}f")), None, "half a byte");
        assert_eq!(from_hex(&format!("{digits}f ")), None);
    }
}

#[test]
fn decimals_that_are_alike_are_one_value_in_words_and_in_order() {
    let one: Decimal = "1.0".parse().expect("a decimal");
    let same: Decimal = "1.000".parse().expect("a decimal");
    assert_eq!(Value::Decimal(one), Value::Decimal(same));
    assert_eq!(Value::Decimal(one).to_string(), Value::Decimal(same).to_string());
}
