//! Checks what a step waits for besides its days, and the deadlines of a register; settles both into its form.

use super::calculated::FieldPlace;
use super::columns::known;
use super::facts::settle_truth;
use super::found::Findings;
use super::{effects, publicity};
use crate::declare::{Approvals, Days, Deadline, ParameterUnit, Register, Step};
use crate::expression::nearest;
use crate::forms::{DaysForm, StepForm};
use crate::order;
use crate::package::Package;
use crate::scope;
use crate::text::FileText;
use model::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Settles steps and deadlines. What cannot be settled is a problem and left out.
pub(super) fn forms_of(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    name: &str,
    register: &Register,
) -> (Vec<StepForm>, Vec<DaysForm>) {
    let place = FieldPlace { package, file, register };
    let on_record = scope::of_record(package, register);
    let mut steps = Vec::with_capacity(register.step.len());
    for (at, step) in register.step.iter().enumerate() {
        let key = |name: &str| format!("step.{at}.{name}");
        agreement(found, file, &key, register, step);
        by_itself(found, file, &key, register, step);
        clocks(found, file, &key, register, step);
        said(found, file, &key, step);
        let when = step.when.as_deref();
        let when = when.and_then(|when| settle_truth(found, file, &key("when"), when, &on_record));
        let (publicity_days, settled) = publicity::form_of(&place, found, at);
        let opens = step.opens.iter().enumerate().map(|(open, _)| effects::opens(&place, found, at, open)).collect();
        let advances =
            step.advances.iter().enumerate().map(|(led, _)| effects::advances(&place, found, at, led)).collect();
        effects::document(found, file, &key("document"), step);
        steps.push(StepForm { when, publicity_days, settled, opens, advances });
    }
    circles(found, file, register);
    effects::circles(package, found, file, name, register);
    let deadlines = register.deadline.iter().enumerate();
    let deadlines = deadlines.filter_map(|(at, one)| deadline(package, found, file, at, one, register)).collect();
    found.names(file, register.deadline.iter().map(|one| &one.name), |at| format!("deadline.{at}.name"));
    (steps, deadlines)
}

/// A condition says why not; nothing says why not without a condition.
fn said(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, step: &Step) {
    if step.when.is_some() {
        found.filled(file, &key("when_why"), &step.when_why);
        found.filled(file, &key("when_why_en"), &step.when_why_en);
    } else if !step.when_why.is_empty() || !step.when_why_en.is_empty() {
        found.add(file.at(&key("when_why"), "没有条件 when,when_why 用不上", "写 when,或删去它"));
    }
}

/// Several persons, sending back, and the reason for it.
fn agreement(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, register: &Register, step: &Step) {
    match step.approvals {
        Some(Approvals::AtLeast(count)) if count < 2 => {
            found.add(file.at(&key("approvals"), "几人同意才算通过,至少写 2", "一人办理就算数的不写 approvals"));
        }
        Some(Approvals::Every(_)) if step.roles.len() < 2 => {
            found.add(file.at(&key("approvals"), "每个岗位一人,roles 里至少要有两个岗位", "补上岗位,或写人数"));
        }
        _ => {}
    }
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (at, to) in step.returns_to.iter().enumerate() {
        let key = key(&format!("returns_to.{at}"));
        known(found, file, &key, "状态", to, &states);
        if register.state_named(to).is_some_and(|state| state.is_final) {
            found.add(file.at(&key, format!("`{to}` 是终止状态,退回以后不能再办"), "退回到还能更正的状态"));
        }
        if step.from.contains(to) {
            found.add(file.at(&key, format!("这个步骤就从 `{to}` 办理,不能退回到原处"), "写它前面的状态"));
        }
    }
    let needs_reason = !step.returns_to.is_empty() || !step.stops_clock.is_empty() || !step.resumes_clock.is_empty();
    match &step.reason {
        None if needs_reason => {
            let hint = "reason = \"字段名\",写哪个字段里填写原因";
            found.add(file.at(&key(""), format!("步骤 `{}` 要退回或停、续期限,没有写原因的字段", step.name), hint));
        }
        Some(_) if !needs_reason => {
            let hint = "退回写 returns_to,停、续期限写 stops_clock、resumes_clock;只要填写的字段写进 required";
            found.add(file.at(&key("reason"), "这个步骤不退回,也不停、续期限,用不上 reason", hint));
        }
        Some(field) => {
            let names: Vec<String> = register.field.iter().map(|field| field.name.clone()).collect();
            known(found, file, &key("reason"), "字段", field, &names);
            let column = register.field_named(field);
            if column.is_some_and(|one| !one.is_entered() || !matches!(one.kind, Kind::Text | Kind::Code)) {
                let message = format!("`{field}` 不能填写原因");
                found.add(file.at(&key("reason"), message, "写一个由人填写的 text 或 code 字段"));
            }
        }
        None => {}
    }
}

/// A step that goes on by itself has something to wait for, asks nobody for anything and approves nothing.
fn by_itself(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, register: &Register, step: &Step) {
    if !step.after_wait {
        return;
    }
    let is_public = |state: &String| publicity::puts_up(register, state);
    if step.wait_days == 0 && !step.from.iter().all(is_public) {
        let hint = "写 wait_days,或从公示中的状态办理";
        found.add(file.at(&key("after_wait"), "没有等待的天数,不能到期自动办理", hint));
    }
    if step.approvals.is_some() || step.not_by_who_entered {
        let hint = "审批由人办理;删去 after_wait,或把审批和自动的步骤分开";
        found.add(file.at(&key("after_wait"), "需要他人同意的步骤不能到期自动办理", hint));
    }
    let asks = [
        ("required", !step.required.is_empty()),
        ("asks", !step.asks.is_empty()),
        ("returns_to", !step.returns_to.is_empty()),
        ("reason", step.reason.is_some()),
    ];
    for (name, _) in asks.iter().filter(|(_, is_said)| *is_said) {
        found.add(file.at(&key(name), format!("到期自动办理时没有人填写,不能写 {name}"), "删去它,或删去 after_wait"));
    }
    if step.publicity.as_ref().is_some_and(|publicity| publicity.photo.is_some()) {
        found.add(file.at(&key("publicity.photo"), "到期自动办理时没有人上传照片", "删去 photo,或删去 after_wait"));
    }
}

/// A problem for each step that goes on by itself in a circle.
fn circles(found: &mut Findings, file: &FileText, register: &Register) {
    let mut reads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for step in register.step.iter().filter(|step| step.after_wait) {
        for from in &step.from {
            reads.entry(from.clone()).or_default().insert(step.to.clone());
        }
    }
    let goes_round = |state: &String| reads.contains_key(state) && order::reaches_itself(&reads, state);
    for (at, step) in register.step.iter().enumerate().filter(|(_, step)| step.after_wait) {
        if step.from.iter().any(goes_round) && goes_round(&step.to) {
            let message = format!("步骤 `{}` 到期自动办理,会绕回原处,永远停不下来", step.name);
            found.add(file.at(&format!("step.{at}.after_wait"), message, "让其中一步由人办理"));
        }
    }
}

/// Deadlines that the step stops or resumes.
fn clocks(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, register: &Register, step: &Step) {
    let names: Vec<String> = register.deadline.iter().map(|deadline| deadline.name.clone()).collect();
    let all = |list: fn(&Step) -> &Vec<String>| register.step.iter().flat_map(list).collect::<BTreeSet<_>>();
    let (stopped, resumed) = (all(|step| &step.stops_clock), all(|step| &step.resumes_clock));
    for (at, name) in step.stops_clock.iter().enumerate() {
        let key = key(&format!("stops_clock.{at}"));
        known(found, file, &key, "期限", name, &names);
        if step.resumes_clock.contains(name) {
            found.add(file.at(&key, format!("同一步骤不能既停又续期限 `{name}`"), "分成两个步骤"));
        }
        if !resumed.contains(name) {
            let hint = "在恢复办理的步骤里写 resumes_clock";
            found.add(file.at(&key, format!("期限 `{name}` 停下以后没有步骤让它继续"), hint).as_warning());
        }
    }
    for (at, name) in step.resumes_clock.iter().enumerate() {
        let key = key(&format!("resumes_clock.{at}"));
        known(found, file, &key, "期限", name, &names);
        if !stopped.contains(name) {
            found.add(file.at(&key, format!("没有步骤停过期限 `{name}`"), "在中止办理的步骤里写 stops_clock"));
        }
    }
}

fn deadline(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    at: usize,
    declared: &Deadline,
    register: &Register,
) -> Option<DaysForm> {
    let key = |name: &str| format!("deadline.{at}.{name}");
    found.filled(file, &key("label"), &declared.label);
    found.filled(file, &key("label_en"), &declared.label_en);
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (list, named) in [("from_states", &declared.from_states), ("until_states", &declared.until_states)] {
        if named.is_empty() {
            found.add(file.at(&key(list), format!("`{list}` 不能空着"), "写状态的名称"));
        }
        for (index, state) in named.iter().enumerate() {
            known(found, file, &key(&format!("{list}.{index}")), "状态", state, &states);
        }
    }
    for (index, state) in declared.until_states.iter().enumerate() {
        if declared.from_states.contains(state) {
            let message = format!("`{state}` 不能既是期限的起点又是终点");
            found.add(file.at(&key(&format!("until_states.{index}")), message, "从其中一处删去它"));
        }
    }
    working_days(package, found, file, &key("in_working_days"), declared.in_working_days);
    days_form(package, found, file, &key("days"), &declared.days)
}

/// Working days need a calendar.
pub(super) fn working_days(package: &Package, found: &mut Findings, file: &FileText, key: &str, is_said: bool) {
    if is_said && package.calendar.is_empty() {
        let hint = "在政策包里写 calendar.toml(各年的放假和调休),或删去它";
        found.add(file.at(key, "按工作日计算要有工作日历", hint));
    }
}

/// A length: at least one day, or a parameter in days.
pub(super) fn days_form(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    key: &str,
    days: &Days,
) -> Option<DaysForm> {
    let name = match days {
        Days::Count(0) => {
            found.add(file.at(key, "至少要有一天", "写天数,或写参数名"));
            return None;
        }
        Days::Count(count) => return Some(DaysForm::Count(*count)),
        Days::Parameter(name) => name,
    };
    let Some(parameter) = package.parameters.get(name) else {
        found.add(file.at(key, format!("没有参数 `{name}`"), nearest(name, package.parameters.keys(), "")));
        return None;
    };
    if parameter.unit != ParameterUnit::Days {
        found.add(file.at(key, format!("参数 `{name}` 不是天数"), "换一个 unit = \"days\" 的参数"));
        return None;
    }
    // Values of overlays stand among them: the mistake is told where the length is asked for, and names the value.
    for value in parameter.value.iter().filter(|value| value.amount == Some(0)) {
        let place = value.region.unwrap_or(package.head.region);
        let message = format!("参数 `{name}` 从 {} 起在 {place} 是 0 天,至少要有一天", value.from.0);
        found.add(file.at(key, message, "在 parameters/ 或叠加层里写至少 1 天;还没有规定时写 unset = true"));
    }
    let (label, label_en) = (parameter.label.clone(), parameter.label_en.clone());
    Some(DaysForm::Parameter { name: name.clone(), label, label_en })
}
