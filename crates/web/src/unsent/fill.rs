//! Puts what was typed once back into a form of a page: inputs, longer texts, choices and ticks, by their names.
//!
//! Pages are our own, so their tags are read as they are written: lower case, values in double quotes.

use std::collections::BTreeMap;
use std::ops::Range;

/// A page with the form filled in.
#[derive(Debug, PartialEq, Eq)]
pub struct Filled {
    pub html: String,
    /// Names of fields that the form does not have.
    pub unplaced: Vec<String>,
}

/// A start or end tag.
struct Tag<'p> {
    name: &'p str,
    is_end: bool,
    range: Range<usize>,
    attributes: Vec<(&'p str, Option<&'p str>)>,
}

impl Tag<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(known, _)| *known == name)?;
        Some(unescape(found.1.unwrap_or_default()))
    }

    fn is(&self, name: &str) -> bool {
        self.name == name && !self.is_end
    }
}

/// Fills in the form that goes to `action` and whose hidden fields say the most of `fields`; `None` where the page has none.
pub fn fill(page: &str, action: &str, fields: &[(String, String)]) -> Option<Filled> {
    let tags = tags(page);
    let form = form_of(&tags, action, fields)?;
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, text) in fields {
        texts.entry(name).or_default().push(text);
    }
    let mut filling = Filling { page, texts, placed: BTreeMap::new(), edits: open_details(&tags, form.start) };
    filling.fields(&tags[form]);
    let mut unplaced: Vec<String> = Vec::new();
    for (name, text) in fields {
        let is_placed = filling.placed.contains_key(name.as_str());
        if !is_placed && !text.trim().is_empty() && !unplaced.contains(name) {
            unplaced.push(name.clone());
        }
    }
    Some(Filled { html: edited(page, filling.edits), unplaced })
}

/// Where the tags of the form stand among all tags.
fn form_of(tags: &[Tag<'_>], action: &str, fields: &[(String, String)]) -> Option<Range<usize>> {
    let starts =
        (0..tags.len()).filter(|at| tags[*at].is("form") && tags[*at].value("action").as_deref() == Some(action));
    let forms = starts.map(|start| {
        let end = (start..tags.len()).find(|at| tags[*at].name == "form" && tags[*at].is_end);
        start..end.unwrap_or(tags.len())
    });
    let score = |form: &Range<usize>| {
        let fixed = |tag: &&Tag<'_>| {
            tag.is("button") || tag.is("input") && matches!(tag.value("type").as_deref(), Some("hidden" | "checkbox"))
        };
        let says = |tag: &Tag<'_>| {
            let (name, value) = (tag.value("name"), tag.value("value").unwrap_or_default());
            name.is_some_and(|name| fields.iter().any(|(known, text)| *known == name && *text == value))
        };
        tags[form.clone()].iter().filter(fixed).filter(|tag| says(tag)).count()
    };
    let mut best: Option<(usize, Range<usize>)> = None;
    for form in forms {
        let found = score(&form);
        // Of several that say as much, the first.
        if best.as_ref().is_none_or(|(most, _)| found > *most) {
            best = Some((found, form));
        }
    }
    best.map(|(_, form)| form)
}

/// Opens what is folded around the form.
fn open_details(tags: &[Tag<'_>], form: usize) -> Vec<(Range<usize>, String)> {
    let mut folded = Vec::new();
    for tag in tags[..form].iter().filter(|tag| tag.name == "details") {
        match tag.is_end {
            true => folded.truncate(folded.len().saturating_sub(1)),
            false => folded.push(tag),
        }
    }
    let closed = folded.into_iter().filter(|tag| tag.value("open").is_none());
    closed.map(|tag| (tag.range.end - 1..tag.range.end - 1, " open".to_owned())).collect()
}

struct Filling<'p> {
    page: &'p str,
    texts: BTreeMap<&'p str, Vec<&'p str>>,
    /// How many texts of a name have found their place.
    placed: BTreeMap<String, usize>,
    edits: Vec<(Range<usize>, String)>,
}

impl Filling<'_> {
    fn fields(&mut self, tags: &[Tag<'_>]) {
        let mut choice: Option<String> = None;
        for (at, tag) in tags.iter().enumerate() {
            match (tag.name, tag.is_end) {
                ("input", false) => self.input(tag),
                ("textarea", false) => {
                    let end = tags[at..].iter().find(|tag| tag.name == "textarea" && tag.is_end);
                    if let Some((end, text)) = end.zip(tag.value("name").and_then(|name| self.next(&name))) {
                        // A line break right behind the tag is passed over by browsers.
                        self.edits.push((tag.range.end..end.range.start, format!("\n{}", escape(&text))));
                    }
                }
                ("select", false) => choice = tag.value("name"),
                ("select", true) => choice = None,
                ("option", false) => {
                    let name = choice.clone().filter(|name| self.texts.contains_key(name.as_str()));
                    if let Some(name) = name {
                        self.mark(tag, &name, "selected");
                    }
                }
                ("button", false) => {
                    let name = tag.value("name");
                    self.placed.extend(name.map(|name| (name, 1)));
                }
                _ => {}
            }
        }
    }

    fn input(&mut self, tag: &Tag<'_>) {
        let Some(name) = tag.value("name") else { return };
        match tag.value("type").as_deref() {
            Some("file" | "password" | "submit" | "button" | "image") => {}
            Some("hidden") if name == "form_token" => drop(self.placed.insert(name, 1)),
            Some("checkbox" | "radio") => self.mark(tag, &name, "checked"),
            _ => {
                if let Some(text) = self.next(&name) {
                    let value = format!(" value=\"{}\"", escape(&text));
                    self.rewrite(tag, "value", Some(value));
                }
            }
        }
    }

    /// The next text of that name that has no place yet.
    fn next(&mut self, name: &str) -> Option<String> {
        let used = self.placed.entry(name.to_owned()).or_insert(0);
        let text = self.texts.get(name)?.get(*used)?;
        *used += 1;
        Some((*text).to_owned())
    }

    /// Sets or takes away a mark, as the value was chosen or not.
    fn mark(&mut self, tag: &Tag<'_>, name: &str, mark: &str) {
        let value = tag.value("value").unwrap_or_default();
        let is_chosen = self.texts.get(name).is_some_and(|texts| texts.contains(&value.as_str()));
        if is_chosen {
            *self.placed.entry(name.to_owned()).or_insert(0) += 1;
        }
        self.rewrite(tag, mark, is_chosen.then(|| format!(" {mark}")));
    }

    /// Writes a tag anew without one of its attributes, and with another text for it.
    fn rewrite(&mut self, tag: &Tag<'_>, attribute: &str, with: Option<String>) {
        let others = tag.attributes.iter().filter(|(name, _)| *name != attribute);
        let others: String = others
            .map(|(name, value)| value.map_or_else(|| format!(" {name}"), |value| format!(" {name}=\"{value}\"")))
            .collect();
        let written = format!("<{}{others}{}>", tag.name, with.unwrap_or_default());
        if self.page[tag.range.clone()] != written {
            self.edits.push((tag.range.clone(), written));
        }
    }
}

fn edited(page: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut html = String::with_capacity(page.len() + 1024);
    let mut from = 0;
    for (range, text) in edits {
        html.push_str(&page[from..range.start]);
        html.push_str(&text);
        from = range.end;
    }
    html.push_str(&page[from..]);
    html
}

/// The tags of a page, in their order.
fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = page[from..].find('<').map(|at| from + at) {
        from = start + 1;
        if let Some(tag) = tag(page, start) {
            from = tag.range.end;
            found.push(tag);
        }
    }
    found
}

fn tag(page: &str, start: usize) -> Option<Tag<'_>> {
    let mut at = start + 1;
    let is_end = page[at..].starts_with('/');
    at += usize::from(is_end);
    let name = word(page, at);
    if name.is_empty() {
        return None;
    }
    at += name.len();
    let mut attributes = Vec::new();
    loop {
        at += page[at..].len() - page[at..].trim_start_matches([' ', '\n', '/']).len();
        if page[at..].starts_with('>') {
            return Some(Tag { name, is_end, range: start..at + 1, attributes });
        }
        let attribute = word(page, at);
        if attribute.is_empty() {
            return None;
        }
        at += attribute.len();
        let value = page[at..].strip_prefix("=\"").and_then(|rest| rest.split('"').next());
        at += value.map_or(0, |value| value.len() + 3);
        if at > page.len() {
            return None;
        }
        attributes.push((attribute, value));
    }
}

fn word(page: &str, at: usize) -> &str {
    let rest = &page[at..];
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ':');
    &rest[..rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len())]
}

/// Text for a page.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&#38;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let entities = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::fill;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn check(form: &str, typed: &[(&str, &str)], filled: &str, unplaced: &[&str]) {
        let page =
            |form: &str| format!("<p>1 < 2</p><form action=\"/a\" method=\"post\">{form}</form><input name=\"x\">");
        let outcome = fill(&page(form), "/a", &fields(typed)).expect("the form is there");
        assert_eq!(outcome.html, page(filled));
        assert_eq!(outcome.unplaced, unplaced);
    }

    #[test]
    fn every_kind_of_field_holds_again_what_was_typed() {
        check(
            r#"<input name="x">"#,
            &[("x", "a\"b<c>&'")],
            r#"<input name="x" value="a&#34;b&#60;c&#62;&#38;&#39;">"#,
            &[],
        );
        check(
            r#"<input type="date" name="x" value="2024-01-01" required>"#,
            &[("x", "2024-02-29")],
            r#"<input type="date" name="x" required value="2024-02-29">"#,
            &[],
        );
        check(
            "<textarea name=\"x\">old</textarea>",
            &[("x", "一\n</textarea>")],
            "<textarea name=\"x\">\n一\n&#60;/textarea&#62;</textarea>",
            &[],
        );
        let radios = r#"<input type="radio" name="x" value="1" checked><input type="radio" name="x" value="2">"#;
        check(
            radios,
            &[("x", "2")],
            r#"<input type="radio" name="x" value="1"><input type="radio" name="x" value="2" checked>"#,
            &[],
        );
        check(
            radios,
            &[("y", " ")],
            r#"<input type="radio" name="x" value="1"><input type="radio" name="x" value="2">"#,
            &[],
        );
        let choice = r#"<select name="x"><option value="">-</option><option value="b" selected>B</option><option value="c">C</option></select>"#;
        check(
            choice,
            &[("x", "c")],
            r#"<select name="x"><option value="">-</option><option value="b">B</option><option value="c" selected>C</option></select>"#,
            &[],
        );
        check(
            choice,
            &[("x", "gone")],
            r#"<select name="x"><option value="">-</option><option value="b">B</option><option value="c">C</option></select>"#,
            &["x"],
        );
        check(choice, &[], choice, &[]);
    }

    #[test]
    fn what_is_not_typed_stays_and_what_has_no_place_is_told() {
        check(
            r#"<input type="hidden" name="form_token" value="new"><input type="hidden" name="version" value="5">"#,
            &[("form_token", "old"), ("version", "3")],
            r#"<input type="hidden" name="form_token" value="new"><input type="hidden" name="version" value="3">"#,
            &[],
        );
        check(
            r#"<input type="password" name="x"><input type="file" name="y">"#,
            &[("x", "secret"), ("z", "more")],
            r#"<input type="password" name="x"><input type="file" name="y">"#,
            &["x", "z"],
        );
        check(
            r#"<input name="x"><input name="x"><input name="x" value="c">"#,
            &[("x", "1"), ("x", "2")],
            r#"<input name="x" value="1"><input name="x" value="2"><input name="x" value="c">"#,
            &[],
        );
        check(
            r#"<button name="again" value="rows">+</button>"#,
            &[("again", "rows")],
            r#"<button name="again" value="rows">+</button>"#,
            &[],
        );
    }

    #[test]
    fn of_several_forms_the_one_that_was_sent_is_filled_and_unfolded() {
        let form = |step: &str, open: &str, value: &str| {
            format!(
                "<details{open}><summary>?</summary><form action=\"/a\"><input type=\"hidden\" name=\"step\" value=\"{step}\"><input name=\"x\"{value}></form></details>"
            )
        };
        let page = form("one", "", "") + &form("two", "", "") + "<form action=\"/b\"><input name=\"x\"></form>";
        let filled = fill(&page, "/a", &fields(&[("step", "two"), ("x", "9")])).expect("a form");
        assert_eq!(
            filled.html,
            form("one", "", "")
                + &form("two", " open", " value=\"9\"")
                + "<form action=\"/b\"><input name=\"x\"></form>"
        );
        assert_eq!(fill(&page, "/c", &fields(&[("x", "9")])), None);
    }

    #[test]
    fn no_page_breaks_it() {
        for page in [
            "",
            "<",
            "<form",
            "<form action=\"/a",
            "<form action=\"/a\"",
            "<form action=\"/a\"><input name=\"x",
            "<form action=\"/a\"><textarea name=\"x\">",
            "</",
            "<!doctype html><a =>",
        ] {
            let _ = fill(page, "/a", &fields(&[("x", "1")]));
        }
    }
}
