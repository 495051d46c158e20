//! Why a file was not read at all. Nothing of a refused file is taken.

mod english;

use crate::{FileColumn, Question};
use std::fmt;
use std::path::PathBuf;
use words::Wording;

/// Names that are listed in one line.
const LISTED_MAX: usize = 12;

/// A file that cannot be read as what it was handed in for. `Display` is Chinese, for people: what is wrong with which file
/// and what to do next. `english` says the same in English.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The file cannot be opened or read.
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file has no bytes, or no row below its headings.
    Empty {
        file: String,
    },
    /// The file ends too early or its inside is broken.
    Damaged {
        file: String,
        detail: String,
    },
    /// A workbook protected by a password.
    Encrypted {
        file: String,
    },
    /// A workbook of Excel 97-2003 (.xls).
    OldExcel {
        file: String,
    },
    /// A workbook in another form, such as `.ods` or `.xlsb`.
    OtherWorkbook {
        file: String,
        kind: &'static str,
    },
    /// Neither a workbook nor text nor Parquet.
    UnknownFormat {
        file: String,
    },
    /// Text in an encoding other than UTF-8, GB18030 and UTF-16, such as Big5.
    UnknownEncoding {
        file: String,
    },
    /// A workbook that would unpack to far more than it seems.
    Bomb {
        file: String,
        detail: String,
    },
    /// Larger than the limit; both in bytes or rows, as `unit` says.
    TooLarge {
        file: String,
        unit: &'static str,
        found: u64,
        limit: u64,
    },
    TooManyColumns {
        file: String,
        found: u32,
        limit: u32,
    },
    /// No row among the first ones looks like headings.
    NoHeadings {
        file: String,
        expected: Vec<String>,
        /// How many columns the file has.
        columns: usize,
    },
    /// The headings are those of another source, or fit too little.
    WrongSource {
        file: String,
        label: String,
        /// Label of the source that the headings fit.
        looks_like: Option<String>,
        expected: Vec<String>,
        seen: Vec<FileColumn>,
    },
    /// The file is of this source but lacks columns that it must have; each is asked about, with the column that it may be.
    MissingHeadings {
        file: String,
        label: String,
        question: Question,
    },
    /// Several columns of the file would do for a field of which only one can be right.
    AmbiguousHeadings {
        file: String,
        /// Of a workbook.
        sheet: Option<String>,
        label: String,
        question: Question,
    },
    /// A later row is another row of headings.
    OtherHeadings {
        file: String,
        /// Of a workbook.
        sheet: Option<String>,
        row: u32,
        heading_row: u32,
    },
    /// Rows above the headings look like data.
    DataAboveHeadings {
        file: String,
        /// Of a workbook.
        sheet: Option<String>,
        rows: Vec<u32>,
        heading_row: u32,
    },
    /// It is not clear what unit the sums of money are in.
    UnclearUnit {
        file: String,
        /// Of a workbook, where it is one sheet's matter.
        sheet: Option<String>,
        /// The row that speaks of another unit.
        row: Option<u32>,
        /// Labels of the fields.
        columns: Vec<String>,
        question: Question,
    },
    /// The columns that a person chose for these fields are not in the file.
    UnknownChoice {
        file: String,
        question: Question,
    },
    /// Whoever took the chunks asked to stop.
    Stopped {
        file: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Refusal::*;
        match self {
            Unreadable { path, .. } => {
                write!(f, "无法打开文件“{}”。请确认文件存在且未被其他程序占用，再重新提交。", name(path))
            }
            Empty { file } => write!(f, "文件“{file}”没有数据。请确认导出时选中了数据，再重新提交。"),
            Damaged { file, detail } => {
                write!(f, "文件“{file}”已损坏或不完整（{detail}）。请从原系统重新导出，或重新传输后再提交。")
            }
            Encrypted { file } => write!(f, "文件“{file}”设有打开密码，无法读取。请去掉密码另存后再提交。"),
            OldExcel { file } => {
                write!(f, "文件“{file}”是旧版Excel格式（.xls）。请用Excel或WPS打开，另存为“.xlsx”后再提交。")
            }
            OtherWorkbook { file, kind } => {
                write!(f, "文件“{file}”是另一种格式的表格（{kind}）。请用Excel或WPS打开，另存为“.xlsx”后再提交。")
            }
            UnknownFormat { file } => {
                write!(f, "文件“{file}”不是可识别的表格。可以提交XLSX、CSV（UTF-8或GB18030编码）或Parquet文件。")
            }
            UnknownEncoding { file } => {
                write!(f, "文件“{file}”的文字编码无法识别。请另存为“CSV UTF-8”或“.xlsx”后再提交。")
            }
            Bomb { file, detail } => {
                write!(f, "文件“{file}”解压后异常庞大（{detail}），为安全起见未予读取。请从原系统重新导出后再提交。")
            }
            TooLarge { file, unit, found, limit } => {
                let unit = if *unit == "rows" { "行" } else { "字节" };
                write!(
                    f,
                    "文件“{file}”过大（{found}{unit}，上限{limit}{unit}）。请按县或按月拆分后分别提交，或改用CSV格式。"
                )
            }
            TooManyColumns { file, found, limit } => {
                write!(f, "文件“{file}”有{found}列，超过上限{limit}列。请删去表格右侧多余的列后再提交。")
            }
            NoHeadings { file, expected, columns } => write!(
                f,
                "在文件“{file}”的前几行没有找到表头（共{columns}列，没有一行是已知的列名）。应有的列：{}。请保留表头行后再提交。",
                list(expected)
            ),
            WrongSource { file, label, looks_like, expected, seen } => {
                write!(f, "文件“{file}”的表头与“{label}”不符，未予导入。")?;
                if let Some(other) = looks_like {
                    write!(f, "看起来像是“{other}”的文件，请确认后选择对应的数据来源重新提交。")?;
                } else {
                    f.write_str("请确认是否选错了文件或数据来源。")?;
                }
                write!(f, "应有的列：{}；文件中的列：{}。", list(expected), shown(seen))
            }
            MissingHeadings { file, label, question } => {
                write!(f, "文件“{file}”缺少“{label}”必需的列：")?;
                for (at, one) in question.columns.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "、" })?;
                    f.write_str(&one.label)?;
                    if let Some(nearest) = one.candidates.first() {
                        write!(f, "（是否就是{nearest}？）")?;
                    }
                }
                write!(f, "。文件中的列：{}。请补上该列，或指明对应的列：{}。", shown(&question.all), how(question))
            }
            AmbiguousHeadings { file, sheet, label, question } => {
                write!(f, "文件“{file}”")?;
                if let Some(sheet) = sheet {
                    write!(f, "的工作表“{sheet}”")?;
                }
                write!(f, "中有多列可作为“{label}”的同一项，无法确定用哪一列，未予导入：")?;
                for (at, one) in question.columns.iter().enumerate() {
                    let candidates: Vec<String> = one.candidates.iter().map(FileColumn::to_string).collect();
                    write!(f, "{}“{}”可能是{}", if at == 0 { "" } else { "；" }, one.label, candidates.join("或"))?;
                }
                write!(f, "。请指明用哪一列：{}。", how(question))
            }
            OtherHeadings { file, sheet, row, heading_row } => write!(
                f,
                "文件“{file}”{}第{row}行又是一行表头，与第{heading_row}行的表头不一致（列名、次序或单位不同），其下各行无法按同一表头读取，未予导入。\
                 请拆成两个文件或两个工作表分别提交，或将列和单位调整一致后删去第{row}行。",
                of_sheet(sheet)
            ),
            DataAboveHeadings { file, sheet, rows, heading_row } => write!(
                f,
                "文件“{file}”{}以第{heading_row}行为表头，但其上方第{}行看起来是数据，未予导入。\
                 请改正上方原有的表头，或拆成两个文件分别提交；若这些行不是数据，请删去。",
                of_sheet(sheet),
                numbers(rows)
            ),
            UnclearUnit { file, sheet, row: None, columns, .. } => write!(
                f,
                "文件“{file}”{}没有写清金额的单位（{}），未予导入。请在表头中写明单位，或指明单位：命令行加“--unit 万元”，网页上在本页选择。",
                of_sheet(sheet),
                list(columns)
            ),
            UnclearUnit { file, sheet, row: Some(row), columns, .. } => write!(
                f,
                "文件“{file}”{}第{row}行所写的金额单位与表头或其上方不一致（{}），未予导入。请在表头中写明单位；同一单位的，可指明：\
                 命令行加“--unit 万元”，网页上在本页选择；单位不同的各部分，请拆开分别提交。",
                of_sheet(sheet),
                list(columns)
            ),
            UnknownChoice { file, question } => {
                let labels: Vec<String> = question.columns.iter().map(|one| one.label.clone()).collect();
                write!(
                    f,
                    "文件“{file}”中没有为“{}”指定的列，或有多列同名，未予导入。文件中的列：{}。请指明对应的列：{}。",
                    list(&labels),
                    shown(&question.all),
                    how(question)
                )
            }
            Stopped { file } => write!(f, "文件“{file}”的导入已中止，未保存任何数据。"),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Refusal::Unreadable { source, .. } = self { Some(source) } else { None }
    }
}

impl Refusal {
    /// What a person can say so that the file is read.
    pub fn question(&self) -> Option<&Question> {
        match self {
            Refusal::MissingHeadings { question, .. }
            | Refusal::AmbiguousHeadings { question, .. }
            | Refusal::UnclearUnit { question, .. }
            | Refusal::UnknownChoice { question, .. } => Some(question),
            _ => None,
        }
    }
}

impl Refusal {
    /// The same about a child's sheet: the columns that are asked about carry the child's name, for the register's own may be called
    /// like them.
    pub fn of_child(mut self, child: &str) -> Refusal {
        if let Refusal::MissingHeadings { question, .. }
        | Refusal::AmbiguousHeadings { question, .. }
        | Refusal::UnclearUnit { question, .. }
        | Refusal::UnknownChoice { question, .. } = &mut self
        {
            question.columns.iter_mut().for_each(|asked| asked.column = format!("{child}.{}", asked.column));
        }
        self
    }

    /// The text in both languages.
    pub fn said(&self) -> Wording {
        Wording::pair(self.to_string(), self.english())
    }
}

fn of_sheet(sheet: &Option<String>) -> String {
    sheet.as_ref().map(|sheet| format!("的工作表“{sheet}”")).unwrap_or_default()
}

/// Numbers of rows in one line.
fn numbers(rows: &[u32]) -> String {
    let shown = rows.iter().take(LISTED_MAX).map(u32::to_string).collect::<Vec<_>>().join("、");
    if rows.len() > LISTED_MAX { format!("{shown}…") } else { shown }
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// At most [`LISTED_MAX`] texts in one line.
fn list(texts: &[String]) -> String {
    let mut line = texts.iter().take(LISTED_MAX).map(String::as_str).collect::<Vec<_>>().join("、");
    match texts.len() {
        0 => line.push_str("（无）"),
        1..=LISTED_MAX => {}
        more => line.push_str(&format!("等{more}列")),
    }
    line
}

fn shown(columns: &[FileColumn]) -> String {
    list(&columns.iter().map(FileColumn::to_string).collect::<Vec<_>>())
}

/// What to write on the command line for the first column that is asked about.
fn example(question: &Question) -> String {
    let Some(first) = question.columns.first() else { return String::new() };
    let place = first.candidates.first().map_or("F", |candidate| candidate.letters.as_str());
    format!("--column 列{place}={}", first.column)
}

fn how(question: &Question) -> String {
    format!("命令行加“{}”，网页上在本页选择", example(question))
}
