//! Indicators, and the cases that stand beside declarations.

use super::{Changed, told};
use std::fs;

#[test]
fn an_indicator_adds_up_from_place_to_place() {
    let indicator = |body: &str| format!("label = \"x\"\nlabel_en = \"x\"\narticle = [1]\n{body}\n");
    let adds = "各级数字要能逐级相加:只用 sum(…) 或 count()";
    let groups = "分组的字段是代码(不超过 60 个)或是否";
    let cases = [
        ("numerator = \"count()\"", None),
        ("numerator = \"sum(income_fen)\"\ndenominator = \"sum(member_count)\"", None),
        ("numerator = \"max(income_fen)\"", Some(["\"max(income_fen)\"", "指标的分子、分母不能用 max", adds])),
        (
            "numerator = \"count()\"\ndenominator = \"min(land_mu)\"",
            Some(["\"min(land_mu)\"", "指标的分子、分母不能用 min", adds]),
        ),
        ("numerator = \"any(is_monitored)\"", Some(["\"any(is_monitored)\"", "指标的分子、分母不能用 any", adds])),
        (
            "numerator = \"count()\"\nwhere = \"land_mu\"",
            Some(["\"land_mu\"", "这里要一个条件,得到的是小数", "加上比较,如 x > 0、x = '1'"]),
        ),
        ("numerator = \"count()\"\ngroups = [\"risk_code\", \"is_monitored\"]", None),
        ("numerator = \"count()\"\ngroups = [\"land_mu\"]", Some(["\"land_mu\"", "不能按 `land_mu` 分组", groups])),
        ("numerator = \"count()\"\ngroups = [\"risk\"]", Some(["\"risk\"", "没有 `risk`", "是不是 `risk_code`?"])),
        (
            "numerator = \"count()\"\ngroups = [\"head_phone\"]",
            Some(["\"head_phone\"", "没有 `head_phone`", "该字段属于个人或敏感信息,不进入筛查数据"]),
        ),
        (
            "numerator = \"count()\"\nday = \"income_fen\"\nperiod = \"year\"",
            Some(["\"income_fen\"", "按户的事实计算的指标不写 day", "时间范围写在事实的 window 里"]),
        ),
        ("from = \"well\"\nnumerator = \"count()\"", None),
        (
            "from = \"wells\"\nnumerator = \"count()\"",
            Some(["\"wells\"", "没有台账 `wells`", "按户的事实计算时不写 from;是不是 `well`?"]),
        ),
        ("from = \"well\"\nnumerator = \"count()\"\nwhere = \"state = 'used'\"", None),
        (
            "from = \"well\"\nnumerator = \"count()\"\nwhere = \"state = 'use'\"",
            Some(["'use'", "代码表 水井 的状态 里没有 'use'", "可用:'planned' 待用、'used' 在用、'closed' 停用"]),
        ),
        ("from = \"well\"\nnumerator = \"count()\"\nwhere = \"state_on < day and due_on is null\"", None),
        ("from = \"well\"\nnumerator = \"count()\"\nday = \"dug_on\"\nperiod = \"month\"", None),
        ("from = \"well\"\nnumerator = \"count()\"\nday = \"state_on\"\nperiod = \"quarter\"", None),
        (
            "from = \"well\"\nnumerator = \"count()\"\nday = \"dug_on\"",
            Some(["\"dug_on\"", "写了 day 就要写按什么期间统计", "period = \"month\"、\"quarter\" 或 \"year\""]),
        ),
        (
            "from = \"well\"\nnumerator = \"count()\"\nday = \"dug\"\nperiod = \"year\"",
            Some(["\"dug\"", "`dug` 不是这个台账的日期字段", "是不是 `dug_on`?"]),
        ),
        (
            "from = \"household\"\nnumerator = \"count()\"\nday = \"state_on\"\nperiod = \"year\"",
            Some(["\"state_on\"", "`state_on` 不是这个台账的日期字段", "检查名称是否写对,或先声明它"]),
        ),
        ("from = \"well\"\nnumerator = \"count()\"\ngroups = [\"state\"]", None),
        (
            "from = \"well\"\nnumerator = \"count()\"\ngroups = [\"trouble_codes\"]",
            Some([
                "\"trouble_codes\"",
                "没有 `trouble_codes`",
                "多选字段一次有几个代码,表达式不能读;要判断的那一项另设一个是否字段",
            ]),
        ),
    ];
    let changed = Changed::new("package");
    for (body, wanted) in cases {
        let found = changed.load_beside("indicators/another.toml", &indicator(body));
        match (found.map(drop).map_err(|problems| told(&problems, "another.toml")), wanted) {
            (Ok(()), None) => {}
            (Err(found), Some(wanted)) => assert!(found.contains(&wanted.map(str::to_owned)), "{body}\n{found:?}"),
            (found, wanted) => panic!("{body}\n{found:?} {wanted:?}"),
        }
    }
}

#[test]
fn states_are_told_by_the_labels_of_the_language() {
    let text = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nfrom = \"well\"\nnumerator = \"count()\"\nwhere = \"state = 'use'\"\n";
    let problems = Changed::new("package").load_beside("indicators/another.toml", text).expect_err("no such state");
    let told: Vec<_> = problems.0.iter().map(|problem| (problem.what.english(), problem.hint.english())).collect();
    let wanted = (
        "the code list “states of Wells” has no code 'use'",
        "available: 'planned' Planned, 'used' Used, 'closed' Closed",
    );
    assert!(told.contains(&wanted), "{told:?}");
}

#[test]
fn an_indicator_needs_a_place_for_each_record() {
    let changed = Changed::new("package");
    let text = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nkey = [\"a_no\"]\n[[field]]\nname = \"a_no\"\nlabel = \"x\"\nlabel_en = \"x\"\nkind = \"text\"\n";
    let household = "[[field]]\nname = \"household_no\"\nlabel = \"y\"\nlabel_en = \"y\"\nkind = \"text\"\n";
    let indicator = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nfrom = \"nowhere\"\nnumerator = \"count()\"\n";
    fs::write(changed.path("indicators/another.toml"), indicator).expect("writes");
    let problems = changed.load_beside("registers/nowhere.toml", text).expect_err("no place");
    let wanted = ["\"nowhere\"", "台账 `nowhere` 的记录没有所在地,不能按地区汇总", "换一个写有 region 或户编号的台账"];
    assert!(told(&problems, "another.toml").contains(&wanted.map(str::to_owned)), "{problems}");
    changed.load_beside("registers/nowhere.toml", &format!("{text}{household}")).expect("by its household");
}

#[test]
fn groups_have_sixty_codes_at_most() {
    let changed = Changed::new("package");
    let codes = |count: usize| {
        let code = |at: usize| format!("    {{ code = \"c{at}\", label = \"x\", label_en = \"x\" }},\n");
        format!(
            "    {{ code = \"02\"{}",
            (0..count).map(code).collect::<String>().replacen(
                "    { ",
                ", label = \"x\", label_en = \"x\" },\n    { ",
                1
            )
        )
    };
    fs::write(
        changed.path("indicators/another.toml"),
        "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nnumerator = \"count()\"\ngroups = [\"risk_code\"]\n",
    )
    .expect("writes");
    for (count, fits) in [(57, true), (58, true), (59, false)] {
        let text = codes(count);
        // The list has two codes already; the second of them is written anew.
        let more = text.replacen("    { code = \"02\", label = \"x\", label_en = \"x\" },\n", "", 1);
        let loaded =
            changed.load_with("../codes/risk_type.toml", "    { code = \"02\"", &format!("{more}    {{ code = \"02\""));
        assert_eq!(loaded.is_ok(), fits, "{} codes", count + 2);
    }
}

#[test]
fn cases_stand_beside_what_can_have_some() {
    let changed = Changed::new("package");
    let case = "[[case]]\nname = \"x\"\nday = 2024-01-01\nexpect = true\n";
    let refused = [
        ("sources/medical_bill.cases.toml", "sources 没有用例", "用例只写在规则、事实、参数、指标和台账旁边"),
        ("roles/clerk.cases.toml", "roles 没有用例", "用例只写在规则、事实、参数、指标和台账旁边"),
        ("rules/nothing.cases.toml", "旁边没有 nothing.toml", "改正文件名,或删去这个文件"),
    ];
    for (file, message, hint) in refused {
        let problems = changed.load_beside(file, case).expect_err(file);
        assert_eq!(told(&problems, file), [["[[case]]", message, hint].map(str::to_owned)], "{problems}");
    }
    let package = changed.load_beside("registers/region.cases.toml", "").expect("a warning");
    let [warning] = &package.warnings[..] else { panic!("{:?}", package.warnings) };
    assert!(warning.file.ends_with("registers/region.cases.toml") && !warning.is_error());
    assert_eq!((warning.what.chinese(), warning.hint.chinese()), ("没有任何用例", "写 [[case]]"));
    for beside in ["rules/spending_high", "facts/member_count", "indicators/monitored_share", "registers/well"] {
        let path = changed.path(&format!("{beside}.cases.toml"));
        let before = fs::read(&path).expect("reads");
        fs::remove_file(&path).expect("removes");
        let package = changed.load().expect("a warning");
        fs::write(&path, before).expect("writes");
        let [warning] = &package.warnings[..] else { panic!("{beside}: {:?}", package.warnings) };
        let name = beside.split('/').next_back().expect("a name");
        assert_eq!(warning.what.chinese(), format!("没有用例({name}.cases.toml)"));
        assert_eq!(warning.hint.chinese(), "在每条界线的两边各写一个用例");
        assert!(warning.file.ends_with(format!("{beside}.toml")) && warning.line == 1, "{warning}");
    }
}
