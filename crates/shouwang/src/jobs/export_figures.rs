//! The figures of an indicator to a file: the place, those below it, and its groups, as the actor sees them.

use super::export::{headings, make_folder, output_of};
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::TableWriter;
use model::{Kind, Period, RegionCode, Value};
use policy::{IndicatorForm, Package};
use std::path::Path;
use store::{FigureShown, PeriodFigure, View};
use web::jobs::{ExportOrder, ExportOutcome, FiguresExport};
use words::{Language, advice};

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
    let gone = || Trouble::of(advice!("figures_to_export_missing"));
    let package = &installation.package;
    let form = package.indicator_forms.get(&asked.indicator).ok_or_else(gone)?;
    let period: Period = asked.period.parse().map_err(|_| gone())?;
    let series = view.figure_series(&asked.indicator, asked.place)?;
    let main = series.into_iter().find(|one| one.period == period).ok_or_else(gone)?;
    let (ending, output) = output_of(order.format);
    let sheet = Sheet { package, form, asked, language: order.read_in() };
    let file = format!("{}_{period}.{ending}", sheet.label().replace(['/', '\\', '.'], "_"));
    make_folder(folder)?;
    let path = folder.join(&file);
    let unwritten = || advice!("export_unwritten", path = path.display());
    let headings = headings(&HEADINGS, sheet.language);
    let mut table = TableWriter::create_in(&path, output, &headings, sheet.language).attempt(unwritten)?;
    let lines = sheet.lines(view, &main)?;
    for line in &lines {
        table.write_row(line).attempt(unwritten)?;
    }
    table.finish().attempt(unwritten)?;
    Ok(ExportOutcome { file, rows: lines.len() as u64 })
}

/// The columns, each with the key of its heading.
const HEADINGS: [(&str, Kind); 11] = [
    ("figures_file_indicator", Kind::Text),
    ("figures_file_period", Kind::Text),
    ("figures_file_as_of", Kind::Day),
    ("figures_file_place_code", Kind::Text),
    ("figures_file_place", Kind::Text),
    ("figures_file_group", Kind::Text),
    ("figures_file_code", Kind::Text),
    ("figures_file_value", Kind::Text),
    ("figures_file_numerator", Kind::Text),
    ("figures_file_denominator", Kind::Text),
    ("figures_file_unknown", Kind::Text),
];

/// Position of the name of the place.
const PLACE_COLUMN: usize = 4;

/// A group and one of its codes; none for the whole.
#[derive(Clone, Copy, Default)]
struct Group<'a> {
    name: &'a str,
    code: &'a str,
}

/// What the lines of a sheet are made from.
struct Sheet<'a> {
    package: &'a Package,
    form: &'a IndicatorForm,
    asked: &'a FiguresExport,
    language: Language,
}

impl Sheet<'_> {
    fn label(&self) -> &str {
        let declared = self.package.indicators.get(&self.asked.indicator);
        declared.map_or("", |declared| self.language.pick(&declared.label, &declared.label_en))
    }

    fn lines(&self, view: &View, main: &PeriodFigure) -> Outcome<Vec<[Value; 11]>> {
        let (indicator, place) = (&self.asked.indicator, self.asked.place);
        let mut lines = vec![self.line(main, place, Group::default(), &main.figure)];
        for row in view.figures_below(indicator, place, main.period)? {
            let mut line = self.line(main, row.place, Group::default(), &row.figure);
            if row.place == place {
                line[PLACE_COLUMN] = Value::Text(self.language.say("figures_file_own_place").to_owned());
            }
            lines.push(line);
        }
        for row in view.figure_groups(indicator, place, main.period)? {
            let group = Group { name: &row.group, code: &row.code };
            lines.push(self.line(main, place, group, &row.figure));
        }
        Ok(lines)
    }

    fn line(&self, main: &PeriodFigure, place: RegionCode, group: Group<'_>, figure: &FigureShown) -> [Value; 11] {
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
        let (group, code) = self.group_labels(group);
        [
            text(self.label()),
            text(&main.period.shown(self.language)),
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
    fn group_labels(&self, Group { name: group, code }: Group<'_>) -> (String, String) {
        let Some(declared) = self.package.indicators.get(&self.asked.indicator).filter(|_| !group.is_empty()) else {
            return (String::new(), String::new());
        };
        let scope = self.package.figure_scope(declared);
        let pick = |label: &str, label_en: &str| self.language.pick(label, label_en).to_owned();
        let say = |key: &str| self.language.say(key).to_owned();
        let name = scope.names.get(group).map(|entry| pick(&entry.label, &entry.label_en)).unwrap_or_default();
        let list = scope.typed(group).and_then(|typed| typed.codes).and_then(|list| scope.codes.get(&list));
        let found = list.and_then(|list| list.code.iter().find(|one| one.code == code));
        let label = match (found, code) {
            (Some(one), _) => pick(&one.label, &one.label_en),
            (None, policy::GroupForm::YES) => say("figures_file_yes"),
            (None, policy::GroupForm::NO) => say("figures_file_no"),
            (None, _) => say("figures_file_rest"),
        };
        (name, label)
    }
}
