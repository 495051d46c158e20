//! The description of the API for machines: complete, sound, the same each time.

use crate::valley::Valley;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;

async fn described(account: &str) -> Json {
    Valley::new().caller(account).get("/openapi.json").await.json
}

#[tokio::test]
async fn the_description_is_the_golden_one() {
    let found = described("clerk").await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/openapi.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(&sorted(&found)).expect("JSON");
        std::fs::write(&path, text + "\n").expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file; make it with UPDATE_GOLDEN=1");
    let golden: Json = serde_json::from_str(&golden).expect("JSON");
    assert_eq!(found, golden, "look at the difference with UPDATE_GOLDEN=1 and git diff");
    assert_eq!(found, described("colleague").await);
}

/// The same JSON with the members of every object in order, whatever the map behind it keeps.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(members) => {
            let ordered: std::collections::BTreeMap<&String, Json> =
                members.iter().map(|(name, value)| (name, sorted(value))).collect();
            ordered.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Json::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn only_what_the_account_and_the_token_reach_is_described() {
    let valley = Valley::new();
    let analyst = valley.caller("analyst").get("/openapi.json").await;
    assert!(analyst.text.contains("/registers/garden/records") && !analyst.text.contains("/registers/tool"));
    for hidden in ["garden_enter", "garden_correct", "garden_unmask", "garden_step", "garden.New"] {
        assert!(!analyst.text.contains(hidden), "{hidden} is not for an analyst");
    }
    let writer = valley.caller_with("clerk", &["write:garden"]).get("/openapi.json").await;
    assert!(writer.text.contains("garden_enter") && !writer.text.contains("garden_list"));
    let narrow = valley.caller_with("clerk", &["read:tool"]).get("/openapi.json").await;
    assert!(narrow.text.contains("/registers/tool/records") && !narrow.text.contains("/registers/garden"));
}

#[tokio::test]
async fn the_description_is_sound() {
    let document = described("clerk").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in &references {
        let pointer = reference.strip_prefix('#').expect("references stay inside");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for kind in ["schemas", "parameters", "responses", "headers"] {
        for name in document["components"][kind].as_object().expect("parts").keys() {
            assert!(references.contains(&format!("#/components/{kind}/{name}")), "{kind}/{name} is not used");
        }
    }
    let mut identities = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            check(&document, path, method, operation);
            let id = operation["operationId"].as_str().expect("an id");
            assert!(identities.insert(id.to_owned()), "{id} twice");
        }
    }
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    schemas.iter().for_each(|(name, schema)| sound(name, schema));
}

/// One operation: parameters of the path are declared, answers have descriptions, errors are problems.
fn check(document: &Json, path: &str, method: &str, operation: &Json) {
    assert!(["get", "post", "patch", "delete"].contains(&method), "{method} {path}");
    let none = Vec::new();
    let listed = operation["parameters"].as_array().unwrap_or(&none);
    let parameters: Vec<&Json> = listed.iter().map(|one| resolved(document, one)).collect();
    let named = |place: &str| -> Vec<&str> {
        parameters.iter().filter(|one| one["in"] == place).filter_map(|one| one["name"].as_str()).collect()
    };
    let in_path: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
    assert_eq!(named("path"), in_path, "{method} {path}");
    for parameter in &parameters {
        assert!(parameter["schema"].is_object(), "{method} {path} {parameter}");
        assert!(parameter["in"] != "path" || parameter["required"] == true, "{method} {path}");
    }
    let query: BTreeSet<&str> = named("query").into_iter().collect();
    assert_eq!(query.len(), named("query").len(), "{method} {path}: a parameter twice");
    let takes_body = operation.get("requestBody").is_some();
    assert_eq!(takes_body, method != "get", "{method} {path}");
    let answers = operation["responses"].as_object().expect("answers");
    assert!(answers.keys().any(|status| status.starts_with('2')), "{method} {path}");
    for answer in answers.values().map(|answer| resolved(document, answer)) {
        assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
        assert!(answer["content"].is_object(), "{method} {path}");
    }
    let problem = resolved(document, &answers["default"]);
    assert!(problem["content"]["application/problem+json"].is_object(), "{method} {path}");
}

/// One schema: what is required is declared, types are types, patterns end.
fn sound(place: &str, schema: &Json) {
    let Some(members) = schema.as_object() else { return };
    if let Some(required) = members.get("required").and_then(Json::as_array) {
        for name in required {
            let name = name.as_str().expect("a name");
            assert!(schema["properties"].get(name).is_some(), "{place}: {name} is required and not declared");
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Json::String(one) => vec![one],
        Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let known = ["object", "array", "string", "integer", "boolean", "null"];
    assert!(types.iter().all(|one| known.contains(one)), "{place}: {types:?} (no numbers: decimals are texts)");
    assert!(!types.contains(&"array") || schema["items"].is_object(), "{place}: a list of what?");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        sound(&format!("{place}.{name}"), property);
    }
    sound(place, &schema["items"]);
    for part in schema["anyOf"].as_array().into_iter().flatten() {
        sound(place, part);
    }
}

fn resolved<'d>(document: &'d Json, part: &'d Json) -> &'d Json {
    let pointer = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(part, |pointer| document.pointer(pointer).expect("it leads somewhere"))
}

fn collect(json: &Json, references: &mut BTreeSet<String>) {
    match json {
        Json::Object(members) => {
            references.extend(members.get("$ref").and_then(Json::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Json::Array(list) => list.iter().for_each(|one| collect(one, references)),
        _ => {}
    }
}
