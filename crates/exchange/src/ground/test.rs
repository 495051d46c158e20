//! Declared checks of rows, made ready to run.

use model::{Day, Value};
use policy::Package;
use policy::declare::{Column, RowCheck};
use policy::expression::{Expr, ExpressionError, evaluate, names_of, parameters_of, parse, settle};
use std::collections::HashMap;
use words::Advice;

/// Whether a row (cells in declared order) holds; `None` where it cannot be known.
pub type Holds<'a> = Box<dyn Fn(&[Value]) -> Option<bool> + Send + Sync + 'a>;

/// A declared check of a row, ready to run.
pub struct RowTest<'a> {
    pub holds: Holds<'a>,
    /// What is wrong when it does not hold, and what to do.
    pub advice: Advice,
    /// Places (in `Shape::columns`) of the cells that are marked.
    pub columns: Vec<usize>,
    /// The row is left out; otherwise it is taken with a remark.
    pub drops_row: bool,
}

impl<'a> RowTest<'a> {
    /// The checks of a source or register over `columns`. `day` is what `day` means in them, and the day on which parameters hold (in
    /// the package's own place).
    ///
    /// # Errors
    /// Where an expression of a check cannot be read; `Package::load` refuses such packages.
    pub fn of_checks(
        package: &Package,
        columns: &[Column],
        checks: &[RowCheck],
        day: Day,
    ) -> Result<Vec<RowTest<'a>>, ExpressionError> {
        let scope = package.row_scope(columns, false);
        let region = package.head.region;
        let one = |check: &RowCheck| {
            let (expr, _) = settle(&parse(&check.holds)?, &scope)?;
            let known = parameters_of(&expr).into_iter().map(|name| {
                let value = package.parameter(&name, region, day, day).value;
                (name, value)
            });
            let parameters = known.collect();
            Ok(RowTest::of_expr(expr, columns, check, parameters, day))
        };
        checks.iter().map(one).collect()
    }

    /// A check whose expression was parsed and settled.
    pub fn of_expr(
        expr: Expr,
        columns: &[Column],
        check: &RowCheck,
        parameters: HashMap<String, Value>,
        day: Day,
    ) -> RowTest<'a> {
        let position = |name: &str| columns.iter().position(|column| column.name == name);
        let places: Vec<(String, usize)> =
            names_of(&expr).into_iter().filter_map(|name| position(&name).map(|at| (name, at))).collect();
        let holds = move |cells: &[Value]| {
            let value = |name: &str| {
                let place = places.iter().find(|(known, _)| known == name);
                place.and_then(|(_, at)| cells.get(*at)).cloned().unwrap_or_default()
            };
            let parameter = |name: &str| parameters.get(name).cloned().unwrap_or_default();
            evaluate(&expr, &value, &parameter, day).as_bool()
        };
        RowTest {
            holds: Box::new(holds),
            advice: check.advice(),
            columns: check.columns.iter().filter_map(|name| position(name)).collect(),
            drops_row: check.drops_row,
        }
    }
}
