//! Sources and their columns.

use super::{Changed, check, told};
use std::fs;

const BILL: &str = "sources/medical_bill.toml";
const NAME_HINT: &str = "只用小写字母、数字和下划线,以字母开头,最多 48 个;不用 SQL 的词和系统自用的列名";
const ONLY_FIELDS: &str = "这是台账字段才有的写法";

#[test]
fn a_source_says_who_hands_it_in_how_often_and_of_whom() {
    check(
        "package",
        BILL,
        &[
            ("article = [1]", "article = []", "[]", "没有写明条款", "article = [条款号]", "article = [1, 2]"),
            ("article = [1]", "article = [3]", "3", "没有第 3 条", "articles.toml 里有第 2 条", "article = [2]"),
            (
                "department = \"medical\"",
                "department = \"医保部门\"",
                "\"医保部门\"",
                "代码表 department 里没有 `医保部门`",
                "写代码 \"medical\"",
                "",
            ),
            (
                "department = \"medical\"",
                "department = \"school\"",
                "\"school\"",
                "代码表 department 里没有 `school`",
                "可用:medical",
                "",
            ),
            (
                "cadence = \"month\"",
                "cadence = \"week\"",
                "\"week\"",
                "不认识的报送频次 `week`",
                "可用:month、quarter、year、event、day",
                "cadence = \"day\"",
            ),
            (
                "mode = \"events\"",
                "mode = \"events\"\nleaving_percent_max = 101",
                "101",
                "比例超过100",
                "写0到100的整数,单位为百分之一",
                "mode = \"roster\"\nleaving_percent_max = 100",
            ),
            (
                "of = \"resident\"",
                "of = \"village\"",
                "\"village\"",
                "数据源只能按人或按户",
                "of = \"resident\" 或 \"household\"",
                "",
            ),
            (
                "identity = \"identity_no\"\n",
                "",
                "\"resident\"",
                "按人的数据源要有证件号码列",
                "identity = \"列名\"",
                "",
            ),
            (
                "of = \"resident\"\nmode = \"events\"\nidentity = \"identity_no\"",
                "of = \"household\"\nmode = \"events\"",
                "\"household\"",
                "按户的数据源要有户编号列或成员证件号码列",
                "household = \"列名\" 或 identity = \"列名\"",
                "",
            ),
            (
                "identity = \"identity_no\"",
                "identity = \"settled_on\"",
                "\"settled_on\"",
                "列 `settled_on` 的 kind 不对",
                "应是 [Identity](小写)",
                "",
            ),
            (
                "identity = \"identity_no\"",
                "identity = \"identity\"",
                "\"identity\"",
                "没有列 `identity`",
                "是不是 `identity_no`?",
                "",
            ),
            (
                "key = [\"identity_no\", \"settled_on\"]",
                "key = []",
                "[]",
                "没有写哪些列确定一行",
                "key = [\"列名\", …]",
                "key = [\"identity_no\"]",
            ),
            (
                "key = [\"identity_no\", \"settled_on\"]",
                "key = [\"identity_no\", \"settled\"]",
                "\"settled\"",
                "没有列 `settled`",
                "是不是 `settled_on`?",
                "",
            ),
        ],
    );
}

#[test]
fn what_is_said_of_a_person_needs_the_persons_number() {
    check(
        "package",
        BILL,
        &[
            (
                "day = \"settled_on\"",
                "day = \"settled_on\"\nmember_tolerance_days = 93",
                "93",
                "与在户日期相差 93 天,已不能确定是哪一户",
                "最多 92 天",
                "day = \"settled_on\"\nmember_tolerance_days = 92",
            ),
            (
                "day = \"settled_on\"",
                "member_tolerance_days = 1",
                "1",
                "没有业务发生日列,按报送日对应农户",
                "补写 day = \"列名\",或删去这一行",
                "",
            ),
            (
                "of = \"resident\"\nmode = \"events\"\nidentity = \"identity_no\"",
                "of = \"household\"\nmode = \"events\"\nhousehold = \"visit_code\"\nname = \"visit_code\"",
                "\"visit_code\"",
                "没有证件号码列,姓名无从核对",
                "补写 identity = \"列名\",或删去这一行",
                "",
            ),
            (
                "of = \"resident\"\nmode = \"events\"\nidentity = \"identity_no\"",
                "of = \"household\"\nmode = \"events\"\nhousehold = \"visit_code\"\nmember_tolerance_days = 2",
                "2",
                "没有证件号码列,不按人员对应农户",
                "补写 identity = \"列名\",或删去这一行",
                "",
            ),
        ],
    );
}

#[test]
fn columns_have_names_and_headings_of_their_own() {
    check(
        "package",
        BILL,
        &[
            (
                "name = \"illness\"",
                "name = \"select\"",
                "\"select\"",
                "`select` 不能用作名称",
                NAME_HINT,
                "name = \"selected\"",
            ),
            ("name = \"illness\"", "name = \"row\"", "\"row\"", "`row` 不能用作名称", NAME_HINT, "name = \"row_no\""),
            ("name = \"illness\"", "name = \"a__b\"", "\"a__b\"", "`a__b` 不能用作名称", NAME_HINT, "name = \"a_b\""),
            (
                "name = \"illness\"",
                "name = \"reimbursed_fen\"",
                "\"reimbursed_fen\"",
                "`reimbursed_fen` 重复",
                "每个名称只能出现一次",
                "",
            ),
            (
                "label = \"报销金额\"",
                "label = \"总费用\"",
                "\"总费用\"",
                "表头「总费用」在两列里都有",
                "一个表头只能属于一列",
                "",
            ),
            (
                "label = \"报销金额\"",
                "label = \"报销金额\"\nheadings = [\"报销\", \"总费用\"]",
                "[\"报销\", \"总费用\"]",
                "表头「总费用」在两列里都有",
                "一个表头只能属于一列",
                "label = \"报销金额\"\nheadings = [\"报销\", \"报销金额\"]",
            ),
        ],
    );
}

#[test]
fn what_a_column_says_goes_with_its_kind() {
    check(
        "package",
        BILL,
        &[
            (
                "kind = \"code\"\ncodes = \"visit\"",
                "kind = \"code\"",
                "\"code\"",
                "kind = \"code\" 要写代码表",
                "codes = \"代码表名\"",
                "",
            ),
            (
                "kind = \"fen\"\nmin = 0",
                "kind = \"fen\"\nmin = 0\ncodes = \"visit\"",
                "\"visit\"",
                "只有 kind = \"code\" 才写代码表",
                "改 kind,或删去 codes",
                "",
            ),
            ("codes = \"visit\"", "codes = \"visits\"", "\"visits\"", "没有代码表 `visits`", "是不是 `visit`?", ""),
            (
                "kind = \"fen\"\nmin = 0",
                "kind = \"fen\"\nmin = 10\nmax = 9",
                "9",
                "max 比 min 还小",
                "金额以元写",
                "kind = \"fen\"\nmin = 10\nmax = 10",
            ),
            ("kind = \"day\"\n", "kind = \"day\"\nmin = 1\n", "1", "只有数和金额有范围", "删去 min", ""),
            ("kind = \"day\"\n", "kind = \"day\"\nmax = 1\n", "1", "只有数和金额有范围", "删去 max", ""),
            (
                "kind = \"fen\"\nmin = 0",
                "kind = \"fen\"\nmin = 0\nmay_be_future = true",
                "true",
                "只有日期才写 may_be_future",
                "删去它",
                "",
            ),
            (
                "kind = \"day\"\n",
                "kind = \"day\"\nmay_be_future = 1\n",
                "1",
                TYPE_OF_TRUTH,
                TYPE_HINT,
                "kind = \"day\"\nmay_be_future = true\n",
            ),
            (
                "kind = \"fen\"\nmin = 0",
                "kind = \"fen\"\nmin = 0\nunit = \"元\"",
                "\"元\"",
                "只有整数和小数写单位",
                "金额不写单位;删去 unit",
                "",
            ),
        ],
    );
}

const TYPE_OF_TRUTH: &str = "值的类型不对:写的是数 1,应为true 或 false";
const TYPE_HINT: &str = "文字加引号,数和日期不加,列表写 [ ]";

#[test]
fn what_only_fields_of_registers_have_is_refused_in_a_source() {
    let text = "kind = \"text\"\nclass = \"sensitive\"";
    let changed = Changed::new("package");
    let cases = [
        ("derived", "derived = \"total_fen\"", "\"total_fen\""),
        ("total", "total = { of = \"share\", value = \"count()\" }", "{ of = \"share\", value = \"count()\" }"),
        ("known_from", "known_from = [\"household.land_mu\"]", "[\"household.land_mu\"]"),
        ("section", "section = \"basics\"", "\"basics\""),
        ("many", "many = true", "true"),
    ];
    for (key, line, marks) in cases {
        let problems = changed.load_with(BILL, text, &format!("{text}\n{line}")).expect_err(key);
        let wanted = [marks.to_owned(), format!("数据源的列不能这样写 {key}"), ONLY_FIELDS.to_owned()];
        assert!(told(&problems, BILL).contains(&wanted), "{problems}");
    }
    for kind in ["kind = \"file\"", "kind = \"reference\"\nto = \"well\""] {
        let problems = changed.load_with(BILL, text, kind).expect_err(kind);
        let marks = kind.lines().next().and_then(|line| line.strip_prefix("kind = ")).expect("a kind");
        let wanted = [marks.to_owned(), "数据源的列不能这样写 kind".to_owned(), ONLY_FIELDS.to_owned()];
        assert!(told(&problems, BILL).contains(&wanted), "{problems}");
    }
}

#[test]
fn checks_of_rows_are_conditions_over_the_columns() {
    check(
        "package",
        BILL,
        &[
            (
                "holds = \"reimbursed_fen <= total_fen\"",
                "holds = \"reimbursed_fen\"",
                "\"reimbursed_fen\"",
                "这里要一个条件,得到的是金额",
                "加上比较,如 x > 0、x = '1'",
                "holds = \"reimbursed_fen < total_fen or illness is null\"",
            ),
            (
                "holds = \"reimbursed_fen <= total_fen\"",
                "holds = \"reimbursed_fen <= total\"",
                "total",
                "这里没有 `total`",
                "是不是 `total_fen`?",
                "",
            ),
            (
                "columns = [\"reimbursed_fen\", \"total_fen\"]",
                "columns = [\"reimbursed_fen\", \"total\"]",
                "\"total\"",
                "没有列 `total`",
                "是不是 `total_fen`?",
                "columns = []",
            ),
        ],
    );
}

#[test]
fn a_source_and_a_register_have_names_of_their_own() {
    let changed = Changed::new("package");
    let bill = fs::read_to_string(changed.path(BILL)).expect("reads");
    let problems = changed.load_beside("sources/well.toml", &bill).expect_err("the name of a register");
    let wanted = ["label = \"医疗费用\"", "`well` 也是台账的名称", "数据源和台账不能同名"].map(str::to_owned);
    assert!(told(&problems, "sources/well.toml").contains(&wanted), "{problems}");
    changed.load_beside("sources/well_bill.toml", &bill).expect("another name");
}

#[test]
fn lists_end_at_four_hundred_entries() {
    let column =
        |at: usize| format!("\n[[column]]\nname = \"c_{at}\"\nlabel = \"列{at}\"\nlabel_en = \"C\"\nkind = \"text\"\n");
    let changed = Changed::new("package");
    let more = |count: usize| (0..count).map(column).collect::<String>() + "\n[[check]]";
    changed.load_with(BILL, "[[check]]", &more(394)).expect("four hundred columns");
    let problems = changed.load_with(BILL, "[[check]]", &more(395)).expect_err("one more");
    let [[_, message, hint]] = &told(&problems, BILL)[..] else { panic!("{problems}") };
    assert_eq!(message, "`column` 有 401 项,太多了(最多 400 项)");
    assert_eq!(hint, "拆成几个台账或数据源");
}
