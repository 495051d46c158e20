//! A changed formula or parameter, and a day on which a value comes into force: stored records are calculated again.

use crate::county::{actor, day, key};
use crate::edited::Edited;
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, text};
use model::{Moment, Value, Version};
use policy::Package;
use store::{Backfill, Command, Entry, Store};

const GARDEN: &str = "registers/garden.toml";
const RULE: &str = "derived = \"area_mu >= 5\"";

on_both![
    a_value_that_comes_into_force_recalculates_the_records_that_it_changes,
    a_changed_formula_recalculates_and_names_its_reason,
    formulas_that_an_earlier_version_noted_are_known,
    locked_and_final_records_keep_what_they_were_decided_with,
    what_a_program_with_another_formula_writes_is_put_right,
    a_recalculation_is_no_work_of_people_when_an_import_is_taken_back,
];

/// Digests of the formulas of gardens, as they are noted now and as earlier versions noted them.
const DIGESTS: [&str; 2] = ["763e369bd972b12f", "6dd956b2f6708d07"];

fn formulas_that_an_earlier_version_noted_are_known() {
    let valley = Valley::new();
    let package = Edited::new().package();
    let store = open(&valley, &package);
    store
        .apply(
            &clerk(),
            Moment { day: day("2024-06-02"), at_ms: AT_MS },
            Command::Enter(garden("G1", VILLAGES[0], &[])),
        )
        .expect("enters");
    assert_eq!(settled(&store, "2024-06-02"), changed(0));
    let noted = |formulas: &str| {
        let same = "update installation set value = value where name = 'calculated garden'";
        valley.place().forge(&format!("{same} and value = '{{\"=\":\"{formulas}\"}}'"))
    };
    let [now, former] = DIGESTS;
    assert_eq!(noted(now), 1);
    let change = format!("update installation set value = replace(value, '{now}', '{former}')");
    valley.place().forge(&format!("{change} where name = 'calculated garden'"));
    let store = open(&valley, &package);
    assert_eq!(settled(&store, "2024-06-02"), changed(0));
    assert_eq!(noted(former), 1, "nothing was to be looked at again");
    store
        .apply(
            &clerk(),
            Moment { day: day("2024-06-02"), at_ms: AT_MS },
            Command::Enter(garden("G2", VILLAGES[0], &[])),
        )
        .expect("enters");
    assert_eq!(noted(former), 1, "a change does not take them for others");
    valley
        .place()
        .forge("update installation set value = '{\"=\":\"0123456789abcdef\"}' where name = 'calculated garden'");
    assert_eq!(settled(&store, "2024-06-02"), changed(0));
    assert_eq!(noted(now), 1, "other formulas are looked at, and noted as they are");
}

/// Gardens are large from a size that changes by day and place.
fn with_parameter() -> Package {
    let parameter = "label = \"大园面积\"\nlabel_en = \"Size of large gardens\"\narticle = [1]\nunit = \"int\"\n\
        [[value]]\nfrom = 2021-01-01\namount = 5\nsource = \"示例\"\ngrade = \"A\"\n\
        [[value]]\nfrom = 2024-07-01\namount = 4\nsource = \"示例\"\ngrade = \"A\"\n\
        [[value]]\nfrom = 2024-08-01\nregion = \"990101\"\namount = 9\nsource = \"示例\"\ngrade = \"A\"\n";
    let edited = Edited::new().replace(GARDEN, RULE, "derived = \"area_mu >= p.large_min\"");
    edited.write("parameters/large_min.toml", parameter).package()
}

fn open(valley: &Valley, package: &Package) -> Store {
    Store::open(valley.location(), package, &key()).unwrap_or_else(|error| panic!("opens: {error}"))
}

fn settled(store: &Store, on: &str) -> Backfill {
    store.backfill(Moment { day: day(on), at_ms: AT_MS }).expect("settles")
}

fn changed(records: u64) -> Backfill {
    let recalculated = if records > 0 { vec![("garden".to_owned(), records)] } else { Vec::new() };
    Backfill { recalculated, ..Backfill::default() }
}

/// State, version, whether it is large, and the latest reason.
fn look(store: &Store, number: &str) -> (i64, Value, String) {
    let view = store.view(&actor("clerk", "99"));
    let id = view.record_by_key("garden", number).expect("reads").expect("is there");
    let file = view.record("garden", &id, day("2024-12-31")).expect("reads").expect("is there");
    let large = file.fields.iter().find(|field| field.name == "is_large").expect("is declared").value.clone();
    let latest = &file.history[0];
    let why = latest.changes.iter().find(|(name, ..)| name == "_why").map_or("", |(_, _, after)| after);
    let why = words::Wording::from(why.to_owned());
    assert_eq!(why.english().is_empty(), why.is_empty(), "a reason is kept in both languages: {why:?}");
    (file.version.0, large, format!("{} {}", latest.action, why.chinese()))
}

fn a_value_that_comes_into_force_recalculates_the_records_that_it_changes() {
    let valley = Valley::new();
    let package = with_parameter();
    let store = open(&valley, &package);
    for (number, village, area) in [("G1", VILLAGES[0], "4.5"), ("G2", VILLAGES[0], "3"), ("G3", VILLAGES[3], "4.5")] {
        let records = vec![garden_row(2, number, village, area)];
        let command = Command::ImportRecords { register: "garden".into(), file: "f".into(), records };
        store
            .apply(
                &store::system_actor("99".parse().expect("a place")),
                Moment { day: day("2024-06-02"), at_ms: AT_MS },
                command,
            )
            .expect("is taken");
    }
    assert_eq!(settled(&store, "2024-06-02"), changed(0), "they are as they should be");
    assert_eq!(look(&store, "G1"), (1, Value::Bool(false), "added ".into()));
    let events = store.verify().expect("holds").events;
    let planned = |on: &str| Store::plan(valley.location(), &package, &key(), day(on)).expect("plans").recalculated;
    assert_eq!(planned("2024-06-30"), []);
    assert_eq!(planned("2024-07-01"), [("garden".to_owned(), 2)]);
    assert_eq!(settled(&store, "2024-07-01"), changed(2));
    assert_eq!(settled(&store, "2024-07-01"), changed(0), "once");
    assert_eq!(store.verify().expect("holds").events, events + 2, "one event for each that really changed");
    let why = "recalculated 标准“大园面积”调整,重新核算";
    for number in ["G1", "G3"] {
        assert_eq!(look(&store, number), (2, Value::Bool(true), why.into()), "{number}");
    }
    assert_eq!(look(&store, "G2").0, 1);
    assert_eq!(settled(&store, "2024-08-01"), changed(1), "only in the county that has a value of its own");
    assert_eq!((look(&store, "G1").1, look(&store, "G3").1), (Value::Bool(false), Value::Bool(true)));
    let view = store.view(&clerk());
    let id = view.record_by_key("garden", "G1").expect("reads").expect("is there");
    for (on, large) in [("2024-06-30", false), ("2024-07-31", true), ("2024-08-01", false)] {
        let file = view.record_as_of("garden", &id, day(on)).expect("reads").expect("was there");
        let shown = file.fields.iter().find(|field| field.name == "is_large").expect("is declared");
        assert_eq!(shown.value, Value::Bool(large), "{on}");
    }
}

fn a_changed_formula_recalculates_and_names_its_reason() {
    let valley = Valley::new();
    valley.enter("G1", &[("area_mu", decimal("4.5"))]);
    valley.enter("G2", &[("area_mu", decimal("3"))]);
    assert_eq!(settled(&valley.store, "2024-06-03"), changed(0));
    let formula = Edited::new().replace(GARDEN, RULE, "derived = \"area_mu > 4\"").package();
    let told = Store::plan(valley.location(), &formula, &key(), day("2024-06-04")).expect("plans");
    assert_eq!(told.recalculated, [("garden".to_owned(), 1)]);
    let store = open(&valley, &formula);
    assert_eq!(settled(&store, "2024-06-04"), changed(1));
    assert_eq!(look(&store, "G1"), (2, Value::Bool(true), "recalculated 算式调整,重新核算".into()));
    let twice = "  { name = \"twice_mu\", label = \"两倍\", label_en = \"Twice\", kind = \"decimal\", derived = \"area_mu * 2\" },\n  { name = \"is_large\"";
    let field = Edited::new().replace(GARDEN, "  { name = \"is_large\"", twice).package();
    let told = Store::plan(valley.location(), &field, &key(), day("2024-06-05")).expect("plans");
    assert_eq!(told.recalculated, [("garden".to_owned(), 2)], "all of them, where the field is new");
    let store = open(&valley, &field);
    assert_eq!(settled(&store, "2024-06-05"), changed(2));
    assert_eq!(look(&store, "G1").1, Value::Bool(false), "the formula is the first one again");
    store.look_at_all_again().expect("forgets");
    assert_eq!(settled(&store, "2024-06-05"), changed(0), "looked at, and as they should be");
    store.verify().expect("holds");
}

fn locked_and_final_records_keep_what_they_were_decided_with() {
    let valley = Valley::new();
    for (number, step) in [("G1", ""), ("G2", "public"), ("G3", "confirmed")] {
        let id = valley.enter(number, &[("area_mu", decimal("4.5")), ("minutes", text("同意"))]);
        let take = |on: &str, who, step: &str| {
            let command = Command::TakeStep {
                version: None,
                register: "garden".into(),
                id: id.clone(),
                step: step.into(),
                fields: Vec::new(),
            };
            valley.apply(&who, on, command).unwrap_or_else(|refusal| panic!("{refusal}"));
        };
        if !step.is_empty() {
            take("2024-06-02", clerk(), "publish");
        }
        if step == "confirmed" {
            take("2024-06-20", actor("county", "990101"), "confirm");
        }
    }
    settled(&valley.store, "2024-06-20");
    let twice = "  { name = \"twice_mu\", label = \"两倍\", label_en = \"Twice\", kind = \"decimal\", derived = \"area_mu * 2\" },\n  { name = \"is_large\"";
    let later = Edited::new().replace(GARDEN, RULE, "derived = \"area_mu > 4\"").replace(
        GARDEN,
        "  { name = \"is_large\"",
        twice,
    );
    let store = open(&valley, &later.package());
    assert_eq!(settled(&store, "2024-06-21"), changed(3), "what was unknown is filled in everywhere");
    let large = ["G1", "G2", "G3"].map(|number| look(&store, number).1);
    assert_eq!(large, [Value::Bool(true), Value::Bool(false), Value::Bool(false)]);
}

fn what_a_program_with_another_formula_writes_is_put_right() {
    let valley = Valley::new();
    let id = valley.enter("G1", &[("area_mu", decimal("4.5"))]);
    settled(&valley.store, "2024-06-03");
    let newer = open(&valley, &Edited::new().replace(GARDEN, RULE, "derived = \"area_mu > 4\"").package());
    assert_eq!(settled(&newer, "2024-06-04"), changed(1));
    // The earlier program is still running beside it.
    let fields = vec![("minutes".to_owned(), text("a"))];
    let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
    valley.apply(&clerk(), "2024-06-04", Command::Correct { id, version: Version(2), entry }).expect("is corrected");
    valley.apply(&clerk(), "2024-06-04", Command::Enter(garden("G2", VILLAGES[0], &[]))).expect("is entered");
    assert_eq!(look(&newer, "G1").1, Value::Bool(false), "as the earlier program calculates");
    assert_eq!(settled(&newer, "2024-06-04"), changed(2), "seen, and put right");
    assert_eq!(settled(&newer, "2024-06-04"), changed(0));
    let entered = newer.apply(
        &clerk(),
        Moment { day: day("2024-06-04"), at_ms: AT_MS },
        Command::Enter(garden("G3", VILLAGES[0], &[])),
    );
    entered.expect("is entered");
    assert_eq!(settled(&newer, "2024-06-04"), changed(0), "what it wrote itself is right");
}

fn a_recalculation_is_no_work_of_people_when_an_import_is_taken_back() {
    let valley = Valley::new();
    let begin = store::NewImport {
        dataset: "garden".into(),
        file_name: "a.xlsx".into(),
        file_hash: "b".repeat(64),
        bytes: 1,
        region: clerk().region,
        delivered_on: day("2024-06-03"),
        said_days: (None, None),
    };
    valley.enter("G1", &[("area_mu", decimal("4.5"))]);
    let import = valley.apply(&clerk(), "2024-06-03", Command::BeginImport(begin)).expect("begins").id.expect("a name");
    let records = vec![garden_row(2, "G1", VILLAGES[0], "6"), garden_row(3, "G2", VILLAGES[0], "4.5")];
    let command = Command::ImportRecords { register: "garden".into(), file: "b".repeat(12), records };
    valley.apply(&clerk(), "2024-06-03", command).expect("is taken");
    let summary = store::ImportSummary { state: store::ImportState::Done, ..store::ImportSummary::default() };
    valley.apply(&clerk(), "2024-06-03", Command::FinishImport { import: import.clone(), summary }).expect("ends");
    settled(&valley.store, "2024-06-03");
    let newer =
        open(&valley, &Edited::new().replace(GARDEN, RULE, "derived = \"area_mu > 7 or area_mu < 5\"").package());
    assert_eq!(settled(&newer, "2024-06-04"), changed(2));
    let undone = newer
        .apply(&clerk(), Moment { day: day("2024-06-05"), at_ms: AT_MS }, Command::UndoImport { import })
        .expect("is undone");
    assert_eq!((undone.changed, undone.outside), (2, 0));
    assert_eq!(look(&newer, "G1").1, Value::Bool(true), "4.5 again, by the formula of today");
    assert!(newer.view(&clerk()).record_by_key("garden", "G2").expect("reads").is_none(), "withdrawn");
    newer.verify().expect("holds");
}
