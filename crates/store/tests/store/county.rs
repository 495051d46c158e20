//! A made-up county of place 99 with its package, and short ways to fill it.

use crate::place::Place;
use model::{
    Actor, Day, Evidence, Fen, Flag, HouseholdNo, Lead, Moment, Reason, RegionCode, ResidentKey, Severity, Value,
};
use std::collections::BTreeMap;
use store::{
    Command, Declarations, Location, NewAccount, Publication, Receipt, Record, Refusal, Region, Store, StoreKey,
    system_actor,
};

/// Identity number of the resident with this number; no check digit is needed here.
pub fn identity(number: i64) -> String {
    format!("990101{:012}", 190_001_010_000 + number)
}

pub fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

pub fn place(text: &str) -> RegionCode {
    text.parse().expect("test places are well written")
}

/// The package of the made-up county, with `more` fields in the register of households.
pub fn declarations(more: &str) -> Declarations {
    let read = |text: &str| toml::from_str(text).expect("the register is well written");
    let mut registers = BTreeMap::from([
        ("region".to_owned(), read(include_str!("package/region.toml"))),
        ("household".to_owned(), read(&format!("{}{more}", include_str!("package/household.toml")))),
        ("resident".to_owned(), read(include_str!("package/resident.toml"))),
        ("lead".to_owned(), read(include_str!("package/lead.toml"))),
    ]);
    let source = toml::from_str(include_str!("package/bill.toml")).expect("the source is well written");
    let roles: BTreeMap<String, policy::declare::Role> =
        toml::from_str(include_str!("package/roles.toml")).expect("the roles are well written");
    policy::complete_raised(&mut registers, &roles);
    let codes = toml::from_str(include_str!("package/reasons.toml")).expect("the list is well written");
    Declarations {
        region: place("99"),
        calendar: policy::Calendar::default(),
        registers,
        sources: BTreeMap::from([("bill".to_owned(), source)]),
        roles,
        codes: BTreeMap::from([("reason".to_owned(), codes)]),
        forms: BTreeMap::new(),
        parameters: store::ParameterBook::default(),
        changes: policy::Changes::default(),
        indicators: BTreeMap::new(),
        files: BTreeMap::new(),
        root: std::path::PathBuf::new(),
    }
}

/// A store in a place that goes away with it.
pub struct County {
    pub store: Store,
    pub place: Place,
}

impl County {
    /// An empty county with its places.
    pub fn empty() -> County {
        let own = Place::new();
        let store = Store::create(own.location(), declarations(""), &key()).expect("creates");
        let county = County { store, place: own };
        let names = [
            ("99", "某省"),
            ("9901", "某州"),
            ("990101", "甲县"),
            ("990102", "乙县"),
            ("990101100", "甲一镇"),
            ("990101200", "甲二镇"),
            ("990101100201", "大石村"),
            ("990101100202", "小石村"),
            ("990101200201", "河边村"),
            ("990102100201", "乙村"),
        ];
        let regions = names.map(|(code, name)| Region { code: place(code), name: name.into(), short: name.into() });
        county.system(Command::SaveRegions(regions.to_vec())).expect("places are saved");
        county
    }

    /// A county with four households in four villages, two of them in one township, one in another county.
    pub fn filled() -> County {
        let county = County::empty();
        let villages = ["990101100201", "990101100202", "990101200201", "990102100201"];
        let households: Vec<Record> =
            villages.iter().zip(1..).map(|(village, number)| household(number, village, "吉木阿古")).collect();
        county.save("household", households).expect("households are saved");
        let residents = (1..=4).flat_map(|number| [resident(number, number * 10), resident(number, number * 10 + 1)]);
        county.save("resident", residents.collect()).expect("residents are saved");
        county
    }

    pub fn location(&self) -> Location {
        self.place.location()
    }

    pub fn system(&self, command: Command) -> Result<Receipt, Refusal> {
        self.store.apply(
            &system_actor(place("99")),
            Moment { day: day("2024-06-01"), at_ms: 1_717_200_000_000 },
            command,
        )
    }

    pub fn save(&self, register: &str, records: Vec<Record>) -> Result<Receipt, Refusal> {
        self.system(Command::ImportRecords { register: register.into(), file: "aaaaaaaaaaaa".into(), records })
    }

    pub fn publish(&self, on: &str, leads: Vec<Lead>) -> Result<Receipt, Refusal> {
        self.publish_at("99", on, leads)
    }

    pub fn publish_at(&self, region: &str, on: &str, leads: Vec<Lead>) -> Result<Receipt, Refusal> {
        self.system(Command::PublishScreening(Box::new(publication(region, on, leads))))
    }

    pub fn step(&self, actor: &Actor, on: &str, id: &str, step: &str, reason: &str) -> Result<Receipt, Refusal> {
        let given = vec![("reason_code".to_owned(), Value::Text(reason.to_owned()))];
        let fields = if reason.is_empty() { Vec::new() } else { given };
        let command =
            Command::TakeStep { version: None, register: "lead".into(), id: id.into(), step: step.into(), fields };
        self.store.apply(actor, Moment { day: day(on), at_ms: 1_717_300_000_000 }, command)
    }
}

pub fn key() -> StoreKey {
    StoreKey::from_bytes([42; 32])
}

pub fn actor(role: &str, region: &str) -> Actor {
    let department = (role == "officer").then(|| "medical".to_owned());
    Actor {
        account: format!("{role}-{region}"),
        shown_name: "某人".into(),
        role: role.into(),
        region: place(region),
        department,
    }
}

pub fn account(name: &str, role: &str, region: &str, department: Option<&str>) -> NewAccount {
    NewAccount {
        name: name.into(),
        shown_name: "某人".into(),
        role: role.into(),
        region: place(region),
        department: department.map(str::to_owned),
        password_hash: "opaque".into(),
    }
}

pub fn household(number: i64, village: &str, head: &str) -> Record {
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = vec![
        text(&number.to_string()),
        text(village),
        text(head),
        text("13812345678"),
        Value::Fen(Fen(1_234_500)),
        Value::Decimal("3.50".parse().expect("a decimal")),
        Value::Bool(false),
    ];
    Record { row: number as u32 + 1, fields, ..Record::default() }
}

pub fn resident(household_no: i64, number: i64) -> Record {
    let fields = vec![
        Value::Text(household_no.to_string()),
        Value::Text(identity(number)),
        Value::Text(format!("吉木{}", char::from_u32(0x4E00 + number as u32).unwrap_or('甲'))),
        Value::Day(day("1990-01-01")),
        Value::Null,
        Value::Text("慢性肾病".to_owned()),
    ];
    Record { resident_key: Some(ResidentKey(number * 7_919)), row: number as u32 + 1, fields, ..Record::default() }
}

/// A lead of the household with one reason in that band.
pub fn lead(number: i64, village: &str, on: &str, band: u32) -> Lead {
    lead_of_rule(number, village, on, "illness", band)
}

pub fn lead_of_rule(number: i64, village: &str, on: &str, rule: &str, band: u32) -> Lead {
    let evidence = Evidence {
        fact: "self_paid_fen".into(),
        dataset: "bill".into(),
        file: "bbbbbbbbbbbb".into(),
        row: 7,
        resident_key: None,
        adds: Value::Fen(Fen(5_000_000)),
        values: vec![("paid_fen".into(), Value::Fen(Fen(5_000_000)))],
    };
    let reason = Reason {
        rule: rule.into(),
        rule_version: "v1".into(),
        risk: "01".into(),
        severity: Severity::High,
        points: 50,
        resident_key: None,
        value: Value::Fen(Fen(i64::from(band) * 5_000_000)),
        line: Some(Value::Fen(Fen(4_000_000))),
        band,
        because: "近12个月医疗自付超过监测线".into(),
        because_en: "Self-paid bills are over the line".into(),
        articles: vec![3],
        parameters: Vec::new(),
        evidence: vec![evidence],
    };
    let flag =
        Flag { rule: "vehicle".into(), because: "有车".into(), because_en: "A vehicle".into(), evidence: Vec::new() };
    Lead {
        household_no: HouseholdNo(number),
        region: place(village),
        day: day(on),
        known: day(on),
        urgency: 50 + i64::from(band),
        risk: "01".into(),
        reasons: vec![reason],
        flags: vec![flag],
    }
}

pub fn publication(region: &str, on: &str, leads: Vec<Lead>) -> Publication {
    Publication {
        region: place(region),
        household: None,
        day: day(on),
        known: day(on),
        leads,
        rules: vec![model::RuleRun { rule: "illness".into(), found: 9, not_run: words::Wording::default() }],
        quality: vec![model::QualityFinding {
            rule: "no_phone".into(),
            household_no: HouseholdNo(1),
            resident_key: None,
            region: place("990101100201"),
            because: "没有电话".into(),
            because_en: "No phone".into(),
        }],
        inputs: Vec::new(),
        households_screened: 4,
    }
}
