//! Registers: fields, keys, lists, rights, what they calculate, and what the engine reads of them.

use super::{Changed, check, told};
use std::fs;

const WELL: &str = "registers/well.toml";
const DROP: &str = "从这里删去它";

#[test]
fn a_register_says_of_whom_it_is_and_by_what_a_record_is_known() {
    check(
        "package",
        WELL,
        &[
            (
                "key = [\"well_no\"]",
                "of = \"village\"\nkey = [\"well_no\"]",
                "\"village\"",
                "台账只能按人或按户",
                "写 \"resident\" 或 \"household\";其他事物不写 of",
                "",
            ),
            (
                "key = [\"well_no\"]",
                "key = []",
                "[]",
                "没有写哪些字段确定一条记录",
                "key = [\"字段名\", …]",
                "key = [\"region_code\"]",
            ),
            ("key = [\"well_no\"]", "key = [\"well\"]", "\"well\"", "没有列 `well`", "是不是 `well_no`?", ""),
            (
                "key = [\"well_no\"]",
                "key = [\"well_no\", \"well_no\"]",
                "\"well_no\"",
                "`well_no` 重复",
                "每个字段只写一次",
                "",
            ),
            (
                "key = [\"well_no\"]",
                "key = [\"trouble_codes\"]",
                "\"trouble_codes\"",
                "`trouble_codes` 不能用来确定一条记录",
                "附件和多选字段不能写进 key",
                "",
            ),
            (
                "key = [\"well_no\"]",
                "key = [\"grade_code\"]",
                "[\"grade_code\"]",
                "`grade_code` 是算出来的,不能用来确定一条记录",
                "key 里只写填写的字段",
                "",
            ),
            (
                "region = \"region_code\"\nmay_see",
                "region = \"well_no\"\nmay_see",
                "\"well_no\"",
                "列 `well_no` 的 kind 不对",
                "应是 [Region](小写)",
                "",
            ),
            (
                "name = \"walk_minutes\"",
                "name = \"version\"",
                "\"version\"",
                "`version` 是系统自用的列名",
                "换一个名称,例如在前面加上所指的事物",
                "",
            ),
            (
                "section = \"basics\"",
                "section = \"basic\"",
                "\"basic\"",
                "没有分组 `basic`",
                "是不是 `basics`?",
                "note = \"井台上的号\"",
            ),
            (
                "to = \"well\"",
                "to = \"household\"\nmany = true",
                "true",
                "只有 kind = \"code\" 才能多选",
                "改 kind,或删去 many",
                "to = \"household\"",
            ),
            ("to = \"well\"", "to = \"wells\"", "\"wells\"", "没有台账 `wells`", "是不是 `well`?", "to = \"region\""),
        ],
    );
}

#[test]
fn rights_are_of_roles_that_see_the_register() {
    check(
        "package",
        WELL,
        &[
            (
                "may_enter = [\"clerk\"]",
                "may_enter = [\"clark\"]",
                "\"clark\"",
                "没有角色 `clark`",
                "是不是 `clerk`?",
                "may_export = [\"clerk\"]\nmay_unmask = [\"clerk\"]",
            ),
            (
                "may_see = [\"clerk\"]\n",
                "may_see = []\n",
                "\"clerk\"",
                "角色 `clerk` 看不到这个台账,却写在 may_enter 里",
                "先把它写进 may_see",
                "",
            ),
            (
                "may_see = [\"clerk\"]\nmay_enter = [\"clerk\"]",
                "may_export = [\"clerk\"]",
                "\"clerk\"",
                "角色 `clerk` 看不到这个台账,却写在 may_export 里",
                "先把它写进 may_see",
                "may_import = [\"clerk\"]",
            ),
        ],
    );
}

#[test]
fn lists_show_sort_and_filter_by_what_they_can() {
    check(
        "package",
        WELL,
        &[
            (
                "sortable = [\"dug_on\"]",
                "sortable = [\"trouble_codes\"]",
                "\"trouble_codes\"",
                "`trouble_codes` 是多选字段,不能排序",
                DROP,
                "sortable = [\"dug_on\", \"litre_count\"]",
            ),
            (
                "sort = [\"well_no\"]",
                "sort = [\"well\"]",
                "\"well\"",
                "没有列 `well`",
                "是不是 `well_no`?",
                "sort = []",
            ),
            (
                "filter = [\"grade_code\", \"region_code\"]",
                "filter = [\"share.held\"]",
                "\"share.held\"",
                "没有列 `share.held`",
                "是不是 `share.holder`?",
                "filter = [\"share.holder\", \"trouble_codes\"]",
            ),
            (
                "columns = [\"well_no\", \"grade_code\"]",
                "columns = [\"well_no\", \"grade\"]",
                "\"grade\"",
                "没有列 `grade`",
                "是不是 `grade_code`?",
                "columns = []",
            ),
        ],
    );
    check(
        "package",
        "registers/household.toml",
        &[
            (
                "region = \"region_code\"\n",
                "region = \"region_code\"\nlist = { columns = [], sort = [\"head_phone\"] }\n",
                "\"head_phone\"",
                "`head_phone` 是敏感信息,不能排序",
                DROP,
                "region = \"region_code\"\nlist = { columns = [], sort = [], filter = [\"head_phone\"] }\n",
            ),
            (
                "region = \"region_code\"\n",
                "region = \"region_code\"\nmay_see = [\"clerk\"]\nmay_enter = [\"clerk\", \"clark\"]\n",
                "\"clark\"",
                "没有角色 `clark`",
                "是不是 `clerk`?",
                "region = \"region_code\"\nmay_see = [\"clerk\"]\nmay_enter = [\"clerk\"]\n",
            ),
        ],
    );
}

#[test]
fn the_fields_that_the_engine_reads_are_there() {
    for (file, field) in [
        ("household", "household_no"),
        ("household", "region_code"),
        ("resident", "household_no"),
        ("resident", "member_from"),
        ("resident", "member_to"),
    ] {
        let file = format!("registers/{file}.toml");
        let problems = Changed::new("package")
            .load_with(&file, &format!("name = \"{field}\""), &format!("name = \"{field}s\""))
            .expect_err(field);
        let found = told(&problems, &file);
        let wanted = [format!("缺字段 `{field}`,系统离不开它"), format!("加 [[field]] name = \"{field}\"")];
        assert!(found.iter().any(|[_, message, hint]| [message, hint] == [&wanted[0], &wanted[1]]), "{problems}");
    }
}

/// A register that the engine reads: its use, and its fields with their kinds.
fn serving(serves_as: &str, fields: &[(&str, &str)], more: &str) -> String {
    let field = |(at, (name, rest)): (usize, &(&str, &str))| {
        format!("[[field]]\nname = \"{name}\"\nlabel = \"字段{at}\"\nlabel_en = \"F\"\n{rest}\n")
    };
    let fields: String = fields.iter().enumerate().map(field).collect();
    format!(
        "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nserves_as = \"{serves_as}\"\nkey = [\"region_code\"]\nregion = \"region_code\"\n{fields}{more}"
    )
}

const TEXT: &str = "kind = \"text\"\nrequired = true";
const REGION: &str = "kind = \"region\"\nrequired = true";
const DAY: &str = "kind = \"day\"\nrequired = true\nmay_be_future = true";

#[test]
fn a_register_that_the_engine_reads_has_what_it_reads_and_no_states() {
    let deputies =
        [("account", TEXT), ("role_code", TEXT), ("region_code", REGION), ("from_on", DAY), ("until_on", DAY)];
    let suspensions = [("region_code", REGION), ("from_on", DAY), ("until_on", DAY), ("reason", TEXT)];
    let changed = Changed::new("package");
    for (serves_as, fields) in [("deputies", &deputies[..]), ("suspensions", &suspensions[..])] {
        let loaded = |fields: &[(&str, &str)], more: &str| {
            let loaded = changed.load_beside("registers/office.toml", &serving(serves_as, fields, more));
            loaded.map(drop).map_err(|problems| told(&problems, "office.toml"))
        };
        assert_eq!(loaded(fields, ""), Ok(()), "{serves_as}");
        for (at, (name, rest)) in fields.iter().enumerate() {
            let kind = rest.split('"').nth(1).expect("a kind");
            let hint = format!("写 [[field]] name = \"{name}\"、kind = \"{kind}\"、required = true");
            let wanted = [format!("\"{serves_as}\""), format!("系统要读必填字段 `{name}`,它没有声明或类型不符"), hint];
            let other = rest.replace(kind, "bool").replace("\nmay_be_future = true", "");
            let optional = rest.replace("\nrequired = true", "");
            for odd in [other.as_str(), optional.as_str()] {
                let mut fields = fields.to_vec();
                fields[at].1 = odd;
                let found = loaded(&fields, "").expect_err(name);
                assert!(found.contains(&wanted), "{odd}: {found:?}");
            }
        }
        let code = "kind = \"code\"\ncodes = \"visit\"\nrequired = true";
        let coded: Vec<(&str, &str)> =
            fields.iter().map(|(name, rest)| (*name, if *rest == TEXT { code } else { rest })).collect();
        assert_eq!(loaded(&coded, ""), Ok(()), "codes stand where a text is read");
        let state = "[[state]]\nname = \"open\"\nlabel = \"x\"\nlabel_en = \"x\"\ninitial = true\n";
        let found = loaded(fields, state).expect_err("states");
        let wanted = ["系统要读的台账不设状态:没有撤回的都算有效", "删去 [[state]] 和 [[step]]"];
        assert!(found.iter().any(|[_, message, hint]| [message, hint] == wanted), "{found:?}");
    }
    let text = serving("deputies", &deputies, "").replace("region = \"region_code\"\n", "");
    let problems = changed.load_beside("registers/office.toml", &text).expect_err("no place");
    let found = told(&problems, "office.toml");
    let wanted = ["系统按 region_code 判断在哪里有效", "写 region = \"region_code\""];
    assert!(found.iter().any(|[_, message, hint]| [message, hint] == wanted), "{found:?}");
    let other = serving("deputies", &deputies, "").replace("deputies", "judges");
    let problems = changed.load_beside("registers/office.toml", &other).expect_err("no such use");
    assert_eq!(told(&problems, "office.toml")[0][1..], ["不认识的取值 `judges`", "可用:deputies、suspensions"]);
}

#[test]
fn a_register_of_leads_has_one_state_of_what_has_lapsed() {
    let changed = Changed::new("package");
    let lead = fs::read_to_string(changed.path("registers/lead.toml")).expect("reads");
    let state = |name: &str| {
        format!(
            "\n[[state]]\nname = \"{name}\"\nlabel = \"撤\"\nlabel_en = \"Gone\"\nis_final = true\nis_lapsed = true\n"
        )
    };
    fs::write(changed.path("registers/lead.toml"), lead.clone() + &state("gone")).expect("writes");
    let package = changed.load().expect("one");
    assert_eq!(package.registers["lead"].state.len(), 3, "none is filled in beside the declared one");
    fs::write(changed.path("registers/lead.toml"), lead + &state("gone") + &state("lost")).expect("writes");
    let problems = changed.load().expect_err("two");
    let found = told(&problems, "lead.toml");
    let wanted = ["失效的状态只能有一个", "只在一个 [[state]] 里写 is_lapsed = true"];
    assert!(found.iter().any(|[_, message, hint]| [message, hint] == wanted), "{found:?}");
}
