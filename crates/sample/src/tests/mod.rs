//! The parts of the generator one by one, on a small made-up world that is known by heart.

mod cells;
mod census;
mod conditions;
mod families;
mod fields;
mod fills;
mod lives;
mod names;
mod numbers;
mod populations;
mod shocks;
mod spoiled;

use crate::census::CensusRow;
use crate::fields::Subject;
use crate::population::Population;
use crate::world::{Event, Household, Income, Monitored, Resident, Support, Village};
use model::{Day, IdentityNumber};

/// The day on which everything is handed in.
const DELIVERY: &str = "2024-06-30";

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

fn village() -> Village {
    Village {
        code: 990_101_001_201,
        name: "河口村民委员会".to_owned(),
        short: "河口村".to_owned(),
        township: "大坝镇".to_owned(),
        county: "山前县".to_owned(),
        county_index: 0,
        households: 1,
    }
}

/// A member with a valid identity number of that birthday; `order`: its three digits before the check digit.
fn resident(name: &str, relation: &'static str, born: &str, order: u64) -> Resident {
    let born_on = day(born);
    let birth = born_on.year() as u64 * 10_000 + u64::from(born_on.month()) * 100 + u64::from(born_on.day_of_month());
    let identity = IdentityNumber::from_digits17(990_101 * 100_000_000_000 + birth * 1_000 + order);
    Resident {
        identity: identity.expect("a valid number"),
        name: name.to_owned(),
        is_male: order % 2 == 1,
        born_on,
        age: born_on.age_on(day(DELIVERY)),
        relation,
        education: "junior",
        stage: "none",
        grade: 0,
        health: "healthy",
        labour: "ordinary",
        work_months: 0,
        work_place: "none",
        wage_month: 0,
        disability: None,
        is_insured: true,
        phone: 13_900_000_000 + order,
        joined_on: day("2014-06-01").max(born_on),
        left_on: None,
        left_reason: "none",
    }
}

/// Four people: a head who works away, a wife with a disability, a girl at school, and a grandmother who has died.
fn household() -> Household {
    let mut household = Household::nobody(day("2024-01-15"));
    household.number = 9_901_010_012_010_007;
    household.group = 3;
    household.land_mu_tenths = 45;
    household.income = Income { wage: 30_000, business: 8_000, property: 500, transfer: 1_500, cost: 3_000 };
    household.savings = 10_000;
    household.residents = vec![
        resident("石大山", "head", "1984-02-29", 11),
        resident("吉木·阿果", "spouse", "1986-07-01", 22),
        resident("石小溪", "daughter", "2012-06-30", 24),
        resident("石阿婆", "mother", "1944-07-01", 26),
    ];
    let [head, spouse, girl, old] = household.residents.as_mut_slice() else { unreachable!("four members") };
    (head.work_place, head.wage_month, head.work_months) = ("beyond", 5_000, 10);
    (spouse.labour, spouse.disability) = ("weak", Some((4, 2)));
    (girl.labour, girl.stage, girl.grade, girl.education) = ("none", "primary", 6, "primary");
    (old.labour, old.left_on, old.left_reason) = ("none", Some(day("2024-05-31")), "death");
    household.events = vec![
        Event {
            total: 12_345,
            basic: 6_000,
            serious: 1_000,
            aid: 345,
            own: 5_000,
            count: 9,
            shock: Some("illness"),
            ..Event::new("stay", "serious", day("2024-05-20"), 1)
        },
        Event { until: Some(day(DELIVERY)), ..Event::new("job_lost", "closed", day("2024-03-01"), 0) },
    ];
    household
}

/// A household that is monitored, has minimum income support and full support.
fn known_household() -> Household {
    let mut household = household();
    household.monitored = Some(Monitored {
        kind: "marginal",
        cause: "illness",
        identified_on: day("2023-01-31"),
        cleared_on: Some(day("2024-02-01")),
    });
    household.dibao = Some(Support { since: day("2022-01-01"), monthly: 1_000 });
    household.tekun = Some(Support { since: day("2022-02-01"), monthly: 700 });
    household
}

/// The household as a row sees it.
fn subject<'a>(population: &'a Population, village: &'a Village, household: &'a Household) -> Subject<'a> {
    Subject { day: day(DELIVERY), population, village, household, resident: None, event: None }
}

/// A population in which no shock strikes.
fn population() -> Population {
    let text = r#"
people = [
    { code = "01", custom = "surname" },
    { code = "07", custom = "clan" },
    { code = "04", custom = "pair" },
]
[[place]]
region = "99"
minority = { "07" = 0.5 }
[[place]]
region = "990101"
minority = { "07" = 0.25, "04" = 0.5 }
income = 0.5
lifted_out = 0.75
[income]
wage_away = 5000.0
wage_near = 3000.0
farm_adult = 20000.0
cost_share = 0.5
subsidies = 4000.0
pension_month = 100
spread = 0.3
lifted_out = 0.75
savings = 0.4
savings_spread = 0.5
[need]
person_year = 10000.0
usable_savings = 0.5
kin_help = 0.0
months = 12
[shock]
[share]
lifted_out = 0.1
monitored = 0.0
cleared = 0.0
insured = 1.0
works_away = 0.5
disabled = 0.0
disabled_old = 0.0
business = 0.0
payroll = 0.0
property = 0.0
post = 0.0
project = 0.0
one_off_aid = 0.0
unsafe_water = 0.0
left = 0.0
from_elsewhere = 0.0
"#;
    toml::from_str(text).expect("a population")
}

/// A census file with one county: every figure that is needed, and shares by age.
fn census_text(figure: impl Fn(&str) -> f64) -> String {
    let needed = [
        "rural_population",
        "sex_ratio",
        "minority_share",
        "household_size",
        "one_person_households",
        "gen1",
        "gen2",
        "gen3",
        "gen4plus",
        "water_tap_households",
        "vehicle_households",
        "floor_m2_per_person",
        "illiterate_15plus",
        "mean_years_schooling",
    ];
    let ages = ["age_0".to_owned(), "age_1_4".to_owned()].into_iter();
    let ages = ages.chain((1..17).map(|group| format!("age_{}_{}", group * 5, group * 5 + 4)));
    let headings: Vec<String> =
        needed.iter().map(ToString::to_string).chain(ages).chain(["age_85plus".to_owned()]).collect();
    let figures: Vec<String> = headings.iter().map(|heading| figure(heading).to_string()).collect();
    format!("code,name,kind,{}\n990101000000,山前县,county,{}\n", headings.join(","), figures.join(","))
}

/// Figures of an ordinary county; ages are spread evenly from 0 to 94.
fn ordinary(heading: &str) -> f64 {
    match heading {
        "rural_population" => 200_000.0,
        "sex_ratio" => 105.0,
        "minority_share" => 0.4,
        "household_size" => 2.9,
        "one_person_households" => 0.2,
        "gen1" => 0.45,
        "gen2" => 0.35,
        "gen3" => 0.17,
        "gen4plus" => 0.03,
        "age_0" => 1.0 / 95.0,
        "age_1_4" => 4.0 / 95.0,
        "age_85plus" => 10.0 / 95.0,
        age if age.starts_with("age_") => 5.0 / 95.0,
        "floor_m2_per_person" => 40.0,
        "mean_years_schooling" => 8.0,
        _ => 0.5,
    }
}

fn county() -> CensusRow {
    let read = crate::census::read(&census_text(ordinary)).expect("a census");
    read.into_iter().next().expect("a county")
}
