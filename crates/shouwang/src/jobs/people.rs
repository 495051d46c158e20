//! Who is in which household, and where that household is: taken from the registers into sorted files, looked up row by row.
//!
//! The files stand in `people/` of the installation, named by the versions of the registers that they were made from: no
//! import reads a register that has not changed, and none holds it in memory.

use super::code_files::{beside_codes, malformed};
use super::counties::counties;
use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome};
use matching::{Member, MembershipFile, MembershipWriter, NameBook, Spellings};
use model::{HouseholdNo, Kind, LakeRow, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Register};
use std::path::{Path, PathBuf};
use words::advice;

/// The register of households, by the engine's own noun.
pub const HOUSEHOLD: &str = "household";
/// The register of residents.
pub const RESIDENT: &str = "resident";

/// Spellings of one name, beside the package's code lists: letters, and forms of names.
const SPELLINGS: [&str; 2] = ["name-letters.csv", "name-forms.csv"];
/// Form of the files; another one makes them anew.
const FORM: &[u8] = b"with marks of names\n";
const PARTS_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// The people and households of an installation.
pub struct People {
    pub register: MembershipFile,
    /// Tells whether a name is that of the register.
    pub names: NameBook,
}

impl People {
    /// Opens the registers of households and residents as they stand now; makes their files where they changed.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub fn read(installation: &Installation) -> Outcome<People> {
        let unmade = || advice!("people_index_unmade");
        let folder = installation.dir.join("people");
        let [letters, forms] = SPELLINGS.map(|name| spellings(installation, name));
        let (letters, forms) = (letters?, forms?);
        let name = version(installation, &[&letters, &forms])?;
        let spellings = Spellings::from_csv(&letters, &forms).attempt(|| malformed(&SPELLINGS.join(", ")))?;
        let names = NameBook::new(installation.key.derive("names of people"), spellings);
        let paths: [PathBuf; 2] = ["members", "households"].map(|kind| folder.join(format!("{name}.{kind}")));
        if let Ok(register) = MembershipFile::open(&paths[0], &paths[1]) {
            return Ok(People { register, names });
        }
        std::fs::create_dir_all(&folder).attempt(unmade)?;
        write(installation, &names, &paths)?;
        remove_others(&folder, &paths);
        let register = MembershipFile::open(&paths[0], &paths[1]).attempt(unmade)?;
        Ok(People { register, names })
    }

    /// The village of a household.
    pub fn place_of(&self, household_no: HouseholdNo) -> Option<RegionCode> {
        self.register.place_of(household_no).and_then(RegionCode::from_number)
    }

    /// Whether everything that was looked up could be read.
    ///
    /// # Errors
    /// When a file could not be read; what was found since the last call does not count then.
    pub fn check(&self) -> Outcome<()> {
        self.register.check().attempt(|| advice!("people_index_unread"))
    }
}

/// The register of that name; the package check proves that the engine's own registers are there.
pub fn engine_register<'a>(installation: &'a Installation, name: &str) -> &'a Register {
    installation.package.registers.get(name).unwrap_or_else(|| unreachable!("the package check demands `{name}`"))
}

/// A list of spellings; a package without one has none.
fn spellings(installation: &Installation, name: &str) -> Outcome<String> {
    let package = &installation.package;
    if package.root.join(&package.head.codes).join(name).exists() {
        beside_codes(package, name)
    } else {
        Ok(String::new())
    }
}

/// A name that changes when a register changes, or what the package says of it or of names.
fn version(installation: &Installation, spellings: &[&str]) -> Outcome<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(FORM);
    for text in spellings {
        hasher.update(blake3::hash(text.as_bytes()).as_bytes());
    }
    for register in [HOUSEHOLD, RESIDENT] {
        for field in &engine_register(installation, register).field {
            hasher.update(field.name.as_bytes()).update(b"\n");
        }
        for county in counties(installation) {
            let version = installation.store.register_version(register, county)?;
            hasher.update(&county.number().to_le_bytes()).update(&version.to_le_bytes());
        }
    }
    Ok(hasher.finalize().to_hex()[..16].to_owned())
}

fn write(installation: &Installation, names: &NameBook, [members, households]: &[PathBuf; 2]) -> Outcome<()> {
    let mut writer = MembershipWriter::new(members, households);
    let fields = |register: &str| &engine_register(installation, register).field;
    let region_at = engine_register(installation, HOUSEHOLD).region.as_deref();
    let region_at = region_at.and_then(|field| lake_position(fields(HOUSEHOLD), field));
    let text_of = |error: std::io::Error| error.to_string();
    installation.store.snapshot(HOUSEHOLD, installation.settings.region, &mut |row: LakeRow| {
        let text = region_at.and_then(|at| row.values.get(at)).and_then(Value::as_text);
        let region = text.and_then(|text| text.parse::<RegionCode>().ok());
        region.map_or(Ok(()), |region| writer.household(row.household_no, region.number()).map_err(text_of))
    })?;
    let name = fields(RESIDENT).iter().find(|field| field.kind == Kind::Name).map_or("", |field| &field.name);
    let wanted = ["member_from", "member_to", name];
    let region = installation.settings.region;
    installation.store.members(RESIDENT, region, &wanted, &mut |household_no, resident_key, values| {
        let day = |at: usize| values.get(at).and_then(Value::as_day);
        let name = values.get(2).and_then(Value::as_text).map(|name| names.mark(name)).unwrap_or_default();
        writer.member(Member { resident_key, household_no, from: day(0), to: day(1), name }).map_err(text_of)
    })?;
    writer.finish().attempt(|| advice!("people_index_unwritten"))
}

/// Files of earlier versions go; parts that an interrupted process left go after a day, for another may still write them.
fn remove_others(folder: &Path, keep: &[PathBuf; 2]) {
    let is_old = |path: &Path| {
        let modified = path.metadata().and_then(|about| about.modified()).ok();
        modified.is_some_and(|at| clock::now_ms() - clock::ms_of(at) > PARTS_KEPT_MS)
    };
    let is_whole = |path: &Path| path.extension().is_some_and(|ending| ending == "members" || ending == "households");
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for path in entries.map(|entry| entry.path()).filter(|path| !keep.contains(path)) {
        if is_whole(&path) || is_old(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Where a field stands among those that enter the lake.
fn lake_position(fields: &[Column], name: &str) -> Option<usize> {
    Package::lake_columns(fields).position(|field| field.name == name)
}
