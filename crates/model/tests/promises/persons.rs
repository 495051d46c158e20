//! Identity numbers at their ends, in words; household numbers; masks.

use crate::day;
use model::{
    Disability, FaultKind, HouseholdNo, IdentityFault, IdentityNumber, Sex, mask_identity, mask_name, mask_phone,
};

#[test]
fn every_fault_of_a_number_says_what_is_wrong_and_what_to_do() {
    use IdentityFault::{BirthDay, Characters, CheckDigit, DisabilityDigits, Length};
    let cases = [
        (
            Length,
            FaultKind::IdentityLength,
            "证件号码长度不对：身份证号应为18位（旧证15位），残疾人证号应为20位或22位",
            "The identity number has the wrong length: it has 18 digits, 15 of the first generation, and 20 or 22 on a disability certificate",
            "请对照证件补全号码；号码列应设为文本格式，避免表格软件截断",
        ),
        (
            Characters,
            FaultKind::IdentityLength,
            "证件号码中有不应出现的字符：除第18位可为X外，其余应为数字",
            "The identity number has characters other than digits, and an X in place 18",
            "请对照证件改正；若显示为科学计数法，请将该列设为文本格式后重新导出",
        ),
        (
            BirthDay,
            FaultKind::IdentityBirthDay,
            "证件号码中的出生日期不存在",
            "The day of birth in the identity number does not exist",
            "请对照证件核对第7至14位（出生年月日）",
        ),
        (
            CheckDigit,
            FaultKind::IdentityCheckDigit,
            "证件号码校验位不符，可能有一位录错或两位颠倒",
            "The check digit does not fit the identity number: one digit is wrong, or two are interchanged",
            "请对照证件逐位核对；若末三位均为0，多为表格软件改写，请以文本格式重新导出",
        ),
        (
            DisabilityDigits,
            FaultKind::DisabilityDigits,
            "残疾人证号的类别位（应为1至7）或等级位（应为1至4）不对",
            "The disability number has an impossible kind (1 to 7) or grade (1 to 4)",
            "请对照残疾人证核对第19位（类别）和第20位（等级）",
        ),
    ];
    for (fault, kind, what, what_en, hint) in cases {
        let advice = fault.advice();
        assert_eq!(fault.kind(), kind);
        assert_eq!((advice.what.chinese(), advice.what.english(), advice.hint.chinese()), (what, what_en, hint));
        assert!(fault.to_string().is_ascii());
    }
}

/// The check character by the rule of the standard: weights are powers of two modulo 11.
fn check_character(digits: &str) -> char {
    let weights = (0..17).map(|at| (0..17 - at).fold(1_u32, |power, _| power * 2 % 11));
    let sum: u32 =
        digits.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight).sum();
    match (12 - sum % 11) % 11 {
        10 => 'X',
        rest => char::from_digit(rest, 10).expect("a digit"),
    }
}

#[test]
fn numbers_fit_by_the_rule_of_the_standard_and_their_years_are_human() {
    for (born, exists) in [
        ("18491231", false),
        ("18500101", true),
        ("19000228", true),
        ("19000229", false),
        ("20000229", true),
        ("20230229", false),
        ("20240430", true),
        ("20240431", false),
        ("20241301", false),
        ("20240100", false),
        ("21001231", true),
        ("21010101", false),
    ] {
        for (area, order) in [("000000", "000"), ("110105", "001"), ("659004", "999"), ("990101", "120")] {
            let digits = format!("{area}{born}{order}");
            let text = format!("{digits}{}", check_character(&digits));
            let found = IdentityNumber::parse(&text);
            assert_eq!(found.is_ok(), exists, "{text}");
            let Ok(number) = found else {
                assert_eq!(found, Err(IdentityFault::BirthDay), "{text}");
                continue;
            };
            let written = format!("{}-{}-{}", &born[..4], &born[4..6], &born[6..]);
            assert_eq!((number.canonical(), number.born_on()), (text.clone(), day(&written)));
            assert_eq!(format!("{:06}", number.area()), area);
            let is_odd = order.ends_with(['1', '3', '5', '7', '9']);
            assert_eq!(number.sex(), if is_odd { Sex::Male } else { Sex::Female }, "{text}");
            assert_eq!(number.digits17().to_string(), digits.trim_start_matches('0'));
        }
    }
}

#[test]
fn certificates_say_kind_and_grade_and_nothing_beyond_them() {
    let number = "11010519491231002X";
    for kind in 0..10_u8 {
        for grade in 0..10_u8 {
            let found = IdentityNumber::parse(&format!("{number}{kind}{grade}"));
            let is_possible = (1..=7).contains(&kind) && (1..=4).contains(&grade);
            let expected = is_possible.then_some(Disability { kind, grade });
            assert_eq!(
                found.map(IdentityNumber::disability),
                expected.map(Some).ok_or(IdentityFault::DisabilityDigits)
            );
            let again = IdentityNumber::parse(&format!("{number}{kind}{grade}B9"));
            assert_eq!(again, found, "a certificate that was given out anew is of the same person");
        }
    }
    assert_eq!(IdentityNumber::parse(&format!("{number}11 1")), Err(IdentityFault::Length));
    assert_eq!(IdentityNumber::parse(&format!("{number}111B")), Err(IdentityFault::Characters));
    assert_eq!(IdentityNumber::parse(&format!("{number}B111")), Err(IdentityFault::Characters));
}

#[test]
fn what_is_meant_as_a_number_is_known_also_where_one_digit_is_wrong() {
    for (text, is_meant) in [
        ("11010519491231002X", true),
        ("110105194912310021", true),
        ("110105491231002", true),
        ("11010519491231002X41", true),
        ("11010519491331002X", false),
        ("13812345678", false),
        ("6217000000000986756", false),
        ("张三", false),
        ("", false),
    ] {
        assert_eq!(IdentityNumber::is_meant(text), is_meant, "{text}");
    }
}

#[test]
fn household_numbers_have_one_to_eighteen_digits_and_no_nought_before_them() {
    for (text, number) in [
        ("1", Some(1)),
        ("9", Some(9)),
        ("10", Some(10)),
        ("999999999999999999", Some(999_999_999_999_999_999)),
        ("1000000000000000000", None),
        ("0", None),
        ("01", None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1 ", None),
        ("１", None),
        ("1.0", None),
    ] {
        assert_eq!(HouseholdNo::parse(text), number.map(HouseholdNo), "{text:?}");
    }
    assert_eq!(HouseholdNo(42).to_string(), "42");
}

#[test]
fn masks_show_the_ends_and_never_the_whole() {
    for (name, masked) in [
        ("", ""),
        ("王", "王*"),
        ("欧阳", "欧*"),
        ("王小珍", "王*珍"),
        ("欧阳小珍", "欧阳*珍"),
        ("吉木·阿古", "吉木**古"),
        ("吉木·阿古莫", "吉木***莫"),
        ("吉木·阿古莫惹扎·沙马", "吉木***马"),
        ("𠆩小𠆩", "𠆩*𠆩"),
    ] {
        assert_eq!(mask_name(name), masked);
    }
    for (number, masked) in [
        ("11010519491231002X", "11*************02X"),
        ("110105491231002", "11**********002"),
        ("123456", "12*456"),
        ("12345", "*****"),
        ("", ""),
    ] {
        assert_eq!(mask_identity(number), masked);
    }
    for (phone, masked) in [
        ("13812341234", "138****1234"),
        ("08342166000", "083****6000"),
        ("12345678", "123*5678"),
        ("2166000", "*******"),
    ] {
        assert_eq!(mask_phone(phone), masked);
    }
}
