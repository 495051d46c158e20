//! Rows of a register's file become records of the store.

use crate::installation::Installation;
use crate::trouble::Outcome;
use matching::PersonCipher;
use model::{HouseholdNo, IdentityNumber, Kind, RegionCode, Row, Value};
use policy::declare::{Grain, Register};
use store::{Command, Record, UnmatchedRow};

use super::people::{HOUSEHOLD, People};

/// Takes the rows of one file into a register.
pub struct RegisterIntake<'a> {
    installation: &'a Installation,
    name: &'a str,
    register: &'a Register,
    cipher: PersonCipher,
    people: &'a People,
    /// Rows of places outside are not taken.
    scope: RegionCode,
    file: String,
    identity_at: Option<usize>,
    household_at: Option<usize>,
    region_at: Option<usize>,
    sex_at: Option<usize>,
    born_at: Option<usize>,
}

/// What became of some rows.
#[derive(Default)]
pub struct Taken {
    pub taken: u64,
    pub changed: u64,
    pub unmatched: Vec<UnmatchedRow>,
}

impl<'a> RegisterIntake<'a> {
    /// `file`: the first 12 digits of the file's hash.
    pub fn new(
        installation: &'a Installation,
        name: &'a str,
        register: &'a Register,
        people: &'a People,
        scope: RegionCode,
        file: String,
    ) -> RegisterIntake<'a> {
        let named = |name: &str| register.field.iter().position(|field| field.name == name);
        let identity_at = register.field.iter().position(|field| field.kind == Kind::Identity);
        let is_person = register.of == Some(Grain::Resident);
        RegisterIntake {
            installation,
            name,
            register,
            cipher: installation.cipher(),
            people,
            scope,
            file,
            identity_at: identity_at.filter(|_| is_person),
            household_at: named("household_no"),
            region_at: register.region.as_deref().and_then(named),
            sex_at: named("sex_code").filter(|_| is_person),
            born_at: named("born_on").filter(|_| is_person),
        }
    }

    /// Saves the rows in one transaction; those that are the same already change nothing.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn take(&self, actor: &model::Actor, rows: Vec<Row>) -> Outcome<Taken> {
        let mut taken = Taken::default();
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            match self.record(row) {
                Ok(record) => records.push(record),
                Err(unmatched) => taken.unmatched.push(unmatched),
            }
        }
        self.people.check()?;
        taken.taken = records.len() as u64;
        if !records.is_empty() {
            let command = Command::ImportRecords { register: self.name.to_owned(), file: self.file.clone(), records };
            let receipt = self.installation.apply_as(actor, command)?;
            taken.changed = receipt.added + receipt.changed;
        }
        Ok(taken)
    }

    fn record(&self, row: Row) -> Result<Record, UnmatchedRow> {
        let Row { number, mut cells } = row;
        let refuse = |reason: &str, what: &str| UnmatchedRow {
            row: number,
            reason: reason.to_owned(),
            what: what.to_owned(),
            seen: String::new(),
        };
        self.check_place(&cells).map_err(|(reason, what)| refuse(reason, what))?;
        let mut resident_key = None;
        if let Some(at) = self.identity_at {
            let number = cells.get(at).and_then(Value::as_text).and_then(|text| IdentityNumber::parse(text).ok());
            let number = number.ok_or_else(|| refuse("bad_identity", "证件号码有误,无法建立人员代号"))?;
            resident_key = Some(self.cipher.key_of(number));
            self.fill_from_identity(&mut cells, number);
        }
        Ok(Record { resident_key, row: number, fields: cells, children: None })
    }

    /// Sex and day of birth follow from the number, so nobody has to type them and they cannot disagree.
    fn fill_from_identity(&self, cells: &mut [Value], number: IdentityNumber) {
        if let Some(cell) = self.born_at.and_then(|at| cells.get_mut(at)) {
            *cell = Value::Day(number.born_on());
        }
        if let Some(cell) = self.sex_at.and_then(|at| cells.get_mut(at)) {
            let code = if number.sex() == model::Sex::Male { "1" } else { "2" };
            *cell = Value::Text(code.to_owned());
        }
    }

    /// The record's place must lie in scope; a record of another register must belong to a known household.
    fn check_place(&self, cells: &[Value]) -> Result<(), (&'static str, &'static str)> {
        let text = |at: Option<usize>| at.and_then(|at| cells.get(at)).and_then(Value::as_text);
        let stated: Option<RegionCode> = text(self.region_at).and_then(|text| text.parse().ok());
        let household = text(self.household_at).and_then(HouseholdNo::parse);
        if self.household_at.is_some() && self.register.of.is_some() && household.is_none() {
            return Err(("unknown_household", "户编号有误:应为1至18位数字,首位不为0"));
        }
        let of_household = household.and_then(|number| self.people.place_of(number));
        if self.name != HOUSEHOLD && self.register.of.is_some() && of_household.is_none() {
            return Err(("unknown_household", "农户台账中没有该户编号,请先导入农户台账"));
        }
        match stated.or(of_household) {
            Some(place) if !self.scope.holds(place) => Err(("outside", "不在本次报送的辖区内")),
            _ => Ok(()),
        }
    }
}
