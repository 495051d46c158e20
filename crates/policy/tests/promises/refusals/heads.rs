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

#[test]
fn the_head_of_a_package_names_what_there_is() {
    let head = "package.toml";
    let of_head = "只用小写字母、数字、- 和下划线,以字母开头,最多 48 个";
    let cases = [
        ("name = \"valley\"", "name = \"valley-2021\"", None),
        (
            "name = \"valley\"",
            "name = \"山谷 2021\"",
            Some(["\"山谷 2021\"", "`山谷 2021` 不能用作政策包的名称", of_head]),
        ),
        (
            "name = \"valley\"",
            "name = \"../valley\"",
            Some(["\"../valley\"", "`../valley` 不能用作政策包的名称", of_head]),
        ),
        ("day = 2021-05-27", "day = 2021-05-28", None),
        (
            "day = 2021-05-27",
            "day = \"2021-05-27\"",
            Some(["\"2021-05-27\"", "值的类型不对:写的是文字 \"2021-05-27\",应为日期(不加引号,如 2021-05-27)", ""]),
        ),
        ("day = 2021-05-27\n", "day = 2021-05-27\n[demo]\nregion = \"990101\"\noverlay = \"x\"\n", None),
        (
            "day = 2021-05-27\n",
            "day = 2021-05-27\n[demo]\nregion = \"998877\"\noverlay = \"x\"\n",
            Some(["\"998877\"", "", ""]),
        ),
    ];
    let changed = Changed::new("package");
    for (stands, instead, wanted) in cases {
        let found = changed.load_with(head, stands, instead).map(drop).map_err(|problems| told(&problems, head));
        match (found, wanted) {
            (Ok(()), None) => {}
            (Err(found), Some(wanted)) => {
                let fits =
                    |one: &[String; 3]| one.iter().zip(wanted).all(|(told, part)| part.is_empty() || told == part);
                assert!(found.iter().any(fits), "{instead}: {found:#?}");
            }
            (found, wanted) => panic!("{instead}: {found:#?} {wanted:?}"),
        }
    }
}

#[test]
fn a_parameter_with_mistakes_of_its_own_is_not_told_as_unknown() {
    let changed = Changed::new("package");
    let problems = changed.load_with("parameters/spending_share.toml", "label = ", "labl = ").expect_err("a mistake");
    let all = problems.to_string();
    assert!(all.contains("先改正这个参数的错误") && !all.contains("没有参数 `spending_share`"), "{all}");
}

#[test]
fn what_is_no_toml_is_told_in_words() {
    let changed = Changed::new("package");
    let cases = [
        ("name = \"valley\"", "name = \"valley", "读不懂:引号没有成对,或引号里有不能写的字符"),
        ("name = \"valley\"", "name = valley", "读不懂:文字要写在引号里"),
        ("name = \"valley\"", "name =", "读不懂:没有写值"),
        ("name = \"valley\"", "name = \"valley\"\nname = \"v\"", "读不懂:这个键写了两次"),
        ("name = \"valley\"", "name = [\"valley\"", "读不懂:列表的方括号或逗号不对"),
        ("day = 2021-05-27", "day = 2021-13-27", "读不懂:数、日期或真假写得不对"),
        ("name = \"valley\"", "name = \"valley\" x", "读不懂:此处不应是 `x`"),
    ];
    for (stands, instead, wanted) in cases {
        let problems = changed.load_with("package.toml", stands, instead).expect_err(instead);
        let told: Vec<&str> = problems.0.iter().map(|problem| problem.what.chinese()).collect();
        assert!(told.contains(&wanted), "{instead}: {told:?}");
        for problem in &problems.0 {
            assert!(problem.what.english().is_ascii() || problem.what.english().contains('“'), "{:?}", problem.what);
        }
    }
}
