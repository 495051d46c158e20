//! `shouwang sample`: made-up registers and extracts as the departments would hand them in, and the truth apart.

use super::Said;
use super::sample_folder::Folder;
use crate::arguments::Sample;
use crate::package_folder::{load_package, package_folder};
use crate::progress::{Progress, Terminal};
use crate::trouble::{Attempt, CHECK_DISK, Outcome, cannot_write};
use policy::Package;
use sample::{Options, Plan};
use serde_json::json;
use words::Wording;

/// Makes the files: `<out>/registers`, `<out>/extracts`, `<out>/truth`.
///
/// # Errors
/// When the package has mistakes, the place has no villages, or files cannot be written.
pub fn run(arguments: &Sample) -> Outcome<Said> {
    let package = load_package(&package_folder(arguments.package.as_deref())?, &[])?;
    let (folder, made) = make(&package, arguments)?;
    let lines = vec![
        format!(
            "已虚构 {} 户 {} 人(种子 {},数据日期 {});全部数据均为虚构",
            made.households, made.residents, arguments.seed, arguments.day
        ),
        format!("名册:{}", arguments.out.join("registers").display()),
        format!("部门数据:{}({} 个文件)", arguments.out.join("extracts").display(), folder.extracts.len()),
        format!("真值(不可导入):{}", arguments.out.join("truth").display()),
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
        region: wanted.region,
        households: wanted.households,
        seed: wanted.seed,
        day: wanted.day,
        is_clean: wanted.clean,
    };
    let hint = [
        "请核对区划代码和政策包中的 sample 目录",
        "Check the code of the place, and the folder `sample` of the package.",
    ];
    let plan = Plan::new(package, &options).attempt(|| ["无法生成虚构数据", "No data can be made up"], hint)?;
    let mut folder = Folder::new(&wanted.out, wanted.format);
    let mut progress = Terminal::new();
    let making = Wording::pair("正在生成虚构农户", "Making households up");
    let made = sample::generate(&plan, &mut folder, &mut |done| {
        progress.at(done, wanted.households, &making);
    });
    drop(progress);
    let made = made.attempt(|| cannot_write(&wanted.out), CHECK_DISK)?;
    if wanted.ledgers {
        super::sample_ledgers::write(package, wanted, &made.homes, &mut folder)?;
    }
    Ok((folder, made))
}
