//! The operations of one register, each with its own address, so that programs see its own fields.

use super::rights::TokenRights;
use super::schemas::{Members, body, object, part, written};
use super::texts::{every_language, text_of};
use crate::api::list_query::{How, ROWS, sorts, ways};
use crate::api::value;
use model::{Class, Kind};
use policy::Package;
use policy::declare::{Column, Register, Step};
use serde_json::{Value, json};
use words::Wording;

/// The addresses of a register, with the operations that the account and its token may ask for.
pub fn paths(rights: &TokenRights, register: &Register, package: &Package) -> Members {
    let root = format!("/registers/{}", rights.register);
    let record = format!("{root}/records/{{id}}");
    let mut paths = Members::new();
    let mut all = Vec::new();
    if rights.reads {
        all.extend(reading(rights, register, package));
    }
    if rights.enters {
        all.extend(entering(rights, register));
    }
    if rights.unmasks && !sensitive(register).is_empty() {
        let unmask = operation(rights, register, "unmask", vec![id(), key()]);
        let unmask = unmask.takes(unmask_body(register)).gives("200", part("schemas/Unmasked"));
        all.push(("{record}/unmask".to_owned(), "post", unmask));
    }
    for step in register.step.iter().filter(|step| rights.steps.contains(&step.name)) {
        let what = Wording::pair(&step.label, &step.label_en);
        let parameters = vec![id(), version(), key()];
        let taken = named_operation(rights, register, &format!("step_{}", step.name), &what, parameters);
        let taken = taken.takes(step_body(step, register, package)).gives("200", part("schemas/Receipt"));
        all.push((format!("{{record}}/steps/{}", step.name), "post", taken));
    }
    if !rights.steps.is_empty() {
        let undo = operation(rights, register, "undo", vec![id(), version(), key()]).with_header("ETag");
        let undo = undo.takes(part("schemas/Reason")).gives("200", part("schemas/Receipt"));
        all.push(("{record}/undo".to_owned(), "post", undo));
    }
    for (path, method, operation) in all {
        let path = path.replace("{root}", &root).replace("{record}", &record);
        let operations = paths.entry(path).or_insert_with(|| json!({}));
        operations[method] = operation.written();
    }
    paths
}

/// An address, in which `{root}` and `{record}` stand for the register's and the record's, a method, and its operation.
type Line = (String, &'static str, Operation);

fn reading(rights: &TokenRights, register: &Register, package: &Package) -> Vec<Line> {
    let schema = |end: &str| part(&format!("schemas/{}.{end}", rights.register));
    let asked = |end: &str, parameters: Vec<Value>| operation(rights, register, end, parameters);
    let as_of = json!({
        "name": "as_of", "in": "query", "schema": { "type": "string", "format": "date" },
        "description": text_of("api_as_of"),
    });
    let hash = json!({
        "name": "hash", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
    });
    let declaration = asked("declaration", vec![]);
    let table = asked("schema", vec![]);
    let list = asked("list", list_parameters(register, package));
    let search = asked("search", vec![]).takes(search_body(register, package));
    let show = asked("show", vec![id(), as_of]).with_header("ETag");
    let history = asked("history", vec![id()]);
    let file = asked("file", vec![id(), hash]).gives_bytes();
    let lines = [
        ("{root}", "get", declaration.gives("200", part("schemas/Declaration"))),
        ("{root}/schema", "get", table.gives("200", json!({ "type": "object" }))),
        ("{root}/records", "get", list.gives("200", schema("Page"))),
        ("{root}/records/search", "post", search.gives("200", schema("Page"))),
        ("{record}", "get", show.gives("200", schema("Record"))),
        ("{record}/history", "get", history.gives("200", part("schemas/History"))),
        ("{record}/files/{hash}", "get", file),
    ];
    lines.map(|(path, method, operation)| (path.to_owned(), method, operation)).into()
}

fn entering(rights: &TokenRights, register: &Register) -> Vec<Line> {
    let schema = |end: &str| part(&format!("schemas/{}.{end}", rights.register));
    let asked = |end: &str, parameters: Vec<Value>| operation(rights, register, end, parameters).with_header("ETag");
    let enter = asked("enter", vec![key()]).takes(schema("New")).with_header("Location");
    let correct = asked("correct", vec![id(), version(), key()]).takes(schema("Correction"));
    let withdraw = asked("withdraw", vec![id(), version(), key()]).takes(part("schemas/Reason"));
    let lines = [
        ("{root}/records", "post", enter.gives("201", part("schemas/Receipt"))),
        ("{record}", "patch", correct.gives("200", part("schemas/Receipt"))),
        ("{record}", "delete", withdraw.gives("200", part("schemas/Receipt"))),
    ];
    lines.map(|(path, method, operation)| (path.to_owned(), method, operation)).into()
}

/// An operation that every register has: `api_operation_{end}` says what it does.
fn operation(rights: &TokenRights, register: &Register, end: &str, parameters: Vec<Value>) -> Operation {
    let what = words::wording(&format!("api_operation_{end}"), &[]);
    named_operation(rights, register, end, &what, parameters)
}

fn named_operation(
    rights: &TokenRights,
    register: &Register,
    end: &str,
    what: &Wording,
    parameters: Vec<Value>,
) -> Operation {
    let label = Wording::pair(&register.label, &register.label_en);
    let about = Wording::each(|language| format!("{} · {}", label.of(language), what.of(language)));
    Operation {
        id: format!("{}_{end}", rights.register),
        tag: rights.register.clone(),
        about: every_language(&about, ": "),
        parameters,
        ..Operation::default()
    }
}

fn id() -> Value {
    part("parameters/Id")
}

fn version() -> Value {
    part("parameters/IfMatch")
}

fn key() -> Value {
    part("parameters/IdempotencyKey")
}

/// An operation on its way into the document.
#[derive(Default)]
struct Operation {
    id: String,
    tag: String,
    about: String,
    parameters: Vec<Value>,
    takes: Option<Value>,
    status: String,
    content: Value,
    headers: Members,
}

impl Operation {
    fn takes(self, schema: Value) -> Operation {
        Operation { takes: Some(schema), ..self }
    }

    fn gives(self, status: &str, schema: Value) -> Operation {
        let content = json!({ "application/json": { "schema": schema } });
        Operation { status: status.to_owned(), content, ..self }
    }

    fn gives_bytes(self) -> Operation {
        let media = |kind: &str| (kind.to_owned(), json!({}));
        let content: Members = ["image/jpeg", "image/png", "application/pdf"].map(media).into_iter().collect();
        Operation { status: "200".to_owned(), content: Value::Object(content), ..self }
    }

    fn with_header(mut self, name: &str) -> Operation {
        self.headers.insert(name.to_owned(), part(&format!("headers/{name}")));
        self
    }

    fn written(&self) -> Value {
        let mut answer = json!({ "description": text_of("api_done"), "content": self.content });
        if !self.headers.is_empty() {
            answer["headers"] = Value::Object(self.headers.clone());
        }
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.about,
            "parameters": self.parameters,
            "responses": { self.status.as_str(): answer, "default": part("responses/Problem") },
        });
        if let Some(schema) = &self.takes {
            let content = json!({ "application/json": { "schema": schema } });
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        operation
    }
}

/// The filters of a list, each with the schema of its value.
fn filter_schemas(register: &Register, package: &Package, in_address: bool) -> Vec<(String, Value)> {
    let one = |(name, how, (_, column)): (String, How, (&str, &Column))| {
        let loose = Column { required: true, many: false, min: None, max: None, ..column.clone() };
        let schema = match how {
            How::Begins => json!({ "type": "string", "minLength": 1, "maxLength": value::KEY_MAX }),
            How::Ends => json!({ "type": "string", "minLength": 4, "maxLength": 4 }),
            _ => written(&loose, package, true),
        };
        (name, schema)
    };
    ways(register, in_address).map(one).collect()
}

/// What every list may be asked besides: state, place, order, page, columns.
fn own_schemas(register: &Register) -> Vec<(&'static str, Value)> {
    let mut schemas = Vec::new();
    let states: Vec<&str> = register.state.iter().map(|state| state.name.as_str()).collect();
    if !states.is_empty() {
        schemas.push(("state", json!({ "type": "string", "enum": states })));
        schemas.push(("due_before", json!({ "type": "string", "format": "date" })));
    }
    let orders: Vec<String> =
        sorts(register).flat_map(|column| [column.name.clone(), format!("-{}", column.name)]).collect();
    if !orders.is_empty() {
        schemas.push(("sort", json!({ "type": "string", "enum": orders })));
    }
    schemas.extend([
        ("region", json!({ "type": "string", "pattern": "^[0-9]{12}$" })),
        ("withdrawn", json!({ "type": "boolean" })),
        ("limit", json!({ "type": "integer", "minimum": 1, "maximum": ROWS.1, "default": ROWS.0 })),
        ("after", json!({ "type": "string", "minLength": 1 })),
    ]);
    schemas
}

fn columns_schema(register: &Register) -> Value {
    let names: Vec<&str> = register.field.iter().map(|column| column.name.as_str()).chain(["*"]).collect();
    json!({ "type": "array", "items": { "type": "string", "enum": names }, "minItems": 1, "uniqueItems": true })
}

fn list_parameters(register: &Register, package: &Package) -> Vec<Value> {
    let own = own_schemas(register).into_iter().map(|(name, schema)| (name.to_owned(), schema));
    let all = filter_schemas(register, package, true).into_iter().chain(own);
    let mut parameters: Vec<Value> =
        all.map(|(name, schema)| json!({ "name": name, "in": "query", "schema": schema })).collect();
    parameters.push(json!({
        "name": "fields", "in": "query", "style": "form", "explode": false, "schema": columns_schema(register),
    }));
    parameters
}

fn search_body(register: &Register, package: &Package) -> Value {
    let own = own_schemas(register).into_iter().map(|(name, schema)| (name.to_owned(), schema));
    let mut members: Members = filter_schemas(register, package, false).into_iter().chain(own).collect();
    members.insert("fields".to_owned(), columns_schema(register));
    object(members, &[])
}

fn step_body(step: &Step, register: &Register, package: &Package) -> Value {
    let asked = step.required.iter().chain(&step.asks);
    let columns = asked.filter_map(|name| register.field_named(name)).filter(|column| column.is_entered());
    let properties: Members = columns.map(|column| (column.name.clone(), written(column, package, false))).collect();
    let mut schema = body(object(properties, &[]));
    schema["required"] = json!([]);
    if !step.returns_to.is_empty() {
        schema["properties"]["returns_to"] = json!({ "type": "string", "enum": step.returns_to });
        schema["properties"]["reason"] =
            json!({ "type": "string", "minLength": 1, "maxLength": value::TEXT_MAX, "pattern": r"\S" });
    }
    let needs: Vec<&str> = step.required.iter().chain(&step.required_child).map(String::as_str).collect();
    if !needs.is_empty() {
        let about = format!("{}: {}", text_of("api_step_needs"), needs.join(", "));
        schema["description"] = about.into();
    }
    schema
}

fn sensitive(register: &Register) -> Vec<&str> {
    let fields = register.field.iter().filter(|column| column.effective_class() >= Class::Personal);
    fields.filter(|column| column.kind != Kind::File).map(|column| column.name.as_str()).collect()
}

fn unmask_body(register: &Register) -> Value {
    let properties = [
        ("field".to_owned(), json!({ "type": "string", "enum": sensitive(register) })),
        (
            "purpose".to_owned(),
            json!({ "type": "string", "minLength": 4, "maxLength": value::TEXT_MAX, "pattern": r"\S" }),
        ),
    ];
    object(properties.into_iter().collect(), &["field", "purpose"])
}
