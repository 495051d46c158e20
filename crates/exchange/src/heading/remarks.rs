//! Remarks in brackets behind headings: those that name somebody or something else, and those that only explain.

use super::measures::is_other_unit;
use crate::MoneyUnit;
use model::Kind;

/// Words of people beside the one that a row is about: headings below or before them are those of somebody else, unless the column says so.
pub(super) const OTHER_PEOPLE: [&str; 34] = [
    "户主",
    "监护人",
    "代办人",
    "经办人",
    "联系人",
    "负责人",
    "代理人",
    "委托人",
    "审核人",
    "填表人",
    "填报人",
    "配偶",
    "父亲",
    "母亲",
    "家长",
    "担保人",
    "领款人",
    "领取人",
    "开户人",
    "收款人",
    "持卡人",
    "代领人",
    "子女",
    "家属",
    "亲属",
    "丈夫",
    "妻子",
    "抚养人",
    "赡养人",
    "扶养人",
    "责任人",
    "法人",
    "证明人",
    "经手人",
];
/// Words of sums, days and counts beside the one that a column is about.
const OTHER_THINGS: [&str; 31] = [
    "上年",
    "去年",
    "往年",
    "历年",
    "上月",
    "上期",
    "同期",
    "次年",
    "明年",
    "下月",
    "预计",
    "预算",
    "预估",
    "估算",
    "估计",
    "申请",
    "申报",
    "应发",
    "应付",
    "应缴",
    "计划",
    "累计",
    "目标",
    "未发",
    "未付",
    "拟发",
    "拟补",
    "扣减",
    "核减",
    "退回",
    "变更前",
];
/// Remarks that only say how a column is filled in.
const EXPLAINING: [&str; 22] = [
    "必填",
    "选填",
    "可选",
    "不填",
    "代码",
    "编码",
    "文本",
    "数字",
    "年月日",
    "年月",
    "是",
    "否",
    "下拉",
    "下拉选择",
    "单位",
    "本人",
    "含税",
    "大写",
    "小写",
    "全称",
    "单选",
    "多选",
];

/// True where the remark of a heading names somebody or something else than the column does. `own`: everything the column calls itself.
pub(super) fn names_another(remark: &str, kind: Kind, own: &[&[String]]) -> bool {
    let words: &[&str] = match kind {
        Kind::Identity | Kind::Name | Kind::Phone => &OTHER_PEOPLE,
        Kind::Fen | Kind::Day | Kind::Month | Kind::Int | Kind::Decimal => &OTHER_THINGS,
        _ => return false,
    };
    let is_own = |word: &str| own.iter().copied().flatten().any(|spelling| spelling.contains(word));
    words.iter().any(|word| remark.contains(word) && !is_own(word))
}

/// A remark of which every word is known: it may be shown. `is_known`: the word is one of a heading.
pub(super) fn is_known(remark: &str, is_known: impl Fn(&str) -> bool) -> bool {
    let is_length = |word: &str| {
        let digits = word.trim_end_matches(['位', '字', '个', '内', '以']);
        digits.len() < word.len() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_word = |word: &str| {
        EXPLAINING.contains(&word)
            || OTHER_PEOPLE.contains(&word)
            || OTHER_THINGS.contains(&word)
            || matches!(word, "万" | "千" | "仟元" | "萬元" | "万圆" | "w")
            || MoneyUnit::named(word).is_some()
            || is_other_unit(word)
            || is_length(word)
            || is_known(word)
    };
    remark.split([',', ';', '/', ':', '或', '-', '·']).all(|word| word.is_empty() || is_word(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_about_another_are_told_from_those_that_explain() {
        let own = [vec!["救助金额(元)".to_owned()], vec!["申请人".to_owned(), "申请人姓名".to_owned()]];
        let own: Vec<&[String]> = own.iter().map(Vec::as_slice).collect();
        for (remark, kind, expected) in [
            ("户主", Kind::Identity, true),
            ("监护人姓名", Kind::Name, true),
            ("上年度", Kind::Fen, true),
            ("申请日", Kind::Day, false),
            ("预计", Kind::Fen, true),
            ("元", Kind::Fen, false),
            ("必填", Kind::Name, false),
            ("18位", Kind::Identity, false),
            ("户主", Kind::Account, false),
            ("户主", Kind::Fen, false),
        ] {
            assert_eq!(names_another(remark, kind, &own), expected, "{remark}");
        }
    }

    #[test]
    fn only_remarks_of_known_words_are_shown() {
        let known = |word: &str| word == "身份证号";
        for (remark, expected) in [
            ("元", true),
            ("万元/年", true),
            ("18位", true),
            ("户主", true),
            ("身份证号", true),
            ("阿说尔哈", false),
            ("513431197408142418,万元", false),
            ("1974", false),
        ] {
            assert_eq!(is_known(remark, known), expected, "{remark}");
        }
    }
}
