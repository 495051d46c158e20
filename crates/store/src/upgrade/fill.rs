//! Records that an earlier form of the database wrote get what that form did not know: their id, place and version.

use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Database, Lookup, Sql, Storage, Transaction};
use crate::stored::keys::COUNTED;
use crate::stored::named;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::stored::values::household_no;
use crate::write::draft::Draft;
use crate::write::prepared::Prepared;
use model::{Level, RecordId, RegionCode, ResidentKey, Value};
use std::collections::{BTreeMap, HashMap};

/// Records of one transaction: what is done stays done when the program is killed, and the next start goes on.
const TOGETHER: usize = 1_000;
/// Records of one statement.
const IN_STATEMENT: usize = 100;

/// Fills in the records of all registers that have no id yet; gives how many there were.
///
/// `home`: the place of records that lie nowhere else. `done`: is told how many records each batch filled in. Nothing that
/// anybody entered is touched, so no event is left.
///
/// # Errors
/// When a record cannot be read or written; what was filled in before stays.
pub(crate) fn fill_in(
    database: &Database,
    cipher: &Cipher,
    tables: &BTreeMap<String, RegisterTable>,
    home: RegionCode,
    done: &dyn Fn(u64),
) -> Result<u64, StoreError> {
    let mut filled = 0;
    // Records lie where their household lies, so that households come first.
    let households = tables.values().filter(|table| table.region.is_some());
    let others = tables.values().filter(|table| table.region.is_none());
    for table in households.chain(others) {
        // Opening a database that is up to date writes nothing.
        while database.read(|transaction| count_waiting(transaction, table, 1))? > 0 {
            let mut after: Vec<Sql> = Vec::new();
            loop {
                let (records, last) =
                    database.write(|transaction| fill_some(transaction, cipher, table, home, &after))?;
                filled += records;
                done(records);
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
    }
    Ok(filled)
}

/// How many records have no id yet, `most` at most.
pub(crate) fn count_waiting(
    transaction: &Transaction<'_>,
    table: &RegisterTable,
    most: u64,
) -> Result<u64, StoreError> {
    let sql = format!("select count(*) from (select 1 from {} where id is null limit {most}) w", table.table);
    Ok(transaction.first(&sql, &[], |row| row.get(0))?.unwrap_or_default())
}

/// Fills in the next records behind the key `after`; gives how many, and the key of the last if there may be more. In the order
/// of the key, so that what was filled in is not looked at again.
fn fill_some(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    table: &RegisterTable,
    home: RegionCode,
    after: &[Sql],
) -> Result<(u64, Option<Vec<Sql>>), StoreError> {
    let keys: String = table.key.iter().map(|name| format!(", t.\"{name}\"")).collect();
    let order: Vec<String> = table.key.iter().map(|name| format!("t.\"{name}\"")).collect();
    let order = order.join(", ");
    let behind = match after {
        [] => String::new(),
        _ => format!(" and ({order}) > ({})", vec!["?"; after.len()].join(", ")),
    };
    let sql = format!(
        "select {}{keys} from {} t where t.id is null{behind} order by {order} limit {TOGETHER}",
        table.stored_columns(),
        table.table
    );
    let first_key = table.stored_width();
    let waiting = transaction.all(&sql, after, |row| {
        let key: Result<Vec<Sql>, StoreError> =
            (0..table.key.len()).map(|index| row.value(first_key + index)).collect();
        Ok((table.stored(cipher, row)?, key?))
    })?;
    let places = places_of(transaction, table, waiting.iter().map(|(stored, _)| stored))?;
    let mut days: HashMap<String, Option<String>> = HashMap::new();
    let mut rows: Vec<Vec<Sql>> = Vec::with_capacity(waiting.len());
    for (stored, key) in &waiting {
        let place = stored.meta.place.or_else(|| place_of(table, stored, &places, home));
        let day = match days.get(&stored.origin.file) {
            Some(day) => day.clone(),
            None => {
                let day = day_of_import(transaction, table, &stored.origin.file)?;
                days.insert(stored.origin.file.clone(), day.clone());
                day
            }
        };
        let first = lifecycle::initial_state(&table.register).map(|state| state.name.clone());
        let state = stored.meta.state.clone().or(first);
        let state_on = stored.meta.state_on.map(|day| day.to_string()).or_else(|| state.as_ref().and(day.clone()));
        let mut values: Vec<Sql> = vec![
            id_of(cipher, table, stored)?.into(),
            place.map(|place| place.to_string()).into(),
            place.map(|place| place.at(Level::County).to_string()).into(),
            state.into(),
            state_on.into(),
            day.into(),
        ];
        values.extend(key.iter().cloned());
        rows.push(values);
    }
    if !rows.is_empty() {
        // Records that lay nowhere were counted so; counting them anew is to be made up for should the program be killed here.
        named::forget(transaction, COUNTED)?;
    }
    for chunk in rows.chunks(IN_STATEMENT) {
        transaction.execute(&update_of(table, chunk.len()), chunk.concat())?;
    }
    let last = waiting.last().filter(|_| waiting.len() == TOGETHER).map(|(_, key)| key.clone());
    Ok((waiting.len() as u64, last))
}

/// One statement that fills in that many records. Both databases call the columns of `values` column1, column2 ...
fn update_of(table: &RegisterTable, records: usize) -> String {
    let physical = table.physical();
    let kind = |name: &String| match physical.iter().find(|(known, _)| known == name) {
        Some((_, Storage::Whole)) => "bigint",
        _ => "text",
    };
    let kinds: Vec<&str> =
        ["bigint", "text", "text", "text", "text", "text"].into_iter().chain(table.key.iter().map(kind)).collect();
    let row = |record: usize| {
        let cell = |index: usize, kind: &str| format!("cast(?{} as {kind})", record * kinds.len() + index + 1);
        let cells: Vec<String> = kinds.iter().zip(0..).map(|(kind, index)| cell(index, kind)).collect();
        format!("({})", cells.join(", "))
    };
    let rows: Vec<String> = (0..records).map(row).collect();
    let same = table.key.iter().enumerate().map(|(index, name)| format!("t.\"{name}\" = v.column{}", index + 7));
    let same: Vec<String> = same.collect();
    format!(
        "update {} as t set id = v.column1, place = v.column2, county = v.column3, version = coalesce(t.version, 1), \
         state = v.column4, state_on = v.column5, is_withdrawn = coalesce(t.is_withdrawn, 0), \
         entered_on = coalesce(t.entered_on, v.column6) from (values {}) as v where {}",
        table.table,
        rows.join(", "),
        same.join(" and ")
    )
}

fn id_of(cipher: &Cipher, table: &RegisterTable, stored: &StoredRecord) -> Result<RecordId, StoreError> {
    let draft = Draft {
        resident_key: stored.resident_key.map(ResidentKey),
        id: None,
        row: stored.origin.row,
        fields: stored.fields.clone(),
        children: None,
    };
    Prepared::id_as_written(cipher, table, &draft)
        .map_err(|_| StoreError::StoredValue { column: format!("{}, the key", table.table) })
}

/// The day on which the file that a record came from was taken.
fn day_of_import(
    transaction: &Transaction<'_>,
    table: &RegisterTable,
    file: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "select min(day) from event where register = ?1 and record = ?2";
    Ok(transaction.first(sql, &[table.kept.as_str().into(), file.into()], |row| row.get(0))?.flatten())
}

/// Places of the households that these records belong to, where they have none of their own.
fn places_of<'h>(
    transaction: &Transaction<'_>,
    table: &RegisterTable,
    records: impl Iterator<Item = &'h StoredRecord>,
) -> Result<HashMap<i64, RegionCode>, StoreError> {
    let Some(index) = table.household.filter(|_| table.region.is_none()) else { return Ok(HashMap::new()) };
    let mut numbers: Vec<i64> =
        records.filter_map(|stored| household_no(stored.fields.get(index)?)).map(|number| number.0).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let keys: Vec<[Sql; 1]> = numbers.iter().map(|number| [Sql::Whole(*number)]).collect();
    let keys: Vec<&[Sql]> = keys.iter().map(|key| key.as_slice()).collect();
    let found =
        transaction.look_up(&Lookup { table: "r_household", key: &["household_no"], wanted: "place" }, &keys)?;
    let known = numbers.into_iter().zip(found).filter_map(|(number, place)| match place {
        Some(Sql::Text(place)) => Some((number, place.parse().ok()?)),
        _ => None,
    });
    Ok(known.collect())
}

fn place_of(
    table: &RegisterTable,
    stored: &StoredRecord,
    places: &HashMap<i64, RegionCode>,
    home: RegionCode,
) -> Option<RegionCode> {
    let field = |index: usize| stored.fields.get(index).unwrap_or(&Value::Null);
    match (table.region, table.household) {
        (Some(index), _) => field(index).as_text().and_then(|text| text.parse().ok()),
        (None, Some(index)) => places.get(&household_no(field(index))?.0).copied(),
        (None, None) => Some(home),
    }
}
