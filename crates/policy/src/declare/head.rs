//! `package.toml` and `articles.toml`: what the package is, and the document it stands on.

use model::{Day, RegionCode};
use serde::Deserialize;

/// `package.toml`: what the package is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageHead {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub version: String,
    /// The place the package is for.
    pub region: RegionCode,
    pub document: Document,
    /// Folder of shared code lists, relative to the package (`../codes`).
    pub codes: String,
    /// CSV of all divisions (`code,name,short,level,parent,kind`), relative to the package.
    pub divisions: String,
    /// What the demo shows.
    #[serde(default)]
    pub demo: Option<DemoHead>,
}

/// `[demo]`: the place and the example values that the demo is made with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoHead {
    /// A real county; everyone in it is made up.
    pub region: RegionCode,
    /// Overlay with labelled example values, relative to the package.
    pub overlay: String,
}

/// An issued document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub issuer: String,
    pub title: String,
    #[serde(default)]
    pub number: Option<String>,
    pub day: IsoDay,
}

/// One article of the document (`[[article]]` in `articles.toml`), in our own short words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    pub number: u8,
    pub title: String,
    pub title_en: String,
    pub summary: String,
    pub summary_en: String,
    pub status: ArticleStatus,
    /// Names of sources, registers, rules ... that implement it now, as `rules/medical_burden`.
    #[serde(default)]
    pub implemented_by: Vec<String>,
    /// What is to come, or why it needs no software.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub note_en: String,
}

/// How an article is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleStatus {
    /// Something in `implemented_by` serves it now.
    Implemented,
    /// Nothing yet; `note` says what is to come.
    Planned,
    /// It needs no software; `note` says why.
    NoSoftware,
}

/// A day written as a TOML date (`2021-05-27`) or as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IsoDay(pub Day);

impl<'de> Deserialize<'de> for IsoDay {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<IsoDay, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "toml_iso_day")]
        enum Written {
            Date(toml::value::Datetime),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Date(date) => date.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map(IsoDay).map_err(serde::de::Error::custom)
    }
}
