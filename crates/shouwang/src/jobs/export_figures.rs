//! The figures of an indicator to a file: the place, those below it, and its groups, as the actor sees them.

use crate::installation::Installation;
use crate::trouble::{Attempt, CHECK_INSTALLATION, Outcome, Trouble, cannot_write};
use exchange::{Heading, Output, TableWriter};
use model::{Kind, Period, RegionCode, Value};
use policy::{IndicatorForm, Package};
use std::path::Path;
use store::{FigureShown, PeriodFigure, View};
use web::jobs::{ExportFormat, ExportOrder, ExportOutcome, FiguresExport};

/// Writes the figures that a page shows for a place and a period.
///
/// # Errors
/// When the actor does not see them, the store cannot be read or the file cannot be written.
pub fn figures(
    installation: &Installation,
    view: &View,
    order: &ExportOrder,
    asked: &FiguresExport,
    folder: &Path,
) -> Outcome<ExportOutcome> {
    let gone = || {
        Trouble::new(
            ["没有可以导出的指标数字", "There are no figures to export"],
            ["请从指标页面重新导出", "Export again from the indicator's page."],
        )
    };
    let package = &installation.package;
    let form = package.indicator_forms.get(&asked.indicator).ok_or_else(gone)?;
    let period: Period = asked.period.parse().map_err(|_| gone())?;
    let series = view.figure_series(&asked.indicator, asked.place)?;
    let main = series.into_iter().find(|one| one.period == period).ok_or_else(gone)?;
    let (ending, output) = match order.format {
        ExportFormat::Xlsx => ("xlsx", Output::Xlsx),
        ExportFormat::Csv => ("csv", Output::CsvBom),
    };
    let english = order.language == "en";
    let sheet = Sheet { package, form, asked, english };
    let file = format!("{}_{period}.{ending}", sheet.label().replace(['/', '\\', '.'], "_"));
    std::fs::create_dir_all(folder).attempt(
        || ["无法建立导出目录", "The folder for exports cannot be made"].map(str::to_owned),
        CHECK_INSTALLATION,
    )?;
    let path = folder.join(&file);
    let attempt = || cannot_write(&path);
    let heading = |(chinese, text, kind): &(&str, &str, Kind)| Heading {
        text: (if english { *text } else { *chinese }).to_owned(),
        kind: *kind,
    };
    let headings: Vec<Heading> = HEADINGS.iter().map(heading).collect();
    let mut table = TableWriter::create(&path, output, &headings).attempt(attempt, CHECK_INSTALLATION)?;
    let lines = sheet.lines(view, &main)?;
    for line in &lines {
        table.write_row(line).attempt(attempt, CHECK_INSTALLATION)?;
    }
    table.finish().attempt(attempt, CHECK_INSTALLATION)?;
    Ok(ExportOutcome { file, rows: lines.len() as u64 })
}

const HEADINGS: [(&str, &str, Kind); 11] = [
    ("指标", "Indicator", Kind::Text),
    ("期间", "Period", Kind::Text),
    ("截至", "As of", Kind::Day),
    ("行政区划代码", "Place code", Kind::Text),
    ("地区", "Place", Kind::Text),
    ("分组", "Group", Kind::Text),
    ("类别", "Code", Kind::Text),
    ("数值", "Value", Kind::Text),
    ("分子", "Numerator", Kind::Text),
    ("分母", "Denominator", Kind::Text),
    ("情况不明", "Not known", Kind::Text),
];

/// Position of the name of the place.
const PLACE_COLUMN: usize = 4;

/// What the lines of a sheet are made from.
struct Sheet<'a> {
    package: &'a Package,
    form: &'a IndicatorForm,
    asked: &'a FiguresExport,
    english: bool,
}

impl Sheet<'_> {
    fn label(&self) -> &str {
        let declared = self.package.indicators.get(&self.asked.indicator);
        declared.map_or("", |declared| if self.english { &declared.label_en } else { &declared.label })
    }

    fn lines(&self, view: &View, main: &PeriodFigure) -> Outcome<Vec<[Value; 11]>> {
        let (indicator, place) = (&self.asked.indicator, self.asked.place);
        let mut lines = vec![self.line(main, place, ("", ""), &main.figure)];
        for row in view.figures_below(indicator, place, main.period)? {
            let mut line = self.line(main, row.place, ("", ""), &row.figure);
            if row.place == place {
                let own = if self.english { "at this place itself" } else { "本级直接登记" };
                line[PLACE_COLUMN] = Value::Text(own.to_owned());
            }
            lines.push(line);
        }
        for row in view.figure_groups(indicator, place, main.period)? {
            lines.push(self.line(main, place, (&row.group, &row.code), &row.figure));
        }
        Ok(lines)
    }

    fn line(
        &self,
        main: &PeriodFigure,
        place: RegionCode,
        (group, code): (&str, &str),
        figure: &FigureShown,
    ) -> [Value; 11] {
        let text = |text: &str| Value::Text(text.to_owned());
        let of = |value: &Value| if value.is_null() { text("–") } else { text(&value.to_string()) };
        let [value, numerator, denominator, unknown] = match figure {
            FigureShown::Hidden => [text("*"), text("*"), text("*"), Value::Null],
            FigureShown::Parts(parts) => [
                of(&self.form.value(parts)),
                of(&self.form.numerator_value(parts)),
                self.form.denominator_value(parts).as_ref().map_or(Value::Null, of),
                text(&parts.unknown.to_string()),
            ],
        };
        let (group, code) = self.group_labels(group, code);
        [
            text(self.label()),
            text(&main.period.to_string()),
            Value::Day(main.run.day),
            text(&place.to_string()),
            text(&self.package.divisions.name(place)),
            text(&group),
            text(&code),
            value,
            numerator,
            denominator,
            unknown,
        ]
    }

    /// What a group and one of its codes are called.
    fn group_labels(&self, group: &str, code: &str) -> (String, String) {
        let Some(declared) = self.package.indicators.get(&self.asked.indicator).filter(|_| !group.is_empty()) else {
            return (String::new(), String::new());
        };
        let scope = self.package.figure_scope(declared);
        let pick = |label: &str, label_en: &str| (if self.english { label_en } else { label }).to_owned();
        let name = scope.names.get(group).map(|entry| pick(&entry.label, &entry.label_en)).unwrap_or_default();
        let list = scope.typed(group).and_then(|typed| typed.codes).and_then(|list| scope.codes.get(&list));
        let found = list.and_then(|list| list.code.iter().find(|one| one.code == code));
        let label = match (found, code) {
            (Some(one), _) => pick(&one.label, &one.label_en),
            (None, policy::GroupForm::YES) => pick("是", "Yes"),
            (None, policy::GroupForm::NO) => pick("否", "No"),
            (None, _) => pick("其他或未填", "Other or not filled in"),
        };
        (name, label)
    }
}
