//! The parts of the description that are the same for every register.

use super::schemas::{Members, object, part};
use super::texts::text_of;
use crate::api::call::KEY_MAX;
use crate::api::fault::Problem;
use crate::api::value;
use serde_json::{Value, json};

/// Addresses that belong to no register.
pub fn shared_paths() -> Members {
    let answers = |schema: Value| {
        json!({
            "200": { "description": text_of("api_done"), "content": { "application/json": { "schema": schema } } },
            "default": part("responses/Problem"),
        })
    };
    let registers = json!({
        "operationId": "registers", "summary": text_of("api_operation_registers"),
        "responses": answers(part("schemas/Registers")),
    });
    let description = json!({
        "operationId": "description", "summary": text_of("api_operation_description"),
        "responses": answers(json!({ "type": "object" })),
    });
    let media = |kind: &str| (kind.to_owned(), json!({ "schema": { "type": "string", "contentMediaType": kind } }));
    let kinds: Members = ["image/jpeg", "image/png", "image/webp", "application/pdf"].map(media).into_iter().collect();
    let attach = json!({
        "operationId": "attach", "summary": text_of("api_operation_attach"),
        "parameters": [part("parameters/IdempotencyKey")],
        "requestBody": { "required": true, "content": kinds },
        "responses": {
            "201": { "description": text_of("api_done"), "content": { "application/json": { "schema": part("schemas/Attachment") } } },
            "default": part("responses/Problem"),
        },
    });
    let paths = [
        ("/registers", json!({ "get": registers })),
        ("/openapi.json", json!({ "get": description })),
        ("/attachments", json!({ "post": attach })),
    ];
    paths.into_iter().map(|(path, operations)| (path.to_owned(), operations)).collect()
}

/// One tag or several, strong or weak, or a star.
const IF_MATCH: &str = "^(\\*|(W/)?\"[1-9][0-9]{0,8}\"(\\s*,\\s*(W/)?\"[1-9][0-9]{0,8}\")*)$";

/// Parameters by name.
pub fn shared_parameters() -> Value {
    json!({
        "Id": { "name": "id", "in": "path", "required": true, "schema": part("schemas/Id") },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "schema": { "type": "string", "pattern": IF_MATCH },
            "description": text_of("api_if_match"),
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "schema": { "type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": KEY_MAX },
        },
    })
}

/// Answers by name.
pub fn shared_responses() -> Value {
    let content = json!({ "application/problem+json": { "schema": part("schemas/Problem") } });
    json!({ "Problem": { "description": text_of("api_not_done"), "content": content } })
}

/// Headers of answers by name.
pub fn shared_headers() -> Value {
    json!({
        "ETag": { "schema": { "type": "string" }, "description": text_of("api_etag") },
        "Location": { "schema": { "type": "string" } },
    })
}

/// Schemas that every register uses.
pub fn shared_schemas() -> Members {
    let text = || json!({ "type": "string" });
    let or_null = |kind: &str| json!({ "type": [kind, "null"] });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let objects = |members: &[(&str, Value)]| json!({ "type": "array", "items": closed(members) });
    let problems: Vec<String> = Problem::ALL.iter().map(|problem| format!("/problems/{}", problem.name())).collect();
    let hash = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let file_name = json!({ "type": "string", "pattern": r"\S", "maxLength": value::KEY_MAX });
    let file = closed(&[("hash", hash()), ("name", file_name)]);
    let refusal =
        closed(&[("code", text()), ("why", text()), ("why_en", text()), ("hint", text()), ("hint_en", text())]);
    let reason = json!({ "type": "string", "pattern": r"\S", "maxLength": value::TEXT_MAX });
    let totals = json!({ "type": "string", "enum": ["exactly", "at_least", "about"] });
    let change = objects(&[("field", text()), ("before", text()), ("after", text())]);
    let event = closed(&[
        ("day", json!({ "type": "string", "format": "date" })),
        ("at", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("who", text()),
        ("role", text()),
        ("for_office", json!({ "type": "boolean" })),
        ("action", text()),
        ("is_step", json!({ "type": "boolean" })),
        ("changes", change),
        ("notes", json!({ "type": "object", "additionalProperties": { "type": "string" } })),
    ]);
    let offer = closed(&[
        ("step", text()),
        ("label", text()),
        ("label_en", text()),
        ("required", texts()),
        ("refusal", json!({ "anyOf": [refusal, { "type": "null" }] })),
    ]);
    let remarks =
        objects(&[("what", text()), ("what_en", text()), ("hint", text()), ("hint_en", text()), ("fields", texts())]);
    let kinds =
        ["opened", "attached", "advanced", "put_up", "taken_down", "stopped", "resumed", "document", "notified"];
    let day = || json!({ "type": "string", "format": "date" });
    let days = closed(&[("from", day()), ("last_day", day()), ("free_on", day())]);
    let followed = closed(&[
        ("what", json!({ "type": "string", "enum": kinds })),
        ("register", text()),
        ("id", part("schemas/Id")),
        ("number", or_null("string")),
        ("label", text()),
        ("label_en", text()),
        ("days", json!({ "anyOf": [days, { "type": "null" }] })),
    ]);
    let count = || json!({ "type": "integer", "minimum": 0 });
    let agreement = closed(&[("given", count()), ("needed", count()), ("label", text()), ("label_en", text())]);
    let receipt = closed(&[
        ("id", part("schemas/Id")),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("state", or_null("string")),
        ("due_on", json!({ "type": ["string", "null"], "format": "date" })),
        ("agreement", json!({ "anyOf": [agreement, { "type": "null" }] })),
        ("remarks", remarks),
        ("followed", json!({ "type": "array", "items": followed })),
    ]);
    let problem = json!({
        "type": "object",
        "properties": {
            "type": { "type": "string", "enum": problems },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "pattern": "^[a-z0-9_]+$" },
            "detail": { "type": "string" },
            "hint": { "type": "string" },
            "fields": texts(),
            "record": part("schemas/Id"),
        },
        "required": ["type", "title", "status", "code", "detail", "hint", "fields"],
    });
    let named = json!({ "type": "object", "properties": { "name": text(), "label": text(), "label_en": text() }, "required": ["name", "label", "label_en"] });
    let files = json!({ "type": "array", "items": file, "maxItems": value::FILES_MAX });
    let schemas = [
        ("Id", json!({ "type": "string", "pattern": "^[0-9a-f]{16}$" })),
        ("Files", files),
        ("Problem", problem),
        ("Offer", offer),
        ("Receipt", receipt),
        ("Reason", closed(&[("reason", reason)])),
        ("History", closed(&[("events", json!({ "type": "array", "items": event }))])),
        ("Total", closed(&[("count", json!({ "type": "integer", "minimum": 0 })), ("is", totals)])),
        ("Unmasked", closed(&[("field", text()), ("value", or_null("string"))])),
        (
            "Attachment",
            closed(&[("hash", hash()), ("media", text()), ("bytes", json!({ "type": "integer", "minimum": 1 }))]),
        ),
        ("Declaration", named.clone()),
        ("Registers", closed(&[("registers", json!({ "type": "array", "items": named }))])),
    ];
    schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// An object that has exactly these members.
fn closed(members: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    object(members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect(), &names)
}
