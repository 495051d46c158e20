//! The Table Schema of the made-up register, as programs get it.

mod support;

use exchange::table_schema;
use serde_json::Value;
use std::path::Path;
use support::register::*;

fn schemas() -> String {
    let (codes, registers) = (codes(), registers());
    let schema = |part: &exchange::Part| {
        let parent = Some("ledger").filter(|_| !part.parent_key.is_empty());
        table_schema(part, parent, &codes, &registers, words::Language::CHINESE)
    };
    let all: Vec<Value> = parts().iter().map(schema).collect();
    serde_json::to_string_pretty(&all).expect("is JSON") + "\n"
}

#[test]
fn the_schema_is_as_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/table_schema.json");
    let now = schemas();
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &now).expect("writes");
    }
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(now, recorded, "record it with GOLDEN=1 when the change is meant");
}

#[test]
fn keys_lead_to_fields_that_exist() {
    let all: Vec<Value> = serde_json::from_str(&schemas()).expect("is JSON");
    for schema in &all {
        let names: Vec<&str> =
            schema["fields"].as_array().expect("a list").iter().filter_map(|field| field["name"].as_str()).collect();
        let keys = schema["foreignKeys"].as_array().cloned().unwrap_or_default();
        let of_keys = keys.iter().flat_map(|key| key["fields"].as_array().cloned().unwrap_or_default());
        let all_keys = of_keys.chain(schema["primaryKey"].as_array().cloned().unwrap_or_default());
        let mut count = 0;
        for key in all_keys {
            count += 1;
            assert!(names.contains(&key.as_str().expect("a name")), "{key}");
        }
        assert!(count > 0, "{schema}");
    }
}
