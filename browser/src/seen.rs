//! A page as the browser has laid it out, without asking any script: what people see of it, and what of that does nothing.

use serde_json::Value;

/// Elements that people work with.
const FIELDS: [&str; 3] = ["INPUT", "SELECT", "TEXTAREA"];
/// What is smaller than this many pixels is there for screen readers only.
const SEEN_MIN: f64 = 2.0;

struct Node {
    name: String,
    parent: Option<usize>,
    attributes: Vec<(String, String)>,
    is_seen: bool,
}

/// A page as it is laid out.
pub struct Seen {
    nodes: Vec<Node>,
    texts: Vec<String>,
}

impl Seen {
    /// From the answer to `DOMSnapshot.captureSnapshot` with `visibility` as the only style.
    pub fn of(snapshot: &Value) -> Seen {
        let text = |index: &Value| {
            let index = index.as_u64().and_then(|index| usize::try_from(index).ok());
            index.and_then(|index| snapshot["strings"][index].as_str()).unwrap_or_default().to_owned()
        };
        let (nodes, layout) = (&snapshot["documents"][0]["nodes"], &snapshot["documents"][0]["layout"]);
        let attributes = |pairs: &Value| list(pairs).chunks(2).map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
        let mut found: Vec<Node> = Vec::new();
        for (index, name) in list(&nodes["nodeName"]).iter().enumerate() {
            let parent = nodes["parentIndex"][index].as_u64().and_then(|parent| usize::try_from(parent).ok());
            let attributes = attributes(&nodes["attributes"][index]);
            found.push(Node { name: text(name), parent, attributes, is_seen: false });
        }
        let mut texts = Vec::new();
        for (row, index) in list(&layout["nodeIndex"]).iter().enumerate() {
            let index = index.as_u64().and_then(|index| usize::try_from(index).ok());
            let size = |side: usize| layout["bounds"][row][side].as_f64().unwrap_or_default();
            let is_seen = size(2) >= SEEN_MIN && size(3) >= SEEN_MIN && text(&layout["styles"][row][0]) == "visible";
            if let Some(node) = index.and_then(|index| found.get_mut(index)).filter(|_| is_seen) {
                node.is_seen = true;
                texts.push(text(&layout["text"][row]));
            }
        }
        texts.retain(|text| !text.trim().is_empty());
        Seen { nodes: found, texts }
    }

    /// What people read, piece by piece.
    pub fn words(&self) -> String {
        self.texts.join("\n")
    }

    /// Values of the options of the list of this name.
    pub fn options(&self, list: &str) -> Vec<String> {
        let is_of = |node: &Node| self.above(node).any(|above| above.name == "SELECT" && above.has("name", list));
        let options = self.nodes.iter().filter(|node| node.name == "OPTION" && is_of(node));
        options.map(|option| option.attribute("value").to_owned()).collect()
    }

    /// Everything that is seen and does nothing without script, each in words.
    pub fn idle(&self) -> Vec<String> {
        let mut idle: Vec<String> = Vec::new();
        for node in self.nodes.iter().filter(|node| node.is_seen) {
            if let Some(why) = self.why_idle(node) {
                idle.push(format!("{why}: {} {:?}", node.name, node.attributes));
            }
        }
        let asks_again = self.nodes.iter().any(|node| node.has_any("hx-trigger"));
        let comes_again = self.nodes.iter().any(|node| {
            node.name == "META"
                && node.has("http-equiv", "refresh")
                && self.above(node).any(|above| above.name == "NOSCRIPT")
        });
        if asks_again && !comes_again {
            idle.push(
                "a part that a script brings up to date, on a page that does not come again by itself".to_owned(),
            );
        }
        idle
    }

    fn why_idle(&self, node: &Node) -> Option<&'static str> {
        let in_form = self.above(node).any(|above| above.name == "FORM");
        let target = node.attribute("href");
        match node.name.as_str() {
            "BUTTON" if node.has("type", "button") => Some("a button that sends nothing"),
            "BUTTON" if !in_form => Some("a button outside of a form"),
            name if FIELDS.contains(&name) && !in_form => Some("a field outside of a form"),
            "A" if target.is_empty() || target.starts_with("javascript:") => Some("a link to nowhere"),
            "A" if target.starts_with('#') && !self.nodes.iter().any(|node| node.has("id", &target[1..])) => {
                Some("a link to nothing on the page")
            }
            "FORM" if !self.is_sent(node) => Some("a form that nothing sends"),
            "KBD" => Some("a key that only a script knows"),
            _ => None,
        }
    }

    /// True when a form can be sent: it has a button, or a field of text in which enter is pressed.
    fn is_sent(&self, form: &Node) -> bool {
        let in_form = |node: &&Node| self.above(node).any(|above| std::ptr::eq(above, form));
        let sends = |node: &Node| match node.name.as_str() {
            "BUTTON" => !node.has("type", "button"),
            "INPUT" => ["text", "search", "submit"].contains(&node.attribute("type")),
            _ => false,
        };
        self.nodes.iter().filter(|node| node.is_seen).filter(in_form).any(sends)
    }

    fn above<'s>(&'s self, node: &'s Node) -> impl Iterator<Item = &'s Node> {
        let parent = |node: &&'s Node| node.parent.and_then(|parent| self.nodes.get(parent));
        std::iter::successors(parent(&node), parent)
    }
}

impl Node {
    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.attributes.iter().any(|(own, held)| own == name && held == value)
    }

    fn has_any(&self, name: &str) -> bool {
        self.attributes.iter().any(|(own, _)| own == name)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
