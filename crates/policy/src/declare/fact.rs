//! `facts/<name>.toml`: one named value per household, resident or village.

use super::Grain;
use serde::Deserialize;

/// A named value per household, resident or village: `facts/<name>.toml`. Exactly one of `aggregate`, `derived`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    pub over: Grain,
    /// Unit shown behind the value: `yuan`, `days`, `persons`, `times` ...; empty for truths and codes.
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub aggregate: Option<Aggregate>,
    #[serde(default)]
    pub derived: Option<Derived>,
}

/// A sum over rows of a source, or over the records of the grain below with their facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// A source; or `resident` (for facts over households) or `household` (for facts over villages): then the
    /// register's fields and all facts over that grain are the columns, so facts climb.
    pub from: String,
    /// `sum(expr)`, `count()`, `min(expr)`, `max(expr)`, `any(expr)`, `all(expr)`. Over no rows: sum and count are 0,
    /// any is false, all is true, min and max are unknown.
    pub value: String,
    /// Only rows for which this is true.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// `all` (default), `month`, `school_year`, `year_to_date`, `rolling_<n>m`, `rolling_<n>d`; over the source's day column.
    /// All windows end on the screening day, that day included: `rolling_12m` of 2024-06-30 starts on 2023-07-01;
    /// `month` starts on the 1st of the day's month, `school_year` on the latest 1 September, `year_to_date` on 1 January.
    #[serde(default)]
    pub window: Option<String>,
}

/// An expression over facts and fields of the same grain (residents may also read their household's fields as
/// `household.<field>`) and parameters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    pub value: String,
}
