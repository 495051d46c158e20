//! 使用说明: short answers to what people ask first, and where opinions go.

use crate::http::route::Answer;
use crate::http::trouble::page;
use crate::http::visit::Visit;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;

/// Sections `help_1_title`, `help_1_text` ... of the words.
const SECTIONS: u8 = 7;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    shell: Shell,
    sections: Vec<u8>,
}

/// `GET /help`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let title = language.say("menu_help").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    page(&HelpPage { shell, sections: (1..=SECTIONS).collect() })
}
