//! What lies in each village: records, leads, files and keepings, each with marks of its own.

use crate::world::VILLAGES;
use model::{Level, RegionCode};

/// A kind of thing that may be somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A household with a member, as the pages of households show it; the record below is the same as a register's.
    Household,
    HouseholdRecord,
    /// Two gardens: one drafted with a picture, one in publicity with its notice.
    Garden,
    Tool,
    Duty,
    Nursery,
    Lead,
    /// A finding of a quality rule.
    Finding,
    /// Extracts handed in by two departments, and a file of a register.
    Bill,
    Subsidy,
    GardenFile,
    /// Of an account: a preview of a file, a file to be taken home, a token, a kept search, the way to a list's next page.
    Job,
    Token,
    Search,
    Cursor,
    /// Of an account as well: that a garden was put into publicity.
    Notice,
    /// The village itself: its name is no secret, what lies in it is.
    Place,
}

/// Kinds that are put into a world; the others come with them.
pub const SEEDED: [Kind; 13] = [
    Kind::Household,
    Kind::Garden,
    Kind::Tool,
    Kind::Duty,
    Kind::Nursery,
    Kind::Lead,
    Kind::Finding,
    Kind::Bill,
    Kind::Subsidy,
    Kind::GardenFile,
    Kind::Job,
    Kind::Token,
    Kind::Search,
];

/// Letters that no word of the site has, one for each kind and village.
const LETTERS: &str =
    "镠瓘甪彧翀赟骉犇焱淼垚鑫喆昇昶晟旻曈珅珩琮瑀璟瓒甯畯皞盱砉禔稷竑筠翮耒聿芃茆莘蕤薳虓蜾衎觫訚谞豳贲赜跹轺";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    pub kind: Kind,
    /// Its village, by number.
    pub village: usize,
}

impl Seed {
    /// Every seed of every village.
    pub fn all() -> impl Iterator<Item = Seed> {
        (0..VILLAGES.len()).flat_map(|village| SEEDED.into_iter().map(move |kind| Seed { kind, village }))
    }

    /// The place by which it is seen.
    pub fn place(self) -> String {
        let village: RegionCode = VILLAGES[self.village].parse().expect("a place");
        match self.kind {
            Kind::Tool | Kind::GardenFile => village.at(Level::Township).to_string(),
            Kind::Bill | Kind::Subsidy => village.at(Level::County).to_string(),
            _ => village.to_string(),
        }
    }

    /// The account that it belongs to, or that made it.
    pub fn owner(self) -> String {
        let township = &VILLAGES[self.village][..9];
        match self.kind {
            Kind::Job | Kind::Token | Kind::Search => format!("cadre-{}", VILLAGES[self.village]),
            Kind::Cursor | Kind::Garden | Kind::GardenFile | Kind::Tool | Kind::Duty | Kind::Nursery => {
                format!("clerk-{township}000")
            }
            Kind::Notice => format!("county-{}000000", &VILLAGES[self.village][..6]),
            _ => "system".to_owned(),
        }
    }

    /// The letter that stands at the beginning of its texts and nowhere else.
    pub fn letter(self) -> char {
        let kind = SEEDED.iter().position(|kind| *kind == self.kind).unwrap_or_default();
        LETTERS.chars().nth(self.village * SEEDED.len() + kind).expect("letters for all")
    }

    /// A name, or any text, that only it has.
    pub fn text(self, rest: &str) -> String {
        format!("{}{rest}", self.letter())
    }

    /// Four digits that end its phone number.
    pub fn digits(self) -> String {
        let kind = SEEDED.iter().position(|kind| *kind == self.kind).unwrap_or_default();
        format!("{}", 7100 + 100 * self.village + kind)
    }

    pub fn phone(self) -> String {
        format!("1381234{}", self.digits())
    }

    /// What must not stand in an answer to somebody who may not know of it.
    pub fn marks(self) -> Vec<String> {
        let letter = self.letter().to_string();
        let encoded: String = letter.bytes().map(|byte| format!("%{byte:02X}")).collect();
        vec![letter, encoded.to_lowercase(), encoded, format!("****{}", self.digits()), self.phone()]
    }
}
