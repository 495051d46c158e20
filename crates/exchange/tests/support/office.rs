//! LibreOffice without a screen, and the insides of workbooks.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How CSV is opened: commas, UTF-8, numbers and days recognised, and whatever is a formula evaluated.
const AS_CSV: &str = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,0,true";

/// Opens a file and saves it in another format (`xlsx`, `ods`); the folder with what came out.
pub fn convert(file: &Path, format: &str) -> PathBuf {
    let folder = file.parent().expect("lies in a folder");
    let out = folder.join(format!("out-{format}"));
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--norestore"])
        .args(file.extension().filter(|ending| *ending == "csv").map(|_| AS_CSV))
        .args(["--convert-to", format, "--outdir"])
        .args([&out, file])
        .env("HOME", folder)
        .stdin(Stdio::null())
        .output()
        .expect("LibreOffice is needed; `cargo xtask test` installs it");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let made = std::fs::read_dir(&out).map_or(0, Iterator::count);
    assert!(output.status.success() && made > 0, "{said}");
    out
}

/// The texts of all XML parts of a workbook: name and text.
pub fn xml_of(path: &Path) -> Vec<(String, String)> {
    let file = std::fs::File::open(path).expect("opens");
    let mut archive = zip::ZipArchive::new(file).expect("is an archive");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("is a part");
        let name = part.name().expect("has a name").to_string();
        let mut text = String::new();
        if part.read_to_string(&mut text).is_ok() {
            parts.push((name, text));
        }
    }
    parts
}

/// The text of one part.
pub fn xml(path: &Path, name: &str) -> String {
    xml_of(path).into_iter().find(|(known, _)| known == name).map(|(_, text)| text).expect("the part is there")
}

/// All texts between `start` and `end`.
pub fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    text.split(start).skip(1).filter_map(|rest| rest.split_once(end)).map(|(inside, _)| inside).collect()
}

/// All cells of a sheet as texts, by row and column.
pub fn cells(path: &Path, sheet: &str) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).expect("opens");
    let range = book.worksheet_range(sheet).expect("has the sheet");
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}
