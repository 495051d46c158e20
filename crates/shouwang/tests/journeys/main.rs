//! Journeys: one story each, from file to screen, with the real program, real files, a real database and a real browser.

mod columns;
mod county;
mod damage;
mod damaged_files;
mod deliveries;
mod english_exports;
mod english_terminal;
mod exports;
mod figures;
mod harness;
mod imports;
mod keys;
mod main_job;
mod migrate;
mod outputs;
mod package_is_data;
mod page_exports;
mod places;
mod previews;
mod registers;
mod secrets;
mod served;
mod servers;
mod unread_cells;
mod who;
mod workbook;
