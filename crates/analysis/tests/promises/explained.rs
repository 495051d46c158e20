//! Every lead shows what makes it: from its rows and parameters alone, by hand, comes what it states.

use crate::support::{Dice, Folder, county, day, fill, package, request, row};
use analysis::{ScreeningOutcome, ScreeningRequest, screen};
use lake::{DatasetSchema, Lake};
use model::{Decimal, Fen, Kind, LakeRow, Reason, RegionCode, Value};
use policy::declare::{Column, Grain, Mode, RuleKind};
use policy::expression::{AggregateFunction, Expr};
use policy::{Origin, Package, Recomputed};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const COUNTY: u32 = 513_431;

/// The package of the repository with the demo's example values, so that all its rules run.
fn whole_package() -> Package {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let loaded = Package::load(&policy.join("sichuan-2021"), &[policy.join("overlays/demo-county")]);
    loaded.unwrap_or_else(|problems| panic!("the package has mistakes: {problems}"))
}

/// Rows for every register and source of any package: values by kind, codes by list, quiet and busy households.
struct Made<'a> {
    package: &'a Package,
    dice: Dice,
    villages: Vec<RegionCode>,
    rows: BTreeMap<String, Vec<LakeRow>>,
    number: u32,
}

impl Made<'_> {
    fn value(&mut self, column: &Column, unknown_percent: i64) -> Value {
        if column.kind != Kind::Region && self.dice.percent(unknown_percent) {
            return Value::Null;
        }
        match column.kind {
            Kind::Fen if self.dice.percent(50) => Value::Fen(Fen(self.dice.below(300_000))),
            Kind::Fen => Value::Fen(Fen(self.dice.below(4_000_000))),
            Kind::Int if column.name.contains("year") => Value::Int(2023 + self.dice.below(2)),
            Kind::Int => Value::Int(self.dice.below(60)),
            Kind::Decimal => Value::Decimal(Decimal::new(self.dice.below(600), 1)),
            Kind::Bool => Value::Bool(self.dice.percent(50)),
            Kind::Day | Kind::Month if column.name.starts_with("born") => {
                Value::Day(day("1950-01-01").plus_days(self.dice.below(27_000)))
            }
            Kind::Day | Kind::Month => Value::Day(day("2023-10-01").plus_days(self.dice.below(480))),
            Kind::Region => {
                let at = self.dice.below(self.villages.len() as i64);
                Value::Text(self.villages[usize::try_from(at).expect("not negative")].to_string())
            }
            Kind::Code => {
                let codes = column.codes.as_deref().map_or(&[][..], |list| &self.package.codes[list].code);
                let at = self.dice.below(codes.len() as i64);
                Value::Text(codes[usize::try_from(at).expect("not negative")].code.clone())
            }
            _ => Value::Text("文字".to_owned()),
        }
    }

    fn add(&mut self, dataset: &str, columns: &[Column], household: i64, key: Option<i64>, unknown_percent: i64) {
        let values = Package::lake_columns(columns).map(|column| self.value(column, unknown_percent)).collect();
        self.number += 1;
        let made = row(household, key, self.number, values);
        self.rows.entry(dataset.to_owned()).or_default().push(made);
    }

    fn household(&mut self, household: i64) {
        let package = self.package;
        let (busy, unknown) = ([0, 4, 15, 40][self.dice.below(4) as usize], [10, 40, 70][self.dice.below(3) as usize]);
        self.add("household", &package.registers["household"].field, household, None, unknown);
        for member in 0..1 + self.dice.below(5) {
            let key = Some(household * 10 + member);
            self.add("resident", &package.registers["resident"].field, household, key, unknown);
            self.sources(Grain::Resident, household, key, busy, unknown);
        }
        self.sources(Grain::Household, household, None, busy, unknown);
    }

    fn sources(&mut self, of: Grain, household: i64, key: Option<i64>, busy: i64, unknown: i64) {
        let package = self.package;
        for (name, source) in package.sources.iter().filter(|(_, source)| source.of == of) {
            while self.dice.percent(busy) {
                self.add(name, &source.column, household, key, unknown);
            }
        }
    }
}

/// A lake of made-up rows for every dataset of the package.
fn made_lake(folder: &Path, package: &Package, households: i64) -> Lake {
    let place = model::CountyCode::from_number(COUNTY).expect("a county").region();
    let villages = package.divisions.inside(place).filter(|one| one.code.level() == model::Level::Village);
    let villages: Vec<RegionCode> = villages.map(|one| one.code).collect();
    let mut made = Made { package, dice: Dice::new(20_241_031), villages, rows: BTreeMap::new(), number: 1 };
    (1..=households).for_each(|number| made.household(number * 7));
    let lake = Lake::local(folder).expect("the folder can be made");
    for (name, rows) in &made.rows {
        let schema = match package.sources.get(name) {
            Some(source) => DatasetSchema::of_source(name, source),
            None => DatasetSchema::of_register(name, &package.registers[name]),
        };
        lake.merge(&schema, Mode::Roster, COUNTY, day("2024-10-31"), rows).expect("the rows fit");
    }
    lake
}

fn recomputed(package: &Package, reason: &Reason, on: model::Day) -> Recomputed {
    package.recompute(reason, on).unwrap_or_else(|missing| panic!("{missing}: {reason:#?}"))
}

/// From the rows alone comes the stated value, its line, and every amount of the sentences; each row stands there once,
/// every row is read or proves a fact that the rule names as evidence, and says what it adds.
fn check(package: &Package, reason: &Reason, on: model::Day) {
    let by_hand = recomputed(package, reason, on);
    assert_eq!(by_hand.value, reason.value, "{reason:#?}");
    assert_eq!(by_hand.line, reason.line, "{reason:#?}");
    let lookup = |name: &str| match name.strip_prefix("p.") {
        Some(parameter) => {
            let used = reason.parameters.iter().find(|used| used.name == parameter);
            used.map_or(Value::Null, |used| used.value.clone())
        }
        None if name == "value" => by_hand.value.clone(),
        None if name == "line" => by_hand.line.clone().unwrap_or_default(),
        None => by_hand.shown[name].clone(),
    };
    let said = package.because(&reason.rule, words::Language::CHINESE, &lookup);
    assert_eq!(said, reason.because, "{reason:#?}");
    check_rows(package, reason, on, &by_hand);
    check_workings(package, reason, on);
}

/// The way to the value is told down to every amount that was summed up, in words without internal names.
fn check_workings(package: &Package, reason: &Reason, on: model::Day) {
    for language in [words::Language::CHINESE, words::Language::ENGLISH] {
        let lines = package.workings(reason, on, language).expect("what can be recomputed can be told");
        assert!(!lines.is_empty(), "{reason:#?}");
        for line in &lines {
            assert!(!line.formula.is_empty() && !line.formula.contains('_'), "{line:?}");
        }
    }
}

fn check_rows(package: &Package, reason: &Reason, on: model::Day, by_hand: &Recomputed) {
    let mut seen = BTreeSet::new();
    let roots = roots(package, reason);
    for (position, row) in reason.evidence.iter().enumerate() {
        assert!(seen.insert((&row.fact, &row.dataset, &row.file, row.row)), "twice: {row:?} in {reason:#?}");
        assert!(!row.file.is_empty() && row.row > 0, "{row:?}");
        let is_behind = roots.iter().any(|root| *root == row.fact || stands_on(package, root, &row.fact));
        let is_record = package.registers.contains_key(&row.dataset) && row.adds.is_null();
        assert!(is_behind || is_record && by_hand.rows.contains(&position), "nothing reads {row:?} in {reason:#?}");
        let fields = package.sources.get(&row.dataset).map(|source| &source.column);
        let fields = fields.unwrap_or_else(|| &package.registers[&row.dataset].field);
        let is_open = |name: &String| fields.iter().any(|field| field.name == *name && field.stands_in_lake());
        assert!(row.values.iter().all(|(name, _)| is_open(name)), "only fields that enter the lake: {row:?}");
    }
    for step in by_hand.steps.iter().filter(|step| !step.rows.is_empty()) {
        let Origin::Aggregate(form) = &package.fact_forms[&step.fact].origin else { panic!("{step:?}") };
        let adds: Vec<&Value> = step.rows.iter().map(|at| &reason.evidence[*at].adds).collect();
        let sum = || adds.iter().filter_map(|value| value.as_i64()).sum::<i64>();
        match form.call.function {
            AggregateFunction::Sum | AggregateFunction::Count => {
                assert_eq!(step.value.as_i64(), Some(sum()), "{step:?}")
            }
            _ => assert!(adds.contains(&&step.value), "{step:?} of {adds:?}"),
        }
        let first = form.window.first_day(on);
        let day_column = package.sources.get(&form.from).and_then(|source| source.day.as_ref());
        for row in step.rows.iter().map(|at| &reason.evidence[*at]) {
            let cell = row.values.iter().find(|(name, _)| Some(name) == day_column).and_then(|(_, day)| day.as_day());
            let is_inside = cell.is_none_or(|cell| first.is_none_or(|first| first <= cell) && cell <= on);
            assert!(is_inside || form.window == policy::expression::Window::All, "outside the window: {row:?}");
        }
    }
}

/// The facts that a rule names as evidence, that its value and its line read, and that its sentences show.
fn roots(package: &Package, reason: &Reason) -> BTreeSet<String> {
    let (declared, form) = (&package.rules[&reason.rule], &package.rule_forms[&reason.rule]);
    let mut roots: BTreeSet<String> = declared.evidence.iter().cloned().collect();
    roots.extend(form.value.iter().chain(&form.line).flat_map(|(expression, _)| names(expression)));
    let said = std::cell::RefCell::new(&mut roots);
    for template in [&declared.because, &declared.because_en] {
        policy::sentence(template, &|name| {
            said.borrow_mut().insert(name.to_owned());
            String::new()
        });
    }
    roots
}

fn names(expression: &Expr) -> Vec<String> {
    let names = policy::expression::names_of(expression).into_iter();
    names.map(|name| name.strip_prefix("household.").unwrap_or(&name).to_owned()).collect()
}

/// True when `fact` is made from `part`, directly or further down.
fn stands_on(package: &Package, fact: &str, part: &str) -> bool {
    let reads = match package.fact_forms.get(fact).map(|form| &form.origin) {
        Some(Origin::Derived(expression)) => names(expression),
        Some(Origin::Aggregate(form)) if !package.sources.contains_key(&form.from) => {
            form.call.argument.iter().chain(&form.filter).flat_map(names).collect()
        }
        _ => Vec::new(),
    };
    reads.iter().any(|name| name == part || stands_on(package, name, part))
}

/// `unset`: the rules that cannot run.
fn check_all(package: &Package, outcome: &ScreeningOutcome, each_of: i64, unset: &[&str]) {
    let mut checked: BTreeMap<&str, i64> = BTreeMap::new();
    for lead in &outcome.leads {
        for reason in &lead.reasons {
            check(package, reason, lead.day);
            *checked.entry(&reason.rule).or_default() += 1;
        }
    }
    let can_run = |name: &str| outcome.rules.iter().any(|run| run.rule == name && run.not_run.is_empty());
    for (name, rule) in package.rules.iter().filter(|(_, rule)| rule.kind == RuleKind::Screening) {
        let found = checked.get(name.as_str()).copied().unwrap_or_default();
        assert!(
            found >= each_of || unset.contains(&name.as_str()),
            "`{}` ({name}) was found {found} times",
            rule.label
        );
        assert_eq!(can_run(name), !unset.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn every_stated_value_is_the_sum_of_its_rows() {
    let (package, folder) = (package(), Folder::new());
    let lake = Lake::local(folder.path()).expect("the folder can be made");
    fill(&lake, &package, 990_101, &county(11, 990_101, 3_000));
    let outcome = screen(&lake, &package, &request(2)).expect("the screening runs");
    check_all(&package, &outcome, 20, &["needs_unset"]);
}

#[test]
fn every_rule_of_the_package_shows_rows_that_give_what_it_states() {
    let (package, folder) = (whole_package(), Folder::new());
    let lake = made_lake(folder.path(), &package, 6_000);
    let outcome = screen(&lake, &package, &ScreeningRequest { threads: 2, ..ScreeningRequest::on(day("2024-10-31")) });
    let outcome = outcome.expect("the screening runs");
    check_all(&package, &outcome, 3, &[]);
}

#[test]
fn a_row_that_is_taken_away_is_missed() {
    let (package, folder) = (package(), Folder::new());
    let lake = Lake::local(folder.path()).expect("the folder can be made");
    fill(&lake, &package, 990_101, &county(11, 990_101, 500));
    let outcome = screen(&lake, &package, &request(2)).expect("the screening runs");
    let reasons = outcome.leads.iter().flat_map(|lead| lead.reasons.iter().map(move |reason| (lead.day, reason)));
    let mut tried = 0;
    for (on, reason) in reasons.filter(|(_, reason)| reason.rule == "low_income").take(20) {
        let read = recomputed(&package, reason, on).rows;
        for position in read {
            let mut poorer = reason.clone();
            poorer.evidence.remove(position);
            let by_hand = package.recompute(&poorer, on);
            assert!(by_hand.is_err() || by_hand.is_ok_and(|by_hand| by_hand.value != reason.value), "{reason:#?}");
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn the_way_to_a_derived_value_reads_as_a_sum_on_paper() {
    let (package, folder) = (package(), Folder::new());
    let lake = Lake::local(folder.path()).expect("the folder can be made");
    let mut made = county(11, 990_101, 3);
    made.household.truncate(1);
    let of_household = made.household[0].household_no;
    made.household[0].values[1] = Value::Fen(Fen(1_000_000));
    made.resident = (1..=3).map(|key| row(of_household.0, Some(key), 10 + key as u32, vec![Value::Null; 3])).collect();
    (made.medical_bill, made.school_roster) = (Vec::new(), Vec::new());
    fill(&lake, &package, 990_101, &made);
    let outcome = screen(&lake, &package, &request(1)).expect("the screening runs");
    let reason = outcome.leads.iter().flat_map(|lead| &lead.reasons).find(|reason| reason.rule == "low_income");
    let reason = reason.expect("3333.33 yuan for each is little");
    let told: Vec<String> = package
        .workings(reason, outcome.leads[0].day, words::Language::CHINESE)
        .expect("it can be told")
        .into_iter()
        .map(|line| format!("{} {} = {}", line.label, line.value, line.formula))
        .collect();
    assert_eq!(told, ["人均收入 3,333.33元 = 年收入 10,000.00元 ÷ 家庭人口 3", "家庭人口 3 = 3 行"]);
    let records: Vec<_> = reason.evidence.iter().filter(|row| row.dataset == "household").collect();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].values, [("income_fen".to_owned(), Value::Fen(Fen(1_000_000)))]);
}
