//! The engine's own tables. They only grow: a new column is nullable or has a default, nothing is removed.

use super::tables::{RegisterTable, column_definition, primary_key};
use crate::database::{Behind, Dialect, Storage};
use sea_query::{Index, IndexCreateStatement, Table, TableCreateStatement};
use std::collections::BTreeMap;

/// A table of the engine. Columns end in `#` for whole numbers, in `*` for bytes, and in `?` where they may be unknown (`?#`
/// both).
struct SystemTable {
    name: &'static str,
    columns: &'static str,
    key: &'static str,
    /// Indexes; a leading `!` makes one unique.
    indexes: &'static [&'static str],
}

const SYSTEM_TABLES: &[SystemTable] = &[
    SystemTable { name: "installation", columns: "name value", key: "name", indexes: &[] },
    SystemTable {
        name: "account",
        columns: "name shown_name role region department? password_hash failures# locked_until_ms#",
        key: "name",
        indexes: &[],
    },
    SystemTable {
        name: "session",
        columns: "token account began_ms# seen_ms# idle_ms# ends_ms#",
        key: "token",
        indexes: &["account"],
    },
    SystemTable {
        name: "event",
        columns: "seq# chain position# account role day at_ms# register record household_no?# action before after hash \
                  record_id?#",
        key: "seq",
        indexes: &["!chain position", "household_no seq", "register chain seq", "record_id seq"],
    },
    SystemTable { name: "chain_head", columns: "chain position# hash signature", key: "chain", indexes: &[] },
    SystemTable {
        name: "checkpoint",
        columns: "chain position# hash at_ms# signature",
        key: "chain position",
        indexes: &[],
    },
    SystemTable {
        name: "import",
        columns: "import_id dataset department? file_name file_hash bytes# region delivered_on account state began_ms# \
                  ended_ms?# summary troubles?#",
        key: "import_id",
        indexes: &["began_ms import_id"],
    },
    SystemTable { name: "fault", columns: "import_id number# kind document", key: "import_id number", indexes: &[] },
    SystemTable {
        name: "unmatched",
        columns: "import_id number# row# reason what seen",
        key: "import_id number",
        indexes: &[],
    },
    SystemTable {
        name: "noted",
        columns: "import_id number# row# reason what seen",
        key: "import_id number",
        indexes: &[],
    },
    SystemTable {
        name: "leaver",
        columns: "import_id number# household_no# resident_key?#",
        key: "import_id number",
        indexes: &[],
    },
    SystemTable {
        name: "job",
        columns: "id# kind payload actor account state done# total# text result? message dedupe attempts# created_ms# \
                  lease_until_ms# ended_ms?# turn? is_heavy?# first_place? last_place?",
        key: "id",
        indexes: &["state id", "account id", "dedupe"],
    },
    SystemTable {
        name: "closing",
        columns: "lead_id position# household_no# region rule resident_key?# band# confirmed# closed_on account",
        key: "lead_id position",
        indexes: &["household_no", "rule"],
    },
    SystemTable {
        name: "screening",
        columns: "region day region_end known at_ms# households# leads# raised# changed# lapsed# inputs content#",
        key: "region day",
        indexes: &[],
    },
    SystemTable {
        name: "notice",
        columns: "number# role place register record step day at_ms# account",
        key: "number",
        indexes: &["role place number"],
    },
    SystemTable {
        name: "tally",
        columns: "register county state due_on records#",
        key: "register county state due_on",
        indexes: &[],
    },
    // Which notices an account has read.
    SystemTable { name: "notice_read", columns: "account number#", key: "account number", indexes: &[] },
    SystemTable { name: "preference", columns: "account name value", key: "account name", indexes: &[] },
    SystemTable {
        name: "search",
        columns: "account number# token sealed*",
        key: "account number",
        indexes: &["account token"],
    },
    // Forms that came without a session, or with an old token.
    SystemTable {
        name: "unsent_form",
        columns: "account number# token sealed* kept_ms# ends_ms#",
        key: "account number",
        indexes: &["account token", "ends_ms"],
    },
    SystemTable {
        name: "token",
        columns: "token_id name account hash scopes made_ms# expires_on? revoked_ms?# used_ms?#",
        key: "token_id",
        indexes: &["!hash", "account"],
    },
    SystemTable {
        name: "answer",
        columns: "token_id key request at_ms# sealed?*",
        key: "token_id key",
        indexes: &["at_ms"],
    },
    SystemTable { name: "attachment", columns: "hash media bytes# content* at_ms# account", key: "hash", indexes: &[] },
    // Accounts that brought a file which another had brought before.
    SystemTable { name: "attachment_hand", columns: "hash account", key: "hash account", indexes: &[] },
    SystemTable {
        name: "frozen",
        columns: "register year# county chunk# records# document digest",
        key: "register year county chunk",
        indexes: &[],
    },
    // Figures of the smallest places; larger ones add them up. Empty `group_name`: the whole.
    SystemTable {
        name: "figure",
        columns: "indicator period group_name group_code place numerator# denominator# known# unknown#",
        key: "indicator period group_name group_code place",
        indexes: &[],
    },
    // For which places and on which day figures were published.
    SystemTable {
        name: "figure_run",
        columns: "indicator period region region_end day at_ms# inputs",
        key: "indicator period region",
        indexes: &[],
    },
    SystemTable { name: "rule_run", columns: "region rule day found# not_run", key: "region rule", indexes: &[] },
    SystemTable {
        name: "quality_finding",
        columns: "number# rule household_no# resident_key?# region because because_en",
        key: "number",
        indexes: &["rule number", "region"],
    },
];

/// Statements that make the engine's tables where they do not exist.
pub(crate) fn create_tables(dialect: Dialect) -> Vec<TableCreateStatement> {
    SYSTEM_TABLES.iter().map(|table| table.create(dialect)).collect()
}

/// Tables that reads in somebody's name have no business with, and the columns of them that they may see.
pub(crate) const SECRET: &[(&str, &str)] = &[
    ("account", "name, shown_name, role"),
    ("answer", ""),
    ("chain_head", ""),
    ("checkpoint", ""),
    ("form", ""),
    ("installation", ""),
    ("job", ""),
    ("session", ""),
    ("token", ""),
    ("unsent_form", ""),
];

/// The second wall: tables whose rows belong to a place, and what tells the place. Names of places are no secret.
pub(crate) fn walls(tables: &BTreeMap<String, RegisterTable>) -> Vec<(String, Behind)> {
    let place = |table: &str, column: &str| (table.to_owned(), Behind::Place(column.to_owned()));
    let row =
        |table: &str, other: &str, column: &str| (table.to_owned(), Behind::Row(other.to_owned(), column.to_owned()));
    let mut walls = vec![
        place("closing", "region"),
        place("figure", "place"),
        place("import", "region"),
        place("quality_finding", "region"),
        row("fault", "import", "import_id"),
        row("unmatched", "import", "import_id"),
        row("noted", "import", "import_id"),
        row("leaver", "import", "import_id"),
        place("notice", "place"),
        place("tally", "county"),
        (
            "event".to_owned(),
            Behind::Record(tables.values().map(|one| (one.kept.clone(), one.table.clone())).collect()),
        ),
    ];
    for table in tables.values().filter(|table| table.name != "region") {
        walls.push(place(&table.table, "place"));
        walls.extend(table.children.iter().map(|child| {
            let belongs = Behind::Child(table.table.clone());
            (child.table.clone(), belongs)
        }));
    }
    walls
}

/// Statements that make the indexes of the engine's tables where they do not exist.
pub(crate) fn create_indexes() -> Vec<IndexCreateStatement> {
    SYSTEM_TABLES.iter().flat_map(SystemTable::indexes).collect()
}

impl SystemTable {
    fn create(&self, dialect: Dialect) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(self.name).if_not_exists();
        for written in self.columns.split_whitespace() {
            let name = written.trim_end_matches(['?', '#', '*']);
            let storage = match written.chars().last() {
                Some('#') => Storage::Whole,
                Some('*') => Storage::Sealed,
                _ => Storage::Text,
            };
            let mut column = column_definition(name, storage, !written.contains('?'));
            // A key that is one whole number counts up by itself; SQLite does so unasked.
            if dialect == Dialect::Postgresql && storage == Storage::Whole && self.key == name {
                column.extra("generated by default as identity");
            }
            table.col(column);
        }
        let key: Vec<String> = self.key.split_whitespace().map(str::to_owned).collect();
        table.primary_key(&mut primary_key(&key));
        table
    }

    fn indexes(&self) -> Vec<IndexCreateStatement> {
        let statement = |written: &&str| {
            let columns: Vec<&str> = written.trim_start_matches('!').split_whitespace().collect();
            let mut index = Index::create();
            index.if_not_exists().name(format!("{}_by_{}", self.name, columns.join("_"))).table(self.name);
            if written.starts_with('!') {
                index.unique();
            }
            for column in columns {
                index.col(column.to_owned());
            }
            index
        };
        self.indexes.iter().map(statement).collect()
    }
}
