//! Types and units are proven before anything runs.

use crate::{in_english, valley};
use model::{Fen, Type, Value};
use policy::declare::Grain;
use policy::expression::{Expr, ExpressionError, Typed, parse, parse_spanned, settle, settle_spanned, type_of};

fn typed(text: &str) -> Result<Typed, ExpressionError> {
    let package = valley();
    settle_spanned(&parse_spanned(text).expect(text), package.scope(Grain::Household)).map(|(_, typed)| typed)
}

#[test]
fn money_keeps_its_unit() {
    let cases = [
        ("income_fen + household_self_paid_fen", Type::Fen, true),
        ("income_fen - yuan(1)", Type::Fen, true),
        ("income_fen * member_count", Type::Fen, true),
        ("2 * income_fen", Type::Fen, true),
        ("income_fen * p.spending_share", Type::Decimal, true),
        ("income_fen * 0.5 + income_fen", Type::Decimal, true),
        ("whole(income_fen * p.spending_share)", Type::Fen, true),
        ("whole(land_mu)", Type::Int, false),
        ("per(income_fen, member_count)", Type::Fen, true),
        ("per(member_count, 2)", Type::Int, false),
        ("-income_fen", Type::Fen, true),
        ("income_fen > 0", Type::Bool, false),
        ("0 < income_fen", Type::Bool, false),
        ("income_fen > p.spending_line", Type::Bool, false),
        ("income_fen > p.spending_line * 0.5", Type::Bool, false),
        ("coalesce(income_fen, 0)", Type::Fen, true),
        ("case when is_monitored then income_fen else 0 end", Type::Fen, true),
        ("least(income_fen, yuan(5))", Type::Fen, true),
        ("member_count + 1", Type::Int, false),
        ("member_count * 1.5", Type::Decimal, false),
        ("land_mu > 1", Type::Bool, false),
        ("land_mu + member_count", Type::Decimal, false),
        ("risk_code = '01'", Type::Bool, false),
        ("risk_code in ('01', '02')", Type::Bool, false),
        ("day", Type::Day, false),
        ("plus_days(day, 3)", Type::Day, false),
        ("months_between(date '2021-01-01', day)", Type::Int, false),
        ("is_monitored is null", Type::Bool, false),
        ("coalesce(is_monitored, false)", Type::Bool, false),
        ("case when is_monitored then null else 1 end", Type::Int, false),
    ];
    for (text, ty, is_money) in cases {
        let found = typed(text).unwrap_or_else(|error| panic!("{text}: {error} {}", error.hint.chinese()));
        assert_eq!((found.ty, found.is_money), (ty, is_money), "{text}");
    }
}

#[test]
fn wrong_units_types_and_names_are_refused_at_their_place() {
    let cases = [
        ("income_fen > 6000", "6000", "yuan("),
        ("income_fen > 0.5", "0.5", "yuan("),
        ("income_fen + 1 > 0", "income_fen + 1", "yuan("),
        ("income_fen > member_count", "member_count", "yuan("),
        ("income_fen * income_fen > 0", "income_fen * income_fen", "比例"),
        ("day > '2021-01-01'", "'2021-01-01'", "date '"),
        ("day - 3 > day", "day", "plus_days"),
        ("risk_code = '因病'", "'因病'", "'01'"),
        ("risk_code = '上学'", "'上学'", "'02'"),
        ("risk_code in ('01', '09')", "'09'", "因病"),
        ("risk_code <> '9'", "'9'", "因病"),
        ("risk_code > '01'", "risk_code > '01'", "in"),
        ("risk_code = 1", "1", "单引号"),
        ("member_count", "", ""),
        ("membr_count > 1", "membr_count", "member_count"),
        ("spending_line < income_fen", "spending_line", "p.spending_line"),
        ("income_fen > p.spending_lin", "p.spending_lin", "p.spending_line"),
        ("self_paid_12m_fen > yuan(1)", "self_paid_12m_fen", "汇总"),
        ("born_on is null", "born_on", "汇总"),
        ("head_phone is null", "head_phone", "敏感"),
        ("sick_household_count > 1", "sick_household_count", "村"),
        ("not member_count", "member_count", "比较"),
        ("is_monitored and 1", "1", "比较"),
        ("is_monitored = null", "is_monitored = null", "is null"),
        ("is_monitored + 1 > 0", "is_monitored", "数"),
        ("age(member_count) > 1", "member_count", "age("),
        ("per(land_mu, 2) > 1", "land_mu", "whole"),
        ("per(income_fen, land_mu) > yuan(1)", "land_mu", "per("),
        ("coalesce(member_count, land_mu) > 1", "coalesce(member_count, land_mu)", "whole"),
        ("case when is_monitored then 1 else '1' end = 1", "'1'", ""),
        ("member_count in (member_count)", "member_count)", "="),
        ("null", "null", ""),
    ];
    for (text, part, hint) in cases {
        if part.is_empty() {
            assert_eq!(typed(text).expect(text).ty, Type::Int);
            continue;
        }
        let error = typed(text).expect_err(text);
        in_english::check_error(&error);
        let at = if text.starts_with("member_count in") { text.rfind(part) } else { text.find(part) };
        assert_eq!(Some(error.offset), at, "{text}: {error:?}");
        assert!(error.hint.chinese().contains(hint), "{text}: {error:?}");
    }
}

#[test]
fn residents_read_their_household_and_no_identity() {
    let package = valley();
    let scope = package.scope(Grain::Resident);
    let read = |text: &str| type_of(&parse(text).expect(text), scope).map(|typed| typed.ty);
    assert_eq!(read("household.income_fen > self_paid_12m_fen"), Ok(Type::Bool));
    assert_eq!(read("household.member_count"), Ok(Type::Int));
    assert_eq!(read("age(born_on)"), Ok(Type::Int));
    assert_eq!(read("member_from"), Ok(Type::Day));
    for closed in
        ["identity_no", "name", "illness", "household_no", "household.head_phone", "income_fen", "member_count"]
    {
        assert!(read(closed).is_err(), "{closed}");
    }
}

#[test]
fn bare_numbers_take_the_type_of_their_place() {
    let package = valley();
    let settled = |text: &str| settle(&parse(text).expect(text), package.scope(Grain::Household)).expect(text).0;
    let zero = Expr::Literal(Value::Fen(Fen(0)));
    let Expr::Call { arguments, .. } = settled("coalesce(income_fen, 0)") else { panic!("a call") };
    assert_eq!(arguments[1], zero);
    let Expr::Binary { right, .. } = settled("income_fen > 0") else { panic!("a comparison") };
    assert_eq!(*right, zero);
    let Expr::Binary { right, .. } = settled("land_mu > 2") else { panic!("a comparison") };
    assert_eq!(*right, Expr::Literal(Value::Decimal(2.into())));
}

#[test]
fn settled_expressions_settle_to_the_same_type() {
    let package = valley();
    for text in ["whole(income_fen * 0.5) > 0", "coalesce(income_fen, 0) + whole(income_fen * 0.5)", "land_mu + 1 > 0"]
    {
        let (once, first) = settle(&parse(text).expect(text), package.scope(Grain::Household)).expect(text);
        let (_, second) = settle(&once, package.scope(Grain::Household)).expect(text);
        assert_eq!(first, second, "{text}");
    }
}
