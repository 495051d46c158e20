//! `shouwang sample`: made-up registers and extracts as the departments would hand them in, and the truth apart.

use super::Said;
use crate::arguments::{FileFormat, Sample};
use crate::installation::{load_package, package_folder};
use crate::progress::{Progress, Terminal};
use crate::trouble::{Attempt, Outcome};
use exchange::{Heading, Output, TableWriter};
use model::{Kind, Value};
use policy::Package;
use sample::{Cell, Options, Plan, TableHead, Tables, Use};
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};

/// Makes the files: `<out>/registers`, `<out>/extracts`, `<out>/truth`.
///
/// # Errors
/// When the package has mistakes, the place has no villages, or files cannot be written.
pub fn run(arguments: &Sample) -> Outcome<Said> {
    let package = load_package(&package_folder(arguments.package.as_deref())?, &[])?;
    let (folder, made) = make(&package, arguments)?;
    let lines = vec![
        format!(
            "已虚构 {} 户 {} 人(种子 {},数据日期 {});全部数据均为虚构",
            made.households, made.residents, arguments.seed, arguments.day
        ),
        format!("名册:{}", arguments.out.join("registers").display()),
        format!("部门数据:{}({} 个文件)", arguments.out.join("extracts").display(), folder.extracts.len()),
        format!("真值(不可导入):{}", arguments.out.join("truth").display()),
    ];
    let summary = json!({
        "households": made.households, "residents": made.residents, "seed": arguments.seed, "day": arguments.day,
        "out": arguments.out, "registers": folder.registers, "extracts": folder.extracts,
    });
    Ok(Said::new(lines, &summary))
}

/// Makes the files of a sample; says which there are, and how many people.
///
/// # Errors
/// As [`run`].
pub fn make(package: &Package, wanted: &Sample) -> Outcome<(Folder, sample::Summary)> {
    let options = Options {
        region: wanted.region,
        households: wanted.households,
        seed: wanted.seed,
        day: wanted.day,
        is_clean: wanted.clean,
    };
    let hint = "请核对区划代码和政策包中的 sample 目录";
    let plan = Plan::new(package, &options).attempt(|| "无法生成虚构数据".into(), hint)?;
    let mut folder = Folder::new(&wanted.out, wanted.format);
    let mut progress = Terminal::new();
    let made = sample::generate(&plan, &mut folder, &mut |done| {
        progress.at(done, wanted.households, "正在生成虚构农户");
    });
    drop(progress);
    let made = made.attempt(|| format!("无法写入 {}", wanted.out.display()), "请检查磁盘空间和权限")?;
    if wanted.ledgers {
        super::sample_ledgers::write(package, wanted, &made.homes, &mut folder)?;
    }
    Ok((folder, made))
}

/// The files of one sample: name of the register or source, and path.
pub type Files = Vec<(String, PathBuf)>;

/// Writes each table into the folder of its use.
pub struct Folder {
    pub root: PathBuf,
    format: FileFormat,
    open: Vec<Option<TableWriter>>,
    pub registers: Files,
    pub extracts: Files,
}

impl Folder {
    pub fn new(root: &Path, format: FileFormat) -> Folder {
        Folder { root: root.to_owned(), format, open: Vec::new(), registers: Vec::new(), extracts: Vec::new() }
    }

    /// Departments export in different encodings; the truth is always plain.
    fn output(&self, head: &TableHead) -> (Output, &'static str) {
        if head.usage == Use::Truth {
            return (Output::Csv, "csv");
        }
        match self.format {
            FileFormat::Csv => {
                let outputs = [Output::CsvBom, Output::CsvGb18030, Output::Csv];
                (outputs[head.id % outputs.len()], "csv")
            }
            FileFormat::Xlsx => (Output::Xlsx, "xlsx"),
            FileFormat::Parquet => (Output::ParquetText, "parquet"),
        }
    }
}

impl Tables for Folder {
    fn begin(&mut self, head: &TableHead) -> io::Result<()> {
        let (output, ending) = self.output(head);
        let folder = self.root.join(match head.usage {
            Use::Register => "registers",
            Use::Extract => "extracts",
            Use::Truth => "truth",
        });
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.{ending}", head.stem));
        match head.usage {
            Use::Register => self.registers.push((head.name.clone(), path.clone())),
            Use::Extract => self.extracts.push((head.name.clone(), path.clone())),
            Use::Truth => {}
        }
        let writer = begin_table(&path, output, head)?;
        self.open.push(Some(writer));
        Ok(())
    }

    fn row(&mut self, id: usize, cells: &[Cell]) -> io::Result<()> {
        let values: Vec<Value> = cells.iter().map(value_of).collect();
        self.writer(id)?.write_row(&values).map_err(io::Error::other)
    }

    fn end(&mut self, id: usize) -> io::Result<()> {
        let writer = self.open.get_mut(id).and_then(Option::take);
        writer.map_or(Ok(()), |writer| writer.finish().map_err(io::Error::other))
    }
}

impl Folder {
    fn writer(&mut self, id: usize) -> io::Result<&mut TableWriter> {
        let missing = || io::Error::other("a row of a table that is not open");
        self.open.get_mut(id).and_then(Option::as_mut).ok_or_else(missing)
    }
}

/// A title, where there is one, stands in the first line and the headings below it, as real exports have it.
fn begin_table(path: &Path, output: Output, head: &TableHead) -> io::Result<TableWriter> {
    let heading = |text: &String, kind| Heading { text: text.clone(), kind };
    match head.title.as_ref().filter(|_| output != Output::ParquetText) {
        None => {
            let headings: Vec<Heading> =
                head.headings.iter().zip(&head.kinds).map(|(text, kind)| heading(text, *kind)).collect();
            TableWriter::create(path, output, &headings).map_err(io::Error::other)
        }
        Some(title) => {
            let mut first: Vec<Heading> = head.kinds.iter().map(|kind| heading(&String::new(), *kind)).collect();
            if let Some(cell) = first.first_mut() {
                *cell = heading(title, Kind::Text);
            }
            let mut table = TableWriter::create(path, output, &first).map_err(io::Error::other)?;
            let headings: Vec<Value> = head.headings.iter().cloned().map(Value::Text).collect();
            table.write_row(&headings).map_err(io::Error::other)?;
            Ok(table)
        }
    }
}

fn value_of(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Number(number) => Value::Decimal(*number),
        Cell::Day(day) => Value::Day(*day),
    }
}
