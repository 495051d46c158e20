//! What households earn, have saved and are given, before anything befalls them.

use crate::random::Stream;
use crate::setting::{County, Setting};
use crate::world::{Household, Monitored, Support};
use model::Day;

/// Causes for which households were monitored in earlier years.
const EARLIER_CAUSES: [&str; 7] =
    ["illness", "disability", "lost_work", "school_cost", "disaster", "accident", "failed_industry"];

/// Fills in wages, incomes, savings, support and the monitoring that the register knows.
pub fn settle(household: &mut Household, county: &County, setting: &Setting, stream: &mut Stream) {
    let traits = &setting.population.income;
    let lifted = if household.is_lifted_out { traits.lifted_out } else { 1.0 };
    let level = county.traits.income * lifted * stream.log_normal(1.0, traits.spread);
    earn(household, level, setting, stream);
    let size = household.residents.len().max(1) as i64;
    support(household, size, county, setting, stream);
    monitor(household, size, county, setting, stream);
    let savings = stream.log_normal(traits.savings, traits.savings_spread);
    household.savings = (household.income.net().max(0) as f64 * savings) as i64;
}

fn earn(household: &mut Household, level: f64, setting: &Setting, stream: &mut Stream) {
    let traits = &setting.population.income;
    let mut income = household.income;
    let mut farmers = 0.0;
    for resident in &mut household.residents {
        let skill = if resident.labour == "skilled" { 1.35 } else { 1.0 } * if resident.is_male { 1.08 } else { 0.9 };
        // Wages of one labour market differ less than the wealth of families.
        let pay = |median: f64, stream: &mut Stream| {
            (median * skill * stream.log_normal(1.0, 0.28) * (0.45 + 0.55 * level)) as i64
        };
        match resident.work_place {
            "county" => resident.wage_month = pay(traits.wage_near, stream),
            "province" | "beyond" => resident.wage_month = pay(traits.wage_away, stream),
            _ => {}
        }
        resident.wage_month = resident.wage_month / 50 * 50;
        income.wage += resident.wage_month * resident.work_months * 62 / 100;
        farmers += match (resident.work_place, resident.labour) {
            ("home", _) => 1.0,
            (_, "weak") => 0.5,
            (_, "none") if resident.age >= 60 && resident.age < 78 => 0.35,
            _ => 0.0,
        };
    }
    let product = farmers * stream.log_normal(traits.farm_adult * level, 0.35);
    income.business = product as i64;
    income.cost = (product * traits.cost_share * (0.7 + 0.6 * stream.unit())) as i64;
    if stream.chance(0.35) {
        income.property = stream.log_normal(420.0 * level, 0.7) as i64;
    }
    let pensioners = household.residents.iter().filter(|resident| resident.age >= 60).count() as i64;
    let kin = if farmers < 0.6 && income.wage == 0 {
        stream.log_normal(5200.0, 0.5) as i64 * pensioners.clamp(1, 2)
    } else {
        0
    };
    income.transfer = stream.log_normal(traits.subsidies, 0.5) as i64 + pensioners * traits.pension_month * 12 + kin;
    household.income = income;
}

/// Minimum income support for the poorest, full support for old people without anyone.
fn support(household: &mut Household, size: i64, county: &County, setting: &Setting, stream: &mut Stream) {
    let need = setting.population.need.person_year * county.traits.income.max(0.7);
    let per_head = household.income.net() as f64 / size as f64;
    let since = setting.day.plus_days(-stream.between(200, 2600)).first_of_month();
    let alone_and_old = size == 1 && household.residents[0].age >= 62;
    let has_no_wage = household.income.wage == 0;
    if alone_and_old && has_no_wage && per_head < need * 2.5 && stream.chance(0.4) {
        let monthly = stream.between(68, 90) * 10;
        household.tekun = Some(Support { since, monthly });
        household.income.transfer += monthly * 12;
        return;
    }
    let chance = match per_head / need {
        ratio if ratio < 0.6 => 0.95,
        ratio if ratio < 0.8 => 0.72,
        ratio if ratio < 1.0 => 0.36,
        ratio if ratio < 1.3 => 0.05,
        _ => 0.003,
    };
    if stream.chance(chance) {
        let gap = (need - per_head).max(1_000.0) * size as f64 / 12.0;
        let monthly = (gap as i64).clamp(100 * size, 480 * size) / 10 * 10;
        household.dibao = Some(Support { since, monthly });
        household.income.transfer += monthly * 12;
    }
}

/// Monitoring in earlier years. Poor households are more often in it.
fn monitor(household: &mut Household, size: i64, county: &County, setting: &Setting, stream: &mut Stream) {
    let per_head = household.income.net() as f64 / size as f64;
    let line = setting.population.need.person_year * county.traits.income;
    let lean = match per_head / line {
        ratio if ratio < 1.7 => 3.5,
        ratio if ratio < 2.6 => 1.5,
        _ => 0.45,
    };
    if !stream.chance(setting.population.share.monitored * lean * if household.is_lifted_out { 3.0 } else { 1.0 }) {
        return;
    }
    let months = stream.between(3, 44) as u32;
    let identified_on =
        setting.day.minus_months(months).first_of_month().max(Day::new(2020, 1, 1).unwrap_or(setting.day));
    let cleared = months > 9 && stream.chance(setting.population.share.cleared);
    let kind = match (per_head < line * 2.2, household.is_lifted_out) {
        (true, true) => "unstable",
        (true, false) => "marginal",
        _ => "sudden",
    };
    household.monitored = Some(Monitored {
        kind,
        cause: EARLIER_CAUSES[stream.weighted(&[0.38, 0.15, 0.17, 0.09, 0.07, 0.06, 0.08])],
        identified_on,
        cleared_on: cleared.then(|| {
            let after = stream.between(7, i64::from(months) - 1) as u32;
            setting.day.minus_months(months - after).first_of_month()
        }),
    });
}
