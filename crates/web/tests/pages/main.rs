//! The pages as their readers meet them: who sees what, what is refused, what never stands on a page.

mod access;
mod aids;
mod browser;
mod bulk;
mod crowd;
mod fixture;
mod forms;
mod gardens;
mod golden;
mod house;
mod import_english;
mod jobs;
mod lists;
mod notices;
mod outline;
mod privacy;
mod record_forms;
mod records;
mod register_import;
mod registers;
mod third_language;
mod unsent;
mod upgraded;
mod valley;
