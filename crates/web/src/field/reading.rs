//! What was typed into a form as a value, or a sentence that says what does not fit. The judgement is that of files
//! (`model::written`), so that a form takes what a file may hold.

use crate::catalog::Catalog;
use crate::field::file_lines;
use crate::language::Language;
use model::written::{self, NameFault, PlainNumber, WrittenDay};
use model::{Day, Decimal, Fen, HouseholdNo, IdentityNumber, Kind, RegionCode, Value};
use policy::declare::Column;
use std::fmt::Display;

/// Characters of a text at most.
const TEXT_CHARACTERS_MAX: usize = 2_000;
/// Days before this year are mistakes.
const YEAR_MIN: i32 = 1900;

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
        match column.kind {
            Kind::Code if column.many => self.codes(column, typed),
            Kind::File => Ok(files(typed)),
            _ if text.is_empty() => Ok(Value::Null),
            Kind::Text if column.name == "household_no" => self.household(text),
            Kind::Text => self.text(text),
            Kind::Reference => Ok(optional(Some(written::fold(text).into_owned()))),
            Kind::Name => self.name(text),
            Kind::Code => self.code(column, text).map(Value::Text),
            Kind::Int => self.int(column, text),
            Kind::Decimal => self.decimal(column, text),
            Kind::Fen => self.money(column, text),
            Kind::Day | Kind::Month => self.day(column, text),
            Kind::Bool => self.truth(text),
            Kind::Identity => self.identity(text),
            Kind::Phone => written::phone_of(text).map(optional).ok_or_else(|| self.say("typed_phone")),
            Kind::Account => written::account_of(text).map(optional).ok_or_else(|| self.say("typed_account")),
            Kind::Region => self.region(text),
        }
    }

    fn language(&self) -> Language {
        self.catalog.language
    }

    fn say(&self, key: &str) -> String {
        self.language().say(key).to_owned()
    }

    /// Lines stay lines; what cannot be seen goes.
    fn text(&self, text: &str) -> Result<Value, String> {
        let lines: Result<Vec<_>, _> = text.lines().map(written::tidy).collect();
        let tidy = lines.map_err(|_| self.say("typed_characters"))?.join("\n").trim().to_owned();
        if tidy.chars().count() > TEXT_CHARACTERS_MAX {
            return Err(self.language().fill("typed_long", &[("most", &TEXT_CHARACTERS_MAX)]));
        }
        Ok(optional(Some(tidy)))
    }

    fn household(&self, text: &str) -> Result<Value, String> {
        let folded = written::fold(text);
        let number = HouseholdNo::parse(&folded).ok_or_else(|| self.say("typed_household"))?;
        Ok(Value::Text(number.to_string()))
    }

    fn name(&self, text: &str) -> Result<Value, String> {
        written::name_of(text).map(optional).map_err(|fault| match fault {
            NameFault::Characters => self.say("typed_characters"),
            NameFault::Digits => self.say("typed_name_digits"),
            NameFault::Hidden => self.say("typed_name_hidden"),
            NameFault::TooLong(most) => self.language().fill("typed_long", &[("most", &most)]),
        })
    }

    /// The code of a code or label.
    fn code(&self, column: &Column, text: &str) -> Result<String, String> {
        let list = column.codes.as_deref().unwrap_or_default();
        let Some(codes) = self.catalog.package.codes.get(list) else { return Ok(text.to_owned()) };
        let folded = written::fold(text);
        let same = |one: &&policy::declare::Code| {
            one.code == folded || written::fold(&one.label) == folded || one.label_en.eq_ignore_ascii_case(text)
        };
        let found = codes.code.iter().find(|one| one.code == folded).or_else(|| codes.code.iter().find(same));
        found.map(|one| one.code.clone()).ok_or_else(|| self.say("typed_code"))
    }

    /// Codes in the list's order, joined by `,`.
    fn codes(&self, column: &Column, typed: &[String]) -> Result<Value, String> {
        let filled = typed.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty());
        let chosen: Vec<String> = filled.map(|text| self.code(column, text)).collect::<Result<_, _>>()?;
        let list = column.codes.as_deref().and_then(|list| self.catalog.package.codes.get(list));
        let in_order = list.map(|list| list.code.iter().map(|one| &one.code).filter(|code| chosen.contains(code)));
        let codes: Vec<&str> = in_order.map_or_else(Vec::new, |codes| codes.map(String::as_str).collect());
        Ok(optional(Some(codes.join(","))))
    }

    fn int(&self, column: &Column, text: &str) -> Result<Value, String> {
        let Some(number) = self.number(text)? else { return Ok(Value::Null) };
        let whole = number.times_tens(0).ok_or_else(|| self.say("typed_whole"))?;
        self.in_range(column, Decimal::from(whole))?;
        Ok(Value::Int(whole))
    }

    fn decimal(&self, column: &Column, text: &str) -> Result<Value, String> {
        let Some(number) = self.number(text)? else { return Ok(Value::Null) };
        let value = number.decimal().ok_or_else(|| self.say("typed_number"))?;
        self.in_range(column, value)?;
        Ok(Value::Decimal(value))
    }

    fn number(&self, text: &str) -> Result<Option<PlainNumber>, String> {
        written::number_of(text).map_err(|_| self.say("typed_number"))
    }

    fn money(&self, column: &Column, text: &str) -> Result<Value, String> {
        let number = written::money_of(text).map_err(|_| self.say("typed_money"))?;
        let Some(number) = number else { return Ok(Value::Null) };
        let fen = number.times_tens(2).ok_or_else(|| self.say("typed_money"))?;
        self.in_range(column, Decimal::new(fen, 2))?;
        Ok(Value::Fen(Fen(fen)))
    }

    fn in_range(&self, column: &Column, value: Decimal) -> Result<(), String> {
        let said = |key: &str, limit: Decimal| {
            let limit: &dyn Display = &limit.normalize();
            self.language().fill(key, &[("limit", limit)])
        };
        match (column.min, column.max) {
            (Some(min), _) if value < min => Err(said("typed_below", min)),
            (_, Some(max)) if value > max => Err(said("typed_above", max)),
            _ => Ok(()),
        }
    }

    fn day(&self, column: &Column, text: &str) -> Result<Value, String> {
        let is_month = column.kind == Kind::Month;
        let wrong = || self.say(if is_month { "typed_month" } else { "typed_day" });
        let day = match written::day_of(text).ok_or_else(wrong)? {
            WrittenDay::Nothing => return Ok(Value::Null),
            WrittenDay::Day(day) | WrittenDay::Month(day) if is_month => day.first_of_month(),
            WrittenDay::Day(day) => day,
            WrittenDay::Month(_) => return Err(wrong()),
        };
        if day.year() < YEAR_MIN {
            return Err(self.language().fill("typed_day_early", &[("year", &YEAR_MIN)]));
        }
        if day > self.today && !column.may_be_future {
            return Err(self.language().fill("typed_day_late", &[("day", &self.today)]));
        }
        Ok(Value::Day(day))
    }

    fn truth(&self, text: &str) -> Result<Value, String> {
        let truth = written::truth_of(text).map_err(|_| self.say("typed_truth"))?;
        Ok(truth.map_or(Value::Null, Value::Bool))
    }

    fn identity(&self, text: &str) -> Result<Value, String> {
        let number = IdentityNumber::parse(text).map_err(|_| self.say("typed_identity"))?;
        if number.born_on() > self.today {
            return Err(self.say("typed_identity"));
        }
        let behind = number.disability().map_or(String::new(), |_| {
            let letters = text.chars().map(written::half_width).filter(char::is_ascii_alphanumeric);
            letters.skip(18).map(|letter| letter.to_ascii_uppercase()).collect()
        });
        Ok(Value::Text(number.canonical() + &behind))
    }

    /// A place by code or full name, inside the sender's.
    fn region(&self, text: &str) -> Result<Value, String> {
        let divisions = &self.catalog.package.divisions;
        let by_name = || {
            let mut named = divisions.inside(self.place).filter(|one| one.name == text);
            named.next().filter(|_| named.next().is_none()).map(|one| one.code)
        };
        let code = written::fold(text).parse::<RegionCode>().ok().or_else(by_name);
        let code = code.filter(|code| divisions.get(*code).is_some()).ok_or_else(|| self.say("typed_region"))?;
        if !self.place.holds(code) {
            return Err(self.say("typed_region_outside"));
        }
        Ok(Value::Text(code.to_string()))
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
    optional(Some(lines.join("\n")))
}

fn optional(text: Option<String>) -> Value {
    text.filter(|text| !text.is_empty()).map_or(Value::Null, Value::Text)
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
    use crate::field::{text_of, told_text};
    use policy::Package;
    use std::path::Path;

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
            catalog: Catalog { package: &package, language: Language::Chinese },
            place: package.head.region,
            today: "2026-11-23".parse().expect("a day"),
        };
        let day = |text: &str| Ok(Value::Day(text.parse().expect("a day")));
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        let fault = |key: &str| Err(Language::Chinese.say(key).to_owned());
        let cases = [
            (Kind::Day, "２０２１．５．２７", day("2021-05-27")),
            (Kind::Day, "2021年5月27日", day("2021-05-27")),
            (Kind::Day, "2021-02-29", fault("typed_day")),
            (Kind::Day, "2026-11-24", Err(Language::Chinese.fill("typed_day_late", &[("day", &reader.today)]))),
            (Kind::Month, "2021-05", day("2021-05-01")),
            (Kind::Fen, "1，000.00 元", Ok(Value::Fen(Fen(100_000)))),
            (Kind::Fen, "1.005", fault("typed_money")),
            (Kind::Fen, "1000.01", Err(Language::Chinese.fill("typed_above", &[("limit", &1000)]))),
            (Kind::Int, "-1", Err(Language::Chinese.fill("typed_below", &[("limit", &0)]))),
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
        let catalog = Catalog { package: &package, language: Language::Chinese };
        let reader = FieldReader { catalog, place: package.head.region, today: "2026-11-23".parse().expect("a day") };
        let (name, list) = package.codes.iter().find(|(_, list)| list.code.len() > 2).expect("a list");
        let column = Column { codes: Some(name.clone()), many: true, ..column(Kind::Code) };
        let (first, third) = (&list.code[0], &list.code[2]);
        let typed = [third.label.clone(), first.code.clone()];
        let value = reader.read(&column, &typed).expect("codes");
        assert_eq!(value, Value::Text(format!("{},{}", first.code, third.code)));
        assert_eq!(text_of(&column, &value, &catalog), format!("{}、{}", first.label, third.label));
        let one = Column { many: false, ..column.clone() };
        assert_eq!(reader.read(&one, &["没有的项目".to_owned()]), Err(Language::Chinese.say("typed_code").to_owned()));
    }

    #[test]
    fn events_are_told_with_units_and_labels() {
        let package = package();
        let catalog = Catalog { package: &package, language: Language::Chinese };
        let unit = |kind| Column { unit: "亩".to_owned(), ..column(kind) };
        let cases = [
            (column(Kind::Fen), "123450", "1,234.50 元"),
            (unit(Kind::Decimal), "3.5", "3.5 亩"),
            (column(Kind::Bool), "true", "是"),
            (column(Kind::Month), "2021-05-01", "2021-05"),
            (column(Kind::Day), "", "–"),
            (column(Kind::Phone), "***", "***"),
        ];
        for (column, told, shown) in cases {
            assert_eq!(told_text(&column, told, &catalog), shown, "{told}");
        }
    }

    #[test]
    fn places_lie_inside_the_senders() {
        let package = package();
        let place = package.head.region;
        let child = package.divisions.children(place)[0].code;
        let other = package.divisions.children(place)[1].code;
        let catalog = Catalog { package: &package, language: Language::Chinese };
        let reader = FieldReader { catalog, place: child, today: "2026-11-23".parse().expect("a day") };
        let read = |code: RegionCode| reader.read(&column(Kind::Region), &[code.to_string()]);
        assert_eq!(read(child), Ok(Value::Text(child.to_string())));
        assert_eq!(read(other), Err(Language::Chinese.say("typed_region_outside").to_owned()));
    }

    #[test]
    fn only_lines_of_kept_files_are_files() {
        let hash = "0123456789abcdef".repeat(4);
        let good = format!("{hash}:现场.jpg");
        let value = files(&[good.clone(), "javascript:alert(1)".to_owned(), good.clone(), "x".repeat(64) + ":a"]);
        assert_eq!(value, Value::Text(good));
    }
}
