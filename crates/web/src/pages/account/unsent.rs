//! 未提交的表单: what could not be taken when it was sent, to go on with or to forget.

use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{page, see_other};
use crate::http::unsent::Unsent;
use crate::http::visit::Visit;
use crate::parts::catalog::Catalog;
use crate::parts::shell::{Crumb, Shell};
use crate::unsent::{UnsentLine, typed_lines};
use askama::Template;

/// A kept form.
pub struct KeptForm {
    id: String,
    address: String,
    what: String,
    when: String,
    files: Option<String>,
    lines: Vec<UnsentLine>,
}

#[derive(Template)]
#[template(path = "unsent.html")]
struct UnsentPage {
    shell: Shell,
    forms: Vec<KeptForm>,
}

/// `GET /unsent`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let forms = visit.view().unsent_forms(visit.site.now_ms())?;
    let catalog = Catalog::new(visit.site, language);
    let shown = forms.into_iter().filter_map(|form| {
        let content: Unsent = serde_json::from_str(&form.content).ok()?;
        let (kept, ends) = (model::moment_at(form.kept_ms), model::moment_at(form.ends_ms));
        Some(KeptForm {
            address: content.address(&form.id),
            what: what(&content, &catalog),
            when: language.fill("unsent_when", &[("kept", &kept), ("ends", &ends)]),
            files: (content.files > 0).then(|| language.fill("unsent_files", &[("count", &content.files)])),
            lines: typed_lines(&content, &catalog, |_| true),
            id: form.id,
        })
    });
    let forms = shown.collect();
    let title = language.say("unsent_title").to_owned();
    let crumbs = vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title.clone())];
    page(&UnsentPage { shell: visit.shell(title, crumbs)?, forms })
}

/// What the form is about.
fn what(content: &Unsent, catalog: &Catalog<'_>) -> String {
    let mut parts = content.action.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("registers"), Some(name)) => catalog.dataset(name),
        (Some("leads"), _) => catalog.language.say("menu_leads").to_owned(),
        (Some("households"), _) => catalog.language.say("menu_households").to_owned(),
        (Some("import"), _) => catalog.language.say("menu_import").to_owned(),
        _ => catalog.language.say("unsent_other").to_owned(),
    }
}

/// `POST /unsent/forget`
pub fn forget(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    visit.forget_unsent(fields.text("form"))?;
    Ok(see_other("/unsent"))
}
