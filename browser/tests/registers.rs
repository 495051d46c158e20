//! Every register's pages in a real browser: accessible by axe (WCAG 2.2 A and AA), and narrow enough for a phone.

use browser::{Browser, Page, Served, Story};

/// Role that sees the most registers of a county.
const OFFICER: &str = "county_officer";
/// Role that enters most records.
const CLERK: &str = "township_clerk";

async fn check(account: &str, width: u32) {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(width, 900).await;
    let page = Page::of(&browser, &served);
    page.sign_in(account).await;
    let registers = page.registers().await;
    assert!(registers.len() >= 15, "{registers:?}");
    let (mut faults, mut seen, mut records) = (String::new(), 0, 0);
    for register in &registers {
        for address in page.pages_of(register).await {
            page.open(&address).await;
            faults.push_str(&page.faults(width).await);
            seen += 1;
            records += usize::from(
                address.contains("/records/") && !address.ends_with("/new") && !address.ends_with("/correct"),
            );
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(seen > registers.len() * 2 && records >= 8, "{seen} pages, {records} records");
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_every_register_is_accessible_to_a_county_officer() {
    check(OFFICER, 1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_every_register_is_accessible_and_fits_a_small_phone_of_a_township_clerk() {
    check(CLERK, 360).await;
}
