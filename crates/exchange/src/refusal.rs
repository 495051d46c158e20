//! Why a file was not read at all. Nothing of a refused file is taken.

use std::fmt;
use std::path::PathBuf;

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
        seen: Vec<String>,
    },
    /// The headings are those of another source, or fit too little.
    WrongSource {
        file: String,
        label: String,
        /// Label of the source that the headings fit.
        looks_like: Option<String>,
        expected: Vec<String>,
        seen: Vec<String>,
    },
    /// The file is of this source but lacks columns that it must have.
    MissingHeadings {
        file: String,
        label: String,
        missing: Vec<Missing>,
        seen: Vec<String>,
    },
    /// Whoever took the chunks asked to stop.
    Stopped {
        file: String,
    },
}

/// A heading that a file lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub heading: String,
    /// An unused heading of the file that is spelled nearly alike.
    pub nearest: Option<String>,
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
            NoHeadings { file, expected, seen } => write!(
                f,
                "在文件“{file}”的前几行没有找到表头。应有的列：{}；看到的内容：{}。请保留表头行后再提交。",
                list(expected),
                list(seen)
            ),
            WrongSource { file, label, looks_like, expected, seen } => {
                write!(f, "文件“{file}”的表头与“{label}”不符，未予导入。")?;
                if let Some(other) = looks_like {
                    write!(f, "看起来像是“{other}”的文件，请确认后选择对应的数据来源重新提交。")?;
                } else {
                    f.write_str("请确认是否选错了文件或数据来源。")?;
                }
                write!(f, "应有的列：{}；文件中的列：{}。", list(expected), list(seen))
            }
            MissingHeadings { file, label, missing, seen } => {
                write!(f, "文件“{file}”缺少“{label}”必需的列：")?;
                for (at, one) in missing.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "、" })?;
                    f.write_str(&one.heading)?;
                    if let Some(nearest) = &one.nearest {
                        write!(f, "（是否就是“{nearest}”列？）")?;
                    }
                }
                write!(f, "。文件中的列：{}。请补上该列，或在导入页面指定对应的列后再提交。", list(seen))
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
    /// The same text in English.
    pub fn english(&self) -> String {
        use Refusal::*;
        match self {
            Unreadable { path, .. } => {
                format!(
                    "Cannot open `{}`. Make sure that it exists and no other program holds it, then try again.",
                    name(path)
                )
            }
            Empty { file } => format!("`{file}` holds no data. Check the export and hand it in again."),
            Damaged { file, detail } => {
                format!("`{file}` is damaged or incomplete ({detail}). Export or transfer it again.")
            }
            Encrypted { file } => {
                format!("`{file}` is protected by a password. Save it without one and hand it in again.")
            }
            OldExcel { file } => {
                format!("`{file}` is an Excel 97-2003 workbook. Save it as .xlsx and hand it in again.")
            }
            OtherWorkbook { file, kind } => {
                format!("`{file}` is a workbook in another form ({kind}). Save it as .xlsx and hand it in again.")
            }
            UnknownFormat { file } => {
                format!("`{file}` is not a table that can be read. Hand in XLSX, CSV (UTF-8 or GB18030) or Parquet.")
            }
            UnknownEncoding { file } => {
                format!(
                    "The text encoding of `{file}` is not known. Save it as CSV UTF-8 or .xlsx and hand it in again."
                )
            }
            Bomb { file, detail } => {
                format!(
                    "`{file}` would unpack to far too much ({detail}) and was not read. Export it again from its system."
                )
            }
            TooLarge { file, unit, found, limit } => {
                format!(
                    "`{file}` is too large ({found} {unit}, at most {limit}). Split it by county or month, or use CSV."
                )
            }
            TooManyColumns { file, found, limit } => {
                format!("`{file}` has {found} columns, at most {limit} are read. Delete the columns on the right.")
            }
            NoHeadings { file, expected, seen } => format!(
                "No headings in the first rows of `{file}`. Expected: {}; seen: {}. Keep the heading row.",
                expected.join(", "),
                shortened(seen)
            ),
            WrongSource { file, label, looks_like, expected, seen } => {
                let other = looks_like.as_ref().map(|other| format!(" It looks like a file of {other}."));
                format!(
                    "The headings of `{file}` do not fit {label}; nothing was imported.{} Expected: {}; seen: {}.",
                    other.unwrap_or_default(),
                    expected.join(", "),
                    shortened(seen)
                )
            }
            MissingHeadings { file, label, missing, seen } => {
                let names: Vec<&str> = missing.iter().map(|one| one.heading.as_str()).collect();
                format!(
                    "`{file}` lacks columns that {label} needs: {}. Seen: {}. Add them, or say which column they are.",
                    names.join(", "),
                    shortened(seen)
                )
            }
            Stopped { file } => format!("The import of `{file}` was stopped; nothing was saved."),
        }
    }
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// At most twelve texts in one line.
fn list(texts: &[String]) -> String {
    let mut line = texts.iter().take(12).map(String::as_str).collect::<Vec<_>>().join("、");
    match texts.len() {
        0 => line.push_str("（无）"),
        1..=12 => {}
        more => line.push_str(&format!("等{more}列")),
    }
    line
}

fn shortened(texts: &[String]) -> String {
    texts.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ")
}
