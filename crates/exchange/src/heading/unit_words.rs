//! What texts say of the unit of money: in headings, above and below tables, in names of sheets.
//!
//! A unit that is surely meant is taken; a text that speaks of one without being understood is unclear, and asked about. Words that are
//! plainly something else (`万元以上项目清单`, `填报单位：万元乡`, `共12万元`) say nothing.

use super::measures::is_other_unit;
use crate::MoneyUnit;
use crate::cell::text;

/// Currencies that are not counted in yuan, and words that do not say how much.
const FOREIGN: [&str; 10] = ["美元", "欧元", "日元", "港元", "港币", "澳元", "英镑", "韩元", "外币", "十万元"];
/// Letters that lead from `单位` or `金额` to the unit.
const LEADING: [char; 12] = [' ', ':', '(', '/', '为', '是', '均', '系', '以', '按', '用', '计'];
/// Letters that make of a unit before them another word: `万元乡`, `万元以上`.
const OTHER_WORD: &str = "户乡镇村县店以及内外多余起左";
/// What stands behind a unit that is said: `以万元计`.
const BEHIND: [&str; 6] = ["计", "为单位", "为计", "填列", "填报", "列示"];
/// Words before `单位` that make it a unit of a measure.
const MEASURES: [&str; 7] = ["金额", "计量", "计价", "货币", "资金", "费用", "数据"];
const DIGITS: &str = "一二三四五六七八九十两几数壹贰叁肆伍陆柒捌玖十拾";
/// Letters of a short text, which says nothing else.
const SHORT: usize = 12;

/// What a text says of the unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitReading {
    Nothing,
    Unit(MoneyUnit),
    /// A currency of elsewhere, several units at once, or a unit that is not understood.
    Unclear,
}

impl UnitReading {
    /// What two texts say together: the unit that one of them names or both do; two different ones are unclear.
    pub fn and(self, other: UnitReading) -> UnitReading {
        match (self, other) {
            (UnitReading::Nothing, said) | (said, UnitReading::Nothing) => said,
            (one, other) if one == other => one,
            _ => UnitReading::Unclear,
        }
    }
}

/// The unit in a heading of a column of money: in a bracket, or as a word of it.
pub(super) fn said_by_heading(heading: &str) -> UnitReading {
    let heading: String = folded(heading).chars().filter(|letter| *letter != ' ').collect();
    let mut said = said_of(&heading);
    for bracket in heading.split('(').skip(1).filter_map(|rest| rest.split(')').next()) {
        let bracket = bracket.rsplit_once(':').map_or(bracket, |(_, entry)| entry);
        // Whoever writes 万 over a column of money means ten thousand yuan.
        said =
            bracket.split(is_between).map(|word| said_of(word).and(said_by_number(word))).fold(said, UnitReading::and);
    }
    if said != UnitReading::Nothing {
        return said;
    }
    let mut meant = large_units(&heading).filter(|(before, _, behind)| !is_sum(before) && !is_other_word(behind));
    meant.next().map_or(UnitReading::Nothing, |(_, unit, _)| UnitReading::Unit(unit))
}

/// The unit in a text beside a table: behind `单位：` or `金额：`, in a bracket, before `计`, or alone.
pub(super) fn said_beside(written: &str) -> UnitReading {
    let text = folded(written);
    let mut said = said_of(&text);
    for marker in ["单位", "金额"] {
        for (at, _) in text.match_indices(marker) {
            said = said.and(said_behind(&text[..at], marker, &text[at + marker.len()..]));
        }
    }
    for bracket in text.split('(').skip(1).filter_map(|rest| rest.split(')').next()) {
        said = said.and(said_in_list(bracket));
    }
    for (before, unit, behind) in large_units(&text) {
        let is_counted = BEHIND.iter().any(|word| behind.starts_with(word));
        let is_short = text.chars().filter(|letter| *letter != ' ').count() <= SHORT;
        match (is_sum(before) || is_other_word(behind), is_counted) {
            (true, _) => {}
            (false, true) => said = said.and(UnitReading::Unit(unit)),
            (false, false) if is_short && said == UnitReading::Nothing => said = UnitReading::Unclear,
            _ => {}
        }
    }
    said
}

/// A cell that holds a unit and nothing else: `万元`, `（万元）`, `单位：万元`.
pub(super) fn said_alone(written: &str) -> UnitReading {
    let text: String = folded(written).chars().filter(|letter| *letter != ' ').collect();
    let bare = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(&text);
    let bare = bare.strip_prefix("金额").unwrap_or(bare);
    let bare = bare.strip_prefix("单位").unwrap_or(bare);
    said_of(bare.trim_start_matches(LEADING).trim_end_matches(')'))
}

/// True for `单位：`, whose unit stands in the next cell.
pub(super) fn is_open_entry(written: &str) -> bool {
    let text: String = folded(written).chars().filter(|letter| *letter != ' ').collect();
    let word = text.trim_end_matches(':').trim_start_matches('(');
    MEASURES.iter().fold(word, |word, measure| word.strip_prefix(measure).unwrap_or(word)) == "单位"
}

/// One form of each letter that units are written with; spaces within a word go.
fn folded(written: &str) -> String {
    let letter = |letter: char| match text::half_width(letter) {
        '仟' => '千',
        '萬' => '万',
        '億' => '亿',
        '佰' => '百',
        '圆' | '圓' => '元',
        '單' => '单',
        '﹕' | '∶' | '=' | '﹦' | '︰' | '꞉' => ':',
        '【' | '[' | '〔' | '〈' | '<' | '{' | '《' | '「' | '﹙' => '(',
        '】' | ']' | '〕' | '〉' | '>' | '}' | '》' | '」' | '﹚' => ')',
        '，' | '、' | '；' | ';' | '。' => ',',
        letter if text::is_space(letter) => ' ',
        letter => letter.to_ascii_lowercase(),
    };
    let plain: String = written.chars().map(letter).collect::<String>().replace("人民币", "").replace("rmb", "");
    let plain = plain.replace('¥', "");
    let mut joined = String::with_capacity(plain.len());
    for letter in plain.trim().chars() {
        let bare = joined.trim_end_matches(' ');
        let is_word = match letter {
            '位' => bare.ends_with('单'),
            ':' => true,
            '百' | '千' | '万' | '亿' | '元' => bare.ends_with(['百', '千', '万', '亿']),
            '额' => bare.ends_with('金'),
            _ => false,
        };
        if is_word || bare.ends_with(':') {
            joined.truncate(bare.len());
            if letter == ' ' {
                continue;
            }
        }
        joined.push(letter);
    }
    joined
}

/// A number stands before the unit: it is a sum.
fn is_sum(before: &str) -> bool {
    before.ends_with(|letter: char| letter.is_numeric() || DIGITS.contains(letter) || letter == '.')
}

fn is_other_word(behind: &str) -> bool {
    behind.starts_with(|letter: char| OTHER_WORD.contains(letter))
}

fn is_between(letter: char) -> bool {
    matches!(letter, ',' | '或' | '和' | '及' | ' ')
}

/// The unit that a word is. Of `元/月` it is the yuan; of `元/万元` nobody knows.
fn said_of(word: &str) -> UnitReading {
    let mut parts = word.trim_start_matches('-').split('/');
    let one = |part: &str| match MoneyUnit::named(part) {
        Some(unit) => UnitReading::Unit(unit),
        None if FOREIGN.contains(&part) => UnitReading::Unclear,
        None => UnitReading::Nothing,
    };
    let first = parts.next().map_or(UnitReading::Nothing, one);
    parts.map(one).fold(first, UnitReading::and)
}

/// A number in place of a unit, as `万`.
fn said_by_number(word: &str) -> UnitReading {
    match word {
        "w" => UnitReading::Unit(MoneyUnit::TenThousandYuan),
        "万" | "千" | "百" | "亿" | "百万" | "千万" => {
            MoneyUnit::named(&format!("{word}元")).map_or(UnitReading::Unclear, UnitReading::Unit)
        }
        _ => UnitReading::Nothing,
    }
}

/// Units of a list that holds nothing but units.
fn said_in_list(list: &str) -> UnitReading {
    let words: Vec<&str> = list.split(is_between).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| said_by_number(word) != UnitReading::Nothing) {
        return UnitReading::Unclear;
    }
    let is_unit = |word: &&str| said_of(word) != UnitReading::Nothing || is_other_unit(word);
    if words.iter().all(is_unit) {
        words.iter().map(|word| said_of(word)).fold(UnitReading::Nothing, UnitReading::and)
    } else {
        UnitReading::Nothing
    }
}

/// What stands behind `单位` or `金额`: several units may, those of other columns among them.
fn said_behind(before: &str, marker: &str, behind: &str) -> UnitReading {
    let is_measure = before.is_empty()
        || before.ends_with([' ', '(', ',', ':', ')'])
        || MEASURES.iter().any(|word| before.ends_with(word))
        || marker == "金额";
    if marker == "金额" && behind.starts_with("单位") {
        return UnitReading::Nothing;
    }
    let mut said = UnitReading::Nothing;
    let entry = behind.trim_start_matches(LEADING);
    let ends = |letter: char| is_between(letter) || matches!(letter, '(' | ')');
    for word in entry.split(ends).take_while(|word| !word.contains(':')) {
        let bare = BEHIND.iter().fold(word, |word, behind| word.strip_suffix(behind).unwrap_or(word));
        let bare = bare.split(|letter: char| letter.is_ascii_digit()).next().unwrap_or(bare);
        let is_sum = word.starts_with(|letter: char| letter.is_numeric() || DIGITS.contains(letter));
        let one = match said_of(bare) {
            UnitReading::Nothing if is_sum => UnitReading::Nothing,
            UnitReading::Nothing if marker == "单位" && said_by_number(bare) != UnitReading::Nothing => {
                UnitReading::Unclear
            }
            UnitReading::Nothing if is_measure && large_units(word).next().is_some() => UnitReading::Unclear,
            said => said,
        };
        said = said.and(one);
    }
    said
}

/// Units of more than a hundred yuan in a text: what stands before each, the unit, and what stands behind it.
fn large_units(text: &str) -> impl Iterator<Item = (&str, MoneyUnit, &str)> {
    text.match_indices('元').filter_map(|(at, word)| {
        let before = &text[..at];
        let number = before.trim_end_matches(['百', '千', '万', '亿']);
        let unit = MoneyUnit::named(&text[number.len()..at + word.len()])?;
        (unit > MoneyUnit::HundredYuan).then_some((number, unit, &text[at + word.len()..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_THOUSAND: UnitReading = UnitReading::Unit(MoneyUnit::TenThousandYuan);
    const THOUSAND: UnitReading = UnitReading::Unit(MoneyUnit::ThousandYuan);
    const YUAN: UnitReading = UnitReading::Unit(MoneyUnit::Yuan);

    #[test]
    fn units_beside_a_table_are_told_from_other_words() {
        let cases = [
            ("单位：万元", TEN_THOUSAND),
            ("金额单位: 千元", THOUSAND),
            ("填报单位：某县民政局      单位：万元", TEN_THOUSAND),
            ("（单位：人民币元）", YUAN),
            ("单位：亩、万元", TEN_THOUSAND),
            ("单位：人、户、万元", TEN_THOUSAND),
            ("单位：万人、亩", UnitReading::Nothing),
            ("单位：元谋县民政局", UnitReading::Nothing),
            ("填报单位：某局", UnitReading::Nothing),
            ("填报单位：万元乡", UnitReading::Nothing),
            ("单位：美元", UnitReading::Unclear),
            ("单位：万", UnitReading::Unclear),
            ("单位：万元、元", UnitReading::Unclear),
            ("受灾情况统计表（万元）", TEN_THOUSAND),
            ("受灾情况统计表（单位：万元、人）", TEN_THOUSAND),
            ("受灾情况统计表（试行）", UnitReading::Nothing),
            ("金额以万元计", TEN_THOUSAND),
            ("单位 万元", TEN_THOUSAND),
            ("单位万元", TEN_THOUSAND),
            ("单 位 ： 万 元", TEN_THOUSAND),
            ("单位：万元（保留两位小数）", TEN_THOUSAND),
            ("单位：（万元）  2024年6月", TEN_THOUSAND),
            ("（金额：万元）", TEN_THOUSAND),
            ("金额单位为万元", TEN_THOUSAND),
            ("注：表中金额单位为万元", TEN_THOUSAND),
            ("表中金额均为千元", THOUSAND),
            ("本表以万元为单位", TEN_THOUSAND),
            ("以万元计", TEN_THOUSAND),
            ("單位：仟圓", THOUSAND),
            ("單位：萬元", TEN_THOUSAND),
            ("单位=万元", TEN_THOUSAND),
            ("单位﹕万元", TEN_THOUSAND),
            ("单位∶万元", TEN_THOUSAND),
            ("单位\n万元", TEN_THOUSAND),
            ("货币单位：￥万元", TEN_THOUSAND),
            ("万元", TEN_THOUSAND),
            ("单位:元/万元", UnitReading::Unclear),
            ("单位：万元保留两位", UnitReading::Unclear),
            ("数字系万元", UnitReading::Unclear),
            ("万元以上项目清单", UnitReading::Nothing),
            ("万元户名单", UnitReading::Nothing),
            ("发放金额：12.5万元", UnitReading::Nothing),
            ("合计金额：叁拾万元整", UnitReading::Nothing),
            ("全县2024年度各乡镇千元增收行动受益农户花名册", UnitReading::Nothing),
        ];
        for (text, expected) in cases {
            assert_eq!(said_beside(text), expected, "{text}");
        }
    }

    #[test]
    fn units_of_headings_are_told_from_other_words() {
        let cases = [
            ("原值（万元）", TEN_THOUSAND),
            ("原值(元)", YUAN),
            ("原值【千元】", THOUSAND),
            ("补助标准（元/月）", YUAN),
            ("投资（万元/年）", TEN_THOUSAND),
            ("投资万元", TEN_THOUSAND),
            ("投资（百万元）", UnitReading::Unit(MoneyUnit::MillionYuan)),
            ("投资（万）", TEN_THOUSAND),
            ("投资（W）", TEN_THOUSAND),
            ("投资（￥万）", TEN_THOUSAND),
            ("投资（仟元）", THOUSAND),
            ("投资（千）", THOUSAND),
            ("投资（萬圓）", TEN_THOUSAND),
            ("投资（万元", TEN_THOUSAND),
            ("费用（分）", UnitReading::Unit(MoneyUnit::Fen)),
            ("费用（单位：千元）", THOUSAND),
            ("费用（元、万元）", UnitReading::Unclear),
            ("费用（元/万元）", UnitReading::Unclear),
            ("费用（美元）", UnitReading::Unclear),
            ("费用（必填）", UnitReading::Nothing),
            ("百元店补助", UnitReading::Nothing),
            ("费用", UnitReading::Nothing),
        ];
        for (text, expected) in cases {
            assert_eq!(said_by_heading(text), expected, "{text}");
        }
    }

    #[test]
    fn a_unit_alone_is_nothing_else() {
        let cases = [
            ("万元", TEN_THOUSAND),
            ("（万元）", TEN_THOUSAND),
            ("单位：万元", TEN_THOUSAND),
            ("金额（元）", YUAN),
            ("12万元", UnitReading::Nothing),
            ("救助金额", UnitReading::Nothing),
        ];
        for (text, expected) in cases {
            assert_eq!(said_alone(text), expected, "{text}");
        }
        assert!(is_open_entry("单位：") && is_open_entry("金 额 单 位") && !is_open_entry("填报单位："));
    }
}
