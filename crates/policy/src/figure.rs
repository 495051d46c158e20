//! Figures: what is added up for places, exactly, and the value that is made of it at the end.
//!
//! What cannot be told is not nought: rows for which something that the indicator reads is unknown are counted apart, in
//! neither part. Where all rows are such, or the whole is nought, there is no value.

use crate::expression::{Expr, Typed};
use crate::forms::IndicatorForm;
use model::{Decimal, Fen, RegionCode, Type, Value};
use serde::{Deserialize, Serialize};

/// Millionths: decimals are added up as whole numbers of them.
const DECIMAL_PLACES: u32 = 6;
/// Decimal places of a share.
const SHARE_PLACES: u32 = 4;

/// The parts of a figure. They add up from villages to the province and from groups to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FigureParts {
    /// In whole units of its type: things, fen, millionths of decimals.
    pub numerator: i64,
    /// 0 for indicators that are no share.
    pub denominator: i64,
    /// Households or records that were looked at and could be told.
    pub known: i64,
    /// Those for which something is unknown.
    pub unknown: i64,
}

impl FigureParts {
    /// Both together; `None` where the sum does not fit.
    pub fn plus(self, other: FigureParts) -> Option<FigureParts> {
        Some(FigureParts {
            numerator: self.numerator.checked_add(other.numerator)?,
            denominator: self.denominator.checked_add(other.denominator)?,
            known: self.known.checked_add(other.known)?,
            unknown: self.unknown.checked_add(other.unknown)?,
        })
    }
}

/// The figure of an indicator for one of the smallest places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FigureRow {
    pub place: RegionCode,
    /// Name that it is grouped by; empty for the whole.
    pub group: String,
    /// The group's code; empty for the rest, and for the whole.
    pub code: String,
    pub parts: FigureParts,
}

/// A summed value in whole units; `None` where it is unknown or does not fit.
pub fn units_of(value: &Value) -> Option<i64> {
    match value {
        Value::Decimal(number) => {
            let scaled = number.checked_mul(Decimal::from(10_i64.pow(DECIMAL_PLACES)))?.round();
            i64::try_from(scaled.mantissa() / 10_i128.checked_pow(scaled.scale())?).ok()
        }
        other => other.as_i64(),
    }
}

fn decimal_of(units: i64, typed: &Typed) -> Decimal {
    match typed.ty {
        Type::Decimal => Decimal::new(units, DECIMAL_PLACES).normalize(),
        _ => Decimal::from(units),
    }
}

impl IndicatorForm {
    /// The value of a figure: the numerator in its own type, or the share rounded to 4 places. Unknown where nothing could be
    /// told, and where the whole is nought.
    pub fn value(&self, parts: &FigureParts) -> Value {
        if parts.known == 0 && parts.unknown > 0 {
            return Value::Null;
        }
        let Some((_, typed)) = &self.denominator else { return self.numerator_value(parts) };
        let part = decimal_of(parts.numerator, &self.numerator_type);
        let share = part.checked_div(decimal_of(parts.denominator, typed));
        share.map_or(Value::Null, |share| Value::Decimal(share.round_dp(SHARE_PLACES)))
    }

    /// The numerator of a figure in its own type.
    pub fn numerator_value(&self, parts: &FigureParts) -> Value {
        typed_value(parts.numerator, &self.numerator_type)
    }

    /// The whole of a figure in its own type; `None` for indicators that are no share.
    pub fn denominator_value(&self, parts: &FigureParts) -> Option<Value> {
        self.denominator.as_ref().map(|(_, typed)| typed_value(parts.denominator, typed))
    }

    /// Condition under which a row counts for the whole.
    pub fn is_known(&self) -> Option<Expr> {
        self.unknown.clone().map(|unknown| Expr::Not(Box::new(unknown)))
    }
}

fn typed_value(units: i64, typed: &Typed) -> Value {
    match typed.ty {
        Type::Decimal => Value::Decimal(decimal_of(units, typed)),
        Type::Fen => Value::Fen(Fen(units)),
        _ => Value::Int(units),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{AggregateCall, AggregateFunction};

    fn form(numerator: Type, denominator: Option<Type>) -> IndicatorForm {
        let count = || AggregateCall { function: AggregateFunction::Count, argument: None };
        IndicatorForm {
            numerator: count(),
            numerator_type: Typed::of(numerator),
            denominator: denominator.map(|ty| (count(), Typed::of(ty))),
            ..IndicatorForm::default()
        }
    }

    #[test]
    fn what_cannot_be_told_is_not_nought() {
        let share = form(Type::Int, Some(Type::Int));
        let count = form(Type::Int, None);
        let parts = |numerator, denominator, known, unknown| FigureParts { numerator, denominator, known, unknown };
        let quarter = Value::Decimal(Decimal::new(25, 2));
        let cases = [
            (&share, parts(1, 4, 4, 0), quarter.clone()),
            (&share, parts(1, 4, 4, 9), quarter),
            (&share, parts(0, 0, 4, 0), Value::Null),
            (&share, parts(0, 0, 0, 9), Value::Null),
            (&share, parts(0, 0, 0, 0), Value::Null),
            (&count, parts(0, 0, 4, 0), Value::Int(0)),
            (&count, parts(0, 0, 0, 0), Value::Int(0)),
            (&count, parts(0, 0, 0, 1), Value::Null),
        ];
        for (form, parts, value) in cases {
            assert_eq!(form.value(&parts), value, "{parts:?}");
        }
    }

    #[test]
    fn decimals_are_added_up_as_millionths_and_money_as_fen() {
        let area = Value::Decimal("12.345678".parse().expect("a decimal"));
        assert_eq!(units_of(&area), Some(12_345_678));
        assert_eq!(units_of(&Value::Fen(Fen(7))), Some(7));
        assert_eq!(units_of(&Value::Null), None);
        assert_eq!(units_of(&Value::Decimal(Decimal::MAX)), None);
        let parts = FigureParts { numerator: 12_345_678, known: 1, ..FigureParts::default() };
        assert_eq!(form(Type::Decimal, None).value(&parts), area);
        assert_eq!(form(Type::Fen, None).value(&parts), Value::Fen(Fen(12_345_678)));
    }
}
