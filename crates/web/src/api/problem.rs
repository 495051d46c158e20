//! Problem documents (RFC 9457): every answer of the API with an error status becomes one, whoever made it.

use crate::api::fault::{Fault, Problem};
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json};
use words::Language;
use words::Wording;

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The language that the caller likes best of those that there are; Chinese where none of them is named.
pub fn language_of(headers: &HeaderMap) -> Language {
    let line = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Language::CHINESE, 0_u32);
    for part in line.split(',').rev() {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = per_mille(rest.trim().strip_prefix("q=").unwrap_or("1"));
        let Some(language) = Language::of_tag(tag.trim()) else { continue };
        if weight > 0 && weight >= best.1 {
            best = (language, weight);
        }
    }
    best.0
}

/// A quality value of 0 to 1 in thousandths; 0 for what is none.
fn per_mille(text: &str) -> u32 {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = decimals.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u32>()) {
        ("1", _) => 1000,
        ("0", Ok(number)) => number,
        _ => 0,
    }
}

/// Writes the document of every answer with an error status.
pub async fn write(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let fault = response.extensions().get::<Fault>().cloned();
    let fault = fault.unwrap_or_else(|| Fault::new(Problem::of(status)));
    let allowed = response.headers().get(ALLOW).cloned();
    let mut answer = document(&fault, language);
    if let Some(allowed) = allowed {
        answer.headers_mut().insert(ALLOW, allowed);
    }
    answer
}

fn document(fault: &Fault, language: Language) -> Response {
    let name = fault.problem.name();
    let own = |part: &str| language.say(&format!("problem_{}_{part}", name.replace('-', "_")));
    let text = |said: &Option<Box<Wording>>, part: &str| {
        let said = said.as_ref().map(|said| said.of(language)).filter(|text| !text.is_empty());
        said.unwrap_or(own(part)).to_owned()
    };
    let status = fault.problem.status();
    let mut members = Map::new();
    members.insert("type".to_owned(), format!("/problems/{name}").into());
    members.insert("title".to_owned(), own("title").into());
    members.insert("status".to_owned(), status.as_u16().into());
    members.insert("code".to_owned(), fault.code.map_or_else(|| name.replace('-', "_"), str::to_owned).into());
    members.insert("detail".to_owned(), text(&fault.why, "why").into());
    members.insert("hint".to_owned(), text(&fault.hint, "hint").into());
    members.insert("fields".to_owned(), fault.fields.clone().into());
    if let Some(record) = &fault.record {
        members.insert("record".to_owned(), record.clone().into());
    }
    let mut response = (status, Json::Object(members).to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    if let Some(seconds) = fault.again_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if fault.problem == Problem::Unauthenticated {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_language_is_chosen_by_weight_then_by_order() {
        let cases = [
            ("", Language::CHINESE),
            ("en", Language::ENGLISH),
            ("en-GB,zh;q=0.9", Language::ENGLISH),
            ("zh-CN,en;q=0.9", Language::CHINESE),
            ("en;q=0.5, zh;q=0.8", Language::CHINESE),
            ("en, zh", Language::ENGLISH),
            ("fr, en;q=0.1", Language::ENGLISH),
            ("en;q=0", Language::CHINESE),
            ("en;q=none", Language::CHINESE),
        ];
        for (line, language) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(line));
            assert_eq!(language_of(&headers), language, "{line}");
        }
    }

    #[test]
    fn every_problem_has_its_words_in_both_languages() {
        for problem in Problem::ALL {
            for language in [Language::CHINESE, Language::ENGLISH] {
                for part in ["title", "why", "hint"] {
                    let key = format!("problem_{}_{part}", problem.name().replace('-', "_"));
                    assert_ne!(language.say(&key), "??", "{key}");
                }
            }
        }
    }
}
