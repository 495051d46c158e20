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
use crate::trouble::{Attempt, CANNOT_READ_LAKE, CHECK_INSTALLATION, CHECK_SPACE, Outcome, Trouble, cannot_write_in};
use lake::Lake;
use matching::PersonCipher;
use model::{Actor, RegionCode};
use policy::Package;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Backfill, Command, GoneOn, Location, Plan, Receipt, Region, Store, StoreError, StoreKey};

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
        Lake::open(place, dir).attempt(|| ["无法打开数据湖", "The lake cannot be opened"], CHECK_INSTALLATION)
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
}

const SETTINGS: &str = "shouwang.toml";

/// What to do where a package does not fit the data.
pub const UNFIT: [&str; 2] = [
    "请按上面的提示改正政策包,再用 shouwang migrate --plan 复查",
    "Correct the package as said above, and see with `shouwang migrate --plan`.",
];

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
        let text = std::fs::read_to_string(&file).attempt(
            || {
                let shown = dir.display();
                [
                    format!("无法打开安装目录 {shown}:没有读到 {SETTINGS}"),
                    format!("The installation {shown} cannot be opened: {SETTINGS} was not read"),
                ]
            },
            [
                "请核对 --dir,或先运行 shouwang init 新建安装目录",
                "Check --dir, or make a new installation with `shouwang init`.",
            ],
        )?;
        let settings: Settings = toml::from_str(&text).attempt(
            || [format!("{} 的内容有误", file.display()), format!("{} is not well formed", file.display())],
            ["请按安装说明改正后重试", "Correct it as the guide to installing says, and try again."],
        )?;
        let in_force = dir.join(&settings.package);
        let package = load_package(
            package.unwrap_or(&in_force),
            &settings.overlays.iter().map(|overlay| dir.join(overlay)).collect::<Vec<_>>(),
        )?;
        let location = settings.location(dir);
        let key = StoreKey::read(&key_file(dir, &location)).attempt(
            || ["无法读取数据库密钥 secret.key", "The key of the database, secret.key, cannot be read"],
            [
                "密钥丢失则数据无法解密;请从备份恢复该文件",
                "Without the key the data cannot be deciphered; restore the file from a backup.",
            ],
        )?;
        Ok(Read { settings, package, location, key })
    }

    /// What opening would change today.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn plan(&self) -> Outcome<Plan> {
        self.told(Store::plan(&self.location, &self.package, &self.key, clock::today()))
    }

    fn told<T>(&self, done: Result<T, StoreError>) -> Outcome<T> {
        match done {
            Err(StoreError::Incompatible(problems)) => Err(Trouble::new(
                [
                    format!("政策包与数据库里已有的数据对不上,数据没有变动:\n{problems}"),
                    "The package does not fit the data in the database; nothing was changed".to_owned(),
                ],
                UNFIT,
            )),
            done => reached(
                done,
                || {
                    let location = &self.location;
                    [format!("无法打开数据库 {location}"), format!("The database {location} cannot be opened")]
                },
                [
                    "请确认数据库没有被移动或损坏,数据库服务已经启动",
                    "See that the database was not moved or damaged, and that its server runs.",
                ],
            ),
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
        let store = read.told(Store::open_at_once(&read.location, &read.package, &read.key))?;
        let Read { settings, package, key, .. } = read;
        let lake = settings.open_lake(dir)?;
        Ok(Installation { dir: dir.to_owned(), settings, package: Arc::new(package), store, key, lake })
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
        let (write, hint) = (|| cannot_write_in(dir), CHECK_SPACE);
        let free = |number: &u32| !dir.join("policy").join(number.to_string()).exists();
        let number = (1..).find(free).unwrap_or_default();
        let home = Path::new("policy").join(number.to_string()).join(&read.package.head.name);
        copy_package(dir, package, &home, &read.package).attempt(write, hint)?;
        let settings = Settings { package: home, ..read.settings };
        let text = toml::to_string(&settings).attempt(write, hint)?;
        write_for_owner(&dir.join("shouwang.toml.new"), &text).attempt(write, hint)?;
        std::fs::rename(dir.join("shouwang.toml.new"), dir.join(SETTINGS)).attempt(write, hint)
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
            return Err(Trouble::new(
                [
                    format!("{} 已经是一个安装目录,未作任何改动", dir.display()),
                    format!("{} is an installation already; nothing was changed", dir.display()),
                ],
                ["请换一个目录,或直接使用现有安装", "Choose another folder, or use the installation that is there."],
            ));
        }
        let checked = load_package(package, overlays)?;
        let (write, hint) = (|| cannot_write_in(dir), CHECK_SPACE);
        for folder in ["lake", "inbox", "out"] {
            std::fs::create_dir_all(dir.join(folder)).attempt(write, hint)?;
        }
        let mut settings = copy_policy(dir, package, overlays, region.unwrap_or(checked.head.region), &checked)?;
        if let Some(address) = elsewhere.database {
            settings.database = address.to_owned();
        }
        settings.lake = elsewhere.lake.map(str::to_owned);
        check_lake_is_new(&settings.open_lake(dir)?)?;
        create_store(&settings.location(dir), dir, &checked)?;
        let text = toml::to_string(&settings).attempt(write, hint)?;
        write_for_owner(&dir.join("shouwang.toml.new"), &text).attempt(write, hint)?;
        std::fs::rename(dir.join("shouwang.toml.new"), dir.join(SETTINGS)).attempt(write, hint)?;
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
    let datasets = lake.datasets().attempt(|| CANNOT_READ_LAKE, CHECK_SPACE)?;
    match datasets.is_empty() {
        true => Ok(()),
        false => Err(Trouble::new(
            [
                "这个位置已经有另一个安装的数据湖,未作任何改动",
                "The lake of another installation is there already; nothing was changed",
            ],
            ["请换一个目录,或者换一个桶或前缀", "Choose another folder, or another bucket or prefix."],
        )),
    }
}

/// Makes key and database. What an interrupted `init` left has no settings beside it: a file is made anew, and a schema
/// that this folder's key opens is this folder's.
fn create_store(location: &Location, dir: &Path, package: &Package) -> Outcome<()> {
    let file = key_file(dir, location);
    let was_begun = file.exists();
    let key = if was_begun { StoreKey::read(&file) } else { StoreKey::create(&file) };
    let key = key.attempt(|| ["无法写入数据库密钥", "The key of the database cannot be written"], CHECK_SPACE)?;
    if let Some(database) = location.file().filter(|database| database.exists()) {
        let shown = database.display();
        let failed = || [format!("无法清理 {shown}"), format!("{shown} cannot be cleared away")];
        std::fs::remove_file(database).attempt(failed, CHECK_SPACE)?;
    }
    let made = match Store::create(location, package, &key) {
        Err(StoreError::Exists { .. }) if was_begun => Store::open(location, package, &key),
        made => made,
    };
    let failed = || [format!("无法新建数据库 {location}"), format!("The database {location} cannot be made")];
    let hint = [
        "请检查目录权限和磁盘空间;数据库在服务器上时,请检查地址、账号和库名,一个模式(schema)只放一个安装",
        "Check the permissions and the free space of the disk; on a server check address, account and name of the database: \
         a schema holds one installation.",
    ];
    reached(made.map(|_| ()), failed, hint)
}

/// Tells why a database was not opened; where its server could not be talked to as the address asks, in the store's words.
fn reached<T>(done: Result<T, StoreError>, what: impl FnOnce() -> [String; 2], hint: [&str; 2]) -> Outcome<T> {
    match done {
        Err(StoreError::Tls { fault, .. }) => {
            let (words::Advice { what: why, hint }, [chinese, english]) = (fault.advice(), what());
            let what = [format!("{chinese}:{}", why.chinese()), format!("{english}: {}", why.english())];
            Err(Trouble::new(what, [hint.chinese(), hint.english()]))
        }
        done => done.attempt(what, hint),
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
    let whole = || {
        let shown = dir.display();
        [format!("无法把政策包复制到 {shown}"), format!("The package cannot be copied to {shown}")]
    };
    let hint = CHECK_SPACE;
    copy_package(dir, package, &home, checked).attempt(whole, hint)?;
    let mut inside = Vec::new();
    for (index, overlay) in overlays.iter().enumerate() {
        let to = Path::new("policy").join("overlays").join(index.to_string());
        copy_folder(overlay, &dir.join(&to)).attempt(whole, hint)?;
        inside.push(to);
    }
    Ok(Settings { region, package: home, overlays: inside, database: DATABASE_FILE.to_owned(), lake: None })
}
