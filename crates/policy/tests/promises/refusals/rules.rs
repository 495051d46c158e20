//! Facts and rules.

use super::{Changed, check, told};

const RULE: &str = "rules/spending_high.toml";

#[test]
fn a_rule_says_what_it_raises_and_how_grave_it_is() {
    check(
        "package",
        RULE,
        &[
            (
                "risk = \"01\"\n",
                "",
                "label = \"自付过高\"",
                "筛查规则要写风险类型",
                "risk = \"代码表 risk_type 的代码\"",
                "",
            ),
            ("risk = \"01\"", "risk = \"9\"", "\"9\"", "代码表 risk_type 里没有 `9`", "可用:01、02", "risk = \"02\""),
            (
                "kind = \"screening\"",
                "kind = \"quality\"",
                "label = \"自付过高\"",
                "质量规则要写数据归谁管",
                "owner = \"代码表 department 的代码\"",
                "kind = \"quality\"\nowner = \"medical\"",
            ),
            (
                "kind = \"screening\"",
                "kind = \"quality\"\nowner = \"school\"",
                "\"school\"",
                "代码表 department 里没有 `school`",
                "可用:medical",
                "kind = \"flag\"",
            ),
            ("points = 20", "points = 0", "0", "筛查规则的分值要在 1 到 100 之间", "points = 1 到 100", "points = 1"),
            (
                "points = 20",
                "points = 101",
                "101",
                "筛查规则的分值要在 1 到 100 之间",
                "points = 1 到 100",
                "points = 100",
            ),
            (
                "over = \"household\"",
                "over = \"village\"",
                "\"village\"",
                "规则只能按户或按人",
                "写 over = \"household\" 或 \"resident\";村的数写成指标",
                "",
            ),
            (
                "bands = [1.0, 1.5, 2.0]",
                "bands = [1.0, 1.5, 1.5]",
                "[1.0, 1.5, 1.5]",
                "档次要依次变大(或依次变小)",
                "例如 [1.0, 1.5, 2.0]",
                "bands = [1.0, 0.8, 0.5]",
            ),
            (
                "bands = [1.0, 1.5, 2.0]",
                "bands = [1.0, 1.5, 1.2]",
                "[1.0, 1.5, 1.2]",
                "档次要依次变大(或依次变小)",
                "例如 [1.0, 1.5, 2.0]",
                "bands = []",
            ),
            (
                "line = \"p.spending_line\"",
                "line = \"p.spending_share\"",
                "\"p.spending_share\"",
                "value 是金额,line 是小数,不能相比",
                "两边要同一种单位",
                "line = \"p.spending_line * 2\"",
            ),
            (
                "line = \"p.spending_line\"",
                "line = \"p.floor_line\"",
                "\"p.floor_line\"",
                "value 是金额,line 是整数,不能相比",
                "两边要同一种单位",
                "line = \"p.spending_line * 0.5\"",
            ),
            (
                "value = \"household_self_paid_fen\"\nline = \"p.spending_line\"",
                "value = \"is_monitored\"",
                "[1.0, 1.5, 2.0]",
                "是否值不能分档",
                "value 写数或金额,或删去 bands",
                "",
            ),
            (
                "when = \"household_self_paid_fen > p.spending_line and not coalesce(is_monitored, false)\"",
                "when = \"household_self_paid_fen\"",
                "\"household_self_paid_fen\"",
                "这里要一个条件,得到的是金额",
                "加上比较,如 x > 0、x = '1'",
                "when = \"is_monitored\"",
            ),
        ],
    );
}

#[test]
fn the_sentences_of_a_rule_name_what_there_is() {
    let name = "{income_per_person_fen},风险";
    check(
        "package",
        RULE,
        &[
            (name, "{income_per_person_fen,风险", SENTENCE, "花括号不成对", "写成 {事实名} 或 {p.参数名}", ""),
            (
                name,
                "{income_per_person},风险",
                "{income_per_person}",
                "这里没有 `income_per_person`",
                "是不是 `income_per_person_fen`?",
                "",
            ),
            (
                name,
                "{p.reference_incom},风险",
                "{p.reference_incom}",
                "没有参数 `reference_incom`",
                "是不是 `p.reference_income`?",
                "{p.reference_income},风险",
            ),
            (
                name,
                "{self_paid_12m_fen},风险",
                "{self_paid_12m_fen}",
                "这里没有 `self_paid_12m_fen`",
                "这是按人的值;先写一个户的汇总事实([aggregate] from = \"resident\")",
                "{day},风险",
            ),
            (
                name,
                "{head_phone},风险",
                "{head_phone}",
                "这里没有 `head_phone`",
                "该字段属于个人或敏感信息,不进入筛查数据",
                "{ land_mu },风险",
            ),
            (
                name,
                "{sick_household_count},风险",
                "{sick_household_count}",
                "这里没有 `sick_household_count`",
                "这是村的事实,人和户不能引用",
                "",
            ),
            ("line = \"p.spending_line\"\n", "", "{line}", "这里没有 `line`", "检查名称是否写对,或先声明它", ""),
            (
                "because_en = \"Paid {value}",
                "because_en = \"Paid {valu}",
                "{valu}",
                "这里没有 `valu`",
                "检查名称是否写对,或先声明它",
                "because_en = \"Paid {household_self_paid_fen}",
            ),
        ],
    );
}

/// The sentence of the rule of the fixture, as it stands in its file, without one brace.
const SENTENCE: &str =
    "\"近12个月自付 {value},超过监测线 {line};收入 {income_per_person_fen,风险 {risk_code},比例 {p.spending_share}\"";

#[test]
fn evidence_is_rows_of_the_rules_own_grain() {
    let evidence = "evidence = [\"household_self_paid_fen\"]";
    check(
        "package",
        RULE,
        &[
            (evidence, "evidence = []", "label = \"自付过高\"", "筛查规则要写依据", "evidence = [\"汇总事实名\"]", ""),
            (
                evidence,
                "evidence = [\"household_self_paid\"]",
                "\"household_self_paid\"",
                "没有事实 `household_self_paid`",
                "是不是 `household_self_paid_fen`?",
                "evidence = [\"household_self_paid_fen\", \"member_count\"]",
            ),
            (
                evidence,
                "evidence = [\"self_paid_12m_fen\"]",
                "\"self_paid_12m_fen\"",
                "事实 `self_paid_12m_fen` 和规则不在同一级",
                "依据要和规则按同一级(户或人)",
                "",
            ),
            (
                evidence,
                "evidence = [\"sick_household_count\"]",
                "\"sick_household_count\"",
                "事实 `sick_household_count` 和规则不在同一级",
                "依据要和规则按同一级(户或人)",
                "evidence = [\"income_per_person_fen\"]",
            ),
        ],
    );
}

/// A fact beside those of the fixture, over households.
fn fact(over: &str, body: &str) -> String {
    format!("label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nover = \"{over}\"\n{body}\n")
}

#[test]
fn a_fact_is_of_the_grain_that_its_rows_lead_to() {
    let sum = |from: &str, value: &str| format!("[aggregate]\nfrom = \"{from}\"\nvalue = \"{value}\"");
    let derived = |value: &str| format!("[derived]\nvalue = \"{value}\"");
    let line = "label = \"x\"";
    let cases: Vec<(String, Option<[&str; 3]>)> = vec![
        (fact("resident", &sum("medical_bill", "count()")), None),
        (fact("household", &sum("medical_bill", "count()")), None),
        (
            fact("village", &sum("medical_bill", "count()")),
            Some(["\"village\"", "数据源的行归不到这一级", "该数据源按 resident 报送;先汇总到那一级,再逐级汇总"]),
        ),
        (fact("household", &sum("resident", "count()")), None),
        (
            fact("village", &sum("resident", "count()")),
            Some(["\"resident\"", "从 resident 汇总得到的是上一级的事实", "写 over = \"household\""]),
        ),
        (fact("village", &sum("household", "sum(income_fen)")), None),
        (
            fact("household", &sum("household", "count()")),
            Some(["\"household\"", "从 household 汇总得到的是上一级的事实", "写 over = \"village\""]),
        ),
        (
            fact("household", &sum("medical_bills", "count()")),
            Some(["\"medical_bills\"", "没有数据源 `medical_bills`", "是不是 `medical_bill`?"]),
        ),
        (
            fact("household", &sum("well", "count()")),
            Some(["\"well\"", "没有数据源 `well`", "检查名称是否写对,或先声明它"]),
        ),
        (fact("household", ""), Some([line, "没有写怎样得到这个事实", "写 [aggregate] 或 [derived] 之一"])),
        (
            fact("household", &derived("income_fen * 0.5")),
            Some(["\"income_fen * 0.5\"", "事实的金额要是整分", "用 whole(…) 取整"]),
        ),
        (fact("household", &derived("whole(income_fen * 0.5)")), None),
        (
            fact("household", &sum("medical_bill", "sum(total_fen * 0.5)")),
            Some(["\"sum(total_fen * 0.5)\"", "事实的金额要是整分", "用 whole(…) 取整"]),
        ),
        (
            fact("household", &sum("medical_bill", "sum(visit_code)")),
            Some(["visit_code", "sum 里要数或金额,得到的是代码", "计数写 count(),条件放到 where"]),
        ),
        (fact("household", &sum("medical_bill", "max(settled_on)")), None),
        (
            fact("household", &(sum("resident", "count()") + "\nwindow = \"month\"")),
            Some(["\"month\"", "没有日期列,不能用时间窗口", "在数据源里写 day = \"日期列\",或删去 window"]),
        ),
        (fact("household", &(sum("resident", "count()") + "\nwindow = \"all\"")), None),
        (fact("household", &(sum("medical_bill", "count()") + "\nwindow = \"month\"")), None),
        (
            fact("household", &(sum("medical_bill", "count()") + "\nwindow = \"rolling_0d\"")),
            Some([
                "rolling_0d",
                "`rolling_0d` 不是时间窗口",
                "可写 all、month、school_year、year_to_date、rolling_12m、rolling_90d",
            ]),
        ),
        (
            fact("household", &(sum("medical_bill", "count()") + "\n[derived]\nvalue = \"1\"")),
            Some(["value = \"1\"", "aggregate 和 derived 只能写一个", "汇总写 [aggregate],算式写 [derived]"]),
        ),
    ];
    let changed = Changed::new("package");
    for (text, wanted) in cases {
        let found = changed.load_beside("facts/another.toml", &text);
        match (found.map(drop).map_err(|problems| told(&problems, "another.toml")), wanted) {
            (Ok(()), None) => {}
            (Err(found), Some(wanted)) => {
                let is_it = |[_, message, hint]: &[String; 3]| message == wanted[1] && hint == wanted[2];
                assert!(found.iter().any(is_it), "{text}{found:?}");
                assert!(
                    found.iter().any(|one| is_it(one) && (one[0] == wanted[0] || one[0].contains("derived"))),
                    "{text}{found:?}"
                );
            }
            (found, wanted) => panic!("{text}{found:?} {wanted:?}"),
        }
    }
}

#[test]
fn a_fact_has_a_name_that_no_field_has() {
    let changed = Changed::new("package");
    let text = |over: &str| fact(over, "[aggregate]\nfrom = \"medical_bill\"\nvalue = \"count()\"");
    let wanted = |name: &str| {
        ["label = \"x\"".to_owned(), format!("`{name}` 已经是台账字段的名称"), "给事实另取一个名称".to_owned()]
    };
    for (name, over, is_taken) in [
        ("land_mu", "household", true),
        ("land_mu", "resident", false),
        ("born_on", "resident", true),
        ("born_on", "household", false),
    ] {
        let file = format!("facts/{name}.toml");
        let found = changed.load_beside(&file, &text(over)).map(drop).map_err(|problems| told(&problems, &file));
        assert_eq!(found, if is_taken { Err(vec![wanted(name)]) } else { Ok(()) }, "{name} over {over}");
    }
}
