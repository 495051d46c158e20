//! Which records a list is asked for: declared filters, one declared order, one page.

use crate::api::call::{Call, echo, first};
use crate::api::fault::{Fault, Problem};
use crate::api::value;
use crate::http::site::Site;
use model::written::fold;
use model::{Class, Kind, RegionCode, Value};
use policy::declare::{Column, Register};
use serde_json::Value as Json;
use store::{Condition, Predicate, RecordFilter, RecordOrder};

/// Rows of a page where nothing is said, and at most.
pub const ROWS: (u32, u32) = (50, 500);
/// Names that no field can have here.
pub const OWN_NAMES: [&str; 8] = ["state", "region", "due_before", "withdrawn", "sort", "limit", "after", "fields"];

/// What a list is asked for.
#[derive(Debug, Default, PartialEq)]
pub struct ListQuery {
    pub filter: RecordFilter,
    pub order: Option<RecordOrder>,
    pub columns: Vec<String>,
    pub after: Option<String>,
    pub limit: u32,
}

/// How a filter holds a field against its value, by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Is,
    From,
    To,
    Begins,
    /// The last four characters of an identity number.
    Ends,
}

impl How {
    /// Every way in which a field of this kind can be filtered by, with the ending of the name.
    pub fn of(column: &Column) -> Vec<(How, &'static str)> {
        let mut ways = match column.kind {
            Kind::File => Vec::new(),
            _ => vec![(How::Is, "")],
        };
        let is_sealed = column.effective_class() == Class::Sensitive;
        match column.kind {
            Kind::Identity => ways.push((How::Ends, ".ends")),
            _ if is_sealed => {}
            Kind::Int | Kind::Decimal | Kind::Fen | Kind::Day | Kind::Month => {
                ways.extend([(How::From, ".from"), (How::To, ".to")]);
            }
            Kind::Text if column.name != "household_no" => ways.push((How::Begins, ".begins")),
            Kind::Name | Kind::Reference | Kind::Region => ways.push((How::Begins, ".begins")),
            _ => {}
        }
        ways
    }

    /// Child records are found by whole values, as on the pages.
    fn of_child(column: &Column) -> Vec<(How, &'static str)> {
        let is_found = match column.kind {
            Kind::Code => !(column.many && column.effective_class() == Class::Sensitive),
            Kind::Bool | Kind::Text | Kind::Name | Kind::Identity | Kind::Phone | Kind::Account | Kind::Reference => {
                true
            }
            _ => false,
        };
        if is_found { vec![(How::Is, "")] } else { Vec::new() }
    }
}

/// Fields by which the register's lists can be filtered, with their paths: `field`, or `child.field` where one of the child records is
/// to have the value. What names or describes a person never stands in an address.
pub fn filters(register: &Register, in_address: bool) -> impl Iterator<Item = (&str, &Column)> {
    let own = register.field.iter().map(|column| (column.name.as_str(), column));
    let own = own.filter(|(name, _)| register.list.filter.iter().chain(&register.key).any(|known| known == name));
    let of_children = register.list.filter.iter().filter(|path| path.contains('.'));
    let of_children = of_children.filter_map(|path| Some((path.as_str(), register.field_at(path)?)));
    let may = move |(_, column): &(&str, &Column)| !in_address || column.effective_class() < Class::Personal;
    own.chain(of_children).filter(may).filter(|(path, _)| !OWN_NAMES.contains(path))
}

/// Every name under which the register's lists are filtered, with its field.
pub fn ways(register: &Register, in_address: bool) -> impl Iterator<Item = (String, How, (&str, &Column))> {
    filters(register, in_address).flat_map(|(path, column)| {
        let all = if path.contains('.') { How::of_child(column) } else { How::of(column) };
        all.into_iter().map(move |(how, end)| (format!("{path}{end}"), how, (path, column)))
    })
}

/// Fields that a list can be put in order by.
pub fn sorts(register: &Register) -> impl Iterator<Item = &Column> {
    register
        .field
        .iter()
        .filter(|column| register.sorts_by(&column.name) && column.effective_class() < Class::Sensitive)
}

/// What the parameters of the address ask for.
///
/// # Errors
/// `Invalid` with the parameter.
pub fn in_address(call: &Call<'_>, register: &Register) -> Result<ListQuery, Fault> {
    let mut asked = ListQuery { columns: register.list.columns.clone(), limit: ROWS.0, ..ListQuery::default() };
    let mut seen: Vec<&str> = Vec::new();
    for (name, text) in call.parameters() {
        if seen.contains(&name.as_str()) {
            return Err(Fault::invalid(&echo(name), words::wording("api_parameter_twice", &[])));
        }
        seen.push(name);
        let json = match name.as_str() {
            "limit" => text.parse::<u32>().map_or_else(|_| text.as_str().into(), Json::from),
            "withdrawn" => truth(text),
            "fields" => text.split(',').collect(),
            _ => way(register, name).map_or_else(|| text.as_str().into(), |(_, (_, column))| typed(column, text)),
        };
        take(&mut asked, register, call.visit.site, name, &json, true)?;
    }
    Ok(asked)
}

/// What the body of a search asks for: the same names, with values as in records.
///
/// # Errors
/// `Invalid` with the member.
pub fn in_body(call: &Call<'_>, register: &Register) -> Result<ListQuery, Fault> {
    call.only_parameters(&[])?;
    let mut asked = ListQuery { columns: register.list.columns.clone(), limit: ROWS.0, ..ListQuery::default() };
    let known: Vec<String> = ways(register, false).map(|(name, ..)| name).chain(OWN_NAMES.map(str::to_owned)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for (name, json) in &call.object(&known)? {
        take(&mut asked, register, call.visit.site, name, json, false)?;
    }
    Ok(asked)
}

fn truth(text: &str) -> Json {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        other => other.into(),
    }
}

/// The text of a parameter as the JSON value that a body would have.
fn typed(column: &Column, text: &str) -> Json {
    match column.kind {
        Kind::Int | Kind::Fen => text.parse::<i64>().map_or_else(|_| text.into(), Json::from),
        Kind::Bool => truth(text),
        _ => text.into(),
    }
}

/// How a name filters, and what.
fn way<'r>(register: &'r Register, name: &str) -> Option<(How, (&'r str, &'r Column))> {
    ways(register, false).find(|(known, ..)| known == name).map(|(_, how, field)| (how, field))
}

/// Every name that asks something of a list of the register in an address or a body.
fn known(register: &Register, in_address: bool) -> String {
    let fields = ways(register, in_address).map(|(name, ..)| name);
    let own = OWN_NAMES.into_iter().filter(|name| register.has_lifecycle() || !["state", "due_before"].contains(name));
    fields.chain(own.map(str::to_owned)).collect::<Vec<_>>().join(", ")
}

fn take(
    asked: &mut ListQuery,
    register: &Register,
    site: &Site,
    name: &str,
    json: &Json,
    in_address: bool,
) -> Result<(), Fault> {
    let wrong = |key: &str| {
        let misfit = words::wording(key, &[]);
        Fault::invalid(name, words::wording!("api_about_field", field = name, misfit))
    };
    let text = |key: &str| json.as_str().ok_or_else(|| wrong(key));
    match name {
        "state" => {
            let state = text("api_state_unknown")?;
            register.state_named(state).ok_or_else(|| wrong("api_state_unknown"))?;
            asked.filter.state = Some(state.to_owned());
        }
        "region" => {
            let code = fold(text("value_region")?).parse::<RegionCode>().map_err(|_| wrong("value_region"))?;
            asked.filter.region = Some(code);
        }
        "due_before" => {
            asked.filter.due_before = Some(text("value_day")?.parse().map_err(|_| wrong("value_day"))?);
        }
        "withdrawn" => asked.filter.withdrawn = json.as_bool().ok_or_else(|| wrong("value_type_truth"))?,
        "sort" => asked.order = Some(order(register, text("api_sort_form")?)?),
        "limit" => {
            let limit =
                json.as_u64().and_then(|limit| u32::try_from(limit).ok()).filter(|limit| (1..=ROWS.1).contains(limit));
            let limit = limit.ok_or_else(|| Fault::invalid(name, words::wording("api_limit", &[("most", &ROWS.1)])))?;
            asked.limit = limit;
        }
        "after" => asked.after = Some(text("api_cursor")?.to_owned()),
        "fields" => asked.columns = columns(register, json)?,
        _ => {
            let condition = condition(register, site, name, json, in_address)?;
            asked.filter.conditions.push(condition);
        }
    }
    Ok(())
}

/// `field`, or `-field` for falling order; only what the register declares.
fn order(register: &Register, text: &str) -> Result<RecordOrder, Fault> {
    let field = text.strip_prefix('-').unwrap_or(text);
    if !sorts(register).any(|column| column.name == field) {
        let names: Vec<&str> = sorts(register).map(|column| column.name.as_str()).collect();
        return Err(Fault::invalid("sort", words::wording("api_sort_unknown", &[("known", &names.join(", "))])));
    }
    Ok(RecordOrder { field: field.to_owned(), descending: text.starts_with('-') })
}

/// Names of declared fields, each once; `*` for all of them.
fn columns(register: &Register, json: &Json) -> Result<Vec<String>, Fault> {
    let names: Option<Vec<&str>> = json.as_array().and_then(|list| list.iter().map(Json::as_str).collect());
    let wrong = |names: Vec<String>| {
        Fault::new(Problem::Invalid).saying(words::wording("api_columns", &[])).naming(first(names))
    };
    let names = names.ok_or_else(|| wrong(vec!["fields".to_owned()]))?;
    if names == ["*"] {
        return Ok(register.field.iter().map(|column| column.name.clone()).collect());
    }
    let is_wrong = |at: usize| register.field_named(names[at]).is_none() || names[..at].contains(&names[at]);
    let unknown: Vec<String> = (0..names.len()).filter(|at| is_wrong(*at)).map(|at| echo(names[at])).collect();
    if !unknown.is_empty() || names.is_empty() {
        return Err(wrong(if unknown.is_empty() { vec!["fields".to_owned()] } else { unknown }));
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

fn condition(register: &Register, site: &Site, name: &str, json: &Json, in_address: bool) -> Result<Condition, Fault> {
    let (how, (path, column)) = way(register, name).ok_or_else(|| {
        let known = known(register, in_address);
        Fault::invalid(&echo(name), words::wording!("api_filter_unknown", known))
    })?;
    if in_address && column.effective_class() >= Class::Personal {
        let hint = words::wording("api_filter_personal_hint", &[]);
        return Err(Fault::invalid(name, words::wording("api_filter_personal", &[])).with_hint(hint));
    }
    let loose = Column { min: None, max: None, may_be_future: true, many: false, ..column.clone() };
    let value = match how {
        How::Ends => {
            let end = json.as_str().map(fold).filter(|text| fits_end(text));
            let end = end.ok_or_else(|| Fault::invalid(name, words::wording("value_identity_end", &[])))?;
            Some(Value::Text(end.into_owned()))
        }
        How::Begins => json.as_str().filter(|text| fits_begin(text)).map(|text| Value::Text(text.to_owned())),
        _ => Some(
            value::read(&loose, json, &site.package, (site.today)()).map_err(|misfit| Fault::invalid(name, misfit))?,
        ),
    };
    let value = value
        .filter(|value| !value.is_null())
        .ok_or_else(|| Fault::invalid(name, words::wording("api_filter_value", &[])))?;
    let test = match (how, value) {
        (How::Is, value) => Predicate::Is(value),
        (How::From, value) => Predicate::AtLeast(value),
        (How::To, value) => Predicate::AtMost(value),
        (How::Begins, value) => Predicate::Begins(value.to_string()),
        (How::Ends, value) => Predicate::Ends(value.to_string()),
    };
    Ok(Condition { field: path.to_owned(), test })
}

/// Four characters as an identity number ends in them.
fn fits_end(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn fits_begin(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= value::KEY_MAX && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::declare::{Child, List};

    #[test]
    fn fields_of_children_filter_by_whole_values_as_on_the_pages() {
        let column = |name: &str, kind: Kind| Column { name: name.to_owned(), kind, ..Column::default() };
        let field = vec![column("rule", Kind::Code), column("paid_fen", Kind::Fen), column("note", Kind::Text)];
        let filter =
            ["risk", "reason.rule", "reason.paid_fen", "reason.note", "reason.none"].map(str::to_owned).to_vec();
        let register = Register {
            field: vec![column("risk", Kind::Code)],
            child: vec![Child { name: "reason".to_owned(), field, ..Child::default() }],
            list: List { filter, ..List::default() },
            ..Register::default()
        };
        let names: Vec<String> = ways(&register, false).map(|(name, ..)| name).collect();
        assert_eq!(names, ["risk", "reason.rule", "reason.note"]);
        let told = known(&register, true);
        assert!(told.starts_with("risk, reason.rule, reason.note, region, withdrawn, "), "{told}");
    }
}
