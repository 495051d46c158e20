//! `shouwang explain`: one lead with every reason and the rows behind it.

use super::{Said, risk_label};
use crate::arguments::Explain;
use crate::clock;
use crate::installation::Installation;
use crate::language;
use crate::trouble::{Outcome, Trouble};
use model::{Day, Evidence, Reason, ResidentKey, Value};
use policy::declare::Column;
use policy::{Package, Thing, Working};
use words::{Language, Wording, advice, list, wording};

/// Explains a lead.
///
/// # Errors
/// When there is no such lead.
pub fn run(arguments: &Explain) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let view = installation.store.view(&installation.system());
    let lead = view.lead(&arguments.lead, clock::today())?;
    let lead = lead.ok_or_else(|| Trouble::of(advice!("lead_unknown", lead = arguments.lead)))?;
    let writer = Writer { package: &installation.package, language: language::of_terminal() };
    let row = &lead.row;
    let (household, township, village) = (row.household_no, &row.township, &row.village);
    let (raised, seen, known, urgency) = (row.raised_on, row.seen_on, lead.known, row.urgency);
    let mut lines = vec![
        writer.line(&wording!("explain_lead", lead = row.lead_id, household, township, village)),
        writer.line(&wording!("explain_days", raised, seen, known, urgency)),
    ];
    for (index, reason) in lead.reasons.iter().enumerate() {
        lines.push(String::new());
        lines.extend(writer.reason(index + 1, reason, row.seen_on));
    }
    for flag in &lead.flags {
        lines.push(String::new());
        let because = Wording::pair(&flag.because, &flag.because_en);
        lines.push(writer.line(&wording!("explain_flag", because)));
        lines.extend(flag.evidence.iter().map(|evidence| writer.evidence(evidence, &[])));
    }
    Ok(Said::text(lines.join("\n"), &lead))
}

/// Writes reasons in one language: formulas are made in one.
struct Writer<'a> {
    package: &'a Package,
    language: Language,
}

impl Writer<'_> {
    fn line(&self, said: &Wording) -> String {
        said.of(self.language).to_owned()
    }

    fn reason(&self, number: usize, reason: &Reason, day: Day) -> Vec<String> {
        let package = self.package;
        let declared = package.rules.get(&reason.rule);
        let rule = declared
            .map_or_else(|| Wording::same(&reason.rule), |declared| Wording::pair(&declared.label, &declared.label_en));
        let articles = list(reason.articles.iter().map(|article| wording!("explain_article", article)));
        let risk = risk_label(package, &reason.risk);
        let mut lines = vec![
            wording!("explain_reason", number, risk, rule, articles, band = reason.band),
            Wording::pair(format!("  {}", reason.because), format!("  {}", reason.because_en)),
            wording!("explain_rule", rule = reason.rule, version = reason.rule_version),
        ];
        let value = plain(&reason.value);
        lines.push(match &reason.line {
            Some(line) => wording!("explain_value_and_line", value, line = plain(line)),
            None => wording!("explain_value", value),
        });
        for used in &reason.parameters {
            let declared = package.parameters.get(&used.name);
            let parameter = declared.map_or_else(
                || Wording::same(&used.name),
                |declared| Wording::pair(&declared.label, &declared.label_en),
            );
            lines.push(wording!("explain_parameter", parameter, value = plain(&used.value), source = used.source));
        }
        let mut lines: Vec<String> = lines.iter().map(|line| self.line(line)).collect();
        let members = members(reason);
        lines.extend(self.workings(reason, day, &members));
        lines.extend(reason.evidence.iter().map(|evidence| self.evidence(evidence, &members)));
        lines
    }

    /// The formulas from the stated value down to the rows, each with labels and values; those of an earlier text of the rule
    /// cannot be shown.
    fn workings(&self, reason: &Reason, day: Day, members: &[ResidentKey]) -> Vec<String> {
        if reason.rule_version != self.package.version(Thing::Rule, &reason.rule) {
            return vec![self.line(&wording!("explain_rule_changed"))];
        }
        let workings = match self.package.workings(reason, day, self.language) {
            Ok(workings) => workings,
            Err(missing) => return vec![self.line(&wording!("explain_not_recomputed", missing))],
        };
        let line = |working: &Working| {
            let about = self.line(&member(members, working.about));
            format!("    {}{about} {} = {}", working.label, working.value, working.formula)
        };
        let title = if workings.iter().any(|working| working.formula.contains('÷')) {
            wording!("explain_working_with_division")
        } else {
            wording!("explain_working")
        };
        let title = Some(self.line(&title)).filter(|_| !workings.is_empty());
        title.into_iter().chain(workings.iter().map(line)).collect()
    }

    fn evidence(&self, evidence: &Evidence, members: &[ResidentKey]) -> String {
        let package = self.package;
        let fact = package
            .facts
            .get(&evidence.fact)
            .map_or_else(|| Wording::same(&evidence.fact), |fact| Wording::pair(&fact.label, &fact.label_en));
        let (dataset, columns) = dataset(package, &evidence.dataset);
        let shown = evidence.values.iter().filter(|(_, value)| evidence.adds.is_null() || !value.is_null());
        let values = shown.map(|(name, value)| match columns.iter().find(|column| column.name == *name) {
            Some(column) => {
                let label = self.language.pick(&column.label, &column.label_en);
                format!("{label}={}", self.line(&coded(package, column, value)))
            }
            None => format!("{name}={}", self.line(&plain(value))),
        });
        let values = values.collect::<Vec<_>>().join(" ");
        let adds = match &evidence.adds {
            Value::Null => self.line(&wording!("explain_register_row")),
            adds => format!("{} +{}", self.line(&fact), self.line(&plain(adds))),
        };
        let member = member(members, evidence.resident_key);
        let (file, row) = (&evidence.file, evidence.row);
        self.line(&wording!("explain_evidence", adds, dataset, member, file, row, values))
    }
}

/// The residents that a reason's rows are about, in the order in which they come; people are told apart without a name.
fn members(reason: &Reason) -> Vec<ResidentKey> {
    let mut members: Vec<ResidentKey> = Vec::new();
    for key in reason.evidence.iter().filter_map(|row| row.resident_key) {
        if !members.contains(&key) {
            members.push(key);
        }
    }
    members
}

fn member(members: &[ResidentKey], key: Option<ResidentKey>) -> Wording {
    let position = key.and_then(|key| members.iter().position(|known| *known == key));
    position.map_or_else(Wording::default, |position| wording!("explain_member", number = position + 1))
}

fn dataset<'a>(package: &'a Package, name: &str) -> (Wording, &'a [Column]) {
    if let Some(source) = package.sources.get(name) {
        return (Wording::pair(&source.label, &source.label_en), &source.column);
    }
    package.registers.get(name).map_or_else(
        || (Wording::same(name), &[] as &[Column]),
        |register| (Wording::pair(&register.label, &register.label_en), &register.field),
    )
}

fn coded(package: &Package, column: &Column, value: &Value) -> Wording {
    match (&column.codes, value) {
        (Some(codes), Value::Text(code)) => {
            let label = package.code_label(codes, code);
            label.map_or_else(|| Wording::same(code), |(label, label_en)| Wording::pair(label, label_en))
        }
        _ => plain(value),
    }
}

/// Money with its unit; everything else as it stands.
fn plain(value: &Value) -> Wording {
    match value {
        Value::Fen(yuan) => wording!("explain_yuan", yuan),
        Value::Null => wording!("explain_unknown"),
        other => Wording::same(other),
    }
}
