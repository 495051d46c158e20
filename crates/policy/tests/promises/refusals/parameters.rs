//! Parameters, their overlays, and what goes round in a circle.

use super::{Changed, check, told};
use std::fs;

const INCOME: &str = "parameters/reference_income.toml";
const SHARE: &str = "parameters/spending_share.toml";

#[test]
fn a_value_is_one_of_its_unit_from_a_named_source() {
    check(
        "package",
        SHARE,
        &[
            (
                "rate = \"0.5\"\n",
                "",
                "[[value]]",
                "没有给值",
                "写 rate、formula 或 unset = true 之一",
                "rate = \"1\"\n",
            ),
            ("rate = \"0.5\"", "amount = 1", "1", "单位 Rate 的值不写在 amount", "写 rate = …", "rate = \"0\""),
            ("rate = \"0.5\"", "truth = true", "true", "单位 Rate 的值不写在 truth", "写 rate = …", ""),
            (
                "rate = \"0.5\"",
                "rate = \"0.5\"\nunset = true",
                "true",
                "给了两种值:rate、unset",
                "只留一种",
                "unset = true",
            ),
            (
                "rate = \"0.5\"",
                "rate = \"0.5\"\nformula = \"0.5\"",
                "\"0.5\"",
                "给了两种值:rate、formula",
                "只留一种",
                "formula = \"0.5 * 2.0\"",
            ),
            (
                "rate = \"0.5\"",
                "rate = \"-0.01\"",
                "[[value]]",
                "值不能是负数",
                "标准和线都不小于 0",
                "rate = \"0.00\"",
            ),
            ("source = \"示例\"", "source = \" \"", "\" \"", "没有写来源", "写发文机关、文号和日期", ""),
            (
                "grade = \"B\"",
                "grade = \"example\"",
                "\"example\"",
                "不认识的来源等级 `example`",
                "可用:A、B;示例值(example)只能放在叠加层",
                "grade = \"A\"",
            ),
            (
                "grade = \"B\"",
                "grade = \"C\"",
                "\"C\"",
                "不认识的来源等级 `C`",
                "可用:A、B;示例值(example)只能放在叠加层",
                "",
            ),
            ("article = [1]", "article = []", "[]", "没有写明条款", "article = [条款号]", "article = [2]"),
        ],
    );
}

#[test]
fn places_exist_and_no_place_has_two_values_of_one_day() {
    check(
        "package",
        INCOME,
        &[
            (
                "region = \"990101\"",
                "region = \"990103\"",
                "\"990103\"",
                "区划表里没有 990103000000",
                "检查区划代码",
                "region = \"990101100201\"",
            ),
            (
                "region = \"990101\"",
                "region = \"99010\"",
                "\"99010\"",
                BAD_REGION,
                "检查引号、方括号和等号;日期写成 2021-05-27",
                "",
            ),
            (
                "published = 2022-06-01",
                "published = 2022-03-01",
                "2022-01-01",
                "同一地区、同一日期给了两个值",
                "更正时写不同的 published",
                "published = 2022-03-02",
            ),
            (
                "from = 2022-01-01\nregion = \"990101\"",
                "from = 2021-01-01\npublished = 2021-03-01",
                "2021-01-01",
                "同一地区、同一日期给了两个值",
                "更正时写不同的 published",
                "from = 2021-01-01\npublished = 2021-03-01\nregion = \"990102\"",
            ),
        ],
    );
}

const BAD_REGION: &str = "读不懂:`99010` is not a division code of 2, 4, 6, 9 or 12 digits";

#[test]
fn a_parameter_has_values_and_truths_have_no_floor() {
    let changed = Changed::new("package");
    let text =
        |unit: &str, more: &str| format!("label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nunit = \"{unit}\"\n{more}");
    let value = |said: &str| format!("[[value]]\nfrom = 2021-01-01\n{said}\nsource = \"x\"\ngrade = \"A\"\n");
    let cases = [
        (text("int", ""), Some(["label = \"x\"", "没有任何值", "没有可靠来源时写 [[value]] unset = true"])),
        (text("int", &value("unset = true")), None),
        (text("bool", &value("truth = true")), None),
        (
            text("bool", &format!("at_least = \"province\"\n{}", value("truth = true"))),
            Some(["\"province\"", "是否值没有最低线", "删去 at_least"]),
        ),
        (text("months", &format!("at_least = \"county\"\n{}", value("amount = 6"))), None),
        (text("bool", &value("amount = 1")), Some(["1", "单位 Bool 的值不写在 amount", "写 truth = …"])),
        (text("days", &value("rate = \"1\"")), Some(["\"1\"", "单位 Days 的值不写在 rate", "写 amount = …"])),
        (text("fen", &value("amount = 0")), None),
        (text("fen", &value("amount = -1")), Some(["[[value]]", "值不能是负数", "标准和线都不小于 0"])),
        (
            text("fen", &value("formula = \"p.spending_share\"")),
            Some(["\"p.spending_share\"", "公式的结果是小数,单位要金额", "金额乘比例后用 whole(…) 取整"]),
        ),
        (
            text("fen", &value("formula = \"p.reference_income * p.spending_share\"")),
            Some([
                "\"p.reference_income * p.spending_share\"",
                "公式的结果是带小数的金额,单位要金额",
                "金额乘比例后用 whole(…) 取整",
            ]),
        ),
        (text("fen", &value("formula = \"p.reference_income * 2\"")), None),
        (text("bool", &value("formula = \"p.reference_income > yuan(1)\"")), None),
        (
            text("fen", &value("formula = \"p.reference_incom * 2\"")),
            Some(["p.reference_incom", "没有参数 `reference_incom`", "是不是 `p.reference_income`?"]),
        ),
        (
            text("int", &value("formula = \"year(day)\"")),
            Some(["day", "这里没有 `day`", "检查名称是否写对,或先声明它"]),
        ),
        (
            text("fen", &value("formula = \"reference_income\"")),
            Some(["reference_income", "这里没有 `reference_income`", "参数要写成 p.reference_income"]),
        ),
    ];
    for (text, wanted) in cases {
        let found = changed.load_beside("parameters/ceiling.toml", &text);
        let found = found.map(drop).map_err(|problems| told(&problems, "ceiling.toml"));
        match (found, wanted) {
            (Ok(()), None) => {}
            (Err(found), Some(wanted)) => assert!(found.contains(&wanted.map(str::to_owned)), "{text}{found:?}"),
            (found, wanted) => panic!("{text}{found:?} {wanted:?}"),
        }
    }
}

#[test]
fn formulas_in_a_circle_are_named_each() {
    let changed = Changed::new("package");
    let formula = |text: &str| {
        format!(
            "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nunit = \"int\"\n[[value]]\nfrom = 2020-01-01\namount = 1\nsource = \"x\"\ngrade = \"A\"\n\
             [[value]]\nfrom = 2021-01-01\nformula = \"{text}\"\nsource = \"x\"\ngrade = \"A\"\n"
        )
    };
    for (name, text) in [("aa", "p.bb + 1"), ("bb", "p.cc + 1"), ("cc", "p.aa + 1")] {
        fs::write(changed.path(&format!("parameters/{name}.toml")), formula(text)).expect("writes");
    }
    let problems = changed.load().expect_err("a circle");
    for (name, text) in [("aa", "\"p.bb + 1\""), ("bb", "\"p.cc + 1\""), ("cc", "\"p.aa + 1\"")] {
        let wanted = [text.to_owned(), format!("参数 `{name}` 的公式绕回了自己"), "让其中一个写出数额".to_owned()];
        assert_eq!(told(&problems, &format!("{name}.toml")), [wanted], "{problems}");
    }
    fs::write(changed.path("parameters/cc.toml"), formula("2")).expect("writes");
    changed.load().expect("a chain is none");
}

#[test]
fn an_overlay_says_values_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let parameters = folder.path().join("parameters");
    fs::create_dir_all(&parameters).expect("makes");
    let value = "[[value]]\nfrom = 2024-01-01\nregion = \"990101\"\namount = 1\nsource = \"x\"\ngrade = \"example\"\n";
    let cases = [
        ("reference_income", value.to_owned(), None),
        (
            "reference_income",
            format!("label = \"x\"\nlabel_en = \"x\"\narticle = [9]\nnote = \"x\"\nunit = \"fen\"\n{value}"),
            None,
        ),
        (
            "reference_income",
            format!("unit = \"int\"\n{value}"),
            Some(["\"int\"", "单位与政策包的不一致", "叠加层不能改单位,删去 unit"]),
        ),
        (
            "reference_income",
            value.replace("amount = 1", "formula = \"yuan(1)\""),
            Some(["\"yuan(1)\"", "叠加层里不能写公式", "写出数额;公式写在政策包里"]),
        ),
        (
            "reference_incom",
            value.to_owned(),
            Some(["[[value]]", "政策包里没有参数 `reference_incom`", "是不是 `reference_income`?"]),
        ),
        (
            "reference_income",
            value.replace("\"example\"", "\"C\""),
            Some(["\"C\"", "不认识的来源等级 `C`", "可用:A、B、example;示例值(example)只能放在叠加层"]),
        ),
    ];
    let changed = Changed::new("package");
    for (name, text, wanted) in cases {
        let path = parameters.join(format!("{name}.toml"));
        fs::write(&path, &text).expect("writes");
        let loaded = crate::load(&changed.path(""), &[folder.path().to_owned()]);
        let found = loaded.map(drop).map_err(|problems| told(&problems, &format!("parameters/{name}.toml")));
        match (found, wanted) {
            (Ok(()), None) => {}
            (Err(found), Some(wanted)) => assert!(found.contains(&wanted.map(str::to_owned)), "{text}{found:?}"),
            (found, wanted) => panic!("{text}{found:?} {wanted:?}"),
        }
        fs::remove_file(path).expect("removes");
    }
}
