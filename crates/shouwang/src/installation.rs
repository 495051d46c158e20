//! One installation: a folder with the policy package, the database, its key, the lake, and files in and out.
//!
//! ```text
//! DIR/shouwang.toml   place, package, overlays, database
//! DIR/policy/         the package as it is in force here, with its code lists
//! DIR/data.db         the database, unless it is on a PostgreSQL server; DIR/secret.key its key
//! DIR/lake/           Parquet, without identity numbers; unfinished files only, where the lake is in a bucket
//! DIR/people/         who is in which household, by pseudonym; made anew from the database where it is missing
//! DIR/inbox/          files as they were handed in, by hash
//! DIR/out/            files to be fetched
//! ```

use crate::clock;
use crate::package_folder::{copy_folder, copy_package, load_package};
use crate::place;
use crate::trouble::{Attempt, Outcome, Trouble};
use lake::Lake;
use matching::PersonCipher;
use model::{Actor, RegionCode};
use policy::Package;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use store::{Backfill, Command, GoneOn, Location, Plan, Receipt, Region, Store, StoreError, StoreKey};
use words::{Advice, advice, wording};

/// What `shouwang.toml` says. Paths are relative to the installation folder. Never printed: the address of a database may
/// hold a password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The place of the installation.
    pub region: RegionCode,
    pub package: PathBuf,
    #[serde(default)]
    pub overlays: Vec<PathBuf>,
    /// Database file, or the address of a PostgreSQL database (`postgres://...`).
    pub database: String,
    /// Folder of the lake, or the address of a bucket (`s3://bucket/prefix`); `lake` where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lake: Option<String>,
}

impl Settings {
    fn location(&self, dir: &Path) -> Location {
        match Location::from(self.database.as_str()) {
            Location::File(file) => Location::File(dir.join(file)),
            server => server,
        }
    }

    fn open_lake(&self, dir: &Path) -> Outcome<Lake> {
        let place = self.lake.as_deref().unwrap_or(LAKE_FOLDER);
        Lake::open(place, dir).attempt(|| advice!("lake_not_opened"))
    }
}

/// The key lies beside the database file, or in the folder of an installation whose database is elsewhere.
fn key_file(dir: &Path, location: &Location) -> PathBuf {
    StoreKey::path_beside(location.file().unwrap_or(&dir.join(DATABASE_FILE)))
}

const DATABASE_FILE: &str = "data.db";
const LAKE_FOLDER: &str = "lake";

/// What of a new installation does not lie in its folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Elsewhere<'a> {
    /// The address of a PostgreSQL database.
    pub database: Option<&'a str>,
    /// A folder, or the address of a bucket.
    pub lake: Option<&'a str>,
}

/// An open installation.
pub struct Installation {
    pub dir: PathBuf,
    pub settings: Settings,
    pub package: Arc<Package>,
    pub store: Store,
    pub key: StoreKey,
    pub lake: Lake,
    /// Held while the lake's copies of the registers are made anew.
    pub snapshots: Mutex<()>,
}

const SETTINGS: &str = "shouwang.toml";

/// An installation before its database is opened.
pub struct Read {
    pub settings: Settings,
    pub package: Package,
    pub location: Location,
    pub key: StoreKey,
}

impl Read {
    /// Reads settings, package and key. `package`: another one than that which is in force, with the same overlays.
    ///
    /// # Errors
    /// When the folder holds no installation, or the package has mistakes.
    pub fn of(dir: &Path, package: Option<&Path>) -> Outcome<Read> {
        let file = dir.join(SETTINGS);
        let text = std::fs::read_to_string(&file)
            .attempt(|| advice!("installation_not_opened", dir = dir.display(), file = SETTINGS))?;
        let settings: Settings =
            toml::from_str(&text).attempt(|| advice!("settings_malformed", file = file.display()))?;
        let in_force = dir.join(&settings.package);
        let package = load_package(
            package.unwrap_or(&in_force),
            &settings.overlays.iter().map(|overlay| dir.join(overlay)).collect::<Vec<_>>(),
        )?;
        let location = settings.location(dir);
        let key = StoreKey::read(&key_file(dir, &location)).attempt(|| advice!("key_unread"))?;
        Ok(Read { settings, package, location, key })
    }

    /// What opening would change today.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn plan(&self) -> Outcome<Plan> {
        self.opened(Store::plan(&self.location, &self.package, &self.key, clock::today()))
    }

    /// What came of opening the database, worded where nothing did.
    fn opened<T>(&self, done: Result<T, StoreError>) -> Outcome<T> {
        match done {
            Err(StoreError::Incompatible(problems)) => {
                Err(Trouble::of(advice!("package_unfit", problems = problems.wording())))
            }
            done => reached(done, || advice!("database_not_opened", database = self.location)),
        }
    }
}

impl Installation {
    /// Opens an installation; a newer package's tables and columns are added, and its records brought up to it.
    ///
    /// # Errors
    /// When the folder holds no installation, its package has mistakes or does not fit the database, or the database cannot be
    /// opened.
    pub fn open(dir: &Path) -> Outcome<Installation> {
        let installation = Installation::open_at_once(dir)?;
        installation.backfill()?;
        Ok(installation)
    }

    /// As [`Installation::open`], but [`Installation::backfill`] is left to the caller: records may be many.
    ///
    /// # Errors
    /// As [`Installation::open`].
    pub fn open_at_once(dir: &Path) -> Outcome<Installation> {
        let read = Read::of(dir, None)?;
        let store = read.opened(Store::open_at_once(&read.location, &read.package, &read.key))?;
        let Read { settings, package, key, .. } = read;
        let lake = settings.open_lake(dir)?;
        Ok(Installation {
            dir: dir.to_owned(),
            settings,
            package: Arc::new(package),
            store,
            key,
            lake,
            snapshots: Mutex::new(()),
        })
    }

    /// Brings the records up to the package and to the standards that are in force today.
    ///
    /// # Errors
    /// When the store fails; what was done stays, and the next call goes on.
    pub fn backfill(&self) -> Outcome<Backfill> {
        Ok(self.store.backfill(clock::moment())?)
    }

    /// Lets records go on whose waits are over today, and takes notices down whose days are over.
    ///
    /// # Errors
    /// When the store fails; what was done stays, and the next call goes on.
    pub fn go_on(&self) -> Outcome<GoneOn> {
        Ok(self.store.go_on(clock::moment())?)
    }

    /// Takes a newer package in, in the place of the one in force, which stays in its own folder. The database is brought up
    /// to it when it is opened next.
    ///
    /// # Errors
    /// When the package has mistakes, or files cannot be written.
    pub fn adopt(dir: &Path, package: &Path) -> Outcome<()> {
        let read = Read::of(dir, Some(package))?;
        let unwritten = || advice!("folder_unwritten", folder = dir.display());
        let free = |number: &u32| !dir.join("policy").join(number.to_string()).exists();
        let number = (1..).find(free).unwrap_or_default();
        let home = Path::new("policy").join(number.to_string()).join(&read.package.head.name);
        copy_package(dir, package, &home, &read.package).attempt(unwritten)?;
        let settings = Settings { package: home, ..read.settings };
        let text = toml::to_string(&settings).attempt(unwritten)?;
        write_for_owner(&dir.join("shouwang.toml.new"), &text).attempt(unwritten)?;
        std::fs::rename(dir.join("shouwang.toml.new"), dir.join(SETTINGS)).attempt(unwritten)
    }

    /// Makes a new installation folder from a package and overlays; with database and lake in the folder, unless they are
    /// elsewhere.
    ///
    /// # Errors
    /// When the folder holds an installation already, the package has mistakes, or files cannot be written.
    pub fn create(
        dir: &Path,
        package: &Path,
        overlays: &[PathBuf],
        region: Option<RegionCode>,
        elsewhere: Elsewhere<'_>,
    ) -> Outcome<Installation> {
        if dir.join(SETTINGS).exists() {
            return Err(Trouble::of(advice!("installation_exists", dir = dir.display())));
        }
        let checked = load_package(package, overlays)?;
        if let Some(region) = region {
            place::known(&checked, checked.head.region, region)?;
        }
        let unwritten = || advice!("folder_unwritten", folder = dir.display());
        let is_new = !dir.exists();
        for folder in ["lake", "inbox", "out"] {
            std::fs::create_dir_all(dir.join(folder)).attempt(unwritten)?;
        }
        let mut settings = copy_policy(dir, package, overlays, region.unwrap_or(checked.head.region), &checked)?;
        if let Some(address) = elsewhere.database {
            settings.database = address.to_owned();
        }
        settings.lake = elsewhere.lake.map(str::to_owned);
        let is_lake_new = settings.open_lake(dir).and_then(|lake| check_lake_is_new(&lake));
        if is_lake_new.is_err() && is_new {
            take_away(dir);
        }
        is_lake_new?;
        create_store(&settings.location(dir), dir, &checked, is_new)?;
        let text = toml::to_string(&settings).attempt(unwritten)?;
        write_for_owner(&dir.join("shouwang.toml.new"), &text).attempt(unwritten)?;
        std::fs::rename(dir.join("shouwang.toml.new"), dir.join(SETTINGS)).attempt(unwritten)?;
        let installation = Installation::open(dir)?;
        installation.save_regions()?;
        Ok(installation)
    }

    /// The actor for what the machine's owner does on the command line.
    pub fn system(&self) -> Actor {
        store::system_actor(self.settings.region)
    }

    /// Makes a change in the name of the machine's owner, now.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn apply(&self, command: Command) -> Outcome<Receipt> {
        self.apply_as(&self.system(), command)
    }

    /// Makes a change in the actor's name, now.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn apply_as(&self, actor: &Actor, command: Command) -> Outcome<Receipt> {
        Ok(self.store.apply(actor, clock::moment(), command)?)
    }

    /// The cipher that makes resident keys here.
    pub fn cipher(&self) -> PersonCipher {
        PersonCipher::new(&self.key.person_cipher_key())
    }

    /// Where files lie as they were handed in.
    pub fn inbox(&self) -> PathBuf {
        self.dir.join("inbox")
    }

    /// Where files lie that were made for people.
    pub fn out(&self) -> PathBuf {
        self.dir.join("out")
    }

    fn save_regions(&self) -> Outcome<()> {
        let regions = self
            .package
            .divisions
            .inside(self.settings.region)
            .map(|division| Region { code: division.code, name: division.name.clone(), short: division.short.clone() })
            .collect();
        self.apply(Command::SaveRegions(regions)).map(|_| ())
    }
}

/// Rows of another installation name people by another key.
fn check_lake_is_new(lake: &Lake) -> Outcome<()> {
    let datasets = lake.datasets().attempt(|| advice!("lake_unread"))?;
    match datasets.is_empty() {
        true => Ok(()),
        false => Err(Trouble::of(advice!("lake_of_other_installation"))),
    }
}

/// Makes key and database. What an interrupted `init` left has no settings beside it: a file is made anew, and a schema
/// that this folder's key opens is this folder's. A folder that `is_new` is taken away where no database was begun.
fn create_store(location: &Location, dir: &Path, package: &Package, is_new: bool) -> Outcome<()> {
    let file = key_file(dir, location);
    let was_begun = file.exists();
    let key = if was_begun { StoreKey::read(&file) } else { StoreKey::create(&file) };
    let key = key.attempt(|| advice!("key_unwritten"))?;
    if let Some(database) = location.file().filter(|database| database.exists()) {
        std::fs::remove_file(database).attempt(|| advice!("database_not_cleared", file = database.display()))?;
    }
    let made = match Store::create(location, package, &key) {
        Err(StoreError::Exists { .. }) if was_begun => Store::open(location, package, &key),
        made => made,
    };
    if is_new && made.as_ref().is_err_and(begun_nothing) {
        take_away(dir);
    }
    reached(made.map(|_| ()), || advice!("database_unmade", database = location))
}

/// True for failures before the first table: no key is needed for what there is.
fn begun_nothing(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Open { .. }
            | StoreError::Tls { .. }
            | StoreError::Address { .. }
            | StoreError::Exists { .. }
            | StoreError::Declaration { .. }
    )
}

/// Takes a folder away that was made here, and is of no use.
fn take_away(dir: &Path) {
    if let Err(error) = std::fs::remove_dir_all(dir) {
        tracing::warn!(%error, dir = %dir.display(), "the folder of a failed installation stays");
    }
}

/// Tells why a database was not opened; where its server could not be talked to as the address asks, in the store's words.
fn reached<T>(done: Result<T, StoreError>, advice: impl FnOnce() -> Advice) -> Outcome<T> {
    match done {
        Err(StoreError::Tls { fault, .. }) => {
            let Advice { what: why, hint } = fault.advice();
            let what = wording!("database_unreached", what = advice().what, why);
            Err(Trouble::of(Advice { what, hint }))
        }
        done => done.attempt(advice),
    }
}

/// Writes a file that only its owner may read (on Unix).
fn write_for_owner(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

/// Copies the package, its shared code lists and the overlays into the folder, so that what was in force here stays here.
fn copy_policy(
    dir: &Path,
    package: &Path,
    overlays: &[PathBuf],
    region: RegionCode,
    checked: &Package,
) -> Outcome<Settings> {
    let home = Path::new("policy").join(&checked.head.name);
    let not_copied = || advice!("package_not_copied", folder = dir.display());
    copy_package(dir, package, &home, checked).attempt(not_copied)?;
    let mut inside = Vec::new();
    for (index, overlay) in overlays.iter().enumerate() {
        let to = Path::new("policy").join("overlays").join(index.to_string());
        copy_folder(overlay, &dir.join(&to)).attempt(not_copied)?;
        inside.push(to);
    }
    Ok(Settings { region, package: home, overlays: inside, database: DATABASE_FILE.to_owned(), lake: None })
}
