//! Types and units: what an expression is, proven before it runs.
//!
//! Money is `Fen`; money times a decimal is a `Decimal` with `is_money` (fen with fractions), which compares with money and
//! becomes `Fen` by `whole()`. A bare number never meets money, except 0.

use super::parse::{Parsed, Spans};
use super::scope::{Scope, Typed};
use super::units::{adapt, common, fits_exactly, is_bare, is_number, name_of, nearest, product, units_differ, wrong};
use super::{BinaryOp, Expr, ExpressionError, Function};
use model::{Fen, Type, Value};

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
        None => Err(wrong(&parsed.spans, "整个表达式都是 null", "写一个有类型的值")),
    }
}

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
                    Err(wrong(spans, format!("没有参数 `{name}`"), nearest(name, self.scope.parameters.keys(), "p.")))
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
                    return Err(wrong(spans, "between 不完整", "写 x between a and b"));
                };
                Ok((Expr::Between { of, low, high, negated: *negated }, Some(Typed::of(Type::Bool))))
            }
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref(), spans),
            Expr::Call { function, arguments } => self.call(*function, arguments, spans),
        }
    }

    fn unknown_name(&self, name: &str, spans: &Spans) -> ExpressionError {
        let hint = match self.scope.elsewhere.get(name) {
            Some(hint) => hint.clone(),
            None if self.scope.parameters.contains_key(name) => format!("参数要写成 p.{name}"),
            None => nearest(name, self.scope.names.keys(), ""),
        };
        wrong(spans, format!("这里没有 `{name}`"), hint)
    }

    fn truth(&self, expr: &Expr, spans: &Spans) -> Result<Expr, ExpressionError> {
        let (expr, typed) = self.check(expr, spans)?;
        match typed {
            None => Err(wrong(spans, "null 不是条件", "写 true、false,或 is null")),
            Some(typed) if typed.ty == Type::Bool => Ok(expr),
            Some(typed) => {
                Err(wrong(spans, format!("这里要一个条件,得到的是{}", name_of(&typed)), "加上比较,如 x > 0、x = '1'"))
            }
        }
    }

    fn number(&self, expr: &Expr, spans: &Spans) -> Result<(Expr, Typed), ExpressionError> {
        match self.check(expr, spans)? {
            (expr, Some(typed)) if is_number(&typed) => Ok((expr, typed)),
            (_, Some(typed)) => {
                let hint = if typed.ty == Type::Day {
                    "日期加减写 plus_days(日期, 天数) 或 days_between(起, 止)"
                } else {
                    "只有数和金额能计算"
                };
                Err(wrong(spans, format!("{}不能这样计算", name_of(&typed)), hint))
            }
            (_, None) => Err(wrong(spans, "null 不能计算", "用 coalesce(值, 0) 处理未知值")),
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
                    return Err(wrong(spans, "金额不能乘以金额", "其中一边应是人数、次数或比例"));
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
            return Err(wrong(spans, "和 null 比较永远得不到结果", "写 is null 或 is not null"));
        }
        let mut parts = self.alike(&[left, right], spans, 0, demand)?.0.into_iter().map(Box::new);
        match (parts.next(), parts.next()) {
            (Some(left), Some(right)) => Ok((Expr::Binary { op, left, right }, Some(Typed::of(Type::Bool)))),
            _ => Err(wrong(spans, "比较不完整", "两边都要有值")),
        }
    }

    fn membership(&self, of: &Expr, list: &[Expr], negated: bool, spans: &Spans) -> Result<Found, ExpressionError> {
        if let Some(at) = list.iter().position(|item| !matches!(item, Expr::Literal(value) if !value.is_null())) {
            return Err(wrong(spans.part(at + 1), "in 的括号里只能写固定值", "名称请用 = 比较,用 or 连接"));
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
                    let message = format!(
                        "{} 的第 {} 个参数要{},得到的是{}",
                        function.name(),
                        at + 1,
                        name_of(&Typed::of(*want)),
                        name_of(&typed)
                    );
                    return Err(wrong(spans.part(at), message, function.usage()));
                }
                None => return Err(wrong(spans.part(at), "这里不能写 null", function.usage())),
            }
        }
        let ty = if function == Function::PlusDays { Type::Day } else { Type::Int };
        Ok((Expr::Call { function, arguments: settled }, Some(Typed::of(ty))))
    }

    fn per(&self, arguments: &[Expr], spans: &Spans) -> Result<Found, ExpressionError> {
        let [amount, count] = arguments else { return Err(wrong(spans, "per 要两个参数", Function::Per.usage())) };
        let (amount, a) = self.number(amount, spans.part(0))?;
        let (count, b) = self.number(count, spans.part(1))?;
        if a.ty == Type::Decimal {
            return Err(wrong(spans.part(0), "per 只分金额和整数", "先用 whole(…) 取整"));
        }
        if b.ty != Type::Int {
            return Err(wrong(
                spans.part(1),
                format!("per 的第 2 个参数要整数,得到的是{}", name_of(&b)),
                Function::Per.usage(),
            ));
        }
        Ok((Expr::Call { function: Function::Per, arguments: vec![amount, count] }, Some(a)))
    }

    fn whole(&self, arguments: &[Expr], spans: &Spans) -> Result<Found, ExpressionError> {
        let [decimal] = arguments else { return Err(wrong(spans, "whole 要一个参数", Function::Whole.usage())) };
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
            return Err(wrong(spans, format!("{}不分大小", name_of(&typed)), "只能用 =、<>、in 比较"));
        }
        if matches!(demand, Demand::Same)
            && settled.iter().any(|(expr, this)| !fits_exactly(expr, this.as_ref(), &typed))
        {
            return Err(wrong(
                spans,
                "各个取值的类型不一致",
                "整数和小数、金额和带小数的金额不能混用;用 whole(…) 取整",
            ));
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
            let by_label = codes.code.iter().find(|code| code.label == *text || code.aliases.contains(text));
            let hint = match by_label {
                Some(code) => format!("代码表存的是代码,写 '{}'({})", code.code, code.label),
                None => format!(
                    "可用:{}",
                    codes
                        .code
                        .iter()
                        .take(12)
                        .map(|code| format!("'{}' {}", code.code, code.label))
                        .collect::<Vec<_>>()
                        .join("、")
                ),
            };
            return Err(wrong(spans.part(first + at), format!("代码表 {list} 里没有 '{text}'"), hint));
        }
        Ok(())
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
