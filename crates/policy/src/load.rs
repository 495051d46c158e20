//! Reads the files of a package.

use crate::calendar::Calendar;
use crate::changes::Changes;
use crate::check;
use crate::check::names::is_name;
use crate::declare::{Article, CalendarFile, CodeList, PackageHead};
use crate::divisions::Divisions;
use crate::expression::Scope;
use crate::overlay;
use crate::package::{Package, Thing};
use crate::problem::{Problem, Problems};
use crate::text::FileText;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest TOML file, in bytes.
const FILE_MAX: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    article: Vec<Article>,
}

type Texts = BTreeMap<(Thing, String), FileText>;

/// Reads all files that can be read. No package without its head.
pub(crate) fn read(root: &Path, overlays: &[PathBuf]) -> (Option<Package>, Problems) {
    let mut reader = Reader {
        texts: Texts::new(),
        case_texts: Texts::new(),
        overlaid: BTreeMap::new(),
        problems: Problems::default(),
    };
    let head: Option<PackageHead> = reader.single(&root.join("package.toml"), Thing::Head);
    let Some(head) = head else { return (None, reader.problems) };
    let articles: Option<Articles> = reader.single(&root.join("articles.toml"), Thing::Articles);
    let mut codes: BTreeMap<String, CodeList> = BTreeMap::new();
    if let Some(shared) = reader.inner(root, "codes", &head.codes) {
        codes.extend(reader.folder(&shared, Thing::Codes, true));
    }
    codes.extend(reader.folder(&root.join("codes"), Thing::Codes, false));
    let divisions = reader.divisions(root, &head);
    let calendar: Option<CalendarFile> = match root.join("calendar.toml") {
        path if path.exists() => reader.single(&path, Thing::Calendar),
        _ => None,
    };
    let calendar_years = calendar.unwrap_or_default().year;
    let mut package = Package {
        root: root.to_owned(),
        articles: articles.map(|articles| articles.article).unwrap_or_default(),
        codes: Arc::new(codes),
        registers: reader.folder(&root.join("registers"), Thing::Register, true),
        sources: reader.folder(&root.join("sources"), Thing::Source, false),
        facts: reader.folder(&root.join("facts"), Thing::Fact, false),
        rules: reader.folder(&root.join("rules"), Thing::Rule, false),
        parameters: reader.folder(&root.join("parameters"), Thing::Parameter, false),
        roles: reader.folder(&root.join("roles"), Thing::Role, false),
        indicators: reader.folder(&root.join("indicators"), Thing::Indicator, false),
        changes: reader.folder(&root.join("changes"), Thing::Change, false),
        worked_out: Changes::default(),
        divisions,
        calendar: Calendar::of(&calendar_years),
        calendar_years,
        fact_forms: BTreeMap::new(),
        rule_forms: BTreeMap::new(),
        register_forms: BTreeMap::new(),
        indicator_forms: BTreeMap::new(),
        fact_order: Vec::new(),
        warnings: Vec::new(),
        resident_scope: Scope::default(),
        household_scope: Scope::default(),
        village_scope: Scope::default(),
        formulas: BTreeMap::new(),
        texts: BTreeMap::new(),
        case_texts: BTreeMap::new(),
        overlaid: BTreeMap::new(),
        head,
    };
    base_values(&package, &mut reader);
    for folder in overlays {
        overlay::lay(&mut package, &mut reader, folder);
    }
    package.texts = reader.texts;
    package.case_texts = reader.case_texts;
    package.overlaid = reader.overlaid;
    (Some(package), reader.problems)
}

/// The package's own values are checked before overlays are laid over them.
fn base_values(package: &Package, reader: &mut Reader) {
    for (name, declared) in &package.parameters {
        let Some(file) = reader.texts.get(&(Thing::Parameter, name.clone())) else { continue };
        for (at, value) in declared.value.iter().enumerate() {
            let problems = check::parameters::shape(file, &format!("value.{at}"), value, declared.unit, false);
            reader.problems.0.extend(problems);
        }
    }
}

pub(crate) struct Reader {
    pub texts: Texts,
    pub case_texts: Texts,
    pub overlaid: BTreeMap<(Thing, String), String>,
    pub problems: Problems,
}

impl Reader {
    /// The text of a file; a problem where it cannot be read.
    pub(crate) fn text(&mut self, path: &Path, size_max: u64) -> Option<FileText> {
        let size = fs::metadata(path).map(|metadata| metadata.len()).unwrap_or(0);
        if size > size_max {
            self.problems.push(Problem::of_file(path, format!("文件太大({size} 字节)"), "一个文件只声明一件事"));
            return None;
        }
        match fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => Some(FileText { path: path.to_owned(), text }),
            Ok(Err(_)) => {
                self.problems.push(Problem::of_file(path, "文件不是 UTF-8 编码", "用 UTF-8 另存"));
                None
            }
            Err(error) => {
                self.problems.push(Problem::of_file(
                    path,
                    format!("读不到这个文件:{error}"),
                    "检查文件是否存在、是否有权限",
                ));
                None
            }
        }
    }

    /// The declaration in a text; a problem where it is not one.
    pub(crate) fn declaration<T: DeserializeOwned>(&mut self, file: &FileText) -> Option<T> {
        match toml::from_str(&file.text) {
            Ok(declared) => Some(declared),
            Err(error) => {
                self.problems.push(file.of_toml(&error));
                None
            }
        }
    }

    fn single<T: DeserializeOwned>(&mut self, path: &Path, thing: Thing) -> Option<T> {
        let file = self.text(path, FILE_MAX)?;
        let declared = self.declaration(&file);
        self.texts.insert((thing, thing.folder().to_owned()), file);
        declared
    }

    /// A path of the head, which must be relative.
    fn inner(&mut self, root: &Path, key: &str, written: &str) -> Option<PathBuf> {
        if !written.is_empty() && Path::new(written).is_relative() {
            return Some(root.join(written));
        }
        let head = self.texts.get(&(Thing::Head, Thing::Head.folder().to_owned())).cloned().unwrap_or_default();
        self.problems.push(head.at(key, "要写相对于政策包的路径", "例如 ../codes"));
        None
    }

    /// All declarations of a folder by name; `<name>.cases.toml` are kept as texts.
    fn folder<T: DeserializeOwned>(&mut self, folder: &Path, thing: Thing, is_needed: bool) -> BTreeMap<String, T> {
        let mut found = BTreeMap::new();
        for path in self.toml_files(folder, is_needed) {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            let (name, is_cases) = match stem.strip_suffix(".cases") {
                Some(name) => (name.to_owned(), true),
                None => (stem, false),
            };
            if !is_name(&name) {
                self.problems.push(bad_file_name(&path));
                continue;
            }
            let Some(file) = self.text(&path, FILE_MAX) else { continue };
            if is_cases {
                self.case_texts.insert((thing, name), file);
                continue;
            }
            if let Some(declared) = self.declaration(&file) {
                found.insert(name.clone(), declared);
            }
            if let Some(before) = self.texts.insert((thing, name), file) {
                let hint = format!("改名,或删去 {}", before.path.display());
                self.problems.push(Problem::of_file(&path, "这个名称已经声明过", hint));
            }
        }
        found
    }

    /// TOML files of a folder, sorted; none where the folder is missing.
    pub(crate) fn toml_files(&mut self, folder: &Path, is_needed: bool) -> Vec<PathBuf> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                if is_needed || error.kind() != std::io::ErrorKind::NotFound {
                    self.problems.push(Problem::of_file(
                        folder,
                        format!("读不到这个文件夹:{error}"),
                        "检查文件夹是否存在",
                    ));
                }
                return Vec::new();
            }
        };
        let is_toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
        let mut paths: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_toml).collect();
        paths.sort();
        paths
    }

    fn divisions(&mut self, root: &Path, head: &PackageHead) -> Divisions {
        let Some(path) = self.inner(root, "divisions", &head.divisions) else { return Divisions::default() };
        let Some(file) = self.text(&path, 1 << 28) else { return Divisions::default() };
        let (divisions, faults) = Divisions::from_csv(&file.text);
        for (line, what) in faults {
            self.problems.push(file.on_line(line, what, "表头应为 code,name,short,level,parent,kind"));
        }
        divisions
    }
}

pub(crate) fn bad_file_name(path: &Path) -> Problem {
    Problem::of_file(
        path,
        "文件名不能用作名称",
        "只用小写字母、数字和下划线,以字母开头,不用 SQL 的词,如 medical_burden.toml",
    )
}

/// What the TOML reader says, in words for people: message and hint.
pub(crate) fn toml_in_words(message: &str) -> (String, String) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match (message, quoted.as_slice()) {
        (text, [unknown, known @ ..]) if text.starts_with("unknown field") => {
            let near = crate::expression::nearest_of(unknown, known);
            let hint = near.map_or_else(|| format!("可用:{}", known.join("、")), |near| format!("是不是 `{near}`?"));
            (format!("不认识的键 `{unknown}`"), hint)
        }
        (text, [unknown, known @ ..]) if text.starts_with("unknown variant") => {
            (format!("不认识的取值 `{unknown}`"), format!("可用:{}", known.join("、")))
        }
        (text, [missing, ..]) if text.starts_with("missing field") => {
            (format!("缺少 `{missing}`"), format!("补上 {missing} = …"))
        }
        (text, [key, ..]) if text.starts_with("duplicate") => (format!("`{key}` 重复"), "只保留一个".to_owned()),
        (text, _) if text.starts_with("invalid type") || text.starts_with("invalid value") => {
            (format!("值的类型不对:{text}"), "文字加引号,数和日期不加,列表写 [ ]".to_owned())
        }
        (text, _) if text.starts_with("duplicate") => (format!("键重复:{text}"), "只保留一个".to_owned()),
        (text, _) => {
            (format!("读不懂:{}", text.replace('\n', ";")), "检查引号、方括号和等号;日期写成 2021-05-27".to_owned())
        }
    }
}
