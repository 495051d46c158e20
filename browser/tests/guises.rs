//! The pages in their other guises: English, large text, a phone, paper; and by keys alone.

use browser::{Browser, Page, Served, Story};
use serde_json::json;
use thirtyfour::prelude::*;

const OFFICER: &str = "county_officer";
const CLERK: &str = "township_clerk";
/// A register with steps, one of which is taken by somebody else than who entered the record.
const REGISTER: &str = "/registers/water_incident";
/// Width of A4 with its margins, in pixels of the screen.
const A4_WIDTH: u32 = 718;

/// Pages that belong to no register, each kind once.
async fn common(page: &Page<'_>) -> Vec<String> {
    let mut pages: Vec<String> =
        ["/", "/leads", "/households", "/imports", "/jobs", "/tokens", "/notices", "/registers", "/policy", "/help"]
            .map(str::to_owned)
            .to_vec();
    for (list, link) in [
        ("/leads", "table a[href^='/leads/']"),
        ("/households", "table a[href^='/households/']"),
        ("/imports", "table a[href^='/imports/']"),
        ("/rules", "table a[href^='/rules/']"),
    ] {
        page.open(list).await;
        pages.extend(page.links(link).await.into_iter().take(1));
    }
    pages
}

/// A preview of a file with one good row and one that is not.
async fn preview(page: &Page<'_>, folder: &std::path::Path) {
    page.open(&format!("{REGISTER}/records/new")).await;
    let village =
        page.driver.find(By::Css("[name='field.region_code'] option:nth-of-type(2)")).await.expect("a village");
    let village = village.attr("value").await.expect("a value").expect("a code");
    let file = folder.join("incidents.csv");
    let rows =
        format!("事件编号,行政区划代码,原因,发生日期,受影响户数\nY1,{village},01,2024-10-01,5\nY2,{village},01,x,5\n");
    std::fs::write(&file, rows).expect("a file");
    page.open(&format!("{REGISTER}/import")).await;
    page.fill("input[type=file]", file.to_str().expect("a plain path")).await;
    page.submit("form[enctype] button.sw-button-main").await;
    // The page asks by itself until the preview is there.
    page.wait_for("main .sw-cards").await;
    page.wait_for("main #faults").await;
}

/// What is shown only after something was sent: a search, the choice of columns, a step for many records, a token, a preview.
async fn after_a_form(page: &Page<'_>, folder: &std::path::Path, width: u32) -> String {
    let mut faults = String::new();
    page.open(&format!("{REGISTER}/records")).await;
    page.click("details summary").await;
    faults.push_str(&page.faults(width).await);
    page.submit("form[role=search][action$='/search'] button.sw-button-main").await;
    faults.push_str(&page.faults(width).await);
    for tick in page.driver.find_all(By::Css("input[name^='record-']")).await.expect("records").into_iter().take(3) {
        tick.scroll_into_view().await.expect("scrolling");
        tick.click().await.expect("a tick");
    }
    page.submit("form[action$='/bulk'] button.sw-button-main").await;
    page.wait_for("#ready").await;
    faults.push_str(&page.faults(width).await);
    page.open("/tokens").await;
    page.fill("[name=name]", "x").await;
    page.submit("form[action='/tokens'] button.sw-button-main").await;
    faults.push_str(&page.faults(width).await);
    preview(page, folder).await;
    faults + page.faults(width).await.as_str()
}

async fn check(account: &str, width: u32, language: &str, large: &str) {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(width, 900).await;
    let page = Page::of(&browser, &served);
    page.sign_in(account).await;
    page.prefer("sw_language", language).await;
    page.prefer("sw_large", large).await;
    let mut pages = common(&page).await;
    let registers = page.registers().await;
    for register in [&registers[0], &registers[registers.len() / 2], &REGISTER.to_owned()] {
        pages.extend(page.pages_of(register).await);
    }
    let (mut faults, look) =
        (String::new(), format!("html[lang={language}]{}", if large == "1" { ".sw-large" } else { "" }));
    for address in &pages {
        page.open(address).await;
        assert_eq!(page.driver.find_all(By::Css(&look)).await.expect("a page").len(), 1, "{address}: {look}");
        faults.push_str(&page.faults(width).await);
    }
    faults.push_str(&after_a_form(&page, &story.dir(), width).await);
    assert!(faults.is_empty(), "{faults}");
    assert!(pages.len() > 25, "{pages:?}");
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_accessible_in_english() {
    check(OFFICER, 1280, "en", "0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_accessible_in_large_text_on_a_small_phone_in_english() {
    check(CLERK, 360, "en", "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn printed_pages_fit_the_paper_and_leave_the_menu_out() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(1280, 900).await;
    let page = Page::of(&browser, &served);
    page.sign_in(OFFICER).await;
    let mut pages = common(&page).await;
    let registers = page.registers().await;
    for register in &registers {
        pages.extend(page.pages_of(register).await.into_iter().filter(|address| !address.ends_with("/import")));
    }
    page.command("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    let paper = json!({ "width": A4_WIDTH, "height": 1010, "deviceScaleFactor": 1, "mobile": false });
    page.command("Emulation.setDeviceMetricsOverride", paper).await;
    let mut faults = String::new();
    for address in &pages {
        page.open(address).await;
        let wide = page.number("return document.documentElement.scrollWidth").await;
        // What a scrolling part hides on the screen is lost on paper.
        let cut = "return [...document.querySelectorAll('main :not(select, input, textarea, .sw-unseen)')].filter(one => one.scrollWidth > one.clientWidth + 1 \
                   && getComputedStyle(one).overflowX !== 'visible' && one.clientWidth > 1).length";
        let cut = page.number(cut).await;
        let left = "return [...document.querySelectorAll('.sw-bar, .sw-menu, .sw-foot, .sw-noprint, .sw-buttons, .sw-button')] \
                    .filter(one => one.getClientRects().length && one.getBoundingClientRect().bottom > 0).length";
        let left = page.number(left).await;
        if wide > i64::from(A4_WIDTH) || cut > 0 || left > 0 {
            faults
                .push_str(&format!("{address}: {wide} pixels wide, {cut} parts cut off, {left} parts of the screen\n"));
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(pages.len() > 60, "{}", pages.len());
    browser.stop().await;
}

/// Keys as a browser driver names them: down, by which the first choice of a list is taken, and enter.
const CHOOSE_FIRST: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread")]
async fn by_keys_alone_a_record_is_entered_and_approved() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(1280, 900).await;
    let page = Page::of(&browser, &served);
    let sign_in = async |account: &str| {
        page.open("/sign-in").await;
        page.press("#account", account).await;
        page.press("#password", served.password(account)).await;
        page.press("form[action='/sign-in'] button", ENTER).await;
        page.wait_for(".sw-menu").await;
    };
    sign_in(CLERK).await;
    page.open(&format!("{REGISTER}/records")).await;
    page.press(&format!("a[href='{REGISTER}/records/new']"), ENTER).await;
    page.wait_for("[name='field.incident_no']").await;
    page.press("[name='field.incident_no']", "KEYS-1").await;
    page.press("[name='field.region_code']", CHOOSE_FIRST).await;
    page.press("[name='field.cause_code']", CHOOSE_FIRST).await;
    page.press("[name='field.started_on']", "10012024").await;
    page.press("[name='field.household_count']", "3").await;
    page.press("main form .sw-buttons .sw-button-main", ENTER).await;
    page.wait_for(".sw-note-good").await;
    let record = page.driver.current_url().await.expect("an address").path().to_owned();
    assert!(page.words().await.contains("KEYS-1") && page.words().await.contains("已上报"), "{}", page.words().await);
    page.press("form[action='/sign-out'] button", ENTER).await;
    page.wait_for("#account").await;
    sign_in(OFFICER).await;
    page.open(&record).await;
    let step = |name: &str| format!("form:has(input[value={name}]) button");
    page.press(&step("verify"), ENTER).await;
    page.wait_for(&step("grade")).await;
    assert!(page.words().await.contains("已核实"), "{}", page.words().await);
    page.press("[name='field.level_code']", CHOOSE_FIRST).await;
    page.press(&step("grade"), ENTER).await;
    page.wait_for(&step("work")).await;
    assert!(page.words().await.contains("已分级"), "{}", page.words().await);
    browser.stop().await;
}
