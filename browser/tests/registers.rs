//! Every register's pages in a real browser: accessible by axe (WCAG 2.2 A and AA), and narrow enough for a phone.

use browser::{Browser, Served, Story};
use serde_json::Value;
use std::time::Duration;
use thirtyfour::prelude::*;

const AXE: &str = include_str!("../vendor/axe-4.14.1.min.js");
/// Role that sees the most registers of a county.
const OFFICER: &str = "county_officer";
/// Role that enters most records.
const CLERK: &str = "township_clerk";

async fn sign_in(driver: &WebDriver, served: &Served, account: &str) {
    driver.goto(format!("{}/sign-in", served.address)).await.expect("the sign-in page");
    for (selector, text) in [("#account", account), ("#password", served.password(account))] {
        driver.find(By::Css(selector)).await.expect("a field").send_keys(text).await.expect("typing");
    }
    driver.find(By::Css("form[action='/sign-in'] button")).await.expect("a button").click().await.expect("a click");
    let menu = driver.query(By::Css(".sw-menu")).wait(Duration::from_secs(20), Duration::from_millis(100));
    menu.first().await.expect("signed in");
}

/// Addresses of the links on the page that the selector finds, each once.
async fn links(driver: &WebDriver, selector: &str) -> Vec<String> {
    let mut found = Vec::new();
    for link in driver.find_all(By::Css(selector)).await.expect("links") {
        let address = link.attr("href").await.expect("an attribute").expect("an address");
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// What axe finds wrong with the page that is open: rule and the first element, each on a line.
async fn violations(driver: &WebDriver) -> String {
    let script = format!(
        "{AXE}; const done = arguments[arguments.length - 1]; \
         axe.run(document, {{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }}) \
         .then(result => done(result.violations.map(one => one.id + ': ' + one.nodes[0].html)), error => done(['' + error]))"
    );
    let answer = driver.execute_async(script, Vec::new()).await.expect("axe runs");
    let found: Vec<Value> = answer.convert().expect("a list");
    found.iter().map(|line| line.as_str().unwrap_or_default().to_owned() + "\n").collect()
}

/// The pages of one register that this account reaches from its home: home, list, first record, its correction, new record,
/// import.
async fn pages_of(driver: &WebDriver, served: &Served, register: &str) -> Vec<String> {
    let mut pages = vec![register.to_owned(), format!("{register}/records")];
    driver.goto(format!("{}{register}", served.address)).await.expect("the home of a register");
    for more in ["records/new", "import"] {
        pages.extend(links(driver, &format!("a[href='{register}/{more}']")).await);
    }
    driver.goto(format!("{}{register}/records", served.address)).await.expect("a list");
    let records = links(driver, &format!("main table a[href^='{register}/records/']")).await;
    if let Some(record) = records.first() {
        pages.push(record.clone());
        driver.goto(format!("{}{record}", served.address)).await.expect("a record");
        pages.extend(links(driver, &format!("a[href='{record}/correct']")).await);
    }
    pages
}

async fn registers(driver: &WebDriver, served: &Served) -> Vec<String> {
    driver.goto(format!("{}/registers", served.address)).await.expect("the registers");
    let found = links(driver, "main a[href^='/registers/']").await;
    found.into_iter().filter(|address| address.matches('/').count() == 2 && !address.contains('?')).collect()
}

async fn check(account: &str, width: u32) {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(width, 900).await;
    let driver = &browser.driver;
    sign_in(driver, &served, account).await;
    let registers = registers(driver, &served).await;
    assert!(registers.len() >= 15, "{registers:?}");
    let (mut faults, mut seen, mut records) = (String::new(), 0, 0);
    for register in &registers {
        for page in pages_of(driver, &served, register).await {
            driver.goto(format!("{}{page}", served.address)).await.expect("a page");
            let width_of = driver.execute("return document.documentElement.scrollWidth", Vec::new()).await;
            let wide: i64 = width_of.expect("a script").convert().expect("a number");
            if wide > i64::from(width) {
                faults.push_str(&format!("{page} is {wide} pixels wide\n"));
            }
            let wrong = violations(driver).await;
            if !wrong.is_empty() {
                faults.push_str(&format!("{page}\n{wrong}"));
            }
            let text = driver.find(By::Css("body")).await.expect("a body").text().await.expect("its text");
            if text.contains("??") {
                faults.push_str(&format!("{page} misses a text\n"));
            }
            seen += 1;
            records +=
                usize::from(page.contains("/records/") && !page.ends_with("/new") && !page.ends_with("/correct"));
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
