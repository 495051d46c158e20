//! What is not in the language, and what to write instead.

use sqlparser::ast::{BinaryOperator, Expr as Sql, UnaryOperator};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

/// Deepest nesting of `case`: the SQL parser tries each level twice.
const CASES_MAX: usize = 4;

/// The first token that the language leaves out, with message and hint: refused before the parser sees it, because it reads
/// nested words of this kind again and again.
pub(super) fn tokens(tokens: &[TokenWithSpan]) -> Option<(&TokenWithSpan, String, &'static str)> {
    let mut cases = 0_usize;
    for token in tokens {
        let (what, hint) = match &token.token {
            Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)) => {
                return Some((token, "表达式里不能写注释".to_owned(), "注释写在 TOML 的 # 后面"));
            }
            Token::LBracket | Token::LBrace => ("方括号和花括号", "多个取值写 in (…)"),
            Token::Word(word) if word.quote_style.is_none() => match word.keyword {
                Keyword::CASE => {
                    cases += 1;
                    if cases <= CASES_MAX {
                        continue;
                    }
                    return Some((token, "case 套得太深".to_owned(), "拆成几个事实,再按名字引用"));
                }
                Keyword::END => {
                    cases = cases.saturating_sub(1);
                    continue;
                }
                Keyword::SELECT | Keyword::EXISTS | Keyword::WITH => ("子查询", AS_A_FACT),
                Keyword::CAST | Keyword::TRY_CAST | Keyword::SAFE_CAST | Keyword::CONVERT | Keyword::TRY_CONVERT => {
                    ("类型转换(cast)", "在数据源或台账的列上写对 kind")
                }
                Keyword::INTERVAL => ("interval", "写 plus_days(日期, 天数) 或 months_between(起, 止)"),
                Keyword::EXTRACT => ("extract", "写 year(日期) 或 month(日期)"),
                Keyword::ARRAY | Keyword::STRUCT | Keyword::MAP => ("数组或元组", "一次只写一个值;多个取值写 in (…)"),
                _ => continue,
            },
            _ => continue,
        };
        return Some((token, format!("不支持{what}"), hint));
    }
    None
}

/// What to write instead of a subquery.
const AS_A_FACT: &str = "另写一个汇总事实([aggregate]),在这里用它的名字";

/// Message and hint for a form of SQL that the language leaves out.
pub(super) fn unsupported(sql: &Sql) -> (String, &'static str) {
    let (what, hint) = match sql {
        Sql::InSubquery { .. } | Sql::Exists { .. } | Sql::Subquery(_) | Sql::AnyOp { .. } | Sql::AllOp { .. } => {
            ("子查询", AS_A_FACT)
        }
        Sql::Like { .. } | Sql::ILike { .. } | Sql::SimilarTo { .. } | Sql::RLike { .. } => {
            ("模糊匹配(like)", "把该列声明为代码表,再写 = 或 in ('…','…')")
        }
        Sql::Cast { .. } | Sql::Convert { .. } => ("类型转换(cast)", "在数据源或台账的列上写对 kind"),
        Sql::IsTrue(_) | Sql::IsNotFalse(_) | Sql::IsFalse(_) | Sql::IsNotTrue(_) => {
            ("is true / is false", "直接写条件本身,或 coalesce(条件, false)")
        }
        Sql::IsUnknown(_) | Sql::IsNotUnknown(_) => ("is unknown", "写 is null / is not null"),
        Sql::IsDistinctFrom(..) | Sql::IsNotDistinctFrom(..) => {
            ("is distinct from", "写 = 或 <>,未知值用 is null 单独说明")
        }
        Sql::Extract { .. } => ("extract", "写 year(日期) 或 month(日期)"),
        Sql::Ceil { .. } | Sql::Floor { .. } => ("ceil / floor", "写 whole(小数) 四舍五入取整,或 per(金额, 人数)"),
        Sql::Interval(_) => ("interval", "写 plus_days(日期, 天数) 或 months_between(起, 止)"),
        Sql::Substring { .. } | Sql::Trim { .. } | Sql::Position { .. } | Sql::Overlay { .. } | Sql::Collate { .. } => {
            ("文字处理", "让数据源的列直接给出需要的值")
        }
        Sql::Array(_) | Sql::Tuple(_) | Sql::Struct { .. } | Sql::Map(_) | Sql::Dictionary(_) => {
            ("数组或元组", "一次只写一个值;多个取值写 in (…)")
        }
        Sql::Wildcard(_) | Sql::QualifiedWildcard(..) => ("*", "写出列名;计数写 count()"),
        Sql::AtTimeZone { .. } => ("时区", "日期没有时区,直接比较"),
        _ => ("这种写法", "可用:and or not、= <> < <= > >=、+ - *、in、between、is null、case when、已列出的函数"),
    };
    (format!("不支持{what}"), hint)
}

/// Message and hint for an operator that the language leaves out.
pub(super) fn operator(op: &BinaryOperator) -> (String, &'static str) {
    let hint = match op {
        BinaryOperator::Divide => "人均等整除写 per(金额, 人数);比例请把乘法移到另一边,如 a > b * p.share",
        BinaryOperator::Modulo => "没有取余;请换一种说法",
        BinaryOperator::StringConcat => "文字不能拼接;说明句请写在 because 里",
        _ => "可用的运算:= <> < <= > >= + - * and or",
    };
    (format!("不支持运算符 `{op}`"), hint)
}

/// Message and hint for a sign before a value that the language leaves out.
pub(super) fn sign(op: &UnaryOperator) -> (String, &'static str) {
    (format!("不支持 `{op}`"), "可用的前置运算:not 和 -")
}
