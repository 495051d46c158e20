//! What the made-up world consists of: villages, households, residents and what happens to them.
//!
//! Small choices (sex, relation, kind of event) are words of the engine, written as text; a package's `sample/words.toml`
//! says which code of its lists each word becomes.

use model::{Day, IdentityNumber};

/// A village with its place names and the county it lies in.
#[derive(Clone, Debug)]
pub struct Village {
    /// 12 digits, as a number.
    pub code: u64,
    /// Full name and short name.
    pub name: String,
    pub short: String,
    pub township: String,
    pub county: String,
    /// Index of the county in the plan.
    pub county_index: usize,
    /// Households to be made here.
    pub households: u32,
}

/// A household with everything that is true of it, known to any department or not. Money is in whole yuan.
#[derive(Clone, Debug)]
pub struct Household {
    /// Village code and a serial number of four digits.
    pub number: u64,
    pub residents: Vec<Resident>,
    pub events: Vec<Event>,
    /// Index of the people (ethnic group) in the population file.
    pub people: usize,
    pub group: i64,
    pub is_lifted_out: bool,
    pub monitored: Option<Monitored>,
    /// Monthly amount for the household and the day of approval.
    pub dibao: Option<Support>,
    pub tekun: Option<Support>,
    pub income: Income,
    /// Hidden: what the household can draw upon.
    pub savings: i64,
    pub land_mu_tenths: i64,
    pub forest_mu_tenths: i64,
    pub dwelling: Dwelling,
    pub has_tap: bool,
    pub is_water_safe: bool,
    pub has_toilet: bool,
    pub surveyed_on: Day,
    /// Set when the household really falls into hardship.
    pub truth: Option<Truth>,
}

impl Household {
    /// An empty household, for templates that need none.
    pub fn nobody(day: Day) -> Household {
        Household {
            number: 0,
            residents: Vec::new(),
            events: Vec::new(),
            people: 0,
            group: 0,
            is_lifted_out: false,
            monitored: None,
            dibao: None,
            tekun: None,
            income: Income::default(),
            savings: 0,
            land_mu_tenths: 0,
            forest_mu_tenths: 0,
            dwelling: Dwelling { grade: "a", structure: "frame", area_m2: 0, built_year: 0, is_only_home: true },
            has_tap: true,
            is_water_safe: true,
            has_toilet: true,
            surveyed_on: day,
            truth: None,
        }
    }
}

/// Support that is paid every month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Support {
    pub since: Day,
    pub monthly: i64,
}

/// A spell of monitoring that the register knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Monitored {
    /// `unstable`, `marginal` or `sudden`.
    pub kind: &'static str,
    /// A word for the cause, as for shocks.
    pub cause: &'static str,
    pub identified_on: Day,
    pub cleared_on: Option<Day>,
}

/// Income of the year before the shocks, in yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Income {
    pub wage: i64,
    pub business: i64,
    pub property: i64,
    pub transfer: i64,
    pub cost: i64,
}

impl Income {
    /// All four kinds.
    pub fn gross(self) -> i64 {
        self.wage + self.business + self.property + self.transfer
    }

    /// All four kinds less the cost of production.
    pub fn net(self) -> i64 {
        self.gross() - self.cost
    }
}

/// A household's house; its area in square metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dwelling {
    /// `a` to `d`, as it really is.
    pub grade: &'static str,
    pub structure: &'static str,
    pub area_m2: i64,
    pub built_year: i32,
    pub is_only_home: bool,
}

/// A member of a household.
#[derive(Clone, Debug)]
pub struct Resident {
    pub identity: IdentityNumber,
    pub name: String,
    pub is_male: bool,
    pub born_on: Day,
    /// Whole years on the day of the sample.
    pub age: i64,
    pub relation: &'static str,
    pub education: &'static str,
    /// `none`, `preschool`, `primary`, `junior`, `senior`, `vocational`, `college`.
    pub stage: &'static str,
    /// Year within the stage, 1 or above; 0 outside school.
    pub grade: i64,
    pub health: &'static str,
    pub labour: &'static str,
    pub work_months: i64,
    /// `none`, `home`, `county`, `province` or `beyond`.
    pub work_place: &'static str,
    pub wage_month: i64,
    /// Kind 1 to 7 and grade 1 to 4.
    pub disability: Option<(u8, u8)>,
    pub is_insured: bool,
    pub phone: u64,
    pub joined_on: Day,
    pub left_on: Option<Day>,
    /// `none`, `death`, `marriage`, `moved`.
    pub left_reason: &'static str,
}

impl Resident {
    /// True for members who work for pay or profit.
    pub fn works(&self) -> bool {
        self.work_place != "none"
    }

    /// True while the member belongs to the household.
    pub fn is_present(&self) -> bool {
        self.left_on.is_none()
    }
}

/// Something that happened, or a thing that someone has; departments may get to know of it. Money is in whole yuan.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// One of `EVENT_KINDS`.
    pub kind: &'static str,
    /// A finer word, depending on the kind.
    pub sub: &'static str,
    pub day: Day,
    pub until: Option<Day>,
    /// Index of the resident it is about; the head for things of the household.
    pub member: usize,
    pub total: i64,
    /// Paid by insurance, by serious-illness insurance, by assistance; or compensated, granted.
    pub basic: i64,
    pub serious: i64,
    pub aid: i64,
    /// What the household bears itself.
    pub own: i64,
    pub count: i64,
    /// The cause of the hidden shock behind it, if there is one.
    pub shock: Option<&'static str>,
}

impl Event {
    /// An event without money.
    pub fn new(kind: &'static str, sub: &'static str, day: Day, member: usize) -> Event {
        Event {
            kind,
            sub,
            day,
            until: None,
            member,
            total: 0,
            basic: 0,
            serious: 0,
            aid: 0,
            own: 0,
            count: 0,
            shock: None,
        }
    }
}

/// All kinds of events that the world knows.
pub const EVENT_KINDS: &[&str] = &[
    "stay",
    "clinic",
    "diagnosis",
    "disability",
    "job_lost",
    "project",
    "disaster",
    "accident",
    "death",
    "fee",
    "dropout",
    "dwelling",
    "water",
    "vehicle",
    "business",
    "payroll",
    "post",
    "property",
    "one_off_aid",
];

/// Why and since when a household is truly in hardship.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// A word of `CAUSES`.
    pub cause: &'static str,
    pub since: Day,
}

/// All causes that a shock can have.
pub const CAUSES: &[&str] = &[
    "illness",
    "disability",
    "lost_work",
    "failed_industry",
    "disaster",
    "accident",
    "worker_death",
    "school_cost",
    "dropout",
    "unsafe_house",
    "water",
];
