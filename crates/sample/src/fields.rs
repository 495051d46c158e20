//! Everything about the made-up world that a column can be filled from, by name.

use crate::population::Population;
use crate::world::{Event, Household, Resident, Village};
use model::Day;
use std::borrow::Cow;

/// What a row is about, and when it is handed in.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The day on which the table is handed in.
    pub day: Day,
    pub population: &'a Population,
    pub village: &'a Village,
    pub household: &'a Household,
    pub resident: Option<&'a Resident>,
    pub event: Option<&'a Event>,
}

/// A value before it becomes a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum<'a> {
    Empty,
    /// A word of the engine, to be turned into a code.
    Word(&'static str),
    Text(Cow<'a, str>),
    Int(i64),
    /// Whole yuan.
    Yuan(i64),
    Tenths(i64),
    Day(Day),
    Bool(bool),
}

impl Datum<'_> {
    /// The datum as conditions and words see it.
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Datum::Empty => Cow::Borrowed(""),
            Datum::Word(word) => Cow::Borrowed(word),
            Datum::Text(text) => Cow::Borrowed(text),
            Datum::Int(number) | Datum::Yuan(number) => Cow::Owned(number.to_string()),
            Datum::Tenths(number) => Cow::Owned(format!("{}.{}", number / 10, number % 10)),
            Datum::Day(day) => Cow::Owned(day.to_string()),
            Datum::Bool(true) => Cow::Borrowed("true"),
            Datum::Bool(false) => Cow::Borrowed("false"),
        }
    }
}

/// Reads one field.
pub type Getter = for<'a> fn(&Subject<'a>) -> Datum<'a>;

/// The getter of a field such as `resident.identity`.
pub fn getter(name: &str) -> Option<Getter> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, getter)| *getter)
}

const FIELDS: &[(&str, Getter)] = &[
    ("delivery", |s| Datum::Day(s.day)),
    ("delivery.year", |s| Datum::Int(i64::from(s.day.year()))),
    ("delivery.last_year", |s| Datum::Int(i64::from(s.day.year()) - 1)),
    ("village.code", |s| Datum::Text(Cow::Owned(format!("{:012}", s.village.code)))),
    ("village.name", |s| Datum::Text(Cow::Borrowed(&s.village.name))),
    ("village.short", |s| Datum::Text(Cow::Borrowed(&s.village.short))),
    ("village.township", |s| Datum::Text(Cow::Borrowed(&s.village.township))),
    ("village.county", |s| Datum::Text(Cow::Borrowed(&s.village.county))),
    ("household.no", |s| Datum::Text(Cow::Owned(s.household.number.to_string()))),
    ("household.group", |s| Datum::Int(s.household.group)),
    ("household.size", |s| Datum::Int(present(s.household).count() as i64)),
    ("household.workers", |s| Datum::Int(present(s.household).filter(|one| one.works()).count() as i64)),
    ("household.able", |s| Datum::Int(present(s.household).filter(|one| able(one)).count() as i64)),
    ("household.head_name", |s| head(s, |one| Datum::Text(Cow::Borrowed(&one.name)))),
    ("household.head_identity", |s| head(s, |one| text(one.identity.canonical()))),
    ("household.phone", |s| head(s, |one| text(one.phone.to_string()))),
    ("household.is_lifted_out", |s| Datum::Bool(s.household.is_lifted_out)),
    ("household.is_monitored", |s| Datum::Bool(s.household.monitored.is_some())),
    ("household.is_monitored_now", |s| {
        Datum::Bool(s.household.monitored.is_some_and(|monitored| monitored.cleared_on.is_none()))
    }),
    ("household.monitor_kind", |s| s.household.monitored.map_or(Datum::Empty, |one| Datum::Word(one.kind))),
    ("household.monitor_cause", |s| s.household.monitored.map_or(Datum::Empty, |one| Datum::Word(one.cause))),
    ("household.identified_on", |s| s.household.monitored.map_or(Datum::Empty, |one| Datum::Day(one.identified_on))),
    ("household.identified_months", |s| {
        s.household.monitored.map_or(Datum::Empty, |one| Datum::Int(one.identified_on.months_until(s.day)))
    }),
    ("household.cleared_on", |s| day(s.household.monitored.and_then(|one| one.cleared_on))),
    ("household.is_cleared", |s| {
        s.household.monitored.map_or(Datum::Empty, |one| Datum::Bool(one.cleared_on.is_some()))
    }),
    ("household.has_dibao", |s| Datum::Bool(s.household.dibao.is_some())),
    ("household.dibao_since", |s| day(s.household.dibao.map(|one| one.since))),
    ("household.dibao_per_head", |s| {
        let size = present(s.household).count().max(1) as i64;
        s.household.dibao.map_or(Datum::Empty, |one| Datum::Yuan(one.monthly / size))
    }),
    ("household.has_tekun", |s| Datum::Bool(s.household.tekun.is_some())),
    ("household.tekun_since", |s| day(s.household.tekun.map(|one| one.since))),
    ("household.tekun_monthly", |s| s.household.tekun.map_or(Datum::Empty, |one| Datum::Yuan(one.monthly))),
    ("household.wage", |s| Datum::Yuan(s.household.income.wage)),
    ("household.business", |s| Datum::Yuan(s.household.income.business)),
    ("household.property", |s| Datum::Yuan(s.household.income.property)),
    ("household.transfer", |s| Datum::Yuan(s.household.income.transfer)),
    ("household.cost", |s| Datum::Yuan(s.household.income.cost)),
    ("household.net", |s| Datum::Yuan(s.household.income.net())),
    ("household.net_per_head", |s| Datum::Yuan(s.household.income.net() / listed(s).max(1))),
    ("household.land_mu", |s| Datum::Tenths(s.household.land_mu_tenths)),
    ("household.forest_mu", |s| Datum::Tenths(s.household.forest_mu_tenths)),
    ("household.dwelling_grade", |s| Datum::Word(s.household.dwelling.grade)),
    ("household.dwelling_structure", |s| Datum::Word(s.household.dwelling.structure)),
    ("household.dwelling_m2", |s| Datum::Int(s.household.dwelling.area_m2)),
    ("household.is_only_home", |s| Datum::Bool(s.household.dwelling.is_only_home)),
    ("household.has_tap", |s| Datum::Bool(s.household.has_tap)),
    ("household.is_water_safe", |s| Datum::Bool(s.household.is_water_safe)),
    ("household.has_toilet", |s| Datum::Bool(s.household.has_toilet)),
    ("household.surveyed_on", |s| Datum::Day(s.household.surveyed_on)),
    ("resident.identity", |s| resident(s, |one| text(one.identity.canonical()))),
    ("resident.name", |s| s.resident.map_or(Datum::Empty, |one| Datum::Text(Cow::Borrowed(&one.name)))),
    ("resident.is_male", |s| resident(s, |one| Datum::Bool(one.is_male))),
    ("resident.born_on", |s| resident(s, |one| Datum::Day(one.born_on))),
    ("resident.age", |s| resident(s, |one| Datum::Int(one.age))),
    ("resident.relation", |s| resident(s, |one| Datum::Word(one.relation))),
    ("resident.ethnic", |s| {
        s.population.people.get(s.household.people).map_or(Datum::Empty, |one| Datum::Text(Cow::Borrowed(&one.code)))
    }),
    ("resident.education", |s| resident(s, |one| Datum::Word(one.education))),
    ("resident.stage", |s| resident(s, |one| Datum::Word(one.stage))),
    ("resident.grade", |s| resident(s, |one| Datum::Int(one.grade))),
    ("resident.stage_and_grade", |s| resident(s, |one| text(format!("{}_{}", one.stage, one.grade)))),
    ("resident.is_at_school", |s| resident(s, |one| Datum::Bool(one.stage != "none"))),
    ("resident.has_dropped_out", |s| Datum::Bool(has(s, "dropout"))),
    ("resident.health", |s| resident(s, |one| Datum::Word(one.health))),
    ("resident.labour", |s| resident(s, |one| Datum::Word(one.labour))),
    ("resident.work_place", |s| resident(s, |one| Datum::Word(one.work_place))),
    ("resident.works_away", |s| resident(s, |one| Datum::Bool(one.wage_month > 0))),
    ("resident.work_months", |s| resident(s, |one| Datum::Int(one.work_months))),
    ("resident.wage_month", |s| resident(s, |one| Datum::Yuan(one.wage_month))),
    ("resident.has_lost_work", |s| Datum::Bool(has(s, "job_lost"))),
    ("resident.has_post", |s| Datum::Bool(has(s, "post"))),
    ("resident.is_insured", |s| resident(s, |one| Datum::Bool(one.is_insured))),
    ("resident.phone", |s| resident(s, |one| text(one.phone.to_string()))),
    ("resident.joined_on", |s| resident(s, |one| Datum::Day(one.joined_on))),
    ("resident.is_present", |s| resident(s, |one| Datum::Bool(one.is_present()))),
    ("resident.left_on", |s| s.resident.map_or(Datum::Empty, |one| day(one.left_on))),
    ("resident.left_reason", |s| resident(s, |one| Datum::Word(one.left_reason))),
    ("resident.left_days", |s| {
        let left = s.resident.and_then(|one| one.left_on);
        left.map_or(Datum::Int(-1), |left| Datum::Int(left.days_until(s.day)))
    }),
    ("event.kind", |s| s.event.map_or(Datum::Empty, |one| Datum::Word(one.kind))),
    ("event.sub", |s| s.event.map_or(Datum::Empty, |one| Datum::Word(one.sub))),
    ("event.day", |s| day(s.event.map(|one| one.day))),
    ("event.until", |s| day(s.event.and_then(|one| one.until))),
    ("event.is_over", |s| Datum::Bool(s.event.and_then(|one| one.until).is_some_and(|until| until <= s.day))),
    ("event.total", |s| event(s, |one| one.total)),
    ("event.basic", |s| event(s, |one| one.basic)),
    ("event.serious", |s| event(s, |one| one.serious)),
    ("event.aid", |s| event(s, |one| one.aid)),
    ("event.own", |s| event(s, |one| one.own)),
    ("event.in_scope", |s| event(s, |one| one.total * 86 / 100)),
    ("event.count", |s| s.event.map_or(Datum::Empty, |one| Datum::Int(one.count))),
    ("event.stay_began", |s| s.event.map_or(Datum::Empty, |one| Datum::Day(one.day.plus_days(-one.count)))),
    ("event.days_since", |s| s.event.map_or(Datum::Empty, |one| Datum::Int(one.day.days_until(s.day)))),
    ("event.is_shock", |s| Datum::Bool(s.event.is_some_and(|one| one.shock.is_some()))),
    ("event.disability_kind", |s| disability(s, |(kind, _)| kind)),
    ("event.disability_grade", |s| disability(s, |(_, grade)| grade)),
    ("event.certificate_no", |s| {
        let certificate = |one: &Resident| {
            one.disability
                .map_or(Datum::Empty, |(kind, grade)| text(format!("{}{kind}{grade}", one.identity.canonical())))
        };
        resident(s, certificate)
    }),
];

fn text<'a>(text: String) -> Datum<'a> {
    Datum::Text(Cow::Owned(text))
}

fn day<'a>(day: Option<Day>) -> Datum<'a> {
    day.map_or(Datum::Empty, Datum::Day)
}

fn head<'a>(subject: &Subject<'a>, read: impl Fn(&'a Resident) -> Datum<'a>) -> Datum<'a> {
    subject.household.residents.first().map_or(Datum::Empty, read)
}

fn resident<'a>(subject: &Subject<'a>, read: impl Fn(&Resident) -> Datum<'static>) -> Datum<'a> {
    subject.resident.map_or(Datum::Empty, read)
}

fn event<'a>(subject: &Subject<'a>, read: impl Fn(&Event) -> i64) -> Datum<'a> {
    subject.event.map_or(Datum::Empty, |event| Datum::Yuan(read(event)))
}

fn disability<'a>(subject: &Subject<'a>, read: impl Fn((u8, u8)) -> u8) -> Datum<'a> {
    let known = subject.resident.and_then(|resident| resident.disability);
    known.map_or(Datum::Empty, |known| Datum::Int(i64::from(read(known))))
}

/// Members whom a register still lists: those who left lately, too.
fn listed(subject: &Subject) -> i64 {
    let lists = |one: &&Resident| one.left_on.is_none_or(|left| left.days_until(subject.day) < 45);
    subject.household.residents.iter().filter(lists).count() as i64
}

fn present(household: &Household) -> impl Iterator<Item = &Resident> {
    household.residents.iter().filter(|resident| resident.is_present())
}

fn able(resident: &Resident) -> bool {
    matches!(resident.labour, "ordinary" | "skilled" | "weak")
}

/// True when something of that kind happened to the resident of the row.
fn has(subject: &Subject, kind: &str) -> bool {
    let Some(resident) = subject.resident else { return false };
    let household = subject.household;
    let index = household.residents.iter().position(|other| other.identity == resident.identity);
    household.events.iter().any(|event| event.kind == kind && Some(event.member) == index)
}
