//! What holds for all expressions.

use crate::day;
use model::{Decimal, Fen, Value};
use policy::expression::{BinaryOp, Expr, Function, evaluate, parse};
use proptest::prelude::*;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-i64::MAX..=i64::MAX).prop_map(Value::Int),
        (-9_i64..9).prop_map(Value::Int),
        (any::<i64>(), 0_u32..20).prop_map(|(mantissa, scale)| Value::Decimal(Decimal::new(mantissa, scale))),
        (-i64::MAX..=i64::MAX).prop_map(|fen| Value::Fen(Fen(fen))),
        (-100_000_i32..100_000)
            .prop_filter_map("four-digit years", |days| model::Day::from_epoch_days(days).map(Value::Day)),
        "[a-z'一-龥 ]{0,6}".prop_map(Value::Text),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        value().prop_map(Expr::Literal),
        "x[a-z0-9_]{0,5}".prop_map(Expr::Name),
        Just(Expr::Name("day".to_owned())),
        Just(Expr::Name("household.x".to_owned())),
        "x[a-z0-9_]{0,5}".prop_map(Expr::Parameter),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Expr::Not),
            boxed
                .clone()
                .prop_filter("a minus before a number belongs to it", |of| !is_number(of))
                .prop_map(Expr::Negate),
            (operator(), boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| Expr::Binary { op, left, right }),
            (boxed.clone(), any::<bool>()).prop_map(|(of, negated)| Expr::IsNull { of, negated }),
            (boxed.clone(), prop::collection::vec(inner.clone(), 1..4), any::<bool>())
                .prop_map(|(of, list, negated)| Expr::In { of, list, negated }),
            (boxed.clone(), boxed.clone(), boxed.clone(), any::<bool>())
                .prop_map(|(of, low, high, negated)| Expr::Between { of, low, high, negated }),
            (prop::collection::vec((inner.clone(), inner.clone()), 1..3), prop::option::of(boxed))
                .prop_map(|(branches, otherwise)| Expr::Case { branches, otherwise }),
            (0..Function::ALL.len(), prop::collection::vec(inner, 2..4)).prop_map(|(at, mut arguments)| {
                let function = Function::ALL[at];
                arguments.truncate(function.argument_count().1);
                Expr::Call { function, arguments }
            }),
        ]
    })
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(Value::Int(_) | Value::Decimal(_) | Value::Fen(_)))
}

fn operator() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::{Add, And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or, Subtract};
    prop::sample::select(vec![
        And,
        Or,
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Add,
        Subtract,
        Multiply,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_printed_expression_parses_to_itself(expr in expr()) {
        let text = expr.to_string();
        match parse(&text) {
            Ok(parsed) => prop_assert_eq!(parsed, expr, "{}", text),
            Err(error) => prop_assert!(text.len() > 4_000, "{}: {}", text, error),
        }
    }

    #[test]
    fn evaluation_never_panics(expr in expr(), first in value(), second in value()) {
        let names = |name: &str| if name.len().is_multiple_of(2) { first.clone() } else { second.clone() };
        let parameters = |name: &str| if name.len().is_multiple_of(2) { second.clone() } else { first.clone() };
        let once = evaluate(&expr, &names, &parameters, day("2024-06-30"));
        prop_assert_eq!(once, evaluate(&expr, &names, &parameters, day("2024-06-30")));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn per_is_the_floor_of_the_quotient(amount in any::<i64>(), count in any::<i64>()) {
        let exact = (count != 0).then(|| i128::from(amount).div_euclid(i128::from(count)) - i128::from(count < 0 && amount.checked_rem_euclid(count).unwrap_or(0) != 0));
        prop_assert_eq!(policy::functions::per(amount, count).map(i128::from), exact.filter(|exact| i64::try_from(*exact).is_ok()));
    }
}
