//! What was typed into a form as a value, or a sentence that says what does not fit. The judgement is that of every other text
//! (`policy::written`), so that a form takes what a file may hold; only files, places by name and the sender's place are its own.

use crate::parts::catalog::Catalog;
use crate::parts::field::file_lines;
use model::{Day, Decimal, Kind, RegionCode, Value};
use policy::declare::Column;
use policy::written::{Misfit, Reader, YEAR_MIN};

/// Reads the fields of one sender.
#[derive(Clone, Copy)]
pub struct FieldReader<'a> {
    pub catalog: Catalog<'a>,
    /// The sender's place: places must lie in it.
    pub place: RegionCode,
    pub today: Day,
}

impl FieldReader<'_> {
    /// The value of a field from what was typed or chosen; `Null` where that is nothing. Whether it may be nothing is for the
    /// caller.
    ///
    /// # Errors
    /// A sentence in the reader's language.
    pub fn read(&self, column: &Column, typed: &[String]) -> Result<Value, String> {
        let text = typed.first().map_or("", |text| text.trim());
        let is_list = column.many || column.kind == Kind::File;
        if !is_list && typed.iter().filter(|text| !text.trim().is_empty()).count() > 1 {
            return Err(self.catalog.language.say("typed_twice").to_owned());
        }
        let reader = Reader::of(self.catalog.package, self.today);
        let read = match column.kind {
            Kind::Code if column.many => reader.several(column, typed.iter().flat_map(|text| text.split(','))),
            Kind::File => return Ok(files(typed)),
            Kind::Region => reader.read(column, &self.named(text).map_or(text.to_owned(), |code| code.to_string())),
            _ => reader.read(column, text),
        };
        let value = read.map_err(|misfit| self.sentence(column, misfit))?;
        let place = value.as_text().filter(|_| column.kind == Kind::Region).and_then(|code| code.parse().ok());
        if place.is_some_and(|place| !self.place.holds(place)) {
            return Err(self.catalog.language.say("typed_region_outside").to_owned());
        }
        Ok(value)
    }

    /// The one place inside the sender's with this full name.
    fn named(&self, text: &str) -> Option<RegionCode> {
        let folded = model::written::fold_key(text);
        let is_it = |one: &&policy::Division| model::written::fold_key(&one.name) == folded;
        let mut named = self.catalog.package.divisions.inside(self.place).filter(is_it);
        named.next().filter(|_| named.next().is_none()).map(|one| one.code)
    }

    fn sentence(&self, column: &Column, misfit: Misfit) -> String {
        let language = self.catalog.language;
        let key = match misfit {
            Misfit::TooLong(most) => return language.fill("typed_long", &[("most", &most)]),
            Misfit::Below(limit) => return language.fill("typed_below", &[("limit", &limit)]),
            Misfit::Above(limit) => return language.fill("typed_above", &[("limit", &limit)]),
            Misfit::Early => return language.fill("typed_day_early", &[("year", &YEAR_MIN)]),
            Misfit::Late(day) => return language.fill("typed_day_late", &[("day", &day)]),
            Misfit::Number if column.kind == Kind::Fen => "typed_money",
            Misfit::Number => "typed_number",
            Misfit::Characters => "typed_characters",
            Misfit::Household => "typed_household",
            Misfit::NameDigits => "typed_name_digits",
            Misfit::NameHidden => "typed_name_hidden",
            Misfit::Code | Misfit::Several => "typed_code",
            Misfit::Whole => "typed_whole",
            Misfit::Money => "typed_money",
            Misfit::Day => "typed_day",
            Misfit::Month => "typed_month",
            Misfit::Truth => "typed_truth",
            Misfit::Identity => "typed_identity",
            Misfit::Phone => "typed_phone",
            Misfit::Account => "typed_account",
            Misfit::Region => "typed_region",
        };
        language.say(key).to_owned()
    }
}

/// Lines `hash:name` of files that are kept already.
fn files(typed: &[String]) -> Value {
    let mut lines: Vec<&str> = Vec::new();
    for line in typed.iter().flat_map(|text| text.lines()) {
        if file_lines(line).next().is_some() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() { Value::Null } else { Value::Text(lines.join("\n")) }
}

/// A value as it stands in the inputs of a form; read again, it is the same value.
pub fn typed_texts(column: &Column, value: &Value) -> Vec<String> {
    match (column.kind, value) {
        (_, Value::Null) => Vec::new(),
        (Kind::Code, Value::Text(codes)) if column.many => codes.split(',').map(str::to_owned).collect(),
        (Kind::File, Value::Text(lines)) => lines.lines().map(str::to_owned).collect(),
        (_, Value::Fen(fen)) => vec![Decimal::new(fen.0, 2).normalize().to_string()],
        (Kind::Month, Value::Day(day)) => vec![format!("{:04}-{:02}", day.year(), day.month())],
        (_, value) => vec![value.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::field::{event_value_text, text_of};
    use model::Fen;
    use policy::Package;
    use std::path::Path;
    use words::Language;

    fn package() -> Package {
        let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
        let folders = std::fs::read_dir(&policy).expect("the policy folder").flatten();
        let found = folders.map(|entry| entry.path()).find(|path| path.join("package.toml").exists());
        Package::load(&found.expect("a package"), &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn column(kind: Kind) -> Column {
        Column {
            name: "some_field".to_owned(),
            kind,
            min: Some(Decimal::ZERO),
            max: Some(Decimal::from(1000)),
            ..Column::default()
        }
    }

    #[test]
    fn what_is_typed_is_read_as_files_are_and_read_back() {
        let package = package();
        let reader = FieldReader {
            catalog: Catalog { package: &package, language: Language::CHINESE },
            place: package.head.region,
            today: "2026-11-23".parse().expect("a day"),
        };
        let day = |text: &str| Ok(Value::Day(text.parse().expect("a day")));
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        let fault = |key: &str| Err(Language::CHINESE.say(key).to_owned());
        let cases = [
            (Kind::Day, "２０２１．５．２７", day("2021-05-27")),
            (Kind::Day, "2021年5月27日", day("2021-05-27")),
            (Kind::Day, "2021-02-29", fault("typed_day")),
            (Kind::Day, "2026-11-24", Err(Language::CHINESE.fill("typed_day_late", &[("day", &reader.today)]))),
            (Kind::Month, "2021-05", day("2021-05-01")),
            (Kind::Fen, "1，000.00 元", Ok(Value::Fen(Fen(100_000)))),
            (Kind::Fen, "1.005", fault("typed_money")),
            (Kind::Fen, "1000.01", Err(Language::CHINESE.fill("typed_above", &[("limit", &1000)]))),
            (Kind::Int, "-1", Err(Language::CHINESE.fill("typed_below", &[("limit", &0)]))),
            (Kind::Int, "1.5", fault("typed_whole")),
            (Kind::Decimal, "１．５０", Ok(Value::Decimal(Decimal::new(15, 1)))),
            (Kind::Bool, "√", Ok(Value::Bool(true))),
            (Kind::Bool, "也许", fault("typed_truth")),
            (Kind::Name, "吉木.阿古莫", text("吉木·阿古莫")),
            (Kind::Phone, "138 1234 5678", text("13812345678")),
            (Kind::Phone, "110", fault("typed_phone")),
            (Kind::Identity, "11010519491231002x", text("11010519491231002X")),
            (Kind::Identity, "110105194912310021", fault("typed_identity")),
            (Kind::Text, "第一行\r\n 第二行 ", text("第一行\n第二行")),
            (Kind::Text, "  ", Ok(Value::Null)),
            (Kind::Region, "没有这个村", fault("typed_region")),
        ];
        for (kind, typed, expected) in cases {
            let column = column(kind);
            let value = reader.read(&column, &[typed.to_owned()]);
            assert_eq!(value, expected, "{kind:?} {typed}");
            if let Ok(value) = value {
                assert_eq!(reader.read(&column, &typed_texts(&column, &value)), Ok(value), "{kind:?} {typed}");
            }
        }
    }

    #[test]
    fn codes_are_chosen_by_code_or_label_and_shown_by_label() {
        let package = package();
        let catalog = Catalog { package: &package, language: Language::CHINESE };
        let reader = FieldReader { catalog, place: package.head.region, today: "2026-11-23".parse().expect("a day") };
        let (name, list) = package.codes.iter().find(|(_, list)| list.code.len() > 2).expect("a list");
        let column = Column { codes: Some(name.clone()), many: true, ..column(Kind::Code) };
        let (first, third) = (&list.code[0], &list.code[2]);
        let typed = [third.label.clone(), first.code.clone()];
        let value = reader.read(&column, &typed).expect("codes");
        assert_eq!(value, Value::Text(format!("{},{}", first.code, third.code)));
        assert_eq!(text_of(&column, &value, &catalog), format!("{}、{}", first.label, third.label));
        let one = Column { many: false, ..column.clone() };
        assert_eq!(reader.read(&one, &["没有的项目".to_owned()]), Err(Language::CHINESE.say("typed_code").to_owned()));
    }

    #[test]
    fn events_are_told_with_units_and_labels() {
        let package = package();
        let catalog = Catalog { package: &package, language: Language::CHINESE };
        let unit = |kind| Column { unit: "亩".to_owned(), ..column(kind) };
        let cases = [
            (column(Kind::Fen), "123450", "1,234.50 元"),
            (unit(Kind::Decimal), "3.5", "3.5 亩"),
            (column(Kind::Bool), "true", "是"),
            (column(Kind::Month), "2021-05-01", "2021年5月"),
            (column(Kind::Day), "", "–"),
            (column(Kind::Phone), "***", "***"),
        ];
        for (column, payload, shown) in cases {
            assert_eq!(event_value_text(&column, payload, &catalog), shown, "{payload}");
        }
    }

    #[test]
    fn places_lie_inside_the_senders() {
        let package = package();
        let place = package.head.region;
        let child = package.divisions.children(place)[0].code;
        let other = package.divisions.children(place)[1].code;
        let catalog = Catalog { package: &package, language: Language::CHINESE };
        let reader = FieldReader { catalog, place: child, today: "2026-11-23".parse().expect("a day") };
        let read = |code: RegionCode| reader.read(&column(Kind::Region), &[code.to_string()]);
        assert_eq!(read(child), Ok(Value::Text(child.to_string())));
        assert_eq!(read(other), Err(Language::CHINESE.say("typed_region_outside").to_owned()));
    }

    #[test]
    fn only_lines_of_kept_files_are_files() {
        let hash = "0123456789abcdef".repeat(4);
        let good = format!("{hash}:现场.jpg");
        let value = files(&[good.clone(), "javascript:alert(1)".to_owned(), good.clone(), "x".repeat(64) + ":a"]);
        assert_eq!(value, Value::Text(good));
    }
}
