//! Damaged files of people, handed in as every source and register: nobody's number, phone, account or name comes out in full.

use crate::harness::{Story, root, text};
use exchange::{Heading, Output, TableWriter};
use std::path::{Path, PathBuf};

/// Numbers whose check digits are wrong, so that no row is taken; each stands in other spellings, too.
const NUMBERS: [&str; 6] = [
    "513431199001019999",
    "51343119850315777X",
    "513431850315777",
    "13898765432",
    "6217003810098765432",
    "0834-8765432",
];
const NAMES: [&str; 3] = ["欧阳泽楷", "吉克·阿衣莫", "俄底依布"];

/// Of so many damages a dataset gets one.
const DAMAGES_IN_TURN: usize = 4;

/// Rows of people without any heading, their cells in every order.
fn rows() -> Vec<Vec<String>> {
    let spaced: String = NUMBERS[0]
        .chars()
        .enumerate()
        .map(|(at, digit)| if at % 4 == 2 { format!(" {digit}") } else { digit.to_string() })
        .collect();
    let wide: String = NUMBERS[0].chars().filter_map(|digit| char::from_u32(digit as u32 + 0xFEE0)).collect();
    let own = |text: &str| text.to_owned();
    let mut cells: Vec<String> = NUMBERS.iter().chain(&NAMES).map(|text| own(text)).collect();
    cells.extend([spaced, wide, own("580"), own("2024-05-20"), own("513431100201")]);
    (0..cells.len()).map(|turn| cells.iter().cycle().skip(turn).take(cells.len()).cloned().collect()).collect()
}

/// The labels of a dataset's columns.
fn labels(package: &policy::Package, name: &str) -> Vec<String> {
    let columns = match package.sources.get(name) {
        Some(source) => &source.column,
        None => &package.registers[name].field,
    };
    columns.iter().filter(|column| column.is_entered()).map(|column| column.label.clone()).collect()
}

/// The damaged files for a dataset with these headings; `others`: those of another one.
fn files(folder: &Path, labels: &[String], others: &[String]) -> Vec<PathBuf> {
    let width = labels.len();
    let fit = |row: Vec<String>| row.into_iter().cycle().take(width).collect::<Vec<_>>();
    let body: Vec<String> = rows().into_iter().map(|row| fit(row).join(",")).collect();
    let with = |head: &str| std::iter::once(head.to_owned()).chain(body.iter().cloned()).collect::<Vec<_>>().join("\n");
    let head = labels.join(",");
    let open_quote = body.iter().map(|row| format!("\"{row}")).collect::<Vec<_>>().join("\n");
    let ragged = rows().into_iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
    let half = labels
        .iter()
        .take(width / 2 + 1)
        .cloned()
        .chain(NAMES.iter().map(|name| (*name).to_owned()))
        .chain([NUMBERS[0].to_owned()]);
    let mut mixed = with(&head).into_bytes();
    mixed.extend(b"\n\xD6\xA3\xBC\xD1,\xFF\xFE,");
    mixed.extend(NUMBERS[0].as_bytes());
    let texts = [
        ("good_head.csv", with(&head).into_bytes()),
        ("no_head.csv", body.join("\n").into_bytes()),
        ("wrong_head.csv", with(&half.collect::<Vec<_>>().join(",")).into_bytes()),
        ("other_head.csv", with(&others.join(",")).into_bytes()),
        ("twice.csv", with(&format!("{head},{head}")).into_bytes()),
        ("open_quote.csv", format!("{head}\n{open_quote}").into_bytes()),
        ("ragged.csv", format!("{head}\n{ragged}").into_bytes()),
        ("unit.csv", format!("{},单位：{}\n{}", NAMES[1], NUMBERS[0], with(&head)).into_bytes()),
        ("mixed.csv", mixed),
    ];
    let mut paths = Vec::new();
    for (name, bytes) in texts {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a damaged file");
        paths.push(path);
    }
    let sheet = |name: &str, mut rows: Vec<Vec<String>>| {
        let path = folder.join(name);
        let head = rows.remove(0).into_iter().map(|text| Heading { text, kind: model::Kind::Text }).collect::<Vec<_>>();
        let mut table = TableWriter::create(&path, Output::Xlsx, &head).expect("a workbook");
        rows.iter().for_each(|row| table.write_texts(row).expect("a row"));
        table.finish().expect("is written");
        path
    };
    let body = || rows().into_iter().map(fit);
    paths.push(sheet("no_head.xlsx", body().collect()));
    paths.push(sheet("good_head.xlsx", std::iter::once(labels.to_vec()).chain(body()).collect()));
    paths
}

fn check(said: &[u8], place: &str) {
    for secret in NUMBERS.iter().chain(&NAMES) {
        let found = said.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(
            !found,
            "{secret} stands in {place}: {}",
            String::from_utf8_lossy(said).lines().find(|line| line.contains(secret)).unwrap_or("")
        );
    }
}

#[test]
fn nothing_of_a_person_comes_out_of_damaged_files_whatever_they_are_handed_in_as() {
    let story = Story::begin();
    story.init();
    let package = policy::Package::load(&root().join("policy/sichuan-2021"), &[])
        .unwrap_or_else(|_| panic!("the package is good"));
    let names: Vec<&String> = package.sources.keys().chain(package.registers.keys()).collect();
    let dir = text(&story.dir());
    for (at, name) in names.iter().enumerate() {
        let folder = story.path(&format!("damaged/{name}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let others = labels(&package, names[(at + 1) % names.len()]);
        // Every dataset gets a file without headings and a part of the other damages in turn.
        let paths = files(&folder, &labels(&package, name), &others).into_iter().enumerate();
        let in_turn = paths.filter(|(turn, _)| *turn == 1 || (turn + at) % DAMAGES_IN_TURN == 0);
        let paths: Vec<String> = in_turn.map(|(_, path)| text(&path)).collect();
        let arguments = ["--json", "import", "--dir", &dir, "--day", "2024-10-31", name];
        let mut arguments: Vec<&str> = arguments.to_vec();
        arguments.extend(paths.iter().map(String::as_str));
        let output = story.try_run(&arguments);
        check(&output.stdout, &format!("the summary of {name}"));
        check(&output.stderr, &format!("what is said of {name}"));
    }
    // Names of people stand in records in full, where a register takes such a row: of the database only numbers are looked for.
    for place in ["lake", "data.db", "data.db-wal"] {
        for file in crate::imports::all_files(&story.dir().join(place)) {
            let bytes = std::fs::read(&file).expect("a file of the installation");
            for number in NUMBERS {
                let found = bytes.windows(number.len()).any(|window| window == number.as_bytes());
                assert!(!found, "{number} stands in {}", file.display());
            }
        }
    }
}
