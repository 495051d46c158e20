//! Every key of a register is checked, and a mistake is shown where it stands.

use crate::Copy;

const WELL: &str = "registers/well.toml";

/// What stands in the fixture, what replaces it, part of the marked line, of the message, of the hint.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn check(mistakes: &[Mistake]) {
    let mut wrong = Vec::new();
    for (before, after, line, message, hint) in mistakes {
        let copy = Copy::new();
        let text = copy.read(WELL);
        assert!(text.contains(before), "{before}");
        copy.write(WELL, &text.replacen(before, after, 1));
        let Err(problems) = copy.load() else {
            wrong.push(format!("accepted: {after}"));
            continue;
        };
        let is_it = |problem: &&policy::Problem| {
            problem.is_error()
                && problem.file.ends_with(WELL)
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
fn kinds_go_with_what_they_need() {
    check(&[
        ("section = \"basics\"", "section = \"basic\"", "basic", "没有分组", "basics"),
        (
            "codes = \"risk_type\"\nmany = true",
            "codes = \"risk_types\"\nmany = true",
            "risk_types",
            "没有代码表",
            "risk_type",
        ),
        (
            "kind = \"code\"\ncodes = \"risk_type\"\nmany = true",
            "kind = \"text\"\nmany = true",
            "true",
            "才能多选",
            "kind",
        ),
        ("to = \"well\"", "to = \"wells\"", "wells", "没有台账", "well"),
        ("kind = \"reference\"\nto = \"well\"", "kind = \"reference\"", "reference", "指向", "to ="),
        ("kind = \"reference\"\nto = \"well\"", "kind = \"text\"\nto = \"well\"", "well", "只有", "删去 to"),
        ("unit = \"升/人·天\"", "unit = \"升\"\nto = \"well\"", "well", "只有", "to"),
        (
            "label_en = \"Cost\"\nkind = \"fen\"",
            "label_en = \"Cost\"\nkind = \"fen\"\nunit = \"元\"",
            "元",
            "单位",
            "金额",
        ),
        ("department = \"medical\"", "department = \"medicine\"", "medicine", "代码表 department", ""),
        ("name = \"litre_count\"", "name = \"version\"", "version", "系统自用", ""),
        ("name = \"litre_count\"", "name = \"dug_on_find\"", "dug_on_find", "系统自用", ""),
        ("name = \"part_count\"", "name = \"due_on\"", "due_on", "系统自用", ""),
        ("name = \"repair\"", "name = \"r__r\"", "r__r", "名称", ""),
        ("key = [\"well_no\"]", "key = [\"trouble_codes\"]", "key", "不能用来确定", ""),
        ("key = [\"well_no\"]", "key = [\"grade_code\"]", "key", "算出来", ""),
        ("key = [\"well_no\"]", "key = [\"well_no\", \"well_no\"]", "key", "重复", ""),
        ("key = [\"well_no\"]", "of = \"household\"\nkey = [\"well_no\"]", "", "household_no", ""),
        ("key = [\"well_no\"]", "of = \"resident\"\nkey = [\"well_no\"]", "resident", "证件号码", ""),
    ]);
}

#[test]
fn what_is_calculated_has_a_type_and_no_circle() {
    check(&[
        (
            "derived = \"part_fen * part_count\"",
            "derived = \"part_fen * part_counts\"",
            "part_counts",
            "没有 `part_counts`",
            "part_count",
        ),
        ("derived = \"part_fen * part_count\"", "derived = \"part_count\"", "part_count", "算出来的是整数", "kind"),
        (
            "derived = \"part_fen * part_count\"",
            "derived = \"part_fen * part_count\"\nrequired = true",
            "true",
            "必填",
            "required",
        ),
        (
            "derived = \"part_fen * part_count\"",
            "derived = \"part_fen * part_count\"\nclass = \"sensitive\"",
            "sensitive",
            "敏感",
            "",
        ),
        (
            "derived = \"part_fen * part_count\"",
            "total = { of = \"share\", value = \"count()\" }",
            "total",
            "子记录下面没有子记录",
            "",
        ),
        ("derived = \"part_fen * part_count\"", "derived = \"cost_fen * part_count\"", "cost_fen", "绕回", ""),
        (
            "case when litre_count is null then null when litre_count >= 40 then '1' else '2' end",
            "case when litre_count >= 40 then '3' else '2' end",
            "litre_count",
            "代码表 visit 里没有 `3`",
            "",
        ),
        (
            "case when litre_count is null then null when litre_count >= 40 then '1' else '2' end",
            "case when grade_code = '2' then '1' else '2' end",
            "grade_code",
            "绕回",
            "",
        ),
        (
            "case when litre_count is null then null when litre_count >= 40 then '1' else '2' end",
            "well_no",
            "well_no",
            "不一定是代码表 visit",
            "",
        ),
        (
            "when litre_count >= 40 then",
            "when trouble_codes = '01' then",
            "trouble_codes",
            "没有 `trouble_codes`",
            "多选",
        ),
        ("when litre_count >= 40 then", "when state = 'used' then", "state", "没有 `state`", ""),
        (
            "of = \"share\", value = \"sum(share_rate)\"",
            "of = \"shares\", value = \"sum(share_rate)\"",
            "shares",
            "没有子记录",
            "share",
        ),
        ("value = \"sum(share_rate)\"", "value = \"sum(rate)\"", "rate", "没有 `rate`", "检查名称"),
        ("value = \"sum(share_rate)\"", "value = \"sum(holder)\"", "holder", "要数或金额", ""),
        ("value = \"sum(share_rate)\"", "value = \"avg(share_rate)\"", "avg", "没有汇总", ""),
        ("where = \"is_paid\"", "where = \"part_count\"", "part_count", "这里要一个条件", ""),
        ("value = \"sum(cost_fen)\"", "value = \"count()\"", "count()", "算出来的是整数", ""),
        (
            "total = { of = \"share\", value = \"count()\" }",
            "total = { of = \"share\", value = \"count()\" }\nderived = \"litre_count\"",
            "total",
            "只能写一个",
            "",
        ),
        (
            "derived = \"part_fen * part_count\"",
            "derived = \"case when day > date '2024-01-01' then part_fen end\"",
            "day",
            "今天",
            "check",
        ),
        ("derived = \"part_fen * part_count\"", "derived = \"part_fen * month(day)\"", "day", "今天", "check"),
        (
            "value = \"count()\" }\n\n[[child]]",
            "where = \"day > date '2024-01-01'\", value = \"count()\" }\n\n[[child]]",
            "day",
            "今天",
            "check",
        ),
    ]);
}

#[test]
fn constraints_look_where_there_is_something() {
    check(&[
        ("from = \"well\", match", "from = \"wells\", match", "wells", "没有台账", "well"),
        ("match = { region_code = \"region_code\" }", "match = {}", "match", "按什么字段去找", ""),
        (
            "match = { region_code = \"region_code\" }",
            "match = { region = \"region_code\" }",
            "region",
            "没有字段 `region`",
            "region_code",
        ),
        (
            "match = { region_code = \"region_code\" }",
            "match = { region_code = \"region\" }",
            "region",
            "没有字段 `region`",
            "region_code",
        ),
        (
            "match = { region_code = \"region_code\" }",
            "match = { region_code = \"dug_on\" }",
            "dug_on",
            "kind 不同",
            "",
        ),
        (
            "match = { region_code = \"region_code\" }",
            "match = { trouble_codes = \"trouble_codes\" }",
            "trouble_codes",
            "多选",
            "",
        ),
        ("where = \"state = 'used'\"", "where = \"state = 'use'\"", "'use'", "没有 'use'", "'used' 在用"),
        ("where = \"state = 'used'\"", "where = \"others = 0\"", "others", "没有 `others`", ""),
        (
            "holds = \"state <> 'used' or others = 0\"",
            "holds = \"state <> 'used' or other = 0\"",
            "other = 0",
            "没有 `other`",
            "others",
        ),
        ("holds = \"state <> 'used' or others = 0\"", "holds = \"state <> 'used'\"", "others", "没有用到", ""),
        ("holds = \"state <> 'used' or others = 0\"", "holds = \"others\"", "others", "这里要一个条件", ""),
        ("found = { others", "found = { litre_count", "litre_count", "已经是字段", ""),
        ("found = { others", "found = { select", "select", "不能用作名称", ""),
        ("columns = [\"region_code\"]", "columns = [\"region\"]", "region", "没有列", ""),
        ("what = \"本村已有在用的水井\"", "what = \" \"", "what", "不能空着", ""),
        ("holds = \"dug_on <= day\"", "holds = \"dug_on\"", "dug_on", "这里要一个条件", ""),
    ]);
}

#[test]
fn lists_rights_and_known_values_name_what_is_there() {
    check(&[
        ("sortable = [\"dug_on\"]", "sortable = [\"dug\"]", "dug", "没有列", "dug_on"),
        ("sortable = [\"dug_on\"]", "sortable = [\"trouble_codes\"]", "trouble_codes", "多选", ""),
        ("sort = [\"well_no\"]", "sort = [\"trouble_codes\"]", "trouble_codes", "多选", ""),
        ("filter = [\"grade_code\", \"region_code\"]", "filter = [\"well\"]", "\"well\"", "没有列", ""),
        ("may_see = [\"clerk\"]", "may_see = [\"clark\"]", "clark", "没有角色", "clerk"),
        ("may_see = [\"clerk\"]\nmay_enter", "may_see = []\nmay_enter", "may_enter", "看不到", ""),
        ("may_enter = [\"clerk\"]", "may_unmask = [\"clark\"]", "clark", "没有角色", "clerk"),
        ("may_enter = [\"clerk\"]", "may_export = [\"clark\"]", "clark", "没有角色", "clerk"),
        ("may_enter = [\"clerk\"]", "may_enter = [\"clark\"]", "clark", "没有角色", "clerk"),
        ("section = \"basics\"", "known_from = [\"household.numbre\"]", "numbre", "没有字段", ""),
        ("section = \"basics\"", "known_from = [\"house.household_no\"]", "house", "没有台账或数据源", "household"),
        ("section = \"basics\"", "known_from = [\"household.income_fen\"]", "income_fen", "不是同一种", ""),
        ("section = \"basics\"", "known_from = [\"resident.illness\"]", "illness", "敏感", ""),
    ]);
}

#[test]
fn steps_ask_for_what_people_can_give() {
    check(&[
        ("required = [\"dug_on\"]", "required = [\"dug\"]", "dug", "没有列", "dug_on"),
        ("required = [\"dug_on\"]", "required = [\"grade_code\"]", "grade_code", "算出来", ""),
        ("required = [\"dug_on\"]", "asks = [\"nothing\"]", "nothing", "没有列", ""),
        ("required_child = [\"share\"]", "required_child = [\"shares\"]", "shares", "没有子记录", "share"),
        ("not_by_who_entered = true", "notifies = [\"clark\"]", "clark", "没有角色", "clerk"),
        ("not_by_who_entered = true", "in_working_days = true", "true", "工作日历", "calendar.toml"),
        ("name = \"open_well\"", "name = \"withdraw\"", "withdraw", "系统自用", ""),
        ("from = [\"planned\"]", "from = []", "[]", "没有起点", ""),
        ("from = [\"planned\"]", "from = [\"closed\"]", "closed", "终止状态", ""),
        ("initial = true", "initial = false", "", "起始状态", ""),
    ]);
}

#[test]
fn a_calendar_says_only_days_of_its_year() {
    let year = |off: &str, worked: &str| {
        format!("[[year]]\nyear = 2024\noff = [{off}]\nworked = [{worked}]\nsource = \"示例\"\n")
    };
    let cases = [
        (year("2024-02-12, 2024-02-13", "2024-02-04"), ""),
        (year("2025-02-12", ""), "不在 2024 年"),
        (year("", "2024-02-05"), "不是周末"),
        (year("2024-02-12, 2024-02-12", ""), "重复"),
        (year("2024-02-04", "2024-02-04"), "重复"),
        (format!("{}{}", year("", ""), year("", "")), "写了两次"),
    ];
    for (text, message) in cases {
        let copy = Copy::new();
        copy.write("calendar.toml", &text);
        copy.edit(WELL, "not_by_who_entered = true", "in_working_days = true");
        match copy.load() {
            Ok(package) => assert!(message.is_empty() && package.calendar.is_set(2024), "{text}"),
            Err(problems) => {
                let is_it = |problem: &policy::Problem| {
                    problem.file.ends_with("calendar.toml") && problem.what.chinese().contains(message)
                };
                assert!(!message.is_empty() && problems.0.iter().any(is_it), "{text}{problems}");
            }
        }
    }
}

#[test]
fn a_register_that_calculates_has_cases() {
    let copy = Copy::new();
    std::fs::remove_file(copy.path("registers/well.cases.toml")).expect("removes");
    let package = copy.load().expect("only a warning");
    assert!(package.warnings[0].to_string().contains("没有用例(well.cases.toml)"), "{}", package.warnings[0]);
    assert_eq!(package.warnings.len(), 1, "registers that say nothing of their own need none");
}
