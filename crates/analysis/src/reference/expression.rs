//! Expressions of the package in DuckDB's SQL.

use model::{Day, Value};
use policy::expression::{BinaryOp, Expr, Function};
use std::collections::BTreeMap;

/// The package's functions as DuckDB macros.
pub(super) const MACROS: &str = "\
create or replace temp macro sw_age(a, b) as
  year(b) - year(a) - case when month(b) * 100 + day(b) < month(a) * 100 + day(a) then 1 else 0 end;
create or replace temp macro sw_months(a, b) as
  (year(b) - year(a)) * 12 + month(b) - month(a)
  - case when (year(b) - year(a)) * 12 + month(b) - month(a) > 0 and day(b) < day(a) then 1
         when (year(b) - year(a)) * 12 + month(b) - month(a) < 0 and day(b) > day(a) then -1
         else 0 end;
create or replace temp macro sw_per(amount, n) as
  case when n <> 0 then (amount - ((amount % n + n) % n)) // n end;
create or replace temp macro sw_whole(x) as cast(round(x, 0) as bigint);
";

/// What an expression is written with.
pub(super) struct Dialect<'a> {
    pub parameters: &'a BTreeMap<String, Value>,
    pub day: Day,
}

impl Dialect<'_> {
    /// The expression as SQL text.
    pub(super) fn text(&self, expression: &Expr) -> String {
        match expression {
            Expr::Literal(value) => literal(value),
            Expr::Name(name) if name == "day" => literal(&Value::Day(self.day)),
            Expr::Name(name) => format!("\"{}\"", lake::stored_name(name)),
            Expr::Parameter(name) => literal(self.parameters.get(name).unwrap_or(&Value::Null)),
            Expr::Not(of) => format!("(not {})", self.text(of)),
            Expr::Negate(of) => format!("(-{})", self.text(of)),
            Expr::Binary { op, left, right } => {
                format!("({} {} {})", self.text(left), operator(*op), self.text(right))
            }
            Expr::IsNull { of, negated } => {
                format!("({} is {}null)", self.text(of), if *negated { "not " } else { "" })
            }
            Expr::In { of, list, negated } => {
                let list: Vec<String> = list.iter().map(|item| self.text(item)).collect();
                format!("({} {}in ({}))", self.text(of), if *negated { "not " } else { "" }, list.join(", "))
            }
            Expr::Between { of, low, high, negated } => format!(
                "({} {}between {} and {})",
                self.text(of),
                if *negated { "not " } else { "" },
                self.text(low),
                self.text(high)
            ),
            Expr::Case { branches, otherwise } => {
                let branches: Vec<String> = branches
                    .iter()
                    .map(|(when, then)| format!("when {} then {}", self.text(when), self.text(then)))
                    .collect();
                let otherwise = otherwise.as_ref().map(|otherwise| format!(" else {}", self.text(otherwise)));
                format!("(case {}{} end)", branches.join(" "), otherwise.unwrap_or_default())
            }
            Expr::Call { function, arguments } => self.call(*function, arguments),
        }
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        let texts: Vec<String> = arguments.iter().map(|argument| self.text(argument)).collect();
        let list = texts.join(", ");
        let name = match function {
            Function::Age if texts.len() == 1 => return format!("sw_age({list}, {})", literal(&Value::Day(self.day))),
            Function::Age => "sw_age",
            Function::MonthsBetween => "sw_months",
            Function::DaysBetween => return format!("({} - {})", texts[1], texts[0]),
            Function::PlusDays => return format!("({} + cast({} as integer))", texts[0], texts[1]),
            Function::Year => "year",
            Function::Month => "month",
            Function::Coalesce => "coalesce",
            Function::Per => "sw_per",
            Function::Whole => "sw_whole",
            Function::Least | Function::Greatest => {
                let name = if function == Function::Least { "least" } else { "greatest" };
                let unknown: Vec<String> = texts.iter().map(|text| format!("{text} is null")).collect();
                return format!("(case when {} then null else {name}({list}) end)", unknown.join(" or "));
            }
        };
        format!("{name}({list})")
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "<>",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
    }
}

/// A value as SQL text.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Fen(fen) => fen.0.to_string(),
        Value::Decimal(number) => number.normalize().to_string(),
        Value::Day(day) => format!("date '{day}'"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}
