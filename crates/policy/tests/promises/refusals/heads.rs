//! The head of a package, its articles, code lists and roles.

use super::{Changed, check, told};
use std::fs;

const FILL: &str = "写给人看的名称或说明";

#[test]
fn articles_are_numbered_and_say_what_became_of_them() {
    check(
        "package",
        "articles.toml",
        &[
            ("number = 2", "number = 1", "1", "第 1 条写了两次", "每条只写一次", ""),
            ("number = 2", "number = 3", "[[article]]", "缺第 2 条", "条款从 1 起连续编号", ""),
            (
                "implemented_by = [\"rules/spending_high\", \"registers/household\"]",
                "implemented_by = []",
                "\"implemented\"",
                "说已实现,却没有写由什么实现",
                "implemented_by = [\"rules/…\"]",
                "implemented_by = [\"sources/medical_bill\"]",
            ),
            (
                "note = \"不需要软件。\"",
                "note = \" \"",
                "\"no_software\"",
                "没有实现的条款要说明",
                "note = \"将来做什么,或为什么不需要软件\"",
                "note = \"由会议议定。\"",
            ),
            (
                "\"rules/spending_high\"",
                "\"rule/spending_high\"",
                "\"rule/spending_high\"",
                "政策包里没有 `rule/spending_high`",
                "写 文件夹/名称,如 rules/medical_burden、registers/household",
                "\"facts/member_count\"",
            ),
            (
                "\"rules/spending_high\"",
                "\"spending_high\"",
                "\"spending_high\"",
                "政策包里没有 `spending_high`",
                "写 文件夹/名称,如 rules/medical_burden、registers/household",
                "\"parameters/spending_line\"",
            ),
            ("status = \"no_software\"", "status = \"done\"", "\"done\"", "不认识的取值 `done`", STATUSES, ""),
        ],
    );
}

const STATUSES: &str = "可用:implemented、planned、no_software";

#[test]
fn the_head_leads_to_files_inside_and_to_a_place_that_exists() {
    check(
        "package",
        "package.toml",
        &[
            ("codes = \"../codes\"", "codes = \"/codes\"", "\"/codes\"", "要写相对于政策包的路径", "例如 ../codes", ""),
            ("codes = \"../codes\"", "codes = \"\"", "\"\"", "要写相对于政策包的路径", "例如 ../codes", ""),
            (
                "divisions = \"divisions.csv\"",
                "divisions = \"/divisions.csv\"",
                "\"/divisions.csv\"",
                "要写相对于政策包的路径",
                "例如 ../codes",
                "divisions = \"../package/divisions.csv\"",
            ),
            (
                "region = \"99\"",
                "region = \"98\"",
                "\"98\"",
                "区划表里没有 980000000000",
                "检查区划代码",
                "region = \"9901\"",
            ),
            ("version = \"1\"", "version = \"\"", "\"\"", "`version` 不能空着", FILL, "version = \"2024.1\""),
            ("title = \"示例意见\"\n", "", "[document]", "缺少 `title`", "补上 title = …", ""),
            (
                "label_en = \"Valley\"",
                "lable_en = \"Valley\"",
                "lable_en",
                "不认识的键 `lable_en`",
                "是不是 `label_en`?",
                "",
            ),
        ],
    );
}

#[test]
fn codes_of_a_list_are_filled_and_stand_there_once() {
    check(
        "package",
        "../codes/risk_type.toml",
        &[
            ("code = \"02\"", "code = \"01\"", "\"01\"", "代码 `01` 空着或重复", "每个代码只写一次", "code = \"03\""),
            ("code = \"02\"", "code = \" \"", "\" \"", "代码 ` ` 空着或重复", "每个代码只写一次", ""),
            ("label = \"因学\"", "label = \"\"", "\"\"", "`label` 不能空着", FILL, "label = \"因学致贫\""),
            ("source = \"示例\"", "source = \"\"", "\"\"", "`source` 不能空着", FILL, ""),
        ],
    );
}

#[test]
fn a_list_of_a_thousand_bad_codes_is_told_in_twenty_lines() {
    let changed = Changed::new("package");
    let codes = "    { code = \"01\", label = \"x\", label_en = \"x\" },\n".repeat(1_000);
    let problems = changed
        .load_with("../codes/risk_type.toml", "    { code = \"02\"", &format!("{codes}    {{ code = \"02\""))
        .expect_err("a thousand times the same code");
    assert_eq!(told(&problems, "codes/risk_type.toml").len(), 21);
}

#[test]
fn a_role_may_do_something() {
    check(
        "package",
        "roles/clerk.toml",
        &[
            (
                "may = [\"see_leads\", \"close_leads\", \"hand_in\"]",
                "may = []",
                "[]",
                "这个角色什么也不能做",
                "may = [\"see_leads\", …]",
                "may = [\"see_leads\"]",
            ),
            ("label_en = \"Township clerk\"", "label_en = \"\"", "\"\"", "`label_en` 不能空着", FILL, ""),
            (
                "\"hand_in\"",
                "\"hand_on\"",
                "\"hand_on\"",
                "不认识的取值 `hand_on`",
                "可用:see_leads、close_leads、see_households、hand_in、see_imports、screen、see_rules、see_names",
                "\"screen\"",
            ),
        ],
    );
}

/// Every text that people read must say something: file, the text as it stands, and the name of its key.
#[test]
fn texts_that_people_read_are_filled() {
    let texts = [
        ("package.toml", "name = \"valley\"", "name"),
        ("package.toml", "label = \"示例政策包\"", "label"),
        ("package.toml", "label_en = \"Valley\"", "label_en"),
        ("package.toml", "issuer = \"示例机关\"", "issuer"),
        ("package.toml", "title = \"示例意见\"", "title"),
        ("articles.toml", "title = \"组织\"", "title"),
        ("articles.toml", "title_en = \"Leading\"", "title_en"),
        ("articles.toml", "summary = \"加强领导。\"", "summary"),
        ("articles.toml", "summary_en = \"Lead well.\"", "summary_en"),
        ("roles/clerk.toml", "label = \"乡镇办事员\"", "label"),
        ("sources/medical_bill.toml", "label = \"医疗费用\"", "label"),
        ("sources/medical_bill.toml", "label_en = \"Medical bills\"", "label_en"),
        ("sources/medical_bill.toml", "legal_basis = \"示例\"", "legal_basis"),
        ("sources/medical_bill.toml", "label = \"病种\"", "label"),
        ("sources/medical_bill.toml", "label_en = \"Illness\"", "label_en"),
        ("sources/medical_bill.toml", "what = \"报销金额大于总费用\"", "what"),
        ("sources/medical_bill.toml", "hint = \"核对两列是否填反\"", "hint"),
        ("registers/well.toml", "label = \"水井\"", "label"),
        ("registers/well.toml", "label_en = \"Wells\"", "label_en"),
        ("registers/well.toml", "label = \"基本情况\"", "label"),
        ("registers/well.toml", "label_en = \"Basics\"", "label_en"),
        ("registers/well.toml", "hint = \"请核对份额\"", "hint"),
        ("registers/well.toml", "hint = \"先停用原来的水井\"", "hint"),
        ("facts/member_count.toml", "label = \"家庭人口\"", "label"),
        ("facts/member_count.toml", "label_en = \"Members\"", "label_en"),
        ("rules/spending_high.toml", "label = \"自付过高\"", "label"),
        ("rules/spending_high.toml", "label_en = \"High spending\"", "label_en"),
        ("rules/spending_high.toml", "source = \"inferred\"", "source"),
        ("parameters/spending_line.toml", "label = \"监测线\"", "label"),
        ("parameters/spending_line.toml", "label_en = \"Line\"", "label_en"),
        ("indicators/monitored_share.toml", "label = \"监测比例\"", "label"),
        ("indicators/monitored_share.toml", "label_en = \"Share monitored\"", "label_en"),
    ];
    let changed = Changed::new("package");
    for (file, stands, key) in texts {
        let problems = changed.load_with(file, stands, &format!("{key} = \" \"")).expect_err(stands);
        let wanted = ["\" \"".to_owned(), format!("`{key}` 不能空着"), FILL.to_owned()];
        assert!(told(&problems, file).contains(&wanted), "{file} {stands}: {problems}");
    }
}

#[test]
fn registers_that_the_engine_cannot_do_without_are_there() {
    for name in ["region", "household", "resident"] {
        let changed = Changed::new("package");
        fs::remove_file(changed.path(&format!("registers/{name}.toml"))).expect("removes");
        let problems = changed.load().expect_err(name);
        let wanted =
            ["name = \"valley\"", &format!("缺台账 `{name}`,系统离不开它"), &format!("新建 registers/{name}.toml")];
        assert!(told(&problems, "package.toml").contains(&wanted.map(str::to_owned)), "{problems}");
    }
}

#[test]
fn one_register_and_no_other_is_raised() {
    let wanted = |count: usize| {
        let hint = "在线索台账(registers/lead.toml)里写 raised_by = \"screening\",别处不写".to_owned();
        ["name = \"valley\"".to_owned(), format!("由筛查生成的台账要有且只有一个,现在有 {count} 个"), hint]
    };
    let changed = Changed::new("package");
    let lead = fs::read_to_string(changed.path("registers/lead.toml")).expect("reads");
    let raised = lead.replacen("of = \"household\"", "of = \"household\"\nraised_by = \"screening\"", 1);
    let both = changed
        .load_beside("registers/alarm.toml", &raised)
        .map(|package| package.raised().map(|one| one.0.to_owned()));
    assert_eq!(both.expect("the lead of before is none then"), Some("alarm".to_owned()));
    fs::write(changed.path("registers/lead.toml"), &raised).expect("writes");
    let problems = changed.load_beside("registers/alarm.toml", &raised).expect_err("two");
    assert!(told(&problems, "package.toml").contains(&wanted(2)), "{problems}");
    fs::remove_file(changed.path("registers/lead.toml")).expect("removes");
    let problems = changed.load().expect_err("none");
    assert!(told(&problems, "package.toml").contains(&wanted(0)), "{problems}");
}
