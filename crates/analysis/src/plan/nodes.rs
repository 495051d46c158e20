//! The parts of an expression as physical expressions, each with its type.
//!
//! Types are settled here: numbers of unlike scales meet at the greater scale, parameters become literals, and an unknown
//! literal makes what stands on it unknown, exactly as in the evaluator for single records.

use super::columns::Columns;
use super::functions::OwnFunction;
use super::operation::Operation;
use crate::error::{AnalysisError, Result};
use crate::scalar::scalar_of;
use arrow::compute::CastOptions;
use arrow::datatypes::{Field, SchemaRef};
use datafusion_common::ScalarValue;
use datafusion_common::config::ConfigOptions;
use datafusion_expr::{Operator, ScalarUDF};
use datafusion_physical_expr::expressions::{
    BinaryExpr, CaseExpr, CastExpr, Column, IsNotNullExpr, IsNullExpr, Literal, NotExpr, in_list,
};
use datafusion_physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use lake::values::ColumnType;
use model::{Day, Type, Value};
use policy::expression::{BinaryOp, Expr, Function};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A part of the plan; without a type it is the unknown literal.
struct Node {
    expression: Arc<dyn PhysicalExpr>,
    kind: Option<ColumnType>,
}

/// What an expression is planned in.
pub(super) struct Compiler<'a> {
    /// What it belongs to, for errors.
    pub of: &'a str,
    pub columns: &'a Columns,
    pub parameters: &'a BTreeMap<String, Value>,
    pub day: Day,
}

impl Compiler<'_> {
    fn refuse<T>(&self, what: impl Into<String>) -> Result<T> {
        Err(AnalysisError::plan(self.of, what))
    }

    /// The whole expression and its type; truths where nothing else is known.
    pub(super) fn whole_expression(
        &self,
        expression: &Expr,
        schema: &SchemaRef,
    ) -> Result<(Arc<dyn PhysicalExpr>, ColumnType)> {
        let node = self.node(expression, schema)?;
        let result = node.kind.unwrap_or(ColumnType::whole(Type::Bool));
        Ok((self.typed(node, result)?, result))
    }

    fn node(&self, expression: &Expr, schema: &SchemaRef) -> Result<Node> {
        match expression {
            Expr::Literal(value) => Ok(literal(value)),
            Expr::Name(name) if name == "day" => Ok(literal(&Value::Day(self.day))),
            Expr::Name(name) => self.column(name, schema),
            Expr::Parameter(name) => match self.parameters.get(name) {
                Some(value) => Ok(literal(value)),
                None => self.refuse(format!("there is no parameter `{name}`")),
            },
            Expr::Not(of) => {
                let of = self.truth(of, schema)?;
                Ok(truth(Arc::new(NotExpr::new(of))))
            }
            Expr::Negate(of) => self.negate(of, schema),
            Expr::Binary { op, left, right } => self.binary(*op, left, right, schema),
            Expr::IsNull { of, negated } => {
                let of = self.node(of, schema)?.expression;
                Ok(truth(if *negated { Arc::new(IsNotNullExpr::new(of)) } else { Arc::new(IsNullExpr::new(of)) }))
            }
            Expr::In { of, list, negated } => self.is_in(of, list, *negated, schema),
            Expr::Between { of, low, high, negated } => {
                let from = self.compare(Operator::GtEq, of, low, schema)?;
                let to = self.compare(Operator::LtEq, of, high, schema)?;
                let both = own(Operation::And, vec![from, to], ColumnType::whole(Type::Bool));
                Ok(if *negated { truth(Arc::new(NotExpr::new(both.expression))) } else { both })
            }
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref(), schema),
            Expr::Call { function, arguments } => self.call(*function, arguments, schema),
        }
    }

    fn column(&self, name: &str, schema: &SchemaRef) -> Result<Node> {
        let place = self.columns.place(name);
        match (place, schema.index_of(name)) {
            (Some(place), Ok(index)) => {
                Ok(Node { expression: Arc::new(Column::new(name, index)), kind: Some(self.columns.type_at(place)) })
            }
            _ => self.refuse(format!("there is no column `{name}`")),
        }
    }

    /// The expression as a truth.
    fn truth(&self, expression: &Expr, schema: &SchemaRef) -> Result<Arc<dyn PhysicalExpr>> {
        let node = self.node(expression, schema)?;
        self.typed(node, ColumnType::whole(Type::Bool))
    }

    /// The node brought to `wanted`; numbers are rescaled, unknown literals get the type.
    fn typed(&self, node: Node, wanted: ColumnType) -> Result<Arc<dyn PhysicalExpr>> {
        let Some(kind) = node.kind else {
            let unknown = ScalarValue::try_from(&wanted.arrow()).map_err(AnalysisError::calculate(self.of))?;
            return Ok(Arc::new(Literal::new(unknown)));
        };
        if kind.arrow() == wanted.arrow() {
            return Ok(node.expression);
        }
        if !is_number(kind.kind) || !is_number(wanted.kind) {
            return self.refuse(format!("{:?} where {:?} is wanted", kind.kind, wanted.kind));
        }
        if let Some(literal) = node.expression.downcast_ref::<Literal>()
            && let Ok(rescaled) = literal.value().cast_to(&wanted.arrow())
        {
            return Ok(Arc::new(Literal::new(rescaled)));
        }
        let options = Some(CastOptions { safe: true, ..CastOptions::default() });
        Ok(Arc::new(CastExpr::new(node.expression, wanted.arrow(), options)))
    }

    fn compare(
        &self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        schema: &SchemaRef,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let (left, right) = (self.node(left, schema)?, self.node(right, schema)?);
        let (Some(left_kind), Some(right_kind)) = (left.kind, right.kind) else {
            return Ok(Arc::new(Literal::new(ScalarValue::Boolean(None))));
        };
        let meeting = common(left_kind, right_kind);
        let left = self.typed(left, meeting)?;
        let right = self.typed(right, meeting)?;
        Ok(Arc::new(BinaryExpr::new(left, operator, right)))
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr, schema: &SchemaRef) -> Result<Node> {
        let operator = match op {
            BinaryOp::And | BinaryOp::Or => {
                let operation = if op == BinaryOp::And { Operation::And } else { Operation::Or };
                let sides = vec![self.truth(left, schema)?, self.truth(right, schema)?];
                return Ok(own(operation, sides, ColumnType::whole(Type::Bool)));
            }
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => {
                return self.arithmetic(op, left, right, schema);
            }
            BinaryOp::Equal => Operator::Eq,
            BinaryOp::NotEqual => Operator::NotEq,
            BinaryOp::Less => Operator::Lt,
            BinaryOp::LessOrEqual => Operator::LtEq,
            BinaryOp::Greater => Operator::Gt,
            BinaryOp::GreaterOrEqual => Operator::GtEq,
        };
        Ok(truth(self.compare(operator, left, right, schema)?))
    }

    fn arithmetic(&self, op: BinaryOp, left: &Expr, right: &Expr, schema: &SchemaRef) -> Result<Node> {
        let (left, right) = (self.node(left, schema)?, self.node(right, schema)?);
        let (Some(left_kind), Some(right_kind)) = (left.kind, right.kind) else {
            let kind = left.kind.or(right.kind);
            return match kind {
                Some(kind) => self.unknown(kind),
                None => Ok(literal(&Value::Null)),
            };
        };
        let meeting = common(left_kind, right_kind);
        if op == BinaryOp::Multiply {
            let scale = match (left_kind.scale, right_kind.scale) {
                (None, None) => None,
                (left, right) => Some(left.unwrap_or(0) + right.unwrap_or(0)),
            };
            let result = ColumnType { kind: meeting.kind, scale };
            let side = |node: Node, kind: ColumnType| {
                let own = ColumnType { scale: scale.map(|_| kind.scale.unwrap_or(0)), ..kind };
                self.typed(node, own)
            };
            return Ok(own(Operation::Multiply, vec![side(left, left_kind)?, side(right, right_kind)?], result));
        }
        let operation = if op == BinaryOp::Add { Operation::Add } else { Operation::Subtract };
        let sides = vec![self.typed(left, meeting)?, self.typed(right, meeting)?];
        Ok(own(operation, sides, meeting))
    }

    fn unknown(&self, kind: ColumnType) -> Result<Node> {
        let scalar = ScalarValue::try_from(&kind.arrow()).map_err(AnalysisError::calculate(self.of))?;
        Ok(Node { expression: Arc::new(Literal::new(scalar)), kind: Some(kind) })
    }

    fn negate(&self, of: &Expr, schema: &SchemaRef) -> Result<Node> {
        let of = self.node(of, schema)?;
        match of.kind {
            Some(kind) => Ok(own(Operation::Negate, vec![of.expression], kind)),
            None => Ok(of),
        }
    }

    fn is_in(&self, of: &Expr, list: &[Expr], negated: bool, schema: &SchemaRef) -> Result<Node> {
        let of = self.node(of, schema)?;
        let members = list.iter().map(|member| self.node(member, schema)).collect::<Result<Vec<_>>>()?;
        let Some(kind) = of.kind else { return Ok(truth(Arc::new(Literal::new(ScalarValue::Boolean(None))))) };
        let meeting = members.iter().filter_map(|member| member.kind).fold(kind, common);
        let of = self.typed(of, meeting)?;
        let members = members.into_iter().map(|member| self.typed(member, meeting)).collect::<Result<Vec<_>>>()?;
        in_list(of, members, &negated, schema).map(truth).map_err(AnalysisError::calculate(self.of))
    }

    fn case(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, schema: &SchemaRef) -> Result<Node> {
        let conditions =
            branches.iter().map(|(condition, _)| self.truth(condition, schema)).collect::<Result<Vec<_>>>()?;
        let mut values = branches.iter().map(|(_, value)| self.node(value, schema)).collect::<Result<Vec<_>>>()?;
        if let Some(otherwise) = otherwise {
            values.push(self.node(otherwise, schema)?);
        }
        let Some(meeting) = values.iter().filter_map(|value| value.kind).reduce(common) else {
            return Ok(literal(&Value::Null));
        };
        let mut values = values.into_iter().map(|value| self.typed(value, meeting)).collect::<Result<Vec<_>>>()?;
        let otherwise = if otherwise.is_some() { values.pop() } else { None };
        let branches = conditions.into_iter().zip(values).collect();
        let case = CaseExpr::try_new(None, branches, otherwise).map_err(AnalysisError::calculate(self.of))?;
        Ok(Node { expression: Arc::new(case), kind: Some(meeting) })
    }

    fn call(&self, function: Function, arguments: &[Expr], schema: &SchemaRef) -> Result<Node> {
        let mut nodes = arguments.iter().map(|argument| self.node(argument, schema)).collect::<Result<Vec<_>>>()?;
        let (day, int) = (ColumnType::whole(Type::Day), ColumnType::whole(Type::Int));
        let (operation, wanted, result) = match function {
            Function::Age => {
                if nodes.len() == 1 {
                    nodes.push(literal(&Value::Day(self.day)));
                }
                (Operation::Age, vec![day, day], int)
            }
            Function::MonthsBetween => (Operation::MonthsBetween, vec![day, day], int),
            Function::DaysBetween => (Operation::DaysBetween, vec![day, day], int),
            Function::PlusDays => (Operation::PlusDays, vec![day, int], day),
            Function::Year => (Operation::Year, vec![day], int),
            Function::Month => (Operation::Month, vec![day], int),
            Function::Per => {
                let kind = ColumnType::whole(nodes.first().and_then(|node| node.kind).unwrap_or(int).kind);
                (Operation::Per, vec![kind, int], kind)
            }
            Function::Whole => return self.whole(nodes),
            Function::Coalesce => return self.coalesce(nodes),
            Function::Least | Function::Greatest => {
                let Some(kind) = nodes.iter().filter_map(|node| node.kind).reduce(common) else {
                    return Ok(literal(&Value::Null));
                };
                let operation = if function == Function::Least { Operation::Least } else { Operation::Greatest };
                (operation, vec![kind; nodes.len()], kind)
            }
        };
        if nodes.len() != wanted.len() {
            return self.refuse(format!("{function:?} has {} arguments", nodes.len()));
        }
        let arguments =
            nodes.into_iter().zip(wanted).map(|(node, wanted)| self.typed(node, wanted)).collect::<Result<Vec<_>>>()?;
        Ok(own(operation, arguments, result))
    }

    fn whole(&self, mut nodes: Vec<Node>) -> Result<Node> {
        let Some(node) = nodes.pop() else { return self.refuse("whole() has no argument") };
        match node.kind {
            None => Ok(node),
            Some(kind) => {
                let result = ColumnType::whole(if kind.kind == Type::Decimal { Type::Int } else { kind.kind });
                if kind.scale.is_none() {
                    return Ok(Node { kind: Some(result), ..node });
                }
                let argument = self.typed(node, kind)?;
                Ok(own(Operation::Whole, vec![argument], result))
            }
        }
    }

    /// The first known argument.
    fn coalesce(&self, nodes: Vec<Node>) -> Result<Node> {
        let Some(meeting) = nodes.iter().filter_map(|node| node.kind).reduce(common) else {
            return Ok(literal(&Value::Null));
        };
        let arguments = nodes.into_iter().map(|node| self.typed(node, meeting)).collect::<Result<Vec<_>>>()?;
        Ok(own(Operation::Coalesce, arguments, meeting))
    }
}

fn literal(value: &Value) -> Node {
    match scalar_of(value) {
        Some((scalar, kind)) => Node { expression: Arc::new(Literal::new(scalar)), kind: Some(kind) },
        None => Node { expression: Arc::new(Literal::new(ScalarValue::Boolean(None))), kind: None },
    }
}

fn truth(expression: Arc<dyn PhysicalExpr>) -> Node {
    Node { expression, kind: Some(ColumnType::whole(Type::Bool)) }
}

fn own(operation: Operation, arguments: Vec<Arc<dyn PhysicalExpr>>, result: ColumnType) -> Node {
    let function = Arc::new(ScalarUDF::from(OwnFunction::new(operation, result.arrow())));
    let name = function.name().to_owned();
    let field = Arc::new(Field::new(&name, result.arrow(), true));
    let options = Arc::new(ConfigOptions::default());
    Node {
        expression: Arc::new(ScalarFunctionExpr::new(&name, function, arguments, field, options)),
        kind: Some(result),
    }
}

fn is_number(kind: Type) -> bool {
    matches!(kind, Type::Int | Type::Decimal | Type::Fen)
}

/// Where two types meet: numbers at the greater scale; money stays money.
fn common(left: ColumnType, right: ColumnType) -> ColumnType {
    if !is_number(left.kind) || !is_number(right.kind) {
        return left;
    }
    let kind = match (left.kind, right.kind) {
        (Type::Fen, _) | (_, Type::Fen) => Type::Fen,
        (Type::Decimal, _) | (_, Type::Decimal) => Type::Decimal,
        _ => Type::Int,
    };
    let scale = match (left.scale, right.scale) {
        (None, None) => None,
        (left, right) => Some(left.unwrap_or(0).max(right.unwrap_or(0))),
    };
    ColumnType { kind, scale }
}
