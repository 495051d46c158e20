//! What became of things that were declared before: worked out, or refused with file and line.

use crate::hostile::{Dice, IDENTIFIERS, MARKS};
use crate::{Copy, day, valley};

const WELL: &str = "registers/well.toml";
const CHANGE: &str = "changes/words.toml";
const HEAD: &str = "from = 2025-01-01\nreason = \"统一用语\"\nreason_en = \"One word\"\n";

fn copy() -> Copy {
    let copy = Copy::new();
    std::fs::create_dir_all(copy.path("changes")).expect("makes the folder");
    copy
}

/// A rename of a field of the well, which was called otherwise before.
fn renamed(field: &str, to: &str) -> String {
    format!("[[renamed]]\nregister = \"well\"\nfield = \"{field}\"\nto = \"{to}\"\n")
}

#[test]
fn names_are_followed_to_the_first_one() {
    let copy = copy();
    copy.write("changes/a.toml", &format!("{HEAD}[[renamed]]\nregister = \"spring\"\nto = \"source_of_water\"\n"));
    let second = "from = 2025-02-01\nreason = \"一\"\nreason_en = \"One\"\n\
        [[renamed]]\nregister = \"source_of_water\"\nfield = \"owner\"\nto = \"keeper\"\n\
        [[renamed]]\nregister = \"source_of_water\"\nto = \"well\"\n\
        [[renamed]]\nregister = \"well\"\nfield = \"keeper\"\nto = \"litre_count\"\n\
        [[renamed]]\nregister = \"well\"\nchild = \"part\"\nfield = \"rate\"\nto = \"share_rate\"\n\
        [[renamed]]\nregister = \"well\"\nchild = \"part\"\nto = \"share\"\n\
        [[removed]]\nregister = \"well\"\nfield = \"depth\"\n\
        [[removed]]\nregister = \"pump\"\n";
    let children: Vec<String> = valley().registers["well"].child.iter().map(|child| child.name.clone()).collect();
    assert!(children.contains(&"share".to_owned()), "{children:?}");
    let of_share: Vec<String> = valley().registers["well"]
        .child_named("share")
        .expect("is declared")
        .field
        .iter()
        .map(|one| one.name.clone())
        .collect();
    let last = of_share.last().expect("has fields");
    copy.write("changes/b.toml", &second.replace("share_rate", last));
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let changes = &package.worked_out;
    assert_eq!(changes.kept_register("well"), "spring");
    assert_eq!(changes.register_now("spring"), "well");
    assert_eq!(changes.kept_field("spring", None, "litre_count"), "owner");
    assert_eq!(changes.kept_child("spring", "share"), "part");
    assert_eq!(changes.kept_field("spring", Some("part"), last), "rate");
    assert_eq!(changes.kept_field("spring", None, "well_no"), "well_no", "what was not renamed");
    assert!(changes.is_removed("spring", None, Some("depth")) && changes.is_removed("pump", Some("x"), Some("y")));
    assert!(!changes.is_removed("spring", None, Some("litre_count")));
    assert_eq!(changes.renames().len(), 6);
    let first = &changes.renames()[0];
    assert_eq!((first.old.as_str(), first.new.as_str(), first.from), ("spring", "source_of_water", day("2025-01-01")));
}

#[test]
fn codes_are_followed_to_the_last_one() {
    let copy = copy();
    let recoded = |code: &str, to: &str| format!("[[recoded]]\ncodes = \"visit\"\ncode = \"{code}\"\nto = \"{to}\"\n");
    copy.write(CHANGE, &format!("{HEAD}{}{}", recoded("8", "9"), recoded("9", "1")));
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let codes: Vec<_> =
        package.worked_out.recoded("visit").iter().map(|one| (one.old.as_str(), one.new.as_str())).collect();
    assert_eq!(codes, [("8", "1"), ("9", "1")]);
}

#[test]
fn what_does_not_hold_together_is_refused_with_file_and_line() {
    let long = "n".repeat(49);
    let cases: Vec<(&str, String, usize, &str)> = vec![
        ("the old one is declared still", renamed("dug_on", "litre_count"), 4, "旧名称还在声明里"),
        ("the new one is not declared", renamed("owner", "nobody"), 7, "没有声明"),
        ("twice from one", renamed("owner", "litre_count") + &renamed("owner", "dug_on"), 8, "更早的变更"),
        ("twice to one", renamed("owner", "litre_count") + &renamed("keeper", "litre_count"), 8, "另一项"),
        ("a circle", renamed("owner", "litre_count") + &renamed("litre_count", "owner"), 8, "旧名称还在声明里"),
        ("to itself", renamed("litre_count", "litre_count"), 4, "相同"),
        ("a name of the engine", renamed("version", "litre_count"), 6, "不能是名称"),
        ("a name that is none", renamed("x\\\" text); drop table event; --", "litre_count"), 6, "不能是名称"),
        ("a name that would be cut", renamed(&long, "litre_count"), 6, "不能是名称"),
        ("a hash beside a field", renamed("phone_find", "litre_count"), 6, "不能是名称"),
        ("a household number", renamed("household_no", "litre_count"), 4, "系统按这个名称"),
        (
            "a register of the engine",
            "[[renamed]]\nregister = \"resident\"\nto = \"well\"\n".into(),
            4,
            "系统按这个名称",
        ),
        ("a field of the leads", "[[removed]]\nregister = \"lead\"\nfield = \"x\"\n".into(), 4, "系统按这个名称"),
        ("removed and declared", "[[removed]]\nregister = \"well\"\nfield = \"litre_count\"\n".into(), 4, "还在声明里"),
        (
            "removed twice",
            "[[removed]]\nregister = \"pump\"\n[[removed]]\nregister = \"pump\"\n".into(),
            6,
            "更早的变更",
        ),
        (
            "a field of what was removed",
            "[[removed]]\nregister = \"pump\"\n[[removed]]\nregister = \"pump\"\nfield = \"x\"\n".into(),
            6,
            "已经取消",
        ),
        ("no such list", "[[recoded]]\ncodes = \"vizit\"\ncode = \"8\"\nto = \"1\"\n".into(), 5, "没有代码表"),
        (
            "the old code is there still",
            "[[recoded]]\ncodes = \"visit\"\ncode = \"1\"\nto = \"2\"\n".into(),
            6,
            "旧代码还在",
        ),
        (
            "the new code is not there",
            "[[recoded]]\ncodes = \"visit\"\ncode = \"8\"\nto = \"9\"\n".into(),
            7,
            "没有新代码",
        ),
        (
            "a code by which records go",
            "[[recoded]]\ncodes = \"visit\"\ncode = \"8\"\nto = \"1\"\n".into(),
            5,
            "确定一条记录",
        ),
        ("a list of codes", "[[recoded]]\ncodes = \"visit\"\ncode = \"8,9\"\nto = \"1\"\n".into(), 6, "不能是代码"),
        (
            "a kind of child record under the name of a field",
            "[[renamed]]\nregister = \"well\"\nchild = \"owner\"\nto = \"share\"\n".to_owned()
                + &renamed("owner", "litre_count"),
            7,
            "留痕",
        ),
        ("nothing", String::new(), 1, "什么也没有改"),
        (
            "an unknown key",
            "[[renamed]]\nregister = \"well\"\nfields = \"a\"\nto = \"litre_count\"\n".into(),
            6,
            "不认识的键",
        ),
    ];
    let copy = copy();
    let well = copy.read(WELL);
    for (what, change, line, message) in cases {
        let by_code = well.replace("key = [\"well_no\"]", "key = [\"well_no\", \"visit_code\"]").replace(
            "[[field]]\nname = \"well_no\"",
            "[[field]]\nname = \"visit_code\"\nlabel = \"类\"\nlabel_en = \"Kind\"\nkind = \"code\"\ncodes = \"visit\"\n\n[[field]]\nname = \"well_no\"",
        );
        copy.write(WELL, if what == "a code by which records go" { &by_code } else { &well });
        copy.write(CHANGE, &format!("{HEAD}{change}"));
        let problems = copy.load().map(drop).expect_err(what);
        let found = problems
            .0
            .iter()
            .any(|one| one.file.ends_with(CHANGE) && one.line == line && one.what.chinese().contains(message));
        assert!(found, "{what}: {problems}");
    }
    copy.write(WELL, &well);
    copy.write(CHANGE, "reason = \"a\"\nreason_en = \"b\"\n");
    assert!(copy.load().map(drop).expect_err("no day").to_string().contains("from"));
    copy.write(CHANGE, &format!("{}{}", HEAD.replace("统一用语", " "), renamed("owner", "litre_count")));
    assert!(copy.load().map(drop).expect_err("no reason").to_string().contains("reason"));
    copy.write(CHANGE, &format!("{HEAD}{}", renamed("owner", "litre_count")));
    copy.load().unwrap_or_else(|problems| panic!("{problems}"));
}

/// Names that are none, and names of the engine.
fn identifier(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("x{}", "y".repeat(48 + dice.below(400))),
        1 => dice
            .pick(&["id", "version", "state", "content", "record_id", "position", "is_withdrawn", "a_tail", "a__b"])
            .to_owned(),
        _ => dice.pick(IDENTIFIERS).to_owned(),
    }
}

/// A change that no honest hand writes.
fn hostile(dice: &mut Dice) -> String {
    let bad = identifier(dice);
    match dice.below(9) {
        0 => renamed(&bad, "litre_count"),
        1 => renamed("owner", &bad),
        2 => {
            let bad = dice.pick(IDENTIFIERS);
            format!("[[renamed]]\nregister = \"well\"\nchild = \"{bad}\"\nto = \"share\"\n")
        }
        3 => format!("[[renamed]]\nregister = \"well\"\nchild = \"share\"\nfield = \"{bad}\"\nto = \"share_rate\"\n"),
        4 => format!("[[removed]]\nregister = \"well\"\nfield = \"{bad}\"\n"),
        5 => format!("[[recoded]]\ncodes = \"{bad}\"\ncode = \"8\"\nto = \"1\"\n"),
        6 => {
            let code = dice.pick(&["", " ", "1", "a,b", "a\\u0000", "a\\n", " 8", "8\\u007f", "1,"]);
            let code = if dice.below(4) == 0 { "z".repeat(65 + dice.below(500)) } else { code.to_owned() };
            format!("[[recoded]]\ncodes = \"visit\"\ncode = \"{code}\"\nto = \"1\"\n")
        }
        7 => {
            let length = 2 + dice.below(20);
            (0..length).map(|at| renamed(&format!("n_{at}"), &format!("n_{}", (at + 1) % length))).collect()
        }
        _ => renamed("owner", "litre_count").repeat(if dice.below(20) == 0 { 900 } else { 2 + dice.below(20) }),
    }
}

#[test]
fn a_thousand_hostile_changes_are_refused_with_file_and_line() {
    let copy = copy();
    for seed in 0..1_000_u64 {
        let change = hostile(&mut Dice(seed));
        copy.write(CHANGE, &format!("{HEAD}{change}"));
        let shown: String = change.chars().take(300).collect();
        let Err(problems) = copy.load() else { panic!("seed {seed}: accepted {shown}") };
        let Some(problem) = problems.0.iter().find(|problem| problem.is_error() && problem.file.ends_with(CHANGE))
        else {
            panic!("seed {seed}: {shown}: not named in\n{problems}")
        };
        assert!(problem.line >= 1 && problem.column >= 1 && !problem.what.is_empty(), "seed {seed}: {problem}");
    }
    copy.write(CHANGE, &format!("{HEAD}{}", renamed("owner", "litre_count")));
    copy.load().expect("the honest one is taken");
}

#[test]
fn hostile_bytes_of_changes_do_not_panic() {
    let copy = copy();
    let good = format!("{HEAD}{}[[removed]]\nregister = \"pump\"\n", renamed("owner", "litre_count"));
    let mut dice = Dice(11);
    for _ in 0..300 {
        let bytes = dice.scramble(&good, 6, MARKS);
        std::fs::write(copy.path(CHANGE), &bytes).expect("writes");
        let _ = copy.load().map_err(|problems| problems.to_string());
    }
}
