//! Units of money, as tables name them.

use std::fmt;

/// A unit that sums of money are given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MoneyUnit {
    Fen,
    Jiao,
    Yuan,
    HundredYuan,
    ThousandYuan,
    TenThousandYuan,
    MillionYuan,
    TenMillionYuan,
    HundredMillionYuan,
}

impl MoneyUnit {
    /// All units, from the least.
    pub const ALL: [MoneyUnit; 9] = [
        MoneyUnit::Fen,
        MoneyUnit::Jiao,
        MoneyUnit::Yuan,
        MoneyUnit::HundredYuan,
        MoneyUnit::ThousandYuan,
        MoneyUnit::TenThousandYuan,
        MoneyUnit::MillionYuan,
        MoneyUnit::TenMillionYuan,
        MoneyUnit::HundredMillionYuan,
    ];

    /// As it is written: `万元`.
    pub fn word(self) -> &'static str {
        match self {
            MoneyUnit::Fen => "分",
            MoneyUnit::Jiao => "角",
            MoneyUnit::Yuan => "元",
            MoneyUnit::HundredYuan => "百元",
            MoneyUnit::ThousandYuan => "千元",
            MoneyUnit::TenThousandYuan => "万元",
            MoneyUnit::MillionYuan => "百万元",
            MoneyUnit::TenMillionYuan => "千万元",
            MoneyUnit::HundredMillionYuan => "亿元",
        }
    }

    /// The unit of that word; `None` for anything else.
    pub fn named(word: &str) -> Option<MoneyUnit> {
        match word {
            "圆" => Some(MoneyUnit::Yuan),
            word => MoneyUnit::ALL.into_iter().find(|unit| unit.word() == word),
        }
    }

    /// Tens that the unit adds to yuan.
    pub(crate) fn tens(self) -> i32 {
        match self {
            MoneyUnit::Fen => -2,
            MoneyUnit::Jiao => -1,
            MoneyUnit::Yuan => 0,
            MoneyUnit::HundredYuan => 2,
            MoneyUnit::ThousandYuan => 3,
            MoneyUnit::TenThousandYuan => 4,
            MoneyUnit::MillionYuan => 6,
            MoneyUnit::TenMillionYuan => 7,
            MoneyUnit::HundredMillionYuan => 8,
        }
    }
}

impl fmt::Display for MoneyUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
