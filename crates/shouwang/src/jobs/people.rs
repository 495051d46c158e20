//! Who is in which household, and where that household is: taken from the registers into sorted files, looked up row by row.
//!
//! The files stand in `people/` of the installation, named by the versions of the registers that they were made from: no
//! import reads a register that has not changed, and none holds it in memory.

use super::refresh::counties;
use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome};
use matching::{Member, MembershipFile, MembershipWriter};
use model::{Day, HouseholdNo, LakeRow, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Register};
use std::path::{Path, PathBuf};

/// The register of households, by the engine's own noun.
pub const HOUSEHOLD: &str = "household";
/// The register of residents.
pub const RESIDENT: &str = "resident";

const PARTS_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
const HINT: &str = "请检查安装目录的磁盘空间和权限后重试";

/// The people and households of an installation.
pub struct People {
    pub register: MembershipFile,
}

impl People {
    /// Opens the registers of households and residents as they stand now; makes their files where they changed.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub fn read(installation: &Installation) -> Outcome<People> {
        let attempt = || "无法整理人员索引".to_owned();
        let folder = installation.dir.join("people");
        let name = version(installation)?;
        let paths: [PathBuf; 2] = ["members", "households"].map(|kind| folder.join(format!("{name}.{kind}")));
        if let Ok(register) = MembershipFile::open(&paths[0], &paths[1]) {
            return Ok(People { register });
        }
        std::fs::create_dir_all(&folder).attempt(attempt, HINT)?;
        write(installation, &paths)?;
        remove_others(&folder, &paths);
        let register = MembershipFile::open(&paths[0], &paths[1]).attempt(attempt, HINT)?;
        Ok(People { register })
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
        self.register.check().attempt(|| "无法读取人员索引".to_owned(), HINT)
    }
}

/// The register of that name; the package check proves that the engine's own registers are there.
pub fn engine_register<'a>(installation: &'a Installation, name: &str) -> &'a Register {
    installation.package.registers.get(name).unwrap_or_else(|| unreachable!("the package check demands `{name}`"))
}

/// A name that changes when a register changes, or what the package says of it.
fn version(installation: &Installation) -> Outcome<String> {
    let mut hasher = blake3::Hasher::new();
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

fn write(installation: &Installation, [members, households]: &[PathBuf; 2]) -> Outcome<()> {
    let mut writer = MembershipWriter::new(members, households);
    let fields = |register: &str| &engine_register(installation, register).field;
    let region_at = engine_register(installation, HOUSEHOLD).region.as_deref();
    let region_at = region_at.and_then(|field| lake_position(fields(HOUSEHOLD), field));
    let told = |error: std::io::Error| error.to_string();
    installation.store.snapshot(HOUSEHOLD, installation.settings.region, &mut |row: LakeRow| {
        let text = region_at.and_then(|at| row.values.get(at)).and_then(Value::as_text);
        let region = text.and_then(|text| text.parse::<RegionCode>().ok());
        region.map_or(Ok(()), |region| writer.household(row.household_no, region.number()).map_err(told))
    })?;
    let [from_at, to_at] = ["member_from", "member_to"].map(|field| lake_position(fields(RESIDENT), field));
    let day = |row: &LakeRow, at: Option<usize>| -> Option<Day> { row.values.get(at?).and_then(Value::as_day) };
    installation.store.snapshot(RESIDENT, installation.settings.region, &mut |row: LakeRow| {
        let Some(resident_key) = row.resident_key else { return Ok(()) };
        let (from, to) = (day(&row, from_at), day(&row, to_at));
        writer.member(Member { resident_key, household_no: row.household_no, from, to }).map_err(told)
    })?;
    writer.finish().attempt(|| "无法写出人员索引".to_owned(), HINT)
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
