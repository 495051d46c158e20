//! Workbooks written part by part, as other programs and mishaps make them.

use std::io::Write;
use std::path::Path;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook as its parts.
#[derive(Clone)]
pub struct RawBook {
    /// Names and contents.
    pub parts: Vec<(String, Vec<u8>)>,
}

/// A sheet with these rows.
pub fn sheet(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"
    )
}

/// A cell with a text of its own.
pub fn text(reference: &str, text: &str) -> String {
    format!("<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

impl RawBook {
    /// A workbook with the usual names of parts and one sheet.
    pub fn of(sheet: &str) -> RawBook {
        RawBook::with_sheets(&[("数据", "visible", sheet)])
    }

    /// Name, state and content of each sheet.
    pub fn with_sheets(sheets: &[(&str, &str, &str)]) -> RawBook {
        let (mut listed, mut relations) = (String::new(), String::new());
        let mut book = RawBook { parts: Vec::new() };
        for (at, (name, state, content)) in sheets.iter().enumerate() {
            let id = at + 1;
            listed += &format!("<sheet name=\"{name}\" sheetId=\"{id}\" state=\"{state}\" r:id=\"rId{id}\"/>");
            relations += &relation(&format!("rId{id}"), "worksheet", &format!("worksheets/sheet{id}.xml"));
            book.set(&format!("xl/worksheets/sheet{id}.xml"), content);
        }
        book.set("_rels/.rels", &relations_of(&relation("rId1", "officeDocument", "xl/workbook.xml")));
        book.set("xl/_rels/workbook.xml.rels", &relations_of(&relations));
        book.set(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><workbookPr/><sheets>{listed}</sheets></workbook>"
            ),
        );
        book
    }

    pub fn set(&mut self, name: &str, content: &str) {
        self.parts.retain(|(known, _)| known != name);
        self.parts.push((name.to_owned(), content.as_bytes().to_vec()));
    }

    pub fn rename(&mut self, from: &str, to: &str) {
        let part = self.parts.iter_mut().find(|(name, _)| name == from).expect("is a part");
        to.clone_into(&mut part.0);
    }

    /// Replaces a text in all parts.
    pub fn replace(&mut self, from: &str, to: &str) {
        let mut is_found = false;
        for (_, content) in &mut self.parts {
            let Ok(text) = std::str::from_utf8(content) else { continue };
            is_found |= text.contains(from);
            *content = text.replace(from, to).into_bytes();
        }
        assert!(is_found, "{from} is in no part");
    }

    /// Cell formats with these codes, numbered from 1.
    pub fn set_styles(&mut self, codes: &[&str]) {
        let (mut formats, mut cells) = (String::new(), "<xf numFmtId=\"0\"/>".to_owned());
        for (at, code) in codes.iter().enumerate() {
            let id = 164 + at;
            formats += &format!("<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", code.replace('"', "&quot;"));
            cells += &format!("<xf numFmtId=\"{id}\"/>");
        }
        let text =
            format!("<styleSheet xmlns=\"{MAIN}\"><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>");
        self.set("xl/styles.xml", &text);
        self.relate("styles", "styles.xml");
    }

    /// Texts that cells share.
    pub fn set_texts(&mut self, items: &str) {
        self.set("xl/sharedStrings.xml", &format!("<sst xmlns=\"{MAIN}\">{items}</sst>"));
        self.relate("sharedStrings", "sharedStrings.xml");
    }

    fn relate(&mut self, kind: &str, target: &str) {
        let one = relation(&format!("rId-{kind}"), kind, target);
        self.replace("<!--more-->", &format!("{one}<!--more-->"));
    }

    pub fn bytes(&self) -> Vec<u8> {
        let parts: Vec<(&str, &[u8])> =
            self.parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
        zip_of(&parts)
    }

    pub fn save(&self, path: &Path) {
        std::fs::write(path, self.bytes()).expect("writes");
    }
}

/// An archive of these parts.
pub fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        zip.write_all(bytes).expect("writes");
    }
    zip.finish().expect("finishes").into_inner()
}

pub fn relation(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
}

pub fn relations_of(relations: &str) -> String {
    format!("<Relationships xmlns=\"{PACKAGE}\">{relations}<!--more--></Relationships>")
}
