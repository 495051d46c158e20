//! Which parts a workbook has: found through their relations, whatever they are called.

use super::Trouble;
use super::archive::Archive;
use super::texts::unescaped;
use super::xml::{Node, Xml, attributes, is_true};
use crate::Limits;
use std::collections::{HashMap, HashSet};
use words::wording;

/// Name of the workbook's part where no relation tells it.
const USUAL: &str = "xl/workbook.xml";

/// What a workbook says of itself.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// Its tables, in the order of the workbook.
    pub sheets: Vec<SheetPart>,
    pub shared_texts: Option<usize>,
    pub styles: Option<usize>,
    pub is_1904: bool,
}

/// A table of a workbook.
#[derive(Debug)]
pub(super) struct SheetPart {
    pub name: String,
    /// Its place in the archive.
    pub part: usize,
    pub is_hidden: bool,
}

/// Where a part refers to, by the end of the relation's type and by its name.
#[derive(Default)]
struct Relations {
    by_id: HashMap<String, Relation>,
}

struct Relation {
    /// The last word of its type, such as `worksheet`.
    kind: String,
    target: String,
}

impl Relations {
    fn of_kind(&self, kind: &str) -> Option<&str> {
        let mut found: Vec<&Relation> = self.by_id.values().filter(|relation| relation.kind == kind).collect();
        found.sort_by_key(|relation| &relation.target);
        found.first().map(|relation| relation.target.as_str())
    }
}

impl Package {
    /// Finds the parts of a workbook by the relations between them.
    ///
    /// # Errors
    /// Where the archive holds no workbook in XML, or one that is cut off.
    pub fn read(archive: &mut Archive, limits: &Limits) -> Result<Package, Trouble> {
        let relations = relations(archive, "", limits)?;
        let name = match relations.of_kind("officeDocument") {
            Some(target) if archive.has(target) => target.to_owned(),
            _ => USUAL.to_owned(),
        };
        let Some(at) = archive.find(&name)? else { return Err(other_kind(archive)) };
        if name.to_ascii_lowercase().ends_with(".bin") {
            return Err(other_kind(archive));
        }
        let relations = self::relations(archive, &name, limits)?;
        let mut package = workbook(archive, at, &relations, limits)?;
        package.shared_texts = beside(archive, &relations, "sharedStrings", &name)?;
        package.styles = beside(archive, &relations, "styles", &name)?;
        Ok(package)
    }
}

/// The part that the workbook relates to as of that kind; where none is said, the one of that name beside it.
fn beside(archive: &Archive, relations: &Relations, kind: &str, workbook: &str) -> Result<Option<usize>, Trouble> {
    match relations.of_kind(kind) {
        Some(target) => archive.find(target)?.map(Some).ok_or(Trouble::Broken(LACKING)),
        None => archive.find(&resolved(workbook, &format!("{kind}.xml"))),
    }
}

const LACKING: &str = "damaged_lacking";

/// What an archive without a workbook part is.
fn other_kind(archive: &Archive) -> Trouble {
    let kinds = [("xl/workbook.bin", ".xlsb"), ("content.xml", ".ods"), ("index/document.iwa", ".numbers")];
    let is_letter = archive.has("word/document.xml");
    match kinds.iter().find(|(part, _)| archive.has(part) && !is_letter) {
        Some((_, kind)) => Trouble::Other(kind),
        None => Trouble::Unknown,
    }
}

/// The relations of a part; those of the archive itself for the empty name.
fn relations(archive: &mut Archive, part: &str, limits: &Limits) -> Result<Relations, Trouble> {
    let (folder, name) = part.rsplit_once('/').map_or(("", part), |(folder, name)| (folder, name));
    let path = format!("{folder}/_rels/{name}.rels");
    let mut relations = Relations::default();
    let Some(at) = archive.find(&path)? else { return Ok(relations) };
    let mut xml = Xml::new(archive.part(at, limits.shared_text_bytes_max)?);
    loop {
        match xml.next()? {
            Node::Start(start) if start.local_name().as_ref() == "Relationship" => {
                let [id, kind, target, mode] = attributes(&start, ["Id", "Type", "Target", "TargetMode"])?;
                let (Some(id), Some(kind), Some(target)) = (id, kind, target) else { continue };
                if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("External")) {
                    continue;
                }
                if relations.by_id.len() >= limits.parts_max {
                    return Err(Trouble::Bomb(wording!("bomb_relations", count = limits.parts_max)));
                }
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let relation = Relation { kind, target: resolved(part, &target) };
                relations.by_id.insert(id.into_owned(), relation);
            }
            Node::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// The name of a part that `from` refers to as `target`.
fn resolved(from: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => from.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect()),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// A sheet as the workbook's part lists it.
struct Listed {
    name: String,
    relation: String,
    is_hidden: bool,
}

/// What the workbook's part says.
fn workbook(archive: &mut Archive, at: usize, relations: &Relations, limits: &Limits) -> Result<Package, Trouble> {
    let Some((listed, is_1904)) = listed(archive, at, limits)? else { return Err(other_kind(archive)) };
    let mut package = Package { is_1904, ..Package::default() };
    let (mut names, mut parts) = (HashSet::new(), HashSet::new());
    for Listed { name, relation, is_hidden } in listed {
        let relation = relations.by_id.get(&relation).ok_or(Trouble::Broken(LACKING))?;
        if relation.kind != "worksheet" {
            continue;
        }
        let part = archive.find(&relation.target)?.ok_or(Trouble::Broken(LACKING))?;
        // One part under many names would be read many times.
        if !parts.insert(part) || !names.insert(name.to_lowercase()) {
            return Err(Trouble::Broken("damaged_same_sheet"));
        }
        package.sheets.push(SheetPart { name, part, is_hidden });
    }
    Ok(package)
}

/// The sheets that a workbook's part lists, and whether its calendar is that of 1904; `None` where the part is no workbook's.
fn listed(archive: &mut Archive, at: usize, limits: &Limits) -> Result<Option<(Vec<Listed>, bool)>, Trouble> {
    let (mut is_workbook, mut is_1904, mut listed) = (false, false, Vec::new());
    let mut xml = Xml::new(archive.part(at, limits.shared_text_bytes_max)?);
    loop {
        let depth = xml.depth();
        match xml.next()? {
            Node::Start(start) => match (depth, start.local_name().as_ref()) {
                (0, name) => is_workbook = name == "workbook",
                (1, "workbookPr") => {
                    let [date1904] = attributes(&start, ["date1904"])?;
                    is_1904 = is_true(&date1904);
                }
                (2, "sheet") => {
                    let [name, state, id] = attributes(&start, ["name", "state", ":id"])?;
                    let is_hidden = state.is_some_and(|state| state != "visible");
                    let name = unescaped(&name.unwrap_or_default()).into_owned();
                    listed.push(Listed { name, relation: id.unwrap_or_default().into_owned(), is_hidden });
                    if listed.len() > limits.parts_max {
                        return Err(Trouble::Bomb(wording!("bomb_sheets", count = limits.parts_max)));
                    }
                }
                _ => {}
            },
            Node::Eof if depth > 0 => return Err(Trouble::Broken(super::xml::CUT)),
            Node::Eof => return Ok(is_workbook.then_some((listed, is_1904))),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_from_the_folder_of_the_part() {
        let cases = [
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "./a/../sheet1.xml", "xl/sheet1.xml"),
            ("xl/workbook.xml", "../../../sheet1.xml", "sheet1.xml"),
            ("", "xl/workbook22.xml", "xl/workbook22.xml"),
            ("book.xml", "sheet.xml", "sheet.xml"),
        ];
        for (from, target, expected) in cases {
            assert_eq!(resolved(from, target), expected, "{from} {target}");
        }
    }
}
