//! What a case that fails says: where, what came out, and what helps.

use crate::{Copy, in_english};
use policy::{Package, Problem, StepTaken, run_cases, run_cases_with};
use std::fs;
use words::Wording;

const RULE: &str = "rules/spending_high.cases.toml";
const WELL: &str = "registers/well.cases.toml";

/// The one case of a file, instead of those that stand there.
fn failed(file: &str, case: &str) -> Option<Problem> {
    let copy = Copy::new();
    copy.write(file, &format!("[[case]]\nname = \"甲\"\nday = 2024-06-30\n{case}\n"));
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let mut report = run_cases(&package);
    assert!(report.failed.len() < 2, "{:?}", report.failed);
    let problem = report.failed.pop()?;
    assert!(problem.file.ends_with(file) && problem.is_error(), "{problem}");
    in_english::check_problem(&problem);
    Some(problem)
}

/// The case, the text that is marked, message and hint; or nothing where the case passes.
type Told<'a> = (&'a str, Option<(&'a str, &'a str, &'a str)>);

fn check(file: &str, cases: &[Told<'_>]) {
    for (case, wanted) in cases {
        let found = failed(file, case);
        let told = found.map(|problem| {
            let marked: String = problem.line_text.chars().skip(problem.column - 1).take(problem.span_len).collect();
            (marked, problem.what.chinese().to_owned(), problem.hint.chinese().to_owned())
        });
        let wanted =
            wanted.map(|(marks, message, hint)| (marks.to_owned(), format!("用例「甲」:{message}"), hint.to_owned()));
        assert_eq!(told, wanted, "{case}");
    }
}

const WRITE: &str = "金额写分(整数),小数写成文字 \"0.5\",日期写 2021-05-27,未知写 \"unknown\"";

#[test]
fn cases_of_rules_show_the_values_that_were_used() {
    let given = "given = { household_self_paid_fen = 600001 }\nparameters = { spending_line = 600000 }\n";
    let case = |rest: &str| format!("{given}{rest}");
    check(
        RULE,
        &[
            (&case("expect = true"), None),
            (&case("expect = true\nband = 1"), None),
            (&case("expect = false"), Some(("false", "应得 否,实得 是", TRACE))),
            (
                &case("expect = true\nband = 2"),
                Some(("2", "应为第 2 档,实为第 1 档", "value = 6,000.01元(600001分),line = 6,000.00元(600000分)")),
            ),
            (&case("expect = \"unknown\""), Some(("\"unknown\"", "应得 未知,实得 是", TRACE))),
            (&case("expect = 1"), Some(("1", "`1` 不是是否值", WRITE))),
            (
                &case("expect = true\nbecause = \"别的\""),
                Some((
                    "\"别的\"",
                    "说明句不一致",
                    "实际为:近12个月自付 6,000.01元,超过监测线 6,000.00元;收入 未知,风险 未知,比例 50%",
                )),
            ),
        ],
    );
    check(
        RULE,
        &[
            (
                "given = { household_self_pad_fen = 1 }\nexpect = true",
                Some(("1", "这里没有 `household_self_pad_fen`", "是不是 `household_self_paid_fen`?")),
            ),
            ("given = { land_mu = true }\nexpect = true", Some(("true", "`true` 不是小数", WRITE))),
            ("given = { income_fen = \"1.5\" }\nexpect = true", Some(("\"1.5\"", "`\"1.5\"` 不是金额", WRITE))),
            ("given = { is_monitored = \"unknown\" }\nexpect = \"unknown\"", None),
            (
                "parameters = { spending = 1 }\nexpect = true",
                Some(("1", "这里没有 `spending`", "是不是 `spending_line`?")),
            ),
            ("parameters = { spending_line = \"unknown\" }\nexpect = \"unknown\"", None),
        ],
    );
}

const TRACE: &str = "用到的值:household_self_paid_fen = 6,000.01元(600001分),p.spending_line = 6,000.00元(600000分),is_monitored = 未知";

#[test]
fn a_case_that_fails_is_told_in_english_too() {
    let spent = "given = { household_self_paid_fen = 600001 }\nparameters = { spending_line = 600000 }\nexpect = false";
    let row = "{ settled_on = 2024-06-30, visit_code = \"1\", total_fen = 7, reimbursed_fen = 0 }";
    let one_row = format!("rows = [{row}]\nexpect = 8");
    let cases = [
        (
            RULE,
            spent,
            "expected no, found yes",
            "values used: household_self_paid_fen = 6,000.01 yuan (600001 fen), p.spending_line = 6,000.00 yuan (600000 fen), is_monitored = unknown",
        ),
        (
            "facts/self_paid_12m_fen.cases.toml",
            one_row.as_str(),
            "expected 0.08 yuan (8 fen), found 0.07 yuan (7 fen)",
            "of 1 row 1 is within the window",
        ),
        (WELL, "state = \"open\"\nexpect = true", "there is no state `open`", "available: planned, used, closed"),
    ];
    for (file, case, what, hint) in cases {
        let problem = failed(file, case).unwrap_or_else(|| panic!("{case}: passes"));
        assert_eq!(problem.what.english(), format!("case “甲”: {what}"), "{case}");
        assert_eq!(problem.hint.english(), hint, "{case}");
    }
}

#[test]
fn cases_of_facts_say_how_many_rows_were_in_the_window() {
    let row = |on: &str| format!("{{ settled_on = {on}, visit_code = \"1\", total_fen = 7, reimbursed_fen = 0 }}");
    let rows = format!("rows = [{}, {}, {}]\n", row("2023-06-30"), row("2023-07-01"), row("2024-06-30"));
    check(
        "facts/self_paid_12m_fen.cases.toml",
        &[
            (&format!("{rows}expect = 14"), None),
            (&format!("{rows}expect = 21"), Some(("21", "应得 0.21元(21分),实得 0.14元(14分)", "3 行中 2 行在窗口内"))),
            (&format!("{rows}expect = \"0.14\""), Some(("\"0.14\"", "`\"0.14\"` 不是金额", WRITE))),
            ("expect = 0", None),
            (
                "rows = [{ total_fen = 7 }, { totl_fen = 7 }]\nexpect = 0",
                Some(("7", "这里没有 `totl_fen`", "是不是 `total_fen`?")),
            ),
            (
                "rows = [{ illness = \"x\" }]\nexpect = 0",
                Some(("\"x\"", "这里没有 `illness`", "检查名称是否写对,或先声明它")),
            ),
        ],
    );
    check(
        "facts/income_per_person_fen.cases.toml",
        &[
            ("given = { income_fen = 100, member_count = 3 }\nexpect = 33", None),
            (
                "given = { income_fen = 100, member_count = 3 }\nexpect = 34",
                Some((
                    "34",
                    "应得 0.34元(34分),实得 0.33元(33分)",
                    "用到的值:income_fen = 1.00元(100分),member_count = 3",
                )),
            ),
        ],
    );
}

#[test]
fn cases_of_parameters_and_indicators_know_day_place_and_what_cannot_be_told() {
    check(
        "parameters/spending_line.cases.toml",
        &[
            ("expect = \"unknown\"", None),
            (
                "region = \"990101\"\nexpect = \"unknown\"",
                Some(("\"unknown\"", "应得 未知,实得 5,500.00元(550000分)", "")),
            ),
            ("region = \"990101\"\nexpect = 550000", None),
            ("region = \"990101\"\nparameters = { spending_share = \"0.1\" }\nexpect = 110000", None),
        ],
    );
    check(
        "indicators/monitored_share.cases.toml",
        &[
            ("rows = [{ is_monitored = true }, {}]\nexpect = \"1\"", None),
            ("rows = [{}]\nexpect = \"unknown\"", None),
            ("rows = []\nexpect = \"unknown\"", None),
            (
                "rows = [{ is_monitored = true }, { is_monitored = false }, {}]\nexpect = \"0.3333\"",
                Some(("\"0.3333\"", "应得 0.3333,实得 0.5", "分子 1,分母 2,情况不明 1")),
            ),
            (
                "rows = [{ is_monitored = true }, { is_monitored = false }, { is_monitored = false }]\nexpect = \"0.3333\"",
                None,
            ),
        ],
    );
}

#[test]
fn cases_of_registers_name_calculated_fields_and_what_fails() {
    check(
        WELL,
        &[
            ("given = { litre_count = 40 }\nexpect = { litre_grade_code = \"1\", failing = [] }", None),
            (
                "given = { litre_count = 40 }\nexpect = { litre_grade_code = \"2\" }",
                Some(("\"2\"", "应得 2,实得 1", "")),
            ),
            (
                "given = { litre_grade_code = \"1\" }\nexpect = { grade_code = \"1\" }",
                Some(("\"1\"", "`litre_grade_code` 是算出来的,不能给定", "给它所依据的字段")),
            ),
            (
                "given = { trouble_codes = \"01,09\" }\nexpect = { failing = [] }",
                Some(("\"01,09\"", "代码表 risk_type 里没有 `09`", "写代码,不写名称")),
            ),
            ("given = { trouble_codes = \"01,02\" }\nexpect = { failing = [] }", None),
            (
                "expect = { litre_count = 1 }",
                Some((
                    "1",
                    "`litre_count` 不是算出来的字段",
                    "可用:litre_grade_code、owner_count、repair_fen、share_rate_total、walk_grade_code、grade_code、failing",
                )),
            ),
            (
                "expect = true",
                Some((
                    "true",
                    "台账的用例要写出期望的字段或不通过的检查",
                    "写 expect = { 算出的字段 = 值, failing = [\"…\"] },或加 step 写 true / false",
                )),
            ),
            (
                "state = \"open\"\nexpect = { failing = [] }",
                Some(("\"open\"", "没有状态 `open`", "可用:planned、used、closed")),
            ),
            (
                "child = { shares = [] }\nexpect = { failing = [] }",
                Some(("[]", "没有子记录 `shares`", "是不是 `share`?")),
            ),
            (
                "child = { share = [{ share_rat = \"1\" }] }\nexpect = { failing = [] }",
                Some(("\"1\"", "这里没有 `share_rat`", "是不是 `share_rate`?")),
            ),
            (
                "to = \"used\"\nexpect = { failing = [] }",
                Some(("\"used\"", "没有 step,to 和 effects 用不上", "写 step = { … }")),
            ),
        ],
    );
}

#[test]
fn a_step_is_held_against_where_it_leads_and_what_follows() {
    let copy = Copy::new();
    let case = |rest: &str| {
        format!(
            "[[case]]\nname = \"甲\"\nday = 2024-06-30\nstep = {{ name = \"open_well\", role = \"clerk\" }}\n{rest}\n"
        )
    };
    let judged = |rest: &str, answer: Result<StepTaken, &str>| {
        copy.write(WELL, &case(rest));
        let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
        let answer = answer.map_err(|why| Wording::pair(why, "no share"));
        let report = run_cases_with(&package, &|_: &Package, _| answer.clone());
        report.failed.iter().for_each(in_english::check_problem);
        report
            .failed
            .iter()
            .map(|problem| (problem.line, problem.what.chinese().to_owned(), problem.hint.chinese().to_owned()))
            .collect::<Vec<_>>()
    };
    let taken =
        || Ok(StepTaken { to: "used".to_owned(), effects: vec!["notify clerk".to_owned(), "document x".to_owned()] });
    let told = |line: usize, message: &str, hint: &str| vec![(line, format!("用例「甲」:{message}"), hint.to_owned())];
    assert_eq!(judged("expect = true", taken()), []);
    assert_eq!(judged("expect = true\nto = \"used\"\neffects = [\"notify clerk\", \"document x\"]", taken()), []);
    assert_eq!(judged("expect = false", taken()), told(5, "应得 否,实得 是", ""));
    assert_eq!(judged("expect = true", Err("没有份额")), told(5, "应得 是,实得 否", "没有份额"));
    assert_eq!(judged("expect = false\nto = \"used\"", Err("没有份额")), [], "where nothing is done nothing follows");
    assert_eq!(judged("expect = true\nto = \"closed\"", taken()), told(6, "应到状态 `closed`,实到 `used`", ""));
    assert_eq!(
        judged("expect = true\neffects = [\"document x\", \"notify clerk\"]", taken()),
        told(6, "应有的后续是 [document x;notify clerk],实为 [notify clerk;document x]", "按先后写,一字不差"),
    );
    assert_eq!(judged("expect = true\neffects = []", taken()).len(), 1, "none is none");
}

#[test]
fn a_case_gives_its_judge_all_that_it_says() {
    let copy = Copy::new();
    copy.write(
        WELL,
        "[[case]]\nname = \"甲\"\nday = 2024-06-30\nregion = \"990101\"\nstate = \"used\"\n\
         given = { litre_count = 39, walk_minutes = 5, dug_on = 2024-01-01 }\nchild = { share = [{ share_rate = \"1\" }] }\n\
         parameters = { spending_line = 7 }\nexpect = true\n\
         step = { name = \"close_well\", role = \"clerk\", since = 2024-06-01, is_own = true, approved_by = [\"county\"] }\n",
    );
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let report = run_cases_with(&package, &|package: &Package, step| {
        assert_eq!((step.register, step.state, step.asked.name.as_str()), ("well", "used", "close_well"));
        assert_eq!(
            (step.asked.role.as_str(), step.asked.is_own, &step.asked.approved_by[..]),
            ("clerk", true, &["county".to_owned()][..])
        );
        assert_eq!((step.day.to_string(), step.since.to_string()), ("2024-06-30".to_owned(), "2024-06-01".to_owned()));
        assert_eq!(step.region.to_string(), "990101000000");
        assert_eq!(step.given, ["dug_on", "litre_count", "walk_minutes"]);
        assert!(step.filled.contains(&"grade_code"), "calculated fields are filled: {:?}", step.filled);
        assert_eq!(step.children, ["share"]);
        let at = package.registers["well"].field.iter().position(|field| field.name == "grade_code").expect("a field");
        assert_eq!(step.fields[at], model::Value::Text("2".to_owned()));
        let line = (step.parameters)("spending_line", step.day);
        assert_eq!(line, model::Value::Fen(model::Fen(7)));
        assert_eq!((step.parameters)("nothing", step.day), model::Value::Null);
        Ok(StepTaken::default())
    });
    assert_eq!(report.passed, run_cases(&package).passed + 1, "a case without a judge is not run: {:?}", report.failed);
}

#[test]
fn sums_that_do_not_fit_are_told() {
    let copy = Copy::new();
    fs::write(
        copy.path("indicators/all_income.toml"),
        "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nnumerator = \"sum(income_fen)\"\n",
    )
    .expect("writes");
    let case = |fen: &str, expect: &str| {
        format!(
            "[[case]]\nname = \"甲\"\nday = 2024-06-30\nrows = [{{ income_fen = {fen} }}, {{ income_fen = 1 }}]\nexpect = {expect}\n"
        )
    };
    for (fen, expect, message) in [
        ("9223372036854775806", "9223372036854775807", None),
        ("9223372036854775807", "9223372036854775807", Some("用例「甲」:合计超出范围")),
    ] {
        copy.write("indicators/all_income.cases.toml", &case(fen, expect));
        let report = run_cases(&copy.load().unwrap_or_else(|problems| panic!("{problems}")));
        assert_eq!(report.failed.first().map(|problem| problem.what.chinese()), message, "{fen}");
    }
}
