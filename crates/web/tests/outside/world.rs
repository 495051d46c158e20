//! A valley with everything that may be somebody else's in each of its villages, or with a part of it.

use crate::seeds::{Kind, Seed};
use axum::Router;
use model::Moment;
use model::*;
use policy::Package;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use store::RecordQuery;
use store::*;
use web::{FactLine, Gateway, Known, KnownAsked, Site};

/// Two villages of the first township, one of the second, one of the other county.
pub const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];
pub const PROVINCE: &str = "990000000000";
const AT_MS: i64 = 1_717_300_000_000;
const IDENTITIES: [&str; 4] = ["11010519491231002X", "110105194912310038", "110105194912310046", "110105194912310054"];

pub fn today() -> Day {
    day("2024-06-04")
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn place(text: &str) -> RegionCode {
    text.parse().expect("a place")
}

/// Where a world is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgresql,
}

/// The package of the valley with the roles, sources and rules that the routes need.
pub fn package() -> Arc<Package> {
    static PACKAGE: OnceLock<Arc<Package>> = OnceLock::new();
    let load = || {
        let folder = tempfile::tempdir().expect("a folder");
        let root = copied_package(folder.path());
        Arc::new(Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}")))
    };
    PACKAGE.get_or_init(load).clone()
}

fn copied_package(folder: &Path) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store");
    for (part, from) in [
        ("valley", "valley"),
        ("valley/registers", "valley/registers"),
        ("valley/roles", "valley/roles"),
        ("valley/indicators", "figures"),
        ("codes", "codes"),
    ] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
        for entry in std::fs::read_dir(here.join(from)).expect("a folder").flatten().filter(|one| one.path().is_file())
        {
            std::fs::copy(entry.path(), folder.join(part).join(entry.file_name())).expect("a copy");
        }
    }
    let package = folder.join("valley");
    let divisions = std::fs::read_to_string(package.join("divisions.csv")).expect("divisions");
    std::fs::write(package.join("divisions.csv"), divisions + EMPTY_COUNTY).expect("a file");
    for part in ["sources", "facts", "rules"] {
        std::fs::create_dir_all(package.join(part)).expect("a folder");
    }
    for (name, text) in [
        ("roles/clerk.toml", include_str!("package/clerk.toml")),
        ("roles/county.toml", include_str!("package/county.toml")),
        ("roles/officer.toml", include_str!("package/officer.toml")),
        ("roles/analyst.toml", include_str!("package/analyst.toml")),
        ("sources/bill.toml", include_str!("package/bill.toml")),
        ("sources/subsidy.toml", include_str!("../pages/valley/subsidy.toml")),
        ("facts/paid_fen.toml", include_str!("package/paid_fen.toml")),
        ("rules/burden.toml", include_str!("package/burden.toml")),
        ("rules/doubt.toml", include_str!("package/doubt.toml")),
        ("registers/nursery.toml", include_str!("../pages/valley/nursery.toml")),
    ] {
        std::fs::write(package.join(name), text).expect("a file");
    }
    package
}

/// What a request may name.
pub type Ids = BTreeMap<&'static str, String>;

pub struct World {
    pub store: Store,
    folder: tempfile::TempDir,
    /// What the requests about a village name.
    pub ids: Vec<Ids>,
    /// Goes away last.
    _scratch: Option<test_server::Scratch>,
}

/// A gateway that knows nothing.
struct NoGateway;

impl Gateway for NoGateway {
    fn workers(&self) -> web::WorkersShown {
        web::WorkersShown { running: 3, of: 3, restarts: 0 }
    }

    fn facts_of(&self, _: HouseholdNo, _: RegionCode, _: Day) -> Result<Vec<FactLine>, String> {
        Ok(Vec::new())
    }

    fn known(&self, _: &KnownAsked) -> Result<Vec<Known>, String> {
        Ok(Vec::new())
    }

    fn resident_key(&self, identity: &str) -> Option<ResidentKey> {
        identity.get(..17)?.parse().ok().map(ResidentKey)
    }

    fn template(&self, register: &str, place: RegionCode, _: words::Language) -> Result<Vec<u8>, String> {
        Ok(format!("template of {register} for {place}").into_bytes())
    }

    fn schema(&self, register: &str) -> Result<serde_json::Value, String> {
        Ok(serde_json::json!({ "name": register }))
    }
}

/// Every role at every place of its level, officers of each department.
pub fn actors() -> Vec<Actor> {
    let mut actors = Vec::new();
    for (role, declared) in &package().roles {
        let mut places: Vec<String> =
            VILLAGES.iter().map(|village| place(village).at(declared.level).to_string()).collect();
        places.dedup();
        for region in places {
            let departments: &[Option<&str>] =
                if declared.of_department { &[Some("farming"), Some("medical")] } else { &[None] };
            for department in departments {
                let department = department.map(str::to_owned);
                let account = match &department {
                    Some(department) => format!("{role}-{region}-{department}"),
                    None => format!("{role}-{region}"),
                };
                let shown_name = format!("经办{}", actors.len());
                actors.push(Actor { account, shown_name, role: role.clone(), region: place(&region), department });
            }
        }
    }
    actors
}

impl World {
    /// A world with the seeds that are kept.
    pub fn new(on: On, keeps: &dyn Fn(Seed) -> bool) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let scratch = match on {
            On::Sqlite => None,
            On::Postgresql => Some(test_server::Scratch::new().unwrap_or_else(|why| panic!("{why}"))),
        };
        let location: Location = match &scratch {
            None => (&folder.path().join("valley.db")).into(),
            Some(scratch) => scratch.address().as_str().into(),
        };
        let store = Store::create(location, &*package(), &StoreKey::from_bytes([7; 32])).expect("a store");
        let ids = (0..VILLAGES.len()).map(of_village).collect();
        let mut world = World { store, folder, ids, _scratch: scratch };
        world.add_places_and_accounts();
        for seed in Seed::all() {
            world.add(seed, keeps(seed));
        }
        world.screen(keeps);
        world.publish_figures();
        world
    }

    pub fn router(&self) -> Router {
        let site = Site {
            package: package(),
            gateway: Arc::new(NoGateway),
            inbox: self.folder.path().join("inbox"),
            out: self.folder.path().join("out"),
            today,
            now_ms,
            unsent_hours: 72,
            secure_cookies: false,
        };
        web::router(self.store.clone(), site)
    }

    /// A session of the account, as the value of a cookie; the same account has the same session in every world.
    pub fn cookie(&self, account: &str) -> String {
        let bytes: Vec<u8> = account.bytes().chain(std::iter::repeat(b'0')).take(32).collect();
        let token = model::to_hex(bytes);
        let begun = self.store.begin_session(account, &token, now_ms(), SessionTimes::default()).expect("a store");
        assert!(begun.is_some(), "no account {account}");
        format!("sw_session={token}")
    }

    /// A token of the account that may all that the account may.
    pub fn bearer(&self, account: &str) -> String {
        let new =
            NewToken { name: "测试".into(), account: account.to_owned(), scopes: vec![Scope::All], expires_on: None };
        let made = self.store.apply(
            &system_actor(place(PROVINCE)),
            Moment { day: today(), at_ms: now_ms() },
            Command::AddToken(new),
        );
        made.expect("is made").text.expect("its text")
    }

    fn system(&self, command: Command) -> Receipt {
        self.apply(&system_actor(place(PROVINCE)), command)
    }

    fn apply(&self, actor: &Actor, command: Command) -> Receipt {
        let shown = format!("{command:?}");
        self.store
            .apply(actor, Moment { day: day("2024-06-02"), at_ms: AT_MS }, command)
            .unwrap_or_else(|refusal| panic!("{refusal:?}: {shown}"))
    }

    /// What the account does; gives the id of what it made.
    pub fn done(&self, account: &str, command: Command) -> String {
        self.apply_as(account, command).id.expect("an id")
    }

    pub fn apply_as(&self, account: &str, command: Command) -> Receipt {
        self.apply(&self.actor(account), command)
    }

    pub fn view(&self, account: &str) -> View<'static> {
        self.store.view(&self.actor(account))
    }

    fn actor(&self, account: &str) -> Actor {
        self.store.find_account(account).expect("a store").unwrap_or_else(|| panic!("{account}")).actor()
    }

    fn add_places_and_accounts(&self) {
        let package = package();
        let region =
            |one: &policy::Division| Region { code: one.code, name: one.name.clone(), short: one.short.clone() };
        self.system(Command::SaveRegions(package.divisions.all().iter().map(region).collect()));
        for actor in actors() {
            self.system(Command::AddAccount(NewAccount {
                name: actor.account,
                shown_name: actor.shown_name,
                role: actor.role,
                region: actor.region,
                department: actor.department,
                password_hash: "none".to_owned(),
            }));
        }
    }

    /// Adds a seed, or what keeps its place in the order of numbers.
    fn add(&mut self, seed: Seed, is_kept: bool) {
        match seed.kind {
            Kind::Job => self.add_jobs(seed, is_kept),
            _ if !is_kept => {}
            Kind::Household => self.add_household(seed),
            Kind::Garden => self.add_gardens(seed),
            Kind::Tool | Kind::Duty | Kind::Nursery => self.add_record(seed),
            Kind::Bill => self.add_import(seed, "bill"),
            Kind::Subsidy => self.add_import(seed, "subsidy"),
            Kind::GardenFile => self.add_import(seed, "garden"),
            Kind::Token => {
                let account = seed.owner();
                let new = NewToken { name: seed.text("令牌"), account, scopes: vec![Scope::All], expires_on: None };
                let id = self.system(Command::AddToken(new)).id.expect("an id");
                self.ids[seed.village].insert("token", id);
            }
            Kind::Search => {
                let name = seed.text("某");
                let kept = serde_json::json!({ "register": "garden", "search": { "keeper_name": name } }).to_string();
                let token = self.store.keep_search(&self.actor(&seed.owner()), &kept).expect("is kept");
                self.ids[seed.village].insert("search", token);
            }
            // With the screening.
            Kind::Lead | Kind::Finding => {}
            Kind::HouseholdRecord | Kind::Cursor | Kind::Notice | Kind::Place => {}
        }
    }

    fn add_household(&mut self, seed: Seed) {
        let ids = &mut self.ids[seed.village];
        let number = ids["household"].clone();
        let household = [
            ("household_no", text(&number)),
            ("region_code", text(VILLAGES[seed.village])),
            ("head_name", text(&seed.text("户主"))),
            ("phone", text(&seed.phone())),
        ];
        let resident = [
            ("household_no", text(&number)),
            ("identity_no", text(IDENTITIES[seed.village])),
            ("name", text(&seed.text("户主"))),
            ("born_on", Value::Day(day("1949-12-31"))),
        ];
        ids.insert("household_name", seed.text("户主"));
        ids.insert("identity", IDENTITIES[seed.village].to_owned());
        for (register, fields) in [("household", household), ("resident", resident)] {
            let columns = &package().registers[register].field;
            let value = |name: &str| {
                fields.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, value)| value.clone())
            };
            let record = Record {
                resident_key: (register == "resident").then_some(ResidentKey(seed.village as i64 + 1)),
                row: 2,
                fields: columns.iter().map(|column| value(&column.name)).collect(),
                ..Record::default()
            };
            let file = format!("aaaaaaaaaaa{}", seed.village);
            self.system(Command::ImportRecords { register: register.into(), file, records: vec![record] });
        }
        let all = self.store.view(&system_actor(place(VILLAGES[seed.village])));
        let rows = all
            .records("household", RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] }, None, 5)
            .expect("reads")
            .rows;
        self.ids[seed.village].insert("household_record", rows[0].id.clone());
    }

    /// Two gardens of the clerk's: a drafted one with a picture, and one that is in publicity.
    fn add_gardens(&mut self, seed: Seed) {
        let clerk = self.actor(&seed.owner());
        let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
        picture.extend(seed.text("照片").bytes());
        let new = NewAttachment { media: "image/png".into(), content: picture };
        let hash = self.apply(&clerk, Command::SaveAttachment(new)).id.expect("a hash");
        let mut made = Vec::new();
        for number in ["1", "2"] {
            let fields = vec![
                ("garden_no", text(&seed.text(number))),
                ("region_code", text(VILLAGES[seed.village])),
                ("household_no", text(&self.ids[seed.village]["household"])),
                ("kind_code", text("fruit")),
                ("keeper_name", text(&seed.text("某"))),
                ("keeper_phone", text(&seed.phone())),
                ("area_mu", Value::Decimal("4.5".parse().expect("a decimal"))),
                ("photos", text(&format!("{hash}:{}.png", seed.text("照片")))),
            ];
            made.push(self.enter(&clerk, "garden", fields));
        }
        let fields = vec![("minutes".to_owned(), text(&seed.text("评议")))];
        let (register, step) = ("garden".to_owned(), "publish".to_owned());
        self.apply(&clerk, Command::TakeStep { version: None, register, id: made[1].clone(), step, fields });
        let view = self.store.view(&clerk);
        let county = self.actor(&Seed { kind: Kind::Notice, ..seed }.owner());
        let notices = self.store.view(&county).notices().expect("reads");
        let notice = notices.into_iter().find(|notice| notice.record == made[1]).expect("it is told").mark;
        let list = view
            .records("garden", RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] }, None, 1)
            .expect("reads");
        let ids = &mut self.ids[seed.village];
        ids.insert("cursor", list.next.expect("a second garden"));
        ids.insert("notice", notice);
        ids.insert("garden_published", made.remove(1));
        ids.insert("garden", made.remove(0));
        ids.insert("garden_no", seed.text("1"));
        ids.insert("garden_name", seed.text("某"));
        ids.insert("garden_phone", seed.phone());
        ids.insert("hash", hash);
        ids.insert("photo", seed.text("照片.png"));
    }

    fn add_record(&mut self, seed: Seed) {
        let village = ("region_code", text(VILLAGES[seed.village]));
        let (register, name, fields) = match seed.kind {
            Kind::Tool => ("tool", "tool", vec![("tool_no", text(&seed.text("1"))), ("name", text(&seed.text("犁")))]),
            Kind::Duty => {
                let identity = text(IDENTITIES[seed.village]);
                let began = ("started_on", Value::Day(day("2024-05-01")));
                ("duty", "duty", vec![("identity_no", identity), ("name", text(&seed.text("某"))), village, began])
            }
            _ => {
                let household = ("household_no", text(&self.ids[seed.village]["household"]));
                let began = ("started_on", Value::Day(day("2024-05-01")));
                let phone = ("phone", text(&seed.phone()));
                ("nursery", "nursery", vec![household, village, ("head_name", text(&seed.text("某"))), phone, began])
            }
        };
        let id = self.enter(&self.actor(&seed.owner()), register, fields);
        self.ids[seed.village].insert(name, id);
        if seed.kind == Kind::Tool {
            self.ids[seed.village].insert("tool_no", seed.text("1"));
        }
    }

    fn enter(&self, clerk: &Actor, register: &str, fields: Vec<(&str, Value)>) -> String {
        let identity = fields.iter().find(|(name, _)| *name == "identity_no");
        let resident_key = identity.and_then(|(_, value)| value.as_text()?.get(..17)?.parse().ok().map(ResidentKey));
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let entry = Entry { register: register.to_owned(), resident_key, fields, ..Entry::default() };
        self.apply(clerk, Command::Enter(entry)).id.expect("an id")
    }

    /// An import with a fault and a row for which nobody was found, and the files that it gave back.
    fn add_import(&mut self, seed: Seed, dataset: &str) {
        let owner = seed.owner();
        let actor = if owner == "system" { system_actor(place(PROVINCE)) } else { self.actor(&owner) };
        let file_name = seed.text("报送.xlsx");
        let import = NewImport {
            dataset: dataset.to_owned(),
            file_name: file_name.clone(),
            file_hash: format!("{}{}{}", seed.village, seed.village, blake(&file_name)),
            bytes: 1_000 + seed.village as u64,
            region: place(&seed.place()),
            delivered_on: day("2024-05-20"),
            said_days: (None, None),
        };
        let id = self.apply(&actor, Command::BeginImport(import)).id.expect("an id");
        let fault = cell_fault(seed, &file_name);
        self.apply(&actor, Command::AddFaults { import: id.clone(), faults: vec![fault] });
        let row = UnmatchedRow {
            row: 77,
            reason: "nobody".into(),
            what: seed.text("没有此人").into(),
            seen: seed.text("9*"),
        };
        self.apply(&actor, Command::AddUnmatched { import: id.clone(), rows: vec![row] });
        let summary = ImportSummary {
            state: ImportState::Done,
            rows_read: 3,
            rows_taken: 1,
            rows_dropped: 1,
            rows_unmatched: 1,
            faults: 1,
            fault_file: Some("faults.xlsx".into()),
            ..ImportSummary::default()
        };
        self.apply(&actor, Command::FinishImport { import: id.clone(), summary });
        self.keep_file(&format!("import-{dataset}-{file_name}"), "faults.xlsx", &seed.text("错误行"));
        self.ids[seed.village].insert(dataset_id(dataset), id);
    }

    /// A file that waits in the folder for downloads.
    fn keep_file(&self, folder: &str, name: &str, content: &str) {
        let folder = self.folder.path().join("out").join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(name), content).expect("a file");
    }

    /// A preview of a file and an export, both done; where they are not kept, jobs of nobody have their numbers.
    fn add_jobs(&mut self, seed: Seed, is_kept: bool) {
        let (owner, file) = (seed.owner(), seed.text("台账.xlsx"));
        let actor = if is_kept { self.actor(&owner) } else { system_actor(place(PROVINCE)) };
        let order = serde_json::json!({
            "dataset": "garden", "inbox_file": "x.xlsx", "file_hash": "0", "original_name": file, "bytes": 1,
            "day": "2024-05-20", "region": VILLAGES[seed.village], "preview": true,
        });
        let looked = serde_json::json!({ "preview": {
            "remark": seed.text("备注"), "added": 1, "fault_file": "f.xlsx",
            "faults": 2, "fault_counts": [["not_money", 2]], "first_faults": [cell_fault(seed, &file)],
            "unmatched": 1, "unmatched_counts": [["nobody", seed.text("没有此人"), 1]],
        } });
        let export = serde_json::json!({ "list": "leads", "format": "csv", "filter": {}, "language": "zh-CN" });
        let exported = serde_json::json!({ "file": format!("{}.csv", seed.text("线索")), "rows": 4 });
        for (name, kind, payload, result) in
            [("job", "import", order, looked), ("export_job", "export", export, exported)]
        {
            let dedupe = format!("{owner}/{kind}");
            let id = self.store.enqueue(&actor, NewJob::changing(kind, &payload, &dedupe), AT_MS).expect("a store");
            self.store.claim_job(AT_MS + 1, 1_000).expect("a store");
            self.store.finish_job(id, &result, AT_MS + 2).expect("a store");
            if is_kept {
                self.keep_file(&id.to_string(), "f.xlsx", &seed.text("错误行"));
                self.keep_file(&id.to_string(), &seed.text("线索.csv"), &seed.text("线索"));
                self.ids[seed.village].insert(name, id.to_string());
            }
        }
        if is_kept {
            self.ids[seed.village].insert("export_file", seed.text("线索.csv"));
        }
    }

    /// Figures over registers, of the whole province.
    fn publish_figures(&self) {
        let (region, day) = (place(PROVINCE), day("2024-06-02"));
        let figures = self.store.register_figures(region, day).expect("counts");
        self.system(Command::PublishFigures(Box::new(FigurePublication { region, day, figures })));
    }

    /// The last screening, of the whole province: leads and findings of the households that are kept.
    fn screen(&mut self, keeps: &dyn Fn(Seed) -> bool) {
        let kept = |kind| (0..VILLAGES.len()).map(move |village| Seed { kind, village }).filter(|seed| keeps(*seed));
        let number = |seed: Seed| HouseholdNo(of_village(seed.village)["household"].parse().expect("a number"));
        let evidence = |seed: Seed| Evidence {
            fact: "paid_fen".into(),
            dataset: "bill".into(),
            file: format!("fedcba98765{}", seed.village),
            row: 7,
            resident_key: None,
            adds: Value::Fen(Fen(700_000)),
            values: vec![("bill_no".into(), text(&seed.text("单据")))],
        };
        let reason = |seed: Seed| Reason {
            rule: "burden".into(),
            rule_version: "1".into(),
            risk: "01".into(),
            severity: Severity::Middle,
            points: 16,
            resident_key: None,
            value: Value::Fen(Fen(700_000)),
            line: None,
            band: 1,
            because: seed.text("自付过高"),
            because_en: seed.text("pays much"),
            articles: vec![1],
            parameters: Vec::new(),
            evidence: vec![evidence(seed)],
        };
        let on = day("2024-06-03");
        let lead = |seed: Seed| Lead {
            household_no: number(seed),
            region: place(VILLAGES[seed.village]),
            day: on,
            known: on,
            urgency: 50 + seed.village as i64,
            risk: "01".into(),
            reasons: vec![reason(seed)],
            flags: Vec::new(),
        };
        let finding = |seed: Seed| QualityFinding {
            rule: "doubt".into(),
            household_no: number(seed),
            resident_key: None,
            region: place(VILLAGES[seed.village]),
            because: seed.text("存疑"),
            because_en: seed.text("doubtful"),
        };
        let leads: Vec<Lead> = kept(Kind::Lead).map(lead).collect();
        let quality: Vec<QualityFinding> = kept(Kind::Finding).map(finding).collect();
        let run = |rule: &str, found: usize| RuleRun {
            rule: rule.into(),
            found: found as u64,
            not_run: words::Wording::default(),
        };
        let inputs = kept(Kind::Bill).map(|seed| Input {
            dataset: "bill".into(),
            region: place(&seed.place()),
            file: format!("fedcba98765{}", seed.village),
            delivered_on: Some(on),
            rows: 1,
        });
        self.system(Command::PublishScreening(Box::new(Publication {
            region: place(PROVINCE),
            household: None,
            day: on,
            known: on,
            rules: vec![run("burden", leads.len()), run("doubt", quality.len())],
            inputs: inputs.collect(),
            households_screened: kept(Kind::Household).count() as u64,
            leads,
            quality,
        })));
    }
}

/// Which identity names an import of a dataset.
fn dataset_id(dataset: &str) -> &'static str {
    match dataset {
        "bill" => "bill_import",
        "subsidy" => "subsidy_import",
        _ => "garden_import",
    }
}

/// The identities that are known before anything is made.
fn of_village(village: usize) -> Ids {
    let household = format!("{}{:04}", VILLAGES[village], village + 1);
    let mut ids = nothing();
    ids.insert("place", VILLAGES[village].to_owned());
    ids.insert("place_name", package().divisions.name(place(VILLAGES[village])));
    ids.insert("lead", format!("{household}-20240603"));
    ids.insert("household", household);
    ids
}

/// A village of another county that holds nothing: that there are places is no secret.
const EMPTY_VILLAGE: (&str, &str) = ("990103100201", "无人村");
const EMPTY_COUNTY: &str = "990103000000,丙县,丙县,county,990100000000,\n990103100000,丙镇,丙镇,township,990103000000,\n\
     990103100201,无人村,无人村,village,990103100000,\n";

/// Identities of the same shape that name nothing.
pub fn nothing() -> Ids {
    Ids::from([
        ("household", "9901019999999999".to_owned()),
        ("household_name", "無此户主".to_owned()),
        ("household_record", "00000000000000fe".to_owned()),
        ("identity", "110105194912319999".to_owned()),
        ("lead", "9901019999999999-20240603".to_owned()),
        ("garden", "00000000000000ff".to_owned()),
        ("garden_published", "00000000000000fd".to_owned()),
        ("garden_no", "無1".to_owned()),
        ("garden_name", "無此人".to_owned()),
        ("garden_phone", "13800009999".to_owned()),
        ("hash", "0".repeat(64)),
        ("photo", "無照片.png".to_owned()),
        ("cursor", "00".repeat(60)),
        ("tool", "00000000000000fc".to_owned()),
        ("tool_no", "無1".to_owned()),
        ("duty", "00000000000000fb".to_owned()),
        ("nursery", "00000000000000fa".to_owned()),
        ("bill_import", "bill-ffffffffffff".to_owned()),
        ("subsidy_import", "subsidy-ffffffffffff".to_owned()),
        ("garden_import", "garden-ffffffffffff".to_owned()),
        ("job", "999998".to_owned()),
        ("export_job", "999999".to_owned()),
        ("export_file", "無.csv".to_owned()),
        ("token", "ffffffffffffffff".to_owned()),
        ("search", "f".repeat(24)),
        ("notice", "e".repeat(24)),
        ("place", EMPTY_VILLAGE.0.to_owned()),
        ("place_name", EMPTY_VILLAGE.1.to_owned()),
    ])
}

fn blake(text: &str) -> String {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        .to_string()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Each instant is later than the one before, so that lists have one order.
fn now_ms() -> i64 {
    static ASKED: AtomicI64 = AtomicI64::new(0);
    AT_MS + ASKED.fetch_add(1, Ordering::Relaxed)
}

/// A fault of a file that names its place in every text.
fn cell_fault(seed: Seed, file: &str) -> Fault {
    let place = Place {
        file: file.to_owned(),
        sheet: Some(seed.text("表")),
        row: Some(12),
        column: Some(2),
        heading: Some(seed.text("列")),
    };
    Fault {
        place,
        kind: FaultKind::NotMoney,
        seen: seed.text("约三千"),
        what: seed.text("不是金额").into(),
        hint: seed.text("请核对").into(),
        drops_row: true,
    }
}
