//! Places of the administrative division: as a line says them, and to choose from.

use crate::parts::list::Choice;
use model::RegionCode;
use store::View;

/// `马桑镇 / 大石村`
pub fn place_text(township: &str, village: &str) -> String {
    match (township, village) {
        ("", place) | (place, "") => place.to_owned(),
        _ => format!("{township} / {village}"),
    }
}

/// Places one level below `region` (and itself) for a drop-down list.
///
/// # Errors
/// What the store says.
pub fn place_choices(view: &View, chosen: Option<RegionCode>) -> Result<Vec<Choice>, store::StoreError> {
    let own = view.actor().region;
    let inside = chosen.filter(|place| own.holds(*place)).unwrap_or(own);
    let mut pairs: Vec<(String, String)> = view
        .region_path(inside)?
        .into_iter()
        .filter(|region| own.holds(region.code) && region.code != own)
        .map(|region| (region.code.to_string(), region.name))
        .collect();
    pairs.extend(view.regions(inside)?.into_iter().map(|region| (region.code.to_string(), region.name)));
    let chosen = chosen.map(|place| place.to_string()).unwrap_or_default();
    Ok(Choice::list(pairs, &chosen))
}
