//! The ordinary life of households: small stays in hospital, school fees, cars, posts, certificates of long ago, people who
//! left. Departments hand all of it in; none of it is a shock, and some of it makes healthy households look ill.

use crate::random::Stream;
use crate::setting::{County, Setting};
use crate::world::{Event, Household, Resident};
use model::Day;

/// Adds the events of ordinary life.
pub fn live(household: &mut Household, county: &County, setting: &Setting, stream: &mut Stream) {
    let mut events = Vec::new();
    for index in 0..household.residents.len() {
        treatment(&household.residents[index], index, setting.day, stream, &mut events);
        schooling(&household.residents[index], index, setting.day, stream, &mut events);
        standing(household, index, setting, stream, &mut events);
    }
    possessions(household, county, setting, stream, &mut events);
    events.retain(|event| event.day > household.residents[event.member].born_on);
    household.events = events;
    leave(household, setting, stream);
}

/// One bill, split among insurance, serious-illness insurance, assistance and the patient; the parts add up to the whole.
pub fn bill(kind: &'static str, day: Day, member: usize, total: i64, covered: f64, assisted: f64) -> Event {
    let basic = (total as f64 * covered) as i64;
    let above = (total - basic - 8_000).max(0);
    let serious = above * 55 / 100;
    let aid = ((total - basic - serious) as f64 * assisted) as i64;
    Event {
        total,
        basic,
        serious,
        aid,
        own: total - basic - serious - aid,
        ..Event::new(kind, "ordinary", day, member)
    }
}

fn treatment(resident: &Resident, index: usize, day: Day, stream: &mut Stream, events: &mut Vec<Event>) {
    let yearly = match (resident.age, resident.health) {
        (_, "serious") => 0.6,
        (0..=6, _) => 0.12,
        (7..=45, _) => 0.05,
        (46..=64, _) => 0.12,
        _ => 0.26,
    };
    for _ in 0..stream.count(yearly * 1.5) {
        let settled = day.plus_days(-stream.between(3, 540));
        let total = stream.log_normal(4_300.0, 0.75) as i64 + 400;
        let covered = if resident.is_insured { 0.5 + 0.22 * stream.unit() } else { 0.0 };
        let mut stay = bill("stay", settled, index, total, covered, 0.0);
        stay.count = stream.between(3, 14);
        events.push(stay);
    }
    if matches!(resident.health, "chronic" | "serious") && stream.chance(0.5) {
        for _ in 0..stream.between(1, 4) {
            let total = stream.between(120, 1_500);
            events.push(bill("clinic", day.plus_days(-stream.between(3, 360)), index, total, 0.55, 0.0));
        }
    }
}

fn schooling(resident: &Resident, index: usize, day: Day, stream: &mut Stream, events: &mut Vec<Event>) {
    let (median, spread) = match resident.stage {
        "preschool" => (2_400.0, 0.4),
        "senior" => (1_900.0, 0.35),
        "vocational" => (1_600.0, 0.4),
        "college" => (6_300.0, 0.32),
        _ => return,
    };
    let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    let Some(paid_on) = Day::new(year, 9, stream.between(1, 12) as u32) else { return };
    let total = stream.log_normal(median, spread) as i64;
    let aid = if stream.chance(0.25) { total * stream.between(1, 6) / 10 } else { 0 };
    events.push(Event {
        total,
        aid,
        own: total - aid,
        ..Event::new("fee", "tuition", paid_on.min(day.plus_days(-1)), index)
    });
}

/// Certificates, posts, pay and companies of one resident.
fn standing(household: &Household, index: usize, setting: &Setting, stream: &mut Stream, events: &mut Vec<Event>) {
    let resident = &household.residents[index];
    let shares = &setting.population.share;
    let long_ago = |stream: &mut Stream, low: i64, high: i64| {
        setting.day.plus_days(-stream.between(low, high)).max(resident.born_on.plus_days(400))
    };
    if resident.disability.is_some() {
        let issued = long_ago(stream, 600, 3_400);
        events.push(Event { until: Some(issued.plus_days(3_650)), ..Event::new("disability", "old", issued, index) });
    }
    if !(18..70).contains(&resident.age) || resident.stage != "none" {
        return;
    }
    let is_educated = matches!(resident.education, "senior" | "college");
    if is_educated && resident.age < 60 && stream.chance(shares.payroll) {
        let sub = ["cadre", "institution", "contract"][stream.weighted(&[0.5, 0.2, 0.3])];
        let total = if sub == "institution" { stream.between(55, 90) * 100 } else { stream.between(18, 34) * 100 };
        events.push(Event { total, ..Event::new("payroll", sub, long_ago(stream, 200, 3_000), index) });
    } else if stream.chance(shares.business * if resident.age < 55 { 1.0 } else { 0.4 }) {
        let sub = ["owner", "legal", "shareholder", "member"][stream.weighted(&[0.5, 0.12, 0.1, 0.28])];
        let total = if sub == "owner" { stream.between(1, 15) * 10_000 } else { stream.between(2, 60) * 10_000 };
        events.push(Event { total, ..Event::new("business", sub, long_ago(stream, 60, 3_000), index) });
    } else if household.is_lifted_out && resident.labour != "lost" && stream.chance(shares.post) {
        let sub = ["cleaner", "ranger", "road"][stream.weighted(&[0.5, 0.3, 0.2])];
        let since = setting.day.plus_days(-stream.between(20, 340)).first_of_month();
        let total = stream.between(30, 80) * 10;
        events.push(Event { until: Some(since.plus_days(365)), total, ..Event::new("post", sub, since, index) });
    }
}

fn possessions(
    household: &Household,
    county: &County,
    setting: &Setting,
    stream: &mut Stream,
    events: &mut Vec<Event>,
) {
    let shares = &setting.population.share;
    let size = household.residents.len() as f64;
    let per_head = household.income.net() as f64 / size.max(1.0);
    let richness = (per_head / 16_000.0).clamp(0.15, 2.0);
    let driver = household.residents.iter().position(|resident| (20..66).contains(&resident.age));
    let since = |stream: &mut Stream, most: i64| setting.day.plus_days(-stream.between(40, most));
    if let Some(driver) = driver {
        if stream.chance(county.census.figure("vehicle_households") * richness) {
            let total = stream.log_normal(72_000.0 * richness.max(0.5), 0.4) as i64 / 100 * 100;
            events.push(Event { total, ..Event::new("vehicle", "car", since(stream, 3_600), driver) });
        } else if stream.chance(0.3) {
            let sub = ["motorcycle", "tractor", "truck"][stream.weighted(&[0.82, 0.1, 0.08])];
            let total = if sub == "motorcycle" { stream.between(30, 90) * 100 } else { stream.between(200, 900) * 100 };
            events.push(Event { total, ..Event::new("vehicle", sub, since(stream, 3_000), driver) });
        }
        if stream.chance(shares.property * richness) {
            let sub = ["town_home", "shop", "village_home"][stream.weighted(&[0.62, 0.06, 0.32])];
            events.push(Event {
                count: stream.between(55, 140),
                ..Event::new("property", sub, since(stream, 4_000), driver)
            });
        }
    }
    if driver.is_some() && stream.chance(shares.project) {
        let total = stream.between(8, 120) * 500;
        events.push(Event { total, ..Event::new("project", "running", since(stream, 700), 0) });
    }
    if stream.chance(shares.one_off_aid * if per_head < 9_000.0 { 2.5 } else { 0.7 }) {
        let sub = if stream.chance(0.5) { "emergency" } else { "spending" };
        events.push(Event {
            total: stream.between(5, 40) * 100,
            ..Event::new("one_off_aid", sub, since(stream, 420), 0)
        });
    }
}

/// Some members have died of age, married out or moved away; registers and departments notice it at different times.
fn leave(household: &mut Household, setting: &Setting, stream: &mut Stream) {
    for index in 1..household.residents.len() {
        let resident = &mut household.residents[index];
        let (chance, reason) = match (resident.age, resident.relation) {
            (78.., _) => (setting.population.share.left * 6.0, "death"),
            (20..=30, "daughter" | "granddaughter") => (setting.population.share.left * 3.0, "marriage"),
            (18..=40, "son" | "daughter") => (setting.population.share.left, "moved"),
            _ => continue,
        };
        if !stream.chance(chance) {
            continue;
        }
        let day = setting.day.plus_days(-stream.between(5, 700)).max(resident.joined_on);
        resident.left_on = Some(day);
        resident.left_reason = reason;
        household.events.retain(|event| event.member != index || event.day <= day);
        if reason == "death" {
            household.events.push(Event::new("death", "age", day, index));
        }
    }
}
