//! Pages of the list: alone beside `offset`, then by many readers at once.

use crate::rows::Dice;
use crate::{Bench, Outcome, P50_TARGET, P99_TARGET, rival};
use model::{Actor, Kind, Level, RegionCode, Value};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::{Condition, Predicate, RecordFilter, RecordOrder, RecordQuery};

/// Rows of a page.
const PAGE: u32 = 50;
/// Where in the list pages are looked at, in hundredths.
const DEPTHS: [u64; 3] = [10, 50, 90];

/// One page that readers ask for.
#[derive(Clone)]
struct Look {
    who: &'static str,
    actor: Actor,
    column: String,
    place: String,
    filter: RecordFilter,
    after: Option<String>,
}

impl Look {
    fn take(&self, bench: &Bench, limit: u32) -> Outcome<(usize, Option<String>)> {
        let order = RecordOrder { field: self.column.clone(), descending: false };
        let columns = &bench.register().list.columns;
        let view = bench.store.view(&self.actor);
        let page = view.records(
            &bench.name,
            RecordQuery { filter: &self.filter, order: Some(&order), columns },
            self.after.as_deref(),
            limit,
        );
        let page = page.map_err(|refusal| refusal.to_string())?;
        Ok((page.rows.len(), page.next))
    }
}

/// Every field that the list can be put in order by.
fn columns(bench: &Bench) -> Vec<String> {
    let list = &bench.register().list;
    let mut columns: Vec<String> = list.sort.first().into_iter().chain(&list.sortable).cloned().collect();
    columns.dedup();
    columns
}

fn county(bench: &Bench) -> RegionCode {
    bench.villages[bench.villages.len() / 2].at(Level::County)
}

/// First pages, with and without a filter, and pages deep in the list, found by walking there.
fn looks(bench: &Bench) -> Outcome<Vec<Look>> {
    let province = bench.package.head.region;
    let mut looks = Vec::new();
    for (who, region) in [("county", county(bench)), ("province", province)] {
        let actor = bench.reader(region);
        let size = match who {
            "county" => {
                bench
                    .store
                    .view(&actor)
                    .register_figures(&bench.name, bench.today)
                    .map_err(|one| one.to_string())?
                    .records
            }
            _ => bench.records,
        };
        for column in columns(bench) {
            let first = Look {
                who,
                actor: actor.clone(),
                column,
                place: "first".into(),
                filter: RecordFilter::default(),
                after: None,
            };
            looks.push(first.clone());
            looks.extend(filtered(bench, &first));
            let (mut at, mut walking) = (0, first.clone());
            for depth in DEPTHS {
                while at < size * depth / 100 {
                    let (rows, next) = walking.take(bench, 500)?;
                    at += rows as u64;
                    walking.after = next;
                    if walking.after.is_none() {
                        break;
                    }
                }
                looks.push(Look { place: format!("at {depth} %"), ..walking.clone() });
            }
        }
    }
    Ok(looks)
}

/// The same page with a condition on a code.
fn filtered(bench: &Bench, look: &Look) -> Option<Look> {
    let register = bench.register();
    let field = register.list.filter.iter().filter_map(|name| register.field_named(name));
    let field = field.into_iter().find(|field| field.kind == Kind::Code)?;
    let code = &bench.package.codes.get(field.codes.as_ref()?)?.code.first()?.code;
    let conditions = vec![Condition { field: field.name.clone(), test: Predicate::Is(Value::Text(code.clone())) }];
    Some(Look {
        place: "first, filtered".into(),
        filter: RecordFilter { conditions, ..RecordFilter::default() },
        ..look.clone()
    })
}

/// One reader: pages of the store beside pages by `offset`.
pub fn alone(bench: &Bench) -> Outcome<()> {
    println!("\none reader, median of 5, ms: page of the store beside `offset` on the same table");
    println!("{:<10} {:<20} {:<16} {:>8} {:>8} {:>7}", "who", "by", "page", "store", "offset", "ratio");
    for look in looks(bench)?.iter().filter(|look| look.place != "first, filtered") {
        let mut took: Vec<f64> = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            look.take(bench, PAGE)?;
            took.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        took.sort_by(f64::total_cmp);
        let depth: u64 = look.place.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
        let county = (look.who == "county").then(|| county(bench).to_string());
        let size = if county.is_some() { bench.records / 183 } else { bench.records };
        let offset = rival::offset_page(bench, (county.as_deref(), &look.column), size * depth / 100)?;
        println!(
            "{:<10} {:<20} {:<16} {:>8.2} {offset:>8.2} {:>7.2}",
            look.who,
            look.column,
            look.place,
            took[2],
            took[2] / offset
        );
    }
    Ok(())
}

/// Many readers in a closed loop.
pub fn together(bench: &Bench, readers: u64, length: Duration) -> Outcome<()> {
    let looks = looks(bench)?;
    let until = Instant::now() + length;
    let read = |seed: u64| {
        let (mut dice, mut took) = (Dice(seed), Vec::new());
        while Instant::now() < until {
            let chosen = dice.below(looks.len() as u64) as usize;
            let began = Instant::now();
            match looks[chosen].take(bench, PAGE) {
                Ok(_) => took.push((chosen, began.elapsed().as_secs_f64() * 1000.0)),
                Err(why) => return Err(why.to_string()),
            }
        }
        Ok(took)
    };
    let all: Vec<Result<Vec<(usize, f64)>, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..readers).map(|seed| scope.spawn(move || read(seed))).collect();
        running.into_iter().map(|one| one.join().unwrap_or_else(|_| Err("a reader broke".to_owned()))).collect()
    });
    let mut by_look: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut every = Vec::new();
    for (chosen, took) in all.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        by_look.entry(chosen).or_default().push(took);
        every.push(took);
    }
    println!(
        "\n{readers} readers at once for {} s, ms (targets: p50 {P50_TARGET:.0}, p99 {P99_TARGET:.0})",
        length.as_secs()
    );
    println!("{:<10} {:<20} {:<16} {:>8} {:>8} {:>8}", "who", "by", "page", "pages", "p50", "p99");
    for (chosen, took) in &mut by_look {
        let look = &looks[*chosen];
        print_line((look.who, &look.column, &look.place), took);
    }
    print_line(("all", "", ""), &mut every);
    println!("{:.0} pages/s", every.len() as f64 / length.as_secs_f64());
    Ok(())
}

fn print_line((who, column, place): (&str, &str, &str), took: &mut [f64]) {
    took.sort_by(f64::total_cmp);
    let at = |hundredth: usize| {
        took.get((took.len() * hundredth / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    println!("{who:<10} {column:<20} {place:<16} {:>8} {:>8.1} {:>8.1}", took.len(), at(50), at(99));
}
