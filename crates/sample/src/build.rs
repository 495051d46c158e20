//! Builds one household: its family, then what it has, then what befalls it.

use crate::background;
use crate::economy;
use crate::family::Draft;
use crate::life;
use crate::names::Custom;
use crate::numbers::NumberDesk;
use crate::random::Stream;
use crate::setting::{County, Setting};
use crate::shock;
use crate::world::{Dwelling, Household, Income, Resident, Village};
use model::Day;

/// Household number `serial` (1 and up) of the village, with everything that is true of it.
pub fn household(
    setting: &Setting,
    county: &County,
    village: &Village,
    serial: u32,
    desk: &mut NumberDesk,
) -> Household {
    let number = village.code * 10_000 + u64::from(serial);
    let mut stream = Stream::of(setting.seed, "household", number, 0);
    let people = stream.weighted(&county.traits.peoples);
    let drafts = county.profile.family(&mut stream);
    let residents = residents(setting, county, village, people, &drafts, desk, &mut stream);
    let mut household = Household {
        number,
        people,
        group: 1 + stream.between(0, 7),
        is_lifted_out: stream.chance(county.traits.lifted_out),
        monitored: None,
        dibao: None,
        tekun: None,
        income: Income::default(),
        savings: 0,
        land_mu_tenths: residents.len() as i64 * stream.between(3, 22),
        forest_mu_tenths: if stream.chance(0.2) { stream.between(5, 90) } else { 0 },
        dwelling: dwelling(county, residents.len(), setting.day, &mut stream),
        has_tap: stream.chance(county.census.figure("water_tap_households")),
        is_water_safe: !stream.chance(setting.population.share.unsafe_water),
        has_toilet: stream.chance(0.83),
        surveyed_on: setting.day.plus_days(-stream.between(60, 420)),
        events: Vec::new(),
        truth: None,
        residents,
    };
    economy::settle(&mut household, county, setting, &mut stream);
    background::live(&mut household, county, setting, &mut stream);
    shock::strike(&mut household, county, setting, &mut stream);
    household
}

fn residents(
    setting: &Setting,
    county: &County,
    village: &Village,
    people: usize,
    drafts: &[Draft],
    desk: &mut NumberDesk,
    stream: &mut Stream,
) -> Vec<Resident> {
    let custom = setting.population.people.get(people).map_or(Custom::Surname, |people| people.custom);
    let lineage = setting.names.lineage(custom, stream);
    // A woman who heads the house gives her children her husband's lineage.
    let head_is_woman = drafts.first().is_some_and(|head| !head.is_male);
    let husbands = setting.names.lineage(custom, stream);
    let mut residents = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let is_spouse = draft.relation == "spouse";
        let is_child = matches!(draft.relation, "son" | "daughter" | "grandson" | "granddaughter");
        let own = match (draft.is_kin, is_child && head_is_woman || is_spouse && draft.is_male) {
            (_, true) => husbands.clone(),
            (true, false) => lineage.clone(),
            (false, false) => setting.names.lineage(custom, stream),
        };
        let mut name = setting.names.full(custom, &own, draft.is_male, stream);
        if residents.iter().any(|other: &Resident| other.name == name) {
            name = setting.names.full(custom, &own, draft.is_male, stream);
        }
        residents.push(resident(setting, county, village, draft, name, desk, stream));
    }
    residents
}

fn resident(
    setting: &Setting,
    county: &County,
    village: &Village,
    draft: &Draft,
    name: String,
    desk: &mut NumberDesk,
    stream: &mut Stream,
) -> Resident {
    let shares = &setting.population.share;
    let birthday = setting.day.minus_months(draft.age as u32 * 12).plus_days(-stream.between(1, 360));
    let from_elsewhere = draft.age > 20 && !draft.is_kin && stream.chance(shares.from_elsewhere);
    let office = setting.numbers;
    let identity = office.issue(village.county_index, birthday, draft.is_male, from_elsewhere, desk, stream);
    let born_on = identity.born_on();
    let age = born_on.age_on(setting.day);
    let school = life::school(born_on, setting.day, stream);
    let is_at_school = !matches!(school.stage, "none" | "preschool");
    let disabled = if age >= 60 { shares.disabled_old } else { shares.disabled };
    let disability = (age >= 4 && stream.chance(disabled)).then(|| disability(stream));
    let health = if disability.is_some() { "disabled" } else { life::health(age, stream) };
    let labour = life::labour(age, is_at_school, disability, stream);
    let census = &county.census;
    let education =
        life::education(age, census.figure("illiterate_15plus"), census.figure("mean_years_schooling"), stream);
    let can_work = matches!(labour, "ordinary" | "skilled" | "weak");
    let work_place = if can_work { life::work_place(age, draft.is_male, shares.works_away, stream) } else { "none" };
    let work_months = match work_place {
        "none" | "home" => 0,
        _ => stream.between(4, 12).max(stream.between(4, 12)),
    };
    Resident {
        identity,
        name,
        is_male: draft.is_male,
        born_on,
        age,
        relation: draft.relation,
        education,
        stage: school.stage,
        grade: school.grade,
        health,
        labour,
        work_months,
        work_place,
        wage_month: 0,
        disability,
        is_insured: stream.chance(shares.insured),
        phone: life::phone(stream),
        joined_on: joined_on(born_on, draft, setting.day, stream),
        left_on: None,
        left_reason: "none",
    }
}

/// When the register first knew the member: mostly with the first survey, later for those born or married in since.
fn joined_on(born_on: Day, draft: &Draft, day: Day, stream: &mut Stream) -> Day {
    let survey = Day::new(2014, 6, 1).unwrap_or(born_on).plus_days(stream.between(0, 180));
    let married_in = if !draft.is_kin && draft.age < 32 { day.plus_days(-stream.between(200, 2200)) } else { survey };
    let registered = born_on.plus_days(stream.between(5, 90)).max(survey).max(married_in);
    registered.min(day.plus_days(-1)).max(born_on)
}

fn disability(stream: &mut Stream) -> (u8, u8) {
    let kind = stream.weighted(&[0.15, 0.24, 0.02, 0.35, 0.08, 0.09, 0.07]) as u8 + 1;
    let grade = stream.weighted(&[0.13, 0.24, 0.31, 0.32]) as u8 + 1;
    (kind, grade)
}

fn dwelling(county: &County, size: usize, day: Day, stream: &mut Stream) -> Dwelling {
    let built_year = day.year() - stream.between(2, 42) as i32;
    let per_head = stream.log_normal(county.census.figure("floor_m2_per_person").max(18.0), 0.3);
    Dwelling {
        grade: if stream.chance(0.6) { "a" } else { "b" },
        structure: ["brick_concrete", "brick_wood", "earth_wood", "frame"][stream.weighted(&[0.58, 0.22, 0.1, 0.1])],
        area_m2: (per_head * (size as f64 + 1.2)).clamp(24.0, 420.0) as i64,
        built_year,
        is_only_home: !stream.chance(0.06),
    }
}
