//! Embeds every folder beside this file that holds a `language.toml`: each is a language, each file in it a part of its words.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The languages that the program names itself; others follow in the order of their tags.
const FIRST: [&str; 2] = ["zh-CN", "en"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    println!("cargo::rerun-if-changed={}", root.display());
    let mut tags: Vec<String> = sorted(&root)?
        .iter()
        .filter(|path| path.join("language.toml").is_file())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    tags.sort_by_key(|tag| (FIRST.iter().position(|first| first == tag).unwrap_or(FIRST.len()), tag.clone()));
    let mut code = String::from("const FOLDERS: &[(&str, &[&str])] = &[\n");
    for tag in tags {
        write!(code, "({tag:?}, &[").map_err(io::Error::other)?;
        for file in sorted(&root.join(&tag))?.iter().filter(|file| file.extension().is_some_and(|end| end == "toml")) {
            println!("cargo::rerun-if-changed={}", file.display());
            write!(code, "include_str!({:?}),", file.display().to_string()).map_err(io::Error::other)?;
        }
        code.push_str("]),\n");
    }
    code.push_str("];\n");
    let folder = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(folder.join("folders.rs"), code)
}

/// What lies in a folder, by name.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
