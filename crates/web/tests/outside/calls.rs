//! What is asked on each route of the pages: with the identities of a village, or with those of nothing.

use crate::seeds::Kind;
use crate::world::Ids;
use axum::body::Body;
use axum::http::Request;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `GET /leads/{id}`: the route that it asks.
    pub route: String,
    pub path: String,
    pub sent: Sent,
    /// What its identities name; `None` where it names nothing.
    pub about: Option<Kind>,
}

#[derive(Clone, Debug)]
pub enum Sent {
    Nothing,
    Form(Vec<(String, String)>),
    /// A form with a file: its name and content.
    File(Vec<(String, String)>, Vec<u8>),
    Json(serde_json::Value),
    Bytes(Vec<u8>),
}

/// Who asks: by session and form token, or by the token of a program.
pub struct Credentials {
    pub cookie: String,
    pub form_token: String,
    pub bearers: Vec<String>,
}

impl Credentials {
    /// One token may not ask as fast as a test does: they take turns.
    fn bearer(&self) -> &str {
        static TURN: AtomicUsize = AtomicUsize::new(0);
        &self.bearers[TURN.fetch_add(1, Ordering::Relaxed) % self.bearers.len()]
    }
}

impl Ask {
    pub fn method(&self) -> &str {
        self.route.split(' ').next().unwrap_or_default()
    }

    /// Whoever may see what it is about may open this.
    pub fn must_open(&self) -> bool {
        let opens =
            ["leads/{id}", "households/{number}", "records/{id}", "records/{id}/history", "imports/{id}", "jobs/{id}"];
        self.is_read() && opens.iter().any(|end| self.route.ends_with(end)) && !self.path.contains("2020-01-01")
    }

    pub fn is_read(&self) -> bool {
        self.method() == "GET"
    }

    /// The identities that the request names, the longest first.
    pub fn named<'a>(&self, ids: &'a Ids) -> Vec<(&'static str, &'a str)> {
        let said = format!("{} {:?}", self.path, self.sent);
        let is_named = |value: &str| said.contains(value) && value.len() > 5;
        let ids_named = ids.iter().filter(|(name, value)| !name.ends_with("job") && is_named(value));
        let mut named: Vec<_> = ids_named.map(|(name, value)| (*name, value.as_str())).collect();
        // The page may call a place by its name, which is no secret.
        named.extend(named.iter().any(|(name, _)| *name == "place").then(|| ("place", ids["place_name"].as_str())));
        named.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        named
    }

    pub fn request(&self, who: &Credentials) -> Request<Body> {
        let mut request = Request::builder().method(self.method()).uri(encoded(&self.path));
        request = match self.path.starts_with("/api/") {
            true => request.header("authorization", format!("Bearer {}", who.bearer())),
            false => request.header("cookie", &who.cookie),
        };
        let token = [("form_token".to_owned(), who.form_token.clone())];
        let (kind, body) = match &self.sent {
            Sent::Nothing if self.is_read() => ("", Vec::new()),
            Sent::Nothing => ("application/x-www-form-urlencoded", form(&token).into_bytes()),
            Sent::Form(fields) => {
                let fields: Vec<_> = token.iter().chain(fields).cloned().collect();
                ("application/x-www-form-urlencoded", form(&fields).into_bytes())
            }
            Sent::File(fields, content) => {
                let fields: Vec<_> = token.iter().chain(fields).cloned().collect();
                ("multipart/form-data; boundary=edge", parts(&fields, content))
            }
            Sent::Json(json) => ("application/json", json.to_string().into_bytes()),
            Sent::Bytes(bytes) => ("application/octet-stream", bytes.clone()),
        };
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        if matches!(self.method(), "PATCH" | "DELETE") || self.route.contains("/steps/") {
            request = request.header("if-match", "\"1\"");
        }
        request.body(Body::from(body)).expect("a request")
    }
}

fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn form(fields: &[(String, String)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

fn parts(fields: &[(String, String)], content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"own.csv\"\r\n\r\n";
    body.extend(head.bytes());
    body.extend(content);
    body.extend(b"\r\n--edge--\r\n");
    body
}

/// Asks with a route and what its parts are in this request.
pub fn ask(route: &str, parts: &[&str], query: &str, about: Option<Kind>, sent: Sent) -> Ask {
    let (_, pattern) = route.split_once(' ').unwrap_or_default();
    let mut parts = parts.iter();
    let filled =
        pattern.split('/').map(|part| if part.starts_with('{') { parts.next().copied().unwrap_or("x") } else { part });
    let path = filled.collect::<Vec<_>>().join("/");
    Ask { route: route.to_owned(), path: format!("{path}{query}"), sent, about }
}

pub fn fields(pairs: &[(&str, &str)]) -> Sent {
    Sent::Form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// Registers, the identity of their record, and its kind.
pub const RECORDS: [(&str, &str, Kind); 5] = [
    ("garden", "garden", Kind::Garden),
    ("garden", "garden_published", Kind::Garden),
    ("household", "household_record", Kind::HouseholdRecord),
    ("duty", "duty", Kind::Duty),
    ("nursery", "nursery", Kind::Nursery),
];
pub const REGISTERS: [&str; 6] = ["garden", "tool", "duty", "nursery", "household", "resident"];
const IMPORTS: [(&str, Kind); 3] =
    [("bill_import", Kind::Bill), ("subsidy_import", Kind::Subsidy), ("garden_import", Kind::GardenFile)];

/// Everything that is asked of the pages with these identities.
pub fn of_pages(ids: &Ids) -> Vec<Ask> {
    let mut asks = dashboard(ids);
    asks.extend(files(ids));
    for (register, id, kind) in RECORDS.into_iter().chain([("tool", "tool", Kind::Tool)]) {
        asks.extend(record(ids, register, &ids[id], kind));
    }
    for register in REGISTERS {
        asks.extend(lists(ids, register));
    }
    asks.extend(entering(ids));
    asks
}

fn dashboard(ids: &Ids) -> Vec<Ask> {
    let id = |name: &str| ids[name].as_str();
    let get = |route: &str, parts: &[&str], query: &str, about| ask(route, parts, query, about, Sent::Nothing);
    let place = format!("?region={}", id("place"));
    let everywhere = format!("?state=all&region={}", id("place"));
    vec![
        get("GET /", &[], "", None),
        get("GET /leads", &[], "?state=all", None),
        get("GET /leads", &[], &everywhere, Some(Kind::Place)),
        get("GET /leads", &[], "?state=all&after=51:x", None),
        ask("POST /leads", &[], "", Some(Kind::Lead), fields(&[("text", id("household_name")), ("state", "all")])),
        get("GET /leads/{id}", &[id("lead")], "", Some(Kind::Lead)),
        get("GET /households", &[], "", None),
        get("GET /households", &[], &place, Some(Kind::Place)),
        ask("POST /households", &[], "", Some(Kind::Household), fields(&[("text", id("household"))])),
        ask("POST /households", &[], "", Some(Kind::Household), fields(&[("text", id("household_name"))])),
        ask("POST /households", &[], "", Some(Kind::Household), fields(&[("text", id("identity"))])),
        get("GET /households/{number}", &[id("household")], "", Some(Kind::Household)),
        get("GET /notices", &[], "", None),
        ask("POST /notices/read", &[], "", Some(Kind::Notice), fields(&[("notice", id("notice"))])),
        get("GET /registers", &[], "", None),
        get("GET /rules", &[], "", None),
        get("GET /rules/{name}", &["burden"], "", None),
        get("GET /rules/{name}", &["doubt"], "", None),
        get("GET /parameters", &[], "", None),
        get("GET /policy", &[], "", None),
        get("GET /indicators", &[], "", None),
        get("GET /indicators/{name}", &["gardens"], "", None),
        get("GET /indicators/{name}", &["large_gardens"], "?period=2024-Q2", None),
        get("GET /indicators/{name}", &["no_such_indicator"], "", None),
        get("GET /indicators/{name}", &["gardens"], &format!("?place={}", ids["place"]), Some(Kind::Place)),
        ask(
            "POST /indicators/{name}/export",
            &["gardens"],
            "",
            Some(Kind::Place),
            fields(&[("place", &ids["place"]), ("format", "csv")]),
        ),
        get("GET /help", &[], "", None),
        get("GET /unsent", &[], "", None),
        ask("POST /unsent/forget", &[], "", None, fields(&[("form", "0123456789abcdef0123456789abcdef")])),
        get("GET /registers/{name}/bulk", &["garden"], "", None),
        get("GET /tokens", &[], "", None),
        ask("POST /tokens", &[], "", None, fields(&[("name", "新令牌"), ("scope_*", "1")])),
        ask("POST /tokens/revoke", &[], "", Some(Kind::Token), fields(&[("token", id("token"))])),
        ask("POST /screen", &[], "", None, Sent::Nothing),
        ask("POST /preferences", &[], "", None, fields(&[("next", "/help"), ("large", "1")])),
        ask("POST /office", &[], "", None, fields(&[("office", "")])),
        get("GET /sign-in", &[], "?next=/leads", None),
        get("GET /static/{*name}", &["shouwang.css"], "", None),
    ]
}

fn files(ids: &Ids) -> Vec<Ask> {
    let id = |name: &str| ids[name].as_str();
    let get = |route: &str, parts: &[&str], query: &str, about| ask(route, parts, query, about, Sent::Nothing);
    let own_file = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Sent::File(fields.chain([("day".to_owned(), "2024-06-01".to_owned())]).collect(), b"a,b\n1,2\n".to_vec())
    };
    let looked = format!("?job={}", id("job"));
    let mut asks = vec![
        get("GET /import", &[], "", None),
        ask("POST /import", &[], "", None, own_file(&[("dataset", "bill")])),
        ask("POST /import", &[], "", None, own_file(&[("dataset", "garden")])),
        get("GET /imports", &[], "", None),
        get("GET /imports", &[], "?after=9999999999999:x", None),
        get("GET /jobs", &[], "", None),
        get("GET /jobs/{id}", &[id("job")], "", Some(Kind::Job)),
        get("GET /jobs/{id}", &[id("export_job")], "", Some(Kind::Job)),
        get("GET /jobs/{id}/state", &[id("job")], "", Some(Kind::Job)),
        get("GET /jobs/{id}/files/{name}", &[id("job"), "f.xlsx"], "", Some(Kind::Job)),
        get("GET /jobs/{id}/files/{name}", &[id("export_job"), id("export_file")], "", Some(Kind::Job)),
        ask("POST /jobs/{id}/columns", &[id("job")], "", Some(Kind::Job), fields(&[("column_area_mu", "A")])),
        get("GET /registers/{name}/import", &["garden"], &looked, Some(Kind::Job)),
        ask("POST /registers/{name}/import/submit", &["garden"], "", Some(Kind::Job), fields(&[("job", id("job"))])),
    ];
    for (name, kind) in IMPORTS {
        asks.push(get("GET /imports/{id}", &[id(name)], "", Some(kind)));
        asks.push(get("GET /imports/{id}", &[id(name)], "?put_back=1&stayed=0", Some(kind)));
        asks.push(get("GET /imports/{id}/files/{name}", &[id(name), "faults.xlsx"], "", Some(kind)));
        asks.push(get("GET /imports/{id}/undo", &[id(name)], "", Some(kind)));
        asks.push(ask("POST /imports/{id}/undo", &[id(name)], "", Some(kind), Sent::Nothing));
        asks.push(get("GET /imports/{id}/leavers", &[id(name)], "", Some(kind)));
        asks.push(ask("POST /imports/{id}/answer", &[id(name)], "", Some(kind), Sent::Nothing));
    }
    asks
}

/// One record of a register.
fn record(ids: &Ids, register: &str, id: &str, kind: Kind) -> Vec<Ask> {
    let at = |route: &str, query: &str, sent| ask(route, &[register, id], query, Some(kind), sent);
    let version = ("version", "1");
    let mut asks = vec![
        at("GET /registers/{name}/records/{id}", "", Sent::Nothing),
        at("GET /registers/{name}/records/{id}", "?as_of=2024-06-02", Sent::Nothing),
        at("GET /registers/{name}/records/{id}", "?as_of=2020-01-01", Sent::Nothing),
        at("GET /registers/{name}/records/{id}/correct", "", Sent::Nothing),
        at("POST /registers/{name}/records/{id}/correct", "", fields(&[version, ("f_area_mu", "2")])),
        at("POST /registers/{name}/records/{id}/correct", "", fields(&[("version", "9"), ("f_area_mu", "2")])),
        at("POST /registers/{name}/records/{id}/undo", "", fields(&[version, ("why", "点错了")])),
        at("POST /registers/{name}/records/{id}/withdraw", "", fields(&[version, ("why", "重复")])),
        at(
            "POST /registers/{name}/records/{id}/unmask",
            "",
            fields(&[("field", "keeper_phone"), ("purpose", "回访核实情况")]),
        ),
    ];
    for step in ["publish", "send_back", "confirm", "nothing"] {
        let sent = fields(&[("step", step), version, ("f_minutes", "同意")]);
        asks.push(at("POST /registers/{name}/records/{id}/step", "", sent));
    }
    let ticked = format!("record-{id}");
    for sent in [
        vec![("step", "publish"), (ticked.as_str(), "1")],
        vec![("step", "publish"), (&ticked, "1"), ("confirm", "1"), ("f_minutes", "同意")],
    ] {
        asks.push(ask("POST /registers/{name}/bulk", &[register], "", Some(kind), fields(&sent)));
    }
    let file = [register, id, ids["hash"].as_str()];
    asks.push(ask("GET /registers/{name}/records/{id}/files/{hash}", &file, "", Some(kind), Sent::Nothing));
    asks
}

fn lists(ids: &Ids, register: &str) -> Vec<Ask> {
    let at = |route: &str, query: &str, about, sent| ask(route, &[register], query, about, sent);
    let place = format!("?region={}", ids["place"]);
    let kept = format!("?search={}", ids["search"]);
    let further = format!("?after={}", ids["cursor"]);
    let mut asks = vec![
        at("GET /registers/{name}", "", None, Sent::Nothing),
        at("GET /registers/{name}/records", "", None, Sent::Nothing),
        at("GET /registers/{name}/records", &place, Some(Kind::Place), Sent::Nothing),
        at("GET /registers/{name}/records", &kept, Some(Kind::Search), Sent::Nothing),
        at("GET /registers/{name}/template", "", None, Sent::Nothing),
        at("GET /registers/{name}/schema", "", None, Sent::Nothing),
        at("GET /registers/{name}/import", "", None, Sent::Nothing),
        at(
            "POST /registers/{name}/columns",
            "",
            None,
            fields(&[("column-garden_no", "1"), ("column-keeper_phone", "1")]),
        ),
        at("POST /registers/{name}/export", "", None, fields(&[("format", "csv")])),
        at(
            "POST /registers/{name}/export",
            "",
            Some(Kind::Search),
            fields(&[("format", "csv"), ("search", &ids["search"])]),
        ),
    ];
    if register == "garden" {
        let found = |name: &str, value: &str| fields(&[(name, value)]);
        asks.push(at("GET /registers/{name}/records", &further, Some(Kind::Cursor), Sent::Nothing));
        asks.push(at(
            "POST /registers/{name}/search",
            "",
            Some(Kind::Garden),
            found("keeper_name", &ids["garden_name"]),
        ));
        asks.push(at(
            "POST /registers/{name}/search",
            "",
            Some(Kind::Garden),
            found("keeper_phone", &ids["garden_phone"]),
        ));
        let own = vec![("day".to_owned(), "2024-06-01".to_owned())];
        asks.push(at("POST /registers/{name}/import", "", None, Sent::File(own, b"a,b\n1,2\n".to_vec())));
    }
    asks
}

/// Forms of new records that name what may lie outside.
fn entering(ids: &Ids) -> Vec<Ask> {
    let id = |name: &str| ids[name].as_str();
    let of_household = format!("?household={}", id("household"));
    let own = [("f_kind_code", "fruit"), ("f_area_mu", "x")];
    let with = |pairs: &[(&str, &str)]| fields(&[&own, pairs].concat());
    vec![
        ask("GET /registers/{name}/records/new", &["garden"], "", None, Sent::Nothing),
        ask("GET /registers/{name}/records/new", &["nursery"], &of_household, Some(Kind::Household), Sent::Nothing),
        ask(
            "POST /registers/{name}/records/new",
            &["nursery"],
            "",
            Some(Kind::Household),
            fields(&[("stage", "subject"), ("household", id("household"))]),
        ),
        ask(
            "POST /registers/{name}/records/new",
            &["nursery"],
            "",
            Some(Kind::Household),
            fields(&[("stage", "subject"), ("text", id("household"))]),
        ),
        ask(
            "POST /registers/{name}/records/new",
            &["nursery"],
            "",
            Some(Kind::Household),
            fields(&[("f_household_no", id("household")), ("f_started_on", "2024-06-01")]),
        ),
        ask(
            "POST /registers/{name}/records/new",
            &["garden"],
            "",
            Some(Kind::Household),
            with(&[("f_household_no", id("household"))]),
        ),
        ask(
            "POST /registers/{name}/records/new",
            &["garden"],
            "",
            Some(Kind::Tool),
            with(&[("f_tool_no", id("tool_no"))]),
        ),
        ask(
            "POST /registers/{name}/records/new",
            &["duty"],
            "",
            Some(Kind::Duty),
            fields(&[("f_identity_no", id("identity")), ("f_started_on", "x")]),
        ),
    ]
}
