//! Parquet files: each column as texts, or in one of the types that programs write for its kind.

use crate::random::Random;
use crate::table::{Cell, Table};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, LargeStringArray,
    RecordBatch, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
};
use model::{Decimal, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

const DAY_MILLISECONDS: i64 = 86_400_000;

/// Writes the rows of the table: bytes, ending, and how it was written.
pub fn write(table: &Table, random: &mut Random) -> (Vec<u8>, &'static str, String) {
    let column = |at: usize, random: &mut Random| {
        let cells: Vec<&Cell> = table.records.iter().map(|record| &record.cells[at]).collect();
        (table.file_columns[at].heading.clone(), array(&cells, table.file_columns[at].tens, random), true)
    };
    let columns: Vec<(String, ArrayRef, bool)> = (0..table.file_columns.len()).map(|at| column(at, random)).collect();
    let types: Vec<String> = columns.iter().map(|(_, array, _)| array.data_type().to_string()).collect();
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("columns are of one length");
    let compression = if random.in_hundred(50) { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(random.in_hundred(50))
        // The writer splits its rows by calling itself, group by group.
        .set_max_row_group_row_count(Some(20 + random.below(60)))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("begins");
    writer.write(&batch).expect("writes");
    writer.close().expect("finishes");
    (bytes, "parquet", format!("{compression:?}, {types:?}"))
}

fn array(cells: &[&Cell], tens: i32, random: &mut Random) -> ArrayRef {
    let typed = if random.in_hundred(60) { typed(cells, tens, random) } else { None };
    let text = |cell: &&Cell| Some(cell.text.clone()).filter(|text| !text.is_empty());
    typed.unwrap_or_else(|| match random.below(3) {
        0 => Arc::new(LargeStringArray::from_iter(cells.iter().map(text))),
        1 => Arc::new(StringArray::from_iter(cells.iter().map(text))),
        _ => Arc::new(StringArray::from_iter(cells.iter().map(|cell| Some(cell.text.clone())))),
    })
}

/// The column in a type of its own, where all its values have one.
fn typed(cells: &[&Cell], tens: i32, random: &mut Random) -> Option<ArrayRef> {
    if cells.iter().any(|cell| cell.is_damaged) {
        return None;
    }
    let kind = cells.iter().map(|cell| &cell.value).find(|value| !value.is_null())?;
    let days = || cells.iter().map(|cell| cell.value.as_day().map(|day| i64::from(day.epoch_days())));
    let whole = || cells.iter().map(|cell| cell.value.as_i64());
    Some(match (kind, random.below(3)) {
        (Value::Int(_), 0) => Arc::new(Int32Array::from_iter(whole().map(|number| number.map(|number| number as i32)))),
        (Value::Int(_), _) => Arc::new(Int64Array::from_iter(whole())),
        (Value::Decimal(_), _) => Arc::new(Float64Array::from_iter(cells.iter().map(|cell| float(&cell.value)))),
        (Value::Fen(_), at) if at > 0 => {
            let units = Decimal128Array::from_iter(whole().map(|fen| fen.map(i128::from)));
            Arc::new(units.with_precision_and_scale(18, (2 + tens) as i8).ok()?)
        }
        (Value::Day(_), 0) => {
            Arc::new(Date32Array::from_iter(days().map(|day| day.and_then(|day| i32::try_from(day).ok()))))
        }
        (Value::Day(_), 1) => {
            let moment = |day: i64| day * DAY_MILLISECONDS + 30_000_000;
            Arc::new(TimestampMillisecondArray::from_iter(days().map(|day| day.map(moment))))
        }
        (Value::Day(_), _) => Arc::new(TimestampMicrosecondArray::from_iter(
            days().map(|day| day.map(|day| day * DAY_MILLISECONDS * 1_000)),
        )),
        (Value::Bool(_), _) => Arc::new(BooleanArray::from_iter(cells.iter().map(|cell| cell.value.as_bool()))),
        _ => return None,
    })
}

fn float(value: &Value) -> Option<f64> {
    let Value::Decimal(number) = value else { return None };
    Decimal::to_string(number).parse().ok()
}
