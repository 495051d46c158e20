//! A small site over a temporary store: one county, some households, leads with evidence, an import with faults.
//!
//! Places, rules and columns are taken from the package in declared order, so that nothing of one province stands here.

use model::*;
use policy::Package;
use policy::declare::{Column, Grain, RuleKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use store::*;
use web::{Desk, FactLine, Site};

pub const TODAY: &str = "2026-11-23";
pub const PASSWORD: &str = "春风化雨-2026";
/// Instant of all changes: midday of the day before.
const AT_MS: i64 = 1_795_320_000_000;

/// Names of the heads of households: long, short, with a middle dot.
pub const HEADS: [&str; 6] = ["吉木·阿古莫", "杨小珍", "李强", "勒尔木哈", "王建国", "泽仁卓玛"];
/// Identity number that must never be seen (made up, right check digit).
pub const IDENTITY: &str = "11010519491231002X";
pub const PHONE: &str = "13812345678";

pub fn today() -> Day {
    TODAY.parse().expect("a day")
}

/// The package that the program ships, read once.
pub fn package() -> Arc<Package> {
    static PACKAGE: OnceLock<Arc<Package>> = OnceLock::new();
    let load = || {
        let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
        let package = std::fs::read_dir(&policy)
            .expect("the policy folder")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.join("package.toml").exists())
            .expect("a package");
        Arc::new(Package::load(&package, &[]).unwrap_or_else(|problems| panic!("{problems:?}")))
    };
    PACKAGE.get_or_init(load).clone()
}

/// The place of the fixture: a county with many townships, two villages of its first township, one of its second.
pub struct Places {
    pub county: RegionCode,
    pub villages: Vec<RegionCode>,
    /// A county beside it, which nobody of the fixture's county may see.
    pub other_village: RegionCode,
}

pub fn places(package: &Package) -> Places {
    let divisions = &package.divisions;
    let of_level = |level| divisions.all().iter().filter(move |place| place.level == level);
    let mut counties = of_level(Level::County).filter(|place| divisions.children(place.code).len() >= 8);
    let county = counties.next().expect("a county with townships").code;
    let other = counties.next().expect("a second county").code;
    let villages = |county: RegionCode, most: usize| -> Vec<RegionCode> {
        let townships = divisions.children(county).into_iter();
        townships
            .take(3)
            .flat_map(|town| divisions.children(town.code).into_iter().take(most).map(|place| place.code))
            .collect()
    };
    Places { county, villages: villages(county, 2), other_village: villages(other, 1)[0] }
}

/// Everything a test needs.
pub struct World {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub package: Arc<Package>,
    pub places: Places,
}

struct NoFacts(Vec<FactLine>);

impl Desk for NoFacts {
    fn facts_of(&self, _: HouseholdNo, _: RegionCode, _: Day) -> Result<Vec<FactLine>, String> {
        Ok(self.0.clone())
    }
}

impl World {
    pub fn new() -> World {
        let package = package();
        let folder = tempfile::tempdir().expect("a folder");
        let key = StoreKey::from_bytes([7; 32]);
        let store = Store::create(&folder.path().join("store.db"), &*package, &key).expect("a store");
        let world = World { places: places(&package), package, folder, store };
        world.add_regions();
        world.add_accounts();
        world.add_households();
        world.add_import();
        world.add_leads();
        world
    }

    pub fn site(&self) -> Site {
        Site {
            store: self.store.clone(),
            package: self.package.clone(),
            desk: Arc::new(NoFacts(self.facts())),
            inbox: self.path("inbox"),
            out: self.path("out"),
            today,
            secure_cookies: false,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn apply(&self, command: Command) -> Receipt {
        let actor = system_actor(self.package.head.region);
        let before = today().plus_days(-1);
        self.store.apply(&actor, before, AT_MS, command).unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    /// A session of this account, as the value of a cookie.
    pub fn cookie(&self, account: &str) -> String {
        static SESSIONS: AtomicU64 = AtomicU64::new(1);
        let token = format!("{:064x}", SESSIONS.fetch_add(1, Ordering::Relaxed));
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_millis();
        let now = i64::try_from(now).expect("a clock");
        let begun = self.store.begin_session(account, &token, now, SessionTimes::default()).expect("a store");
        assert!(begun.is_some(), "no account {account}");
        format!("sw_session={token}")
    }

    fn add_regions(&self) {
        let divisions = &self.package.divisions;
        let mut codes = Vec::new();
        for place in self.places.villages.iter().chain([&self.places.other_village]) {
            for level in [Level::Province, Level::Prefecture, Level::County, Level::Township, Level::Village] {
                codes.push(place.at(level));
            }
        }
        codes.sort();
        codes.dedup();
        let region =
            |code: &RegionCode| Region { code: *code, name: divisions.name(*code), short: divisions.short(*code) };
        self.apply(Command::SaveRegions(codes.iter().map(region).collect()));
    }

    /// One account per role of the package, at its level; its name is the role's.
    fn add_accounts(&self) {
        for (name, role) in &self.package.roles {
            let department = self.package.sources.values().next().map(|source| source.department.clone());
            self.apply(Command::AddAccount(NewAccount {
                name: name.clone(),
                shown_name: "李科员".to_owned(),
                role: name.clone(),
                region: self.places.villages[0].at(role.level),
                department: department.filter(|_| role.of_department),
                password_hash: password_hash().to_owned(),
            }));
        }
    }

    pub fn household_no(&self, index: usize) -> HouseholdNo {
        let village = self.village(index);
        HouseholdNo(i64::try_from(village.number()).expect("twelve digits") * 10_000 + index as i64 + 1)
    }

    /// Village of a household; the last household lives in the other county.
    pub fn village(&self, index: usize) -> RegionCode {
        if index + 1 == HEADS.len() {
            self.places.other_village
        } else {
            self.places.villages[index % self.places.villages.len()]
        }
    }

    fn add_households(&self) {
        let household = &self.package.registers["household"].field;
        let resident = &self.package.registers["resident"].field;
        let homes = HEADS.iter().enumerate().map(|(index, head)| {
            let known = vec![
                ("household_no", Value::Text(self.household_no(index).to_string())),
                ("region_code", Value::Text(self.village(index).to_string())),
                ("head_name", Value::Text((*head).to_owned())),
                ("phone", Value::Text(PHONE.to_owned())),
            ];
            Record { resident_key: None, row: index as u32 + 2, fields: self.fields(household, &known) }
        });
        let register = |name: &str, records: Vec<Record>| Command::ImportRecords {
            register: name.to_owned(),
            file: "0123456789ab".to_owned(),
            records,
        };
        self.apply(register("household", homes.collect()));
        let people = HEADS.iter().enumerate().map(|(index, head)| {
            let known = vec![
                ("household_no", Value::Text(self.household_no(index).to_string())),
                ("identity_no", Value::Text(IDENTITY.to_owned())),
                ("name", Value::Text((*head).to_owned())),
                ("born_on", Value::Day("1949-12-31".parse().expect("a day"))),
            ];
            Record {
                resident_key: Some(ResidentKey(index as i64 + 1)),
                row: index as u32 + 2,
                fields: self.fields(resident, &known),
            }
        });
        self.apply(register("resident", people.collect()));
    }

    /// One value per declared field: the known ones, the first code for required codes, unknown for the rest.
    fn fields(&self, columns: &[Column], known: &[(&str, Value)]) -> Vec<Value> {
        let value = |column: &Column| {
            if let Some((_, value)) = known.iter().find(|(name, _)| *name == column.name) {
                return value.clone();
            }
            let list = column.codes.as_ref().and_then(|list| self.package.codes.get(list)).filter(|_| column.required);
            list.map_or(Value::Null, |list| Value::Text(list.code[0].code.clone()))
        };
        columns.iter().map(value).collect()
    }

    fn add_import(&self) {
        let dataset = self.source().0;
        let import = NewImport {
            dataset: dataset.clone(),
            file_name: "结算明细_2026-11-20.xlsx".to_owned(),
            file_hash: "fedcba9876543210fedcba9876543210".to_owned(),
            bytes: 1_572_864,
            region: self.places.county,
            delivered_on: "2026-11-20".parse().expect("a day"),
        };
        let id = self.apply(Command::BeginImport(import)).id.expect("an id");
        let place = |row, heading: &str| Place {
            file: "结算明细_2026-11-20.xlsx".to_owned(),
            sheet: Some("明细".to_owned()),
            row: Some(row),
            column: Some(2),
            heading: Some(heading.to_owned()),
        };
        let fault = |row, kind, heading: &str, seen: &str, what: &str| Fault {
            place: place(row, heading),
            kind,
            seen: seen.to_owned(),
            what: what.to_owned(),
            hint: "请按原始单据核对后重新填写".to_owned(),
            drops_row: kind != FaultKind::SwappedCells,
        };
        let faults = vec![
            fault(12, FaultKind::IdentityCheckDigit, "身份证号", "51*************231", "证件号码的校验位不对"),
            fault(15, FaultKind::NotMoney, "个人自付", "约三千", "“约三千”不是金额"),
            fault(40, FaultKind::SwappedCells, "入院日期", "2026-11-02", "入院日期晚于结算日期"),
        ];
        self.apply(Command::AddFaults { import: id.clone(), faults });
        let row = UnmatchedRow {
            row: 77,
            reason: "nobody".into(),
            what: "名册里没有这个证件号码".into(),
            seen: "51*************999".into(),
        };
        self.apply(Command::AddUnmatched { import: id.clone(), rows: vec![row] });
        let summary = ImportSummary {
            state: ImportState::Done,
            rows_read: 12_431,
            rows_taken: 12_428,
            rows_changed: 880,
            rows_dropped: 2,
            rows_unmatched: 1,
            faults: 3,
            message: String::new(),
            fault_file: None,
        };
        self.apply(Command::FinishImport { import: id, summary });
    }

    /// The first source about residents with money in it.
    fn source(&self) -> (String, &[Column]) {
        let sources = self.package.sources.iter();
        let mut with_money = sources.filter(|(_, source)| {
            source.of == Grain::Resident
                && source.column.iter().any(|column| column.kind == Kind::Fen && column.required)
        });
        let (name, source) = with_money.next().expect("a source with money");
        (name.clone(), &source.column)
    }

    fn evidence(&self, fact: &str, rows: u32) -> Vec<Evidence> {
        let (dataset, columns) = self.source();
        let row = |number: u32| Evidence {
            fact: fact.to_owned(),
            dataset: dataset.clone(),
            file: "fedcba987654".to_owned(),
            row: number * 17 + 2,
            adds: Value::Fen(Fen(1_030_500 * i64::from(number + 1))),
            values: Package::lake_columns(columns)
                .map(|column| (column.name.clone(), self.sample(column, number)))
                .collect(),
        };
        (0..rows).map(row).collect()
    }

    fn sample(&self, column: &Column, number: u32) -> Value {
        match column.kind {
            Kind::Fen => Value::Fen(Fen(1_030_500 * i64::from(number + 1))),
            Kind::Day | Kind::Month => Value::Day(today().plus_days(-30 * i64::from(number + 1))),
            Kind::Int => Value::Int(i64::from(number)),
            Kind::Bool => Value::Bool(number == 0),
            Kind::Code => column
                .codes
                .as_ref()
                .and_then(|list| self.package.codes.get(list))
                .map_or(Value::Null, |list| Value::Text(list.code[0].code.clone())),
            Kind::Text => Value::Text(format!("样例{number}")),
            _ => Value::Null,
        }
    }

    /// A fact over households with money, for reasons and the desk.
    fn money_fact(&self) -> String {
        let mut facts = self
            .package
            .facts
            .iter()
            .filter(|(_, fact)| fact.over == Grain::Household && fact.unit == "yuan" && fact.aggregate.is_some());
        facts.next().expect("a fact with money").0.clone()
    }

    fn facts(&self) -> Vec<FactLine> {
        let money = self.money_fact();
        let derived = self
            .package
            .facts
            .iter()
            .find(|(_, fact)| fact.over == Grain::Household && fact.derived.is_some() && fact.unit == "yuan");
        let mut lines = vec![FactLine {
            evidence: self.evidence(&money, 2),
            fact: money,
            resident_key: None,
            value: Value::Fen(Fen(3_091_500)),
        }];
        lines.extend(derived.map(|(name, _)| FactLine {
            fact: name.clone(),
            resident_key: None,
            value: Value::Fen(Fen(812_300)),
            evidence: vec![],
        }));
        lines
    }

    fn reason(&self, name: &str, fact: &str, rows: u32) -> Reason {
        let rule = &self.package.rules[name];
        let parameters = self.package.parameters_behind(name).into_iter().map(|name| ParameterUsed {
            value: Value::Null,
            name,
            from: Some("2025-07-01".parse().expect("a day")),
            published: Some("2025-08-01".parse().expect("a day")),
            source: "省民政厅 2025 年公布".to_owned(),
        });
        Reason {
            rule: name.to_owned(),
            rule_version: "1".to_owned(),
            risk: rule.risk.clone().unwrap_or_default(),
            severity: rule.severity,
            points: rule.points,
            resident_key: (rule.over == Grain::Resident).then_some(ResidentKey(1)),
            value: Value::Fen(Fen(3_091_500)),
            line: Some(Value::Fen(Fen(1_050_000))),
            band: 2,
            because: "近12个月医疗自付 30,915.00元,超过监测线 10,500.00元".to_owned(),
            because_en: "Self-paid medical cost 30,915.00 yuan in 12 months, above the line of 10,500.00 yuan"
                .to_owned(),
            articles: rule.article.clone(),
            parameters: parameters.take(3).collect(),
            evidence: self.evidence(fact, rows),
        }
    }

    fn add_leads(&self) {
        let screening: Vec<&String> = self
            .package
            .rules
            .iter()
            .filter(|(_, rule)| rule.kind == RuleKind::Screening)
            .map(|(name, _)| name)
            .collect();
        let quality =
            self.package.rules.iter().find(|(_, rule)| rule.kind == RuleKind::Quality).map(|(name, _)| name.clone());
        let fact = self.money_fact();
        let flag_rule =
            self.package.rules.iter().find(|(_, rule)| rule.kind == RuleKind::Flag).map(|(name, _)| name.clone());
        let day = today().plus_days(-1);
        let lead = |index: usize| Lead {
            household_no: self.household_no(index),
            region: self.village(index),
            day,
            known: day,
            urgency: 95 - 15 * index as i64,
            risk: self.package.rules[screening[index]].risk.clone().unwrap_or_default(),
            reasons: vec![self.reason(screening[index], &fact, 2), self.reason(screening[index + 1], &fact, 1)],
            flags: flag_rule
                .iter()
                .map(|rule| Flag {
                    rule: rule.clone(),
                    because: "名下登记有车辆 1 辆,请入户核对用途".into(),
                    because_en: "One vehicle is registered; please look at its use".into(),
                    evidence: vec![],
                })
                .collect(),
        };
        let rule_run = |rule: &&String| RuleRun { rule: (*rule).clone(), found: 3, not_run: String::new() };
        let mut rules: Vec<RuleRun> = screening.iter().map(rule_run).collect();
        rules[2].not_run = "p.some_line is not set".to_owned();
        let finding = |rule: &String| QualityFinding {
            rule: rule.clone(),
            household_no: self.household_no(0),
            resident_key: None,
            region: self.village(0),
            because: "识别已满一个月,没有帮扶措施".to_owned(),
            because_en: "Identified for a month, no measure".to_owned(),
        };
        self.apply(Command::PublishScreening(Box::new(Publication {
            region: self.places.county.at(Level::Province),
            household: None,
            day,
            known: day,
            leads: (0..HEADS.len()).map(lead).collect(),
            rules,
            quality: quality.iter().map(finding).collect(),
            inputs: vec![Input {
                dataset: self.source().0,
                region: self.places.county,
                file: "fedcba987654".into(),
                delivered_on: Some(day),
                rows: 12_428,
            }],
            households_screened: HEADS.len() as u64,
        })));
    }
}

/// One Argon2id hash for all accounts: hashing is slow on purpose.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| web::hash_password(PASSWORD).expect("hashing works"))
}
