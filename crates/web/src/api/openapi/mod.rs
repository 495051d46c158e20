//! The API described for machines (OpenAPI 3.1), made from the package: what the token's account sees, and nothing else.
//! The same package and account give the same text.

mod operations;
mod parts;
mod rights;
mod schemas;
mod texts;

use crate::api::call::Call;
use crate::api::fault::Fault;
use axum::Json;
use axum::response::{IntoResponse, Response};
use policy::Package;
use policy::declare::Register;
use rights::TokenRights;
use serde_json::{Value, json};

/// `GET /api/v1/openapi.json`
pub fn show(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let (view, package) = (call.visit.view(), &call.visit.site.package);
    let seen = view.registers().into_iter().filter(|name| call.bearer.reaches(name));
    let seen = seen.filter_map(|name| Some((package.registers.get(&name)?, name)));
    let seen = seen.map(|(register, name)| TokenRights::of(name, register, view, call.bearer));
    Ok(Json(document(package, &seen.collect::<Vec<_>>())).into_response())
}

/// The description of the API for these registers.
pub fn document(package: &Package, registers: &[TokenRights]) -> Value {
    let (mut paths, mut schemas) = (parts::shared_paths(), parts::shared_schemas());
    let mut tags = Vec::new();
    let known = registers.iter().filter_map(|rights| Some((rights, package.registers.get(&rights.register)?)));
    for (rights, register) in known {
        let name = &rights.register;
        tags.push(json!({ "name": name, "description": about(register) }));
        paths.extend(operations::paths(rights, register, package));
        schemas.extend(schemas::of_register(rights, register, package));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{} · API", package.head.label),
            "version": package.head.version,
            "description": texts::every_language(&words::wording!("api_about"), "\n\n"),
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "bearer": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
            "parameters": parts::shared_parameters(),
            "responses": parts::shared_responses(),
            "headers": parts::shared_headers(),
            "schemas": schemas,
        },
    })
}

fn about(register: &Register) -> String {
    let parts = [&register.label, &register.label_en, &register.purpose, &register.purpose_en];
    let filled: Vec<&str> = parts.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    filled.join(" · ")
}
