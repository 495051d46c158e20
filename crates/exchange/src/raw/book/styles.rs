//! Which cell formats of a workbook show a day.

use super::Trouble;
use super::xml::{Node, Xml, attributes};
use std::collections::HashMap;
use std::io::BufRead;

/// The cell formats of a workbook.
#[derive(Default)]
pub(super) struct Styles {
    /// By the number that cells carry: it shows a day.
    shows_day: Vec<bool>,
}

impl Styles {
    /// Reads the part of styles.
    ///
    /// # Errors
    /// Where it is no XML.
    pub fn read(part: impl BufRead) -> Result<Styles, Trouble> {
        let mut xml = Xml::new(part);
        let (mut codes, mut styles) = (HashMap::new(), Styles::default());
        let mut within = String::new();
        loop {
            let depth = xml.depth();
            match xml.next()? {
                Node::Start(start) if depth == 1 => start.local_name().as_ref().clone_into(&mut within),
                Node::Start(start) if depth == 2 && within == "numFmts" => {
                    let [id, code] = attributes(&start, ["numFmtId", "formatCode"])?;
                    let id = id.and_then(|id| id.trim().parse::<u32>().ok());
                    let shows_day = code.map(|code| is_day_code(&code));
                    codes.extend(id.zip(shows_day));
                }
                Node::Start(start) if depth == 2 && within == "cellXfs" => {
                    let [id] = attributes(&start, ["numFmtId"])?;
                    let id = id.and_then(|id| id.trim().parse::<u32>().ok()).unwrap_or_default();
                    styles.shows_day.push(codes.get(&id).copied().unwrap_or(is_day_number(id)));
                }
                Node::Eof => return Ok(styles),
                _ => {}
            }
        }
    }

    /// True when numbers of this style are shown as a day; false of a style that is not there.
    pub fn shows_day(&self, style: usize) -> bool {
        self.shows_day.get(style).copied().unwrap_or(false)
    }
}

/// True for built-in formats of days; 27 to 36 and 50 to 58 are those of Chinese, of which some are times.
fn is_day_number(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// True when a format shows a day, a month or a year: `yyyy-mm-dd`, `yyyy"年"m"月"`, `[$-804]m/d;@`. A time alone (`h:mm`) and a span
/// (`[h]:mm`) are none.
fn is_day_code(code: &str) -> bool {
    if matches!(code, "General" | "G/通用格式") {
        return false;
    }
    let (mut letters, mut is_span) = (String::new(), false);
    let mut rest = code.chars();
    while let Some(letter) = rest.next() {
        match letter {
            // What is quoted is shown as it stands, and so is the letter behind these.
            '"' => rest.by_ref().take_while(|letter| *letter != '"').for_each(drop),
            '\\' | '_' | '*' => drop(rest.next()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|letter| *letter != ']').collect();
                let is_elapsed = |letter: char| matches!(letter.to_ascii_lowercase(), 'h' | 'm' | 's');
                is_span |= !inside.is_empty() && inside.chars().all(is_elapsed);
            }
            // Behind it stand the formats of negative numbers and of texts.
            ';' => break,
            letter => letters.push(letter.to_ascii_lowercase()),
        }
    }
    let letters = letters.replace("am/pm", "").replace("a/p", "").replace("general", "").replace("g/通用格式", "");
    let letters = letters.replace("e+", "").replace("e-", "");
    let has = |wanted: &[char]| letters.contains(wanted);
    // An `m` beside hours or seconds is a minute.
    !is_span && (has(&['y', 'd', 'e', 'b', 'g']) || (has(&['m']) && !has(&['h', 's'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_days_are_told_from_those_of_numbers_times_and_spans() {
        let cases = [
            ("yyyy-mm-dd", true),
            ("yyyy\"年\"m\"月\"d\"日\"", true),
            ("yyyy年m月d日", true),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\";@", true),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", true),
            ("[DBNum1][$-804]m\"月\"d\"日\"", true),
            ("m/d", true),
            ("mmm", true),
            ("e\"年\"m\"月\"", true),
            ("yyyy/m/d h:mm AM/PM", true),
            ("[红色]yyyy-mm-dd", true),
            ("[<1]h:mm;yyyy-mm-dd", false),
            ("General", false),
            ("G/通用格式", false),
            ("0.00", false),
            ("0.00E+00", false),
            ("#,##0.00_);[Red](#,##0.00)", false),
            ("#,##0\"元每年yyyy\"", false),
            ("0\\d", false),
            ("[h]:mm", false),
            ("[mm]:ss", false),
            ("h:mm:ss", false),
            ("上午/下午h\"时\"mm\"分\"", false),
            ("mm:ss.0", false),
            ("@", false),
            ("0;yyyy", false),
            ("", false),
        ];
        for (code, expected) in cases {
            assert_eq!(is_day_code(code), expected, "{code}");
        }
    }

    #[test]
    fn the_formats_that_cells_carry_are_found_by_number_and_by_code() {
        let text = "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/>\
             <numFmt numFmtId=\"14\" formatCode=\"0\"/></numFmts><cellStyleXfs><xf numFmtId='22'/></cellStyleXfs>\
             <cellXfs><xf/><xf numFmtId='31'><alignment/></xf><xf numFmtId='32'/><xf numFmtId='176'/><xf numFmtId='14'/></cellXfs>\
             <dxfs><dxf><numFmt numFmtId='2' formatCode='yyyy'/></dxf></dxfs></styleSheet>";
        let styles = Styles::read(text.as_bytes()).expect("is read");
        let found: Vec<bool> = (0..6).map(|style| styles.shows_day(style)).collect();
        assert_eq!(found, [false, true, false, true, false, false]);
    }
}
