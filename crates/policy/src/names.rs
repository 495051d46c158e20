//! Names of things, columns, states and steps.

/// Longest name: PostgreSQL cuts names at 63 bytes, and tables and indexes add to ours.
const LENGTH_MAX: usize = 48;

/// Words that mean something in SQL or in expressions and so cannot be names.
const RESERVED: &[&str] = &[
    "all",
    "alter",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "begin",
    "between",
    "binary",
    "both",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "commit",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "date",
    "day",
    "default",
    "deferrable",
    "delete",
    "desc",
    "distinct",
    "do",
    "drop",
    "else",
    "end",
    "except",
    "exec",
    "execute",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "if",
    "ilike",
    "in",
    "index",
    "initially",
    "inner",
    "insert",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "line",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "other_household_count",
    "outer",
    "overlaps",
    "p",
    "placing",
    "primary",
    "references",
    "returning",
    "revoke",
    "right",
    "rollback",
    "select",
    "session_user",
    "set",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "true",
    "truncate",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "value",
    "values",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

/// Columns that every dataset of the lake has. (`household_no` is declared by the package.)
const OF_THE_ENGINE: &[&str] = &["resident_key", "key_hash", "file", "row", "household"];

/// Columns that every table of a register has.
const OF_EVERY_RECORD: &[&str] = &[
    "changed_at",
    "changed_by",
    "changed_on",
    "content",
    "due_on",
    "entered_at",
    "entered_by",
    "entered_on",
    "entered_state_on",
    "id",
    "is_withdrawn",
    "origin_file",
    "origin_row",
    "parent_id",
    "position",
    "record",
    "record_id",
    "state",
    "version",
    "withdrawn_at",
    "withdrawn_by",
    "withdrawn_on",
];

/// Endings of the columns that a database keeps beside a field's own.
pub(crate) const BESIDE: [&str; 5] = ["_find", "_tail", "_order", "_fold", "_sort"];

/// True when no field of a register or of its child records may have this name: the engine keeps a column of that name with
/// every record, or reads the name in expressions.
pub fn is_reserved_field(name: &str) -> bool {
    OF_EVERY_RECORD.contains(&name)
        || OF_THE_ENGINE.contains(&name)
        || RESERVED.contains(&name)
        || name.ends_with("_find")
        || name.ends_with("_tail")
}

/// True for the name of a package, which is that of its folder in an installation: as other names, and with `-`.
pub(crate) fn is_package_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_');
    name.len() <= LENGTH_MAX && name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(fits)
}

/// True for `[a-z][a-z0-9_]{0,47}` without double `_` that is not a reserved word.
pub(crate) fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    let rest_is_good = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    starts_well && rest_is_good && name.len() <= LENGTH_MAX && !name.contains("__") && !RESERVED.contains(&name)
}

/// True when a column, child, state or step may have this name.
pub(crate) fn is_column_name(name: &str) -> bool {
    is_name(name) && !OF_THE_ENGINE.contains(&name)
}
