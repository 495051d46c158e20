//! The outcome of a screening comes into force.

use super::change::{AuditedObject, UnitOfWork};
use crate::database::values;
use crate::error::refusal;
use crate::stored::files::hash_of;
use crate::stored::keys::RegionSpan;
use crate::stored::raised::evidence_of;
use crate::{Publication, Receipt, Refusal, RefusalKind};
use model::Lead;
use policy::declare::Permission;
use std::collections::BTreeSet;
use words::wording;

impl UnitOfWork<'_> {
    pub(super) fn publish(&mut self, publication: &Publication) -> Result<Receipt, Refusal> {
        if !self.may(Permission::Screen) || !self.reaches(publication.region) {
            return Err(Refusal::not_allowed(wording!("act_screen")));
        }
        self.publication_fits(publication)?;
        let mut receipt = self.publish_leads(publication)?;
        if publication.household.is_none() {
            self.publish_figures(publication, &mut receipt)?;
        }
        Ok(receipt)
    }

    fn publication_fits(&self, publication: &Publication) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        let misplaced = publication.leads.iter().find(|lead| {
            let of_other = publication.household.is_some_and(|household| household != lead.household_no);
            let of_other_day = lead.day != publication.day || lead.known != publication.known;
            !publication.region.holds(lead.region) || of_other || of_other_day || !seen.insert(lead.household_no)
        });
        if let Some(lead) = misplaced {
            let household = lead.household_no;
            return Err(refusal!("lead_misplaced", RefusalKind::Invalid, household));
        }
        let RegionSpan { first, last } = RegionSpan::of(publication.region);
        let later: Option<String> = self
            .transaction
            .first(
                include_str!("../sql/later_screening.sql"),
                values![first, last, publication.day.to_string()],
                |row| row.get::<Option<String>>(0),
            )?
            .flatten();
        match later {
            None => Ok(()),
            Some(later) => Err(refusal!("later_screening", RefusalKind::Conflict, day = publication.day, later)),
        }
    }

    fn publish_leads(&mut self, publication: &Publication) -> Result<Receipt, Refusal> {
        let mut receipt = Receipt::default();
        let household = publication.household.map(|number| number.0);
        let mut open = self.open_leads_in(&RegionSpan::of(publication.region), household)?;
        for lead in &publication.leads {
            let evidence = evidence_of(lead)?;
            let known = match open.remove(&lead.household_no.0) {
                Some(known) => Some(known),
                None => self.open_lead_of(lead.household_no.0)?,
            };
            match known {
                Some(known) if known.says(lead, &hash_of(&evidence)) => receipt.unchanged += 1,
                Some(known) => {
                    self.update_lead(&known, lead, &evidence)?;
                    receipt.changed += 1;
                }
                None if self.was_verified(lead)? => receipt.unchanged += 1,
                None => {
                    self.raise_lead(lead, &evidence)?;
                    receipt.added += 1;
                }
            }
        }
        for known in open.values() {
            if self.lapse_lead(known, publication.day)? {
                receipt.lapsed += 1;
            }
        }
        Ok(receipt)
    }

    /// True when every reason of the lead was verified before in the same or a higher band.
    fn was_verified(&self, lead: &Lead) -> Result<bool, Refusal> {
        let sql = include_str!("../sql/verified_band.sql");
        for reason in &lead.reasons {
            let resident = reason.resident_key.map(|key| key.0);
            let values = values![lead.household_no.0, reason.rule, resident];
            let band = self.transaction.first(sql, values, |row| row.get::<Option<u32>>(0))?.flatten();
            if band.is_none_or(|band| band < reason.band) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Rule runs, quality findings and the row of the screening; left alone where the same are in force.
    fn publish_figures(&mut self, publication: &Publication, receipt: &mut Receipt) -> Result<(), Refusal> {
        let region = publication.region.to_string();
        let day = publication.day.to_string();
        let content = self.inner.cipher.content(&serde_json::to_vec(&(
            publication.known,
            &publication.leads,
            &publication.rules,
            &publication.quality,
            &publication.inputs,
            publication.households_screened,
        ))?);
        let in_force: Option<i64> = self.transaction.first(
            "select content from screening where region = ?1 and day = ?2",
            values![region, day],
            |row| row.get(0),
        )?;
        let moved = receipt.added + receipt.changed + receipt.lapsed > 0;
        if in_force == Some(content) && !moved {
            return Ok(());
        }
        self.replace_rule_runs(publication)?;
        self.replace_quality(publication)?;
        let RegionSpan { last, .. } = RegionSpan::of(publication.region);
        self.transaction.execute(
            include_str!("../sql/save_screening.sql"),
            values![
                region,
                day,
                last,
                publication.known.to_string(),
                self.now.at_ms,
                publication.households_screened as i64,
                publication.leads.len() as i64,
                receipt.added as i64,
                receipt.changed as i64,
                receipt.lapsed as i64,
                serde_json::to_string(&publication.inputs)?,
                content,
            ],
        )?;
        let after = serde_json::json!({
            "known": publication.known, "households": publication.households_screened,
            "leads": publication.leads.len(), "raised": receipt.added, "changed": receipt.changed,
            "lapsed": receipt.lapsed, "quality": publication.quality.len(), "inputs": publication.inputs,
        });
        let name = format!("{region}/{day}");
        self.object_event(Some(publication.region), AuditedObject::Screening(&name), "published", &after.to_string())?;
        Ok(())
    }

    fn replace_rule_runs(&self, publication: &Publication) -> Result<(), Refusal> {
        let region = publication.region.to_string();
        self.transaction.execute("delete from rule_run where region = ?1", values![region])?;
        let day = publication.day.to_string();
        let rows = publication
            .rules
            .iter()
            .map(|run| values![region, run.rule, day, run.found as i64, String::from(run.not_run.clone())].to_vec());
        self.transaction.bulk("rule_run", &["region", "rule", "day", "found", "not_run"], rows)?;
        Ok(())
    }

    fn replace_quality(&self, publication: &Publication) -> Result<(), Refusal> {
        let RegionSpan { first, last } = RegionSpan::of(publication.region);
        let delete = "delete from quality_finding where region between ?1 and ?2";
        self.transaction.execute(delete, values![first, last])?;
        let columns = ["rule", "household_no", "resident_key", "region", "because", "because_en"];
        let rows = publication.quality.iter().map(|finding| {
            let resident = finding.resident_key.map(|key| key.0);
            let region = finding.region.to_string();
            values![finding.rule, finding.household_no.0, resident, region, finding.because, finding.because_en]
                .to_vec()
        });
        self.transaction.bulk("quality_finding", &columns, rows)?;
        Ok(())
    }
}
