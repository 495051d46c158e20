//! The frame around every page: bar, menu with badges, breadcrumb, and the words of the reader's language.

use crate::http::assets;
use crate::http::preferences::Preferences;
use crate::http::trouble::PageError;
use crate::http::visit::Visit;
use crate::parts::catalog::{Catalog, register_names};
use policy::declare::Permission;
use store::{Counts, View};
use words::Language;

/// One step of the breadcrumb; the last one has no address.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub address: Option<String>,
    pub text: String,
}

impl Crumb {
    /// A step that leads to `address`.
    pub fn link(address: &str, text: impl Into<String>) -> Crumb {
        Crumb { address: Some(address.to_owned()), text: text.into() }
    }

    /// The page itself, which leads nowhere.
    pub fn here(text: impl Into<String>) -> Crumb {
        Crumb { address: None, text: text.into() }
    }
}

/// A group of the menu.
pub struct MenuGroup {
    pub title: &'static str,
    pub lines: Vec<MenuLine>,
}

/// A line of the menu. The badge is red where somebody has to act (`act`), and not shown at 0.
pub struct MenuLine {
    pub address: &'static str,
    pub text: &'static str,
    pub badge: u64,
    pub act: bool,
    pub here: bool,
}

/// Who is signed in, as the bar says it.
pub struct Person {
    pub name: String,
    pub role: String,
    pub place: String,
    /// The offices to which the person may change, the own one among them where another is worked in.
    pub offices: Vec<OfficeLine>,
}

/// An office to which a person may change; `name` is empty for the own one.
pub struct OfficeLine {
    pub name: String,
    pub text: String,
}

/// What every page shows around its content.
pub struct Shell {
    pub language: Language,
    pub large: bool,
    pub title: String,
    pub path: String,
    pub form_token: String,
    pub person: Option<Person>,
    /// The search box finds households; it is there for roles that may see them.
    pub searches: bool,
    pub menu: Vec<MenuGroup>,
    pub crumbs: Vec<Crumb>,
    /// Without script the page is asked for again after so many seconds.
    pub again_after: Option<u32>,
    pub style: String,
    pub script: String,
    pub htmx: String,
    pub icon: String,
}

impl Shell {
    /// The languages that one may change to.
    pub fn other_languages(&self) -> impl Iterator<Item = Language> {
        let shown = self.language;
        Language::all().filter(move |language| *language != shown)
    }

    /// The frame without menu: sign-in and errors.
    pub fn bare(preferences: Preferences, title: String) -> Shell {
        Shell {
            language: preferences.language,
            large: preferences.large,
            title,
            path: "/".to_owned(),
            form_token: String::new(),
            person: None,
            searches: false,
            menu: Vec::new(),
            crumbs: Vec::new(),
            again_after: None,
            style: assets::address("shouwang.css"),
            script: assets::address("shouwang.js"),
            htmx: assets::address("vendor/htmx-4.0.1.min.js"),
            icon: assets::address("icon.svg"),
        }
    }

    /// The text under `key` in the reader's language.
    pub fn say(&self, key: &str) -> &'static str {
        self.language.say(key)
    }
}

impl Visit<'_> {
    /// The frame around a page: bar, menu with badges, breadcrumb.
    ///
    /// # Errors
    /// What the store says.
    pub fn shell(&self, title: String, crumbs: Vec<Crumb>) -> Result<Shell, PageError> {
        let path = self.path();
        let counts = self.counts(path == "/")?;
        let place = self.view().region_path(self.actor.region)?;
        let (language, catalog) = (self.preferences.language, Catalog::new(self.site, self.preferences.language));
        let role = catalog.role(&self.actor.role);
        let person = Person {
            name: self.actor.shown_name.clone(),
            role: match self.office() {
                Some(office) => language.fill("office_held", &[("role", &role), ("day", &office.until)]),
                None => role,
            },
            place: place.last().map(|region| region.name.clone()).unwrap_or_default(),
            offices: self.other_offices(&catalog),
        };
        Ok(Shell {
            menu: menu(self.view(), self.preferences.language, &path, &counts),
            path,
            form_token: self.form_token()?,
            person: Some(person),
            searches: self.may(Permission::SeeHouseholds),
            crumbs,
            ..Shell::bare(self.preferences, title)
        })
    }
}

impl Visit<'_> {
    /// The offices to which the person may change.
    fn other_offices(&self, catalog: &Catalog<'_>) -> Vec<OfficeLine> {
        let here = self.office();
        let own = here.map(|_| OfficeLine { name: String::new(), text: catalog.language.say("office_own").to_owned() });
        let others = self.offices().iter().filter(|office| Some(*office) != here).map(|office| {
            let (role, place) = (catalog.role(&office.actor.role), catalog.place(office.actor.region));
            let text = catalog.language.fill("office_take", &[("role", &role), ("place", &place)]);
            OfficeLine { name: office.name(), text }
        });
        own.into_iter().chain(others).collect()
    }
}

/// The lines that the role may use; each page checks again.
fn menu(view: &View, language: Language, path: &str, counts: &Counts) -> Vec<MenuGroup> {
    let line = |address: &'static str, key: &str, badge: u64, act: bool| MenuLine {
        address,
        text: language.say(key),
        badge,
        act,
        here: is_here(path, address),
    };
    let to_do = counts.overdue + counts.due_soon;
    let mut watch = vec![line("/", "menu_workbench", to_do, true)];
    if view.may(Permission::SeeLeads) {
        watch.push(line("/leads", "menu_leads", counts.open, counts.overdue > 0));
    }
    if view.may(Permission::SeeHouseholds) {
        watch.push(line("/households", "menu_households", 0, false));
    }
    let mut data = Vec::new();
    if !register_names(view).is_empty() {
        watch.push(line("/notices", "menu_notices", counts.unread_notices, false));
        data.push(line("/registers", "menu_registers", 0, false));
    }
    if view.may(Permission::HandIn) {
        data.push(line("/import", "menu_import", 0, false));
    }
    if view.may(Permission::HandIn) || view.may(Permission::SeeImports) {
        data.push(line("/imports", "menu_imports", counts.imports_with_faults, view.may(Permission::HandIn)));
    }
    data.push(line("/jobs", "menu_jobs", 0, false));
    data.push(line("/tokens", "menu_tokens", 0, false));
    let mut rules = Vec::new();
    if view.may(Permission::SeeRules) {
        rules.push(line("/rules", "menu_rules", 0, false));
        rules.push(line("/parameters", "menu_parameters", 0, false));
    }
    if !view.indicators().is_empty() {
        rules.push(line("/indicators", "menu_indicators", 0, false));
    }
    rules.push(line("/policy", "menu_policy", 0, false));
    rules.push(line("/help", "menu_help", 0, false));
    vec![
        MenuGroup { title: language.say("menu_group_watch"), lines: watch },
        MenuGroup { title: language.say("menu_group_data"), lines: data },
        MenuGroup { title: language.say("menu_group_rules"), lines: rules },
    ]
}

/// True when the path is the line's page or one below it.
fn is_here(path: &str, address: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    if address == "/" {
        path == "/"
    } else {
        path == address || path.strip_prefix(address).is_some_and(|rest| rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn a_line_is_marked_on_its_page_and_below() {
        let cases = [
            ("/", "/", true),
            ("/leads", "/", false),
            ("/leads?risk=01", "/leads", true),
            ("/leads/12", "/leads", true),
            ("/import", "/imports", false),
            ("/imports", "/import", false),
        ];
        for (path, address, here) in cases {
            assert_eq!(is_here(path, address), here, "{path} {address}");
        }
    }
}
