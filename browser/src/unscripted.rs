//! Pages whose scripts are switched off, driven by commands of the browser itself.
//!
//! ChromeDriver clicks, and asks for attributes, by scripts that wait for promises. Without script no promise is kept: the
//! first such command hangs, and the whole session with it. So nothing is sent here but commands of the DevTools protocol
//! that need no script in the page; they pass through ChromeDriver as they are.

use crate::Browser;
use crate::seen::Seen;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;
use tokio::time::{sleep, timeout};

/// A command that takes longer hangs.
const COMMAND_MAX: Duration = Duration::from_secs(15);
/// What is not on a page by then does not come.
const WAIT_MAX: Duration = Duration::from_secs(20);
/// Between two looks at a page.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// Keys by their names and codes in the DevTools protocol.
const DOWN: Key<'static> = Key { name: "ArrowDown", code: 40 };
const ENTER: Key<'static> = Key { name: "Enter", code: 13 };

/// A key, as the browser names and numbers it.
#[derive(Clone, Copy)]
struct Key<'name> {
    name: &'name str,
    code: u32,
}

/// Somebody in front of the demo's pages, in a browser that runs no script of any page.
pub struct Unscripted<'b> {
    driver: &'b WebDriver,
    /// Where the site's addresses begin.
    site: String,
}

impl<'b> Unscripted<'b> {
    /// Switches scripts off, and lets what is fetched from `site` go into the folder `fetched`.
    ///
    /// # Panics
    /// When the browser does not do so.
    pub async fn begin(browser: &'b Browser, site: &str, fetched: &Path) -> Unscripted<'b> {
        let page = Unscripted { driver: &browser.driver, site: site.to_owned() };
        page.switch_scripts(false).await;
        page.command("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": fetched })).await;
        page
    }

    /// Lets the scripts of pages run, or not, from the next page on.
    ///
    /// # Panics
    /// When the browser does not obey.
    pub async fn switch_scripts(&self, on: bool) {
        self.command("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// Opens an address of the site.
    ///
    /// # Panics
    /// When the browser does not.
    pub async fn open(&self, address: &str) {
        self.open_any(&format!("{}{address}", self.site)).await;
    }

    /// Opens any address.
    ///
    /// # Panics
    /// When the browser does not.
    pub async fn open_any(&self, address: &str) {
        let before = self.document().await;
        self.command("Page.navigate", json!({ "url": address })).await;
        self.arrive(&before).await;
    }

    /// Signs in by the form.
    ///
    /// # Panics
    /// When the account does not get in.
    pub async fn sign_in(&self, account: &str, password: &str) {
        self.open("/sign-in").await;
        self.fill("#account", account).await;
        self.fill("#password", password).await;
        self.follow("form[action='/sign-in'] button").await;
        self.find(".sw-menu").await;
    }

    /// # Panics
    /// When there is no button for it, or nobody is signed out by it.
    pub async fn sign_out(&self) {
        self.follow("form[action='/sign-out'] button").await;
        self.find("#account").await;
    }

    /// Taps on something with a finger.
    ///
    /// # Panics
    /// When it is not there, or not to be seen.
    pub async fn tap(&self, selector: &str) {
        let node = self.find(selector).await;
        self.command("DOM.scrollIntoViewIfNeeded", json!({ "nodeId": node })).await;
        let quads = self.command("DOM.getContentQuads", json!({ "nodeId": node })).await;
        let quad = &quads["quads"][0];
        let middle = |first: usize| (number(&quad[first]) + number(&quad[first + 4])) / 2.0;
        let at = json!([{ "x": middle(0), "y": middle(1) }]);
        self.command("Input.dispatchTouchEvent", json!({ "type": "touchStart", "touchPoints": at })).await;
        self.command("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] })).await;
    }

    /// Taps on something that leads to another page, and waits for that page.
    ///
    /// # Panics
    /// When no other page comes.
    pub async fn follow(&self, selector: &str) {
        let before = self.document().await;
        self.tap(selector).await;
        self.arrive(&before).await;
    }

    /// Presses enter on something that leads to another page, and waits for that page.
    ///
    /// # Panics
    /// When no other page comes.
    pub async fn enter(&self, selector: &str) {
        let before = self.document().await;
        self.focus(selector).await;
        self.key(ENTER, "\r").await;
        self.arrive(&before).await;
    }

    /// Types into a field, in place of what stood there.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.focus(selector).await;
        let all = json!({ "type": "rawKeyDown", "key": "a", "commands": ["selectAll"] });
        self.command("Input.dispatchKeyEvent", all).await;
        self.command("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": "a" })).await;
        self.command("Input.insertText", json!({ "text": text })).await;
    }

    /// Types digits key by key, as a day is entered.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn press_digits(&self, selector: &str, digits: &str) {
        self.focus(selector).await;
        for digit in digits.chars() {
            let digit = digit.to_string();
            self.key(Key { name: &digit, code: u32::from(digit.as_bytes()[0]) }, &digit).await;
        }
    }

    /// Takes the option of this number of a list, counted from 0, by keys.
    ///
    /// # Panics
    /// When there is no such list.
    pub async fn choose(&self, selector: &str, option: usize) {
        self.focus(selector).await;
        for _ in 0..option {
            self.key(DOWN, "").await;
        }
    }

    /// Puts a file into a field for files.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn choose_file(&self, selector: &str, file: &Path) {
        let node = self.find(selector).await;
        self.command("DOM.setFileInputFiles", json!({ "nodeId": node, "files": [file] })).await;
    }

    /// Taps on what fetches a file into `folder`; gives the file when it is whole.
    ///
    /// # Panics
    /// When no file comes.
    pub async fn fetch(&self, selector: &str, folder: &Path) -> PathBuf {
        let before = listed(folder);
        self.tap(selector).await;
        let began = Instant::now();
        loop {
            let now = listed(folder);
            let is_coming = now.iter().any(|file| file.extension().is_some_and(|kind| kind == "crdownload"));
            if let (Some(file), false) = (now.into_iter().find(|file| !before.contains(file)), is_coming) {
                return file;
            }
            assert!(began.elapsed() < WAIT_MAX, "{selector} fetches nothing from {}", self.address().await);
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits for something to be on the page, whatever page comes meanwhile; gives its number in the document.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn find(&self, selector: &str) -> i64 {
        let began = Instant::now();
        loop {
            if let Some(node) = self.look(selector).await {
                return node;
            }
            if began.elapsed() > WAIT_MAX {
                panic!("no {selector} on {}:\n{}", self.address().await, self.words().await);
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// True when it is on the page now.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn has(&self, selector: &str) -> bool {
        self.look(selector).await.is_some()
    }

    /// An attribute of something, empty when it has none.
    ///
    /// # Panics
    /// When it is not on the page.
    pub async fn attribute(&self, selector: &str, name: &str) -> String {
        let node = self.find(selector).await;
        let pairs = self.command("DOM.getAttributes", json!({ "nodeId": node })).await;
        let pairs: Vec<String> = serde_json::from_value(pairs["attributes"].clone()).expect("attributes are texts");
        pairs.chunks(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone()).unwrap_or_default()
    }

    /// Values of all options of a list.
    ///
    /// # Panics
    /// When it is not on the page.
    pub async fn options(&self, selector: &str) -> Vec<String> {
        self.find(selector).await;
        let seen = self.seen().await;
        let list = self.attribute(selector, "name").await;
        seen.options(&list)
    }

    /// What the browser has laid out.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn seen(&self) -> Seen {
        let asked = json!({ "computedStyles": ["visibility"] });
        Seen::of(&self.command("DOMSnapshot.captureSnapshot", asked).await)
    }

    /// What people read on the page.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn words(&self) -> String {
        self.seen().await.words()
    }

    /// Path and query of the page that is open.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn address(&self) -> String {
        let frame = self.frame().await;
        let address =
            frame["url"].as_str().unwrap_or_default().to_owned() + frame["urlFragment"].as_str().unwrap_or_default();
        address.strip_prefix(&self.site).unwrap_or(&address).to_owned()
    }

    /// What is wrong with the page that is open, each on a line: wider than `width` pixels, or shows what only a script serves.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn faults(&self, width: u32) -> String {
        let address = self.address().await;
        let metrics = self.command("Page.getLayoutMetrics", json!({})).await;
        let wide = number(&metrics["cssContentSize"]["width"]);
        let mut faults = String::new();
        if wide > f64::from(width) {
            faults.push_str(&format!("{address} is {wide} pixels wide\n"));
        }
        for idle in self.seen().await.idle() {
            faults.push_str(&format!("{address} shows what does nothing without script: {idle}\n"));
        }
        faults
    }

    /// Keeps a picture of the page, for people who look into a failure.
    ///
    /// # Panics
    /// When it cannot be written.
    pub async fn picture(&self, file: &Path) {
        let answer = self.driver.screenshot_as_png();
        let bytes = timeout(COMMAND_MAX, answer).await.expect("a picture in time").expect("a picture");
        std::fs::write(file, bytes).expect("a file");
    }

    async fn look(&self, selector: &str) -> Option<i64> {
        // The document may be gone between the two commands; then nothing is there yet.
        let root = self.attempt("DOM.getDocument", json!({ "depth": 0 })).await.ok()?;
        let asked = json!({ "nodeId": root["root"]["nodeId"], "selector": selector });
        let found = self.attempt("DOM.querySelector", asked).await.ok()?;
        found["nodeId"].as_i64().filter(|node| *node > 0)
    }

    async fn focus(&self, selector: &str) {
        let node = self.find(selector).await;
        self.command("DOM.scrollIntoViewIfNeeded", json!({ "nodeId": node })).await;
        self.command("DOM.focus", json!({ "nodeId": node })).await;
    }

    async fn key(&self, key: Key<'_>, text: &str) {
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let down = json!({ "type": kind, "key": key.name, "windowsVirtualKeyCode": key.code, "text": text });
        self.command("Input.dispatchKeyEvent", down).await;
        let up = json!({ "type": "keyUp", "key": key.name, "windowsVirtualKeyCode": key.code });
        self.command("Input.dispatchKeyEvent", up).await;
    }

    async fn frame(&self) -> Value {
        self.command("Page.getFrameTree", json!({})).await["frameTree"]["frame"].clone()
    }

    /// What tells one load of a page from another.
    async fn document(&self) -> String {
        self.frame().await["loaderId"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits for another document than `before`, and for its layout to come to rest.
    async fn arrive(&self, before: &str) {
        let began = Instant::now();
        let mut last = Value::Null;
        loop {
            let (document, metrics) = (self.document().await, self.attempt("Page.getLayoutMetrics", json!({})).await);
            let now = json!([document, metrics.ok()]);
            if document != before && now == last {
                return;
            }
            if began.elapsed() > WAIT_MAX {
                panic!("nothing leads away from {}:\n{}", self.address().await, self.words().await);
            }
            last = now;
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn command(&self, command: &str, parameters: impl Into<Value> + Debug) -> Value {
        let parameters = parameters.into();
        let answer = self.attempt(command, parameters.clone()).await;
        answer.unwrap_or_else(|error| panic!("{command} {parameters}: {error}"))
    }

    async fn attempt(&self, command: &str, parameters: Value) -> WebDriverResult<Value> {
        let cdp = self.driver.cdp();
        let answer = timeout(COMMAND_MAX, cdp.send_raw(command, parameters)).await;
        answer.unwrap_or_else(|_| panic!("{command} hangs"))
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of fetched files");
    entries.flatten().map(|entry| entry.path()).collect()
}
