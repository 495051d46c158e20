//! A package to make samples of, and a sink that keeps everything.

#![allow(dead_code, reason = "each test file uses its own part")]

use model::{Day, RegionCode};
use policy::Package;
use sample::{Cell, Options, Plan, Summary, TableHead, Tables, generate};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// The package of this repository that has a demo.
pub fn package() -> Package {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let entries = std::fs::read_dir(&folder).expect("the folder of packages");
    let mut roots: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    roots.retain(|root| root.join("package.toml").exists() && root.join("sample").exists());
    roots.sort();
    Package::load(&roots[0], &[]).expect("the package is sound")
}

/// Its county for demos.
pub fn county(package: &Package) -> RegionCode {
    package.head.demo.as_ref().expect("a package with a demo").region
}

/// Options for a place on a fixed day.
pub fn options(region: RegionCode, households: u64, seed: u64, is_clean: bool) -> Options {
    let day = Day::new(2024, 6, 30).expect("a day");
    Options { region, households, seed, day, is_clean }
}

/// A table as it was written.
pub struct Kept {
    pub head: TableHead,
    /// Rows below title and headings.
    pub rows: Vec<Vec<Cell>>,
    pub has_ended: bool,
}

/// Keeps all tables.
#[derive(Default)]
pub struct Keeper {
    pub tables: Vec<Kept>,
}

impl Tables for Keeper {
    fn begin(&mut self, head: &TableHead) -> io::Result<()> {
        assert_eq!(head.id, self.tables.len(), "tables begin in the order of their numbers");
        self.tables.push(Kept { head: head.clone(), rows: Vec::new(), has_ended: false });
        Ok(())
    }

    fn row(&mut self, id: usize, cells: &[Cell]) -> io::Result<()> {
        let table = &mut self.tables[id];
        assert_eq!(cells.len(), table.head.headings.len(), "{}", table.head.name);
        assert!(!table.has_ended);
        table.rows.push(cells.to_vec());
        Ok(())
    }

    fn end(&mut self, id: usize) -> io::Result<()> {
        self.tables[id].has_ended = true;
        Ok(())
    }
}

impl Keeper {
    /// The table of that name.
    pub fn table(&self, name: &str) -> &Kept {
        self.tables.iter().find(|table| table.head.name == name).expect("a table of that name")
    }

    /// Hash of everything that was written.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for table in &self.tables {
            hash.update(format!("{:?}\n", table.head));
            table.rows.iter().for_each(|row| hash.update(format!("{row:?}\n")));
        }
        model::to_hex(hash.finalize())
    }
}

/// A sample, kept.
pub fn made(package: &Package, options: &Options) -> (Keeper, Summary) {
    let plan = Plan::new(package, options).expect("a plan");
    let mut keeper = Keeper::default();
    let summary = generate(&plan, &mut keeper, &mut |_| {}).expect("nothing fails in memory");
    (keeper, summary)
}

/// Cells of a declared column of a register or source, as text, row by row.
pub fn column(package: &Package, keeper: &Keeper, table: &str, name: &str) -> Vec<String> {
    let columns = match package.registers.get(table) {
        Some(register) => &register.field,
        None => &package.sources[table].column,
    };
    let at = columns.iter().position(|column| column.name == name).expect("a declared column");
    keeper.table(table).rows.iter().map(|row| row[at].to_string()).collect()
}
