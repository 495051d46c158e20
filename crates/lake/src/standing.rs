//! Which deliveries stand: the noted deliveries of one dataset in one county, and what each leaves of those before it.
//!
//! Pure: what is in force follows from the list of deliveries alone, so a delivery that is taken back leaves what would be there
//! without it.

use crate::spared::Spared;
use model::{Day, RegionCode};
use policy::declare::Mode;
use serde::{Deserialize, Serialize};

/// The place and the days that a delivery covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub place: RegionCode,
    /// First and last day, both included; a list is of one day.
    pub from: Day,
    pub to: Day,
    /// Somebody said which days they are, or the name of the file does; otherwise they were seen in the rows.
    pub is_declared: bool,
    /// Only some of the rows of place and days: they are added by their keys, and no row goes because it is not among them.
    pub is_partial: bool,
}

/// One delivery to one county, as it is noted beside the file in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Name of the delivery; empty for everything that was merged before deliveries were noted.
    pub id: String,
    /// Name of the Parquet file with its own rows, in the same folder.
    pub file: String,
    pub rows: u64,
    /// The day of delivery; of what was merged before, all of them, earliest first.
    pub days: Vec<Day>,
    /// `None` where nobody knows.
    pub coverage: Option<Coverage>,
    #[serde(default, skip_serializing_if = "Spared::is_none")]
    pub spared: Spared,
}

impl Delivered {
    pub(crate) fn day(&self) -> Option<Day> {
        self.days.last().copied()
    }

    /// The place whose rows of an earlier delivery give way to this one; `None` where none do.
    ///
    /// A list replaces what it covers. Events are replaced by a delivery of the same days, or by one that was declared for days
    /// that hold all of theirs; where days overlap otherwise, both stand and rows of one key are the later one's.
    fn replaces(&self, earlier: &Delivered, mode: Mode) -> Option<Replaced> {
        let Some(own) = &self.coverage else { return (mode == Mode::Roster).then_some(Replaced::All) };
        let days = match (mode, &earlier.coverage) {
            (Mode::Roster, _) => true,
            (Mode::Events, None) => false,
            (Mode::Events, Some(other)) => {
                let same = (own.from, own.to) == (other.from, other.to);
                same || own.is_declared && own.from <= other.from && other.to <= own.to
            }
        };
        (days && !own.is_partial).then_some(Replaced::In(own.place))
    }

    /// True where the days of two deliveries of events overlap and neither replaces the other's.
    pub(crate) fn overlaps(&self, earlier: &Delivered) -> bool {
        let (Some(own), Some(other)) = (&self.coverage, &earlier.coverage) else { return false };
        let shares_days = own.from <= other.to && other.from <= own.to;
        let shares_place = own.place.holds(other.place) || other.place.holds(own.place);
        shares_days && shares_place && self.replaces(earlier, Mode::Events).is_none()
    }
}

enum Replaced {
    All,
    In(RegionCode),
}

/// Rows that gave way to a later delivery.
#[derive(Clone, Copy)]
pub(crate) struct Cut<'a> {
    /// Where; `None` for all of the county.
    pub place: Option<RegionCode>,
    /// Those that stayed all the same.
    pub spared: &'a Spared,
}

/// A delivery of which something may be in force, and what of it gave way to later ones.
pub(crate) struct Standing<'a> {
    pub delivered: &'a Delivered,
    pub cut: Vec<Cut<'a>>,
}

/// What stands of the deliveries of one county (its six digits), later ones further down. Events follow one another as they
/// came, lists by their days.
pub(crate) fn standing(deliveries: &[Delivered], mode: Mode, county: u32) -> Vec<Standing<'_>> {
    let county = RegionCode::from_number(u64::from(county) * 1_000_000);
    let mut order: Vec<&Delivered> = deliveries.iter().collect();
    if mode == Mode::Roster {
        order.sort_by_key(|delivered| delivered.day());
    }
    let cut_of = |at: usize, delivered: &Delivered| -> Option<Vec<Cut<'_>>> {
        let mut cut: Vec<Cut<'_>> = Vec::new();
        for later in &order[at + 1..] {
            let spared = &later.spared;
            match later.replaces(delivered, mode) {
                Some(Replaced::All) => return None,
                Some(Replaced::In(place)) if county.is_some_and(|county| place.holds(county)) => {
                    if spared.is_none() {
                        return None;
                    }
                    cut.push(Cut { place: None, spared });
                }
                Some(Replaced::In(place)) => cut.push(Cut { place: Some(place), spared }),
                None => {}
            }
        }
        cut.sort_by_key(|cut| cut.place);
        cut.dedup_by(|one, other| one.place == other.place && one.spared == other.spared);
        Some(cut)
    };
    let cuts: Vec<Option<Vec<Cut<'_>>>> =
        order.iter().enumerate().map(|(at, delivered)| cut_of(at, delivered)).collect();
    order.into_iter().zip(cuts).filter_map(|(delivered, cut)| Some(Standing { delivered, cut: cut? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivered(id: &str, place: u64, (from, to): (&str, &str), marks: &str) -> Delivered {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let coverage = Coverage {
            place: RegionCode::from_number(place).expect("a place"),
            from: day(from),
            to: day(to),
            is_declared: marks.contains('d'),
            is_partial: marks.contains('p'),
        };
        let coverage = (!marks.contains('u')).then_some(coverage);
        let spared = Spared::new(if marks.contains('s') { vec![1] } else { Vec::new() }, Vec::new());
        Delivered { id: id.into(), file: format!("{id}.parquet"), rows: 1, days: vec![day(to)], coverage, spared }
    }

    const COUNTY: u64 = 990_101_000_000;
    const TOWN: u64 = 990_101_001_000;
    const JUNE: (&str, &str) = ("2024-06-01", "2024-06-30");
    const JULY: (&str, &str) = ("2024-07-01", "2024-07-31");
    const HALF: (&str, &str) = ("2024-01-01", "2024-06-30");

    #[test]
    fn what_stands_follows_from_places_and_days() {
        let (events, roster) = (Mode::Events, Mode::Roster);
        // Deliveries as they came; what stands of them, places that were cut in brackets.
        let cases = [
            (events, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JUNE, "")], "b"),
            (events, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JULY, "")], "a b"),
            (events, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JUNE, "p")], "a b"),
            (events, vec![("a", COUNTY, JUNE, "p"), ("b", COUNTY, JUNE, "")], "b"),
            (events, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, HALF, "")], "a b"),
            (events, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, HALF, "d")], "b"),
            (events, vec![("a", COUNTY, HALF, ""), ("b", COUNTY, JUNE, "d")], "a b"),
            (events, vec![("a", COUNTY, JUNE, ""), ("b", TOWN, JUNE, "")], "a[990101001000] b"),
            (events, vec![("a", TOWN, JUNE, ""), ("b", COUNTY, JUNE, "")], "b"),
            (events, vec![("a", COUNTY, JUNE, "u"), ("b", COUNTY, JUNE, "d")], "a b"),
            (roster, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JULY, "")], "b"),
            (roster, vec![("a", COUNTY, JULY, ""), ("b", COUNTY, JUNE, "")], "a"),
            (roster, vec![("a", COUNTY, JUNE, "u"), ("b", COUNTY, JULY, "")], "b"),
            (roster, vec![("a", COUNTY, JUNE, ""), ("b", TOWN, JUNE, "")], "a[990101001000] b"),
            (roster, vec![("a", COUNTY, JULY, ""), ("b", TOWN, JUNE, "")], "a"),
            (roster, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JULY, "p")], "a b"),
            // Whose rows were refused keep those that they had.
            (roster, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JULY, "s")], "a[all but 1] b"),
            (roster, vec![("a", COUNTY, JUNE, ""), ("b", TOWN, JULY, "s")], "a[990101001000 but 1] b"),
            (roster, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JULY, "s"), ("c", COUNTY, JULY, "")], "c"),
            (events, vec![("a", COUNTY, JUNE, ""), ("b", COUNTY, JUNE, "s")], "a[all but 1] b"),
        ];
        for (mode, came, expected) in cases {
            let list: Vec<Delivered> =
                came.iter().map(|(id, place, days, marks)| delivered(id, *place, *days, marks)).collect();
            let shown = standing(&list, mode, 990_101).into_iter().map(|standing| {
                let text = |cut: &Cut<'_>| {
                    let place = cut.place.map_or("all".to_owned(), |place| place.to_string());
                    if cut.spared.is_none() { place } else { format!("{place} but {}", cut.spared.keys.len()) }
                };
                let cut: Vec<String> = standing.cut.iter().map(text).collect();
                let cut = if cut.is_empty() { String::new() } else { format!("[{}]", cut.join(",")) };
                format!("{}{cut}", standing.delivered.id)
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{mode:?} {came:?}");
        }
    }
}
