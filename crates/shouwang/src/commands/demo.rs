//! `shouwang demo`: a made-up county on real divisions, from nothing to a page.

use super::accounts::{self, AccountWanted};
use super::{Said, announce, import, screen};
use crate::arguments::{Delivery, Demo, FileFormat, Sample, UNSENT_HOURS};
use crate::clock;
use crate::commands::sample_folder::Folder;
use crate::commands::serve::{Serving, serve};
use crate::installation::{Elsewhere, Installation};
use crate::jobs::screen::{Screening, screen as run_screening};
use crate::language;
use crate::package_folder::{load_package, package_folder};
use crate::place::known;
use crate::progress::Terminal;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::Mapping;
use model::{Level, RegionCode};
use policy::declare::Role;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use store::LeadFilter;
use words::{advice, wording};

/// Made completely, or made again: the file is written last.
const DONE: &str = "demo-accounts.txt";

/// Makes the demo where it is not there yet, and serves it.
///
/// # Errors
/// When the package has no demo, or any step fails.
pub fn run(arguments: &Demo) -> Outcome<Said> {
    let dir = &arguments.dir;
    if !dir.join(DONE).exists() {
        make(arguments)?;
    }
    let accounts = std::fs::read_to_string(dir.join(DONE)).attempt(|| advice!("demo_accounts_unread"))?;
    let installation = Arc::new(Installation::open(dir)?);
    eprintln!("\n{accounts}");
    if arguments.no_serve {
        return Ok(Said::new(Vec::new(), &json!({ "dir": dir })));
    }
    let listen = format!("127.0.0.1:{}", arguments.port);
    let serving = Serving { listen: &listen, unsent_hours: UNSENT_HOURS, stop_after: arguments.stop_after };
    serve(installation, &serving, &|address| announce(&wording!("demo_ready", address)))
}

fn make(arguments: &Demo) -> Outcome<()> {
    let dir = &arguments.dir;
    let folder = package_folder(arguments.package.as_deref())?;
    let package = load_package(&folder, &[])?;
    let demo = package.head.demo.clone().ok_or_else(|| Trouble::of(advice!("demo_undeclared")))?;
    let region = known(&package, package.head.region, arguments.region.unwrap_or(demo.region))?;
    if dir.exists() {
        clear_unfinished(dir)?;
    }
    let day = arguments.day.unwrap_or_else(clock::today);
    announce(&wording!("demo_begins", region = package.divisions.name(region)));
    let made = Sample {
        region,
        households: arguments.households,
        seed: arguments.seed,
        day,
        out: dir.join("sample"),
        format: FileFormat::Xlsx,
        clean: false,
        ledgers: true,
        package: None,
    };
    let (files, people) = super::sample::make(&package, &made)?;
    let (households, residents) = (people.households, people.residents);
    announce(&wording!("demo_made_up", households, residents, seed = made.seed));
    let overlay = folder.join(&demo.overlay);
    let installation = Installation::create(dir, &folder, &[overlay], Some(region), Elsewhere::default())?;
    let (chosen, delivery) = (Mapping::default(), Delivery::default());
    let said = import::Stated { day: Some(day), chosen: &chosen, delivery: &delivery };
    for (dataset, path) in in_order(files) {
        for report in import::take(&installation, &dataset, &[path], said)? {
            import::lines_of(&report).iter().for_each(announce);
        }
    }
    let order = Screening { region, day: Some(day), known: None, threads: None };
    let report = run_screening(&installation, &order, &mut Terminal::new())?;
    screen::lines_of(&report).iter().for_each(announce);
    let accounts = make_accounts(&installation)?;
    write_accounts(&dir.join(DONE), &accounts)
}

/// What an interrupted `demo` left; a folder that is something else is not touched.
fn clear_unfinished(dir: &Path) -> Outcome<()> {
    let known = ["sample", "policy", "lake", "inbox", "out", "data.db", "data.db-wal", "data.db-shm", "secret.key"];
    let is_ours = |name: &str| known.contains(&name) || name.starts_with("shouwang.toml");
    let not_cleared = || advice!("demo_not_cleared", dir = dir.display());
    for entry in std::fs::read_dir(dir).attempt(not_cleared)? {
        let entry = entry.attempt(not_cleared)?;
        if !is_ours(&entry.file_name().to_string_lossy()) {
            return Err(Trouble::of(advice!("demo_folder_in_use", dir = dir.display())));
        }
    }
    std::fs::remove_dir_all(dir).attempt(not_cleared)
}

/// Households, then residents, then the other registers in the order in which they refer to one another, then what is matched
/// to them.
fn in_order(files: Folder) -> Vec<(String, std::path::PathBuf)> {
    let mut registers = files.registers;
    registers.sort_by_key(|(name, _)| (name != "household", name != "resident"));
    registers.into_iter().chain(files.extracts).collect()
}

/// Account, role label, place, password.
type Made = (String, String, String, String);

/// One account for every role, at the busiest place of its level.
fn make_accounts(installation: &Installation) -> Outcome<Vec<Made>> {
    let view = installation.store.view(&installation.system());
    let first = view.leads(&LeadFilter::default(), None, 1)?;
    let busiest = first.rows.first().map_or(installation.settings.region, |lead| lead.region);
    let mut made = Vec::new();
    for (name, role) in &installation.package.roles {
        let region = busiest.at(role.level);
        let department = department_of(installation, role);
        let spoken = language::of_terminal();
        let shown_name = spoken.say("demo_account_name");
        let wanted = AccountWanted { name, shown_name, role: name, region, department: department.as_deref() };
        let password = accounts::add(installation, &wanted)?;
        made.push((
            name.clone(),
            spoken.pick(&role.label, &role.label_en).to_owned(),
            place(installation, region),
            password,
        ));
    }
    made.sort_by_key(|(name, ..)| {
        let level = installation.package.roles.get(name).map(|role| role.level);
        (level, name.clone())
    });
    Ok(made)
}

/// The department with the most sources, for the role that belongs to one.
fn department_of(installation: &Installation, role: &Role) -> Option<String> {
    let sources = installation.package.sources.values();
    let departments: Vec<&String> = sources.map(|source| &source.department).collect();
    let count = |name: &String| departments.iter().filter(|one| **one == name).count();
    departments
        .iter()
        .max_by_key(|name| (count(name), std::cmp::Reverse(**name)))
        .map(|name| (*name).clone())
        .filter(|_| role.of_department)
}

fn place(installation: &Installation, region: RegionCode) -> String {
    let path = installation.package.divisions.path(region);
    let from = if region.level() > Level::County { path.len().saturating_sub(2) } else { path.len().saturating_sub(1) };
    path.get(from..).map(|names| names.concat()).unwrap_or_default()
}

fn write_accounts(path: &Path, accounts: &[Made]) -> Outcome<()> {
    let mut text = format!("{}\n", language::of_terminal().say("demo_accounts"));
    for (name, role, place, password) in accounts {
        text.push_str(&format!("  {name:<24} {password}   {role} · {place}\n"));
    }
    std::fs::write(path, text).attempt(|| advice!("file_unwritten", path = path.display()))
}
