//! Where the two databases differ in what is written to them.

use super::value::{Sql, bound};
use sea_query::{
    IndexCreateStatement, PostgresQueryBuilder, QueryStatementWriter, SqliteQueryBuilder, TableAlterStatement,
    TableCreateStatement,
};

/// Which database is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgresql,
}

impl Dialect {
    /// Text and values of a statement.
    pub(super) fn statement(self, statement: &impl QueryStatementWriter) -> (String, Vec<Sql>) {
        let (sql, values) = match self {
            Dialect::Sqlite => statement.build(SqliteQueryBuilder),
            Dialect::Postgresql => statement.build(PostgresQueryBuilder),
        };
        (sql, bound(values))
    }

    pub(super) fn create_table(self, table: &TableCreateStatement) -> String {
        match self {
            Dialect::Sqlite => table.build(SqliteQueryBuilder),
            Dialect::Postgresql => bytewise(&table.build(PostgresQueryBuilder)),
        }
    }

    pub(super) fn alter_table(self, table: &TableAlterStatement) -> String {
        match self {
            Dialect::Sqlite => table.build(SqliteQueryBuilder),
            Dialect::Postgresql => bytewise(&table.build(PostgresQueryBuilder)),
        }
    }

    pub(super) fn create_index(self, index: &IndexCreateStatement) -> String {
        match self {
            Dialect::Sqlite => index.build(SqliteQueryBuilder),
            Dialect::Postgresql => index.build(PostgresQueryBuilder),
        }
    }
}

/// Texts are ordered by their bytes, as SQLite orders them: spans of places and beginnings of names depend on it.
/// Names of columns hold no blank, so that a quote with a type behind it ends a name.
fn bytewise(sql: &str) -> String {
    sql.replace("\" text", "\" text collate \"C\"")
}

/// The statement with `$1`, `$2` ... in place of `?1` or of `?`; what stands in quotes is left alone.
pub(super) fn numbered(sql: &str) -> String {
    let mut written = String::with_capacity(sql.len() + 16);
    let mut letters = sql.chars().peekable();
    let mut quote = None;
    let mut next = 0;
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) => {
                written.push(letter);
                if letter == open {
                    quote = None;
                }
            }
            (None, '\'' | '"') => {
                written.push(letter);
                quote = Some(letter);
            }
            (None, '-') if letters.peek() == Some(&'-') => {
                for skipped in letters.by_ref() {
                    if skipped == '\n' {
                        break;
                    }
                }
                written.push(' ');
            }
            (None, '?') => {
                written.push('$');
                if letters.peek().is_none_or(|digit| !digit.is_ascii_digit()) {
                    next += 1;
                    written.push_str(&next.to_string());
                }
            }
            (None, _) => written.push(letter),
        }
    }
    written
}

/// True for a lower-case name of letters, digits and underscores.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn places_of_values_are_numbered() {
        for (sql, expected) in [
            ("select a from t where b = ?1 and c in (?2, ?1)", "select a from t where b = $1 and c in ($2, $1)"),
            ("insert into t values (?, ?)", "insert into t values ($1, $2)"),
            ("select '?', \"a?\", 'it''s ?' where b = ?", "select '?', \"a?\", 'it''s ?' where b = $1"),
            ("-- What is ?1, and isn't?\nselect ?1", " select $1"),
            ("select a - ?1", "select a - $1"),
        ] {
            assert_eq!(numbered(sql), expected);
        }
    }
}
