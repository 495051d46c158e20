//! From text to `Expr`, by way of `sqlparser`.

use super::function::{binary_op, unknown_function};
use super::literal::{number, yuan};
use super::place::{closing, offset_of, place};
use super::syntax::misread;
use super::{Expr, ExpressionError, Function, refuse};
use model::{Fen, Value};
use sqlparser::ast::{
    DataType, Expr as Sql, Function as SqlFunction, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Spanned,
    TypedString, UnaryOperator, Value as SqlValue,
};
use sqlparser::dialect::Dialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};
use words::{Advice, advice, wording};

/// Longest text of an expression, in bytes.
const TEXT_MAX: usize = 4_000;
/// Deepest nesting of an expression; a chain of `and` is as deep as it has parts.
const DEPTH_MAX: usize = 64;
/// Deepest nesting of parentheses and calls that the SQL parser follows.
const PARENTHESES_MAX: usize = 40;

/// Plain SQL without the extras of any database: fewer ways to read a text, so fewer to try.
#[derive(Debug)]
struct PackageDialect;

impl Dialect for PackageDialect {
    fn is_identifier_start(&self, letter: char) -> bool {
        letter.is_alphabetic() || letter == '_'
    }

    fn is_identifier_part(&self, letter: char) -> bool {
        letter.is_alphanumeric() || letter == '_'
    }
}

/// Where the parts of an expression stand in its text; `parts` in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    pub offset: usize,
    pub length: usize,
    pub parts: Vec<Spans>,
}

impl Spans {
    /// The spans of the part at this place; those of the whole where they are not known.
    pub(super) fn part(&self, at: usize) -> &Spans {
        self.parts.get(at).unwrap_or(self)
    }
}

/// An expression and where its parts stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    pub expr: Expr,
    pub spans: Spans,
}

/// Parses an expression.
///
/// # Errors
/// When the text is not an expression, uses SQL that is not in the language, or is too long or too deep.
pub fn parse(text: &str) -> Result<Expr, ExpressionError> {
    parse_spanned(text).map(|parsed| parsed.expr)
}

/// As `parse`, with the places of the parts.
///
/// # Errors
/// As `parse`.
pub fn parse_spanned(text: &str) -> Result<Parsed, ExpressionError> {
    let whole = |advice: Advice| ExpressionError::new(advice, 0, text.len());
    if text.trim().is_empty() {
        return Err(whole(advice!("expression_empty")));
    }
    if text.len() > TEXT_MAX {
        return Err(whole(refuse::too_much(wording!("expression_too_long"))));
    }
    let dialect = PackageDialect;
    let tokens = Tokenizer::new(&dialect, text).tokenize_with_location().map_err(|fault| {
        let offset = offset_of(text, fault.location.line, fault.location.column);
        ExpressionError::new(advice!("expression_unreadable", said = misread(&fault.message, text, offset)), offset, 1)
    })?;
    if let Some((token, advice)) = refuse::tokens(&tokens) {
        let (offset, length) = place(text, token.span);
        return Err(ExpressionError::new(advice, offset, length));
    }
    let mut parser = Parser::new(&dialect).with_recursion_limit(PARENTHESES_MAX).with_tokens_with_locations(tokens);
    let sql = parser.parse_expr().map_err(|fault| syntax_error(text, &fault))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        let (offset, length) = place(text, rest.span);
        return Err(ExpressionError::new(advice!("expression_surplus", surplus = rest.token), offset, length));
    }
    ExprReader { text }.read(&sql, 0)
}

/// The parser says where only within its message: `... at Line: 1, Column: 7`.
fn syntax_error(text: &str, fault: &ParserError) -> ExpressionError {
    let ParserError::ParserError(message) = fault else {
        let advice = match fault {
            ParserError::RecursionLimitExceeded => refuse::too_much(wording!("parentheses_too_deep")),
            other => advice!("expression_unreadable", said = misread(&other.to_string(), text, text.len())),
        };
        return ExpressionError::new(advice, 0, text.len());
    };
    let (said, at) = message.split_once(" at Line: ").unwrap_or((message, ""));
    let mut numbers = at.split(", Column: ").map(|number| number.trim().parse::<u64>().unwrap_or(0));
    let (line, column) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    // Where the text has ended, no place is said.
    let stopped = if line == 0 { text.len() } else { offset_of(text, line, column) };
    let offset = if line == 0 { text.len().saturating_sub(1) } else { stopped };
    ExpressionError::new(advice!("expression_syntax", said = misread(said, text, stopped)), offset, 1)
}

struct ExprReader<'a> {
    text: &'a str,
}

impl ExprReader<'_> {
    fn wrong<T>(&self, sql: &Sql, advice: Advice) -> Result<T, ExpressionError> {
        let (offset, length) = self.place_of(sql);
        Err(ExpressionError::new(advice, offset, length))
    }

    /// First byte and length of a part, with the parenthesis that closes a call.
    fn place_of(&self, sql: &Sql) -> (usize, usize) {
        let (offset, length) = place(self.text, sql.span());
        let closing = if matches!(sql, Sql::Function(_)) { closing(&self.text[offset + length..]) } else { 0 };
        (offset, length + closing)
    }

    fn read(&self, sql: &Sql, depth: usize) -> Result<Parsed, ExpressionError> {
        if depth > DEPTH_MAX {
            return self.wrong(sql, refuse::too_much(wording!("expression_too_deep")));
        }
        let parts = |list: &[&Sql]| list.iter().map(|part| self.read(part, depth + 1)).collect::<Result<Vec<_>, _>>();
        match sql {
            Sql::Nested(inner) => self.read(inner, depth + 1),
            Sql::Value(value) => self.literal(sql, &value.value),
            Sql::TypedString(written) => self.date(sql, written),
            Sql::Identifier(name) => self.name(sql, std::slice::from_ref(name)),
            Sql::CompoundIdentifier(names) => self.name(sql, names),
            Sql::UnaryOp { op, expr } => self.unary(sql, op, expr, depth),
            Sql::BinaryOp { left, op, right } => {
                let op = match binary_op(op) {
                    Some(op) => op,
                    None => return self.wrong(sql, refuse::operator(op)),
                };
                Ok(self.join(sql, parts(&[left, right])?, |mut p| {
                    let (right, left) = (p.pop(), p.pop());
                    Expr::Binary { op, left: boxed(left), right: boxed(right) }
                }))
            }
            Sql::IsNull(of) | Sql::IsNotNull(of) => {
                let negated = matches!(sql, Sql::IsNotNull(_));
                Ok(self.join(sql, parts(&[of])?, |mut p| Expr::IsNull { of: boxed(p.pop()), negated }))
            }
            Sql::InList { expr, list, negated } => {
                let all: Vec<&Sql> = std::iter::once(expr.as_ref()).chain(list).collect();
                Ok(self.join(sql, parts(&all)?, |mut p| {
                    let list = p.split_off(1);
                    Expr::In { of: boxed(p.pop()), list, negated: *negated }
                }))
            }
            Sql::Between { expr, negated, low, high } => Ok(self.join(sql, parts(&[expr, low, high])?, |mut p| {
                let (high, low, of) = (p.pop(), p.pop(), p.pop());
                Expr::Between { of: boxed(of), low: boxed(low), high: boxed(high), negated: *negated }
            })),
            Sql::Case { operand: None, conditions, else_result, .. } => {
                let pairs = conditions.iter().flat_map(|when| [&when.condition, &when.result]);
                let all: Vec<&Sql> = pairs.chain(else_result.as_deref()).collect();
                Ok(self.join(sql, parts(&all)?, |p| case_of(p, conditions.len())))
            }
            Sql::Case { .. } => self.wrong(sql, advice!("unsupported_case_of_value")),
            Sql::Function(call) => self.call(sql, call, depth),
            other => self.wrong(sql, refuse::unsupported(other)),
        }
    }

    fn join(&self, sql: &Sql, parts: Vec<Parsed>, make: impl FnOnce(Vec<Expr>) -> Expr) -> Parsed {
        let (exprs, spans) = parts.into_iter().map(|part| (part.expr, part.spans)).unzip();
        let (offset, length) = self.place_of(sql);
        Parsed { expr: make(exprs), spans: Spans { offset, length, parts: spans } }
    }

    fn leaf(&self, sql: &Sql, expr: Expr) -> Parsed {
        self.join(sql, Vec::new(), |_| expr)
    }

    fn literal(&self, sql: &Sql, value: &SqlValue) -> Result<Parsed, ExpressionError> {
        let value = match value {
            SqlValue::Null => Value::Null,
            SqlValue::Boolean(truth) => Value::Bool(*truth),
            SqlValue::SingleQuotedString(text) => Value::Text(text.clone()),
            SqlValue::Number(digits, _) => match number(digits) {
                Some(value) => value,
                None => return self.wrong(sql, advice!("number_unreadable", digits)),
            },
            SqlValue::DoubleQuotedString(_) => return self.wrong(sql, advice!("text_in_double_quotes")),
            _ => return self.wrong(sql, advice!("literal_unreadable")),
        };
        Ok(self.leaf(sql, Expr::Literal(value)))
    }

    fn date(&self, sql: &Sql, written: &TypedString) -> Result<Parsed, ExpressionError> {
        let day = match (&written.data_type, &written.value.value) {
            (DataType::Date, SqlValue::SingleQuotedString(text)) => text.parse().ok(),
            _ => None,
        };
        match day {
            Some(day) => Ok(self.leaf(sql, Expr::Literal(Value::Day(day)))),
            None => self.wrong(sql, Advice { what: wording!("date_unreadable"), hint: wording!("write_date") }),
        }
    }

    fn name(&self, sql: &Sql, names: &[Ident]) -> Result<Parsed, ExpressionError> {
        if names.iter().any(|name| name.quote_style.is_some()) {
            return self.wrong(sql, advice!("name_in_quotes"));
        }
        match names {
            [name] => Ok(self.leaf(sql, Expr::Name(name.value.clone()))),
            [p, name] if p.value == "p" => Ok(self.leaf(sql, Expr::Parameter(name.value.clone()))),
            [first, name] => Ok(self.leaf(sql, Expr::Name(format!("{}.{}", first.value, name.value)))),
            _ => self.wrong(sql, advice!("name_with_dots")),
        }
    }

    fn unary(&self, sql: &Sql, op: &UnaryOperator, of: &Sql, depth: usize) -> Result<Parsed, ExpressionError> {
        match op {
            UnaryOperator::Not => {
                Ok(self.join(sql, vec![self.read(of, depth + 1)?], |mut p| Expr::Not(boxed(p.pop()))))
            }
            UnaryOperator::Minus => Ok(self.join(sql, vec![self.read(of, depth + 1)?], |mut p| negate(p.pop()))),
            other => self.wrong(sql, refuse::sign(other)),
        }
    }

    fn call(&self, sql: &Sql, call: &SqlFunction, depth: usize) -> Result<Parsed, ExpressionError> {
        let name = call.name.to_string();
        let Some(arguments) = plain_arguments(call) else {
            return self.wrong(sql, advice!("call_unreadable", function = name));
        };
        if name == "yuan" {
            return match yuan(&arguments) {
                Some(fen) => Ok(self.leaf(sql, Expr::Literal(Value::Fen(fen)))),
                None => self.wrong(sql, advice!("yuan_unreadable")),
            };
        }
        let Some(function) = Function::from_name(&name) else {
            let what = wording!("unknown_function", function = name);
            return self.wrong(sql, Advice { what, hint: unknown_function(&name) });
        };
        let parts = arguments.iter().map(|part| self.read(part, depth + 1)).collect::<Result<Vec<_>, _>>()?;
        let (least, most) = function.argument_count();
        if !(least..=most).contains(&parts.len()) {
            return self.wrong(sql, function.argument_count_wrong());
        }
        Ok(self.join(sql, parts, |arguments| Expr::Call { function, arguments }))
    }
}

fn plain_arguments(call: &SqlFunction) -> Option<Vec<&Sql>> {
    let is_plain = call.filter.is_none() && call.over.is_none() && call.null_treatment.is_none();
    let FunctionArguments::List(list) = &call.args else { return None };
    let has_no_more = list.duplicate_treatment.is_none() && list.clauses.is_empty() && call.within_group.is_empty();
    if !is_plain || !has_no_more || !matches!(call.parameters, FunctionArguments::None) {
        return None;
    }
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect()
}

fn boxed(part: Option<Expr>) -> Box<Expr> {
    Box::new(part.unwrap_or(Expr::Literal(Value::Null)))
}

/// A minus before a number belongs to the number.
fn negate(part: Option<Expr>) -> Expr {
    match part.unwrap_or(Expr::Literal(Value::Null)) {
        Expr::Literal(Value::Int(number)) => Expr::Literal(Value::Int(-number)),
        Expr::Literal(Value::Decimal(number)) => Expr::Literal(Value::Decimal(-number)),
        Expr::Literal(Value::Fen(Fen(fen))) => Expr::Literal(Value::Fen(Fen(-fen))),
        other => Expr::Negate(Box::new(other)),
    }
}

fn case_of(parts: Vec<Expr>, branch_count: usize) -> Expr {
    let mut parts = parts.into_iter();
    let mut branches = Vec::with_capacity(branch_count);
    for _ in 0..branch_count {
        if let (Some(when), Some(then)) = (parts.next(), parts.next()) {
            branches.push((when, then));
        }
    }
    Expr::Case { branches, otherwise: parts.next().map(Box::new) }
}
