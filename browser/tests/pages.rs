//! A county officer, a village cadre and a data officer at the pages, in a real browser.

use browser::{Browser, Served, Story, files};
use std::time::Duration;
use thirtyfour::prelude::*;

const PAGES: [&str; 9] =
    ["/", "/leads", "/households", "/import", "/imports", "/rules", "/parameters", "/policy", "/help"];

async fn sign_in(driver: &WebDriver, served: &Served, account: &str) {
    driver.goto(format!("{}/sign-in", served.address)).await.expect("the sign-in page");
    fill(driver, "#account", account).await;
    fill(driver, "#password", served.password(account)).await;
    click(driver, "form[action='/sign-in'] button").await;
    wait_for(driver, ".sw-menu").await;
}

async fn fill(driver: &WebDriver, selector: &str, text: &str) {
    driver.find(By::Css(selector)).await.expect("a field").send_keys(text).await.expect("typing");
}

async fn click(driver: &WebDriver, selector: &str) {
    let found = driver.find(By::Css(selector)).await.unwrap_or_else(|_| panic!("{selector} on the page"));
    found.scroll_into_view().await.expect("scrolling");
    found.click().await.expect("a click");
}

async fn wait_for(driver: &WebDriver, selector: &str) {
    let query = driver.query(By::Css(selector)).wait(Duration::from_secs(20), Duration::from_millis(100));
    if query.first().await.is_err() {
        panic!("no {selector} on {}", driver.source().await.unwrap_or_default());
    }
}

async fn words(driver: &WebDriver) -> String {
    driver.find(By::Css("body")).await.expect("a body").text().await.expect("its text")
}

async fn number(driver: &WebDriver, script: &str) -> i64 {
    driver.execute(script, Vec::new()).await.expect("a script").convert().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_officer_reads_a_lead_and_closes_it_in_two_taps() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(1440, 1000).await;
    let driver = &browser.driver;
    sign_in(driver, &served, "county_officer").await;
    assert!(words(driver).await.contains("今天要办"), "{}", words(driver).await);

    driver.goto(format!("{}/leads", served.address)).await.expect("the leads");
    let count = driver.find_all(By::Css("table[data-keys] tbody tr")).await.expect("rows").len();
    assert!(count > 0, "the demo has leads");
    click(driver, "table[data-keys] tbody tr a.sw-button").await;
    wait_for(driver, ".sw-reason").await;
    let lead = driver.current_url().await.expect("an address");
    assert!(words(driver).await.contains("行"), "a lead shows the rows behind it");

    click(driver, ".sw-choice").await;
    click(driver, "form.sw-step .sw-button-main").await;
    wait_for(driver, ".sw-note-good").await;
    driver.goto(lead.as_str()).await.expect("the lead again");
    assert!(driver.find_all(By::Css("form.sw-step .sw-button-main")).await.expect("steps").is_empty());

    driver.goto(format!("{}/rules", served.address)).await.expect("the rules");
    assert!(words(driver).await.contains('%'), "closing feeds the hit rate: {}", words(driver).await);
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_small_phone_in_both_languages_and_obeys_the_strict_policy() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(360, 740).await;
    let driver = &browser.driver;
    sign_in(driver, &served, "county_officer").await;
    let mut pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    for (list, link) in [("/leads", "table a[href^='/leads/']"), ("/leads", "a[href^='/rules/']")] {
        driver.goto(format!("{}{list}", served.address)).await.expect("a list");
        if let Ok(found) = driver.find(By::Css(link)).await {
            pages.extend(found.attr("href").await.expect("an address"));
        }
    }
    let first = story.leads()[0]["household_no"].to_string();
    pages.push(format!("/households/{first}"));
    for language in ["zh-CN", "en"] {
        for page in &pages {
            check_page(driver, &served, page, language).await;
        }
        if language == "zh-CN" {
            driver.goto(format!("{}/", served.address)).await.expect("the workbench");
            let script = "document.querySelector('.sw-bar button[name=language]').click()";
            driver.execute(script, Vec::new()).await.expect("the language switch");
            wait_for(driver, "html[lang=en] .sw-menu").await;
        }
    }
    browser.stop().await;
}

/// The page is narrow enough, has one main heading, speaks the language, and loads nothing inline.
async fn check_page(driver: &WebDriver, served: &Served, page: &str, language: &str) {
    driver.goto(format!("{}{page}", served.address)).await.expect("a page");
    let width = number(driver, "return document.documentElement.scrollWidth").await;
    assert!(width <= 360, "{page} is {width} pixels wide in {language}");
    let headings = number(driver, "return document.querySelectorAll('h1').length").await;
    assert_eq!(headings, 1, "{page} has one main heading");
    let inline = "return document.querySelectorAll('script:not([src]), style, [style], [onclick], [onload]').length";
    assert_eq!(number(driver, inline).await, 0, "{page} holds nothing inline");
    let tag = driver.find(By::Css("html")).await.expect("html").attr("lang").await.expect("lang");
    assert_eq!(tag.as_deref(), Some(language), "{page}");
    let text = words(driver).await;
    assert!(!text.contains("??"), "{page} misses a text in {language}: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_cadre_sees_the_own_village_only() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(1280, 900).await;
    let driver = &browser.driver;
    sign_in(driver, &served, "village_cadre").await;
    driver.goto(format!("{}/leads", served.address)).await.expect("the leads");
    let seen = driver.find_all(By::Css("table[data-keys] tbody tr")).await.expect("rows").len();
    let all = story.leads();
    assert!(seen > 0 && seen < all.len(), "{seen} of {}", all.len());
    let own = driver.find(By::Css("table a[href^='/leads/']")).await.expect("a lead").attr("href").await;
    let own = own.expect("an attribute").expect("an address");
    let village = &own["/leads/".len()..][..12];
    let foreign = all.iter().filter_map(|lead| lead["lead_id"].as_str()).find(|id| !id.starts_with(village));
    let foreign = foreign.expect("another village has leads");
    driver.goto(format!("{}/leads/{foreign}", served.address)).await.expect("an answer");
    let of_foreign = words(driver).await;
    driver.goto(format!("{}/leads/9999999999999999-20200101", served.address)).await.expect("an answer");
    assert_eq!(of_foreign, words(driver).await, "what is out of scope does not exist");
    for page in ["/import", "/rules"] {
        driver.goto(format!("{}{page}", served.address)).await.expect("an answer");
        assert!(driver.find_all(By::Css("input[type=file]")).await.expect("a list").is_empty(), "{page}");
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_is_imported_and_its_faults_come_back() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let sample = story.sample("again", 300, 99, "csv");
    let browser = Browser::start(1280, 900).await;
    let driver = &browser.driver;
    sign_in(driver, &served, "county_officer").await;
    let (dataset, file) = files(&sample).into_iter().nth(2).expect("an extract");
    driver.goto(format!("{}/import", served.address)).await.expect("the import page");
    let choose = format!("document.querySelector('[name=dataset]').value = '{dataset}'");
    driver.execute(choose, Vec::new()).await.expect("choosing the source");
    fill(driver, "input[type=file]", &file).await;
    click(driver, "form[enctype] button.sw-button-main").await;
    let done = driver
        .query(By::Css("a[href^='/imports/']"))
        .wait(Duration::from_secs(60), Duration::from_millis(250))
        .first()
        .await;
    let receipt = done.expect("the job ends with a receipt").attr("href").await.expect("href").expect("an address");
    driver.goto(format!("{}{receipt}", served.address)).await.expect("the receipt");
    let text = words(driver).await;
    assert!(text.contains("行"), "{text}");
    browser.stop().await;
}
