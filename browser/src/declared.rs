//! A register of the package for a story, found by what it declares and never by its name.

use std::path::Path;
use toml::{Table, Value};

/// Kinds of fields that somebody fills in without knowing another record.
const BY_HAND: [&str; 5] = ["text", "region", "code", "day", "int"];

/// A register whose records are entered by hand, confirmed by somebody else, and then taken further by a step that asks
/// for one more field, for which somebody gets a notice.
#[derive(Debug)]
pub struct Declared {
    pub name: String,
    /// The field that tells one record from another.
    pub key: String,
    /// What a new record needs, with kinds; one of them is `number`.
    pub required: Vec<(String, String)>,
    pub number: String,
    /// Who enters a record, who confirms it, and who gets the notice and takes it further.
    pub enters: String,
    pub confirms: String,
    pub goes_on: String,
    /// The states that are passed, by labels, and the first one by its name as well.
    pub first: String,
    pub states: [String; 3],
    /// The step that confirms, with the label by which people know it.
    pub confirming: (String, String),
    /// The step after it, and the code field that it needs.
    pub going_on: (String, String),
}

impl Declared {
    /// The first such register of a package.
    ///
    /// # Panics
    /// When the package has none, or cannot be read.
    pub fn find(package: &Path) -> Declared {
        let mut files: Vec<_> = std::fs::read_dir(package.join("registers")).expect("registers").flatten().collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        let found = files.iter().find_map(|file| {
            let name = file.file_name().into_string().ok()?.strip_suffix(".toml")?.to_owned();
            let register: Table = std::fs::read_to_string(file.path()).ok()?.parse().ok()?;
            of(&name, &register)
        });
        found.expect("a register whose records somebody else confirms and a step takes further")
    }
}

fn of(name: &str, register: &Table) -> Option<Declared> {
    let fields = tables(register, "field");
    let kind = |field: &str| fields.iter().find(|one| text(one, "name") == field).map(|one| text(one, "kind"));
    let required = fields.iter().filter(|field| field.get("required").and_then(Value::as_bool) == Some(true));
    let required: Vec<_> = required.map(|field| (text(field, "name"), text(field, "kind"))).collect();
    let is_by_hand = required.iter().all(|(_, kind)| BY_HAND.contains(&kind.as_str()));
    let (steps, states) = (tables(register, "step"), tables(register, "state"));
    let first = states.iter().find(|state| state.get("initial").and_then(Value::as_bool) == Some(true))?;
    let label = |state: &str| states.iter().find(|one| text(one, "name") == state).map(|one| text(one, "label"));
    let leaves = |step: &Table, state: &str| list(step, "from").iter().any(|from| from == state);
    let one_code = |step: &Table| match list(step, "required").as_slice() {
        [field] => kind(field).is_some_and(|kind| kind == "code").then(|| field.clone()),
        _ => None,
    };
    let by_others = |step: &Table| step.get("not_by_who_entered").and_then(Value::as_bool) == Some(true);
    for confirming in steps.iter().filter(|step| leaves(step, &text(first, "name")) && by_others(step)) {
        let state = text(confirming, "to");
        let Some((next, field)) =
            steps.iter().filter(|step| leaves(step, &state)).find_map(|step| Some((step, one_code(step)?)))
        else {
            continue;
        };
        let key = list(register, "key").first()?.clone();
        let may = |right: &str, role: &String| list(register, right).contains(role);
        // Who goes on is the one that exports the register and brings a file in, too.
        let told = list(confirming, "notifies");
        let goes_on = told
            .into_iter()
            .find(|role| list(next, "roles").contains(role) && may("may_export", role) && may("may_import", role))?;
        let confirms = list(confirming, "roles").into_iter().find(|role| *role != goes_on)?;
        let enters = list(register, "may_enter").into_iter().find(|role| *role != confirms && *role != goes_on)?;
        let (number, _) = required.iter().find(|(_, kind)| kind == "int")?.clone();
        return is_by_hand.then_some(Declared {
            name: name.to_owned(),
            key,
            required,
            number,
            enters,
            confirms,
            goes_on,
            first: text(first, "name"),
            states: [text(first, "label"), label(&state)?, label(&text(next, "to"))?],
            confirming: (text(confirming, "name"), text(confirming, "label")),
            going_on: (text(next, "name"), field),
        });
    }
    None
}

fn tables(table: &Table, name: &str) -> Vec<Table> {
    let found = table.get(name).and_then(Value::as_array).into_iter().flatten();
    found.filter_map(Value::as_table).cloned().collect()
}

fn text(table: &Table, name: &str) -> String {
    table.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(table: &Table, name: &str) -> Vec<String> {
    let found = table.get(name).and_then(Value::as_array).into_iter().flatten();
    found.filter_map(Value::as_str).map(str::to_owned).collect()
}
