//! What is known before a form asks: values that registers and extracts hold of the same household, resident or referred
//! record, each with where it comes from. A field whose value is known is not an empty input.

use crate::http::site::{KnownAsked, Site};
use crate::http::trouble::PageError;
use crate::parts::catalog::Catalog;
use crate::parts::field::text_of;
use model::{Day, HouseholdNo, Kind, RegionCode, ResidentKey, Value};
use policy::declare::{Column, Grain, Permission, Register};
use std::collections::BTreeMap;
use store::{Condition, FieldShown, HistoryRow, Predicate, RecordFilter, RecordQuery, Refusal, View};

/// Name of the field by which records belong to a household.
pub const HOUSEHOLD_NO: &str = "household_no";
/// The registers of households and of residents: the engine's own nouns.
const HOUSEHOLD: &str = "household";
const RESIDENT: &str = "resident";

/// Who or what a new record is about: what the first step of its form asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    pub household: Option<HouseholdNo>,
    /// An identity number.
    pub identity: Option<String>,
    /// Key of the referred record, by the register that it is in.
    pub references: Vec<(String, String)>,
}

/// A known value of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownValue {
    /// Nothing where the reader may see it masked only: then it stays with its source.
    pub value: Value,
    /// As it is shown, masked where the reader may see no more.
    pub text: String,
    /// Register or extract, by label.
    pub source: String,
    pub day: Option<Day>,
}

/// Names of the fields that say who or what the record is about, in declared order.
pub fn subject_fields(register: &Register) -> Vec<&Column> {
    let known = || register.field.iter().flat_map(|column| &column.known_from);
    let is_known_from = |dataset: &str| known().any(|path| path.split('.').next() == Some(dataset));
    let asks = |column: &&Column| match column.kind {
        Kind::Text => column.name == HOUSEHOLD_NO && register.of != Some(Grain::Resident),
        Kind::Identity => identity_field(register).is_some_and(|identity| identity.name == column.name),
        Kind::Reference => column.to.as_deref().is_some_and(is_known_from),
        _ => false,
    };
    register.field.iter().filter(asks).collect()
}

/// The field with the identity number of the resident that a record is about.
pub fn identity_field(register: &Register) -> Option<&Column> {
    let of_resident = register.of == Some(Grain::Resident);
    register.field.iter().find(|column| of_resident && column.kind == Kind::Identity)
}

/// Those of them that a form begins with: what a record may refer to later on is not asked of who reports it.
pub fn subject_asked(register: &Register) -> Vec<&Column> {
    let asks = |column: &&Column| column.kind != Kind::Reference || column.required;
    subject_fields(register).into_iter().filter(asks).collect()
}

/// True when the form begins with the question who or what it is about: something may be known then, or it must be said anyway.
pub fn begins_with_subject(register: &Register) -> bool {
    let knows = register.field.iter().any(|column| !column.known_from.is_empty());
    let subject = subject_asked(register);
    !subject.is_empty() && (knows || subject.iter().any(|column| column.required))
}

/// The subject that given fields name.
pub fn subject_of(register: &Register, given: &dyn Fn(&str) -> Value) -> Subject {
    let mut subject = Subject::default();
    for column in subject_fields(register) {
        let Value::Text(text) = given(&column.name) else { continue };
        match (column.kind, &column.to) {
            (Kind::Identity, _) => subject.identity = Some(text),
            (Kind::Reference, Some(to)) => subject.references.push((to.clone(), text)),
            _ => subject.household = HouseholdNo::parse(&text),
        }
    }
    subject
}

/// A record that is about the subject.
struct PrefilledValue {
    fields: Vec<FieldShown>,
    place: Option<RegionCode>,
    /// Day of the last change.
    day: Option<Day>,
}

/// Finds what is known of a subject.
pub struct Prefill<'a> {
    pub site: &'a Site,
    pub view: &'a View<'a>,
    pub catalog: Catalog<'a>,
    pub today: Day,
}

impl Prefill<'_> {
    /// Known values by field; the first place that knows one gives it.
    ///
    /// # Errors
    /// What the store says; what it refuses to show is not known.
    pub fn of(&self, register: &Register, subject: &Subject) -> Result<BTreeMap<String, KnownValue>, PageError> {
        let mut records: BTreeMap<String, Option<PrefilledValue>> = BTreeMap::new();
        let mut subject = subject.clone();
        if let (None, Some(_)) = (subject.household, &subject.identity) {
            let member = self.record_of(RESIDENT, &subject)?;
            subject.household = member.as_ref().and_then(household_of);
            records.insert(RESIDENT.to_owned(), member);
        }
        let extracts = self.extracts(register, &subject)?;
        let mut known = BTreeMap::new();
        for column in register.field.iter().filter(|column| column.is_entered()) {
            for path in self.paths(register, column) {
                let Some((dataset, field)) = path.split_once('.') else { continue };
                let value = match self.catalog.register(dataset) {
                    None => extracts.get(&path).cloned(),
                    Some(_) => {
                        if !records.contains_key(dataset) {
                            records.insert(dataset.to_owned(), self.record_of(dataset, &subject)?);
                        }
                        let record = records.get(dataset).and_then(Option::as_ref);
                        record.and_then(|file| self.field_of(file, dataset, field, column))
                    }
                };
                if let Some(value) = value {
                    known.insert(column.name.clone(), value);
                    break;
                }
            }
        }
        Ok(known)
    }

    fn refused(&self, refusal: Refusal) -> PageError {
        PageError::refused(refusal, self.catalog.language, "/registers")
    }

    /// Where a field may be known from; the place of a record is known from its household where nothing else is said.
    fn paths(&self, register: &Register, column: &Column) -> Vec<String> {
        let is_place = register.region.as_ref() == Some(&column.name) && column.known_from.is_empty();
        let place = self.catalog.register(HOUSEHOLD).and_then(|household| household.region.as_ref());
        match place.filter(|_| is_place && register.of.is_some()) {
            Some(place) => vec![format!("{HOUSEHOLD}.{place}")],
            None => column.known_from.clone(),
        }
    }

    /// The record of a register that is about the subject.
    fn record_of(&self, name: &str, subject: &Subject) -> Result<Option<PrefilledValue>, PageError> {
        let Some(register) = self.catalog.register(name).filter(|register| self.view.sees(register)) else {
            return self.of_household_file(name, subject);
        };
        let referred = subject.references.iter().find(|(to, _)| to == name).map(|(_, key)| key.clone());
        let household = subject.household.map(|number| number.to_string());
        let by_key = referred.or_else(|| household.clone().filter(|_| register.key == [HOUSEHOLD_NO]));
        if let Some(key) = by_key {
            let id = self.view.record_by_key(name, &key).map_err(|refusal| self.refused(refusal))?;
            return id.map_or(Ok(None), |id| self.found(name, &id));
        }
        let may_find =
            |column: &Column| register.list.filter.contains(&column.name) || register.key.contains(&column.name);
        let is_identity = |column: &&Column| column.kind == Kind::Identity && may_find(column);
        let by_identity = subject.identity.clone().zip(register.field.iter().find(is_identity));
        let by_household = household.zip(register.field_named(HOUSEHOLD_NO));
        let found = match (by_identity, by_household) {
            (Some(found), _) => Some(found),
            (None, found) => found.filter(|_| register.of != Some(Grain::Resident)),
        };
        let Some((text, column)) = found else { return Ok(None) };
        let condition = Condition { field: column.name.clone(), test: Predicate::Is(Value::Text(text)) };
        let filter = RecordFilter { conditions: vec![condition], ..RecordFilter::default() };
        let rows = self
            .view
            .records(name, RecordQuery { filter: &filter, order: None, columns: &[] }, None, 1)
            .map_err(|refusal| self.refused(refusal))?
            .rows;
        rows.first().map_or(Ok(None), |row| self.found(name, &row.id))
    }

    fn found(&self, name: &str, id: &str) -> Result<Option<PrefilledValue>, PageError> {
        let file = self.view.record(name, id, self.today).map_err(|refusal| self.refused(refusal))?;
        Ok(file.map(|file| PrefilledValue {
            day: last_day(&file.history).or(file.entered_on),
            place: file.place,
            fields: file.fields,
        }))
    }

    /// The household or the member from the household's file, for roles that see files but not these registers as lists.
    fn of_household_file(&self, name: &str, subject: &Subject) -> Result<Option<PrefilledValue>, PageError> {
        let number = subject.household.filter(|_| self.view.may(Permission::SeeHouseholds));
        let Some(file) = number.map_or(Ok(None), |number| self.view.household(number))? else { return Ok(None) };
        let (place, day) = (Some(file.region), last_day(&file.history));
        let fields = match name {
            HOUSEHOLD => Some(file.fields),
            RESIDENT => {
                let key = self.resident(subject);
                let member = file.members.into_iter().find(|member| Some(member.resident_key) == key);
                member.map(|member| member.fields)
            }
            _ => None,
        };
        Ok(fields.map(|fields| PrefilledValue { fields, place, day }))
    }

    /// A field of another register's record, as the field asked for.
    fn field_of(&self, file: &PrefilledValue, dataset: &str, field: &str, asked: &Column) -> Option<KnownValue> {
        let stored = file.fields.iter().find(|stored| stored.name == field && !stored.value.is_null())?;
        let masked = stored.masked;
        let text = if masked { stored.value.to_string() } else { text_of(asked, &stored.value, &self.catalog) };
        Some(KnownValue {
            value: if masked { Value::Null } else { stored.value.clone() },
            text,
            source: self.catalog.dataset(dataset),
            day: file.day,
        })
    }

    /// What extracts know, by `source.column`.
    fn extracts(&self, register: &Register, subject: &Subject) -> Result<BTreeMap<String, KnownValue>, PageError> {
        let named = register.field.iter().flat_map(|column| column.known_from.iter().map(move |path| (column, path)));
        let asked: Vec<(&Column, String, String)> = named
            .filter_map(|(column, path)| Some((column, path.split_once('.')?)))
            .filter(|(_, (dataset, _))| self.catalog.package.sources.contains_key(*dataset))
            .map(|(column, (dataset, field))| (column, dataset.to_owned(), field.to_owned()))
            .collect();
        let Some(household) = subject.household.filter(|_| !asked.is_empty()) else { return Ok(BTreeMap::new()) };
        let Some(region) = self.place_of(household)? else { return Ok(BTreeMap::new()) };
        let question = KnownAsked {
            household,
            region,
            resident: self.resident(subject),
            columns: asked.iter().map(|(_, dataset, field)| (dataset.clone(), field.clone())).collect(),
        };
        let found = self.site.gateway.known(&question).unwrap_or_else(|cause| {
            tracing::warn!(%cause, "a form cannot be filled from extracts");
            Vec::new()
        });
        let shown = |known: crate::http::site::Known| {
            let (column, ..) =
                asked.iter().find(|(_, dataset, field)| *dataset == known.source && *field == known.column)?;
            let value = KnownValue {
                text: text_of(column, &known.value, &self.catalog),
                source: self.catalog.dataset(&known.source),
                day: known.day,
                value: known.value,
            };
            Some((format!("{}.{}", known.source, known.column), value))
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }

    fn resident(&self, subject: &Subject) -> Option<ResidentKey> {
        self.site.gateway.resident_key(subject.identity.as_deref()?)
    }

    /// The place of a household, if it lies in the reader's: extracts are read for those only.
    fn place_of(&self, household: HouseholdNo) -> Result<Option<RegionCode>, PageError> {
        let subject = Subject { household: Some(household), ..Subject::default() };
        Ok(self.record_of(HOUSEHOLD, &subject)?.and_then(|file| file.place))
    }
}

fn last_day(history: &[HistoryRow]) -> Option<Day> {
    history.iter().map(|event| event.day).max()
}

fn household_of(file: &PrefilledValue) -> Option<HouseholdNo> {
    let field = file.fields.iter().find(|field| field.name == HOUSEHOLD_NO)?;
    field.value.as_text().and_then(HouseholdNo::parse)
}
