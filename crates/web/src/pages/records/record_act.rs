//! What is done with one record: a step, a withdrawal, a look at a masked field, a file that is kept with it.

use crate::http::address;
use crate::http::form::SentForm;
use crate::http::language::Language;
use crate::http::picture::{self, Unfit};
use crate::http::trouble::{PageError, see_other};
use crate::http::typed::Typed;
use crate::http::visit::{Sent, Visit, blocking};
use crate::pages::records::record::{Beside, Refused, record_address, register_seen, show_record};
use crate::pages::records::record_entry::{EntryReader, Faults};
use crate::pages::records::record_steps::asked_fields;
use crate::parts::catalog::Catalog;
use crate::parts::field::FieldReader;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use store::{Command, NewAttachment, Refusal, RefusalKind};

/// `POST /registers/{name}/records/{id}/step`
pub async fn step(Path((name, id)): Path<(String, String)>, sent: SentForm) -> Result<Response, PageError> {
    let SentForm { visit, mut typed } = sent;
    let register = register_seen(&visit, &name)?;
    let step = typed.text("step").to_owned();
    let Ok(version) = typed.text("version").parse() else { return Err(PageError::FormExpired) };
    let mut faults = keep_uploads(&visit, &mut typed).await?;
    let asked = asked_fields(register, &step);
    let catalog = Catalog::new(&visit.shared.site, visit.preferences.language);
    let reader = FieldReader { catalog, place: visit.actor.region, today: visit.today() };
    let fields = EntryReader { name: &name, register, reader, typed: &typed }.step_fields(&asked);
    let fields = match fields {
        Ok(fields) if faults.is_empty() => fields,
        given => {
            faults.extend(given.err().unwrap_or_default());
            let refused = faults_found(catalog.language);
            let beside = Beside { refused: Some(refused), step: Some((step, typed, faults)), ..Beside::default() };
            return unfit(show_record(&visit, &name, &id, beside).await?);
        }
    };
    let (register, version) = (name.clone(), Some(version));
    let command = Command::TakeStep { register, id: id.clone(), version, step: step.clone(), fields };
    match visit.apply(command).await? {
        Ok(_) => {
            let back = page_of_record(&visit, &name, &id).await?;
            Ok(see_other(&address::with(&back, &[("done", &step)])))
        }
        Err(refusal) => {
            let refused = shown_refusal(&refusal, &catalog, &name, &id)?;
            let faults = refusal.fields.iter().map(|field| {
                (
                    crate::pages::records::record_entry::field_name(field),
                    catalog.language.say("typed_missing").to_owned(),
                )
            });
            let missing = matches!(refusal.kind, RefusalKind::Lifecycle(lifecycle::RefusalKind::Missing(_)));
            let faults: Faults = if missing { faults.collect() } else { Faults::new() };
            let beside = Beside { refused: Some(refused), step: Some((step, typed, faults)), ..Beside::default() };
            unfit(show_record(&visit, &name, &id, beside).await?)
        }
    }
}

/// The page on which people meet the record: that of the lead, for a lead.
async fn page_of_record(visit: &Visit, name: &str, id: &str) -> Result<String, PageError> {
    let address = record_address(name, id);
    let (register, id) = (name.to_owned(), id.to_owned());
    let number = visit.read(move |view, _| Ok(view.lead_number(&register, &id)?)).await?;
    Ok(number.map_or(address, |number| format!("/leads/{}", address::url_part(&number))))
}

/// `POST /registers/{name}/records/{id}/withdraw`
pub async fn withdraw(Path((name, id)): Path<(String, String)>, sent: Sent) -> Result<Response, PageError> {
    let visit = &sent.visit;
    register_seen(visit, &name)?;
    let Ok(version) = sent.fields.text("version").parse() else { return Err(PageError::FormExpired) };
    let why = sent.fields.text("why").to_owned();
    let command = Command::Withdraw { register: name.clone(), id: id.clone(), version, why };
    done_or_refused(visit, (&name, &id), command, "withdrawn").await
}

/// `POST /registers/{name}/records/{id}/unmask`: the same page with the one value, once; nothing keeps it.
pub async fn unmask(Path((name, id)): Path<(String, String)>, sent: Sent) -> Result<Response, PageError> {
    let visit = &sent.visit;
    register_seen(visit, &name)?;
    let (field, purpose) = (sent.fields.text("field").to_owned(), sent.fields.text("purpose").to_owned());
    let command = Command::Unmask { register: name.clone(), id: id.clone(), field: field.clone(), purpose };
    let catalog = Catalog::new(&visit.shared.site, visit.preferences.language);
    match visit.apply(command).await? {
        Ok(receipt) => {
            let revealed = Some((field, receipt.text.unwrap_or_default()));
            let mut answer = show_record(visit, &name, &id, Beside { revealed, ..Beside::default() }).await?;
            answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(answer)
        }
        Err(refusal) => {
            let refused = Some(shown_refusal(&refusal, &catalog, &name, &id)?);
            unfit(show_record(visit, &name, &id, Beside { refused, ..Beside::default() }).await?)
        }
    }
}

/// `GET /registers/{name}/records/{id}/files/{hash}`: pictures open in the page, anything else is taken away.
pub async fn file(visit: Visit, Path((name, id, hash)): Path<(String, String, String)>) -> Result<Response, PageError> {
    register_seen(&visit, &name)?;
    let language = visit.preferences.language;
    let ending = hash.chars().take(8).collect::<String>();
    let found = visit
        .read(move |view, _| {
            view.attachment(&name, &id, &hash).map_err(|refusal| PageError::refused(refusal, language, "/registers"))
        })
        .await?;
    let (media, content) = found.ok_or(PageError::NotFound)?;
    let (media, kept) = match media.as_str() {
        "image/jpeg" => ("image/jpeg", format!("inline; filename=\"{ending}.jpg\"")),
        "application/pdf" => ("application/pdf", format!("attachment; filename=\"{ending}.pdf\"")),
        _ => ("application/octet-stream", format!("attachment; filename=\"{ending}\"")),
    };
    let kept = HeaderValue::from_str(&kept).map_err(|error| PageError::Broken(error.to_string()))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media)),
        (CONTENT_DISPOSITION, kept),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, content).into_response())
}

async fn done_or_refused(
    visit: &Visit,
    (name, id): (&str, &str),
    command: Command,
    done: &str,
) -> Result<Response, PageError> {
    let catalog = Catalog::new(&visit.shared.site, visit.preferences.language);
    match visit.apply(command).await? {
        Ok(_) => Ok(see_other(&address::with(&record_address(name, id), &[("done", done)]))),
        Err(refusal) => {
            let refused = Some(shown_refusal(&refusal, &catalog, name, id)?);
            unfit(show_record(visit, name, id, Beside { refused, ..Beside::default() }).await?)
        }
    }
}

/// A refusal for the record's page. What may not be seen or done at all has pages of its own.
fn shown_refusal(refusal: &Refusal, catalog: &Catalog<'_>, name: &str, id: &str) -> Result<Refused, PageError> {
    match refusal.kind {
        RefusalKind::NotFound => Err(PageError::NotFound),
        RefusalKind::NotAllowed => Err(PageError::Refused {
            why: catalog.language.pick(&refusal.why, &refusal.why_en).to_owned(),
            hint: catalog.language.pick(&refusal.hint, &refusal.hint_en).to_owned(),
            back: record_address(name, id),
        }),
        _ => Ok(Refused::of(refusal, catalog)),
    }
}

/// What the top of a form says when fields do not fit.
pub fn faults_found(language: Language) -> Refused {
    Refused { why: language.say("form_faults").to_owned(), hint: language.say("form_faults_hint").to_owned() }
}

/// The page again, with the status of a form that does not fit.
pub fn unfit(mut page: Response) -> Result<Response, PageError> {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// Keeps the files of a form and puts their lines into its fields; files that were marked to go leave theirs. Gives what does
/// not fit.
///
/// # Errors
/// `Broken` where the store failed; what it refuses is a fault.
pub async fn keep_uploads(visit: &Visit, typed: &mut Typed) -> Result<Faults, PageError> {
    let language = visit.preferences.language;
    let dropped: Vec<String> = typed.names("drop.").map(str::to_owned).collect();
    for name in dropped {
        let Some(field) = name.strip_prefix("drop.") else { continue };
        let stays = typed.texts(field).iter().filter(|line| !typed.texts(&name).contains(line)).cloned().collect();
        typed.set(field, stays);
        typed.set(&name, Vec::new());
    }
    let mut faults = Faults::new();
    for upload in std::mem::take(&mut typed.uploads) {
        let permit = visit.shared.pictures.acquire().await.map_err(|error| PageError::Broken(error.to_string()))?;
        let content = upload.content;
        let prepared = blocking(move || Ok(picture::prepare(content))).await?;
        drop(permit);
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(unfit) => {
                faults.insert(upload.field, language.fill(unfit_key(unfit), &[("file", &upload.name)]));
                continue;
            }
        };
        let name = format!("{}.{}", upload.name, prepared.ending);
        let new = NewAttachment { media: prepared.media.to_owned(), content: prepared.content };
        match visit.apply(Command::SaveAttachment(new)).await? {
            Ok(receipt) => typed.add(&upload.field, format!("{}:{name}", receipt.id.unwrap_or_default())),
            Err(refusal) => {
                faults.insert(upload.field, language.pick(&refusal.why, &refusal.why_en).to_owned());
            }
        }
    }
    Ok(faults)
}

fn unfit_key(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Empty => "file_empty",
        Unfit::TooLarge => "file_large",
        Unfit::OtherKind => "file_kind",
        Unfit::TooManyPixels => "file_pixels",
        Unfit::Broken => "file_broken",
    }
}
