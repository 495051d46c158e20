//! Packages that do not fit what a database holds are refused with file and line, and what is lost from sight must be named.

use crate::county::{day, key};
use crate::edited::Edited;
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, garden, harvests, package, text};
use model::{Moment, Version};
use policy::Package;
use store::{Command, Entry, Plan, Store, StoreError};

const GARDEN: &str = "registers/garden.toml";
const PHOTOS: &str =
    "  { name = \"photos\", label = \"照片\", label_en = \"Photos\", kind = \"file\", section = \"what\" },\n";

on_both![
    what_holds_values_and_is_not_declared_must_be_named,
    what_was_made_for_another_kind_of_value_is_refused_with_file_and_line,
    a_plan_counts_what_records_lack_and_goes_on,
    a_package_that_was_in_force_before_comes_back_as_it_was,
];

/// A valley in which every kind of thing holds values.
fn full() -> Valley {
    let valley = Valley::new();
    let tool = vec![("tool_no".into(), text("T9")), ("name".into(), text("犁"))];
    let tool = Entry { register: "tool".into(), fields: tool, ..Entry::default() };
    valley.apply(&clerk(), "2024-06-02", Command::Enter(tool)).expect("a tool");
    let more = [("tool_no", text("T9")), ("photos", text("f1")), ("minutes", text("2024-06-01"))];
    let mut entry = garden("G1", VILLAGES[0], &more);
    entry.children.push(harvests(&[("2024-05-01", "10.5")]));
    valley.apply(&clerk(), "2024-06-02", Command::Enter(entry)).expect("a garden");
    valley
}

fn plan(valley: &Valley, package: &Package) -> Plan {
    Store::plan(valley.location(), package, &key(), day("2024-06-05")).expect("plans")
}

/// The refusal of a package, the same from plan and opening; `None` where it opens.
fn refusal(valley: &Valley, package: &Package) -> Option<String> {
    let planned = plan(valley, package).refused;
    match Store::open(valley.location(), package, &key()) {
        Ok(_) => {
            assert!(planned.is_empty(), "{planned:?}");
            None
        }
        Err(StoreError::Incompatible(problems)) => {
            let told: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
            assert_eq!(told, planned);
            Some(told.join("\n"))
        }
        Err(error) => panic!("{error}"),
    }
}

fn without_tools(edited: Edited) -> Edited {
    let field = "  { name = \"tool_no\", label = \"农具\", label_en = \"Tool\", kind = \"reference\", to = \"tool\", section = \"what\" },\n";
    edited
        .replace(GARDEN, field, "")
        .replace("articles.toml", "\"registers/tool\", ", "")
        .file("registers/tool.toml", "")
}

fn without_harvests(edited: Edited) -> Edited {
    let path = "  { name = \"harvest\", label = \"收成\"";
    let total = "total = { of = \"harvest\", value = \"sum(weight_kg)\" }, ";
    edited.replace(GARDEN, path, "  { name = \"picking\", label = \"收成\"").replace(GARDEN, total, "")
}

/// What is left out, how, what the refusal says, and the change that names it.
type Left = (&'static str, fn(Edited) -> Edited, &'static [&'static str], &'static str);

fn what_holds_values_and_is_not_declared_must_be_named() {
    let cases: [Left; 3] = [
        (
            "a field",
            |edited| edited.replace(GARDEN, PHOTOS, ""),
            &[
                "registers/garden.toml:",
                "字段 `photos` 有数据",
                "register = \"garden\"\nfield = \"photos\"",
                "[[removed]]",
                "changes",
            ],
            "[[removed]]\nregister = \"garden\"\nfield = \"photos\"",
        ),
        (
            "a register and a field",
            without_tools,
            &[
                "registers/garden.toml:",
                "`tool_no`",
                "registers/tool.toml:1:",
                "`tool`有 1 条记录",
                "register = \"tool\"",
            ],
            "[[removed]]\nregister = \"garden\"\nfield = \"tool_no\"\n[[removed]]\nregister = \"tool\"",
        ),
        (
            "a kind of child record",
            without_harvests,
            &["registers/garden.toml:", "子记录 `harvest`有 1 条记录", "child = \"harvest\""],
            "[[renamed]]\nregister = \"garden\"\nchild = \"harvest\"\nto = \"picking\"",
        ),
    ];
    for (what, leave_out, told, change) in cases {
        let valley = full();
        let left = leave_out(Edited::new());
        let refused = refusal(&valley, &left.package()).unwrap_or_else(|| panic!("{what} is not missed"));
        for part in told {
            assert!(refused.contains(part), "{what}: `{part}` in\n{refused}");
        }
        let named = left.change("gone", "2024-06-05", change).package();
        assert_eq!(refusal(&valley, &named), None, "{what}");
        let plan = plan(&valley, &named);
        assert!(plan.left.is_empty(), "{what}: {plan:?}");
        assert_eq!(plan.removed.is_empty(), change.contains("renamed"), "{what}: {plan:?}");
        assert_eq!(refusal(&valley, package()), None, "{what}: the earlier package comes back");
        let view = valley.store.view(&clerk());
        let id = view.record_by_key("garden", "G1").expect("reads").expect("is there");
        let file = view.record("garden", &id, day("2024-06-05")).expect("reads").expect("is there");
        assert!(file.fields.iter().any(|field| field.name == "photos" && field.value == text("f1")), "{what}");
        assert_eq!(file.children[0].rows.len(), 1, "{what}");
    }
    let empty = Valley::new();
    assert_eq!(refusal(&empty, &without_tools(Edited::new()).package()), None, "nothing is missed that holds nothing");
}

fn what_was_made_for_another_kind_of_value_is_refused_with_file_and_line() {
    let minutes = "name = \"minutes\", label = \"评议记录\", label_en = \"Minutes\", kind = \"text\"";
    let line_of = |package: &Edited, text: &str| {
        let path = package.package().root.join(GARDEN);
        let text_of = std::fs::read_to_string(path).expect("reads");
        text_of.lines().position(|line| line.contains(text)).expect("stands there") + 1
    };
    let as_kind = |kind: &str| {
        Edited::new().replace(GARDEN, minutes, &minutes.replace("kind = \"text\"", &format!("kind = \"{kind}\"")))
    };
    for (what, edited, is_refused) in [
        ("a text that became a number", as_kind("int"), true),
        ("a text that became a day, in the same column", as_kind("day"), true),
        ("a text that became a secret", as_kind("phone"), true),
        ("a text that became a name of a file", as_kind("file"), false),
        (
            "money that became a count",
            Edited::new().replace(
                GARDEN,
                "\"worth_fen\", label = \"价值(元)\", label_en = \"Worth, yuan\", kind = \"fen\"",
                "\"worth_fen\", label = \"价值(元)\", label_en = \"Worth, yuan\", kind = \"int\"",
            ),
            true,
        ),
        (
            "a rename into another kind",
            Edited::new()
                .replace(
                    GARDEN,
                    "name = \"planted_on\", label = \"栽种日期\", label_en = \"Planted on\", kind = \"day\"",
                    "name = \"planted_year\", label = \"栽种年份\", label_en = \"Planted in\", kind = \"int\"",
                )
                .replace(GARDEN, "\"planted_on\"", "\"planted_year\"")
                .change(
                    "a",
                    "2024-06-05",
                    "[[renamed]]\nregister = \"garden\"\nfield = \"planted_on\"\nto = \"planted_year\"",
                ),
            true,
        ),
    ] {
        let valley = full();
        let kept = edited.replace(GARDEN, "[[constraint]]", "[[constraint]]");
        let package = match kept.load() {
            Ok(package) => package,
            Err(problems) => panic!("{what}: {problems}"),
        };
        let refused = refusal(&valley, &package);
        assert_eq!(refused.is_some(), is_refused, "{what}: {refused:?}");
        let Some(refused) = refused else { continue };
        let words = ["name = \"minutes\"", "name = \"worth_fen\"", "name = \"planted_year\""];
        let found = words.iter().any(|word| {
            let text = std::fs::read_to_string(package.root.join(GARDEN)).expect("reads");
            text.contains(word) && refused.contains(&format!("{GARDEN}:{}:", line_of(&kept, word)))
        });
        assert!(found, "{what}: {refused}");
        assert_eq!(refusal(&valley, crate::valley::package()), None, "{what}: nothing was changed");
    }
    let valley = full();
    let key_changed = Edited::new().replace(GARDEN, "key = [\"garden_no\"]", "key = [\"garden_no\", \"region_code\"]");
    let refused = refusal(&valley, &key_changed.package()).expect("records go by another key");
    let line = line_of(&key_changed, "key = [");
    assert!(refused.contains(&format!("{GARDEN}:{line}:")) && refused.contains("1 条记录"), "{refused}");
    // Nobody has planted anything; but what is entered from now on, the earlier package could not read.
    let planted = "label = \"栽种日期\", label_en = \"Planted on\", kind = \"day\"";
    let unused = Edited::new().replace(GARDEN, planted, &planted.replace("\"day\"", "\"text\""));
    assert!(refusal(&full(), &unused.package()).is_some());
}

fn a_plan_counts_what_records_lack_and_goes_on() {
    let valley = full();
    valley.enter("G2", &[("kind_code", text("tea"))]);
    let more = "{ name = \"slope\", label = \"坡度\", label_en = \"Slope\", kind = \"int\", required = true },\n";
    let tea = "  { code = \"tea\", label = \"茶园\", label_en = \"Tea\" },\n";
    let later = Edited::new()
        .replace(
            GARDEN,
            "field = [\n  { name = \"garden_no\"",
            &format!("field = [\n  {more}  {{ name = \"garden_no\""),
        )
        .replace(GARDEN, "kind_code <> 'tea' or gardens < 2", "gardens < 2")
        .replace(GARDEN, "where = \"kind_code = 'tea' and state <> 'confirmed'\"", "where = \"state <> 'confirmed'\"")
        .replace("../codes/garden_kind.toml", tea, "")
        .package();
    let told = plan(&valley, &later);
    assert_eq!(told.lacking, [("garden".to_owned(), "slope".to_owned(), 2)]);
    assert_eq!(told.unknown_codes, [("garden".to_owned(), "kind_code".to_owned(), "tea".to_owned(), 1)]);
    assert!(told.columns.contains(&("r_garden".to_owned(), "slope".to_owned())), "{told:?}");
    assert_eq!(refusal(&valley, &later), None);
    let store = Store::open(valley.location(), &later, &key()).expect("opens");
    store.backfill(Moment { day: day("2024-06-05"), at_ms: AT_MS }).expect("settles");
    let view = store.view(&clerk());
    let id = view.record_by_key("garden", "G2").expect("reads").expect("is there");
    let correct = |fields: Vec<(String, model::Value)>| {
        let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        store.apply(
            &clerk(),
            Moment { day: day("2024-06-05"), at_ms: AT_MS },
            Command::Correct { id: id.clone(), version: Version(1), entry },
        )
    };
    let refused = correct(vec![("minutes".into(), text("a"))]).expect_err("it is to be completed now");
    assert_eq!(refused.fields, ["slope"], "{refused}");
    correct(vec![("slope".into(), model::Value::Int(3))]).expect("is completed");
}

fn a_package_that_was_in_force_before_comes_back_as_it_was() {
    let valley = full();
    let wider = Edited::new()
        .replace(GARDEN, PHOTOS, &PHOTOS.replace("photos", "plans").replace("照片", "图纸"))
        .change("a", "2024-06-05", "[[removed]]\nregister = \"garden\"\nfield = \"photos\"");
    let wider = wider.package();
    let store = Store::open(valley.location(), &wider, &key()).expect("opens");
    let mut entry = garden("G2", VILLAGES[0], &[("plans", text("p1"))]);
    entry.register = "garden".into();
    store.apply(&clerk(), Moment { day: day("2024-06-05"), at_ms: AT_MS }, Command::Enter(entry)).expect("is entered");
    assert_eq!(refusal(&valley, package()), None, "it does not know the newer field, and need not");
    assert_eq!(plan(&valley, package()).left, [("r_garden".to_owned(), "plans".to_owned())]);
    let third = Edited::new().replace(GARDEN, PHOTOS, "").change(
        "a",
        "2024-06-05",
        "[[removed]]\nregister = \"garden\"\nfield = \"photos\"",
    );
    let refused = refusal(&valley, &third.package()).expect("a new package must name what it leaves out");
    assert!(refused.contains("`plans`"), "{refused}");
}
