//! From calculated columns to leads: which rules hold for whom, why, and how urgent it is.

use super::parameters::ParameterSet;
use super::{Proven, Prover, ScreeningRequest, TableRow, Verified, Wanted};
use crate::error::Result;
use crate::plan::{NOBODY, Program, RulePlan, villages_of};
use crate::run::{Chunk, CountyRegisters, truths};
use arrow::array::{Array, ArrayRef};
use lake::values::{self, ColumnType};
use model::{Evidence, Flag, HouseholdNo, Lead, QualityFinding, Reason, RegionCode, ResidentKey, Value};
use policy::Package;
use policy::declare::{Grain, RuleKind};
use std::collections::{BTreeMap, HashMap};
use words::Language;

/// Verified reasons by household, rule and resident.
pub(crate) type VerifiedBands = HashMap<(HouseholdNo, String, Option<ResidentKey>), u32>;

/// The verified reasons of households within the span, for look-up; the highest band counts.
pub(crate) fn verified_bands(verified: &[Verified], span: Option<(i64, i64)>) -> VerifiedBands {
    let mut bands = VerifiedBands::new();
    let is_here =
        |reason: &&Verified| span.is_some_and(|(first, last)| (first..=last).contains(&reason.household_no.0));
    for reason in verified.iter().filter(is_here) {
        let band = bands.entry((reason.household_no, reason.rule.clone(), reason.resident_key)).or_default();
        *band = reason.band.max(*band);
    }
    bands
}

/// What all chunks of a county share.
pub(crate) struct Finder<'a> {
    pub package: &'a Package,
    pub request: &'a ScreeningRequest,
    pub program: &'a Program,
    pub parameters: &'a ParameterSet,
    pub verified: &'a VerifiedBands,
    pub registers: &'a CountyRegisters,
}

/// What was found in a chunk.
#[derive(Debug, Default)]
pub(crate) struct FoundInChunk {
    pub households: u64,
    /// For each rule of the program, for how many households or residents it held.
    pub counts: Vec<u64>,
    pub leads: Vec<Lead>,
    pub quality: Vec<QualityFinding>,
    /// The program's figures of places, by village.
    pub places: BTreeMap<RegionCode, Vec<Value>>,
}

/// A rule that holds for a row of its table.
struct Hit {
    rule: usize,
    row: usize,
    value: Value,
    line: Option<Value>,
    band: u32,
}

/// The columns that a rule's sentences show.
type Shown = Vec<(String, ColumnType, ArrayRef)>;

/// What the leads of a chunk are made from.
struct ChunkEvidence<'a> {
    chunk: &'a Chunk,
    regions: &'a ArrayRef,
    shown: &'a [Option<Shown>],
    prover: &'a Prover<'a>,
    proven: &'a Proven,
}

impl ChunkEvidence<'_> {
    fn shown(&self, hit: &Hit) -> &[(String, ColumnType, ArrayRef)] {
        self.shown[hit.rule].as_deref().unwrap_or_default()
    }
}

impl Finder<'_> {
    /// Evaluates the rules over a chunk.
    pub(crate) fn find(&self, chunk: &Chunk) -> Result<FoundInChunk> {
        let regions = chunk.column(Grain::Household, self.program.region)?;
        let in_scope = self.in_scope(&regions);
        let mut found = FoundInChunk {
            households: in_scope.iter().filter(|inside| **inside).count() as u64,
            places: self.places(chunk, &regions, &in_scope)?,
            ..FoundInChunk::default()
        };
        let mut hits: BTreeMap<usize, (Vec<Hit>, Vec<Hit>)> = BTreeMap::new();
        let mut shown: Vec<Option<Shown>> = Vec::with_capacity(self.program.rules.len());
        for (position, rule) in self.program.rules.iter().enumerate() {
            let rows = self.rows_that_hold(chunk, rule, &in_scope)?;
            found.counts.push(rows.len() as u64);
            let is_needed = !rows.is_empty() && (rule.kind != RuleKind::Quality || self.request.with_findings);
            shown.push(if is_needed { Some(self.shown(chunk, rule)?) } else { None });
            if rows.is_empty() {
                continue;
            }
            if rule.kind == RuleKind::Quality {
                if let Some(shown) = shown.last().and_then(Option::as_ref) {
                    rows.iter().for_each(|row| found.quality.push(self.finding(chunk, rule, &regions, shown, *row)));
                }
                continue;
            }
            for hit in self.hits(chunk, rule, position, rows)? {
                let (reasons, flags) = hits.entry(household_of(chunk, rule.over, hit.row)).or_default();
                if rule.kind == RuleKind::Flag { flags.push(hit) } else { reasons.push(hit) }
            }
        }
        hits.retain(|_, (reasons, _)| !reasons.is_empty());
        let prover = Prover::new(self.program, chunk);
        let proven = self.evidence(&prover, &hits)?;
        let evidence = ChunkEvidence { chunk, regions: &regions, shown: &shown, prover: &prover, proven: &proven };
        for (household, (reasons, flags)) in hits {
            found.leads.push(self.lead(&evidence, household, &reasons, &flags)?);
        }
        Ok(found)
    }

    fn places(&self, chunk: &Chunk, regions: &ArrayRef, in_scope: &[bool]) -> Result<BTreeMap<RegionCode, Vec<Value>>> {
        if self.program.places.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (villages, of_households) = villages_of(regions, in_scope);
        let mut values: Vec<Vec<Value>> = vec![Vec::with_capacity(self.program.places.len()); villages.len()];
        for plan in &self.program.places {
            let mut column = |place| chunk.column(Grain::Household, place);
            let of_villages = plan.values(chunk.numbers.len(), &of_households, villages.len(), &mut column)?;
            values.iter_mut().zip(of_villages).for_each(|(values, value)| values.push(value));
        }
        Ok(villages.into_iter().zip(values).collect())
    }

    fn in_scope(&self, regions: &ArrayRef) -> Vec<bool> {
        (0..regions.len())
            .map(|row| match self.request.region {
                None => true,
                Some(place) => region_at(regions, row).is_some_and(|village| place.holds(village)),
            })
            .collect()
    }

    fn rows_that_hold(&self, chunk: &Chunk, rule: &RulePlan, in_scope: &[bool]) -> Result<Vec<usize>> {
        let holds = chunk.evaluate(rule.over, &rule.rule, &rule.when)?;
        let holds = truths(&holds);
        let certain = match holds.nulls() {
            Some(known) => holds.values() & known.inner(),
            None => holds.values().clone(),
        };
        Ok(certain
            .set_indices()
            .filter(|row| match rule.over {
                Grain::Resident => {
                    let household = chunk.resident_households[*row];
                    household != NOBODY && in_scope[household as usize]
                }
                _ => in_scope[*row],
            })
            .collect())
    }

    fn shown(&self, chunk: &Chunk, rule: &RulePlan) -> Result<Shown> {
        let columns = &self.program.table(rule.over).columns;
        rule.shown
            .iter()
            .map(|(name, place)| Ok((name.clone(), columns.type_at(*place), chunk.column(rule.over, *place)?)))
            .collect()
    }

    /// The rows with value, line and band, without those that were verified up to their band.
    fn hits(&self, chunk: &Chunk, rule: &RulePlan, position: usize, rows: Vec<usize>) -> Result<Vec<Hit>> {
        let column = |planned: &Option<crate::plan::Planned>| -> Result<_> {
            match planned {
                Some(planned) => Ok(Some((chunk.evaluate(rule.over, &rule.rule, planned)?, planned.result))),
                None => Ok(None),
            }
        };
        let (values, lines) = (column(&rule.value)?, column(&rule.line)?);
        let at = |column: &Option<(ArrayRef, ColumnType)>, row: usize| {
            column.as_ref().map(|(array, column_type)| values::value_at(array, *column_type, row))
        };
        let declared = self.package.rules.get(&rule.rule);
        let mut hits = Vec::with_capacity(rows.len());
        for row in rows {
            let (value, line) = (at(&values, row).unwrap_or(Value::Bool(true)), at(&lines, row));
            let band = declared.map_or(0, |declared| policy::band(declared, &value, line.as_ref()));
            if rule.kind == RuleKind::Flag || !self.is_verified(chunk, rule, row, band) {
                hits.push(Hit { rule: position, row, value, line, band });
            }
        }
        Ok(hits)
    }

    fn is_verified(&self, chunk: &Chunk, rule: &RulePlan, row: usize, band: u32) -> bool {
        if self.verified.is_empty() {
            return false;
        }
        let household = HouseholdNo(chunk.numbers[household_of(chunk, rule.over, row)]);
        let key = (household, rule.rule.clone(), resident_of(chunk, rule.over, row));
        self.verified.get(&key).is_some_and(|verified| band <= *verified)
    }

    fn evidence(&self, prover: &Prover<'_>, hits: &BTreeMap<usize, (Vec<Hit>, Vec<Hit>)>) -> Result<Proven> {
        let mut wanted = Wanted::default();
        if !self.request.with_evidence {
            return Ok(Proven::default());
        }
        for hit in hits.values().flat_map(|(reasons, flags)| reasons.iter().chain(flags)) {
            let rule = &self.program.rules[hit.rule];
            prover.want(&mut wanted, &rule.proofs, rule.over, hit.row)?;
        }
        prover.prove(self.registers, &wanted)
    }

    fn lead(&self, at: &ChunkEvidence<'_>, household: usize, reasons: &[Hit], flags: &[Hit]) -> Result<Lead> {
        let mut reasons = reasons.iter().map(|hit| self.reason(at, hit)).collect::<Result<Vec<Reason>>>()?;
        reasons.sort_by(|a, b| {
            let strength = |reason: &Reason| std::cmp::Reverse((reason.points, reason.band));
            strength(a)
                .cmp(&strength(b))
                .then_with(|| a.rule.cmp(&b.rule))
                .then_with(|| a.resident_key.cmp(&b.resident_key))
        });
        Ok(Lead {
            household_no: HouseholdNo(at.chunk.numbers[household]),
            region: region_at(at.regions, household).unwrap_or(self.package.head.region),
            day: self.request.day,
            known: self.request.known,
            urgency: urgency(reasons.iter().map(|reason| reason.points)),
            risk: reasons.first().map(|reason| reason.risk.clone()).unwrap_or_default(),
            reasons,
            flags: match self.request.with_evidence {
                true => flags.iter().map(|hit| self.flag(at, hit)).collect::<Result<Vec<Flag>>>()?,
                false => Vec::new(),
            },
        })
    }

    fn reason(&self, at: &ChunkEvidence<'_>, hit: &Hit) -> Result<Reason> {
        let rule = &self.program.rules[hit.rule];
        let articles = self.package.rules.get(&rule.rule).map(|declared| declared.article.clone());
        let (shown, is_bare) = (at.shown(hit), !self.request.with_evidence);
        Ok(Reason {
            rule: rule.rule.clone(),
            rule_version: rule.version.clone(),
            risk: rule.risk.clone(),
            severity: rule.severity,
            points: rule.points,
            resident_key: resident_of(at.chunk, rule.over, hit.row),
            value: hit.value.clone(),
            line: hit.line.clone(),
            band: hit.band,
            because: if is_bare {
                String::new()
            } else {
                self.sentence(rule, Language::CHINESE, shown, Some(hit), hit.row)
            },
            because_en: if is_bare {
                String::new()
            } else {
                self.sentence(rule, Language::ENGLISH, shown, Some(hit), hit.row)
            },
            articles: articles.unwrap_or_default(),
            parameters: if is_bare { Vec::new() } else { self.parameters.used(&rule.parameters) },
            evidence: self.rows(at, rule, hit)?,
        })
    }

    fn flag(&self, at: &ChunkEvidence<'_>, hit: &Hit) -> Result<Flag> {
        let rule = &self.program.rules[hit.rule];
        let shown = at.shown(hit);
        Ok(Flag {
            rule: rule.rule.clone(),
            because: self.sentence(rule, Language::CHINESE, shown, Some(hit), hit.row),
            because_en: self.sentence(rule, Language::ENGLISH, shown, Some(hit), hit.row),
            evidence: self.rows(at, rule, hit)?,
        })
    }

    /// The rows behind a hit.
    fn rows(&self, at: &ChunkEvidence<'_>, rule: &RulePlan, hit: &Hit) -> Result<Vec<Evidence>> {
        if !self.request.with_evidence {
            return Ok(Vec::new());
        }
        at.prover.rows(at.proven, &rule.proofs, TableRow { over: rule.over, row: hit.row }, &rule.stated)
    }

    fn sentence(
        &self,
        rule: &RulePlan,
        language: Language,
        shown: &[(String, ColumnType, ArrayRef)],
        hit: Option<&Hit>,
        row: usize,
    ) -> String {
        self.package.because(&rule.rule, language, &|name| {
            if let Some(parameter) = name.strip_prefix("p.") {
                return self.parameters.values.get(parameter).cloned().unwrap_or_default();
            }
            match (name, hit) {
                ("value", Some(hit)) => return hit.value.clone(),
                ("line", Some(hit)) => return hit.line.clone().unwrap_or_default(),
                _ => {}
            }
            let column = shown.iter().find(|(known, _, _)| known == name);
            column.map_or(Value::Null, |(_, column_type, array)| values::value_at(array, *column_type, row))
        })
    }

    fn finding(
        &self,
        chunk: &Chunk,
        rule: &RulePlan,
        regions: &ArrayRef,
        shown: &[(String, ColumnType, ArrayRef)],
        row: usize,
    ) -> QualityFinding {
        let household = household_of(chunk, rule.over, row);
        QualityFinding {
            rule: rule.rule.clone(),
            household_no: HouseholdNo(chunk.numbers[household]),
            resident_key: resident_of(chunk, rule.over, row),
            region: region_at(regions, household).unwrap_or(self.package.head.region),
            because: self.sentence(rule, Language::CHINESE, shown, None, row),
            because_en: self.sentence(rule, Language::ENGLISH, shown, None, row),
        }
    }
}

/// Position of the household of a row of the table `over`, which has one.
fn household_of(chunk: &Chunk, over: Grain, row: usize) -> usize {
    if over == Grain::Resident { chunk.resident_households[row] as usize } else { row }
}

fn resident_of(chunk: &Chunk, over: Grain, row: usize) -> Option<ResidentKey> {
    if over == Grain::Resident { chunk.key_at(row) } else { None }
}

fn region_at(regions: &ArrayRef, row: usize) -> Option<RegionCode> {
    values::text_at(regions, row).and_then(|text| text.parse().ok())
}

/// The urgency of a lead: the points of its strongest reason, half of those of the second, a quarter of the third and so
/// on, each rounded down. `points` descend.
pub fn urgency(points: impl Iterator<Item = i64>) -> i64 {
    points.enumerate().take(63).map(|(position, points)| points >> position).sum()
}
