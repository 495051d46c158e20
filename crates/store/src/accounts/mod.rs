//! Accounts and what belongs to each: sessions, tokens, preferences, forms that were not sent.

pub(crate) mod account;
pub(crate) mod office;
pub(crate) mod preference;
pub(crate) mod token;
pub(crate) mod unsent_form;
