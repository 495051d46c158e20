//! Kinds of columns, types of expressions, classes of sensitivity.

use serde::{Deserialize, Serialize};

/// What a column of a source or a field of a register holds, as declared by the package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Free text.
    #[default]
    Text,
    /// A person's name; ethnic names keep their `·`.
    Name,
    /// One code of a code list; cells may hold the code or its label.
    Code,
    /// A whole number.
    Int,
    /// A decimal number, e.g. mu of land.
    Decimal,
    /// Money: cells hold yuan, values hold whole fen.
    Fen,
    /// A day.
    Day,
    /// A month; its value is the month's first day.
    Month,
    /// Yes or no (是/否, 有/无, 1/0, Y/N).
    Bool,
    /// A resident identity number or disability certificate of 15, 18, 20 or 22 characters.
    Identity,
    /// A phone number.
    Phone,
    /// A bank account.
    Account,
    /// A 12-digit division code.
    Region,
    /// The key of a record of another register.
    Reference,
    /// Attached files: content hash and name of each, `<64 hexadecimal digits>:<name>`, one a line.
    File,
}

impl Kind {
    /// The type that expressions see; `None` for kinds that expressions may never read.
    pub fn expression_type(self) -> Option<Type> {
        match self {
            Kind::Text | Kind::Code | Kind::Region | Kind::Reference => Some(Type::Text),
            Kind::Int => Some(Type::Int),
            Kind::Decimal => Some(Type::Decimal),
            Kind::Fen => Some(Type::Fen),
            Kind::Day | Kind::Month => Some(Type::Day),
            Kind::Bool => Some(Type::Bool),
            Kind::Name | Kind::Identity | Kind::Phone | Kind::Account | Kind::File => None,
        }
    }
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    Bool,
    Int,
    Decimal,
    /// Whole fen; compares and adds only with other money, multiplies with numbers.
    Fen,
    Day,
    Text,
}

/// How carefully a field is handled. The order is from open to closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// May stand in a notice.
    Public,
    /// For officials in scope.
    #[default]
    Internal,
    /// Names a person; masked in lists and notices.
    Personal,
    /// Identity numbers, phones, accounts, illnesses: encrypted in the store, never in the lake, masked by default.
    Sensitive,
}
