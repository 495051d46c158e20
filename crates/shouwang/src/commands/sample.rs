//! `shouwang sample`: made-up registers and extracts as the departments would hand them in, and the truth apart.

use super::Said;
use super::sample_folder::Folder;
use crate::arguments::Sample;
use crate::package_folder::{load_package, package_folder};
use crate::place::known;
use crate::progress::{Progress, Terminal};
use crate::trouble::{Attempt, Outcome};
use policy::Package;
use sample::{Options, Plan};
use serde_json::json;
use words::{advice, wording};

/// Makes the files: `<out>/registers`, `<out>/extracts`, `<out>/truth`.
///
/// # Errors
/// When the package has mistakes, the place has no villages, or files cannot be written.
pub fn run(arguments: &Sample) -> Outcome<Said> {
    let package = load_package(&package_folder(arguments.package.as_deref())?, &[])?;
    let (folder, made) = make(&package, arguments)?;
    let (households, residents, path) = (made.households, made.residents, |name: &str| arguments.out.join(name));
    let lines = vec![
        wording!("sample_made", households, residents, seed = arguments.seed, day = arguments.day),
        wording!("sample_registers", path = path("registers").display()),
        wording!("sample_extracts", path = path("extracts").display(), count = folder.extracts.len()),
        wording!("sample_truth", path = path("truth").display()),
    ];
    let summary = json!({
        "households": made.households, "residents": made.residents, "seed": arguments.seed, "day": arguments.day,
        "out": arguments.out, "registers": folder.registers, "extracts": folder.extracts,
    });
    Ok(Said::new(lines, &summary))
}

/// Makes the files of a sample; says which there are, and how many people.
///
/// # Errors
/// As [`run`].
pub fn make(package: &Package, wanted: &Sample) -> Outcome<(Folder, sample::Summary)> {
    let options = Options {
        region: known(package, package.head.region, wanted.region)?,
        households: wanted.households,
        seed: wanted.seed,
        day: wanted.day,
        is_clean: wanted.clean,
    };
    let plan = Plan::new(package, &options).attempt(|| advice!("sample_not_planned"))?;
    let mut folder = Folder::new(&wanted.out, wanted.format);
    let mut progress = Terminal::new();
    let making = wording!("sample_under_way");
    let made = sample::generate(&plan, &mut folder, &mut |done| {
        progress.at(done, wanted.households, &making);
    });
    drop(progress);
    let made = made.attempt(|| advice!("file_unwritten", path = wanted.out.display()))?;
    if wanted.ledgers {
        super::sample_ledgers::write(package, wanted, &made.homes, &mut folder)?;
    }
    Ok((folder, made))
}
