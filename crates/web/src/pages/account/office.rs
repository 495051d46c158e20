//! The office in which a deputy works: chosen in the bar of every page, kept in a cookie, held against the deputies at each request.

use crate::http::fields::Fields;
use crate::http::office::OFFICE_COOKIE;
use crate::http::route::Answer;
use crate::http::session::cookie_line;
use crate::http::trouble::{PageError, see_other};
use crate::http::visit::Visit;
use axum::http::header::{HeaderValue, SET_COOKIE};

/// `POST /office`: into an office that the account holds today, or back into its own; the workbench of it follows.
pub fn choose(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    let name = fields.text("office");
    let is_held = visit.offices().iter().any(|office| office.name() == name);
    if !name.is_empty() && !is_held {
        return Err(PageError::Forbidden);
    }
    let seconds = name.is_empty().then_some(0);
    let line = cookie_line(OFFICE_COOKIE, name, seconds, visit.site.secure_cookies);
    let mut response = see_other("/");
    let line = HeaderValue::from_str(&line).map_err(|error| PageError::Broken(error.to_string()))?;
    response.headers_mut().append(SET_COOKIE, line);
    Ok(response)
}
