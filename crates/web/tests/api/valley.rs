//! A made-up valley with registers of its own, accounts at several places, and calls with their tokens.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use model::{Day, HouseholdNo, Moment, RegionCode, ResidentKey, Value};
use policy::Package;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use store::{Command, NewAccount, NewToken, Receipt, Record, Region, Scope, Store, StoreKey, system_actor};
use tower::ServiceExt;
use web::{FactLine, Gateway, Known, KnownAsked, Site};

pub const TODAY: &str = "2024-06-02";
const AT_MS: i64 = 1_717_300_000_000;
pub const PHONE: &str = "13812345678";
pub const IDENTITY: &str = "11010519491231002X";

/// Villages: two of the first township, one of the second, one of the other county.
pub const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];

/// Accounts: name, role, place, department.
pub const ACCOUNTS: [(&str, &str, &str, Option<&str>); 9] = [
    ("clerk", "clerk", "990101100", None),
    ("colleague", "clerk", "990101100", None),
    ("neighbour", "clerk", "990101200", None),
    ("elsewhere", "clerk", "990102100", None),
    ("cadre", "cadre", "990101100201", None),
    ("county", "county", "990101", None),
    ("other_county", "county", "990102", None),
    ("officer", "officer", "990101", Some("medical")),
    ("analyst", "analyst", "99", None),
];

fn now_ms() -> i64 {
    AT_MS
}

pub fn today() -> Day {
    TODAY.parse().expect("a day")
}

pub fn place(text: &str) -> RegionCode {
    text.parse().expect("a place")
}

/// The package of the valley, read once.
pub fn package() -> Arc<Package> {
    static PACKAGE: OnceLock<Arc<Package>> = OnceLock::new();
    let load = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store/valley");
        Arc::new(Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}")))
    };
    PACKAGE.get_or_init(load).clone()
}

struct Keys;

impl Gateway for Keys {
    fn workers(&self) -> web::WorkersShown {
        web::WorkersShown { running: 3, of: 3, restarts: 0 }
    }

    fn facts_of(&self, _: HouseholdNo, _: RegionCode, _: Day) -> Result<Vec<FactLine>, String> {
        Ok(Vec::new())
    }

    fn known(&self, _: &KnownAsked) -> Result<Vec<Known>, String> {
        Ok(Vec::new())
    }

    fn resident_key(&self, identity_no: &str) -> Option<ResidentKey> {
        identity_no.get(..17)?.parse().ok().map(ResidentKey)
    }

    fn template(&self, register: &str, _: RegionCode, _: words::Language) -> Result<Vec<u8>, String> {
        Err(format!("no template of {register}"))
    }

    fn schema(&self, register: &str) -> Result<Json, String> {
        Ok(json!({ "name": register }))
    }
}

/// A store with the valley's places, households and accounts, and the site over it.
pub struct Valley {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub router: Router,
}

impl Valley {
    pub fn new() -> Valley {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(&folder.path().join("store.db"), &*package(), &key()).expect("a store");
        let valley = Valley { router: web::router(store.clone(), site(folder.path())), store, folder };
        let regions = package().divisions.all().to_vec();
        let region =
            |one: &policy::Division| Region { code: one.code, name: one.name.clone(), short: one.short.clone() };
        valley.system(Command::SaveRegions(regions.iter().map(region).collect()));
        let households = VILLAGES.iter().zip(1..).map(|(village, number)| household(number, village)).collect();
        let import = |register: &str, records: Vec<Record>| Command::ImportRecords {
            register: register.to_owned(),
            file: "aaaaaaaaaaaa".to_owned(),
            records,
        };
        valley.system(import("household", households));
        for (name, role, region, department) in ACCOUNTS {
            let account = NewAccount {
                name: name.to_owned(),
                shown_name: format!("某人{name}"),
                role: role.to_owned(),
                region: place(region),
                department: department.map(str::to_owned),
                password_hash: "none".to_owned(),
            };
            valley.system(Command::AddAccount(account));
        }
        valley
    }

    pub fn system(&self, command: Command) -> Receipt {
        let made = self.store.apply(&system_actor(place("99")), Moment { day: today(), at_ms: AT_MS }, command);
        made.unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    /// The same store opened anew, as after a restart.
    pub fn restarted(self) -> Valley {
        let Valley { folder, store, router } = self;
        drop((store, router));
        let store = Store::open(&folder.path().join("store.db"), &*package(), &key()).expect("opens");
        Valley { router: web::router(store.clone(), site(folder.path())), store, folder }
    }

    /// A token of an account, with its id.
    pub fn token(&self, account: &str, scopes: &[&str]) -> (String, String) {
        let scopes: Vec<Scope> = scopes.iter().map(|scope| scope.parse().expect("a scope")).collect();
        let new = NewToken { name: "测试".to_owned(), account: account.to_owned(), scopes, expires_on: None };
        let receipt = self.system(Command::AddToken(new));
        (receipt.text.expect("its text"), receipt.id.expect("its id"))
    }

    /// A caller that may all that the account may.
    pub fn caller(&self, account: &str) -> Caller {
        self.caller_with(account, &["*"])
    }

    pub fn caller_with(&self, account: &str, scopes: &[&str]) -> Caller {
        Caller { router: self.router.clone(), token: self.token(account, scopes).0 }
    }

    /// A garden that was entered by the clerk of the first township; gives its id.
    pub async fn garden(&self, number: &str, more: Json) -> String {
        let answer = self.caller("clerk").post("/registers/garden/records", garden(number, VILLAGES[0], more)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json["id"].as_str().expect("an id").to_owned()
    }
}

pub fn key() -> StoreKey {
    StoreKey::from_bytes([42; 32])
}

fn site(folder: &Path) -> Site {
    Site {
        package: package(),
        gateway: Arc::new(Keys),
        inbox: folder.join("inbox"),
        out: folder.join("out"),
        today,
        now_ms,
        unsent_hours: 72,
        secure_cookies: false,
    }
}

fn household(number: i64, village: &str) -> Record {
    let value = |name: &str| match name {
        "household_no" => Value::Text(number.to_string()),
        "region_code" => Value::Text(village.to_owned()),
        "head_name" => Value::Text("吉木".to_owned()),
        _ => Value::Null,
    };
    let fields = package().registers["household"].field.iter().map(|field| value(&field.name)).collect();
    Record { row: u32::try_from(number).unwrap_or_default(), fields, ..Record::default() }
}

/// A body that enters a garden; `more` stands in the place of what it would have otherwise.
pub fn garden(number: &str, village: &str, more: Json) -> Json {
    let mut fields = json!({
        "garden_no": number,
        "region_code": village,
        "kind_code": "fruit",
        "keeper_name": "阿依",
        "keeper_phone": PHONE,
        "area_mu": "4.5",
        "worth_fen": 120_000,
    });
    for (name, value) in more.as_object().expect("an object") {
        fields[name] = value.clone();
    }
    json!({ "fields": fields })
}

/// One answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// Null where the text is no JSON.
    pub json: Json,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Holds an answer against what every problem document has; gives its fields.
    pub fn problem(&self, status: u16, name: &str) -> Vec<String> {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.json["type"], format!("/problems/{name}"), "{}", self.text);
        assert_eq!(self.json["status"], status, "{}", self.text);
        for member in ["title", "detail", "hint"] {
            let text = self.json[member].as_str().unwrap_or_default();
            assert!(!text.is_empty() && !text.contains("??"), "{member} of {}", self.text);
        }
        let fields = self.json["fields"].as_array().expect("fields");
        fields.iter().map(|field| field.as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Somebody with a token.
#[derive(Clone)]
pub struct Caller {
    pub router: Router,
    pub token: String,
}

impl Caller {
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Json) -> Answer {
        self.send("POST", path, &[], Some(body)).await
    }

    /// Sends a call below `/api/v1`.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Json>) -> Answer {
        let content = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.raw(method, &format!("/api/v1{path}"), &all, content).await
    }

    /// Sends anything anywhere, with the token.
    pub async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
        Answer { status: parts.status, headers: parts.headers, text, json }
    }
}
