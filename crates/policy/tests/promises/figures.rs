//! Figures: groups that part the whole, what cannot be told, and sums that stay sums.

use crate::hostile::Dice;
use crate::{Copy, day, valley};
use model::{Decimal, Fen, Value};
use policy::expression::{evaluate, evaluate_aggregate};
use policy::{FigureParts, GroupForm, IndicatorForm, Package};

/// An indicator of the fixture with this body.
fn indicator(body: &str) -> (Package, IndicatorForm) {
    let copy = Copy::new();
    copy.write("indicators/another.toml", &format!("label = \"x\"\nlabel_en = \"x\"\narticle = [1]\n{body}\n"));
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let form = package.indicator_forms["another"].clone();
    (package, form)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_row_belongs_to_exactly_one_code_of_a_group() {
    let (_, form) = indicator("numerator = \"count()\"\ngroups = [\"risk_code\", \"is_monitored\"]");
    let [risk, monitored] = &form.groups[..] else { panic!("two groups: {:?}", form.groups) };
    assert_eq!((risk.is_truth, &risk.codes[..]), (false, &["01".to_owned(), "02".to_owned()][..]));
    assert_eq!((monitored.is_truth, &monitored.codes[..]), (true, &["yes".to_owned(), "no".to_owned()][..]));
    let cases = [
        (risk, text("01"), "01"),
        (risk, text("02"), "02"),
        (risk, text("03"), ""),
        (risk, Value::Null, ""),
        (monitored, Value::Bool(true), "yes"),
        (monitored, Value::Bool(false), "no"),
        (monitored, Value::Null, ""),
    ];
    for (group, value, code) in cases {
        assert_eq!(group.code_of(&value), code, "{value:?}");
        let holding: Vec<String> = group
            .conditions()
            .into_iter()
            .filter(|(_, condition)| {
                evaluate(condition, &|_| value.clone(), &|_| Value::Null, day("2024-06-30")) == Value::Bool(true)
            })
            .map(|(code, _)| code)
            .collect();
        assert_eq!(holding, [code], "{value:?} of {}", group.name);
    }
    let last = risk.conditions().pop().expect("some");
    assert_eq!(last.0, GroupForm::REST, "the rest stands last");
}

/// A made-up household: monitored, members and income, each known or not.
struct Household([Value; 3]);

impl Household {
    fn draw(dice: &mut Dice) -> Household {
        let truth = [Value::Null, Value::Bool(true), Value::Bool(false)][dice.below(3)].clone();
        let members = [Value::Null, Value::Int(0), Value::Int(1), Value::Int(4)][dice.below(4)].clone();
        let income = [Value::Null, Value::Fen(Fen(0)), Value::Fen(Fen(250))][dice.below(3)].clone();
        Household([truth, members, income])
    }

    fn value(&self, name: &str) -> Value {
        match name {
            "is_monitored" => self.0[0].clone(),
            "member_count" => self.0[1].clone(),
            "income_fen" => self.0[2].clone(),
            other => panic!("{other}"),
        }
    }
}

/// The parts of a figure as they are added up row by row with the forms of the indicator.
fn added(form: &IndicatorForm, rows: &[Household]) -> FigureParts {
    let sum = |call: &policy::expression::AggregateCall, filter: Option<&policy::expression::Expr>, ty| {
        let cell = |row: usize, name: &str| rows[row].value(name);
        let value = evaluate_aggregate(call, filter, ty, rows.len(), &cell, &|_| Value::Null, day("2024-06-30"));
        policy::units_of(&value).expect("it fits")
    };
    let count = IndicatorForm::default().numerator;
    let known = form.is_known();
    let unknown = form.unknown.as_ref().map_or(0, |unknown| sum(&count, Some(unknown), model::Type::Int));
    FigureParts {
        numerator: sum(&form.numerator, form.filter.as_ref(), form.numerator_type.ty),
        denominator: form.denominator.as_ref().map_or(0, |(call, typed)| sum(call, known.as_ref(), typed.ty)),
        known: sum(&count, known.as_ref(), model::Type::Int),
        unknown,
    }
}

#[test]
fn a_household_of_which_something_is_unknown_counts_in_neither_part() {
    let (_, share) =
        indicator("numerator = \"sum(income_fen)\"\nwhere = \"is_monitored\"\ndenominator = \"sum(member_count)\"");
    for seed in 0..400_u64 {
        let mut dice = Dice(seed);
        let rows: Vec<Household> = (0..dice.below(9)).map(|_| Household::draw(&mut dice)).collect();
        let mut expected = FigureParts::default();
        for Household([monitored, members, income]) in &rows {
            // Unknown whether it counts, unknown what it adds where it does, or unknown in the whole.
            let is_unknown =
                monitored.is_null() || *monitored == Value::Bool(true) && income.is_null() || members.is_null();
            if is_unknown {
                expected.unknown += 1;
                continue;
            }
            expected.known += 1;
            expected.denominator += members.as_i64().expect("known");
            if *monitored == Value::Bool(true) {
                expected.numerator += income.as_i64().expect("known");
            }
        }
        let found = added(&share, &rows);
        assert_eq!(
            (found.known, found.unknown, found.denominator),
            (expected.known, expected.unknown, expected.denominator),
            "seed {seed}"
        );
        let one = |row: &Household| added(&share, std::slice::from_ref(row));
        let together = rows.iter().map(one).try_fold(FigureParts::default(), FigureParts::plus).expect("it fits");
        assert_eq!(together, found, "seed {seed}: places add up");
    }
}

#[test]
fn parts_add_up_or_do_not_fit() {
    let parts = |numerator, denominator, known, unknown| FigureParts { numerator, denominator, known, unknown };
    let most = i64::MAX;
    assert_eq!(parts(1, 2, 3, 4).plus(parts(10, 20, 30, 40)), Some(parts(11, 22, 33, 44)));
    assert_eq!(parts(-1, 0, 0, 0).plus(parts(1, 0, 0, 0)), Some(FigureParts::default()));
    for odd in [parts(most, 0, 0, 0), parts(0, most, 0, 0), parts(0, 0, most, 0), parts(0, 0, 0, most)] {
        assert_eq!(odd.plus(parts(1, 1, 1, 1)), None, "{odd:?}");
        assert_eq!(odd.plus(FigureParts::default()), Some(odd));
    }
}

#[test]
fn a_share_has_four_places_and_no_value_without_a_whole() {
    let (_, share) = indicator("numerator = \"count()\"\nwhere = \"is_monitored\"\ndenominator = \"count()\"");
    let (_, rate) = indicator("numerator = \"sum(income_fen)\"\ndenominator = \"sum(land_mu)\"");
    let decimal = |text: &str| Value::Decimal(text.parse::<Decimal>().expect("a decimal"));
    let parts = |numerator, denominator, known, unknown| FigureParts { numerator, denominator, known, unknown };
    let cases = [
        (&share, parts(1, 3, 3, 0), decimal("0.3333")),
        (&share, parts(2, 3, 3, 0), decimal("0.6667")),
        (&share, parts(1, 1, 1, 5), decimal("1")),
        (&share, parts(0, 3, 3, 0), decimal("0")),
        (&share, parts(0, 0, 0, 0), Value::Null),
        (&share, parts(0, 0, 0, 2), Value::Null),
        // Fen by mu, which are added up as millionths.
        (&rate, parts(250, 2_500_000, 1, 0), decimal("100")),
        (&rate, parts(1, 3_000_000, 1, 0), decimal("0.3333")),
    ];
    for (form, parts, value) in cases {
        assert_eq!(form.value(&parts), value, "{parts:?}");
    }
    assert_eq!(rate.numerator_value(&parts(250, 1, 1, 0)), Value::Fen(Fen(250)));
    assert_eq!(rate.denominator_value(&parts(250, 2_500_000, 1, 0)), Some(decimal("2.5")));
    let (_, count) = indicator("numerator = \"count()\"");
    assert_eq!(count.denominator_value(&parts(1, 0, 1, 0)), None);
    assert_eq!((count.is_known(), count.value(&parts(7, 0, 7, 0))), (None, Value::Int(7)));
}

#[test]
fn what_stands_behind_an_indicator_is_known() {
    let copy = Copy::new();
    let body = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\n";
    for (name, more) in [
        ("by_fact", "numerator = \"sum(income_per_person_fen)\""),
        ("by_filter", "numerator = \"count()\"\nwhere = \"household_self_paid_fen > 0\""),
        ("by_whole", "numerator = \"count()\"\ndenominator = \"sum(member_count)\""),
        ("by_group", "numerator = \"count()\"\ngroups = [\"is_ill\"]"),
        ("of_fields", "numerator = \"sum(income_fen)\""),
        ("of_records", "from = \"well\"\nnumerator = \"count()\""),
    ] {
        copy.write(&format!("indicators/{name}.toml"), &format!("{body}{more}\n"));
    }
    copy.write(
        "facts/is_ill.toml",
        &format!("{body}over = \"household\"\n[derived]\nvalue = \"household_self_paid_fen > 0\"\n"),
    );
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let cases: [(&str, &[&str], &[&str]); 7] = [
        ("by_fact", &["income_per_person_fen", "member_count"], &[]),
        ("by_filter", &["household_self_paid_fen", "self_paid_12m_fen"], &["medical_bill"]),
        ("by_whole", &["member_count"], &[]),
        ("by_group", &["household_self_paid_fen", "is_ill", "self_paid_12m_fen"], &["medical_bill"]),
        ("of_fields", &[], &[]),
        ("of_records", &[], &[]),
        ("nothing", &[], &[]),
    ];
    for (name, facts, sources) in cases {
        assert!(
            package.facts_behind_indicator(name).iter().eq(facts),
            "{name}: {:?}",
            package.facts_behind_indicator(name)
        );
        assert!(package.sources_behind_indicator(name).iter().eq(sources), "{name}");
    }
    assert!(valley().facts_behind("nothing").is_empty() && valley().evidence_behind("nothing").is_empty());
}
