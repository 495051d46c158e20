//! XML as workbooks have it: elements by their local names whatever the prefix, in flat memory.
//!
//! No document type is accepted, so there are no entities but the five of XML. Nesting is bounded, an attribute that stands twice is
//! an error, and comments and instructions are passed over.

use super::Trouble;
use encoding_rs::Encoding;
use quick_xml::XmlVersion;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// Elements inside each other; workbooks need about ten.
const DEPTH_MAX: usize = 64;
/// Characters that a text of a cell can have; what stands beyond is left out.
pub(super) const TEXT_CHARACTERS_MAX: usize = 32_767;
/// Bytes of such a text.
const TEXT_BYTES_MAX: usize = TEXT_CHARACTERS_MAX * 4;

/// The bytes of a part as UTF-8, whatever its declaration says they are.
pub(super) enum Text<R> {
    Plain(R),
    Decoded(Box<DecodingReader<R>>),
}

impl<R: BufRead> Text<R> {
    /// The part as UTF-8, whatever encoding it was written in.
    ///
    /// # Errors
    /// Where its first bytes cannot be read.
    pub fn new(mut bytes: R) -> Result<Text<R>, Trouble> {
        let head = bytes.fill_buf().map_err(|error| Trouble::from(quick_xml::Error::from(error)))?;
        let is_utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
        let is_wide = is_utf16 || head.starts_with(&[0, b'<']) || head.starts_with(&[b'<', 0]);
        let declared = declared(head);
        if !is_wide && declared.is_none_or(|encoding| encoding == encoding_rs::UTF_8) {
            return Ok(Text::Plain(bytes));
        }
        let mut decoded = Box::new(DecodingReader::new(bytes));
        declared.filter(|_| !is_wide).into_iter().for_each(|encoding| decoded.set_encoding(encoding));
        Ok(Text::Decoded(decoded))
    }
}

/// The encoding that an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let end = head.iter().take(200).position(|byte| *byte == b'>')?;
    let line = std::str::from_utf8(&head[..end]).ok().filter(|line| line.starts_with("<?xml"))?;
    let (_, value) = line.split_once("encoding")?;
    let label = value.split(['"', '\'']).nth(1)?;
    // Some programs write UTF-8 and call it UTF-16, which the bytes disprove.
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

impl<R: BufRead> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Text::Plain(bytes) => bytes.read(buffer),
            Text::Decoded(bytes) => bytes.read(buffer),
        }
    }
}

impl<R: BufRead> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Text::Plain(bytes) => bytes.fill_buf(),
            Text::Decoded(bytes) => bytes.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self {
            Text::Plain(inner) => inner.consume(bytes),
            Text::Decoded(inner) => inner.consume(bytes),
        }
    }
}

/// What comes next.
pub(super) enum Node<'b> {
    /// An element begins; one without content ends in the next node.
    Start(BytesStart<'b>),
    /// An element without content, where `Xml` does not end it in a node of its own.
    Empty(BytesStart<'b>),
    /// The innermost element ends; so many are still open.
    End(usize),
    Text(Cow<'b, str>),
    /// A comment or an instruction.
    Nothing,
    /// The part ends.
    Eof,
}

/// A part of a workbook, element by element.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    depth: usize,
    buffer: Vec<u8>,
}

impl<R: BufRead> Xml<R> {
    /// Elements without content begin and end.
    pub fn new(bytes: R) -> Xml<R> {
        let mut xml = Xml::head(bytes);
        xml.reader.config_mut().expand_empty_elements = true;
        xml
    }

    /// The first elements of a part, whose rest is read elsewhere.
    pub fn head(bytes: R) -> Xml<R> {
        Xml { reader: Reader::from_reader(bytes), depth: 0, buffer: Vec::with_capacity(1_024) }
    }

    /// The end of a part, whose first elements were read elsewhere.
    pub fn tail(bytes: R) -> Xml<R> {
        let mut xml = Xml::new(bytes);
        xml.reader.config_mut().allow_unmatched_ends = true;
        xml
    }

    /// Elements that are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The bytes behind what was read.
    pub fn into_rest(self) -> R {
        self.reader.into_inner()
    }

    /// The next tag or text.
    ///
    /// # Errors
    /// `Broken` where elements are nested deeper than any workbook's, and where it is no XML.
    pub fn next(&mut self) -> Result<Node<'_>, Trouble> {
        self.buffer.clear();
        Ok(match self.reader.read_event_into(&mut self.buffer)? {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return Err(Trouble::Broken("damaged_nesting"));
                }
                Node::Start(start)
            }
            Event::Empty(start) => Node::Empty(start),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Node::End(self.depth)
            }
            Event::Text(text) => Node::Text(text.xml10_content()),
            Event::CData(text) => Node::Text(text.xml10_content()),
            Event::GeneralRef(reference) => Node::Text(Cow::Owned(letter(&reference)?.to_string())),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Node::Nothing,
            Event::DocType(_) => return Err(Trouble::Broken("damaged_document_type")),
            Event::Eof => Node::Eof,
        })
    }

    /// Passes over what is left of the innermost element.
    pub fn skip(&mut self) -> Result<(), Trouble> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if matches!(self.next()?, Node::Eof) {
                return Err(Trouble::Broken(CUT));
            }
        }
        Ok(())
    }

    /// Adds the text of the innermost element, up to its end, to `text`; elements inside it are left out.
    pub fn text(&mut self, text: &mut String) -> Result<(), Trouble> {
        let depth = self.depth;
        loop {
            match self.next()? {
                Node::Text(more) => push(text, &more),
                Node::Start(_) => self.skip()?,
                Node::End(open) if open < depth => return Ok(()),
                Node::Eof => return Err(Trouble::Broken(CUT)),
                Node::Empty(_) | Node::End(_) | Node::Nothing => {}
            }
        }
    }
}

/// What is wrong with a part that ends inside an element.
pub(super) const CUT: &str = "damaged_cut";

/// Adds to a text as much as a cell can hold.
fn push(text: &mut String, more: &str) {
    let room = TEXT_BYTES_MAX.saturating_sub(text.len());
    text.push_str(&more[..more.floor_char_boundary(room)]);
}

fn letter(reference: &BytesRef<'_>) -> Result<char, Trouble> {
    if let Some(letter) = reference.resolve_char_ref()? {
        return Ok(letter);
    }
    Ok(match reference.as_ref() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(Trouble::Broken("damaged_entity")),
    })
}

/// The values of some attributes. A name that begins with `:` stands behind any prefix.
pub(super) fn attributes<'s, const N: usize>(
    start: &'s BytesStart<'_>,
    names: [&str; N],
) -> Result<[Option<Cow<'s, str>>; N], Trouble> {
    let mut values = [const { None }; N];
    // The iterator's own check for attributes that stand twice takes the square of their number.
    let mut found = start.attributes();
    for attribute in found.with_checks(false) {
        let attribute = attribute.map_err(quick_xml::Error::from)?;
        let key = attribute.key.as_ref();
        let is_it = |name: &&str| if name.starts_with(':') { key.ends_with(*name) } else { key == *name };
        let Some(at) = names.iter().position(is_it) else { continue };
        let is_plain = !attribute.value.bytes().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r'));
        let value = if is_plain { attribute.value } else { attribute.normalized_value(XmlVersion::Implicit1_0)? };
        if values[at].replace(value).is_some() {
            return Err(Trouble::Broken("damaged_attribute"));
        }
    }
    Ok(values)
}

/// True for the ways to write it that workbooks have.
pub(super) fn is_true(value: &Option<Cow<'_, str>>) -> bool {
    value.as_ref().is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}
