//! A thousand hostile declarations by seed: every one is refused with file, line and message, and nothing panics.

use crate::Copy;

/// Splitmix64: the same seed gives the same declarations.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }

    pub(crate) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// A file whose bytes went wrong in up to `most` places and one more: other bytes, a sudden end, one of `marks` too many.
    pub(crate) fn scramble(&mut self, text: &str, most: usize, marks: &[u8]) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(most) {
            let at = self.below(bytes.len());
            match self.below(3) {
                0 => bytes[at] = self.below(256) as u8,
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, marks[self.below(marks.len())]),
            }
        }
        bytes
    }
}

/// What gives a declaration its form.
pub(crate) const MARKS: &[u8] = b"\"'[]{}=\n#.\\";

pub(crate) const IDENTIFIERS: &[&str] = &[
    "Select",
    "select",
    "from",
    "where",
    "day",
    "p",
    "row",
    "file",
    "key_hash",
    "resident_key",
    "1abc",
    "_abc",
    "a-b",
    "a b",
    "a.b",
    "年龄",
    "a;drop",
    "a--",
    "naïve",
    "a\\u0000b",
    "",
    "tableName",
    "*",
    "a'b",
    "a\\\"b",
    "ＡＢ",
    "../x",
    "%s",
    "a\\nb",
    "household",
    "line",
    "value",
    "null",
    "true",
    "date",
];

const CONDITIONS: &[&str] = &[
    "1",
    "'x'",
    "1 = 1; drop table household",
    "member_count > (select 1)",
    "exists (select 1)",
    "member_count like '1'",
    "cast(member_count as text) = '1'",
    "member_count / 0 > 1",
    "member_count % 2 = 1",
    "income_fen > 6000",
    "income_fen = 0.5",
    "day > '2021-01-01'",
    "risk_code = '99'",
    "risk_code = '因病'",
    "risk_code > '01'",
    "p.nothing > 1",
    "nothing is null",
    "head_phone is null",
    "household_no = '1'",
    "member_count",
    "null",
    "sum(income_fen) > yuan(1)",
    "count() > 1",
    "is_monitored = 1",
    "not income_fen",
    "income_fen between 1 and 2",
    "member_count in (select 1)",
    "member_count in (1, '2')",
    "is_monitored and",
    "((((",
    "))))",
    "''''",
    "'",
    "\\\"",
    "`a`",
    "[1,2]",
    "{a}",
    "@a",
    "$1",
    "?",
    ":a",
    "a := 1",
    "x'00' = 'a'",
    "1e400 > 1",
    "99999999999999999999999 > member_count",
    "yuan(1.001) > income_fen",
    "yuan(income_fen) > yuan(1)",
    "date '2021-13-01' < day",
    "timestamp '2021-01-01' < day",
    "interval '1' day > 1",
    "sick_household_count > 1",
    "self_paid_12m_fen > yuan(1)",
    "p > 1",
    "coalesce(income_fen, 5) > yuan(1)",
    "greatest(member_count, 'a') > 1",
    "age(income_fen) > 1",
    "drop_table()",
    "pg_sleep(10) > 1",
    "case when 1 then 2 end > 1",
    "case member_count when 1 then true end",
    "member_count > 1 -- and more",
    "/* */ is_monitored",
    "is_monitored is true",
    "income_fen * income_fen > yuan(1)",
    "current_date > day",
    "is_monitored or *",
    "a.b.c.d",
    "household.income_fen > yuan(1)",
];

const VALUES: &[&str] = &[
    "1",
    "\"x\"",
    "[]",
    "{}",
    "2021-13-01",
    "nan",
    "true",
    "-99999999999999999999",
    "[[1]]",
    "\"",
    "'''",
    "",
    "0x",
    "\u{0}",
];

/// One hostile edit: file, the text to replace, and what stands there instead.
fn edit(dice: &mut Dice) -> (&'static str, &'static str, String) {
    let mut condition = dice.pick(CONDITIONS).to_owned();
    match dice.below(6) {
        0 => condition = format!("member_count > {} or {condition}", dice.below(1_000)),
        1 => condition = format!("{}{condition}{}", "(".repeat(60 + dice.below(900)), ")".repeat(60)),
        2 => condition = format!("{condition} and {}", dice.pick(CONDITIONS)),
        3 => condition = format!("unknown_{} = {}", dice.roll(), dice.below(100)),
        _ => {}
    }
    let identifier = match dice.below(4) {
        0 => format!("x{}", "y".repeat(63 + dice.below(200))),
        _ => dice.pick(IDENTIFIERS).to_owned(),
    };
    let rule = "rules/spending_high.toml";
    let source = "sources/medical_bill.toml";
    let household = "registers/household.toml";
    let line = "parameters/spending_line.toml";
    match dice.below(22) {
        0..=4 => (
            rule,
            "when = \"household_self_paid_fen > p.spending_line and not coalesce(is_monitored, false)\"",
            format!("when = \"{condition}\""),
        ),
        5 => (
            "facts/sick_household_count.toml",
            "where = \"household_self_paid_fen > 0\"",
            format!("where = \"{condition}\""),
        ),
        6 => ("indicators/monitored_share.toml", "where = \"is_monitored\"", format!("where = \"{condition}\"")),
        7 => ("facts/self_paid_12m_fen.toml", "\"visit_code = '1'\"", format!("\"{condition}\"")),
        8 => (source, "\"reimbursed_fen <= total_fen\"", format!("\"{condition}\"")),
        9 => (source, "name = \"total_fen\"", format!("name = \"{identifier}\"")),
        10 => (household, "name = \"land_mu\"", format!("name = \"{identifier}\"")),
        11 => ("registers/lead.toml", "name = \"close\"", format!("name = \"{identifier}\"")),
        12 => (rule, "article = [1]", format!("article = [{}]", 3 + dice.below(250))),
        13 => (rule, "risk = \"01\"", format!("risk = \"x{}\"", dice.below(1_000))),
        14 => (
            rule,
            "points = 20",
            format!(
                "points = {}",
                if dice.below(2) == 0 { 101 + dice.below(9_999) as i64 } else { -(dice.below(9_999) as i64) }
            ),
        ),
        15 => (rule, "{value},超过", format!("{{nothing_{}}},超过", dice.below(1_000))),
        16 => (rule, "bands = [1.0, 1.5, 2.0]", format!("bands = [1.0, {}, 2.0]", 2 + dice.below(1_000))),
        17 => (
            rule,
            "label = \"自付过高\"",
            format!("label = {}", VALUES[dice.below(VALUES.len() - 1)].replace("\"x\"", "\"x\" \"y\"")),
        ),
        18 => (household, "label = \"农户\"", format!("unknown_{} = 1\nlabel = \"农户\"", dice.below(1_000))),
        19 => {
            (line, "formula = \"whole(p.reference_income * p.spending_share)\"", format!("formula = \"{condition}\""))
        }
        20 => (line, "source = \"示例\"", format!("amount = {}\nsource = \"示例\"", dice.below(1_000))),
        _ => (line, "grade = \"A\"", format!("grade = \"{}\"", dice.pick(&["C", "example", "", "a", "K"]))),
    }
}

#[test]
fn a_thousand_hostile_declarations_are_refused_with_file_and_line() {
    let copy = Copy::new();
    for seed in 0..1_000_u64 {
        let (file, before, after) = edit(&mut Dice(seed));
        let original = copy.read(file);
        assert!(original.contains(before), "seed {seed}: {file} holds {before}");
        copy.write(file, &original.replacen(before, &after, 1));
        let Err(problems) = copy.load() else { panic!("seed {seed}: accepted {after} in {file}") };
        let in_file =
            problems.0.iter().filter(|problem| problem.is_error()).find(|problem| problem.file.ends_with(file));
        let Some(problem) = in_file else { panic!("seed {seed}: {after} in {file}: not named in\n{problems}") };
        assert!(problem.line >= 1 && problem.column >= 1 && !problem.what.is_empty(), "seed {seed}: {problem}");
        assert!(problem.to_string().contains(&format!("{}:{}:", file, problem.line)), "seed {seed}: {problem}");
        copy.write(file, &original);
    }
    copy.load().expect("the fixture is whole again");
}

#[test]
fn hostile_files_do_not_panic() {
    let copy = Copy::new();
    let rule = copy.read("rules/spending_high.toml");
    let mut dice = Dice(7);
    for _ in 0..150 {
        let bytes = dice.scramble(&rule, 6, MARKS);
        std::fs::write(copy.path("rules/spending_high.toml"), &bytes).expect("writes");
        let _ = copy.load().map_err(|problems| problems.to_string());
    }
}

#[test]
fn bad_file_names_and_missing_files_are_named() {
    let copy = Copy::new();
    for name in ["select.toml", "Älter.toml", "a b.toml", "1a.toml", "规则.toml"] {
        copy.write(&format!("rules/{name}"), "");
        let problems = copy.load().expect_err(name);
        assert!(problems.0.iter().any(|problem| problem.file.ends_with(name)), "{name}: {problems}");
        std::fs::remove_file(copy.path(&format!("rules/{name}"))).expect("removes");
    }
    let nowhere = crate::load(&copy.path("nowhere"), &[]).expect_err("no package");
    assert!(nowhere.0[0].file.ends_with("package.toml"), "{nowhere}");
}
