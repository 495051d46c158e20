//! What is asked on each route of the API.

use crate::calls::{Ask, RECORDS, REGISTERS, Sent, ask};
use crate::seeds::Kind;
use crate::world::Ids;
use serde_json::{Value, json};

/// Everything that is asked of the API with these identities.
pub fn of_api(ids: &Ids) -> Vec<Ask> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend("自己的照片".bytes());
    let mut asks = vec![
        ask("GET /api/v1/openapi.json", &[], "", None, Sent::Nothing),
        ask("GET /api/v1/registers", &[], "", None, Sent::Nothing),
        ask("POST /api/v1/attachments", &[], "", None, Sent::Bytes(png)),
        ask("GET /api", &[], "", None, Sent::Nothing),
        ask("ANY /api/{*rest}", &["nothing"], "", None, Sent::Nothing),
    ];
    asks.iter_mut().filter(|ask| ask.route.starts_with("ANY")).for_each(|ask| ask.sent = Sent::Nothing);
    for register in REGISTERS {
        asks.push(ask("GET /api/v1/registers/{name}", &[register], "", None, Sent::Nothing));
        asks.push(ask("GET /api/v1/registers/{name}/schema", &[register], "", None, Sent::Nothing));
        asks.push(ask("GET /api/v1/registers/{name}/records", &[register], "?fields=*", None, Sent::Nothing));
        let place = format!("?region={}", ids["place"]);
        asks.push(ask("GET /api/v1/registers/{name}/records", &[register], &place, Some(Kind::Place), Sent::Nothing));
    }
    let further = format!("?after={}", ids["cursor"]);
    asks.push(ask("GET /api/v1/registers/{name}/records", &["garden"], &further, Some(Kind::Cursor), Sent::Nothing));
    for asked in [json!({ "keeper_name": ids["garden_name"] }), json!({ "keeper_phone": ids["garden_phone"] })] {
        asks.push(ask(
            "POST /api/v1/registers/{name}/records/search",
            &["garden"],
            "",
            Some(Kind::Garden),
            Sent::Json(asked),
        ));
    }
    for (register, id, kind) in RECORDS.into_iter().chain([("tool", "tool", Kind::Tool)]) {
        asks.extend(record(ids, register, &ids[id], kind));
    }
    asks.extend(entering(ids));
    asks
}

fn record(ids: &Ids, register: &str, id: &str, kind: Kind) -> Vec<Ask> {
    let at = |route: &str, query: &str, sent| ask(route, &[register, id], query, Some(kind), sent);
    let json = |value: Value| Sent::Json(value);
    const RECORD: &str = "/api/v1/registers/{name}/records/{id}";
    let route = |method: &str, rest: &str| format!("{method} {RECORD}{rest}");
    let mut asks = vec![
        at(&route("GET", ""), "", Sent::Nothing),
        at(&route("GET", ""), "?as_of=2024-06-02", Sent::Nothing),
        at(&route("GET", "/history"), "", Sent::Nothing),
        at(&route("PATCH", ""), "", json(json!({ "fields": {} }))),
        at(&route("DELETE", ""), "", json(json!({ "reason": "误录" }))),
        at(&route("POST", "/undo"), "", json(json!({ "reason": "点错了" }))),
        at(&route("POST", "/unmask"), "", json(json!({ "field": "keeper_phone", "purpose": "核对联系方式" }))),
    ];
    for step in ["publish", "confirm", "nothing"] {
        asks.push(ask(&route("POST", "/steps/{step}"), &[register, id, step], "", Some(kind), json(json!({}))));
    }
    let file = [register, id, ids["hash"].as_str()];
    asks.push(ask(&route("GET", "/files/{hash}"), &file, "", Some(kind), Sent::Nothing));
    asks
}

/// New records that name what may lie outside.
fn entering(ids: &Ids) -> Vec<Ask> {
    let enter = |register: &str, about, fields: Value| {
        ask(
            "POST /api/v1/registers/{name}/records",
            &[register],
            "",
            Some(about),
            Sent::Json(json!({ "fields": fields })),
        )
    };
    vec![
        enter("garden", Kind::Tool, json!({ "kind_code": "fruit", "tool_no": ids["tool_no"], "area_mu": "2" })),
        enter("garden", Kind::Place, json!({ "garden_no": "新", "kind_code": "fruit", "region_code": ids["place"] })),
        enter("nursery", Kind::Household, json!({ "household_no": ids["household"], "started_on": "2024-06-01" })),
    ]
}
