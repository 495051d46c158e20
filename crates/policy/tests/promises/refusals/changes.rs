//! What became of things: the advice beside each refusal.

use super::{Changed, told};
use std::fs;

const CHANGE: &str = "changes/words.toml";
const HEAD: &str = "from = 2025-01-01\nreason = \"统一用语\"\nreason_en = \"One word\"\n";
const NAME_HINT: &str = "只用小写字母、数字和下划线,以字母开头,最多 48 个;不用 SQL 的词和系统自用的列名";
const STEP_BY_STEP: &str = "每次改名写一条,按日期先后接起来";

fn renamed(field: &str, to: &str) -> String {
    format!("[[renamed]]\nregister = \"well\"\nfield = \"{field}\"\nto = \"{to}\"\n")
}

fn recoded(code: &str, to: &str) -> String {
    format!("[[recoded]]\ncodes = \"visit\"\ncode = \"{code}\"\nto = \"{to}\"\n")
}

#[test]
fn every_refusal_of_a_change_says_what_to_write_instead() {
    let cases: Vec<(String, &str, &str)> = vec![
        (String::new(), "这个变更什么也没有改", "写 [[renamed]]、[[removed]] 或 [[recoded]]"),
        (renamed("dug_on", "litre_count"), "旧名称还在声明里", "改名以后,台账里只保留新名称"),
        (renamed("owner", "nobody"), "改成的名称 `nobody` 没有声明", "在台账里声明它"),
        (renamed("litre_count", "litre_count"), "新名称与旧名称相同", STEP_BY_STEP),
        (
            renamed("owner", "litre_count") + &renamed("owner", "dug_on"),
            "这个名称在更早的变更里已经改名或取消",
            STEP_BY_STEP,
        ),
        (
            renamed("owner", "litre_count") + &renamed("keeper", "litre_count"),
            "已经有另一项改成了这个名称",
            STEP_BY_STEP,
        ),
        (renamed("owner", "select"), "新名称不能用作名称", NAME_HINT),
        (renamed("owner", "due_on"), "新名称不能用作名称", NAME_HINT),
        (renamed("a__b", "litre_count"), "这里写的不能是名称", NAME_HINT),
        (renamed("household_no", "litre_count"), "系统按这个名称使用它,不能改名或取消", "另立一个新的字段或台账"),
        (
            "[[removed]]\nregister = \"household\"\n".into(),
            "系统按这个名称使用它,不能改名或取消",
            "另立一个新的字段或台账",
        ),
        (
            "[[removed]]\nregister = \"region\"\nfield = \"x\"\n".into(),
            "系统按这个名称使用它,不能改名或取消",
            "另立一个新的字段或台账",
        ),
        (
            "[[removed]]\nregister = \"well\"\nfield = \"litre_count\"\n".into(),
            "写了取消,却还在声明里",
            "从台账里删去它的声明,或删去这一条",
        ),
        ("[[removed]]\nregister = \"pump\"\n".repeat(2), "这个名称在更早的变更里已经改名或取消", "一项只取消一次"),
        (
            "[[removed]]\nregister = \"pump\"\n[[removed]]\nregister = \"pump\"\nfield = \"x\"\n".into(),
            "它所在的台账或子记录在更早的变更里已经取消",
            "一项只取消一次",
        ),
        (recoded("8", "9"), "代码表 visit 里没有新代码 `9`", "在代码表里加上它"),
        (recoded("1", "2"), "旧代码还在代码表里", "从代码表里删去旧代码;文件里还会出现的,写成新代码的别名"),
        (recoded("8", "8"), "新代码与旧代码相同", "每次变更写一条,按日期先后接起来"),
        (recoded("8", "1") + &recoded("8", "2"), "这个代码在更早的变更里已经改过", "每次变更写一条,按日期先后接起来"),
        (recoded("8,9", "1"), "这里写的不能是代码", "照代码表原来的写法填写"),
        (recoded(" 8", "1"), "这里写的不能是代码", "照代码表原来的写法填写"),
        (recoded(&"8".repeat(65), "1"), "这里写的不能是代码", "照代码表原来的写法填写"),
        (
            "[[recoded]]\ncodes = \"visits\"\ncode = \"8\"\nto = \"1\"\n".into(),
            "没有代码表 `visits`",
            "是不是 `visit`?",
        ),
    ];
    let changed = Changed::new("package");
    fs::create_dir_all(changed.path("changes")).expect("makes");
    for (change, message, hint) in cases {
        let problems = changed.load_beside(CHANGE, &format!("{HEAD}{change}")).expect_err(message);
        let found = told(&problems, CHANGE);
        assert!(found.iter().any(|[_, said, advice]| said == message && advice == hint), "{change}\n{problems}");
    }
    for change in [
        renamed("owner", "litre_count"),
        renamed("household_id", "litre_count"),
        "[[removed]]\nregister = \"household\"\nfield = \"x\"\n".to_owned(),
        recoded("8", "1"),
        recoded(&"8".repeat(64), "1"),
        recoded("8", "9") + &recoded("9", "2"),
    ] {
        changed
            .load_beside(CHANGE, &format!("{HEAD}{change}"))
            .unwrap_or_else(|problems| panic!("{change}\n{problems}"));
    }
}

#[test]
fn changes_are_taken_by_their_days_then_by_their_files() {
    let changed = Changed::new("package");
    fs::create_dir_all(changed.path("changes")).expect("makes");
    let head = |day: &str| HEAD.replace("2025-01-01", day);
    let write = |name: &str, day: &str, change: String| {
        fs::write(changed.path(&format!("changes/{name}.toml")), head(day) + &change).expect("writes");
    };
    write("z", "2024-12-31", renamed("owner", "keeper"));
    write("a", "2025-01-01", renamed("keeper", "litre_count"));
    let package = changed.load().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(package.worked_out.kept_field("well", None, "litre_count"), "owner", "the day comes before the name");
    write("z", "2025-01-01", renamed("owner", "keeper"));
    assert!(changed.load().is_err(), "of one day the file `a` comes first");
    write("b", "2025-01-01", renamed("keeper", "litre_count"));
    write("a", "2025-01-01", renamed("owner", "keeper"));
    fs::remove_file(changed.path("changes/z.toml")).expect("removes");
    let package = changed.load().unwrap_or_else(|problems| panic!("{problems}"));
    let shown: Vec<_> = package.worked_out.renames().iter().map(|one| (one.old.as_str(), one.new.as_str())).collect();
    assert_eq!(shown, [("well.owner", "keeper"), ("well.keeper", "litre_count")]);
}

/// Stored values are carried over once, to the last code, when the last of the changes is in force.
#[test]
fn a_code_that_changed_twice_is_the_last_one_from_the_last_day() {
    let changed = Changed::new("package");
    fs::create_dir_all(changed.path("changes")).expect("makes");
    let first = HEAD.to_owned() + &recoded("7", "8") + &recoded("6", "2");
    let second = HEAD.replace("2025-01-01", "2025-03-01").replace("One word", "Another") + &recoded("8", "1");
    fs::write(changed.path("changes/one.toml"), first).expect("writes");
    fs::write(changed.path("changes/two.toml"), second).expect("writes");
    let package = changed.load().unwrap_or_else(|problems| panic!("{problems}"));
    let codes: Vec<[String; 4]> = package
        .worked_out
        .recoded("visit")
        .iter()
        .map(|one| [one.old.clone(), one.new.clone(), one.from.to_string(), one.reason_en.clone()])
        .collect();
    assert_eq!(
        codes,
        [
            ["7", "1", "2025-03-01", "One word"],
            ["6", "2", "2025-01-01", "One word"],
            ["8", "1", "2025-03-01", "Another"],
        ]
        .map(|one| one.map(str::to_owned))
    );
    assert!(package.worked_out.recoded("risk_type").is_empty());
    assert_eq!(package.worked_out.recoded_lists().count(), 1);
}

/// What a database keeps beside a column `dug_on` is called `dug_on_order` and the like.
#[test]
fn a_column_is_not_kept_under_the_name_that_stands_beside_another() {
    let changed = Changed::new("package");
    fs::create_dir_all(changed.path("changes")).expect("makes");
    for ending in ["order", "fold", "sort"] {
        // One that was called so is kept so; then one beside which it would stand.
        let text = format!("{HEAD}{}", renamed(&format!("dug_on_{ending}"), "litre_count"));
        let problems = changed.load_beside(CHANGE, &text).expect_err(ending);
        let message = format!("`dug_on_{ending}` 是数据库里 `dug_on` 附带的列名");
        assert_eq!(
            told(&problems, CHANGE),
            [["\"litre_count\"".to_owned(), message, "换一个名称".to_owned()]],
            "{problems}"
        );
        let text = format!("{HEAD}{}", renamed(&format!("dug_{ending}"), "litre_count"));
        changed.load_beside(CHANGE, &text).unwrap_or_else(|problems| panic!("{problems}"));
    }
    let well = fs::read_to_string(changed.path("registers/well.toml")).expect("reads");
    let field = "[[field]]\nname = \"depth_order\"\nlabel = \"深\"\nlabel_en = \"Depth\"\nkind = \"int\"\n\n[[field]]\nname = \"dug_on\"";
    fs::write(changed.path("registers/well.toml"), well.replacen("[[field]]\nname = \"dug_on\"", field, 1))
        .expect("writes");
    let text = format!("{HEAD}{}", renamed("depth", "litre_count"));
    let problems = changed.load_beside(CHANGE, &text).expect_err("the renamed one has it beside it");
    let message = "`depth_order` 是数据库里 `depth` 附带的列名".to_owned();
    assert_eq!(
        told(&problems, CHANGE),
        [["\"litre_count\"".to_owned(), message, "换一个名称".to_owned()]],
        "{problems}"
    );
}
