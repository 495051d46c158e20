//! Names and shapes of the functions.

use super::{AggregateFunction, BinaryOp, Function};
use sqlparser::ast::BinaryOperator;

impl Function {
    /// All functions.
    pub const ALL: [Function; 11] = [
        Function::Age,
        Function::MonthsBetween,
        Function::DaysBetween,
        Function::PlusDays,
        Function::Year,
        Function::Month,
        Function::Coalesce,
        Function::Least,
        Function::Greatest,
        Function::Per,
        Function::Whole,
    ];

    /// The name as expressions write it.
    pub fn name(self) -> &'static str {
        match self {
            Function::Age => "age",
            Function::MonthsBetween => "months_between",
            Function::DaysBetween => "days_between",
            Function::PlusDays => "plus_days",
            Function::Year => "year",
            Function::Month => "month",
            Function::Coalesce => "coalesce",
            Function::Least => "least",
            Function::Greatest => "greatest",
            Function::Per => "per",
            Function::Whole => "whole",
        }
    }

    /// The function of that name.
    pub fn from_name(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.name() == name)
    }

    /// Least and greatest number of arguments.
    pub fn argument_count(self) -> (usize, usize) {
        match self {
            Function::Age => (1, 2),
            Function::MonthsBetween | Function::DaysBetween | Function::PlusDays | Function::Per => (2, 2),
            Function::Year | Function::Month | Function::Whole => (1, 1),
            Function::Coalesce | Function::Least | Function::Greatest => (2, 16),
        }
    }

    /// How it is written, for hints.
    pub(super) fn usage(self) -> &'static str {
        match self {
            Function::Age => "写 age(出生日期) 或 age(出生日期, 日期)",
            Function::MonthsBetween => "写 months_between(起日, 止日)",
            Function::DaysBetween => "写 days_between(起日, 止日)",
            Function::PlusDays => "写 plus_days(日期, 天数)",
            Function::Year => "写 year(日期)",
            Function::Month => "写 month(日期)",
            Function::Coalesce => "写 coalesce(值, 未知时的值)",
            Function::Least => "写 least(值, 值, …)",
            Function::Greatest => "写 greatest(值, 值, …)",
            Function::Per => "写 per(金额或整数, 人数)",
            Function::Whole => "写 whole(小数)",
        }
    }
}

impl AggregateFunction {
    /// All aggregates.
    pub const ALL: [AggregateFunction; 6] = [
        AggregateFunction::Sum,
        AggregateFunction::Count,
        AggregateFunction::Min,
        AggregateFunction::Max,
        AggregateFunction::Any,
        AggregateFunction::All,
    ];

    /// The name as declarations write it.
    pub fn name(self) -> &'static str {
        match self {
            AggregateFunction::Sum => "sum",
            AggregateFunction::Count => "count",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
            AggregateFunction::Any => "any",
            AggregateFunction::All => "all",
        }
    }
}

impl BinaryOp {
    /// The operator as expressions write it.
    pub fn symbol(self) -> &'static str {
        match self {
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
}

/// The operator of the language; `None` for those that it leaves out.
pub(super) fn binary_op(op: &BinaryOperator) -> Option<BinaryOp> {
    Some(match op {
        BinaryOperator::And => BinaryOp::And,
        BinaryOperator::Or => BinaryOp::Or,
        BinaryOperator::Eq => BinaryOp::Equal,
        BinaryOperator::NotEq => BinaryOp::NotEqual,
        BinaryOperator::Lt => BinaryOp::Less,
        BinaryOperator::LtEq => BinaryOp::LessOrEqual,
        BinaryOperator::Gt => BinaryOp::Greater,
        BinaryOperator::GtEq => BinaryOp::GreaterOrEqual,
        BinaryOperator::Plus => BinaryOp::Add,
        BinaryOperator::Minus => BinaryOp::Subtract,
        BinaryOperator::Multiply => BinaryOp::Multiply,
        _ => return None,
    })
}

/// What to write instead of an unknown function.
pub(super) fn unknown_function(name: &str) -> String {
    if ["sum", "count", "min", "max", "any", "all", "avg"].contains(&name) {
        return "汇总只能写在事实的 [aggregate] value 里".to_owned();
    }
    let names = Function::ALL.map(Function::name);
    let near = names.iter().map(|known| (strsim::jaro_winkler(known, name), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((closeness, known)) if closeness > 0.8 => format!("是不是 `{known}`?"),
        _ => format!("可用的函数:{}、yuan", names.join("、")),
    }
}
