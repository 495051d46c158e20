//! Fields that are filled in once for many records.

use crate::http::fields::Fields;
use crate::parts::catalog::Catalog;
use crate::parts::field::FieldReader;
use crate::parts::list::Choice;
use crate::parts::show;
use model::{Class, Kind, Value};
use policy::declare::{Column, Register};

/// A field that is asked once for all records that lack it.
pub struct OnceAsked {
    pub name: String,
    pub label: String,
    pub required: bool,
    /// Type of the input; empty for a longer text.
    pub kind: &'static str,
    pub is_number: bool,
    pub choices: Vec<Choice>,
    /// Several of the choices at once.
    pub many: bool,
    pub text: String,
    pub fault: Option<String>,
}

/// Fields by name with their values.
pub type Given = Vec<(String, Value)>;
/// Inputs that do not fit, with the sentence that says so.
pub type Faults = Vec<(String, String)>;

/// Reads what was given once; what does not fit is noted at its field, and its input and sentence are returned.
pub fn given(register: &Register, asked: &mut [OnceAsked], sent: &Fields, reader: &FieldReader<'_>) -> (Given, Faults) {
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    for field in asked.iter_mut() {
        let Some(column) = register.field_named(&field.name) else { continue };
        let input = format!("field_{}", field.name);
        let is_ticked = |choice: &&Choice| !sent.text(&format!("{input}-{}", choice.value)).is_empty();
        field.text = match field.many {
            true => {
                field.choices.iter().filter(is_ticked).map(|choice| choice.value.as_str()).collect::<Vec<_>>().join(",")
            }
            false => sent.text(&input).to_owned(),
        };
        for choice in &mut field.choices {
            choice.chosen = field.text.split(',').any(|one| one == choice.value);
        }
        let missing = || reader.catalog.language.say("misfit_missing").to_owned();
        field.fault = match reader.read(column, std::slice::from_ref(&field.text)) {
            Ok(Value::Null) => field.required.then(missing),
            Ok(value) => {
                given.push((field.name.clone(), value));
                None
            }
            Err(fault) => Some(fault),
        };
        let text = field.fault.as_ref().map(|text| show::labelled(&field.label, text, reader.catalog.language));
        faults.extend(text.map(|text| (input, text)));
    }
    (given, faults)
}

/// True for fields that can be the same for many records; what names or belongs to one of them is filled in at the record.
pub fn is_asked_once(column: &Column) -> bool {
    let is_shared = matches!(
        column.kind,
        Kind::Text | Kind::Code | Kind::Bool | Kind::Day | Kind::Month | Kind::Int | Kind::Decimal | Kind::Fen
    );
    is_shared && column.effective_class() < Class::Personal && column.is_entered()
}

/// The field as the page asks for it.
pub fn once_asked(column: &Column, required: bool, catalog: &Catalog<'_>) -> OnceAsked {
    let language = catalog.language;
    let pairs = match column.kind {
        Kind::Code => column.codes.as_deref().map(|list| catalog.codes(list)).unwrap_or_default(),
        Kind::Bool => vec![
            ("yes".to_owned(), language.say("value_yes").to_owned()),
            ("no".to_owned(), language.say("value_no").to_owned()),
        ],
        _ => Vec::new(),
    };
    let kind = match column.kind {
        Kind::Day => "date",
        Kind::Month => "month",
        Kind::Int | Kind::Decimal | Kind::Fen => "text",
        _ => "",
    };
    let label = match (column.kind, column.unit.as_str()) {
        (Kind::Fen, _) => language
            .fill("search_unit", &[("label", &catalog.column_label(column)), ("unit", &language.say("unit_yuan"))]),
        (Kind::Int | Kind::Decimal, unit) if !unit.is_empty() => {
            language.fill("search_unit", &[("label", &catalog.column_label(column)), ("unit", &unit)])
        }
        _ => catalog.column_label(column),
    };
    OnceAsked {
        name: column.name.clone(),
        label: if required { label } else { language.fill("field_optional", &[("label", &label)]) },
        required,
        kind,
        is_number: kind == "text",
        choices: Choice::list(pairs, ""),
        many: column.many,
        text: String::new(),
        fault: None,
    }
}
