//! Days that come as moments: by whatever clock they were written, the day is China's.

mod support;

use arrow::array::{
    ArrayRef, BinaryArray, Date64Array, NullArray, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::RecordBatch;
use exchange::{NoteKind, Refusal};
use model::FaultKind::NotADay;
use parquet::arrow::ArrowWriter;
use parquet::data_type::{ByteArray, ByteArrayType, Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;
use support::aid::{self, Outcome, text};
use support::identity;

/// Seconds from 1970 to 7 May 2024, 00:00, by a clock that says so.
const MAY_7: i64 = 1_715_040_000;

fn moved(outcome: &Outcome) -> u64 {
    let of_days = |note: &&exchange::Note| note.kind == NoteKind::DaysMoved;
    outcome.summary.notes.iter().filter(of_days).map(|note| note.count).sum()
}

#[test]
fn a_text_with_an_offset_is_an_instant() {
    for (written, day, is_moved) in [
        ("2024-05-06T16:00:00.000Z", "2024-05-07", false),
        ("2024-05-06T15:58:59Z", "2024-05-06", false),
        ("2024-05-07T00:00:00+08:00", "2024-05-07", false),
        ("2024-05-07T00:00:00+09:00", "2024-05-06", false),
        ("2024-05-06T12:00:00-0500", "2024-05-07", false),
        ("2024-05-06 23:59:17", "2024-05-07", true),
        ("2024-05-06T23:59:17+08:00", "2024-05-07", true),
        ("2024年5月6日 下午11:59", "2024-05-07", true),
        ("2024-05-06 24:00:00", "2024-05-07", true),
        ("2024-05-07 00:00:00", "2024-05-07", false),
    ] {
        let outcome = aid::read("days.csv", text(&[&format!("#1,王伟,住院,1,{written}")]).as_bytes()).expect("is read");
        assert_eq!(outcome.rows, [format!("2|王伟|住院|1.00|{day}")], "{written}");
        assert_eq!(moved(&outcome), u64::from(is_moved), "{written}");
    }
}

#[test]
fn an_impossible_time_and_a_bare_count_are_faults() {
    for written in
        ["2024-05-07 25:61", "2024-05-07T00:00:00+25:00", "1715011200", "1715011200000", "2024-05-07 上午13:00"]
    {
        let outcome = aid::read("days.csv", text(&[&format!("#1,王伟,住院,1,{written}")]).as_bytes()).expect("is read");
        assert_eq!(outcome.faults, [(2, NotADay)], "{written}");
        assert!(outcome.rows.is_empty(), "{written}");
    }
}

/// A Parquet file of one row with this column of days.
fn parquet(days: ArrayRef) -> Result<Outcome, Refusal> {
    let text = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    let columns = [
        ("证件号码", text(&identity(1))),
        ("姓名", text("王伟")),
        ("事由", text("住院")),
        ("金额（元）", text("1")),
        ("发放日期", days),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("begins");
    writer.write(&batch).expect("writes");
    writer.close().expect("finishes");
    aid::read("days.parquet", &bytes)
}

#[test]
fn a_timestamp_that_is_bound_to_utc_is_an_instant_and_another_is_a_clock() {
    let utc = MAY_7 - 8 * 3_600;
    let cases: [(&str, ArrayRef, &str, bool); 10] = [
        (
            "s UTC",
            Arc::new(TimestampMillisecondArray::from(vec![utc * 1_000]).with_timezone("UTC")),
            "2024-05-07",
            false,
        ),
        (
            "µs UTC, an hour earlier",
            Arc::new(TimestampMicrosecondArray::from(vec![(utc - 3_600) * 1_000_000]).with_timezone("UTC")),
            "2024-05-06",
            false,
        ),
        (
            "ns Shanghai",
            Arc::new(TimestampNanosecondArray::from(vec![utc * 1_000_000_000]).with_timezone("Asia/Shanghai")),
            "2024-05-07",
            false,
        ),
        (
            "43 seconds lost",
            Arc::new(TimestampMillisecondArray::from(vec![(utc - 43) * 1_000]).with_timezone("+00:00")),
            "2024-05-07",
            true,
        ),
        ("s clock", Arc::new(TimestampSecondArray::from(vec![MAY_7])), "2024-05-07", false),
        (
            "ms clock, late",
            Arc::new(TimestampMillisecondArray::from(vec![MAY_7 * 1_000 + 86_339_999])),
            "2024-05-07",
            false,
        ),
        (
            "µs clock, last minute",
            Arc::new(TimestampMicrosecondArray::from(vec![(MAY_7 - 60) * 1_000_000])),
            "2024-05-07",
            true,
        ),
        (
            "ns clock before",
            Arc::new(TimestampNanosecondArray::from(vec![(MAY_7 - 61) * 1_000_000_000])),
            "2024-05-06",
            false,
        ),
        ("Date64 with a time", Arc::new(Date64Array::from(vec![MAY_7 * 1_000 + 30_600_000])), "2024-05-07", false),
        ("before 1970", Arc::new(TimestampSecondArray::from(vec![-1])), "1970-01-01", true),
    ];
    for (name, days, day, is_moved) in cases {
        let outcome = parquet(days).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(outcome.rows, [format!("2|王伟|住院|1.00|{day}")], "{name}");
        assert_eq!(moved(&outcome), u64::from(is_moved), "{name}");
    }
}

/// A Parquet file as Spark and Impala write it, with a day in INT96.
fn int96(julian_day: u32, nanoseconds: u64) -> Vec<u8> {
    let message = "message aid {
        required binary 证件号码 (UTF8);
        required binary 姓名 (UTF8);
        required binary 事由 (UTF8);
        required binary 金额 (UTF8);
        required int96 发放日期;
    }";
    let schema = Arc::new(parse_message_type(message).expect("is a schema"));
    let mut bytes = Vec::new();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).expect("begins");
    let mut group = writer.next_row_group().expect("begins");
    for text in [identity(1).as_str(), "王伟", "住院", "1"] {
        let mut column = group.next_column().expect("is a column").expect("is there");
        let values = [ByteArray::from(text)];
        column.typed::<ByteArrayType>().write_batch(&values, None, None).expect("writes");
        column.close().expect("finishes");
    }
    let mut moment = Int96::new();
    moment.set_data(nanoseconds as u32, (nanoseconds >> 32) as u32, julian_day);
    let mut column = group.next_column().expect("is a column").expect("is there");
    column.typed::<Int96Type>().write_batch(&[moment], None, None).expect("writes");
    column.close().expect("finishes");
    group.close().expect("finishes");
    writer.close().expect("finishes");
    bytes
}

#[test]
fn int96_is_an_instant_in_any_year() {
    const HOUR: u64 = 3_600_000_000_000;
    // 7 May 2024 is the Julian day 2,460,438.
    for (julian_day, nanoseconds, expected) in [
        (2_460_437, 16 * HOUR, "2|王伟|住院|1.00|2024-05-07"),
        (2_460_437, 15 * HOUR, "2|王伟|住院|1.00|2024-05-06"),
        // In nanoseconds the year 9999 is none that 64 bits can count.
        (5_373_484, 0, ""),
    ] {
        let outcome = aid::read("days.parquet", &int96(julian_day, nanoseconds)).expect("is read");
        let rows: Vec<&str> = outcome.rows.iter().map(String::as_str).collect();
        let expected: Vec<&str> = [expected].into_iter().filter(|row| !row.is_empty()).collect();
        assert_eq!(rows, expected, "{julian_day}");
        // A day to come is told, and is not another day.
        assert_eq!(outcome.faults.len(), 1 - rows.len(), "{julian_day}");
    }
}

/// A Parquet file as Hive writes it: texts are bytes that nothing says to be texts.
fn hive(name: &[u8], reason: Option<&[u8]>) -> Vec<u8> {
    let bytes = |bytes: &[u8]| Arc::new(BinaryArray::from(vec![bytes])) as ArrayRef;
    let reason = reason.map_or_else(|| Arc::new(NullArray::new(1)) as ArrayRef, bytes);
    let columns = [
        ("证件号码", bytes(identity(1).as_bytes())),
        ("姓名", bytes(name)),
        ("事由", reason),
        ("金额（元）", bytes(b"1")),
        ("发放日期", bytes(b"2024-05-07")),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(_, column)| column).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).expect("columns of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, None).expect("begins");
    writer.write(&batch).expect("writes");
    writer.close().expect("finishes");
    bytes
}

#[test]
fn texts_that_are_bytes_and_columns_of_nothing_are_read() {
    let read = |name: &[u8], reason: Option<&[u8]>| {
        let outcome = aid::read("hive.parquet", &hive(name, reason)).expect("is read");
        (outcome.rows, outcome.faults)
    };
    let row = |reason: &str| vec![format!("2|王伟|{reason}|1.00|2024-05-07")];
    assert_eq!(read("王伟".as_bytes(), Some("住院".as_bytes())), (row("住院"), vec![]));
    assert_eq!(read("王伟".as_bytes(), None), (row(""), vec![]));
    // Bytes that are no text are a fault of their cell.
    let (rows, faults) = read(b"\xCD\xF5\xCE\xB0", Some(b"a"));
    assert!(rows.is_empty() && faults.len() == 1, "{rows:?} {faults:?}");
}
