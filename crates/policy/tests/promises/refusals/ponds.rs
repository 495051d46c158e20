//! Fields of a register beside those of the fixture: what is calculated, totalled, referred to, listed and known from elsewhere.

use super::{Changed, told};

const NOT_CALCULATED: &str = "可用:int decimal fen day bool text code";
const DROP: &str = "从这里删去它";

/// A register beside those of the fixture: its head, more fields and what follows them.
fn pond(head: &str, more: &str) -> String {
    format!(
        "label = \"水塘\"\nlabel_en = \"Ponds\"\narticle = [1]\nkey = [\"pond_no\"]\nregion = \"region_code\"\n{head}\n\
         [[field]]\nname = \"pond_no\"\nlabel = \"编号\"\nlabel_en = \"Number\"\nkind = \"text\"\n\
         [[field]]\nname = \"region_code\"\nlabel = \"区划\"\nlabel_en = \"Village\"\nkind = \"region\"\n\
         [[field]]\nname = \"picture\"\nlabel = \"照片\"\nlabel_en = \"Picture\"\nkind = \"file\"\n\
         [[field]]\nname = \"keeper_phone\"\nlabel = \"电话\"\nlabel_en = \"Phone\"\nkind = \"phone\"\n\
         [[field]]\nname = \"depth_count\"\nlabel = \"深\"\nlabel_en = \"Depth\"\nkind = \"int\"\n\
         [[field]]\nname = \"visit_code\"\nlabel = \"类\"\nlabel_en = \"Kind\"\nkind = \"code\"\ncodes = \"visit\"\n\
         {more}\n\
         [[child]]\nname = \"fish\"\nlabel = \"鱼\"\nlabel_en = \"Fish\"\n\
         [[child.field]]\nname = \"seller_phone\"\nlabel = \"电话\"\nlabel_en = \"Phone\"\nkind = \"phone\"\n\
         [[child.field]]\nname = \"trouble_codes\"\nlabel = \"病\"\nlabel_en = \"Troubles\"\nkind = \"code\"\ncodes = \"risk_type\"\nmany = true\n\
         [[child.field]]\nname = \"bill\"\nlabel = \"票\"\nlabel_en = \"Bill\"\nkind = \"file\"\n\
         [[child.field]]\nname = \"fish_count\"\nlabel = \"数\"\nlabel_en = \"Number\"\nkind = \"int\"\n"
    )
}

/// A field of the pond.
fn field(name: &str, rest: &str) -> String {
    format!("[[field]]\nname = \"{name}\"\nlabel = \"又\"\nlabel_en = \"More\"\n{rest}\n")
}

/// Head, more fields, and what is told: message and hint, or nothing where the register is taken.
type Pond<'a> = (&'a str, String, Option<(&'a str, &'a str)>);

fn ponds(cases: &[Pond<'_>]) {
    let changed = Changed::new("package");
    for (head, more, wanted) in cases {
        match (changed.load_beside("registers/pond.toml", &pond(head, more)), wanted) {
            (Ok(_), None) => {}
            (Ok(_), Some(wanted)) => panic!("accepted: {head} {more}: {wanted:?}"),
            (Err(problems), None) => panic!("{head} {more}\n{problems}"),
            (Err(problems), Some((message, hint))) => {
                let found = told(&problems, "pond.toml");
                assert!(
                    found.iter().any(|[_, said, advice]| said == message && advice == hint),
                    "{head} {more}\n{problems}"
                );
            }
        }
    }
}

#[test]
fn no_field_has_the_name_of_a_column_that_stands_beside_another() {
    let of = |name: &str, kind: &str| field(name, &format!("kind = \"{kind}\"")).replace("又", name);
    let wanted = ["deep_order", "deep_fold", "deep_sort"].map(|name| format!("`{name}` 是数据库里 `deep` 附带的列名"));
    let refused = |at: usize| Some((wanted[at].as_str(), "换一个名称"));
    let cases = [
        ("decimal", "deep_order", refused(0)),
        ("int", "deep_order", None),
        ("text", "deep_fold", refused(1)),
        ("name", "deep_fold", refused(1)),
        ("text", "deep_sort", refused(2)),
        ("text", "deep_order", None),
        ("decimal", "deep_sort", None),
        ("decimal", "deep_ordered", None),
    ];
    for (kind, name, wanted) in cases {
        ponds(&[("", of("deep", kind) + &of(name, "int"), wanted), ("", of(name, "int") + &of("deep", kind), wanted)]);
    }
}

#[test]
fn pictures_and_secrets_are_neither_sorted_nor_filtered() {
    let list = |text: &str| format!("list = {{ columns = [], sort = [], {text} }}");
    let cases = [
        (list("filter = [\"picture\"]"), Some(("`picture` 是附件,不能筛选", DROP))),
        (list("filter = [\"fish.bill\"]"), Some(("`fish.bill` 是附件,不能筛选", DROP))),
        (list("filter = [\"keeper_phone\", \"fish.fish_count\"]"), None),
        (list("filter = [\"fish.seller_phone\"]"), Some(("不能按 `fish.seller_phone` 筛选", CHILD_FILTER))),
        (list("filter = [\"fish.trouble_codes\"]"), Some(("不能按 `fish.trouble_codes` 筛选", CHILD_FILTER))),
        (list("sortable = [\"picture\"]"), Some(("`picture` 是附件,不能排序", DROP))),
        (list("sortable = [\"keeper_phone\"]"), Some(("`keeper_phone` 是敏感信息,不能排序", DROP))),
        (list("sortable = [\"depth_count\", \"visit_code\", \"region_code\"]"), None),
    ];
    for (head, wanted) in &cases {
        ponds(&[(head, String::new(), *wanted)]);
    }
}

const CHILD_FILTER: &str = "子记录里只能按不敏感、不多选的字段筛选";

#[test]
fn what_is_calculated_is_of_a_kind_that_can_be_and_is_not_entered() {
    let derived = |kind: &str, text: &str| field("worked_out", &format!("kind = \"{kind}\"\nderived = \"{text}\""));
    let age = "age(date '2000-01-01')";
    let today_hint = "今天的值明天就不对了;写进 check,或由规则和事实去算;年龄写 age(出生日期, 某个日期)";
    ponds(&[
        ("", derived("int", "depth_count * 2"), None),
        ("", derived("decimal", "depth_count * 2"), None),
        ("", derived("month", "date '2024-01-01'"), Some(("这种字段不能算出来", NOT_CALCULATED))),
        ("", derived("region", "region_code"), Some(("这种字段不能算出来", NOT_CALCULATED))),
        ("", derived("file", "depth_count"), Some(("这种字段不能算出来", NOT_CALCULATED))),
        ("", derived("bool", "depth_count > 1"), None),
        (
            "",
            derived("bool", "depth_count"),
            Some(("算出来的是整数,字段要是否值", "改 kind,或用 whole(…) 取整、case 换算")),
        ),
        (
            "",
            derived("int", "depth_count * 0.5"),
            Some(("算出来的是小数,字段要整数", "改 kind,或用 whole(…) 取整、case 换算")),
        ),
        ("", derived("int", "whole(depth_count * 0.5)"), None),
        (
            "",
            derived("fen", "depth_count"),
            Some(("算出来的是整数,字段要金额", "改 kind,或用 whole(…) 取整、case 换算")),
        ),
        ("", derived("fen", "depth_count * yuan(3)"), None),
        ("", derived("int", age), Some(("算出来的字段不能用今天的日期", today_hint))),
        ("", derived("int", "age(date '2000-01-01', date '2024-01-01')"), None),
        ("", derived("bool", "day > date '2024-01-01'"), Some(("算出来的字段不能用今天的日期", today_hint))),
        (
            "",
            derived("bool", "keeper_phone is null"),
            Some(("这里没有 `keeper_phone`", "敏感信息、姓名和附件不能参加计算,算出的结果会把它露出来")),
        ),
        (
            "",
            derived("int", "depth_count") + "required = true\n",
            Some(("算出来的字段不由人填写,不能必填", "删去 required")),
        ),
        (
            "",
            derived("int", "depth_count") + "class = \"sensitive\"\n",
            Some(("算出来的字段不能是敏感信息", "删去 class,或改成填写的字段")),
        ),
        (
            "",
            derived("int", "depth_count") + "known_from = [\"well.litre_count\"]\n",
            Some(("算出来的字段不需要从别处带出", "删去 known_from")),
        ),
        (
            "",
            derived("int", "depth_count") + "total = { of = \"fish\", value = \"count()\" }\n",
            Some(("derived 和 total 只能写一个", "由本记录算出写 derived,由子记录汇总写 total")),
        ),
    ]);
}

#[test]
fn totals_are_of_children_and_of_the_fields_kind() {
    let total = |kind: &str, text: &str| field("worked_out", &format!("kind = \"{kind}\"\ntotal = {{ {text} }}"));
    ponds(&[
        ("", total("int", "of = \"fish\", value = \"sum(fish_count)\""), None),
        ("", total("decimal", "of = \"fish\", value = \"count()\""), None),
        ("", total("int", "of = \"fish\", where = \"fish_count > 1\", value = \"count()\""), None),
        ("", total("int", "of = \"fishes\", value = \"count()\""), Some(("没有子记录 `fishes`", "是不是 `fish`?"))),
        (
            "",
            total("int", "of = \"fish\", value = \"sum(fish_counts)\""),
            Some(("这里没有 `fish_counts`", "是不是 `fish_count`?")),
        ),
        ("", total("int", "of = \"fish\", value = \"count(fish_count)\""), Some(("count 的括号里不写东西", AGGREGATE))),
        ("", total("int", "of = \"fish\", value = \"sum()\""), Some(("sum 的括号里要写一个值", AGGREGATE))),
        ("", total("int", "of = \"fish\", value = \"fish_count\""), Some(("这不是一个汇总", AGGREGATE))),
        (
            "",
            total("bool", "of = \"fish\", value = \"any(fish_count)\""),
            Some(("any 里要条件,得到的是整数", "计数写 count(),条件放到 where")),
        ),
        ("", total("bool", "of = \"fish\", value = \"any(fish_count > 3)\""), None),
        (
            "",
            total("int", "of = \"fish\", value = \"max(fish_count > 3)\""),
            Some(("max 里要数、金额或日期,得到的是是否值", "计数写 count(),条件放到 where")),
        ),
        (
            "",
            total("int", "of = \"fish\", where = \"fish_count\", value = \"count()\""),
            Some(("这里要一个条件,得到的是整数", "加上比较,如 x > 0、x = '1'")),
        ),
    ]);
}

const AGGREGATE: &str = "写 sum(…)、count()、min(…)、max(…)、any(条件) 或 all(条件) 之一;条件放到 where";

#[test]
fn references_lead_to_registers_whose_records_one_open_field_names() {
    let to = |register: &str| field("other", &format!("kind = \"reference\"\nto = \"{register}\""));
    let hint = "被指向的台账的 key 只写一个编号(text、int 或 region)字段";
    ponds(&[
        ("", to("pond"), None),
        ("", to("well"), None),
        ("", to("resident"), None),
        (
            "",
            field("other", "kind = \"reference\""),
            Some(("kind = \"reference\" 要写指向哪个台账", "to = \"台账名\"")),
        ),
        (
            "",
            field("other", "kind = \"text\"\nto = \"well\""),
            Some(("只有 kind = \"reference\" 才写 to", "改 kind,或删去 to")),
        ),
    ]);
    let changed = Changed::new("package");
    for (key, is_named) in [
        ("\"pond_no\"", true),
        ("\"depth_count\"", true),
        ("\"visit_code\"", false),
        ("\"pond_no\", \"visit_code\"", false),
    ] {
        let text = pond("", &to("pond")).replace("key = [\"pond_no\"]", &format!("key = [{key}]"));
        let found = changed
            .load_beside("registers/pond.toml", &text)
            .map(drop)
            .map_err(|problems| told(&problems, "pond.toml"));
        let wanted = ["\"pond\"", "`pond` 的记录不是由一个编号字段确定的,不能指向它", hint].map(str::to_owned);
        assert_eq!(found, if is_named { Ok(()) } else { Err(vec![wanted]) }, "{key}");
    }
}

#[test]
fn known_values_come_from_fields_of_one_kind_and_stay_as_closed_as_they_are() {
    let from = |kind: &str, from: &str| field("other", &format!("kind = \"{kind}\"\nknown_from = [\"{from}\"]"));
    ponds(&[
        ("", from("int", "well.litre_count"), None),
        ("", from("text", "well.region_code"), None),
        ("", from("fen", "medical_bill.total_fen"), None),
        ("", from("phone", "household.head_phone"), None),
        ("", from("int", "wel.litre_count"), Some(("没有台账或数据源 `wel`", "是不是 `well`?"))),
        ("", from("int", "well.litres"), Some(("`well` 没有字段 `litres`", "是不是 `well.litre_count`?"))),
        ("", from("int", "well"), Some(("`well` 没有字段 ``", "检查名称是否写对,或先声明它"))),
        ("", from("int", ""), Some(("带出的来源不能空着", "写 台账.字段 或 数据源.列"))),
        (
            "",
            from("int", "household.land_mu"),
            Some(("带出的字段不是同一种:Decimal 和 Int", "两边的 kind 和代码表要一致")),
        ),
        (
            "",
            from("text", "resident.illness"),
            Some(("那边是敏感信息,带到这里会露出来", "把这个字段也写成 class = \"sensitive\"")),
        ),
        ("", from("text", "resident.illness") + "class = \"sensitive\"\n", None),
    ]);
}

#[test]
fn a_name_of_register_and_child_fits_into_one_table() {
    let changed = Changed::new("package");
    // Together they may have 56 letters; `fish` has four.
    for (length, fits) in [(48, true), (49, false)] {
        let name = format!("p{}", "o".repeat(length - 1));
        let loaded = changed.load_beside(&format!("registers/{name}.toml"), &pond("", ""));
        assert_eq!(loaded.is_ok(), fits, "{length}");
    }
    let name = format!("p{}", "o".repeat(47));
    for (child, fits) in [("fish_fry", true), ("fish_fries", false)] {
        let text = pond("", "").replace("name = \"fish\"", &format!("name = \"{child}\""));
        match changed.load_beside(&format!("registers/{name}.toml"), &text) {
            Ok(_) => assert!(fits, "{child}"),
            Err(problems) => {
                let found = told(&problems, &format!("{name}.toml"));
                let [[marks, message, hint]] = &found[..] else { panic!("{problems}") };
                assert!(!fits && marks == "\"fish_fries\"", "{problems}");
                assert_eq!(message, "台账和子记录的名称合起来太长(最多 56 个字母)");
                assert_eq!(hint, "把其中一个改短");
            }
        }
    }
}
