//! From the package to what a file should hold.

use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{Places, Shape};
use model::{AreaCodes, Day};
use policy::Package;
use policy::declare::{Register, Source};

/// What a name of the package means for an import.
#[derive(Clone, Copy)]
pub enum Dataset<'a> {
    Source(&'a Source),
    Register(&'a Register),
}

impl<'a> Dataset<'a> {
    /// The source or register of that name.
    ///
    /// # Errors
    /// When there is none; the hint lists what there is.
    pub fn find(package: &'a Package, name: &str) -> Outcome<Dataset<'a>> {
        if let Some(source) = package.sources.get(name) {
            return Ok(Dataset::Source(source));
        }
        if let Some(register) = package.registers.get(name) {
            return Ok(Dataset::Register(register));
        }
        let known: Vec<&str> = package.registers.keys().chain(package.sources.keys()).map(String::as_str).collect();
        Err(Trouble::new(format!("政策包里没有名为 {name} 的台账或数据源"), format!("可用的名称:{}", known.join("、"))))
    }
}

/// The shape of a file of a source, with its row checks, or of a register: its records are held against its checks by the store,
/// which knows their state and what is calculated.
///
/// # Errors
/// When there is none of that name, or a check cannot be read; a package that passed its own check has no such check.
pub fn shape<'a>(package: &'a Package, name: &'a str, day: Day, places: &'a dyn Places) -> Outcome<Shape<'a>> {
    if let Some(register) = package.registers.get(name).filter(|_| !package.sources.contains_key(name)) {
        return Ok(Shape::of_register(name, register, &package.codes, day, places));
    }
    let shape = Shape::of_package(package, name, day, places)
        .attempt(|| format!("“{name}”的行校验表达式有误"), "请运行 shouwang check 检查政策包")?;
    shape.ok_or_else(|| Trouble::new(format!("政策包里没有名为 {name} 的台账或数据源"), "请核对名称"))
}

/// Area codes of identity numbers: the list beside the package's code lists, and all counties of the package.
///
/// # Errors
/// When the list is missing or a line of it is wrong.
pub fn area_codes(package: &Package) -> Outcome<AreaCodes> {
    let text = beside_codes(package, AREA_CODES)?;
    let counties = package.divisions.all().iter().map(|division| (division.code.number() / 1_000_000) as u32);
    Ok(AreaCodes::from_csv(&text).attempt(|| format!("{AREA_CODES} 内容有误"), RESTORE)?.with(counties))
}

const AREA_CODES: &str = "id-area-codes.csv";
const RESTORE: &str = "请从完整的政策包恢复该文件";

/// The text of a file beside the package's code lists.
///
/// # Errors
/// When it cannot be read.
pub fn beside_codes(package: &Package, name: &str) -> Outcome<String> {
    let file = package.root.join(&package.head.codes).join(name);
    std::fs::read_to_string(&file).attempt(|| format!("无法读取 {}", file.display()), RESTORE)
}
