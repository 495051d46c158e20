//! The API as programs meet it: what it gives and takes, what it refuses, and what it never says.

mod access;
mod description;
mod guide;
mod hostile;
mod once;
mod records;
mod said_once;
mod serve;
mod valley;
