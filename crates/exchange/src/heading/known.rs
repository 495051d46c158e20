//! Which texts of a row of headings may be shown: what is a heading beyond doubt. A file without headings has people in their place.

use super::remarks::{OTHER_PEOPLE, is_known};
use super::{normal, remark, without_remark};
use crate::Shape;
use crate::register::place_columns;
use model::Kind;
use std::collections::HashSet;

/// Letters of a heading that is shown although no shape declares it.
const LETTERS_MAX: usize = 16;
/// Texts of so many letters may be names: each of their letters must stand in a known word. Longer ones may have one that does not.
const NAME_LETTERS_MAX: usize = 4;
/// Words of which headings of all kinds are made.
const WORDS: [&str; 69] = [
    "序号", "编号", "号码", "姓名", "名称", "性别", "年龄", "民族", "电话", "手机", "地址", "住址", "备注", "说明",
    "情况", "原因", "类型", "类别", "种类", "状态", "等级", "级别", "日期", "时间", "年度", "月份", "金额", "费用",
    "支出", "收入", "补助", "补贴", "资金", "标准", "合计", "数量", "面积", "单位", "单价", "账号", "开户", "银行",
    "家庭", "人口", "户主", "成员", "关系", "乡镇", "县区", "行政", "代码", "是否", "结果", "意见", "部门", "机构",
    "医院", "学校", "专业", "班级", "自付", "报销", "实际", "承担", "应发", "实发", "发放", "救助", "信息",
];

/// The words of all headings that are known.
pub(crate) struct Vocabulary {
    headings: HashSet<String>,
    /// Two letters that stand side by side in a known heading.
    pairs: HashSet<(char, char)>,
    /// Words of headings in Latin letters.
    words: HashSet<String>,
}

impl Vocabulary {
    /// The words of these shapes' headings.
    pub fn of<'s>(shapes: impl Iterator<Item = &'s Shape<'s>>) -> Vocabulary {
        let mut vocabulary = Vocabulary { headings: HashSet::new(), pairs: HashSet::new(), words: HashSet::new() };
        WORDS.iter().for_each(|word| vocabulary.add(word));
        vocabulary.headings.extend(OTHER_PEOPLE.map(str::to_owned));
        for column in shapes.flat_map(|shape| shape.columns) {
            let texts = [&column.label, &column.name, &column.label_en].into_iter();
            texts.chain(&column.headings).chain(&column.group).for_each(|text| vocabulary.add(text));
            if column.kind == Kind::Region {
                place_columns::level_headings(column).for_each(|(_, heading)| vocabulary.add(&heading));
                vocabulary.add(&place_columns::name_heading(&column.label));
                vocabulary.add(&place_columns::name_heading_en(&column.label_en));
            }
        }
        vocabulary
    }

    fn add(&mut self, text: &str) {
        let text = normal(text);
        let bare = without_remark(&text);
        self.pairs.extend(pairs(bare));
        self.words.extend(words(bare).map(str::to_owned));
        self.headings.insert(bare.to_owned());
        self.headings.insert(text);
    }

    /// True for a heading of any of the shapes.
    fn holds(&self, text: &str) -> bool {
        let text = normal(text);
        self.headings.contains(&text) || self.headings.contains(without_remark(&text))
    }

    /// The texts of a row that may be shown, by column; `None` for those that may be anything. Besides headings that are known these are
    /// short texts of letters that share a word with one, where most texts of the row are known.
    pub fn shown(&self, texts: &[String]) -> Vec<Option<String>> {
        let filled = texts.iter().filter(|text| !text.is_empty()).count();
        let known = texts.iter().filter(|text| !text.is_empty() && self.holds(text)).count();
        let is_row_of_headings = known > 1 && known * 2 > filled;
        let may_show =
            |text: &&String| !text.is_empty() && (self.holds(text) || is_row_of_headings && self.is_like(text));
        texts.iter().map(|text| Some(text).filter(may_show).map(|text| self.with_known_remark(text))).collect()
    }

    /// A heading above others, as it may be shown.
    pub fn shown_group(&self, text: &str) -> Option<String> {
        (self.holds(text) || self.is_like(text)).then(|| self.with_known_remark(text))
    }

    /// The heading, with `（…）` in place of a remark that may be anything.
    fn with_known_remark(&self, text: &str) -> String {
        let plain = normal(text);
        let is_word = |word: &str| self.headings.contains(word);
        let is_shown = |remark| is_known(remark, is_word);
        // Behind a remark that is hidden another may stand.
        if self.headings.contains(&plain)
            || !plain.contains('(')
            || remark(&plain).is_some_and(is_shown) && plain.matches('(').count() == 1
        {
            return text.to_owned();
        }
        let begin = text.find(['(', '（', '【', '[', '〔', '{', '［', '｛']).unwrap_or(text.len());
        format!("{}（…）", text[..begin].trim_end())
    }

    fn is_like(&self, text: &str) -> bool {
        let text = normal(text);
        // Of a remark nothing says that the rest is a heading.
        let text = text.split('(').next().unwrap_or(&text).to_owned();
        let is_letter = |letter: char| letter.is_alphabetic() || matches!(letter, '(' | ')' | '_' | '-' | '/' | '%');
        let is_short = text.chars().count() <= LETTERS_MAX && text.chars().all(is_letter);
        let is_of_known_words = words(&text).all(|word| self.words.contains(word));
        is_short && is_of_known_words && self.is_covered(&text)
    }

    /// True where the letters of a text belong to known words, so that no name stands among them.
    fn is_covered(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let mut is_known = vec![false; letters.len()];
        for (at, pair) in letters.windows(2).enumerate().filter(|(_, pair)| self.pairs.contains(&(pair[0], pair[1]))) {
            is_known[at..at + pair.len()].fill(true);
        }
        let own = letters.iter().zip(&is_known).filter(|(letter, _)| !letter.is_ascii());
        let (known, unknown) = own.partition::<Vec<_>, _>(|(_, is_known)| **is_known);
        let unknown_max = usize::from(known.len() + unknown.len() > NAME_LETTERS_MAX);
        let has_known = !known.is_empty() || words(text).next().is_some();
        has_known && unknown.len() <= unknown_max
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> {
    let is_own = |(one, other): &(char, char)| !one.is_ascii() && !other.is_ascii();
    text.chars().zip(text.chars().skip(1)).filter(is_own)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_shown_and_people_are_not() {
        let vocabulary = Vocabulary::of(std::iter::empty());
        let texts = |row: &[&str]| row.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let cases = [
            ("序号 姓名 金额 家庭实际承担", "序号 姓名 金额 家庭实际承担"),
            ("序号 姓名 金额 王伟", "序号 姓名 金额 -"),
            ("序号 姓名(阿说·尔哈) 金额（513431197408142418、万元）", "序号 姓名（…） 金额（…）"),
            ("序号 姓名（户主） 金额（万元） 家庭承担(阿说尔哈)", "序号 姓名（户主） 金额（万元） 家庭承担（…）"),
            ("序号 姓名 金额 王金额", "序号 姓名 金额 -"),
            ("序号 姓名 金额 王伟家庭", "序号 姓名 金额 -"),
            ("序号 姓名 金额 家庭承担额", "序号 姓名 金额 家庭承担额"),
            ("序号 姓名 金额 阿说·尔哈", "序号 姓名 金额 -"),
            ("序号 姓名 金额 家庭13812341234", "序号 姓名 金额 -"),
            ("姓名 家庭实际承担 王伟 吕晓晖", "姓名 - - -"),
            ("513431197408142418 王伟 急难型 580", "- - - -"),
        ];
        for (row, expected) in cases {
            let row = texts(&row.split(' ').collect::<Vec<_>>());
            let shown = vocabulary.shown(&row).into_iter().map(|text| text.unwrap_or("-".to_owned()));
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
        }
    }
}
