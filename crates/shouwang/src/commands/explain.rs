//! `shouwang explain`: one lead with every reason and the rows behind it.

use super::Said;
use crate::arguments::Explain;
use crate::clock;
use crate::installation::Installation;
use crate::jobs::export::risk_label;
use crate::trouble::{Outcome, Trouble};
use model::{Day, Evidence, Reason, ResidentKey, Value};
use policy::declare::Column;
use policy::{Package, Thing, Working};
use words::Language;

/// Explains a lead.
///
/// # Errors
/// When there is no such lead.
pub fn run(arguments: &Explain) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let view = installation.store.view(&installation.system());
    let lead = view.lead(&arguments.lead, clock::today())?.ok_or_else(|| {
        let lead = &arguments.lead;
        Trouble::new(
            [format!("没有编号为 {lead} 的线索"), format!("There is no lead {lead}")],
            ["请用 shouwang leads 查看线索编号", "See the numbers of leads with `shouwang leads`."],
        )
    })?;
    let package = &installation.package;
    let row = &lead.row;
    let mut lines = vec![
        format!("线索 {}  户编号 {}  {} {}", row.lead_id, row.household_no, row.township, row.village),
        format!(
            "首次发现 {},最近确认 {},知悉日期 {},紧急程度 {} 分",
            row.raised_on, row.seen_on, lead.known, row.urgency
        ),
    ];
    for (index, reason) in lead.reasons.iter().enumerate() {
        lines.push(String::new());
        lines.extend(reason_lines(package, index + 1, reason, row.seen_on));
    }
    for flag in &lead.flags {
        lines.push(String::new());
        lines.push(format!("复核提示:{}", flag.because));
        lines.extend(flag.evidence.iter().map(|evidence| evidence_line(package, evidence, &[])));
    }
    Ok(Said::new(lines, &lead))
}

fn reason_lines(package: &Package, number: usize, reason: &Reason, day: Day) -> Vec<String> {
    let rule = package.rules.get(&reason.rule);
    let label = rule.map_or(reason.rule.as_str(), |rule| &rule.label);
    let articles: Vec<String> = reason.articles.iter().map(|article| format!("第{article}条")).collect();
    let risk = risk_label(package, &reason.risk, false);
    let mut lines = vec![
        format!("原因{number} [{risk}] {label}({},第{}档)", articles.join("、"), reason.band),
        format!("  {}", reason.because),
        format!("  规则 {} 版本 {}", reason.rule, reason.rule_version),
    ];
    let value = plain(&reason.value);
    match &reason.line {
        Some(line) => lines.push(format!("  数值 {value},对照线 {}", plain(line))),
        None => lines.push(format!("  数值 {value}")),
    }
    for used in &reason.parameters {
        let label = package.parameters.get(&used.name).map_or(used.name.as_str(), |parameter| &parameter.label);
        lines.push(format!("  参数 {label} = {}({})", plain(&used.value), used.source));
    }
    let members = members(reason);
    lines.extend(working_lines(package, reason, day, &members));
    lines.extend(reason.evidence.iter().map(|evidence| evidence_line(package, evidence, &members)));
    lines
}

/// The formulas from the stated value down to the rows, each with labels and values; those of an earlier text of the rule
/// cannot be shown.
fn working_lines(package: &Package, reason: &Reason, day: Day, members: &[ResidentKey]) -> Vec<String> {
    if reason.rule_version != package.version(Thing::Rule, &reason.rule) {
        return vec!["  算法:规则此后已修改,算式从略;各行如下".to_owned()];
    }
    let lines = match package.workings(reason, day, Language::CHINESE) {
        Ok(lines) => lines,
        Err(missing) => return vec![format!("  算法:所存各行不足以复算({missing})")],
    };
    let line = |line: Working| {
        let about = member(members, line.about);
        format!("    {}{about} {} = {}", line.label, line.value, line.formula)
    };
    let title = if lines.iter().any(|line| line.formula.contains('÷')) {
        "  算法(除不尽的舍去余数)"
    } else {
        "  算法"
    };
    let title = Some(title.to_owned()).filter(|_| !lines.is_empty());
    title.into_iter().chain(lines.into_iter().map(line)).collect()
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

fn member(members: &[ResidentKey], key: Option<ResidentKey>) -> String {
    let position = key.and_then(|key| members.iter().position(|known| *known == key));
    position.map_or_else(String::new, |position| format!("(成员{})", position + 1))
}

fn evidence_line(package: &Package, evidence: &Evidence, members: &[ResidentKey]) -> String {
    let fact = package.facts.get(&evidence.fact).map_or(evidence.fact.as_str(), |fact| &fact.label);
    let (label, columns) = dataset(package, &evidence.dataset);
    let values: Vec<String> = evidence
        .values
        .iter()
        .filter(|(_, value)| evidence.adds.is_null() || !value.is_null())
        .map(|(name, value)| match columns.iter().find(|column| column.name == *name) {
            Some(column) => format!("{}={}", column.label, coded(package, column, value)),
            None => format!("{name}={}", plain(value)),
        })
        .collect();
    let adds = match &evidence.adds {
        Value::Null => "台账记录".to_owned(),
        adds => format!("{fact} +{}", plain(adds)),
    };
    let about = member(members, evidence.resident_key);
    let (file, row) = (&evidence.file, evidence.row);
    format!("    依据 {adds}:{label}{about} 文件 {file} 第 {row} 行 {}", values.join(" "))
}

fn dataset<'a>(package: &'a Package, name: &'a str) -> (&'a str, &'a [Column]) {
    if let Some(source) = package.sources.get(name) {
        return (&source.label, &source.column);
    }
    package.registers.get(name).map_or((name, &[]), |register| (&register.label, &register.field))
}

fn coded(package: &Package, column: &Column, value: &Value) -> String {
    match (&column.codes, value) {
        (Some(list), Value::Text(code)) => {
            package.code_label(list, code).map_or(code.as_str(), |(label, _)| label).to_owned()
        }
        _ => plain(value),
    }
}

/// Money with its unit; everything else as it stands.
fn plain(value: &Value) -> String {
    match value {
        Value::Fen(fen) => format!("{fen}元"),
        Value::Null => "不详".to_owned(),
        other => other.to_string(),
    }
}
