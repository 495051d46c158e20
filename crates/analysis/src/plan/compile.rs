//! One expression of the package as a DataFusion physical expression over the columns it names.

use super::columns::Columns;
use super::nodes::Compiler;
use crate::error::{AnalysisError, Result};
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion_physical_expr::PhysicalExpr;
use lake::values::ColumnType;
use model::{Day, Value};
use policy::expression::Expr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A planned expression: evaluate it with the columns at `inputs`.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    expression: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    /// Places of the columns it reads, in the order of its schema.
    pub inputs: Vec<usize>,
    /// Type of the result.
    pub result: ColumnType,
}

impl Planned {
    /// The values of the expression for `rows` rows; `column` gives the column at a place.
    pub(crate) fn evaluate(
        &self,
        of: &str,
        rows: usize,
        mut column: impl FnMut(usize) -> Result<ArrayRef>,
    ) -> Result<ArrayRef> {
        let columns = self.inputs.iter().map(|place| column(*place)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(AnalysisError::calculate(of))?;
        self.expression.evaluate(&batch).and_then(|value| value.into_array(rows)).map_err(AnalysisError::calculate(of))
    }
}

impl std::fmt::Display for Planned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.expression)
    }
}

/// Plans `expression`. `of` says what it belongs to, for errors; parameters are by name, `Null` where they are not set.
///
/// # Errors
/// `Plan` when a name or parameter does not exist or types do not fit, which the package's own check has ruled out.
pub(crate) fn plan(
    of: &str,
    expression: &Expr,
    columns: &Columns,
    parameters: &BTreeMap<String, Value>,
    day: Day,
) -> Result<Planned> {
    let (inputs, schema) = inputs_of(of, expression, columns)?;
    let compiler = Compiler { of, columns, parameters, day };
    let (expression, result) = compiler.whole_expression(expression, &schema)?;
    Ok(Planned { expression, schema, inputs, result })
}

/// The columns that an expression reads: their places, and the schema in which it finds them.
fn inputs_of(of: &str, expression: &Expr, columns: &Columns) -> Result<(Vec<usize>, SchemaRef)> {
    let (mut inputs, mut fields) = (Vec::new(), Vec::new());
    for name in policy::expression::names_of(expression) {
        if name == "day" {
            continue;
        }
        let place = columns.place(&name);
        let place = place.ok_or_else(|| AnalysisError::plan(of, format!("there is no column `{name}`")))?;
        inputs.push(place);
        fields.push(Field::new(&name, columns.type_at(place).arrow(), true));
    }
    Ok((inputs, Arc::new(Schema::new(fields))))
}
