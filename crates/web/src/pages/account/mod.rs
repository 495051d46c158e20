//! The account itself: sign-in, look, tokens, forms that were kept.

pub mod preferences;
pub mod sign_in;
pub mod tokens;
pub mod unsent;
