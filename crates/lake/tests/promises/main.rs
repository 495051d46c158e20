//! What the lake promises, in a folder and in a bucket.

mod bucket;
mod damage;
mod deliveries;
mod home;
mod reading;
mod rows;
mod server;
mod shapes;
mod support;
mod told;
