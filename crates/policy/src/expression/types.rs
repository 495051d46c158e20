//! Types and units: what an expression is, proven before it runs.
//!
//! Money is `Fen`; money times a decimal is a `Decimal` with `is_money` (fen with fractions), which compares with money and
//! becomes `Fen` by `whole()`. A bare number never meets money, except 0.

use super::parse::{Parsed, Spans};
use super::scope::{Scope, Typed};
use super::units::{
    adapt, common, fits_exactly, instead_of, is_bare, is_number, name_of, nearest, product, units_differ, wrong,
};
use super::{BinaryOp, Expr, ExpressionError, Function};
use crate::declare::{Code, CodeList};
use model::{Fen, Type, Value};
use words::{Advice, Wording, advice, wording};

/// The type of an expression.
///
/// # Errors
/// For unknown names, wrong types, wrong units and unknown codes.
pub fn type_of(expr: &Expr, scope: &Scope) -> Result<Typed, ExpressionError> {
    settle(expr, scope).map(|(_, typed)| typed)
}

/// The type, and the expression with its bare numbers given the type that their place demands (0 beside money becomes 0 fen,
/// whole numbers beside decimals become decimals), so that every branch yields one type.
///
/// # Errors
/// As `type_of`.
pub fn settle(expr: &Expr, scope: &Scope) -> Result<(Expr, Typed), ExpressionError> {
    settle_spanned(&Parsed { expr: expr.clone(), spans: Spans::default() }, scope)
}

/// As `settle`, with errors that say where.
///
/// # Errors
/// As `type_of`.
pub fn settle_spanned(parsed: &Parsed, scope: &Scope) -> Result<(Expr, Typed), ExpressionError> {
    let (expr, typed) = Checker { scope }.check(&parsed.expr, &parsed.spans)?;
    match typed {
        Some(typed) => Ok((expr, typed)),
        None => Err(wrong(&parsed.spans, advice!("only_null"))),
    }
}

/// Codes of a list that a hint names at most.
const CODES_SHOWN_MAX: usize = 12;

/// `None` is the type of `null`.
type Found = (Expr, Option<Typed>);

struct Checker<'a> {
    scope: &'a Scope,
}

impl Checker<'_> {
    fn check(&self, expr: &Expr, spans: &Spans) -> Result<Found, ExpressionError> {
        match expr {
            Expr::Literal(value) => Ok((expr.clone(), value.type_of().map(Typed::of))),
            Expr::Name(name) => match self.scope.typed(name) {
                Some(typed) => Ok((expr.clone(), Some(typed))),
                None => Err(self.unknown_name(name, spans)),
            },
            Expr::Parameter(name) => match self.scope.parameters.get(name) {
                Some(typed) => Ok((expr.clone(), Some(typed.clone()))),
                None => {
                    let hint = nearest(name, self.scope.parameters.keys(), "p.");
                    Err(wrong(spans, Advice { what: wording!("unknown_parameter", name), hint }))
                }
            },
            Expr::Not(of) => {
                let of = self.truth(of, spans.part(0))?;
                Ok((Expr::Not(Box::new(of)), Some(Typed::of(Type::Bool))))
            }
            Expr::Negate(of) => {
                let (of, typed) = self.number(of, spans.part(0))?;
                Ok((Expr::Negate(Box::new(of)), Some(typed)))
            }
            Expr::Binary { op, left, right } => self.binary(*op, left, right, spans),
            Expr::IsNull { of, negated } => {
                let (of, _) = self.check(of, spans.part(0))?;
                Ok((Expr::IsNull { of: Box::new(of), negated: *negated }, Some(Typed::of(Type::Bool))))
            }
            Expr::In { of, list, negated } => self.membership(of, list, *negated, spans),
            Expr::Between { of, low, high, negated } => {
                let mut parts = self.alike(&[of, low, high], spans, 0, Demand::Ordered)?.0.into_iter().map(Box::new);
                let (Some(of), Some(low), Some(high)) = (parts.next(), parts.next(), parts.next()) else {
                    return Err(wrong(spans, advice!("comparison_incomplete")));
                };
                Ok((Expr::Between { of, low, high, negated: *negated }, Some(Typed::of(Type::Bool))))
            }
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref(), spans),
            Expr::Call { function, arguments } => self.call(*function, arguments, spans),
        }
    }

    fn unknown_name(&self, name: &str, spans: &Spans) -> ExpressionError {
        let is_parameter = self.scope.parameters.contains_key(name) && !self.scope.elsewhere.contains_key(name);
        let hint = if is_parameter { wording!("parameter_without_prefix", name) } else { instead_of(name, self.scope) };
        wrong(spans, Advice { what: wording!("unknown_name", name), hint })
    }

    fn truth(&self, expr: &Expr, spans: &Spans) -> Result<Expr, ExpressionError> {
        let (expr, typed) = self.check(expr, spans)?;
        match typed {
            None => Err(wrong(spans, advice!("condition_null"))),
            Some(typed) if typed.ty == Type::Bool => Ok(expr),
            Some(typed) => Err(wrong(spans, advice!("condition_wanted", found = name_of(&typed)))),
        }
    }

    fn number(&self, expr: &Expr, spans: &Spans) -> Result<(Expr, Typed), ExpressionError> {
        match self.check(expr, spans)? {
            (expr, Some(typed)) if is_number(&typed) => Ok((expr, typed)),
            (_, Some(typed)) => {
                let hint = if typed.ty == Type::Day {
                    wording!("days_are_calculated_so")
                } else {
                    wording!("numbers_are_calculated")
                };
                Err(wrong(spans, Advice { what: wording!("calculation_of_type", found = name_of(&typed)), hint }))
            }
            (_, None) => Err(wrong(spans, advice!("calculation_with_null"))),
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr, spans: &Spans) -> Result<Found, ExpressionError> {
        let make =
            |left, right, typed| Ok((Expr::Binary { op, left: Box::new(left), right: Box::new(right) }, Some(typed)));
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let (left, right) = (self.truth(left, spans.part(0))?, self.truth(right, spans.part(1))?);
                make(left, right, Typed::of(Type::Bool))
            }
            BinaryOp::Multiply => {
                let (left, a) = self.number(left, spans.part(0))?;
                let (right, b) = self.number(right, spans.part(1))?;
                if a.is_money && b.is_money {
                    return Err(wrong(spans, advice!("money_times_money")));
                }
                make(left, right, product(&a, &b))
            }
            BinaryOp::Add | BinaryOp::Subtract => {
                let ((left, a), (right, b)) = (self.number(left, spans.part(0))?, self.number(right, spans.part(1))?);
                let (left, right, typed) = self.meet((left, a), (right, b), spans)?;
                make(left, right, typed)
            }
            BinaryOp::Equal | BinaryOp::NotEqual => self.compared(op, left, right, Demand::Equal, spans),
            _ => self.compared(op, left, right, Demand::Ordered, spans),
        }
    }

    fn compared(
        &self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        demand: Demand,
        spans: &Spans,
    ) -> Result<Found, ExpressionError> {
        if [left, right].iter().any(|side| matches!(side, Expr::Literal(Value::Null))) {
            return Err(wrong(spans, advice!("comparison_with_null")));
        }
        let mut parts = self.alike(&[left, right], spans, 0, demand)?.0.into_iter().map(Box::new);
        match (parts.next(), parts.next()) {
            (Some(left), Some(right)) => Ok((Expr::Binary { op, left, right }, Some(Typed::of(Type::Bool)))),
            _ => Err(wrong(spans, advice!("comparison_incomplete"))),
        }
    }

    fn membership(&self, of: &Expr, list: &[Expr], negated: bool, spans: &Spans) -> Result<Found, ExpressionError> {
        if let Some(at) = list.iter().position(|item| !matches!(item, Expr::Literal(value) if !value.is_null())) {
            return Err(wrong(spans.part(at + 1), advice!("list_of_names")));
        }
        let all: Vec<&Expr> = std::iter::once(of).chain(list).collect();
        let mut parts = self.alike(&all, spans, 0, Demand::Equal)?.0;
        let list = parts.split_off(1);
        let of = Box::new(parts.pop().unwrap_or(Expr::Literal(Value::Null)));
        Ok((Expr::In { of, list, negated }, Some(Typed::of(Type::Bool))))
    }

    fn case(
        &self,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        spans: &Spans,
    ) -> Result<Found, ExpressionError> {
        let mut conditions = Vec::with_capacity(branches.len());
        let mut values = Vec::with_capacity(branches.len() + 1);
        let mut value_spans = Vec::with_capacity(branches.len() + 1);
        for (at, (when, then)) in branches.iter().enumerate() {
            conditions.push(self.truth(when, spans.part(2 * at))?);
            values.push(then);
            value_spans.push(spans.part(2 * at + 1).clone());
        }
        values.extend(otherwise);
        value_spans.push(spans.part(2 * branches.len()).clone());
        let spans = Spans { parts: value_spans, ..spans.clone() };
        let (mut values, typed) = self.alike(&values, &spans, 0, Demand::Same)?;
        let otherwise = otherwise.and_then(|_| values.pop()).map(Box::new);
        Ok((Expr::Case { branches: conditions.into_iter().zip(values).collect(), otherwise }, typed))
    }

    fn call(&self, function: Function, arguments: &[Expr], spans: &Spans) -> Result<Found, ExpressionError> {
        let wants: &[Type] = match function {
            Function::Age => &[Type::Day, Type::Day],
            Function::MonthsBetween | Function::DaysBetween => &[Type::Day, Type::Day],
            Function::PlusDays => &[Type::Day, Type::Int],
            Function::Year | Function::Month => &[Type::Day],
            Function::Per => return self.per(arguments, spans),
            Function::Whole => return self.whole(arguments, spans),
            Function::Coalesce | Function::Least | Function::Greatest => {
                let demand = if function == Function::Coalesce { Demand::Same } else { Demand::Ordered };
                let parts: Vec<&Expr> = arguments.iter().collect();
                let (arguments, typed) = self.alike(&parts, spans, 0, demand)?;
                return Ok((Expr::Call { function, arguments }, typed));
            }
        };
        let mut settled = Vec::with_capacity(arguments.len());
        for (at, (argument, want)) in arguments.iter().zip(wants).enumerate() {
            let (argument, typed) = self.check(argument, spans.part(at))?;
            match typed {
                Some(typed) if typed.ty == *want => settled.push(argument),
                Some(typed) => {
                    return Err(wrong(spans.part(at), argument_type(function, at + 1, &Typed::of(*want), &typed)));
                }
                None => {
                    let advice = Advice { what: wording!("argument_null"), hint: function.usage() };
                    return Err(wrong(spans.part(at), advice));
                }
            }
        }
        let ty = if function == Function::PlusDays { Type::Day } else { Type::Int };
        Ok((Expr::Call { function, arguments: settled }, Some(Typed::of(ty))))
    }

    fn per(&self, arguments: &[Expr], spans: &Spans) -> Result<Found, ExpressionError> {
        let [amount, count] = arguments else { return Err(wrong(spans, Function::Per.argument_count_wrong())) };
        let (amount, a) = self.number(amount, spans.part(0))?;
        let (count, b) = self.number(count, spans.part(1))?;
        if a.ty == Type::Decimal {
            return Err(wrong(spans.part(0), advice!("per_of_decimal")));
        }
        if b.ty != Type::Int {
            return Err(wrong(spans.part(1), argument_type(Function::Per, 2, &Typed::of(Type::Int), &b)));
        }
        Ok((Expr::Call { function: Function::Per, arguments: vec![amount, count] }, Some(a)))
    }

    fn whole(&self, arguments: &[Expr], spans: &Spans) -> Result<Found, ExpressionError> {
        let [decimal] = arguments else { return Err(wrong(spans, Function::Whole.argument_count_wrong())) };
        let (decimal, typed) = self.number(decimal, spans.part(0))?;
        let call = Expr::Call { function: Function::Whole, arguments: vec![decimal] };
        if !typed.is_money {
            return Ok((call, Some(Typed::of(Type::Int))));
        }
        // A value of type decimal does not say that it is money: adding 0 fen makes the result an amount.
        let zero = Expr::Literal(Value::Fen(Fen(0)));
        let amount = Expr::Binary { op: BinaryOp::Add, left: Box::new(call), right: Box::new(zero) };
        Ok((amount, Some(Typed::of(Type::Fen))))
    }

    /// Two numbers that are added or subtracted.
    fn meet(
        &self,
        left: (Expr, Typed),
        right: (Expr, Typed),
        spans: &Spans,
    ) -> Result<(Expr, Expr, Typed), ExpressionError> {
        let typed = common(&left, &right).ok_or_else(|| units_differ(&left.1, &right.1, spans))?;
        Ok((adapt(left.0, &typed), adapt(right.0, &typed), typed))
    }

    /// Checks parts that must be of one type; the type is `None` when all of them are null.
    fn alike(
        &self,
        parts: &[&Expr],
        spans: &Spans,
        first: usize,
        demand: Demand,
    ) -> Result<(Vec<Expr>, Option<Typed>), ExpressionError> {
        let mut settled: Vec<(Expr, Option<Typed>)> = Vec::with_capacity(parts.len());
        let mut all: Option<(Expr, Typed)> = None;
        for (at, part) in parts.iter().enumerate() {
            let (expr, typed) = self.check(part, spans.part(first + at))?;
            if let Some(typed) = typed.clone() {
                let this = (expr.clone(), typed);
                all = Some(match all {
                    None => this,
                    Some(before) => {
                        let typed = common(&before, &this)
                            .ok_or_else(|| units_differ(&before.1, &this.1, spans.part(first + at)))?;
                        let stands_for = if is_bare(&before.0) { this.0 } else { before.0 };
                        (stands_for, typed)
                    }
                });
            }
            settled.push((expr, typed));
        }
        let Some((_, typed)) = all else { return Ok((settled.into_iter().map(|(expr, _)| expr).collect(), None)) };
        if matches!(demand, Demand::Ordered) && matches!(typed.ty, Type::Text | Type::Bool) {
            return Err(wrong(spans, advice!("type_without_order", found = name_of(&typed))));
        }
        if matches!(demand, Demand::Same)
            && settled.iter().any(|(expr, this)| !fits_exactly(expr, this.as_ref(), &typed))
        {
            return Err(wrong(spans, advice!("values_of_several_types")));
        }
        self.codes_exist(&settled, &typed, spans, first)?;
        Ok((settled.into_iter().map(|(expr, _)| adapt(expr, &typed)).collect(), Some(typed)))
    }

    /// Every text literal beside a code must be a code of the list.
    fn codes_exist(
        &self,
        parts: &[(Expr, Option<Typed>)],
        typed: &Typed,
        spans: &Spans,
        first: usize,
    ) -> Result<(), ExpressionError> {
        let Some(list) = &typed.codes else { return Ok(()) };
        let Some(codes) = self.scope.codes.get(list) else { return Ok(()) };
        for (at, (expr, _)) in parts.iter().enumerate() {
            let Expr::Literal(Value::Text(text)) = expr else { continue };
            if codes.code.iter().any(|code| code.code == *text) {
                continue;
            }
            let what = wording!("unknown_code", list = self.scope.list_shown(list), code = text);
            return Err(wrong(spans.part(first + at), Advice { what, hint: code_instead(codes, text) }));
        }
        Ok(())
    }
}

/// The argument at this place, counted from 1, is not of the type that the function takes there.
fn argument_type(function: Function, place: usize, wanted: &Typed, found: &Typed) -> Advice {
    let (wanted, found) = (name_of(wanted), name_of(found));
    let what = wording!("argument_type", function = function.name(), place, wanted, found);
    Advice { what, hint: function.usage() }
}

/// The code whose label was written, or the first codes of the list.
fn code_instead(codes: &CodeList, text: &str) -> Wording {
    let label_of = |code: &Code| Wording::pair(code.label.as_str(), code.label_en.as_str());
    match codes.code.iter().find(|code| code.label == text || code.aliases.iter().any(|alias| alias == text)) {
        Some(code) => wording!("code_not_label", code = code.code, label = label_of(code)),
        None => {
            let first = codes.code.iter().take(CODES_SHOWN_MAX);
            let shown = first.map(|code| wording!("code_and_label", code = code.code, label = label_of(code)));
            wording!("names_available", names = words::list(shown))
        }
    }
}

/// What is asked of parts beyond being of one type.
#[derive(Clone, Copy)]
enum Demand {
    Equal,
    Ordered,
    /// They are values of one column: no mixing of whole and decimal.
    Same,
}
