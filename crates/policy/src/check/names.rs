//! Names of things, columns, states and steps.

use super::Found;
use crate::text::FileText;
use std::collections::BTreeSet;

/// Longest name.
const LENGTH_MAX: usize = 63;

/// Words that mean something in SQL or in expressions and so cannot be names.
const RESERVED: &[&str] = &[
    "all",
    "alter",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "check",
    "column",
    "constraint",
    "create",
    "cross",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "day",
    "default",
    "delete",
    "desc",
    "distinct",
    "drop",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "if",
    "in",
    "index",
    "inner",
    "insert",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "left",
    "like",
    "limit",
    "line",
    "natural",
    "not",
    "null",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "p",
    "primary",
    "references",
    "revoke",
    "right",
    "select",
    "set",
    "some",
    "table",
    "then",
    "time",
    "timestamp",
    "to",
    "true",
    "truncate",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "value",
    "values",
    "when",
    "where",
    "window",
    "with",
];

/// Columns that every dataset of the lake has. (`household_no` is declared by the package.)
const OF_THE_ENGINE: &[&str] = &["resident_key", "key_hash", "file", "row", "household"];

/// True for `[a-z][a-z0-9_]{0,62}` that is not a reserved word.
pub(crate) fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    let rest_is_good = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    starts_well && rest_is_good && name.len() <= LENGTH_MAX && !RESERVED.contains(&name)
}

/// True when a column, child, state or step may have this name.
pub(crate) fn is_column_name(name: &str) -> bool {
    is_name(name) && !OF_THE_ENGINE.contains(&name)
}

impl Found<'_> {
    /// Problems for bad and doubled names; `keys` gives the key at which each stands.
    pub fn names<'n>(
        &mut self,
        file: &FileText,
        names: impl Iterator<Item = &'n String>,
        key: impl Fn(usize) -> String,
    ) {
        let mut seen = BTreeSet::new();
        for (at, name) in names.enumerate() {
            if !is_column_name(name) {
                let hint = "只用小写字母、数字和下划线,以字母开头,最多 63 个;不用 SQL 的词和系统自用的列名";
                self.add(file.at(&key(at), format!("`{}` 不能用作名称", shortened(name)), hint));
            }
            if !seen.insert(name) {
                self.add(file.at(&key(at), format!("`{}` 重复", shortened(name)), "每个名称只能出现一次"));
            }
        }
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(40).flat_map(char::escape_debug).collect()
}
