//! Figures of indicators: added up from the smallest places, published once, seen by those who may.

use crate::county::{actor, day, place};
use crate::edited::Edited;
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, text};
use model::{Actor, Decimal, Moment, Period, RegionCode, Value};
use policy::{FigureParts, FigureRow, Package};
use std::sync::OnceLock;
use store::{Command, FigurePublication, FigureShown, IndicatorFigures, PeriodFigure, Receipt, Refusal, RefusalKind};

on_both![
    villages_add_up_to_townships_counties_and_the_province,
    groups_add_up_to_the_whole,
    what_is_not_known_stays_unknown,
    a_record_counts_in_the_period_of_its_day,
    the_same_figures_twice_change_nothing_and_leave_no_event,
    a_later_figure_takes_the_place_of_an_earlier_one_which_stays_in_the_event,
    an_earlier_day_and_a_place_outside_are_refused,
    what_was_published_in_part_says_so,
    figures_are_seen_by_those_who_may_and_within_their_places,
    small_numbers_of_villages_are_hidden_from_those_who_see_no_households,
];

const PROVINCE: &str = "99";
const PLACES: [&str; 9] =
    ["990101100201", "990101100202", "990101200201", "990102100201", "990101100", "990101200", "990101", "9901", "99"];

/// Gardens of the valley: village, area, kind, day of planting.
const GARDENS: [(&str, Option<&str>, &str, &str); 6] = [
    (VILLAGES[0], Some("4.5"), "fruit", "2024-04-01"),
    (VILLAGES[0], Some("5"), "tea", "2024-06-03"),
    (VILLAGES[1], Some("6.25"), "fruit", "2024-03-31"),
    (VILLAGES[2], Some("7.125"), "tea", "2024-05-05"),
    (VILLAGES[2], None, "fruit", "2024-05-06"),
    (VILLAGES[3], Some("0.5"), "fruit", "2023-05-06"),
];

/// The valley's package with indicators, read and checked once.
fn package() -> &'static Package {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    PACKAGE.get_or_init(|| Edited::new().with_indicators().package())
}

fn filled() -> Valley {
    let valley = Valley::of(package());
    for (number, (village, area, kind, planted)) in GARDENS.iter().enumerate() {
        let area = area.map_or(Value::Null, decimal);
        let more = [("area_mu", area), ("kind_code", text(kind)), ("planted_on", Value::Day(day(planted)))];
        let who = Actor { region: place(village).at(model::Level::Township), ..clerk() };
        valley
            .apply(&who, "2024-06-02", Command::Enter(garden(&format!("G{number}"), village, &more)))
            .expect("enters");
    }
    valley
}

fn publish(valley: &Valley, region: &str, on: &str) -> Result<Receipt, Refusal> {
    let (region, day) = (place(region), day(on));
    let figures = valley.store.register_figures(region, day).expect("counts");
    valley.system(Command::PublishFigures(Box::new(FigurePublication { region, day, figures })))
}

fn latest(valley: &Valley, who: &Actor, indicator: &str, at: &str) -> Option<PeriodFigure> {
    valley.store.view(who).latest_figure(indicator, place(at)).expect("reads")
}

fn analyst() -> Actor {
    actor("county", PROVINCE)
}

fn shown(figure: FigureShown) -> FigureParts {
    match figure {
        FigureShown::Parts(parts) => parts,
        FigureShown::Hidden => panic!("hidden"),
    }
}

fn value(valley: &Valley, indicator: &str, at: &str) -> Value {
    let figure = latest(valley, &analyst(), indicator, at).unwrap_or_else(|| panic!("{indicator} at {at}"));
    package().indicator_forms[indicator].value(&shown(figure.figure))
}

fn villages_add_up_to_townships_counties_and_the_province() {
    let valley = filled();
    let published = publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    assert_eq!((published.added, published.changed, published.events), (2 + 12, 0, 1));
    for at in PLACES {
        let inside: Vec<_> = GARDENS.iter().filter(|(village, ..)| village.starts_with(at)).collect();
        let parts = shown(latest(&valley, &analyst(), "gardens", at).expect("a figure").figure);
        assert_eq!(parts.numerator, inside.len() as i64, "{at}");
        let below = valley.store.view(&analyst()).figures_below("gardens", place(at), month("2024-06")).expect("reads");
        let sum: i64 = below.iter().map(|row| shown(row.figure).numerator).sum();
        assert!(at.len() == 12 || sum == parts.numerator, "{at}: {sum} of {below:?}");
        if at.len() < 12 {
            let area: Decimal = inside
                .iter()
                .filter_map(|(_, area, ..)| area.map(|area| area.parse::<Decimal>().expect("a number")))
                .sum();
            assert_eq!(value(&valley, "garden_area", at), Value::Decimal(area), "{at}: exact to the last digit");
        }
    }
    let view = valley.store.view(&analyst());
    let below =
        view.figures_below("garden_area", place("990101"), period_of("garden_area", "2024-06-04")).expect("reads");
    assert_eq!(below.iter().map(|row| row.place).collect::<Vec<_>>(), [place("990101100"), place("990101200")]);
    let none = view.figures_below("garden_area", place("990101100"), period_of("garden_area", "2024-06-04"));
    assert_eq!(none.expect("reads"), [], "the smallest places of this one are townships");
}

fn month(text: &str) -> Period {
    text.parse().expect("a period")
}

fn period_of(indicator: &str, on: &str) -> Period {
    Period::of(package().indicators[indicator].period, day(on))
}

fn groups_add_up_to_the_whole() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    let view = valley.store.view(&analyst());
    for at in PLACES {
        let whole = shown(latest(&valley, &analyst(), "gardens", at).expect("a figure").figure);
        let groups = view.figure_groups("gardens", place(at), month("2024-06")).expect("reads");
        for name in ["kind_code", "is_large", "state"] {
            let of = groups.iter().filter(|row| row.group == name);
            let sum = of.fold(FigureParts::default(), |sum, row| sum.plus(shown(row.figure)).expect("few"));
            assert_eq!(sum, whole, "{name} at {at}");
        }
    }
    let large = view.figure_groups("gardens", place(PROVINCE), month("2024-06")).expect("reads");
    let large: Vec<_> = large.iter().filter(|row| row.group == "is_large").collect();
    let large: Vec<_> = large.iter().map(|row| (row.code.as_str(), shown(row.figure).numerator)).collect();
    assert_eq!(large, [("", 1), ("no", 2), ("yes", 3)], "one has no area");
}

fn what_is_not_known_stays_unknown() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    let share = |text: &str| Value::Decimal(text.parse().expect("a decimal"));
    let cases = [
        (VILLAGES[0], share("0.5")),
        (VILLAGES[1], Value::Null),
        (VILLAGES[2], share("1")),
        (VILLAGES[3], Value::Null),
        ("990102", Value::Null),
        ("990101", share("0.6667")),
    ];
    for (at, expected) in cases {
        assert_eq!(value(&valley, "large_gardens", at), expected, "{at}");
    }
    let parts = shown(latest(&valley, &analyst(), "large_gardens", VILLAGES[2]).expect("a figure").figure);
    assert_eq!(parts, FigureParts { numerator: 1, denominator: 1, known: 1, unknown: 1 });
    assert_eq!(latest(&valley, &analyst(), "poor_households", PROVINCE), None, "nobody has published it");
}

fn a_record_counts_in_the_period_of_its_day() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    let series = valley.store.view(&analyst()).figure_series("large_gardens", place(PROVINCE)).expect("reads");
    let series: Vec<(String, i64)> =
        series.iter().map(|one| (one.period.to_string(), shown(one.figure).denominator)).collect();
    assert_eq!(series.len(), 12, "that of the day and eleven before it");
    for (period, gardens) in [("2024-Q2", 3), ("2024-Q1", 1), ("2023-Q4", 0), ("2023-Q2", 1), ("2021-Q3", 0)] {
        assert!(series.contains(&(period.to_owned(), gardens)), "{period}: {series:?}");
    }
    publish(&valley, PROVINCE, "2024-07-01").expect("is published");
    let first = latest(&valley, &analyst(), "large_gardens", PROVINCE).expect("a figure");
    assert_eq!((first.period.to_string().as_str(), shown(first.figure).denominator), ("2024-Q3", 0));
}

fn the_same_figures_twice_change_nothing_and_leave_no_event() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    let report = valley.store.verify().expect("holds");
    let again = publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    assert_eq!((again.added, again.changed, again.unchanged, again.events), (0, 0, 14, 0));
    assert_eq!(valley.store.verify().expect("holds"), report);
    let later = publish(&valley, PROVINCE, "2024-06-05").expect("is published");
    assert_eq!((later.unchanged, later.events), (0, 1), "they are of a later day now");
    let figure = latest(&valley, &analyst(), "gardens", PROVINCE).expect("a figure");
    assert_eq!((figure.period, figure.run.day), (month("2024-06"), day("2024-06-05")));
}

fn a_later_figure_takes_the_place_of_an_earlier_one_which_stays_in_the_event() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    valley.enter("G9", &[]);
    publish(&valley, PROVINCE, "2024-06-05").expect("is published");
    assert_eq!(value(&valley, "gardens", VILLAGES[0]), Value::Int(3));
    let series = valley.store.view(&analyst()).figure_series("gardens", place(PROVINCE)).expect("reads");
    assert_eq!(series.len(), 1, "there is one figure of a month");
    let kept = |before: &str| {
        let sql = format!("select count(*) from event where register = 'figure' and before like '%{before}%'");
        valley.place().number(&sql)
    };
    assert_eq!(kept(r#"["gardens","2024-06","990101100201","","",2,0,2,0]"#), 1, "what was there is told");
    assert_eq!(kept(r#"["gardens","2024-06","990101200201","","","#), 0, "what did not change is not");
    valley.store.verify().expect("the chains hold");
}

fn an_earlier_day_and_a_place_outside_are_refused() {
    let valley = filled();
    publish(&valley, "990101", "2024-06-04").expect("is published");
    for (region, on, is_refused) in
        [("990101", "2024-06-03", true), ("99", "2024-06-03", true), ("990102", "2024-06-03", false)]
    {
        let answer = publish(&valley, region, on);
        assert_eq!(
            answer.is_err_and(|refusal| matches!(refusal.kind, RefusalKind::Conflict)),
            is_refused,
            "{region} {on}"
        );
    }
    let of = |village: &str| {
        let row = FigureRow {
            place: place(village),
            group: String::new(),
            code: String::new(),
            parts: FigureParts::default(),
        };
        let (indicator, period) = ("poor_households".to_owned(), month("2024-06"));
        let figures = vec![IndicatorFigures { indicator, period, inputs: "a".into(), rows: vec![row] }];
        Command::PublishFigures(Box::new(FigurePublication {
            region: place("990101"),
            day: day("2024-06-04"),
            figures,
        }))
    };
    let county = actor("county", "990101");
    let apply = |who: &Actor, command| {
        valley.store.apply(who, Moment { day: day("2024-06-04"), at_ms: AT_MS }, command).map_err(|one| one.kind)
    };
    assert!(matches!(apply(&county, of(VILLAGES[3])), Err(RefusalKind::Invalid)), "a village of another county");
    for who in [clerk(), actor("county", "990102")] {
        assert!(matches!(apply(&who, of(VILLAGES[0])), Err(RefusalKind::NotAllowed)), "{}", who.account);
    }
    assert_eq!(apply(&county, of(VILLAGES[0])).expect("is published").added, 1);
}

fn what_was_published_in_part_says_so() {
    let valley = filled();
    publish(&valley, "990101", "2024-06-04").expect("is published");
    let at = |at: &str| {
        latest(&valley, &analyst(), "gardens", at).map(|one| (one.run.is_whole, shown(one.figure).numerator))
    };
    assert_eq!(at("990101"), Some((true, 5)));
    assert_eq!(at("990101100"), Some((true, 3)));
    assert_eq!(at("99"), Some((false, 5)), "one county of two");
    assert_eq!(at("990102"), None);
    publish(&valley, "990102", "2024-06-04").expect("is published");
    assert_eq!(at("9901"), Some((false, 6)), "all of it, but nobody has said so");
    publish(&valley, "99", "2024-06-04").expect("is published");
    assert_eq!(at("99"), Some((true, 6)));
}

fn figures_are_seen_by_those_who_may_and_within_their_places() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    let row = |village: &str| FigureRow {
        place: place(village),
        group: String::new(),
        code: String::new(),
        parts: FigureParts { numerator: 5, denominator: 9, known: 9, unknown: 0 },
    };
    let rows = VILLAGES.map(row).to_vec();
    let (indicator, period) = ("poor_households".to_owned(), month("2024-06"));
    let figures = vec![IndicatorFigures { indicator, period, inputs: "a".into(), rows }];
    let publication = FigurePublication { region: place(PROVINCE), day: day("2024-06-04"), figures };
    valley.system(Command::PublishFigures(Box::new(publication))).expect("is published");
    for (role, declared) in &package().roles {
        for own in PLACES {
            for department in if declared.of_department { vec![Some("farming"), Some("medical")] } else { vec![None] } {
                let who = Actor { department: department.map(str::to_owned), ..actor(role, own) };
                let garden = &package().registers["garden"];
                let sees_gardens = garden.may_see.contains(role) && department != Some("medical");
                let sees_households = role != "officer";
                for at in PLACES {
                    let is_inside = at.starts_with(own);
                    let told = format!("{role} {department:?} of {own} at {at}");
                    let figure = |indicator| latest(&valley, &who, indicator, at).is_some();
                    assert_eq!(figure("gardens"), sees_gardens && is_inside, "{told}");
                    assert_eq!(figure("poor_households"), sees_households && is_inside, "{told}");
                    let view = valley.store.view(&who);
                    let below = view.figures_below("gardens", place(at), month("2024-06")).expect("reads");
                    let groups = view.figure_groups("gardens", place(at), month("2024-06")).expect("reads");
                    assert!(sees_gardens && is_inside || below.is_empty() && groups.is_empty(), "{told}");
                }
            }
        }
    }
    let inputs = |own: &str| latest(&valley, &actor("county", own), "gardens", "990101").and_then(|one| one.run.inputs);
    assert!(
        inputs("99").is_some() && inputs("990101").is_none(),
        "the hash of more than one sees would tell of the rest"
    );
}

fn small_numbers_of_villages_are_hidden_from_those_who_see_no_households() {
    let valley = filled();
    publish(&valley, PROVINCE, "2024-06-04").expect("is published");
    let below = |role: &str, at: &str| -> Vec<(RegionCode, Option<i64>)> {
        let view = valley.store.view(&actor(role, PROVINCE));
        let rows = view.figures_below("gardens", place(at), month("2024-06")).expect("reads");
        rows.into_iter()
            .map(|row| match row.figure {
                FigureShown::Parts(parts) => (row.place, Some(parts.numerator)),
                FigureShown::Hidden => (row.place, None),
            })
            .collect()
    };
    let [first, second] = [place(VILLAGES[0]), place(VILLAGES[1])];
    assert_eq!(below("county", "990101100"), [(first, Some(2)), (second, Some(1))]);
    assert_eq!(below("analyst", "990101100"), [(first, None), (second, None)]);
    assert_eq!(below("analyst", "990101").len(), 2);
    assert!(below("analyst", "990101").iter().all(|(_, number)| number.is_some()), "townships are large");
    let at = |role: &str| latest(&valley, &actor(role, PROVINCE), "gardens", VILLAGES[0]).expect("a figure").figure;
    assert_eq!(at("analyst"), FigureShown::Hidden);
    assert_eq!(shown(at("county")).numerator, 2);
}
