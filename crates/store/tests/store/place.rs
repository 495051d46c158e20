//! Where a test's database is: every test runs on both databases.

use std::cell::Cell;
use store::Location;
use test_server::Scratch;

/// Which database the running test uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgresql,
}

thread_local! {
    static ON: Cell<On> = const { Cell::new(On::Sqlite) };
}

/// The database of the running test.
pub fn on() -> On {
    ON.get()
}

/// Runs a test on a database.
pub fn run(on: On, test: fn()) {
    ON.set(on);
    test();
}

/// Makes two tests of each function: `name::on_sqlite` and `name::on_postgresql`.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => { $(
        mod $test {
            #[test]
            fn on_sqlite() {
                crate::place::run(crate::place::On::Sqlite, super::$test);
            }

            #[test]
            fn on_postgresql() {
                crate::place::run(crate::place::On::Postgresql, super::$test);
            }
        }
    )+ };
}
pub(crate) use on_both;

/// A file in a folder, or a schema; it goes away with this.
pub enum Place {
    Folder(tempfile::TempDir),
    Schema(Scratch),
}

impl Place {
    /// A new place on the database of the running test.
    pub fn new() -> Place {
        match on() {
            On::Sqlite => Place::Folder(tempfile::tempdir().expect("a temporary folder")),
            On::Postgresql => Place::Schema(Scratch::new().unwrap_or_else(|why| panic!("{why}"))),
        }
    }

    pub fn location(&self) -> Location {
        match self {
            Place::Folder(folder) => (&folder.path().join("county.db")).into(),
            Place::Schema(scratch) => scratch.address().as_str().into(),
        }
    }

    /// A connection that minds no door; runs statements, returns how many rows the last one touched.
    pub fn forge(&self, sql: &str) -> u64 {
        match self {
            Place::Folder(folder) => {
                let connection = rusqlite::Connection::open(folder.path().join("county.db")).expect("opens");
                connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
                connection.changes()
            }
            Place::Schema(scratch) => {
                let answers = connect(scratch).simple_query(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
                let touched = answers.iter().rev().find_map(|answer| match answer {
                    postgres::SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
                    _ => None,
                });
                touched.unwrap_or(0)
            }
        }
    }

    /// The one number that a query past every door gives.
    pub fn number(&self, sql: &str) -> i64 {
        match self {
            Place::Folder(folder) => {
                let connection = rusqlite::Connection::open(folder.path().join("county.db")).expect("opens");
                connection.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
            }
            Place::Schema(scratch) => {
                let row = connect(scratch).query_one(sql, &[]).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
                row.get(0)
            }
        }
    }

    /// Begins a change past every door and loses the connection before the commit, as a program does that is killed.
    pub fn cut_off(&self, sql: &str) {
        match self {
            Place::Folder(_) => drop(self.forge(&format!("begin immediate; {sql}"))),
            Place::Schema(scratch) => {
                connect(scratch).batch_execute(&format!("begin; {sql}")).expect("runs");
            }
        }
    }

    /// Everything that is kept, in one heap of bytes.
    pub fn everything(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self {
            Place::Folder(folder) => {
                for entry in std::fs::read_dir(folder.path()).expect("lists") {
                    bytes.extend(std::fs::read(entry.expect("an entry").path()).expect("reads"));
                }
            }
            Place::Schema(scratch) => {
                let mut client = connect(scratch);
                let tables = "select tablename from pg_tables where schemaname = current_schema()";
                for table in client.query(tables, &[]).expect("lists") {
                    let rows = format!("select t::text from {} t", table.get::<_, String>(0));
                    for row in client.query(rows.as_str(), &[]).expect("reads") {
                        bytes.extend(row.get::<_, String>(0).bytes());
                    }
                }
            }
        }
        bytes
    }
}

/// A connection into the schema.
pub fn connect(scratch: &Scratch) -> postgres::Client {
    let mut client = postgres::Client::connect(scratch.database(), postgres::NoTls).expect("the server answers");
    client.batch_execute(&format!("set search_path to {}", scratch.schema())).expect("the schema is there");
    client
}
