//! Files of people with every kind of damage, for any headings.

use crate::workbook::{Book, changed};
use exchange::{Heading, Output, TableWriter};
use model::Kind;
use policy::Package;
use policy::declare::Column;
use std::path::{Path, PathBuf};

/// Numbers whose check digits are wrong, phones and an account.
pub const NUMBERS: [&str; 6] = [
    "513431199001019999",
    "51343119850315777X",
    "513431850315777",
    "13898765432",
    "6217003810098765432",
    "0834-8765432",
];
pub const NAMES: [&str; 3] = ["欧阳泽楷", "吉克·阿衣莫", "俄底依布"];

/// Somebody of the register of people, with a name that is not the one of the register.
pub struct Person {
    pub number: String,
    pub household: String,
}

/// Rows of people without any heading, their cells in every order.
fn rows() -> Vec<Vec<String>> {
    let every = |number: &str, change: &dyn Fn(usize, char) -> String| -> String {
        number.chars().enumerate().map(|(at, digit)| change(at, digit)).collect()
    };
    let moved =
        |from: u32| move |_: usize, digit: char| char::from_u32(digit as u32 + from).unwrap_or(digit).to_string();
    let chinese = |_: usize, digit: char| {
        let at = digit.to_digit(10).unwrap_or_default() as usize;
        "〇一二三四五六七八九".chars().nth(at).unwrap_or(digit).to_string()
    };
    let spaced = |at: usize, digit: char| if at % 4 == 2 { format!(" {digit}") } else { digit.to_string() };
    let spelled = [
        every(NUMBERS[0], &spaced),
        every(NUMBERS[0], &moved(0xFEE0)),
        every(NUMBERS[3], &chinese),
        "（0834）8765432".into(),
    ];
    let others = ["580", "2024-05-20", "513431100201"].map(str::to_owned);
    let cells: Vec<String> =
        NUMBERS.iter().chain(&NAMES).map(|text| (*text).to_owned()).chain(spelled).chain(others).collect();
    (0..cells.len()).map(|turn| cells.iter().cycle().skip(turn).take(cells.len()).cloned().collect()).collect()
}

/// The columns of a dataset that a file has.
pub fn columns<'p>(package: &'p Package, name: &str) -> Vec<&'p Column> {
    let columns = match package.sources.get(name) {
        Some(source) => &source.column,
        None => &package.registers[name].field,
    };
    columns.iter().filter(|column| column.is_entered()).collect()
}

fn key<'p>(package: &'p Package, name: &str) -> &'p [String] {
    package.sources.get(name).map_or_else(|| &package.registers[name].key, |source| &source.key)
}

/// Rows of people that are as they should be, or have a number of somebody where another text should stand.
fn fitting(package: &Package, name: &str, people: &[Person]) -> Vec<Vec<String>> {
    let cell = |turn: usize, person: &Person, column: &Column| -> String {
        let is_key = key(package, name).contains(&column.name);
        let codes = || column.codes.as_ref().and_then(|codes| package.codes.get(codes));
        match column.kind {
            _ if column.name.ends_with("household_no") => person.household.clone(),
            Kind::Identity => person.number.clone(),
            Kind::Name => NAMES[turn % NAMES.len()].to_owned(),
            Kind::Phone => NUMBERS[3].to_owned(),
            Kind::Account => NUMBERS[4].to_owned(),
            Kind::Day => "2024-05-20".to_owned(),
            Kind::Month => "2024-05".to_owned(),
            Kind::Int | Kind::Fen | Kind::Decimal => "1".to_owned(),
            Kind::Bool => "是".to_owned(),
            Kind::Region => person.household[..12].to_owned(),
            Kind::Code => {
                codes().and_then(|codes| codes.code.first()).map(|code| code.code.clone()).unwrap_or_default()
            }
            Kind::Text if is_key => format!("T{turn}"),
            Kind::Text if turn % 2 == 1 => {
                if turn % 4 == 1 {
                    person.number.clone()
                } else {
                    NUMBERS[0].to_owned()
                }
            }
            Kind::Text => "甲".to_owned(),
            Kind::Reference | Kind::File => String::new(),
        }
    };
    let columns = columns(package, name);
    let row = |(turn, person)| columns.iter().map(|column| cell(turn, person, column)).collect();
    people.iter().cycle().take(4).enumerate().map(row).collect()
}

/// A dataset, and another one whose headings one of its damaged files has.
pub struct Datasets<'a> {
    pub own: &'a str,
    pub other: &'a str,
}

/// The damaged files for a dataset.
pub fn files(folder: &Path, package: &Package, datasets: &Datasets<'_>, people: &[Person]) -> Vec<PathBuf> {
    let Datasets { own: name, other } = *datasets;
    std::fs::create_dir_all(folder).expect("a folder");
    let labels = |name: &str| columns(package, name).iter().map(|column| column.label.clone()).collect::<Vec<_>>();
    let (labels, others) = (labels(name), labels(other));
    let width = labels.len();
    let fit = |row: Vec<String>| row.into_iter().cycle().take(width).collect::<Vec<_>>();
    let good = fitting(package, name, people);
    let table: Vec<Vec<String>> = good.iter().cloned().chain(rows().into_iter().map(fit)).collect();
    let mut paths = texts(folder, &labels, &others, &table);
    let all = |rows: &[Vec<String>]| [std::slice::from_ref(&labels), rows].concat();
    let ended = |name: &str, output: Output, rows: &[Vec<String>]| table_of(&folder.join(name), output, rows);
    paths.push(ended("no_head.xlsx", Output::Xlsx, &table));
    paths.push(ended("good_head.xlsx", Output::Xlsx, &all(&table)));
    paths.push(ended("fitting.xlsx", Output::Xlsx, &all(&good)));
    paths.push(ended("good_head.parquet", Output::ParquetText, &all(&table)));
    let cut = |name: &str, of: &Path, bytes: &dyn Fn(usize) -> usize| {
        let whole = std::fs::read(of).expect("a file");
        write(&folder.join(name), &whole[..bytes(whole.len())])
    };
    paths.push(cut("cut.xlsx", &folder.join("good_head.xlsx"), &|length| length * 2 / 3));
    paths.push(cut("cut.parquet", &folder.join("good_head.parquet"), &|length| length - 5));
    paths.push(with_wrong_cells(&folder.join("good_head.xlsx"), &folder.join("wrong_cells.xlsx")));
    paths
}

/// Damaged texts, some with other separators and encodings.
fn texts(folder: &Path, labels: &[String], others: &[String], table: &[Vec<String>]) -> Vec<PathBuf> {
    let body: Vec<String> = table.iter().map(|row| row.join(",")).collect();
    let with = |head: &str| format!("{head}\n{}", body.join("\n"));
    let head = labels.join(",");
    let open_quote: String = body.iter().map(|row| format!("\"{row}\n")).collect();
    let ragged: String = rows().into_iter().map(|row| format!("{}\n", row.join(","))).collect();
    let half = labels.iter().take(labels.len() / 2 + 1).map(String::as_str).chain(NAMES).chain([NUMBERS[0]]);
    let mut mixed = with(&head).into_bytes();
    mixed.extend(b"\n\xD6\xA3\xBC\xD1,\xFF\xFE,");
    mixed.extend(NUMBERS[0].as_bytes());
    let wide: Vec<u8> = with(&head).replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let named = format!("{}家庭情况,{},家庭", NAMES[0], NUMBERS[0]);
    let texts = [
        ("good_head.csv", with(&head).into_bytes()),
        ("no_head.csv", body.join("\n").into_bytes()),
        ("wrong_head.csv", with(&half.collect::<Vec<_>>().join(",")).into_bytes()),
        ("other_head.csv", with(&others.join(",")).into_bytes()),
        ("twice.csv", with(&format!("{head},{head}")).into_bytes()),
        ("open_quote.csv", format!("{head}\n{open_quote}").into_bytes()),
        ("swallowed.csv", format!("{head}\n{}\n\"{}\"\n", body[0], body.join("\n")).into_bytes()),
        ("ragged.csv", format!("{head}\n{ragged}").into_bytes()),
        ("unit.csv", format!("{},单位：{}\n{}", NAMES[1], NUMBERS[0], with(&head)).into_bytes()),
        ("title.csv", format!("{named}\n{}", with(&format!("{head},{}家庭,{}", NAMES[2], NUMBERS[3]))).into_bytes()),
        ("mixed.csv", mixed),
        ("wide.csv", [&b"\xFF\xFE"[..], &wide].concat()),
    ];
    texts.into_iter().map(|(name, bytes)| write(&folder.join(name), &bytes)).collect()
}

fn write(path: &Path, bytes: &[u8]) -> PathBuf {
    std::fs::write(path, bytes).expect("a damaged file");
    path.to_owned()
}

/// A file of these rows, the first of which becomes its headings.
fn table_of(path: &Path, output: Output, rows: &[Vec<String>]) -> PathBuf {
    let (head, rows) = rows.split_first().expect("headings");
    let head = head.iter().map(|text| Heading { text: text.clone(), kind: Kind::Text }).collect::<Vec<_>>();
    let mut table = TableWriter::create(path, output, &head).expect("a table");
    rows.iter().for_each(|row| table.write_texts(row).expect("a row"));
    table.finish().expect("is written");
    path.to_owned()
}

/// The workbook with texts below its headings that say they are numbers, errors or days.
fn with_wrong_cells(from: &Path, to: &Path) -> PathBuf {
    let mut kinds = ["n", "e", "d", "str"].iter().cycle();
    let changed = changed(&Book::open(from), 0, |xml| {
        let (head, rows) = xml.split_once("<row r=\"2\"").expect("rows");
        let mut parts = rows.split("t=\"inlineStr\"><is><t>");
        let first = parts.next().unwrap_or_default();
        let cell = |part: &str| {
            let kind = kinds.next().expect("for ever");
            format!("t=\"{kind}\"><v>{}", part.replacen("</t></is>", "</v>", 1))
        };
        format!("{head}<row r=\"2\"{first}{}", parts.map(cell).collect::<String>())
    });
    changed.write(to);
    to.to_owned()
}
