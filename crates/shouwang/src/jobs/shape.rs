//! From the package to what a file should hold: columns, codes, places and row checks ready to run.

use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{Places, Shape, Test};
use model::{AreaCodes, Day, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Register, RowCheck, Source};
use std::collections::HashMap;

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
        Err(Trouble::new(
            format!("政策包里没有名为 {name} 的台账或数据源"),
            format!("可用的名称:{}", known.join("、")),
        ))
    }

    pub fn label(&self) -> &'a str {
        match self {
            Dataset::Source(source) => &source.label,
            Dataset::Register(register) => &register.label,
        }
    }

    pub fn columns(&self) -> &'a [Column] {
        match self {
            Dataset::Source(source) => &source.column,
            Dataset::Register(register) => &register.field,
        }
    }

    fn checks(&self) -> &'a [RowCheck] {
        match self {
            Dataset::Source(source) => &source.check,
            Dataset::Register(register) => &register.check,
        }
    }

    /// The shape of a file of this dataset, with its row checks.
    ///
    /// # Errors
    /// When a check cannot be parsed; a package that passed its own check has none.
    pub fn shape(&self, name: &'a str, package: &'a Package, day: Day, places: &'a Atlas<'a>) -> Outcome<Shape<'a>> {
        let shape = match self {
            Dataset::Source(source) => Shape::of_source(name, source, &package.codes, day, places),
            Dataset::Register(register) => Shape::of_register(name, register, &package.codes, day, places),
        };
        let tests = self.checks().iter().map(|check| row_test(check, self.columns(), day)).collect::<Outcome<_>>()?;
        Ok(shape.with_tests(tests))
    }
}

fn row_test<'a>(check: &'a RowCheck, columns: &'a [Column], day: Day) -> Outcome<Test<'a>> {
    let expression = policy::expression::parse(&check.holds)
        .attempt(|| format!("行校验表达式有误:{}", check.holds), "请运行 shouwang check 检查政策包")?;
    let positions: HashMap<&str, usize> =
        columns.iter().enumerate().map(|(index, column)| (column.name.as_str(), index)).collect();
    let marked = check.columns.iter().filter_map(|name| positions.get(name.as_str()).copied()).collect();
    let holds = move |cells: &[Value]| {
        let cell = |name: &str| {
            positions.get(name).and_then(|index| cells.get(*index)).cloned().unwrap_or_default()
        };
        policy::expression::evaluate(&expression, &cell, &|_| Value::Null, day).as_bool()
    };
    Ok(Test {
        holds: Box::new(holds),
        what: &check.what,
        hint: &check.hint,
        columns: marked,
        drops_row: check.drops_row,
    })
}

/// The places that exist: divisions of the package, and area codes of identity numbers.
pub struct Atlas<'a> {
    package: &'a Package,
    areas: AreaCodes,
    named: HashMap<&'a str, Option<RegionCode>>,
}

impl<'a> Atlas<'a> {
    /// Reads the area codes beside the package's code lists.
    ///
    /// # Errors
    /// When the list is missing or a line of it is wrong.
    pub fn of(package: &'a Package) -> Outcome<Atlas<'a>> {
        let file = package.root.join(&package.head.codes).join("id-area-codes.csv");
        let text = std::fs::read_to_string(&file)
            .attempt(|| format!("无法读取行政区划代码表 {}", file.display()), "请从完整的政策包恢复该文件")?;
        let counties = package.divisions.all().iter().map(|division| (division.code.number() / 1_000_000) as u32);
        let areas = AreaCodes::from_csv(&text)
            .attempt(|| format!("{} 内容有误", file.display()), "请从完整的政策包恢复该文件")?
            .with(counties);
        let mut named = HashMap::new();
        for division in package.divisions.all() {
            // A name that occurs twice names nothing.
            named.entry(division.name.as_str()).and_modify(|code| *code = None).or_insert(Some(division.code));
        }
        Ok(Atlas { package, areas, named })
    }
}

impl Places for Atlas<'_> {
    fn is_area(&self, area: u32) -> bool {
        self.areas.existed(area)
    }

    fn is_division(&self, code: RegionCode) -> bool {
        self.package.divisions.get(code).is_some()
    }

    fn division_named(&self, name: &str) -> Option<RegionCode> {
        self.named.get(name).copied().flatten()
    }
}
