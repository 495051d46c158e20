//! What of a page its readers see and can do, as lines: texts, headings, tables, links, forms and what they send. Left out is how it looks.

/// Attributes that say something to people or to whoever gets the form.
const KEPT: [&str; 20] = [
    "action",
    "alt",
    "aria-current",
    "aria-invalid",
    "aria-label",
    "checked",
    "colspan",
    "datetime",
    "disabled",
    "hidden",
    "href",
    "lang",
    "method",
    "name",
    "open",
    "placeholder",
    "required",
    "selected",
    "type",
    "value",
];
/// Elements without content.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];
/// Elements that are left out with all that is in them.
const LEFT_OUT: [&str; 3] = ["script", "style", "svg"];
/// Elements that only hold others together.
const TRANSPARENT: [&str; 2] = ["div", "span"];
/// Of more options than this, the first few stand for all.
const OPTIONS_MAX: usize = 6;
const OPTIONS_SHOWN: usize = 3;

/// A piece of a page.
enum Node {
    Text(String),
    Element { name: String, head: String, children: Vec<Node> },
}

/// The outline of the element with this name, of which a page has one; the whole text without it.
pub fn outline(page: &str, of: &str) -> String {
    let start = page.find(&format!("<{of}")).unwrap_or_default();
    let close = format!("</{of}>");
    let end = page.rfind(&close).map_or(page.len(), |at| at + close.len());
    let mut rest = &page[start..end];
    let mut lines = String::new();
    write(&nodes(&mut rest, ""), 0, &mut lines);
    lines
}

/// Reads up to the end of the element `within`.
fn nodes(rest: &mut &str, within: &str) -> Vec<Node> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let Some(text) = rest.strip_prefix('<') else {
            let (text, behind) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            *rest = behind;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !text.is_empty() {
                found.push(Node::Text(normal(&text)));
            }
            continue;
        };
        let (tag, behind) = text.split_once('>').unwrap_or((text, ""));
        *rest = behind;
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(closed.trim(), within, "an element is closed that is not open");
            return found;
        }
        let name = tag.split(|letter: char| letter.is_whitespace() || letter == '/').next().unwrap_or_default();
        if tag.starts_with('!') {
            continue;
        }
        let head = format!("{name}{}", attributes(&tag[name.len()..]));
        let is_empty = VOID.contains(&name) || tag.ends_with('/');
        let children = if is_empty { Vec::new() } else { nodes(rest, name) };
        if TRANSPARENT.contains(&name) && head == name {
            found.extend(children);
        } else if !LEFT_OUT.contains(&name) {
            found.push(Node::Element { name: name.to_owned(), head, children });
        }
    }
    assert!(within.is_empty(), "<{within}> is not closed");
    found
}

/// The attributes that are kept, in order of their names.
fn attributes(mut text: &str) -> String {
    let mut kept = Vec::new();
    loop {
        text = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        if text.is_empty() {
            break;
        }
        let end = text.find(|letter: char| letter.is_whitespace() || letter == '=').unwrap_or(text.len());
        let (name, behind) = text.split_at(end);
        let value = behind.strip_prefix('=').map(|value| {
            let (opening, closing) = if value.starts_with('"') { (1, '"') } else { (0, ' ') };
            value[opening..].split_once(closing).unwrap_or((&value[opening..], ""))
        });
        text = value.map_or(behind, |(_, rest)| rest);
        if KEPT.contains(&name) {
            kept.push(value.map_or_else(|| name.to_owned(), |(value, _)| format!("{name}=\"{}\"", normal(value))));
        }
    }
    kept.sort();
    let is_token = kept.iter().any(|one| one == "name=\"form_token\"");
    kept.retain(|one| !(is_token && one.starts_with("value=")));
    kept.iter().map(|one| format!(" {one}")).collect()
}

/// Hashes by their first and last word only: what they are made of is tested elsewhere.
fn normal(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_alphanumeric() {
            word.push(letter);
            continue;
        }
        let is_hash = word.len() >= 16
            && word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
            && word.bytes().any(|byte| byte.is_ascii_lowercase());
        out.push_str(if is_hash { "HASH" } else { &word });
        word.clear();
        out.extend(Some(letter).filter(|letter| *letter != '\0'));
    }
    out
}

fn write(nodes: &[Node], depth: usize, lines: &mut String) {
    let indent = "  ".repeat(depth);
    let options = nodes.iter().filter(|node| is_option(node)).count();
    let mut shown = 0;
    for node in nodes {
        match node {
            Node::Text(text) => lines.push_str(&format!("{indent}{text}\n")),
            Node::Element { name, head, children } => {
                let is_chosen = head.contains(" selected");
                if is_option(node) && options > OPTIONS_MAX {
                    shown += 1;
                    if shown > OPTIONS_SHOWN && !is_chosen {
                        continue;
                    }
                }
                match children.as_slice() {
                    [] if VOID.contains(&name.as_str()) => lines.push_str(&format!("{indent}<{head}>\n")),
                    [] => lines.push_str(&format!("{indent}<{head}></{name}>\n")),
                    [Node::Text(text)] => lines.push_str(&format!("{indent}<{head}>{text}</{name}>\n")),
                    children => {
                        lines.push_str(&format!("{indent}<{head}>\n"));
                        write(children, depth + 1, lines);
                        lines.push_str(&format!("{indent}</{name}>\n"));
                    }
                }
            }
        }
    }
    if options > OPTIONS_MAX {
        lines.push_str(&format!("{indent}<!-- {options} options -->\n"));
    }
}

fn is_option(node: &Node) -> bool {
    matches!(node, Node::Element { name, .. } if name == "option")
}

#[test]
fn an_outline_keeps_what_is_read_and_sent() {
    for (page, expected) in [
        ("<body><p class=\"a\" id=b>one\n  two</p></body>", "<body>\n  <p>one two</p>\n</body>\n"),
        ("<body><div><span>x</span> y<br></div></body>", "<body>\n  x\n  y\n  <br>\n</body>\n"),
        (
            "<body><script>if (a) {}</script><a class=\"k\" href=\"/a/0123456789abcdef\">l</a></body>",
            "<body>\n  <a href=\"/a/HASH\">l</a>\n</body>\n",
        ),
        (
            "<body><input value=\"secret\" type=\"hidden\" name=\"form_token\"><input name=\"a\" required></body>",
            "<body>\n  <input name=\"form_token\" type=\"hidden\">\n  <input name=\"a\" required>\n</body>\n",
        ),
        ("<body>99010110020112345678</body>", "<body>99010110020112345678</body>\n"),
    ] {
        assert_eq!(outline(page, "body"), expected, "{page}");
    }
    let options: String = (1..=9)
        .map(|number| format!("<option{}>{number}</option>", if number == 7 { " selected" } else { "" }))
        .collect();
    let lines = outline(&format!("<main><select name=\"a\">{options}</select></main>"), "main");
    assert!(
        lines.contains("<option>3<") && !lines.contains("<option>4<") && lines.contains("<option selected>7<"),
        "{lines}"
    );
    assert!(lines.contains("<!-- 9 options -->"), "{lines}");
}
