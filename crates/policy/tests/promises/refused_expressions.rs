//! Every refusal of an expression, whole: the part that is marked, what is wrong with it, and what to write instead.

use crate::{in_english, valley};
use policy::declare::Grain;
use policy::expression::{ExpressionError, parse, parse_aggregate, parse_spanned, settle_spanned};

/// The text, the part that is marked, the message and the hint.
type Refused = (&'static str, &'static str, &'static str, &'static str);

const AS_A_FACT: &str = "另写一个汇总事实([aggregate]),在这里用它的名字";
const ONE: &str = "表达式只能是一个条件或算式;检查运算符和括号";
const SPLIT: &str = "拆成几个事实,再按名字引用";
const LANGUAGE: &str = "可用:and or not、= <> < <= > >=、+ - *、in、between、is null、case when、已列出的函数";
const YUAN: &str = "写成 yuan(6000) 或 yuan(123.45),最多两位小数";
const DATE: &str = "日期写成 date '2021-05-27'";
const NUMBER: &str = "写成 12 或 0.35;不用指数,小数不超过 28 位";
const COMPARE: &str = "加上比较,如 x > 0、x = '1'";
const MONEY: &str = "金额写成 yuan(6000);金额只和金额比较、相加(0 除外)";

fn check(cases: &[Refused], read: impl Fn(&str) -> Option<ExpressionError>) {
    let mut odd = Vec::new();
    for (text, part, message, hint) in cases {
        let Some(error) = read(text) else {
            odd.push(format!("accepted: {text}"));
            continue;
        };
        in_english::check_error(&error);
        let marked = text.get(error.offset..(error.offset + error.length).min(text.len())).unwrap_or("?");
        if (marked, error.what.chinese(), error.hint.chinese()) != (*part, *message, *hint) {
            odd.push(format!("{text}\n  {:?}", (marked, error.what.chinese(), error.hint)));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn what_is_no_expression_of_the_language_is_refused_by_its_part() {
    check(
        &[
            ("", "", "表达式是空的", "写一个条件或算式"),
            (" \n ", " \n ", "表达式是空的", "写一个条件或算式"),
            ("a > 1 and b / 2 > 1", "b / 2", "不支持运算符 `/`", DIVIDE),
            ("a % 2 = 0", "a % 2", "不支持运算符 `%`", "没有取余;请换一种说法"),
            ("a || 'x' = 'y'", "a || 'x'", "不支持运算符 `||`", "文字不能拼接;说明句请写在 because 里"),
            ("a like '1%'", "a like '1%'", "不支持模糊匹配(like)", "把该列声明为代码表,再写 = 或 in ('…','…')"),
            ("a is true", "a", "不支持is true / is false", "直接写条件本身,或 coalesce(条件, false)"),
            (
                "a is distinct from b",
                "a is distinct from b",
                "不支持is distinct from",
                "写 = 或 <>,未知值用 is null 单独说明",
            ),
            ("cast(a as int) > 1", "cast", "不支持类型转换(cast)", "在数据源或台账的列上写对 kind"),
            ("extract(year from a) = 1", "extract", "不支持extract", "写 year(日期) 或 month(日期)"),
            (
                "a > interval '1 day'",
                "interval",
                "不支持interval",
                "写 plus_days(日期, 天数) 或 months_between(起, 止)",
            ),
            ("a in (select b from c)", "select", "不支持子查询", AS_A_FACT),
            ("exists (select 1)", "exists", "不支持子查询", AS_A_FACT),
            ("array[1]", "array", "不支持数组或元组", "一次只写一个值;多个取值写 in (…)"),
            ("a = [1]", "[", "不支持方括号和花括号", "多个取值写 in (…)"),
            ("(a, b) = (1, 2)", "a, b", "不支持数组或元组", "一次只写一个值;多个取值写 in (…)"),
            ("a -- why", "-- why", "表达式里不能写注释", "注释写在 TOML 的 # 后面"),
            ("a /* why */ > 1", "/* why */", "表达式里不能写注释", "注释写在 TOML 的 # 后面"),
            ("a b", "b", "多出了 `b`", ONE),
            ("a; drop table c", ";", "多出了 `;`", ONE),
            ("a > 1)", ")", "多出了 `)`", ONE),
            ("a = \"x\"", "\"x\"", "名称不加引号", "文字写在单引号里:'文字';名称直接写"),
            ("a.b.c > 1", "a.b.c", "名称里的点太多", "参数写 p.名称,户的字段写 household.名称"),
            ("1e5 > a", "1e5", "`1e5` 不是整数或小数", NUMBER),
            ("99999999999999999999 > a", "99999999999999999999", "`99999999999999999999` 不是整数或小数", NUMBER),
            ("date '2021-02-29' < a", "'2021-02-29'", "这不是一个日期", DATE),
            ("date '2021-2-1' < a", "'2021-2-1'", "这不是一个日期", DATE),
            ("timestamp '2021-02-01' < a", "'2021-02-01'", "这不是一个日期", DATE),
            ("yuan(1.234) > a", "yuan(1.234)", "yuan 里只能写一个金额", YUAN),
            ("yuan() > a", "yuan()", "yuan 里只能写一个金额", YUAN),
            ("yuan(b) > a", "yuan(b)", "yuan 里只能写一个金额", YUAN),
            (
                "case a when 1 then 2 end",
                "case a when 1 then 2 end",
                "不支持 case 后面直接跟值",
                "写 case when 条件 then 值 … end",
            ),
            ("sum(a) > 1", "sum(a)", "没有函数 `sum`", "汇总只能写在事实的 [aggregate] value 里"),
            ("mnoths_between(a, b)", "mnoths_between(a, b)", "没有函数 `mnoths_between`", "是不是 `months_between`?"),
            ("sqrt(a)", "sqrt(a)", "没有函数 `sqrt`", FUNCTIONS),
            ("year(a, b)", "year(a, b)", "`year` 的参数个数不对", "写 year(日期)"),
            ("per(a)", "per(a)", "`per` 的参数个数不对", "写 per(金额或整数, 人数)"),
            ("coalesce(a)", "coalesce(a)", "`coalesce` 的参数个数不对", "写 coalesce(值, 未知时的值)"),
            ("+a > 1", "a", "不支持 `+`", "可用的前置运算:not 和 -"),
            ("a is normalized", "a", "不支持这种写法", LANGUAGE),
            ("a collate b = 'x'", "a collate b", "不支持文字处理", "让数据源的列直接给出需要的值"),
        ],
        |text| parse(text).err(),
    );
}

const DIVIDE: &str = "人均等整除写 per(金额, 人数);比例请把乘法移到另一边,如 a > b * p.share";
const FUNCTIONS: &str =
    "可用的函数:age、months_between、days_between、plus_days、year、month、coalesce、least、greatest、per、whole、yuan";

#[test]
fn texts_end_at_four_thousand_bytes_and_sixty_four_parts_deep() {
    let padded = |bytes: usize| format!("a{}", " ".repeat(bytes - 1));
    assert!(parse(&padded(4_000)).is_ok());
    let error = parse(&padded(4_001)).expect_err("one byte more");
    assert_eq!(
        (error.what.chinese(), error.hint.chinese(), error.offset),
        ("表达式太长", "拆成几个事实,再按名字引用", 0)
    );
    let chain = |parts: usize| vec!["a"; parts].join(" and ");
    assert!(parse(&chain(65)).is_ok());
    let error = parse(&chain(66)).expect_err("one part more");
    assert_eq!((error.what.chinese(), error.hint.chinese()), ("表达式太深", SPLIT));
    let cases = |depth: usize| format!("{}1{}", "case when a then ".repeat(depth), " end".repeat(depth));
    assert!(parse(&cases(4)).is_ok());
    let error = parse(&cases(5)).expect_err("one case more");
    assert_eq!((error.what.chinese(), error.hint.chinese()), ("case 套得太深", SPLIT));
    assert!(parse(&["case when a then 1 end > 0"; 9].join(" or ")).is_ok(), "beside one another they are not deep");
}

#[test]
fn aggregates_are_refused_by_what_is_wrong_in_them() {
    const ONE_OF: &str = "写 sum(…)、count()、min(…)、max(…)、any(条件) 或 all(条件) 之一;条件放到 where";
    check(
        &[
            ("total_fen", "total_fen", "这不是一个汇总", ONE_OF),
            (" sum(a) + 1", "sum(a) + 1", "这不是一个汇总", ONE_OF),
            ("avg(a)", "avg(a)", "没有汇总 `avg`", ONE_OF),
            ("SUM(a)", "SUM(a)", "没有汇总 `SUM`", ONE_OF),
            ("count(a)", "count(a)", "count 的括号里不写东西", ONE_OF),
            ("max( )", "max( )", "max 的括号里要写一个值", ONE_OF),
            ("sum(a / b)", "a / b", "不支持运算符 `/`", DIVIDE),
            ("sum(a, b)", ",", "多出了 `,`", ONE),
        ],
        |text| parse_aggregate(text).err(),
    );
}

#[test]
fn types_and_units_are_refused_by_the_part_that_does_not_fit() {
    let package = valley();
    let codes = "可用:'01' 因病、'02' 因学";
    check(
        &[
            ("null", "null", "整个表达式都是 null", "写一个有类型的值"),
            ("coalesce(null, null)", "coalesce(null, null)", "整个表达式都是 null", "写一个有类型的值"),
            ("membr_count > 1", "membr_count", "这里没有 `membr_count`", "是不是 `member_count`?"),
            ("xyz > 1", "xyz", "这里没有 `xyz`", "检查名称是否写对,或先声明它"),
            ("spending_line > yuan(1)", "spending_line", "这里没有 `spending_line`", "参数要写成 p.spending_line"),
            ("p.spending > yuan(1)", "p.spending", "没有参数 `spending`", "是不是 `p.spending_line`?"),
            (
                "self_paid_12m_fen > yuan(1)",
                "self_paid_12m_fen",
                "这里没有 `self_paid_12m_fen`",
                "这是按人的值;先写一个户的汇总事实([aggregate] from = \"resident\")",
            ),
            ("head_phone is null", "head_phone", "这里没有 `head_phone`", "该字段属于个人或敏感信息,不进入筛查数据"),
            (
                "sick_household_count > 1",
                "sick_household_count",
                "这里没有 `sick_household_count`",
                "这是村的事实,人和户不能引用",
            ),
            ("not member_count", "member_count", "这里要一个条件,得到的是整数", COMPARE),
            ("is_monitored and null", "null", "null 不是条件", "写 true、false,或 is null"),
            ("income_fen > 6000", "6000", "金额和整数不能放在一起", MONEY),
            ("income_fen + 0.5 > yuan(1)", "income_fen + 0.5", "金额和小数不能放在一起", MONEY),
            ("income_fen = land_mu", "land_mu", "金额和小数不能放在一起", MONEY),
            ("income_fen * 0.5 > member_count", "member_count", "带小数的金额和整数不能放在一起", MONEY),
            (
                "income_fen * income_fen > yuan(1)",
                "income_fen * income_fen",
                "金额不能乘以金额",
                "其中一边应是人数、次数或比例",
            ),
            ("day > '2021-05-27'", "'2021-05-27'", "日期和文字不能放在一起", DATE),
            ("day + 1 > day", "day", "日期不能这样计算", "日期加减写 plus_days(日期, 天数) 或 days_between(起, 止)"),
            ("is_monitored + 1 > 0", "is_monitored", "是否值不能这样计算", "只有数和金额能计算"),
            ("-risk_code = '1'", "risk_code", "代码不能这样计算", "只有数和金额能计算"),
            ("member_count + null > 1", "null", "null 不能计算", "用 coalesce(值, 0) 处理未知值"),
            ("risk_code = '因病'", "'因病'", "代码表 risk_type 里没有 '因病'", "代码表存的是代码,写 '01'(因病)"),
            ("risk_code = '上学'", "'上学'", "代码表 risk_type 里没有 '上学'", "代码表存的是代码,写 '02'(因学)"),
            ("risk_code <> '9'", "'9'", "代码表 risk_type 里没有 '9'", codes),
            ("risk_code = 1", "1", "代码和整数不能放在一起", "代码写在单引号里,如 '1'"),
            ("risk_code > '01'", "risk_code > '01'", "代码不分大小", "只能用 =、<>、in 比较"),
            ("is_monitored >= true", "is_monitored >= true", "是否值不分大小", "只能用 =、<>、in 比较"),
            ("is_monitored = 1", "1", "是否值和整数不能放在一起", "两边要同一种类型"),
            ("member_count = null", "member_count = null", "和 null 比较永远得不到结果", "写 is null 或 is not null"),
            ("null <> member_count", "null <> member_count", "和 null 比较永远得不到结果", "写 is null 或 is not null"),
            (
                "member_count in (1, member_count)",
                "member_count",
                "in 的括号里只能写固定值",
                "名称请用 = 比较,用 or 连接",
            ),
            ("member_count in (1, null)", "null", "in 的括号里只能写固定值", "名称请用 = 比较,用 or 连接"),
            ("member_count between 1 and '2'", "'2'", "整数和文字不能放在一起", "两边要同一种类型"),
            (
                "coalesce(member_count, land_mu) > 1",
                "coalesce(member_count, land_mu)",
                "各个取值的类型不一致",
                "整数和小数、金额和带小数的金额不能混用;用 whole(…) 取整",
            ),
            ("case when is_monitored then 1 else '1' end = 1", "'1'", "整数和文字不能放在一起", "两边要同一种类型"),
            (
                "age(member_count) > 1",
                "member_count",
                "age 的第 1 个参数要日期,得到的是整数",
                "写 age(出生日期) 或 age(出生日期, 日期)",
            ),
            (
                "plus_days(day, land_mu) > day",
                "land_mu",
                "plus_days 的第 2 个参数要整数,得到的是小数",
                "写 plus_days(日期, 天数)",
            ),
            ("year(null) > 1", "null", "这里不能写 null", "写 year(日期)"),
            ("per(land_mu, 2) > 1", "land_mu", "per 只分金额和整数", "先用 whole(…) 取整"),
            (
                "per(income_fen, land_mu) > yuan(1)",
                "land_mu",
                "per 的第 2 个参数要整数,得到的是小数",
                "写 per(金额或整数, 人数)",
            ),
            ("whole(is_monitored) > 1", "is_monitored", "是否值不能这样计算", "只有数和金额能计算"),
        ],
        |text| settle_spanned(&parse_spanned(text).expect(text), package.scope(Grain::Household)).err(),
    );
}

#[test]
fn what_is_refused_is_told_in_english_too() {
    let package = valley();
    let cases = [
        (
            Grain::Household,
            "risk_code = '9'",
            "the code list risk_type has no code '9'",
            "available: '01' Illness, '02' Schooling",
        ),
        (
            Grain::Household,
            "risk_code = '上学'",
            "the code list risk_type has no code '上学'",
            "code lists hold codes: write '02' (Schooling)",
        ),
        (
            Grain::Household,
            "plus_days(day, land_mu) > day",
            "argument 2 of `plus_days` is to be a whole number; this is a decimal",
            "write plus_days(date, days)",
        ),
        (
            Grain::Resident,
            "income_fen > 0",
            "there is no `income_fen` here",
            "this is a field of the household: write household.income_fen",
        ),
    ];
    for (grain, text, what, hint) in cases {
        let settled = settle_spanned(&parse_spanned(text).expect(text), package.scope(grain));
        let error = settled.expect_err(text);
        assert_eq!((error.what.english(), error.hint.english()), (what, hint), "{text}");
    }
}

#[test]
fn the_neighbour_of_each_refusal_is_taken() {
    let package = valley();
    for text in [
        "income_fen > yuan(6000)",
        "income_fen > 0",
        "income_fen * 0.5 > yuan(1)",
        "income_fen * member_count > p.spending_line",
        "income_fen = whole(income_fen * 0.5)",
        "day > date '2021-05-27'",
        "plus_days(day, 1) > day",
        "risk_code in ('01', '02')",
        "member_count in (1, 2, 3)",
        "member_count in (1, 2.5)",
        "member_count between 1 and 2.5",
        "member_count is null",
        "coalesce(member_count, 0) > 1",
        "coalesce(land_mu, 1) > 1",
        "case when is_monitored then null else 1 end = 1",
        "is_monitored = true",
        "is_monitored and true",
        "age(date '2000-01-01', day) > 1",
        "per(income_fen, member_count) > yuan(1)",
        "per(whole(land_mu), 2) > 1",
        "a_name_that_is_no_name is null or true",
    ] {
        let settled = settle_spanned(&parse_spanned(text).expect(text), package.scope(Grain::Household));
        assert_eq!(settled.is_ok(), !text.starts_with("a_name"), "{text}: {settled:?}");
    }
}
