//! Whoever asks for whatever, on every route of the site: nothing on the way back tells of a record that is another's.
//!
//! Three questions are put to each route, for every role and place: an identity from outside is answered as one that does not
//! exist; no value from outside stands in an answer; and all answers are the same as in a world where nothing outside exists,
//! so that no count, hint or order tells of it. Who may see what is worked out here, from the roles' declarations and the
//! digits of places (`oracle`); the store is not asked.

mod answer;
mod calls;
mod calls_api;
mod connections;
mod files;
mod matrix;
mod oracle;
mod rights;
mod routes;
mod seeds;
mod world;
