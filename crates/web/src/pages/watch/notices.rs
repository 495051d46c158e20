//! 办理提醒: steps that others took with records of the actor's place, until the person has read them.

use crate::http::fields::Fields;
use crate::http::preferences::safe_path;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::pages::records::record_list::called;
use crate::parts::catalog::Catalog;
use crate::parts::filter_text::cell_text;
use crate::parts::record_list_query::list_address;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use model::Day;
use store::{NoticeShown, RecordFile, View};

/// Notices on the page; when those are read, older ones follow.
const NOTICES_SHOWN: usize = 50;
/// Things by which a record is called.
const CALLED_BY: usize = 3;

/// A step that somebody else took.
pub struct NoticeLine {
    pub address: String,
    pub label: String,
    /// What the record is called, and where it lies.
    pub called: String,
    pub text: String,
    pub mark: String,
    pub is_read: bool,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    shell: Shell,
    /// How many are unread, in a sentence; `None` where none is.
    unread: Option<String>,
    notices: Vec<NoticeLine>,
}

/// `GET /notices`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let (language, today) = (visit.preferences.language, visit.today());
    let view = visit.view();
    let mut notices = view.notices()?;
    let unread = notices.iter().filter(|notice| !notice.is_read).count();
    // Unread ones first; each part newest first, as it was.
    notices.sort_by_key(|notice| notice.is_read);
    let shown = notices.into_iter().take(NOTICES_SHOWN);
    let notices = notice_lines(view, &Catalog::new(visit.site, language), shown, today)?;
    let title = language.say("menu_notices").to_owned();
    let crumbs = vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title.clone())];
    let unread = (unread > 0).then(|| language.fill("notices_unread", &[("count", &unread)]));
    page(&NoticesPage { shell: visit.shell(title, crumbs)?, unread, notices })
}

/// `POST /notices/read`: one notice, or all where none is named.
pub fn read(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    let mark = Some(fields.text("notice")).filter(|mark| !mark.is_empty());
    let back = match fields.text("next") {
        "" => "/notices",
        next => safe_path(next),
    };
    visit.mark_notices_read(mark)?;
    Ok(see_other(back))
}

/// Prepares notices for a list. Blocks on the store.
///
/// # Errors
/// What the store says.
pub fn notice_lines(
    view: &View,
    catalog: &Catalog<'_>,
    notices: impl Iterator<Item = NoticeShown>,
    today: Day,
) -> Result<Vec<NoticeLine>, PageError> {
    let line = |notice: NoticeShown| {
        let address = format!("{}/{}", list_address(&notice.register), notice.record);
        let file = view.record(&notice.register, &notice.record, today);
        let file = file.map_err(|refusal| PageError::refused(refusal, catalog.language, "/"))?;
        let who = catalog.who(&notice.who, &notice.who);
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("who", &who),
            ("at", &model::moment_at(notice.at_ms)),
            ("step", &catalog.action(&notice.register, &notice.step)),
        ];
        Ok(NoticeLine {
            address,
            label: catalog.dataset(&notice.register),
            called: file.map(|file| record_called(&notice.register, &file, catalog)).unwrap_or_default(),
            text: catalog.language.fill("dashboard_notice", &values),
            mark: notice.mark,
            is_read: notice.is_read,
        })
    };
    notices.map(line).collect()
}

/// The first things that its list shows of a record, and its place.
fn record_called(register: &str, file: &RecordFile, catalog: &Catalog<'_>) -> String {
    let Some(register) = catalog.register(register) else { return String::new() };
    let shown = |name: &String| {
        let field = file.fields.iter().find(|field| field.name == *name)?;
        Some(cell_text(catalog, register.field_named(name)?, &field.value)).filter(|text| !text.is_empty())
    };
    let texts: Vec<String> = register.list.columns.iter().filter_map(shown).take(CALLED_BY).collect();
    let place = [file.place_name.as_str()].into_iter().filter(|name| !name.is_empty());
    called(texts.iter().map(String::as_str).chain(place))
}
