//! A thousand hostile registers by seed, each beside a benign neighbour: the one is refused with file and line, the other loads.

use crate::Copy;
use crate::hostile::{Dice, IDENTIFIERS};
use std::time::{Duration, Instant};

const WELL: &str = "registers/well.toml";
const CASES: &str = "registers/well.cases.toml";
const SEED: u64 = 20_260_613;

/// No load of one register takes longer, on any machine.
const LOAD_MAX: Duration = Duration::from_secs(20);

/// Letters that look like others, and letters that are not seen.
const LOOK_ALIKES: &[&str] =
    &["dug_оn", "ｄug_on", "dug\u{200b}_on", "\u{202e}no_gud", "dug_on\u{301}", "well＿no", "ſtate", "K"];

/// Names of the engine, of SQL and of the register itself.
const TAKEN: &[&str] = &[
    "id",
    "state",
    "version",
    "due_on",
    "entered_by",
    "position",
    "origin_row",
    "withdrawn_on",
    "phone_find",
    "id_tail",
    "share_rate",
    "check",
    "constraint",
    "lateral",
    "analyze",
    "a__b",
    "content",
    "record",
];

/// Conditions over a well that are none.
const CONDITIONS: &[&str] = &[
    "dug_on",
    "null",
    "1",
    "dug_on <= day; drop table r_well",
    "dug_on <= day -- and more",
    "dug_on <= day /* more */",
    "exists (select 1 from r_household)",
    "litre_count > (select max(litre_count) from r_well)",
    "litre_count in (select 1)",
    "pg_sleep(10) is null",
    "load_extension('x') is null",
    "lower(well_no) = 'a'",
    "well_no like '%'",
    "well_no || 'a' = 'b'",
    "cast(litre_count as text) = '1'",
    "litre_count::text = '1'",
    "litre_count / 0 > 1",
    "litre_count = '40'",
    "dug_on > 5",
    "repair_fen > 100",
    "nothing = 1",
    "wells.litre_count > 1",
    "household.income_fen > yuan(1)",
    "p.nothing > 1",
    "trouble_codes = '01'",
    "grade_code = '9'",
    "state = 'nowhere'",
    "state > 'used'",
    "count() > 1",
    "litre_count between '1' and 2",
    "not litre_count",
    "current_user = 'x'",
    "litre_count = 1 or",
    "'",
    "\\\"",
    "litre_count > 99999999999999999999999",
];

/// A mutation: what stands in the fixture, what a hostile hand writes there, what a clerk might.
struct Mutation {
    before: String,
    hostile: String,
    benign: String,
}

fn mutation(before: &str, hostile: String, benign: String) -> Mutation {
    Mutation { before: before.to_owned(), hostile, benign }
}

fn identifier(dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => format!("x{}", "y".repeat(48 + dice.below(200))),
        1 => dice.pick(LOOK_ALIKES).to_owned(),
        2 => dice.pick(TAKEN).to_owned(),
        _ => dice.pick(IDENTIFIERS).to_owned(),
    }
}

fn condition(dice: &mut Dice) -> String {
    let plain = dice.pick(CONDITIONS).to_owned();
    match dice.below(5) {
        0 => format!("litre_count > {} or {plain}", dice.below(1_000)),
        1 => format!("{}{plain}", "(".repeat(60 + dice.below(3_000))),
        2 => format!("{}litre_count > 1", "not ".repeat(400 + dice.below(3_000))),
        3 => format!("{}1{}", "case when ".repeat(5 + dice.below(300)), " then 1 end".repeat(5)),
        _ => plain,
    }
}

/// Appended fields, each derived from the next; the last one from the first where they make a circle.
fn chain(length: usize, is_circle: bool) -> String {
    let last = if is_circle { "link_0 + 1".to_owned() } else { "litre_count".to_owned() };
    let field = |at: usize| {
        let derived = if at + 1 == length { last.clone() } else { format!("link_{} + 1", at + 1) };
        format!(
            "\n[[field]]\nname = \"link_{at}\"\nlabel = \"链{at}\"\nlabel_en = \"Link\"\nkind = \"int\"\nderived = \"{derived}\"\n"
        )
    };
    (0..length).map(field).collect()
}

fn fields(count: usize) -> String {
    let field = |at: usize| {
        format!("\n[[field]]\nname = \"more_{at}\"\nlabel = \"更多{at}\"\nlabel_en = \"More\"\nkind = \"text\"\n")
    };
    (0..count).map(field).collect()
}

fn columns(count: usize) -> String {
    format!("columns = [\"well_no\"{}", ", \"grade_code\"".repeat(count))
}

fn mutate(dice: &mut Dice) -> Mutation {
    let number = dice.below(1_000);
    let first_child = "\n[[child]]\nname = \"share\"";
    match dice.below(20) {
        0..=1 => mutation(
            "name = \"holder\"",
            format!("name = \"{}\"", identifier(dice)),
            format!("name = \"{}_{number}\"", dice.pick(&["keeper", "owner", "a", "selected"])),
        ),
        2 => mutation(
            "name = \"close_well\"",
            format!(
                "name = \"{}\"",
                match dice.below(3) {
                    0 => dice.pick(&["enter", "change", "withdraw", "open_well"]).to_owned(),
                    _ => dice.pick(IDENTIFIERS).to_owned(),
                }
            ),
            format!("name = \"shut_{number}\""),
        ),
        3..=5 => mutation(
            "holds = \"dug_on <= day\"",
            format!("holds = \"{}\"", condition(dice)),
            format!("holds = \"dug_on <= day or litre_count > {number}\""),
        ),
        6..=7 => mutation(
            "where = \"state = 'used'\"",
            format!("where = \"{}\"", condition(dice)),
            format!("where = \"state in ('used', 'planned') and coalesce(litre_count, 0) <> {number}\""),
        ),
        8 => mutation(
            "holds = \"state <> 'used' or others = 0\"",
            format!("holds = \"others = 0 and {}\"", condition(dice)),
            format!("holds = \"others <= {number}\""),
        ),
        9..=10 => mutation(
            "derived = \"part_fen * part_count\"",
            format!(
                "derived = \"{}\"",
                match dice.below(4) {
                    0 => dice
                        .pick(&["cost_fen + part_fen", "part_fen * cost_fen", "part_fen * 0.5", "day", "holder"])
                        .to_owned(),
                    _ => condition(dice),
                }
            ),
            format!("derived = \"part_fen * {number} + part_fen\""),
        ),
        11 => mutation(
            "value = \"sum(cost_fen)\"",
            format!(
                "value = \"{}\"",
                dice.pick(&[
                    "sum(cost_fen",
                    "sum()",
                    "count(1)",
                    "avg(cost_fen)",
                    "sum(sum(cost_fen))",
                    "sum(cost_fen) + 1",
                    "max(select 1)",
                    "sum(holder)",
                    "any(cost_fen)",
                    "sum(cost_fen); drop",
                    "sum(nothing)",
                    "count()",
                    "",
                ])
            ),
            format!("value = \"{}\"", dice.pick(&["max(cost_fen)", "min(part_fen)", "sum(part_fen * 2)"])),
        ),
        12 => mutation(
            "from = \"well\", match = { region_code = \"region_code\" }",
            dice.pick(&[
                "from = \"wells\", match = { region_code = \"region_code\" }",
                "from = \"well; drop table r_well\", match = { region_code = \"region_code\" }",
                "from = \"medical_bill\", match = { region_code = \"region_code\" }",
                "from = \"well\", match = { }",
                "from = \"well\", match = { region_code = \"dug_on\" }",
                "from = \"well\", match = { \"region_code' or '1'='1\" = \"region_code\" }",
                "from = \"well\", match = { trouble_codes = \"trouble_codes\" }",
            ])
            .to_owned(),
            "from = \"well\", match = { region_code = \"region_code\", grade_code = \"grade_code\" }".to_owned(),
        ),
        13 => mutation(
            "kind = \"reference\"\nto = \"well\"",
            format!(
                "kind = \"reference\"\nto = \"{}\"",
                dice.pick(&["wells", "r_well", "medical_bill", "", "well'", "../well"])
            ),
            format!("kind = \"reference\"\nto = \"{}\"", dice.pick(&["region", "household", "resident", "well"])),
        ),
        14 => {
            let length = 2 + dice.below(30);
            let with = |links: String| format!("{links}{first_child}");
            mutation(first_child, with(chain(length, true)), with(chain(length, false)))
        }
        15 => {
            let with = |more: String| format!("{more}{first_child}");
            mutation(first_child, with(fields(400 + dice.below(200))), with(fields(1 + dice.below(100))))
        }
        16 => mutation(
            "columns = [\"well_no\", \"grade_code\"",
            columns(400 + dice.below(2_000)),
            columns(dice.below(300)),
        ),
        17 => mutation(
            "may_see = [\"clerk\"]",
            format!("may_see = [\"clerk\", \"{}\"]", dice.pick(&["clark", "", "clerk'; --", "*", "admin"])),
            "may_see = [\"clerk\", \"clerk\"]".to_owned(),
        ),
        18 => mutation(
            "sortable = [\"dug_on\"]",
            format!(
                "sortable = [{}]",
                match dice.below(3) {
                    0 => format!("{}\"dug_on\"{}", "[".repeat(200 + dice.below(3_000)), "]".repeat(200)),
                    1 => "\"dug_on; drop table r_well\"".to_owned(),
                    _ => "\"trouble_codes\"".to_owned(),
                }
            ),
            "sortable = [\"dug_on\", \"litre_count\"]".to_owned(),
        ),
        _ => mutation(
            "purpose = \"全村水井一井一条,记水量、权属和维修。\"",
            format!("purpose = \"{}\"", "井".repeat(400_000 + dice.below(100_000))),
            format!("purpose = \"{}\"", "井".repeat(1 + dice.below(2_000))),
        ),
    }
}

/// Loads the copy, and what that says; the time it took must not be long.
fn load(copy: &Copy, what: &str) -> Result<(), policy::Problems> {
    let started = Instant::now();
    let loaded = copy.load().map(drop);
    let took = started.elapsed();
    assert!(took < LOAD_MAX, "{what}: {took:?}");
    loaded
}

#[test]
fn a_thousand_hostile_registers_are_refused_and_their_neighbours_load() {
    println!("seed {SEED}");
    let copy = Copy::new();
    std::fs::remove_file(copy.path(CASES)).expect("the cases stand beside the original only");
    let original = copy.read(WELL);
    for at in 0..1_000_u64 {
        let seed = SEED + at;
        let Mutation { before, hostile, benign } = mutate(&mut Dice(seed));
        assert_eq!(original.matches(&before).count(), 1, "seed {seed}: `{before}` stands once");
        let shown: String = hostile.chars().take(200).collect();
        copy.write(WELL, &original.replace(&before, &hostile));
        let Err(problems) = load(&copy, &shown) else { panic!("seed {seed}: accepted {shown}") };
        let in_file = problems.0.iter().find(|problem| problem.is_error() && problem.file.ends_with(WELL));
        let Some(problem) = in_file else { panic!("seed {seed}: {shown}: not named in\n{problems}") };
        assert!(problem.line >= 1 && problem.column >= 1 && !problem.what.is_empty(), "seed {seed}: {problem}");
        assert!(problem.to_string().contains(&format!("{WELL}:{}:", problem.line)), "seed {seed}: {problem}");
        // Each kind of mutation comes some fifty times; its neighbours need not come as often.
        if at % 4 != 0 {
            continue;
        }
        copy.write(WELL, &original.replace(&before, &benign));
        let shown: String = benign.chars().take(200).collect();
        load(&copy, &shown).unwrap_or_else(|problems| panic!("seed {seed}: refused {shown}\n{problems}"));
    }
}

#[test]
fn hostile_cases_of_registers_do_not_panic() {
    let copy = Copy::new();
    let original = copy.read(CASES);
    let mut dice = Dice(SEED);
    for _ in 0..200 {
        let bytes = dice.scramble(&original, 5, b"\"'[]{}=\n#.\\9");
        std::fs::write(copy.path(CASES), &bytes).expect("writes");
        match copy.load() {
            Ok(package) => drop(policy::run_cases_with(&package, &|_, _| Ok(policy::StepTaken::default()))),
            Err(problems) => assert!(!problems.to_string().is_empty()),
        }
    }
}
