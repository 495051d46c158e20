//! Taking in a file: streamed to the inbox under the hash of its content, then a job is enqueued. What was said of a delivery,
//! with the file or when it was asked for, goes with it.

use crate::http::form::small_text;
use crate::http::preferences::Preferences;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, see_other};
use crate::http::visit::{Caller, Visit};
use crate::jobs::{IMPORT, ImportOrder};
use crate::pages::files::hand_in::may_hand_in;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::http::StatusCode;
use model::Day;
use policy::declare::Permission;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tokio::io::AsyncWriteExt;

/// The page with the form.
const BACK: &str = "/import";
/// Larger files are refused.
pub const BYTES_MAX: usize = 200 * 1024 * 1024;
/// Endings that are taken; the reader looks at the content, not at the ending.
const ENDINGS: [&str; 3] = ["xlsx", "csv", "parquet"];

/// What was sent beside the file. Every field must stand before the file, as in the page's form.
#[derive(Default)]
struct Sheet {
    dataset: String,
    day: String,
    delivery: DeliveryForm,
}

/// What is said of a delivery of a department, as typed.
#[derive(Default, Deserialize)]
pub struct DeliveryForm {
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub partial: String,
}

impl DeliveryForm {
    /// Writes it into the order.
    ///
    /// # Errors
    /// `Refused` for a place that is not the actor's, or days that are none.
    pub fn write_to(&self, order: &mut ImportOrder, visit: &Visit<'_>, back: &str) -> Result<(), PageError> {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Day>().map(Some).map_err(|_| refused(visit.preferences, "upload_days", back)),
        };
        order.place = match self.place.trim() {
            "" => None,
            text => {
                let place = text.parse().ok().filter(|place| visit.actor.region.holds(*place));
                Some(place.ok_or_else(|| refused(visit.preferences, "upload_place", back))?)
            }
        };
        (order.from, order.to) = (day(&self.from)?, day(&self.to)?);
        if order.from.zip(order.to).is_some_and(|(from, to)| from > to) {
            return Err(refused(visit.preferences, "upload_days", back));
        }
        order.is_partial = !self.partial.is_empty();
        Ok(())
    }
}

/// A file that lies in the inbox, still under a name of its own.
pub struct StoredUpload {
    path: PathBuf,
    hash: String,
    bytes: u64,
    original_name: String,
    ending: &'static str,
}

/// `POST /import`
pub async fn take(caller: Caller, mut form: Multipart) -> Answer {
    caller.visit().need(Permission::HandIn)?;
    let mut sheet = Sheet::default();
    let mut proved = false;
    while let Some(field) = form.next_field().await.map_err(broken_form)? {
        match field.name().unwrap_or_default() {
            "form_token" => proved = caller.form_secret().made(small_text(field).await?.trim()),
            "dataset" => sheet.dataset = small_text(field).await?,
            "day" => sheet.day = small_text(field).await?,
            "place" => sheet.delivery.place = small_text(field).await?,
            "from" => sheet.delivery.from = small_text(field).await?,
            "to" => sheet.delivery.to = small_text(field).await?,
            "partial" => sheet.delivery.partial = small_text(field).await?,
            "file" if proved => {
                let day = check(&caller.visit(), &sheet)?;
                let upload = store_upload(&caller, field, BACK).await?;
                return caller.run(move |visit| take_in(visit, sheet, day, upload)).await;
            }
            _ => {}
        }
        if !proved {
            return Err(PageError::FormExpired);
        }
    }
    Err(refused(caller.preferences, "upload_no_file", BACK))
}

fn take_in(visit: &Visit<'_>, sheet: Sheet, day: Day, upload: StoredUpload) -> Answer {
    let mut order = upload.keep(visit, sheet.dataset, day)?;
    sheet.delivery.write_to(&mut order, visit, BACK)?;
    enqueue(visit, &order)
}

/// The dataset may be handed in by this role, and the day is one that has come.
fn check(visit: &Visit<'_>, sheet: &Sheet) -> Result<Day, PageError> {
    if !may_hand_in(&visit.site.package, visit.actor, &sheet.dataset) {
        return Err(refused(visit.preferences, "upload_not_yours", BACK));
    }
    let day: Option<Day> = sheet.day.trim().parse().ok();
    day.filter(|day| *day <= visit.today()).ok_or_else(|| refused(visit.preferences, "upload_day", BACK))
}

/// Streams the file to the inbox; a file that is not taken whole leaves nothing behind.
///
/// # Errors
/// `Refused` for what is no file that is taken, with the way `back`; what the disk says.
pub async fn store_upload(caller: &Caller, mut field: Field<'_>, back: &str) -> Result<StoredUpload, PageError> {
    let original_name = shown_name(field.file_name().unwrap_or_default());
    let ending = ending_of(&original_name).ok_or_else(|| refused(caller.preferences, "upload_ending", back))?;
    let inbox = caller.inbox();
    tokio::fs::create_dir_all(inbox).await?;
    let path = inbox.join(format!(".{}.part", crate::http::session::new_token()));
    let mut file = tokio::fs::File::create(&path).await?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes: u64 = 0;
    let outcome = loop {
        match field.chunk().await {
            Ok(Some(chunk)) => {
                hasher.update(&chunk);
                bytes += chunk.len() as u64;
                if let Err(error) = file.write_all(&chunk).await {
                    break Err(error.into());
                }
            }
            Ok(None) if bytes == 0 => break Err(refused(caller.preferences, "upload_empty", back)),
            Ok(None) => break file.sync_all().await.map_err(PageError::from),
            Err(error) => break Err(broken_form(error)),
        }
    };
    if let Err(error) = outcome {
        tokio::fs::remove_file(&path).await?;
        return Err(error);
    }
    Ok(StoredUpload { path, hash: hasher.finalize().to_hex().to_string(), bytes, original_name, ending })
}

/// Enqueues the import of a file that lies in the inbox.
///
/// # Errors
/// What the store says.
pub fn enqueue(visit: &Visit<'_>, order: &ImportOrder) -> Answer {
    // The same file with something else said of it is another job.
    let coverage = serde_json::json!([order.place, order.from, order.to, order.is_partial, order.confirmed]);
    let dedupe = format!("{}/{}/{}/{coverage}", order.dataset, order.file_hash, order.day);
    let id = visit.enqueue(IMPORT, order, &dedupe)?;
    Ok(see_other(&format!("/jobs/{id}")))
}

impl StoredUpload {
    /// Keeps the file under its hash, ready to be taken in.
    ///
    /// # Errors
    /// What the disk says.
    pub fn keep(self, visit: &Visit<'_>, dataset: String, day: Day) -> Result<ImportOrder, PageError> {
        let inbox_file = format!("{}.{}", self.hash, self.ending);
        std::fs::rename(&self.path, visit.site.inbox.join(&inbox_file))?;
        Ok(ImportOrder {
            inbox_file,
            file_hash: self.hash,
            original_name: self.original_name,
            bytes: self.bytes,
            day,
            region: visit.actor.region,
            dataset,
            preview: false,
            columns: BTreeMap::new(),
            money_unit: String::new(),
            language: visit.preferences.language.tag().to_owned(),
            place: None,
            from: None,
            to: None,
            is_partial: false,
            confirmed: String::new(),
        })
    }
}

/// A refusal with the words of this key, and the way back.
pub fn refused(preferences: Preferences, key: &str, back: &str) -> PageError {
    let language = preferences.language;
    PageError::Refused {
        why: language.say(key).to_owned(),
        hint: language.say(&format!("{key}_hint")).to_owned(),
        back: back.to_owned(),
    }
}

/// The form cannot be read to its end.
pub fn broken_form(error: MultipartError) -> PageError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { PageError::TooLarge } else { PageError::FormExpired }
}

/// The name without folders and control characters, at most 120 characters: it is shown, never opened.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|letter| !letter.is_control()).take(120).collect();
    model::written::without_numbers(&plain)
}

fn ending_of(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_lowercase();
    ENDINGS.into_iter().find(|known| *known == ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_without_folders_and_only_known_endings_are_taken() {
        let cases = [
            ("医保.xlsx", "医保.xlsx", Some("xlsx")),
            ("C:\\数据\\医保.CSV", "医保.CSV", Some("csv")),
            ("../../etc/passwd", "passwd", None),
            ("a.xlsx.exe", "a.xlsx.exe", None),
            ("", "", None),
        ];
        for (name, shown, ending) in cases {
            assert_eq!(shown_name(name), shown);
            assert_eq!(ending_of(name), ending, "{name}");
        }
    }
}
