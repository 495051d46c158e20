//! What proves a reason: from its facts down to rows, and from rows back to what they add.

use super::proven::{Proven, contribution};
use super::rows::{register_rows, source_rows};
use crate::error::Result;
use crate::plan::{Climb, HOUSEHOLD, NOBODY, Program, Proof, Proofs, RESIDENT, SourceFact, Step};
use crate::run::{Chunk, CountyRegisters};
use arrow::array::ArrayRef;
use lake::values::{self, ColumnType};
use model::{Evidence, Value};
use policy::declare::Grain;
use policy::expression::AggregateFunction;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// Facts whose rows are wanted, each with the residents or households (positions in the chunk) they are wanted for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    sources: BTreeMap<String, BTreeSet<usize>>,
    residents: BTreeSet<usize>,
    households: BTreeSet<usize>,
}

/// The rows behind a reason, each once for each fact that it feeds.
#[derive(Default)]
struct Gathered<'p> {
    rows: Vec<Evidence>,
    seen: HashSet<(&'p str, usize)>,
}

/// A row of the residents' or the households' table of a chunk.
#[derive(Clone, Copy)]
pub(crate) struct TableRow {
    pub over: Grain,
    pub row: usize,
}

/// What a row adds to a fact.
struct Contribution<'fact> {
    fact: &'fact str,
    adds: Value,
}

/// What a climbing fact sees of each resident of the chunk.
struct Tally {
    function: AggregateFunction,
    counts: Option<ArrayRef>,
    argument: Option<(ArrayRef, ColumnType)>,
    /// Places that the climb reads.
    shown: Vec<usize>,
}

/// Proves the facts of a chunk.
pub(crate) struct Prover<'a> {
    program: &'a Program,
    chunk: &'a Chunk,
    tallies: RefCell<HashMap<String, Rc<Tally>>>,
}

impl<'a> Prover<'a> {
    pub(crate) fn new(program: &'a Program, chunk: &'a Chunk) -> Prover<'a> {
        Prover { program, chunk, tallies: RefCell::default() }
    }

    /// Wants what proves a value of the row `row` of the table `over`.
    pub(crate) fn want(&self, wanted: &mut Wanted, proofs: &Proofs, over: Grain, row: usize) -> Result<()> {
        if over == Grain::Resident && !proofs.resident.is_empty() {
            wanted.residents.insert(row);
        }
        if !proofs.household.is_empty() {
            wanted.households.extend(self.rows_of(Grain::Household, over, row));
        }
        proofs.rows.iter().try_for_each(|proof| self.want_rows(wanted, proof, over, row))
    }

    fn want_rows(&self, wanted: &mut Wanted, proof: &Proof, over: Grain, row: usize) -> Result<()> {
        match proof {
            Proof::Source { fact, over: grain } => {
                let rows = self.rows_of(*grain, over, row);
                match wanted.sources.get_mut(fact) {
                    Some(known) => known.extend(rows),
                    None => {
                        wanted.sources.insert(fact.clone(), rows.into_iter().collect());
                    }
                }
            }
            Proof::Climb { fact, below } => {
                for household in self.rows_of(Grain::Household, over, row) {
                    for (resident, _) in self.counted(fact, household)? {
                        wanted.residents.insert(resident);
                        for proof in below {
                            self.want_rows(wanted, proof, Grain::Resident, resident)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads the wanted rows.
    pub(crate) fn prove(&self, registers: &CountyRegisters, wanted: &Wanted) -> Result<Proven> {
        let chunk = self.chunk;
        let mut proven = Proven {
            households: register_rows(Some(&*registers.household), &chunk.household_rows, &wanted.households)?,
            residents: register_rows(registers.resident.as_deref(), &chunk.resident_rows, &wanted.residents)?,
            ..Proven::default()
        };
        for (position, plan) in self.program.sources.iter().enumerate() {
            let facts: Vec<(&SourceFact, &BTreeSet<usize>)> =
                plan.facts.iter().filter_map(|fact| Some((fact, wanted.sources.get(&fact.fact)?))).collect();
            if let Some(rows) = &registers.sources[position]
                && !facts.is_empty()
            {
                source_rows(plan, &**rows, chunk, &chunk.source_rows[position], &facts, &mut proven)?;
            }
        }
        Ok(proven)
    }

    /// The rows that prove a value of the row `row` of the table `over`: the registers' own records first, which feed
    /// `stated`, then the rows of each aggregate.
    pub(crate) fn rows(&self, proven: &Proven, proofs: &Proofs, at: TableRow, stated: &str) -> Result<Vec<Evidence>> {
        let TableRow { over, row } = at;
        let mut gathered = Gathered::default();
        let mut record = |over: Grain, row: usize, fields: &BTreeSet<String>| -> Result<()> {
            let columns = &self.program.table(over).columns;
            let shown: Vec<usize> = fields.iter().filter_map(|field| columns.place(field)).collect();
            let stated = Contribution { fact: stated, adds: Value::Null };
            gathered.rows.push(self.register_row(proven, TableRow { over, row }, stated, &shown)?);
            Ok(())
        };
        if over == Grain::Resident && !proofs.resident.is_empty() {
            record(Grain::Resident, row, &proofs.resident)?;
        }
        if !proofs.household.is_empty() {
            for household in self.rows_of(Grain::Household, over, row) {
                record(Grain::Household, household, &proofs.household)?;
            }
        }
        for proof in &proofs.rows {
            self.gather(proven, proof, at, &mut gathered)?;
        }
        Ok(gathered.rows)
    }

    fn gather<'p>(
        &self,
        proven: &Proven,
        proof: &'p Proof,
        TableRow { over, row }: TableRow,
        gathered: &mut Gathered<'p>,
    ) -> Result<()> {
        match proof {
            Proof::Source { fact, over: grain } => {
                for slot in self.rows_of(*grain, over, row) {
                    if gathered.seen.insert((fact, slot)) {
                        let rows = proven.sources.get(fact).and_then(|rows| rows.get(&slot));
                        gathered.rows.extend(rows.into_iter().flatten().cloned());
                    }
                }
            }
            Proof::Climb { fact, below } => {
                let shown = self.tally(fact)?.map(|tally| tally.shown.clone()).unwrap_or_default();
                for household in self.rows_of(Grain::Household, over, row) {
                    for (resident, adds) in self.counted(fact, household)? {
                        let at = TableRow { over: Grain::Resident, row: resident };
                        let contribution = Contribution { fact, adds };
                        gathered.rows.push(self.register_row(proven, at, contribution, &shown)?);
                        for proof in below {
                            self.gather(proven, proof, at, gathered)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// A register's own row as evidence: its place in the file, what it adds to which fact, and the columns at `shown`.
    fn register_row(
        &self,
        proven: &Proven,
        TableRow { over, row }: TableRow,
        contribution: Contribution<'_>,
        shown: &[usize],
    ) -> Result<Evidence> {
        let (places, dataset) = match over {
            Grain::Resident => (&proven.residents, RESIDENT),
            _ => (&proven.households, HOUSEHOLD),
        };
        let (file, number) = places.get(&row).cloned().unwrap_or_default();
        let columns = &self.program.table(over).columns;
        let mut values = Vec::with_capacity(shown.len());
        let mut shown = shown.to_vec();
        shown.sort_unstable();
        for place in shown {
            let value = values::value_at(&self.chunk.column(over, place)?, columns.type_at(place), row);
            values.push((columns.name_at(place).to_owned(), value));
        }
        Ok(Evidence {
            fact: contribution.fact.to_owned(),
            dataset: dataset.to_owned(),
            file,
            row: number,
            resident_key: if over == Grain::Resident { self.chunk.key_at(row) } else { None },
            adds: contribution.adds,
            values,
        })
    }

    /// The rows of the table `grain` that stand behind a row of the table `over`.
    fn rows_of(&self, grain: Grain, over: Grain, row: usize) -> Vec<usize> {
        match (over, grain) {
            (Grain::Resident, Grain::Household) => match self.chunk.resident_households[row] {
                NOBODY => Vec::new(),
                household => vec![household as usize],
            },
            (Grain::Household, Grain::Resident) => self.chunk.residents_of(self.chunk.numbers[row]).collect(),
            _ => vec![row],
        }
    }

    /// The residents that a climbing fact counts in a household, and what each adds.
    fn counted(&self, fact: &str, household: usize) -> Result<Vec<(usize, Value)>> {
        let Some(tally) = self.tally(fact)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for resident in self.chunk.residents_of(self.chunk.numbers[household]) {
            let counts = tally.counts.as_ref().is_none_or(|counts| values::bool_at(counts, resident) == Some(true));
            if !counts {
                continue;
            }
            let argument = tally.argument.as_ref();
            let argument = argument.map(|(column, column_type)| values::value_at(column, *column_type, resident));
            if let Some(adds) = contribution(tally.function, argument) {
                found.push((resident, adds));
            }
        }
        Ok(found)
    }

    fn tally(&self, fact: &str) -> Result<Option<Rc<Tally>>> {
        if let Some(known) = self.tallies.borrow().get(fact) {
            return Ok(Some(Rc::clone(known)));
        }
        let Some(climb) = climb_of(self.program, fact) else { return Ok(None) };
        let counts = match &climb.filter {
            Some(filter) => Some(self.chunk.evaluate(Grain::Resident, fact, filter)?),
            None => None,
        };
        let argument = match &climb.argument {
            Some(argument) => Some((self.chunk.evaluate(Grain::Resident, fact, argument)?, argument.result)),
            None => None,
        };
        let tally = Rc::new(Tally { function: climb.function, counts, argument, shown: climb.shown.clone() });
        self.tallies.borrow_mut().insert(fact.to_owned(), Rc::clone(&tally));
        Ok(Some(tally))
    }
}

fn climb_of<'a>(program: &'a Program, fact: &str) -> Option<&'a Climb> {
    program.steps.iter().find_map(|step| match step {
        Step::Climb { fact: known, climb, .. } if known == fact => Some(climb),
        _ => None,
    })
}
