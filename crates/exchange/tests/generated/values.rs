//! Values of every kind with the texts that offices write for them, and texts that are no such value.

use crate::random::Random;
use crate::table::SERIAL;
use model::{Day, Decimal, Fen, IdentityNumber, Kind, Value};
use policy::declare::Column;

/// The last day that a cell may name.
pub const DELIVERY: &str = "2024-06-30";

/// Which marks texts may hold, because not every way of writing can carry all of them.
#[derive(Clone, Copy, Default)]
pub struct Marks {
    pub separators: bool,
    pub quotes: bool,
    pub line_breaks: bool,
    /// Every text is a list with more commas than a row has cells.
    pub lists: bool,
}

/// What a value is drawn for.
pub struct Wanted<'a> {
    pub column: &'a Column,
    /// Tens that the heading's unit adds to yuan.
    pub tens: i32,
    pub is_key: bool,
    pub is_household: bool,
    /// A number that no other row has, found again in texts and keys.
    pub tag: u64,
    pub marks: Marks,
}

/// Names of several peoples: as written, and as read.
const NAMES: [(&str, &str); 14] = [
    ("杨小珍", "杨小珍"),
    ("王　伟", "王伟"),
    ("欧阳青云", "欧阳青云"),
    ("吉木阿古", "吉木阿古"),
    ("吉克·拉莫", "吉克·拉莫"),
    ("扎西•次仁", "扎西·次仁"),
    ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
    ("迪丽努尔·阿不都热合曼", "迪丽努尔·阿不都热合曼"),
    ("ꆈꌠ·ꉬ", "ꆈꌠ·ꉬ"),
    ("བཀྲ་ཤིས", "བཀྲ་ཤིས"),
    ("𠮷田·英", "𠮷田·英"),
    ("Zhang San", "Zhang San"),
    ("龙 阿 妹", "龙阿妹"),
    ("〇一丁", "〇一丁"),
];

/// A text of the column's kind and the value that it says.
pub fn good(wanted: &Wanted<'_>, random: &mut Random) -> (String, Value) {
    let text = |text: String| (text.clone(), Value::Text(text));
    let tag = wanted.tag;
    if wanted.is_household {
        return text(format!("51343{:07}", 1_000_000 + tag % 8_000_000));
    }
    match wanted.column.kind {
        Kind::Text if wanted.column.name == SERIAL => serial(tag, wanted.is_key, random),
        Kind::Text => free_text(wanted, random),
        Kind::Reference | Kind::File => text(format!("XM{tag:07}")),
        Kind::Name => {
            let (written, name) = random.pick(&NAMES);
            (written.to_owned(), Value::Text(name.to_owned()))
        }
        Kind::Code => code(wanted.column, random),
        Kind::Int => {
            let number = random.between(0, 366);
            (number_text(number.to_string(), random), Value::Int(number))
        }
        Kind::Decimal => {
            let number = Decimal::new(random.between(0, 99_999), 2).normalize();
            (number_text(number.to_string(), random), Value::Decimal(number))
        }
        Kind::Fen => money(wanted, random),
        Kind::Day => day(wanted.column, random),
        Kind::Month => month(random),
        Kind::Bool => truth(random),
        Kind::Identity => text(identity(tag)),
        Kind::Phone => phone(tag, random),
        Kind::Account => text(format!("6217{tag:015}")),
        Kind::Region => text(format!("513437100{:03}", random.between(1, 899))),
    }
}

/// A text that the column's kind cannot take. Every column of texts takes any text but an error of a formula.
pub fn bad(wanted: &Wanted<'_>, random: &mut Random) -> String {
    let among: &[&str] = match wanted.column.kind {
        _ if wanted.is_household => &["51343710O", "0513437", "户号不详"],
        Kind::Text | Kind::Reference | Kind::File => &["#REF!", "#N/A", "#VALUE!"],
        Kind::Name => &["杨*珍", "杨3珍", "杨?珍"],
        Kind::Code => &["未知代码", "99", "#N/A"],
        Kind::Int => &["三天", "12天", "3.5", "1.2.3"],
        Kind::Decimal => &["约2亩", "1.2.3", "#DIV/0!"],
        Kind::Fen if wanted.marks.separators => &["1,23.00", "1.2万"],
        Kind::Fen => &["壹佰元整", "1.2万", "12.3456789"],
        Kind::Day if wanted.column.may_be_future => &["去年五月", "2023-02-29", "1823-01-01"],
        Kind::Day => &["去年五月", "2023-02-29", "2023", "202305", "2025-01-01", "1823-01-01"],
        Kind::Month => &["202313", "上个月", "2031-07"],
        Kind::Bool => &["部分", "2"],
        Kind::Identity => &["5134371990010112", "51343719900230123X", "不详不详"],
        Kind::Phone => &["1381234567", "13812345678/13912345678", "不详"],
        Kind::Account => &["62170OO000001", "621"],
        Kind::Region => &["没有的村", "51343710020"],
    };
    random.pick(among).to_owned()
}

/// The number of a row; in a key its spellings are one.
fn serial(tag: u64, is_key: bool, random: &mut Random) -> (String, Value) {
    let serial = format!("JS{tag:07}");
    let written = match random.below(8) {
        _ if !is_key => serial.clone(),
        0 => format!(" {serial}\u{3000}"),
        1 => wide(&serial),
        2 => format!("'{serial}"),
        _ => serial.clone(),
    };
    (written, Value::Text(serial))
}

/// The same in letters of full width.
fn wide(plain: &str) -> String {
    plain.chars().map(|letter| char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter)).collect()
}

fn free_text(wanted: &Wanted<'_>, random: &mut Random) -> (String, Value) {
    let (tag, marks) = (wanted.tag, wanted.marks);
    let written = match random.below(14) {
        _ if marks.lists => format!("一,二,三,四,五,六,七,八,九,十,十一,十二,十三,{tag}号"),
        0 | 1 if marks.separators => format!("甲,乙{tag}号"),
        2 if marks.separators => format!("甲;乙{tag}号;丙"),
        3 if marks.separators => format!("第{tag}号|甲"),
        4 | 5 if marks.quotes => format!("他说\"好\"{tag}号"),
        6 if marks.quotes => format!("\"{tag}号\""),
        7 if marks.quotes && marks.separators => format!("\"甲\",\"乙\"{tag}号"),
        8 if marks.line_breaks => format!("第一行{tag}号\n第二行"),
        9 if marks.line_breaks => format!("第一行{tag}号\r\n第二行\r\n\r\n第四行"),
        10 => format!("ꆈꌠ{tag}号བོད་ئۇيغۇر𠮷"),
        11 => format!(" 两边有空格{tag}号 "),
        12 => format!("-{tag}号（补）"),
        _ => format!("第{tag}号说明"),
    };
    (written.clone(), Value::Text(written))
}

fn code(column: &Column, random: &mut Random) -> (String, Value) {
    let all = crate::table::codes();
    let list = column.codes.as_ref().and_then(|name| all.get(name)).expect("the column has codes");
    let code = &list.code[random.below(list.code.len())];
    let written = if random.in_hundred(50) { &code.label } else { &code.code };
    (written.clone(), Value::Text(code.code.clone()))
}

fn number_text(plain: String, random: &mut Random) -> String {
    match random.below(6) {
        0 => wide(&plain),
        1 => format!(" {plain}"),
        _ => plain,
    }
}

fn money(wanted: &Wanted<'_>, random: &mut Random) -> (String, Value) {
    let tens = wanted.tens;
    let fen = random.between(0, 500_000_000);
    let number = Decimal::new(fen, (2 + tens) as u32);
    let plain = number.normalize().to_string();
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    let written = match random.below(6) {
        0 if tens == 0 => format!("{number}"),
        1 if tens == 0 && whole.len() > 3 && wanted.marks.separators => {
            let (head, tail) = whole.split_at(whole.len() - 3);
            let head = match head.len() {
                4.. => format!("{},{}", &head[..head.len() - 3], &head[head.len() - 3..]),
                _ => head.to_owned(),
            };
            format!("{head},{tail}{}{decimals}", if decimals.is_empty() { "" } else { "." })
        }
        _ => number_text(plain, random),
    };
    (written, Value::Fen(Fen(fen)))
}

fn day(column: &Column, random: &mut Random) -> (String, Value) {
    let last = if column.may_be_future { "2030-12-31" } else { DELIVERY };
    let last: Day = last.parse().expect("is a day");
    let first: Day = "1950-01-01".parse().expect("is a day");
    let day = first.plus_days(random.between(0, first.days_until(last)));
    let (year, month, of_month) = (day.year(), day.month(), day.day_of_month());
    let written = match random.below(7) {
        0 => format!("{year}/{month}/{of_month}"),
        1 => format!("{year}年{month}月{of_month}日"),
        2 => format!("{year}{month:02}{of_month:02}"),
        3 => format!("{year}.{month}.{of_month}"),
        4 => format!("{day} 08:05:00"),
        5 => format!("{}T16:30:00Z", day.plus_days(-1)),
        _ => day.to_string(),
    };
    (written, Value::Day(day))
}

fn month(random: &mut Random) -> (String, Value) {
    let (year, month) = (random.between(1990, 2023), random.between(1, 12));
    let day = Day::new(year as i32, month as u32, 1).expect("the calendar has it");
    let written = match random.below(3) {
        0 => format!("{year}{month:02}"),
        1 => format!("{year}年{month}月"),
        _ => format!("{year}-{month:02}"),
    };
    (written, Value::Day(day))
}

fn truth(random: &mut Random) -> (String, Value) {
    let truth = random.in_hundred(50);
    let written = if truth { ["是", "有", "1", "√"] } else { ["否", "无", "0", "×"] };
    (random.pick(&written).to_owned(), Value::Bool(truth))
}

fn identity(tag: u64) -> String {
    let born = 19_500_101 + tag / 336 % 50 * 10_000 + tag / 28 % 12 * 100 + tag % 28;
    let digits17 = 513_437_u64 * 100_000_000_000 + born * 1_000 + tag / 16_800 % 1_000;
    IdentityNumber::from_digits17(digits17).expect("is made of good parts").canonical()
}

fn phone(tag: u64, random: &mut Random) -> (String, Value) {
    let digits = format!("138{:08}", tag % 100_000_000);
    let written = match random.below(4) {
        0 => format!("{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..]),
        1 => format!("+86 {digits}"),
        _ => digits.clone(),
    };
    (written, Value::Text(digits))
}
