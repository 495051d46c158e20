//! The hidden process: what befalls households, and which of them truly fall into hardship by it.
//!
//! It is written apart from the rules and knows none of them. Whether a department hears of a shock, and when, is decided
//! later, table by table. The truth is an account of the household's own money: a year's net income, less what the shocks
//! take away and cost, plus the savings that can be used up and what kin can lend, against what its members need.

use crate::background::bill;
use crate::population::Shock;
use crate::random::Stream;
use crate::setting::{County, Setting};
use crate::world::{CAUSES, Event, Household, Truth};
use model::Day;

/// What a shock takes from a household within a year.
#[derive(Clone, Copy, Debug, Default)]
struct Burden {
    /// Income that does not come.
    lost: f64,
    /// Money that has to be spent.
    spent: f64,
}

/// A shock that is about to strike.
struct Strike<'a> {
    cause: &'static str,
    shock: &'a Shock,
    on: Day,
    today: Day,
}

/// Lets the shocks strike, and notes the truth when the household falls into hardship by them.
pub fn strike(household: &mut Household, county: &County, setting: &Setting, stream: &mut Stream) {
    let days = i64::from(setting.population.need.months) * 30;
    let mut burdens: Vec<(&'static str, Day, Burden)> = Vec::new();
    for cause in CAUSES {
        let Some(shock) = setting.population.shock.get(*cause) else { continue };
        // Drawn before anything else, so that each cause has its own share of chance.
        let (struck, on) = (stream.chance(shock.rate), setting.day.plus_days(-stream.between(8, days)));
        if !struck || household.residents.iter().all(|resident| !resident.is_present()) {
            continue;
        }
        let strike = Strike { cause, shock, on, today: setting.day };
        if let Some(burden) = befall(household, &strike, stream) {
            burdens.push((cause, on, burden));
        }
    }
    let kin = stream.unit();
    household.truth = judge(household, county, setting, &burdens, kin);
}

/// The truth after the shocks; none for households without a shock, and for those that are already being helped.
fn judge(
    household: &Household,
    county: &County,
    setting: &Setting,
    burdens: &[(&'static str, Day, Burden)],
    kin: f64,
) -> Option<Truth> {
    let is_known = household.monitored.is_some_and(|monitored| monitored.cleared_on.is_none());
    if is_known {
        return None;
    }
    let need = &setting.population.need;
    let present = household.residents.iter().filter(|resident| resident.is_present()).count() as f64;
    let needed = need.person_year * county.traits.income.max(0.7) * present;
    let lost: f64 = burdens.iter().map(|(_, _, burden)| burden.lost + burden.spent).sum();
    let buffer = household.savings as f64 * need.usable_savings + kin * need.kin_help * needed;
    let before = household.income.net() as f64 + buffer;
    // Those who were in want before have other reasons; and a small loss pushes nobody.
    if before < needed || before - lost >= needed || lost < needed * 0.1 {
        return None;
    }
    let heaviest =
        burdens.iter().max_by(|(_, _, one), (_, _, two)| (one.lost + one.spent).total_cmp(&(two.lost + two.spent)))?;
    Some(Truth { cause: heaviest.0, since: heaviest.1 })
}

/// What the shock does; `None` where it cannot strike this household.
fn befall(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    match strike.cause {
        "illness" => illness(household, strike, stream),
        "disability" => disability(household, strike, stream),
        "lost_work" => lost_work(household, strike, stream),
        "failed_industry" => failed_industry(household, strike, stream),
        "disaster" => disaster(household, strike, stream),
        "accident" => accident(household, strike, stream),
        "worker_death" => worker_death(household, strike, stream),
        "school_cost" => school_cost(household, strike, stream),
        "dropout" => dropout(household, strike, stream),
        "unsafe_house" => unsafe_house(household, strike, stream),
        "water" => water(household, strike, stream),
        _ => None,
    }
}

impl Strike<'_> {
    fn cost(&self, stream: &mut Stream) -> i64 {
        stream.log_normal(self.shock.cost, self.shock.spread) as i64
    }

    /// A share around the share that is covered on average.
    fn covered(&self, stream: &mut Stream) -> f64 {
        (self.shock.covered * (0.6 + 0.8 * stream.unit())).min(1.0)
    }

    /// Whole months without work from the shock on, at most up to today.
    fn idle_months(&self, stream: &mut Stream) -> i64 {
        let months = stream.log_normal(self.shock.idle_months.max(0.1), 0.7).round() as i64;
        months.clamp(0, self.on.months_until(self.today).max(0) + 1)
    }

    fn event(&self, kind: &'static str, sub: &'static str, member: usize) -> Event {
        Event { shock: Some(self.cause), ..Event::new(kind, sub, self.on, member) }
    }
}

/// One present member for whom the test holds.
fn someone(household: &Household, stream: &mut Stream, test: impl Fn(usize) -> bool) -> Option<usize> {
    let fits: Vec<usize> = (0..household.residents.len())
        .filter(|index| household.residents[*index].is_present() && test(*index))
        .collect();
    stream.pick(&fits).copied()
}

fn worker(household: &Household, stream: &mut Stream) -> Option<usize> {
    someone(household, stream, |index| household.residents[index].wage_month > 0)
}

/// Income of a member within a year.
fn earnings(household: &Household, member: usize) -> f64 {
    let resident = &household.residents[member];
    let farm = if resident.work_place == "home" { household.income.business - household.income.cost } else { 0 };
    (resident.wage_month * resident.work_months * 62 / 100 + farm.max(0) / 2) as f64
}

fn illness(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let on = strike.on;
    let member = someone(household, stream, |index| household.residents[index].born_on < on)?;
    let (insured, cost) = (household.residents[member].is_insured, strike.cost(stream));
    let mut diagnosis = strike.event("diagnosis", DISEASES[stream.index(DISEASES.len())], member);
    diagnosis.count = 1;
    household.events.push(diagnosis);
    let helped = household.dibao.is_some() || household.tekun.is_some();
    let stays = stream.between(1, 4);
    let mut spent = 0;
    for stay in 0..stays {
        let day = on.plus_days(stay * stream.between(20, 50) + stream.between(5, 18));
        if day >= strike.today {
            break;
        }
        let covered = if insured { strike.covered(stream) } else { 0.0 };
        let mut event = bill("stay", day, member, cost / stays + 200, covered, if helped { 0.5 } else { 0.0 });
        (event.shock, event.sub, event.count) = (Some(strike.cause), "serious", stream.between(6, 40));
        spent += event.own;
        household.events.push(event);
    }
    let idle = strike.idle_months(stream).min(12) as f64;
    // Some of the bills are never settled with the insurance: travel, medicine from outside.
    Some(Burden { spent: spent as f64 * 1.15, lost: earnings(household, member) * idle / 12.0 })
}

const DISEASES: [&str; 5] = ["cancer", "kidney", "heart", "stroke", "other"];

fn disability(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let member = someone(household, stream, |index| {
        let resident = &household.residents[index];
        resident.disability.is_none() && resident.age >= 16
    })?;
    let kind = [1, 2, 4, 6][stream.weighted(&[0.15, 0.15, 0.55, 0.15])];
    let grade = stream.weighted(&[0.3, 0.32, 0.22, 0.16]) as i64 + 1;
    household.residents[member].disability = Some((kind, grade as u8));
    let until = strike.on.plus_days(3_650);
    household.events.push(Event { until: Some(until), ..strike.event("disability", "new", member) });
    let share = [1.0, 0.8, 0.4, 0.15][grade as usize - 1];
    Some(Burden { lost: earnings(household, member) * share, spent: strike.cost(stream) as f64 * share })
}

fn lost_work(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let member = worker(household, stream)?;
    let months = strike.idle_months(stream).max(1);
    let back = strike.on.plus_days(months * 30 + stream.between(0, 20));
    let sub = ["closed", "ended", "ill", "family"][stream.weighted(&[0.5, 0.25, 0.15, 0.1])];
    let mut event = strike.event("job_lost", sub, member);
    event.until = (back < strike.today).then_some(back);
    (event.total, event.count) = (household.residents[member].wage_month, months);
    household.events.push(event);
    Some(Burden { lost: household.residents[member].wage_month as f64 * 0.62 * months.min(12) as f64, spent: 0.0 })
}

fn failed_industry(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    someone(household, stream, |index| household.residents[index].works())?;
    let loss = strike.cost(stream);
    let compensated = if stream.chance(0.35) { (loss as f64 * strike.covered(stream)) as i64 } else { 0 };
    let sub = if stream.chance(0.6) { "failed" } else { "damaged" };
    let total = loss + loss * stream.between(10, 120) / 100;
    let event = Event { total, own: loss, basic: compensated, ..strike.event("project", sub, 0) };
    household.events.push(event);
    let business = (household.income.business - household.income.cost).max(0) as f64;
    Some(Burden { lost: business * if sub == "failed" { 0.6 } else { 0.2 }, spent: (loss - compensated) as f64 })
}

fn disaster(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let sub = ["flood", "landslide", "drought", "pest", "storm", "quake"]
        [stream.weighted(&[0.34, 0.2, 0.13, 0.1, 0.17, 0.06])];
    let loss = strike.cost(stream);
    let compensated = (loss as f64 * strike.covered(stream)) as i64;
    let damages_houses = matches!(sub, "flood" | "landslide" | "quake" | "storm");
    let damage = if damages_houses { stream.weighted(&[0.6, 0.26, 0.1, 0.04]) as i64 } else { 0 };
    let event = Event { total: loss, basic: compensated, count: damage, ..strike.event("disaster", sub, 0) };
    household.events.push(event);
    let rebuilding = [0.0, 1_500.0, 9_000.0, 38_000.0][damage as usize] * (0.6 + 0.8 * stream.unit());
    Some(Burden { lost: 0.0, spent: (loss - compensated) as f64 + rebuilding })
}

fn accident(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let member = someone(household, stream, |index| household.residents[index].age >= 6)?;
    let sub = ["traffic", "work", "fire", "crime", "fall"][stream.weighted(&[0.45, 0.2, 0.08, 0.05, 0.22])];
    let cost = strike.cost(stream);
    let result = if cost > 60_000 {
        3
    } else if cost > 14_000 {
        2
    } else {
        1
    };
    let own = (cost as f64 * (1.0 - strike.covered(stream))) as i64;
    let event = Event { own, count: result, ..strike.event("accident", sub, member) };
    household.events.push(event);
    let day = strike.on.plus_days(stream.between(8, 40));
    if day < strike.today && household.residents[member].is_insured {
        let mut stay = bill("stay", day, member, cost / 2 + 300, 0.4, 0.0);
        (stay.shock, stay.sub, stay.count) = (Some(strike.cause), "injury", stream.between(4, 30));
        household.events.push(stay);
    }
    let idle = strike.idle_months(stream).min(12) as f64;
    Some(Burden { spent: own as f64, lost: earnings(household, member) * idle / 12.0 })
}

fn worker_death(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let member = someone(household, stream, |index| {
        let resident = &household.residents[index];
        index > 0 && resident.works() && resident.age >= 18
    })?;
    let lost = earnings(household, member);
    let on = strike.on;
    let sub = if stream.chance(0.6) { "illness" } else { "accident" };
    household.events.retain(|event| event.member != member || event.day <= on);
    household.events.push(strike.event("death", sub, member));
    let resident = &mut household.residents[member];
    (resident.left_on, resident.left_reason) = (Some(on.max(resident.joined_on)), "death");
    Some(Burden { lost, spent: strike.cost(stream) as f64 })
}

fn school_cost(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let member = someone(household, stream, |index| {
        matches!(household.residents[index].stage, "senior" | "vocational" | "college")
    })?;
    let total = strike.cost(stream);
    let aid = if stream.chance(0.3) { total * stream.between(5, 30) / 100 } else { 0 };
    let mut fee = strike.event("fee", "private", member);
    (fee.total, fee.aid, fee.own) = (total, aid, total - aid);
    household.events.retain(|event| event.kind != "fee" || event.member != member);
    household.events.push(fee);
    Some(Burden { spent: (total - aid) as f64 * 1.25, lost: 0.0 })
}

fn dropout(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let member = someone(household, stream, |index| {
        let resident = &household.residents[index];
        matches!(resident.stage, "primary" | "junior") && resident.age >= 9
    })?;
    let sub = ["poverty", "weary", "work", "ill", "marriage"][stream.weighted(&[0.42, 0.24, 0.14, 0.12, 0.08])];
    let mut event = strike.event("dropout", sub, member);
    event.count = stream.between(20, 100);
    household.events.push(event);
    // What it would take to keep the child at school; and whoever leaves for want of money lives in want.
    let factor = if sub == "poverty" { 2.0 } else { 0.5 };
    Some(Burden { spent: strike.cost(stream) as f64 * factor, lost: 0.0 })
}

fn unsafe_house(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    if !household.dwelling.is_only_home && stream.chance(0.8) {
        return None;
    }
    let is_worst = stream.chance(0.35);
    household.dwelling.grade = if is_worst { "d" } else { "c" };
    household.events.push(strike.event("dwelling", household.dwelling.grade, 0));
    let covered = strike.covered(stream);
    let repair = strike.cost(stream) as f64 * if is_worst { 2.2 } else { 1.0 } * (1.0 - covered);
    Some(Burden { spent: repair, lost: 0.0 })
}

fn water(household: &mut Household, strike: &Strike, stream: &mut Stream) -> Option<Burden> {
    let is_cut = stream.chance(0.7);
    let days = stream.log_normal(16.0, 1.0) as i64;
    let restored = strike.on.plus_days(days.max(1));
    let mut event = strike.event("water", if is_cut { "cut" } else { "quality" }, 0);
    event.until = (restored < strike.today).then_some(restored);
    event.count = days.max(1).min(strike.on.days_until(strike.today));
    let months = event.count as f64 / 30.0;
    household.events.push(event);
    // A well or tank of its own after two months; carts and lost hours before.
    let well = if months >= 2.0 { strike.cost(stream) as f64 } else { 0.0 };
    Some(Burden { spent: well + months.min(12.0) * 240.0, lost: 0.0 })
}
