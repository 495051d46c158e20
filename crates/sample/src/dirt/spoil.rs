//! Spoils one cell in one way.

use super::Dirt;
use crate::names::NameBook;
use crate::random::Stream;
use crate::tables::Cell;
use model::{AreaCodes, Day, Decimal, IdentityNumber, Kind};
use policy::declare::{CodeList, Column};

/// What is needed to spoil the cells of a column.
pub struct Spoiler<'a> {
    pub column: &'a Column,
    pub codes: Option<&'a CodeList>,
    pub names: &'a NameBook,
    pub areas: &'a AreaCodes,
    /// Day of delivery.
    pub day: Day,
}

/// The cell as it stands after the dirt; `None` where the dirt does not fit this very cell, e.g. an empty one.
pub fn spoil(dirt: Dirt, cell: &Cell, spoiler: &Spoiler, stream: &mut Stream) -> Option<Cell> {
    if cell.is_empty() {
        return None;
    }
    let shown = cell.to_string();
    let spoiled = match spoiler.column.kind {
        Kind::Identity => identity(dirt, &shown, spoiler, stream),
        Kind::Day | Kind::Month => day(dirt, cell, &shown, spoiler, stream),
        Kind::Int | Kind::Decimal | Kind::Fen => number(dirt, cell, &shown, spoiler, stream),
        Kind::Name => name(dirt, &shown, spoiler, stream),
        _ => word(dirt, &shown, spoiler, stream),
    };
    let spoiled = spoiled.or_else(|| common(dirt, &shown, stream))?;
    (spoiled != *cell).then_some(spoiled)
}

/// Dirt that fits cells of several kinds.
fn common(dirt: Dirt, shown: &str, stream: &mut Stream) -> Option<Cell> {
    Some(match dirt {
        Dirt::StraySpaces => Cell::Text(if stream.chance(0.5) { format!(" {shown}") } else { format!("{shown}  ") }),
        Dirt::IdeographicSpace => Cell::Text(format!("{shown}\u{3000}")),
        Dirt::InvisibleMark => Cell::Text(format!("\u{200B}{shown}")),
        Dirt::TextMark => Cell::Text(format!("'{shown}")),
        Dirt::FullWidthDigits => Cell::Text(shown.chars().map(full_width).collect()),
        Dirt::FormulaMissing => Cell::text("#N/A"),
        Dirt::FormulaReference => Cell::text("#REF!"),
        Dirt::MissingRequired => Cell::Empty,
        Dirt::DamagedText => Cell::Text(format!("{shown}\u{FFFD}")),
        _ => return None,
    })
}

fn identity(dirt: Dirt, shown: &str, spoiler: &Spoiler, stream: &mut Stream) -> Option<Cell> {
    let number = IdentityNumber::parse(shown).ok()?;
    let canonical = number.canonical();
    let with_digits =
        |digits: u64| IdentityNumber::from_digits17(digits).ok().map(|number| Cell::Text(number.canonical()));
    Some(match dirt {
        Dirt::SmallCheckLetter => Cell::Text(shown.strip_suffix('X').map(|rest| format!("{rest}x"))?),
        Dirt::FifteenDigits if canonical[6..8] == *"19" && shown.len() == 18 => {
            Cell::Text(format!("{}{}", &canonical[..6], &canonical[8..17]))
        }
        Dirt::TwentyDigits if shown.len() == 18 => {
            Cell::Text(format!("{canonical}{}{}", stream.between(1, 7), stream.between(1, 4)))
        }
        Dirt::TwentyTwoDigits if shown.len() == 20 => Cell::Text(format!("{shown}B1")),
        Dirt::TwentyTwoDigits if shown.len() == 18 => {
            Cell::Text(format!("{canonical}{}{}B1", stream.between(1, 7), stream.between(1, 4)))
        }
        Dirt::SplitIdentity => Cell::Text(format!("{} {} {}", &shown[..6], &shown[6..14], &shown[14..])),
        Dirt::WrongCheckDigit => {
            let at = 17;
            let wrong = if shown.as_bytes()[at] == b'5' { '6' } else { '5' };
            Cell::Text(format!("{}{wrong}{}", &shown[..at], &shown[at + 1..]))
        }
        Dirt::SeventeenDigits => Cell::Text(canonical[..17].to_owned()),
        Dirt::NineteenDigits => Cell::Text(format!("{canonical}0")),
        Dirt::LetterInIdentity => Cell::Text(format!("{}O{}", &shown[..10], &shown[11..])),
        Dirt::ScientificIdentity => Cell::Text(format!("{}.{}E+17", &shown[..1], &shown[1..6])),
        Dirt::ImpossibleBirthDay => {
            Cell::Text(with_check_digit(&format!("{}0231{}", &canonical[..10], &canonical[14..17])))
        }
        Dirt::FutureBirthDay => {
            let behind = number.digits17() % 10_000_000;
            let year = (spoiler.day.year() + 1) as u64;
            with_digits(u64::from(number.area()) * 100_000_000_000 + year * 10_000_000 + behind)?
        }
        Dirt::UnknownArea => {
            let area =
                (0..50).map(|_| stream.between(100_001, 899_999) as u32).find(|area| !spoiler.areas.existed(*area))?;
            with_digits(number.digits17() % 100_000_000_000 + u64::from(area) * 100_000_000_000)?
        }
        Dirt::ImpossibleDisability => Cell::Text(format!("{canonical}9{}", stream.between(5, 9))),
        _ => return None,
    })
}

/// 17 digits and the check character that GB 11643 gives them, whatever day of birth they hold.
fn with_check_digit(digits: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize])
}

fn day(dirt: Dirt, cell: &Cell, shown: &str, spoiler: &Spoiler, stream: &mut Stream) -> Option<Cell> {
    let day = match cell {
        Cell::Day(day) => *day,
        _ => month_of(shown)?,
    };
    let (year, month, date) = (day.year(), day.month(), day.day_of_month());
    let is_month = spoiler.column.kind == Kind::Month;
    Some(match dirt {
        Dirt::DottedDay => Cell::Text(format!("{year}.{month}.{date}")),
        Dirt::ChineseDay => Cell::Text(format!("{year}年{month}月{date}日")),
        Dirt::SlashedDay => Cell::Text(format!("{year}/{month}/{date}")),
        Dirt::CompactDay => Cell::Text(format!("{year}{month:02}{date:02}")),
        Dirt::SerialDay => Cell::Number(Decimal::from(day.epoch_days() + 25_569)),
        Dirt::DayWithTime => Cell::Text(format!("{day} {:02}:{:02}:00", stream.between(0, 23), stream.between(0, 59))),
        Dirt::DashedMonth => Cell::Text(format!("{year}-{month:02}")),
        Dirt::ChineseMonth => Cell::Text(format!("{year}年{month}月")),
        Dirt::ImpossibleDay => Cell::Text(format!("{year}-02-{}", stream.between(30, 31))),
        Dirt::ThirteenthMonth if is_month => Cell::Text(format!("{year}13")),
        Dirt::ThirteenthMonth => Cell::Text(format!("{year}-13-{date:02}")),
        Dirt::WordsForDay => Cell::text(["去年", "不详", "待定", "上半年"][stream.index(4)]),
        Dirt::FutureDay => Cell::Day(spoiler.day.plus_days(stream.between(30, 900))),
        Dirt::AncientDay => Cell::Text(format!("{}-{month:02}-{:02}", 1800 + year % 100, date.min(28))),
        _ => return None,
    })
}

fn month_of(shown: &str) -> Option<Day> {
    Day::new(shown.get(..4)?.parse().ok()?, shown.get(4..6)?.parse().ok()?, 1)
}

fn number(dirt: Dirt, cell: &Cell, shown: &str, spoiler: &Spoiler, stream: &mut Stream) -> Option<Cell> {
    let Cell::Number(number) = cell else { return None };
    Some(match dirt {
        Dirt::TextNumber => Cell::text(shown),
        Dirt::GroupedDigits => Cell::Text(grouped(shown)?),
        Dirt::MoneyWithUnit => Cell::Text(format!("{shown}元")),
        Dirt::NegativeNumber => Cell::Number(-(*number).max(Decimal::ONE)),
        Dirt::TooLargeNumber => Cell::Number(spoiler.column.max? + Decimal::from(stream.between(1, 900))),
        Dirt::ThreeDecimals => Cell::Number(*number + Decimal::new(stream.between(1, 99) * 10 + 3, 3)),
        Dirt::WordsForMoney => Cell::text(["约三千", "未统计", "见附件", "两万左右"][stream.index(4)]),
        Dirt::WordsForNumber => Cell::text(["若干", "未统计", "不清楚"][stream.index(3)]),
        Dirt::BrokenWhole => Cell::Number(*number + Decimal::new(5, 1)),
        _ => return None,
    })
}

/// Digits in groups of three, for amounts of four digits or more.
fn grouped(shown: &str) -> Option<String> {
    let whole = shown.strip_prefix('-').unwrap_or(shown);
    if whole.len() < 4 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (head, tail) = shown.split_at(shown.len() - 3);
    Some(match grouped(head) {
        Some(head) => format!("{head},{tail}"),
        None => format!("{head},{tail}"),
    })
}

fn name(dirt: Dirt, shown: &str, spoiler: &Spoiler, stream: &mut Stream) -> Option<Cell> {
    let letters: Vec<char> = shown.chars().collect();
    Some(match dirt {
        Dirt::NameVariant => Cell::Text(spoiler.names.variant(shown, stream)?),
        Dirt::NameDot if shown.contains('·') => Cell::Text(shown.replace('·', ["•", "．", "・"][stream.index(3)])),
        Dirt::PaddedName if letters.len() == 2 => Cell::Text(format!("{}\u{3000}{}", letters[0], letters[1])),
        Dirt::DigitsInName => Cell::Text(format!("{shown}{}", stream.between(1, 9))),
        Dirt::MaskedName => Cell::Text(format!("{}*{}", letters.first()?, letters.last()?)),
        _ => return None,
    })
}

/// Codes, truths, phones, places and free text.
fn word(dirt: Dirt, shown: &str, spoiler: &Spoiler, stream: &mut Stream) -> Option<Cell> {
    let code = || spoiler.codes?.code.iter().find(|code| code.code == shown || code.label == shown);
    Some(match dirt {
        Dirt::CodeAsAlias => Cell::text(stream.pick(&code()?.aliases)?.as_str()),
        Dirt::CodeAsCode => Cell::text(code()?.code.as_str()),
        Dirt::UnknownCode => Cell::text(["其他情况待核", "ZZ", "？？"][stream.index(3)]),
        Dirt::OtherTruthWord => Cell::text(match shown {
            "是" => ["有", "1", "Y", "√"][stream.index(4)],
            "否" => ["0", "N", "×"][stream.index(3)],
            _ => return None,
        }),
        Dirt::WrongTruth => Cell::text(["不详", "待查", "两可"][stream.index(3)]),
        Dirt::PhoneWithPrefix => Cell::Text(format!("+86{shown}")),
        Dirt::ShortPhone => Cell::text(shown.get(..shown.len().min(9))?),
        Dirt::OverlongText => Cell::Text("情况说明".repeat(300)),
        Dirt::UnknownRegion => Cell::Text(format!("{}999999", shown.get(..6)?)),
        Dirt::WrongHousehold => Cell::Text(format!("户{}", shown.get(shown.len().saturating_sub(4)..)?)),
        _ => return None,
    })
}

fn full_width(letter: char) -> char {
    if letter.is_ascii_graphic() { char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter) } else { letter }
}
