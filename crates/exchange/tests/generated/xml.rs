//! The parts of a workbook as text, and the archive that holds them.

use std::io::Write;

/// Name and text of each part.
pub type Parts = Vec<(String, String)>;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Styles by number: none, a day, a day in a format of one's own, text, money.
pub const STYLES: [u32; 5] = [0, 14, 164, 49, 4];

pub struct SheetPart {
    pub name: String,
    /// What stands inside of `worksheet`.
    pub inside: String,
    pub is_hidden: bool,
}

pub struct BookParts<'a> {
    /// Such as `workbook.xml`, in the folder `xl`.
    pub name: &'a str,
    pub is_1904: bool,
    /// Targets of relations begin at the root of the archive.
    pub is_absolute: bool,
    pub sheets: Vec<SheetPart>,
    /// Texts that cells share, already as `si`.
    pub shared: Vec<String>,
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\r', "&#13;")
}

impl BookParts<'_> {
    pub fn parts(&self) -> Parts {
        let folder = if self.is_absolute { "/xl/" } else { "" };
        let mut types = format!(
            "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Override PartName=\"/xl/{}\" ContentType=\"{KIND}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{KIND}.styles+xml\"/>\
             <Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{KIND}.sharedStrings+xml\"/>",
            self.name
        );
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
        };
        let mut relations = relation("s", "styles", &format!("{folder}styles.xml"));
        relations += &relation("t", "sharedStrings", &format!("{folder}sharedStrings.xml"));
        let (mut sheets, mut parts) = (String::new(), Parts::new());
        for (at, sheet) in self.sheets.iter().enumerate() {
            let number = at + 1;
            let state = if sheet.is_hidden { " state=\"hidden\"" } else { "" };
            let name = escaped(&sheet.name);
            sheets += &format!("<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"r{number}\"/>");
            relations +=
                &relation(&format!("r{number}"), "worksheet", &format!("{folder}worksheets/sheet{number}.xml"));
            types += &format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{KIND}.worksheet+xml\"/>"
            );
            let text = format!("{HEAD}<worksheet xmlns=\"{MAIN}\">{}</worksheet>", sheet.inside);
            parts.push((format!("xl/worksheets/sheet{number}.xml"), text));
        }
        let calendar = if self.is_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
        let book = format!(
            "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\">{calendar}<sheets>{sheets}</sheets></workbook>"
        );
        let root =
            relation("b", "officeDocument", &format!("{}xl/{}", if self.is_absolute { "/" } else { "" }, self.name));
        let own = [
            ("[Content_Types].xml".to_owned(), format!("{HEAD}<Types xmlns=\"{TYPES}\">{types}</Types>")),
            ("_rels/.rels".to_owned(), format!("{HEAD}<Relationships xmlns=\"{RELATIONS}\">{root}</Relationships>")),
            (format!("xl/{}", self.name), book),
            (
                format!("xl/_rels/{}.rels", self.name),
                format!("{HEAD}<Relationships xmlns=\"{RELATIONS}\">{relations}</Relationships>"),
            ),
            ("xl/styles.xml".to_owned(), styles()),
            ("xl/sharedStrings.xml".to_owned(), self.shared_part()),
        ];
        own.into_iter().chain(parts).collect()
    }

    fn shared_part(&self) -> String {
        let count = self.shared.len();
        format!("{HEAD}<sst xmlns=\"{MAIN}\" count=\"{count}\" uniqueCount=\"{count}\">{}</sst>", self.shared.concat())
    }
}

fn styles() -> String {
    let formats: String = STYLES
        .iter()
        .map(|id| {
            format!(
                "<xf numFmtId=\"{id}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
            )
        })
        .collect();
    format!(
        "{HEAD}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
         <fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders>\
         <cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"{}\">{formats}</cellXfs></styleSheet>",
        STYLES.len()
    )
}

/// The archive of some parts.
pub fn packed(parts: &Parts) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("begins a part");
        writer.write_all(text.as_bytes()).expect("writes a part");
    }
    writer.finish().expect("finishes").into_inner()
}
