//! Everything that a step may wait for, and all that may follow from it, is checked where it is declared.

use crate::{Copy, fixtures};
use policy::{Carried, DaysForm, Package};
use std::fs;

const APPLICATION: &str = "registers/application.toml";

/// What stands in the fixture, what replaces it, part of the marked line, of the message, of the hint.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn load_with(before: &str, after: &str) -> Result<Package, policy::Problems> {
    let copy = Copy::new();
    let root = copy.folder.path().join("steps");
    let text = fs::read_to_string(root.join(APPLICATION)).expect("reads");
    assert!(text.contains(before), "{before}");
    fs::write(root.join(APPLICATION), text.replacen(before, after, 1)).expect("writes");
    crate::load(&root, &[])
}

fn check(mistakes: &[Mistake]) {
    let mut wrong = Vec::new();
    for (before, after, line, message, hint) in mistakes {
        let Err(problems) = load_with(before, after) else {
            wrong.push(format!("accepted: {after}"));
            continue;
        };
        let is_it = |problem: &&policy::Problem| {
            problem.is_error()
                && problem.file.ends_with(APPLICATION)
                && problem.line_text.contains(line)
                && problem.what.chinese().contains(message)
                && problem.hint.chinese().contains(hint)
        };
        if problems.0.iter().find(is_it).is_none() {
            wrong.push(format!("{after}\n{problems}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_fixture_holds_and_its_expressions_are_settled() {
    let package = crate::load(&fixtures().join("steps"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(package.warnings.is_empty(), "{:?}", package.warnings);
    let form = &package.register_forms["application"];
    let names: Vec<&str> = package.registers["application"].step.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["review", "pause", "take_up", "publish", "approve", "archive"]);
    assert!(form.steps[0].when.is_some() && form.steps[1].when.is_none());
    assert!(matches!(&form.steps[3].publicity_days, Some(DaysForm::Parameter { name, .. }) if name == "notice_days"));
    assert!(form.steps[3].settled.is_some());
    let opened = &form.steps[4].opens[0];
    let carried = opened.iter().filter(|one| matches!(one.from, Carried::Field(_))).map(|one| one.field.as_str());
    assert_eq!(carried.collect::<Vec<_>>(), ["head_name", "household_no", "region_code"]);
    let needed = opened.iter().filter(|one| one.is_needed).map(|one| one.field.as_str());
    assert_eq!(needed.collect::<Vec<_>>(), ["household_no", "opened_on", "region_code"]);
    assert_eq!(form.deadlines[0], DaysForm::Count(15));
}

#[test]
fn conditions_are_conditions_over_the_record() {
    check(&[
        ("member_count > 0 and", "member_counts > 0 and", "member_counts", "没有 `member_counts`", "member_count"),
        ("member_count > 0 and income_fen", "member_count + income_fen", "member_count", "", ""),
        ("when = \"member_count > 0 and income_fen <= p.income_line\"", "when = \"member_count\"", "when", "条件", ""),
        ("p.income_line\"\nwhen_why", "p.income_lines\"\nwhen_why", "income_lines", "没有参数", "income_line"),
        ("when_why = \"人均收入在收入线以上,或没有人口\"", "when_why = \"\"", "when_why", "不能空着", ""),
        ("when = \"member_count > 0 and income_fen <= p.income_line\"\n", "", "when_why", "没有条件", "when"),
        ("when = \"", "whenn = \"", "whenn", "不认识的键", "when"),
    ]);
}

#[test]
fn several_who_agree_are_several() {
    check(&[
        ("approvals = 2", "approvals = 1", "approvals", "至少写 2", ""),
        ("approvals = 2", "approvals = 0", "approvals", "至少写 2", ""),
        ("approvals = 2", "approvals = \"most\"", "approvals", "人数", ""),
        ("approvals = 2", "approvals = -2", "approvals", "人数", ""),
        (
            "roles = [\"clerk\", \"officer\", \"county\"]\nnot_by_who_entered = true\napprovals = 2",
            "roles = [\"county\"]\nnot_by_who_entered = true\napprovals = \"all\"",
            "approvals",
            "两个岗位",
            "",
        ),
    ]);
    load_with("approvals = 2", "approvals = \"all\"").unwrap_or_else(|problems| panic!("{problems}"));
    load_with("approvals = 2", "approvals = 3").unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn records_are_sent_back_to_where_they_can_be_mended_and_with_a_reason() {
    check(&[
        ("returns_to = [\"entered\"", "returns_to = [\"enter\"", "enter\"", "没有状态 `enter`", "entered"),
        ("returns_to = [\"entered\"", "returns_to = [\"archived\"", "archived", "终止状态", ""),
        ("returns_to = [\"entered\", \"reviewed\"]", "returns_to = [\"public\"]", "public", "不能退回到原处", ""),
        ("reason = \"opinion\"\ndocument", "document", "[[step]]", "没有写原因的字段", "reason"),
        ("reason = \"opinion\"\ndocument", "reason = \"opinions\"\ndocument", "opinions", "没有字段", "opinion"),
        ("reason = \"opinion\"\ndocument", "reason = \"photo\"\ndocument", "photo", "不能填写原因", ""),
        ("from = [\"entered\"]\nto", "reason = \"opinion\"\nfrom = [\"entered\"]\nto", "opinion", "用不上 reason", ""),
    ]);
}

#[test]
fn what_goes_on_by_itself_waits_and_approves_nothing() {
    check(&[
        ("wait_days = 3\n", "", "after_wait", "没有等待的天数", "wait_days"),
        ("after_wait = true", "after_wait = true\nnot_by_who_entered = true", "after_wait", "需要他人同意", ""),
        (
            "roles = []\nwait_days = 3",
            "roles = [\"clerk\", \"county\"]\napprovals = 2\nwait_days = 3",
            "after_wait",
            "需要他人同意",
            "",
        ),
        ("after_wait = true", "after_wait = true\nrequired = [\"opinion\"]", "opinion", "没有人填写", ""),
        (
            "from = [\"approved\"]\nto = \"archived\"",
            "from = [\"approved\"]\nto = \"approved\"",
            "after_wait",
            "永远停不下来",
            "",
        ),
    ]);
    load_with(
        "roles = [\"clerk\", \"officer\", \"county\"]\nnot_by_who_entered = true\napprovals = 2\nreturns_to = [\"entered\", \"reviewed\"]\nreason = \"opinion\"",
        "roles = []\nafter_wait = true",
    )
    .expect("a step behind a notice has something to wait for");
}

#[test]
fn nothing_gets_round_the_days_of_a_notice() {
    check(&[
        ("days = \"notice_days\", photo", "photo", "publicity", "缺少 `days`", ""),
        ("days = \"notice_days\", photo", "days = 0, photo", "publicity", "至少要有一天", ""),
        ("days = \"notice_days\", photo", "days = \"notice_day\", photo", "publicity", "没有参数", "notice_days"),
        ("days = \"notice_days\", photo", "days = \"income_line\", photo", "publicity", "不是天数", ""),
        ("photo = \"photo\"", "photo = \"opinion\"", "publicity", "kind", ""),
        ("photo = \"photo\"", "photo = \"phot\"", "publicity", "没有列", "photo"),
        ("objections = \"objection\"", "objections = \"objections\"", "publicity", "没有子记录", "objection"),
        ("settled = \"outcome is not null\"", "settled = \"outcome\"", "publicity", "条件", ""),
        ("objections = \"objection\", settled", "settled", "publicity", "没有写异议登记在哪里", "objections"),
        (
            "to = \"reviewed\"\nroles = [\"clerk\"]\nwhen",
            "to = \"public\"\nroles = [\"clerk\"]\nwhen",
            "public",
            "不公示就到了",
            "",
        ),
        (
            "reason = \"opinion\"\nstops_clock",
            "returns_to = [\"public\"]\nreason = \"opinion\"\nstops_clock",
            "public",
            "没有新的公示",
            "",
        ),
        (
            ", settled = \"outcome is not null\" }",
            " }\n[[step]]\nname = \"x\"\nlabel = \"甲\"\nlabel_en = \"X\"\nfrom = [\"public\"]\nto = \"public\"\nroles = [\"clerk\"]",
            "public",
            "不公示就到了",
            "",
        ),
    ]);
    // Without `settled` an objection needs a way back.
    let both = fs::read_to_string(fixtures().join("steps").join(APPLICATION)).expect("reads");
    let no_way = both
        .replace(", settled = \"outcome is not null\"", "")
        .replace("returns_to = [\"entered\", \"reviewed\"]\nreason = \"opinion\"\ndocument", "document");
    let problems = load_with(&both, &no_way).expect_err("an objection must lead somewhere");
    assert!(problems.0.iter().any(|problem| problem.what.chinese().contains("退不回去")), "{problems}");
}

#[test]
fn a_parameter_of_a_length_is_unset_or_at_least_a_day() {
    let value = |amount: &str| {
        format!(
            "[[value]]\nfrom = 2024-07-01\nregion = \"990101\"\n{amount}\nsource = \"山前县 2024\"\ngrade = \"A\"\n"
        )
    };
    for (amount, is_refused) in [("unset = true", false), ("amount = 0", true), ("amount = 1", false)] {
        for in_overlay in [false, true] {
            let copy = Copy::new();
            let (root, overlay) = (copy.folder.path().join("steps"), copy.folder.path().join("laid"));
            match in_overlay {
                true => {
                    fs::create_dir_all(overlay.join("parameters")).expect("makes");
                    fs::write(overlay.join("parameters/notice_days.toml"), value(amount)).expect("writes");
                }
                false => {
                    let file = root.join("parameters/notice_days.toml");
                    let text = fs::read_to_string(&file).expect("reads");
                    fs::write(file, text.replacen("amount = 7", amount, 1)).expect("writes");
                }
            }
            let overlays = if in_overlay { vec![overlay] } else { Vec::new() };
            let loaded = Package::load(&root, &overlays);
            assert_eq!(loaded.is_err(), is_refused, "{amount}, overlay: {in_overlay}");
            let Err(problems) = loaded else { continue };
            let said = |problem: &policy::Problem| {
                problem.line_text.contains("notice_days")
                    && ["notice_days", "2024-07-01", "990101", "0 天"]
                        .iter()
                        .all(|part| problem.what.chinese().contains(part))
                    && problem.hint.chinese().contains("unset")
            };
            assert!(problems.0.iter().any(said), "{problems}");
        }
    }
}

#[test]
fn deadlines_and_their_clocks_hold_together() {
    check(&[
        ("from_states = [\"entered\"]", "from_states = [\"enter\"]", "enter\"", "没有状态", "entered"),
        ("from_states = [\"entered\"]", "from_states = []", "from_states", "不能空着", ""),
        (
            "until_states = [\"approved\"]",
            "until_states = [\"approved\", \"entered\"]",
            "until",
            "既是期限的起点又是终点",
            "",
        ),
        ("days = 15", "days = 0", "days", "至少要有一天", ""),
        ("days = 15", "days = \"notice_day\"", "notice_day", "没有参数", "notice_days"),
        ("name = \"file_away\"", "name = \"decide\"", "decide", "重复", ""),
        ("stops_clock = [\"decide\"]", "stops_clock = [\"decides\"]", "decides", "没有期限", "decide"),
        ("resumes_clock = [\"decide\"]", "resumes_clock = [\"file_away\"]", "file_away", "没有步骤停过", ""),
        (
            "stops_clock = [\"decide\"]",
            "stops_clock = [\"decide\"]\nresumes_clock = [\"decide\"]",
            "stops_clock",
            "不能既停又续",
            "",
        ),
    ]);
    let package = load_with("resumes_clock = [\"decide\"]", "asks = [\"opinion\"]");
    assert!(package.is_err(), "a reason without use is refused");
    let package = load_with("reason = \"opinion\"\nresumes_clock = [\"decide\"]", "").expect("loads");
    assert!(
        package.warnings.iter().any(|problem| problem.what.chinese().contains("没有步骤让它继续")),
        "{:?}",
        package.warnings
    );
}

#[test]
fn what_a_step_opens_is_whole() {
    check(&[
        ("register = \"help_case\"", "register = \"help\"", "help\"", "没有台账 `help`", "help_case"),
        ("key = [\"household_no\"]\n\n[step.opens", "key = []\n\n[step.opens", "key", "没办完", "key"),
        (
            "key = [\"household_no\"]\n\n[step.opens",
            "key = [\"house_no\"]\n\n[step.opens",
            "house_no",
            "没有列",
            "household_no",
        ),
        ("key = [\"household_no\"]\n\n[step.opens", "key = [\"note\"]\n\n[step.opens", "note", "没有列", ""),
        ("opened_on = \"day\"\n", "", "fields", "必填的字段没有给:opened_on", "fields"),
        ("household_no = \"household_no\"\n", "", "household_no", "没有写取什么值", "fields"),
        ("is_large = \"member_count > 3\"", "is_larger = \"member_count > 3\"", "is_larger", "没有字段", "is_large"),
        ("is_large = \"member_count > 3\"", "is_large = \"member_count\"", "is_large", "算出来的是", ""),
        ("short_fen = \"p.income_line - income_fen\"", "short_fen = \"member_count\"", "short_fen", "算出来的是", ""),
        (
            "short_fen = \"p.income_line - income_fen\"",
            "short_fen = \"incom_fen\"",
            "short_fen",
            "没有 `incom_fen`",
            "income_fen",
        ),
        ("head_name = \"head_name\"\n", "head_name = \"household_no\"\n", "head_name", "只能照搬", ""),
        ("region_code = \"region_code\"\nopened", "region_code = \"'99'\"\nopened", "region_code", "只能照搬", ""),
        ("household_no = \"household_no\"\nregion", "household_no = \"head_phone\"\nregion", "head_phone", "", "敏感"),
    ]);
}

#[test]
fn what_a_step_takes_along_can_go_along() {
    check(&[
        ("register = \"lead\"", "register = \"leads\"", "leads", "没有台账", "lead"),
        ("step = \"close\"", "step = \"closed\"", "closed", "没有步骤", "close"),
        ("of = \"lead_no\"", "of = \"lead\"", "of =", "没有字段", "lead_no"),
        ("of = \"lead_no\"", "of = \"household_no\"", "household_no", "不指向 `lead`", "match"),
        ("of = \"lead_no\"\n", "", "", "of 和 match", "match"),
        ("of = \"lead_no\"", "of = \"lead_no\"\nmatch = { lead_no = \"lead_no\" }", "of", "of 和 match", ""),
        ("of = \"lead_no\"", "match = { lead_no = \"member_count\" }", "match", "两边的 kind 不同", ""),
        ("outcome = \"'已纳入帮扶'\"", "outcome = \"member_count\"", "outcome", "算出来的是", ""),
        ("document = \"approval_letter\"", "document = \"Approval letter\"", "document", "文书的名称", ""),
        (
            "register = \"lead\"\nstep = \"close\"\nof = \"lead_no\"\nfields = { outcome = \"'已纳入帮扶'\" }",
            "register = \"application\"\nstep = \"approve\"\nmatch = { household_no = \"household_no\" }",
            "approve",
            "不能由别的步骤带着办",
            "",
        ),
        (
            "wait_days = 3",
            "advances = [{ register = \"application\", step = \"archive\", match = { household_no = \"household_no\" } }]\nwait_days = 3",
            "advances",
            "绕回它自己",
            "",
        ),
    ]);
    load_with("of = \"lead_no\"", "match = { lead_no = \"lead_no\" }").unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn working_days_of_a_notice_or_deadline_need_a_calendar() {
    let copy = Copy::new();
    let root = copy.folder.path().join("steps");
    fs::remove_file(root.join("calendar.toml")).expect("removes");
    let problems = crate::load(&root, &[]).expect_err("working days without a calendar");
    let of_calendar = problems.0.iter().filter(|problem| problem.what.chinese().contains("工作日历"));
    assert_eq!(of_calendar.count(), 2, "the deadline and the step: {problems}");
}
