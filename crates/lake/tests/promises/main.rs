//! What the lake promises, in a folder and in a bucket.

mod bucket;
mod damage;
mod deliveries;
mod home;
mod rows;
mod server;
mod support;
