//! A table of the package, ready to be filled: its columns, its headings in this sample, its blocks of rows.

use crate::condition::Condition;
use crate::dirt::{self, Planting};
use crate::fill::{Fill, Part, WordLists, parse_template};
use crate::parts::Parts;
use crate::random::Stream;
use crate::spec::{Each, Faults, RowsSpec, TableSpec, Written};
use crate::tables::Use;
use model::{Day, Kind};
use policy::declare::{CodeList, Column, Grain, RowCheck};
use std::collections::{BTreeMap, BTreeSet};

/// A table, ready to be filled.
pub struct Table {
    pub name: String,
    pub stem: String,
    pub usage: Use,
    pub columns: Vec<Column>,
    /// One heading for each column, in this sample.
    pub headings: Vec<String>,
    pub title: Option<Vec<Part>>,
    /// Places of the columns that name a row.
    pub key: Vec<usize>,
    pub blocks: Vec<Block>,
    pub faults: Faults,
    /// What may be planted, and in which column.
    pub plantings: Vec<Planting>,
    /// Places of the columns that a check of the row reads.
    pub checked: BTreeSet<usize>,
    /// For columns of codes: whether this sample writes labels.
    pub labels: Vec<bool>,
}

/// A block of rows of one table.
pub struct Block {
    pub each: Each,
    pub filter: Condition,
    pub share: f64,
    pub reach: f64,
    pub delay: [i64; 2],
    /// One filling for each column.
    pub fills: Vec<Fill>,
    /// The same for events that the department does not know of.
    pub unseen: Option<Vec<Fill>>,
}

/// What sources and registers have in common.
struct Declared<'a> {
    columns: &'a [Column],
    key: &'a [String],
    checks: &'a [RowCheck],
    usage: Use,
    is_of_residents: bool,
}

/// All tables of the package: registers first, each kind in the order of names.
///
/// # Errors
/// What is wrong in which file, in words.
pub fn compile(parts: &Parts, seed: u64, day: Day, is_clean: bool) -> Result<Vec<Table>, String> {
    let mut names: Vec<&String> = parts.sample.tables.keys().collect();
    names.sort_by_key(|name| (!parts.registers.contains_key(*name), name.as_str()));
    let compile_one = |name: &&String| {
        let declared = declared(parts, name)
            .ok_or_else(|| format!("sample/{name}.toml: there is no source or register `{name}`"))?;
        table(parts, name, &declared, seed, day, is_clean).map_err(|what| format!("sample/{name}.toml: {what}"))
    };
    names.iter().map(compile_one).collect()
}

fn declared<'a>(parts: &Parts<'a>, name: &str) -> Option<Declared<'a>> {
    if let Some(register) = parts.registers.get(name) {
        return Some(Declared {
            columns: &register.field,
            key: &register.key,
            checks: &register.check,
            usage: Use::Register,
            is_of_residents: false,
        });
    }
    parts.sources.get(name).map(|source| Declared {
        columns: &source.column,
        key: &source.key,
        checks: &source.check,
        usage: Use::Extract,
        is_of_residents: source.of == Grain::Resident,
    })
}

fn table(parts: &Parts, name: &str, declared: &Declared, seed: u64, day: Day, is_clean: bool) -> Result<Table, String> {
    let spec = &parts.sample.tables[name];
    let mut stream = Stream::of(seed, name, 0, 0);
    let columns = declared.columns.to_vec();
    let blocks =
        spec.rows.iter().map(|rows| block(rows, spec, parts, &columns)).collect::<Result<Vec<Block>, String>>()?;
    check_codes(&blocks, &columns, parts.codes)?;
    let place = |column: &String| columns.iter().position(|known| known.name == *column);
    let key: Vec<usize> = declared.key.iter().filter_map(place).collect();
    let title = spec.title.as_deref().filter(|_| !is_clean && stream.chance(0.5));
    let checked = checked_columns(&columns, declared.checks);
    Ok(Table {
        name: name.to_owned(),
        stem: format!("{name}_{day}"),
        usage: declared.usage,
        headings: headings(&columns, &mut stream),
        title: title.map(parse_template).transpose()?,
        labels: columns.iter().map(|_| stream.chance(0.75)).collect(),
        plantings: if is_clean {
            Vec::new()
        } else {
            dirt::plantings(&columns, &key, &checked, declared.is_of_residents)
        },
        faults: spec.faults,
        checked,
        key,
        blocks,
        columns,
    })
}

fn block(rows: &RowsSpec, spec: &TableSpec, parts: &Parts, columns: &[Column]) -> Result<Block, String> {
    let mut written = spec.columns.clone();
    written.extend(rows.columns.clone());
    let unseen = rows.unseen.as_ref().map(|unseen| {
        let mut all = written.clone();
        all.extend(unseen.clone());
        fills(&all, spec, parts, columns)
    });
    Ok(Block {
        each: rows.each,
        filter: Condition::parse(&rows.filter)?,
        share: rows.share,
        reach: rows.reach,
        delay: rows.delay,
        fills: fills(&written, spec, parts, columns)?,
        unseen: unseen.transpose()?,
    })
}

fn fills(
    written: &BTreeMap<String, Written>,
    spec: &TableSpec,
    parts: &Parts,
    columns: &[Column],
) -> Result<Vec<Fill>, String> {
    if let Some(unknown) = written.keys().find(|name| columns.iter().all(|column| column.name != **name)) {
        return Err(format!("there is no column `{unknown}`"));
    }
    let fill = |column: &Column| {
        let words = WordLists { of_column: spec.words.get(&column.name), by_field: &parts.sample.words };
        match written.get(&column.name) {
            Some(written) => Fill::parse(written, &words).map_err(|what| format!("column `{}`: {what}", column.name)),
            None if column.required => Err(format!("the required column `{}` is not filled", column.name)),
            None => Ok(Fill::Empty),
        }
    };
    columns.iter().map(fill).collect()
}

/// Every code that a filling names must stand in the column's list.
fn check_codes(blocks: &[Block], columns: &[Column], lists: &BTreeMap<String, CodeList>) -> Result<(), String> {
    let all = blocks.iter().flat_map(|block| block.fills.iter().enumerate());
    for (index, fill) in all.filter(|(index, _)| columns[*index].kind == Kind::Code) {
        let column = &columns[index];
        let Some(list) = column.codes.as_ref().and_then(|name| lists.get(name)) else { continue };
        let texts = fill.fixed_texts();
        if let Some(text) =
            texts.into_iter().find(|text| !text.is_empty() && list.code.iter().all(|code| code.code != **text))
        {
            return Err(format!("column `{}`: `{text}` is not a code of its list", column.name));
        }
    }
    Ok(())
}

/// The label or, in a third of all cases, one of the other headings; no heading twice.
fn headings(columns: &[Column], stream: &mut Stream) -> Vec<String> {
    let labels: BTreeSet<&String> = columns.iter().map(|column| &column.label).collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut heading = |column: &Column| {
        let alias = stream.chance(0.33).then(|| stream.pick(&column.headings)).flatten();
        let alias = alias.filter(|alias| !labels.contains(alias) && !used.contains(*alias));
        let heading = alias.unwrap_or(&column.label).clone();
        used.insert(heading.clone());
        heading
    };
    columns.iter().map(&mut heading).collect()
}

/// Places of the columns that some check of the row reads.
fn checked_columns(columns: &[Column], checks: &[RowCheck]) -> BTreeSet<usize> {
    let reads = |check: &RowCheck, name: &str| {
        check.holds.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == name)
    };
    let is_read = |column: &Column| checks.iter().any(|check| reads(check, &column.name));
    columns.iter().enumerate().filter(|(_, column)| is_read(column)).map(|(index, _)| index).collect()
}
