//! Published figures against a plain model: random publications of provinces, counties and townships, added up from villages.

use crate::chaos::{Dice, seed};
use crate::county::{actor, day, place};
use crate::edited::Edited;
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley};
use model::{Actor, Day, Period};
use policy::{FigureParts, FigureRow, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use store::{
    Command, FigurePublication, FigureShown, IndicatorFigures, PlaceFigure, Receipt, Refusal, RefusalKind, system_actor,
};

on_both![
    random_publications_leave_the_figures_of_the_model,
    a_group_that_is_gone_is_gone,
    figures_that_do_not_fit_are_refused_and_change_nothing,
    a_period_that_has_begun_may_be_published_and_one_to_come_may_not,
    the_latest_whole_figure_comes_before_a_later_part,
    a_series_has_an_end,
];

const INDICATOR: &str = "poor_households";
const PLACES: [&str; 9] =
    ["99", "9901", "990101", "990102", "990101100", "990101200", "990102100", VILLAGES[0], VILLAGES[3]];

/// The valley's package with indicators, read and checked once.
fn package() -> &'static Package {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    PACKAGE.get_or_init(|| Edited::new().with_indicators().package())
}

fn month(text: &str) -> Period {
    text.parse().expect("a period")
}

fn analyst() -> Actor {
    actor("county", "99")
}

fn parts(numerator: i64, denominator: i64) -> FigureParts {
    FigureParts { numerator, denominator, known: denominator, unknown: 0 }
}

fn row(village: &str, (group, code): (&str, &str), parts: FigureParts) -> FigureRow {
    FigureRow { place: place(village), group: group.to_owned(), code: code.to_owned(), parts }
}

fn publish(
    valley: &Valley,
    (region, on): (&str, Day),
    (period, inputs): (&str, &str),
    rows: Vec<FigureRow>,
) -> Result<Receipt, Refusal> {
    let figures = IndicatorFigures { indicator: INDICATOR.into(), period: month(period), inputs: inputs.into(), rows };
    let publication = FigurePublication { region: place(region), day: on, figures: vec![figures] };
    let command = Command::PublishFigures(Box::new(publication));
    valley.store.apply(&system_actor(place("99")), model::Moment { day: on, at_ms: AT_MS }, command)
}

/// A village and a code; the whole has the empty one.
type Cell = (String, String);

/// What is published, as the model keeps it.
#[derive(Default)]
struct Published {
    cells: BTreeMap<(String, Cell), FigureParts>,
    /// Place, period and day of each publication that still counts.
    runs: BTreeMap<(String, String), Day>,
}

impl Published {
    /// Refused where a later one is in force for an overlapping place.
    fn take(&mut self, region: &str, period: &str, on: Day, cells: &BTreeMap<Cell, FigureParts>) -> bool {
        let overlaps = |other: &str| other.starts_with(region) || region.starts_with(other);
        let later = |((other, of), day): (&(String, String), &Day)| overlaps(other) && of == period && *day > on;
        if self.runs.iter().any(later) {
            return false;
        }
        self.runs.retain(|(other, of), _| !(other.starts_with(region) && of == period));
        self.runs.insert((region.to_owned(), period.to_owned()), on);
        self.cells.retain(|(of, (village, _)), _| of != period || !village.starts_with(region));
        for (cell, parts) in cells {
            self.cells.insert((period.to_owned(), cell.clone()), *parts);
        }
        true
    }

    fn sum(&self, period: &str, inside: &str, code: &str) -> FigureParts {
        let inside = self
            .cells
            .iter()
            .filter(|((of, (village, other)), _)| of == period && other == code && village.starts_with(inside));
        inside.fold(FigureParts::default(), |sum, (_, parts)| sum.plus(*parts).expect("few"))
    }

    /// The day of the publication that reaches the place, and whether it is whole there.
    fn run(&self, period: &str, at: &str) -> Option<(Day, bool)> {
        let of = |whole: bool| {
            let reaching = self.runs.iter().filter(move |((region, of), _)| {
                of == period && if whole { at.starts_with(region.as_str()) } else { region.starts_with(at) }
            });
            reaching.map(|(_, day)| *day).max()
        };
        of(true).map(|day| (day, true)).or_else(|| of(false).map(|day| (day, false)))
    }
}

fn shown(figure: FigureShown) -> FigureParts {
    match figure {
        FigureShown::Parts(parts) => parts,
        FigureShown::Hidden => panic!("hidden from one who sees households"),
    }
}

fn check(valley: &Valley, published: &Published, period: &str) {
    let view = valley.store.view(&analyst());
    for at in PLACES {
        let told = format!("{at} in {period}");
        let series = view.figure_series(INDICATOR, place(at)).expect("reads");
        let found = series.iter().find(|one| one.period == month(period));
        let expected = published.run(period, at);
        assert_eq!(found.map(|one| (one.run.day, one.run.is_whole)), expected, "{told}");
        if let Some(found) = found {
            assert_eq!(shown(found.figure), published.sum(period, at, ""), "{told}");
        }
        let below = view.figures_below(INDICATOR, place(at), month(period)).expect("reads");
        for PlaceFigure { place: inside, figure } in &below {
            let digits = inside.level().digits() as usize;
            let code = &inside.to_string()[..digits];
            assert_eq!(shown(*figure), published.sum(period, code, ""), "{told}, of it {code}");
            assert!(code.len() > at.len() && code.starts_with(at), "{told}: {code}");
        }
        let groups = view.figure_groups(INDICATOR, place(at), month(period)).expect("reads");
        let codes: BTreeSet<&str> = groups.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes.len(), groups.len(), "{told}: each group once");
        for group in &groups {
            assert_eq!(shown(group.figure), published.sum(period, at, &group.code), "{told}: {}", group.code);
        }
        let missing = ["a", "b"].iter().filter(|code| !codes.contains(*code));
        assert!(missing.into_iter().all(|code| published.sum(period, at, code) == FigureParts::default()), "{told}");
    }
}

fn random_publications_leave_the_figures_of_the_model() {
    let valley = Valley::of(package());
    let mut dice = Dice(seed());
    let mut published = Published::default();
    let mut taken = 0;
    for number in 0..24 {
        let region = PLACES[dice.below(7) as usize];
        let period = ["2024-01", "2024-02"][dice.below(2) as usize];
        let on = day("2024-02-26").plus_days(number / 3 + dice.below(3) as i64);
        let mut cells: BTreeMap<Cell, FigureParts> = BTreeMap::new();
        for village in VILLAGES.iter().filter(|village| village.starts_with(region)) {
            for code in ["", "a", "b"] {
                if dice.below(4) == 0 {
                    continue;
                }
                let number = 1 + dice.below(4) as i64;
                cells.insert(((*village).to_owned(), code.to_owned()), parts(number, number + dice.below(9) as i64));
            }
        }
        let group = |code: &str| if code.is_empty() { "" } else { "kind" };
        let rows = cells.iter().map(|((village, code), parts)| row(village, (group(code), code), *parts)).collect();
        let outcome = publish(&valley, (region, on), (period, &number.to_string()), rows);
        let is_taken = published.take(region, period, on, &cells);
        assert_eq!(outcome.is_ok(), is_taken, "{region} {period} {on}: {outcome:?}");
        match outcome {
            Ok(receipt) => assert_eq!((receipt.added + receipt.changed, receipt.events), (1, 1)),
            Err(refusal) => assert!(matches!(refusal.kind, RefusalKind::Conflict)),
        }
        taken += u64::from(is_taken);
        check(&valley, &published, "2024-01");
        check(&valley, &published, "2024-02");
    }
    assert!(taken > 5, "{taken} of 24");
    valley.store.verify().expect("the chains hold");
}

fn a_group_that_is_gone_is_gone() {
    let valley = Valley::of(package());
    let on = day("2024-06-04");
    let with = |codes: &[&str]| {
        let groups = codes.iter().map(|code| row(VILLAGES[0], ("kind", code), parts(3, 4)));
        groups.chain([row(VILLAGES[0], ("", ""), parts(6, 8))]).collect::<Vec<_>>()
    };
    let groups = || {
        let view = valley.store.view(&analyst());
        let groups = view.figure_groups(INDICATOR, place("99"), month("2024-06")).expect("reads");
        groups.into_iter().map(|one| one.code).collect::<Vec<_>>()
    };
    publish(&valley, ("99", on), ("2024-06", "a"), with(&["a", "b"])).expect("is published");
    assert_eq!(groups(), ["a", "b"]);
    let receipt = publish(&valley, ("99", on), ("2024-06", "b"), with(&["b"])).expect("is published");
    assert_eq!((receipt.added, receipt.changed), (0, 1));
    assert_eq!(groups(), ["b"]);
    // A group with nothing in it is as none; the whole with nothing in it is zero, and that is known.
    let zero = vec![row(VILLAGES[0], ("kind", "b"), parts(0, 0)), row(VILLAGES[0], ("", ""), parts(0, 0))];
    publish(&valley, ("99", on), ("2024-06", "c"), zero).expect("is published");
    assert_eq!(groups(), [""; 0]);
    let figure = valley.store.view(&analyst()).latest_figure(INDICATOR, place("99")).expect("reads");
    assert_eq!(shown(figure.expect("zero is not unknown").figure), parts(0, 0));
}

fn figures_that_do_not_fit_are_refused_and_change_nothing() {
    let valley = Valley::of(package());
    let on = day("2024-06-04");
    let one = || row(VILLAGES[0], ("", ""), parts(1, 2));
    publish(&valley, ("990101", on), ("2024-06", "a"), vec![one()]).expect("is published");
    let report = valley.store.verify().expect("holds");
    let cases: [(&str, Vec<FigureRow>); 4] = [
        ("a village of another county", vec![row(VILLAGES[3], ("", ""), parts(1, 2))]),
        ("a place around", vec![row("99", ("", ""), parts(1, 2))]),
        ("twice", vec![one(), one()]),
        (
            "a group twice",
            vec![row(VILLAGES[0], ("kind", "a"), parts(1, 2)), row(VILLAGES[0], ("kind", "a"), parts(2, 2))],
        ),
    ];
    for (what, rows) in cases {
        let refusal = publish(&valley, ("990101", on), ("2024-06", "b"), rows).expect_err(what);
        assert!(matches!(refusal.kind, RefusalKind::Invalid), "{what}");
        assert!(
            refusal.what.chinese().contains("poor_households") && refusal.what.chinese().contains("重复"),
            "{}",
            refusal.what.chinese()
        );
        assert!(refusal.what.english().contains("is doubled or does not fit"), "{}", refusal.what.english());
        assert_eq!(
            (refusal.hint.chinese(), refusal.hint.english()),
            ("请重新计算后公布", "Compute again, then publish.")
        );
    }
    assert_eq!(valley.store.verify().expect("holds"), report);
    let figure = valley.store.view(&analyst()).latest_figure(INDICATOR, place("990101")).expect("reads");
    assert_eq!(shown(figure.expect("is there").figure), parts(1, 2));
}

fn a_period_that_has_begun_may_be_published_and_one_to_come_may_not() {
    let valley = Valley::of(package());
    let one = || vec![row(VILLAGES[0], ("", ""), parts(1, 2))];
    let cases = [
        ("2024-02-29", "2024-02", true),
        ("2024-02-29", "2024-03", false),
        ("2024-03-01", "2024-03", true),
        ("2024-03-01", "2024-02", true),
        ("2023-12-31", "2024-01", false),
        ("2024-06-30", "2024-Q3", false),
        ("2024-07-01", "2024-Q3", true),
        ("2024-12-31", "2025", false),
        ("2024-12-31", "2024", true),
    ];
    for (on, period, may) in cases {
        let outcome = publish(&valley, ("99", day(on)), (period, on), one());
        assert_eq!(outcome.is_ok(), may, "{period} on {on}");
    }
}

fn the_latest_whole_figure_comes_before_a_later_part() {
    let valley = Valley::of(package());
    let of = |village: &str| vec![row(village, ("", ""), parts(3, 4))];
    let latest = |at: &str| {
        let figure = valley.store.view(&analyst()).latest_figure(INDICATOR, place(at)).expect("reads");
        figure.map(|one| (one.period.to_string(), one.run.is_whole))
    };
    publish(&valley, ("99", day("2024-05-31")), ("2024-05", "a"), of(VILLAGES[0])).expect("is published");
    publish(&valley, ("990101", day("2024-06-30")), ("2024-06", "b"), of(VILLAGES[0])).expect("is published");
    assert_eq!(latest("99"), Some(("2024-05".into(), true)), "of June one county of two is there");
    assert_eq!(latest("990101"), Some(("2024-06".into(), true)));
    assert_eq!(latest("990101100"), Some(("2024-06".into(), true)));
    assert_eq!(latest("990102"), Some(("2024-05".into(), true)));
    let hash = |own: &str, at: &str| {
        let figure = valley.store.view(&actor("county", own)).latest_figure(INDICATOR, place(at)).expect("reads");
        figure.and_then(|one| one.run.inputs)
    };
    assert_eq!(hash("990101", "990101").as_deref(), Some("b"), "of the own county");
    assert_eq!(hash("990102", "990102"), None, "of a province of which one sees a part");
    assert_eq!(hash("99", "990102").as_deref(), Some("a"));
}

fn a_series_has_an_end() {
    let valley = Valley::of(package());
    for number in 0..26 {
        let period = format!("{}-{:02}", 2022 + number / 12, 1 + number % 12);
        let rows = vec![row(VILLAGES[0], ("", ""), parts(number + 3, 40))];
        publish(&valley, ("99", day("2024-06-04")), (&period, "a"), rows).expect("is published");
    }
    let series = valley.store.view(&analyst()).figure_series(INDICATOR, place("99")).expect("reads");
    let periods: Vec<(String, i64)> =
        series.iter().map(|one| (one.period.to_string(), shown(one.figure).numerator)).collect();
    assert_eq!(periods.len(), 24, "two years of months");
    assert_eq!((periods[0].clone(), periods[23].clone()), (("2024-02".into(), 28), ("2022-03".into(), 5)));
    assert!(periods.windows(2).all(|pair| pair[0].0 > pair[1].0), "the latest first");
}
