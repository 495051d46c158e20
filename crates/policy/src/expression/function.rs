//! Names and shapes of the functions.

use super::{AggregateFunction, BinaryOp, Function};
use sqlparser::ast::BinaryOperator;
use words::{Advice, Wording, wording};

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
    pub(super) fn usage(self) -> Wording {
        words::wording(&format!("usage_{}", self.name()), &[])
    }

    /// It has too many arguments, or too few.
    pub(super) fn argument_count_wrong(self) -> Advice {
        Advice { what: wording!("argument_count", function = self.name()), hint: self.usage() }
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
pub(super) fn unknown_function(name: &str) -> Wording {
    if ["sum", "count", "min", "max", "any", "all", "avg"].contains(&name) {
        return wording!("function_is_aggregate");
    }
    let names = Function::ALL.map(Function::name);
    let near = names.iter().map(|known| (strsim::jaro_winkler(known, name), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((closeness, known)) if closeness > 0.8 => wording!("name_nearest", name = known),
        _ => wording!("functions_available", functions = words::list(names.into_iter().chain(["yuan"]))),
    }
}
