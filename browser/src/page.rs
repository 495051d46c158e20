//! What is done with pages in a browser: signing in, going where links lead, and asking what is wrong with a page.

use crate::{Browser, Served};
use serde_json::{Value, json};
use std::time::Duration;
use thirtyfour::prelude::*;

const AXE: &str = include_str!("../vendor/axe-4.14.1.min.js");
/// Presses of the tabulator after which what is looked for is not on the page.
const TABS_MAX: usize = 200;

/// Somebody in front of the demo's pages.
pub struct Page<'b> {
    pub driver: &'b WebDriver,
    served: &'b Served,
}

impl<'b> Page<'b> {
    pub fn of(browser: &'b Browser, served: &'b Served) -> Page<'b> {
        Page { driver: &browser.driver, served }
    }

    /// Opens an address of the site.
    ///
    /// # Panics
    /// When the browser does not.
    pub async fn open(&self, address: &str) {
        self.driver.goto(format!("{}{address}", self.served.address)).await.expect("a page");
    }

    /// Signs in by the form.
    ///
    /// # Panics
    /// When the account does not get in.
    pub async fn sign_in(&self, account: &str) {
        self.open("/sign-in").await;
        self.fill("#account", account).await;
        self.fill("#password", self.served.password(account)).await;
        self.click("form[action='/sign-in'] button").await;
        self.wait_for(".sw-menu").await;
    }

    /// # Panics
    /// When there is no such field.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.driver.find(By::Css(selector)).await.unwrap_or_else(|_| panic!("{selector} on the page"));
        field.send_keys(text).await.expect("typing");
    }

    /// # Panics
    /// When there is nothing to click.
    pub async fn click(&self, selector: &str) {
        let found = self.driver.find(By::Css(selector)).await.unwrap_or_else(|_| panic!("{selector} on the page"));
        found.scroll_into_view().await.expect("scrolling");
        found.click().await.expect("a click");
    }

    /// Clicks what sends a form, and waits for the page that answers.
    ///
    /// # Panics
    /// When there is nothing to click, or no other page comes.
    pub async fn submit(&self, selector: &str) {
        self.driver.execute("window.isBefore = true", Vec::new()).await.expect("a script");
        self.click(selector).await;
        let has_come = "return !window.isBefore && document.readyState === 'complete'";
        for _ in 0..200 {
            // Between two pages there is none that could answer.
            let come = self.driver.execute(has_come, Vec::new()).await.ok().and_then(|found| found.convert().ok());
            if come == Some(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no page came after {selector}");
    }

    /// Waits for something to be on the page.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn wait_for(&self, selector: &str) {
        let query = self.driver.query(By::Css(selector)).wait(Duration::from_secs(20), Duration::from_millis(100));
        if query.first().await.is_err() {
            panic!("no {selector} on {}", self.driver.source().await.unwrap_or_default());
        }
    }

    /// What people read on the page.
    ///
    /// # Panics
    /// When there is no page.
    pub async fn words(&self) -> String {
        self.driver.find(By::Css("body")).await.expect("a body").text().await.expect("its text")
    }

    /// Presses the tabulator until what is looked for has the focus.
    ///
    /// # Panics
    /// When it never has.
    pub async fn tab_to(&self, selector: &str) -> WebElement {
        for _ in 0..TABS_MAX {
            self.driver.active_element().await.expect("a focus").send_keys("\u{e004}").await.expect("a key");
            let script = "return document.activeElement.matches(arguments[0])";
            let found = self.driver.execute(script, vec![json!(selector)]).await.expect("a script");
            if found.convert().expect("a truth") {
                return self.driver.active_element().await.expect("a focus");
            }
        }
        panic!("no key leads to {selector} on {}", self.driver.source().await.unwrap_or_default());
    }

    /// Goes to something by the tabulator and presses keys on it.
    ///
    /// # Panics
    /// When it cannot be reached.
    pub async fn press(&self, selector: &str, keys: &str) {
        self.tab_to(selector).await.send_keys(keys).await.expect("keys");
    }

    /// Addresses of the links on the page that the selector finds, each once.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn links(&self, selector: &str) -> Vec<String> {
        let mut found = Vec::new();
        for link in self.driver.find_all(By::Css(selector)).await.expect("links") {
            let address = link.attr("href").await.expect("an attribute").expect("an address");
            if !found.contains(&address) {
                found.push(address);
            }
        }
        found
    }

    /// Homes of the registers that the account sees.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn registers(&self) -> Vec<String> {
        self.open("/registers").await;
        let found = self.links("main a[href^='/registers/']").await;
        found.into_iter().filter(|address| address.matches('/').count() == 2 && !address.contains('?')).collect()
    }

    /// The pages of one register that this account reaches from its home: home, list, first record, its correction, new
    /// record, import.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn pages_of(&self, register: &str) -> Vec<String> {
        let mut pages = vec![register.to_owned(), format!("{register}/records")];
        self.open(register).await;
        for more in ["records/new", "import"] {
            pages.extend(self.links(&format!("a[href='{register}/{more}']")).await);
        }
        self.open(&format!("{register}/records")).await;
        let records = self.links(&format!("main table a[href^='{register}/records/']")).await;
        if let Some(record) = records.first() {
            pages.push(record.clone());
            self.open(record).await;
            pages.extend(self.links(&format!("a[href='{record}/correct']")).await);
        }
        pages
    }

    /// What is wrong with the page that is open, each on a line: wider than the window, against the rules of WCAG 2.2 A and
    /// AA by axe, a word that is missing.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn faults(&self, width: u32) -> String {
        let address = self.driver.current_url().await.expect("an address").path().to_owned();
        let mut faults = String::new();
        let wide = self.number("return document.documentElement.scrollWidth").await;
        if wide > i64::from(width) {
            faults.push_str(&format!("{address} is {wide} pixels wide\n"));
        }
        let wrong = self.violations(&address).await;
        if !wrong.is_empty() {
            faults.push_str(&format!("{address}\n{wrong}"));
        }
        if self.words().await.contains("??") {
            faults.push_str(&format!("{address} misses a text\n"));
        }
        faults
    }

    /// A number that a script finds.
    ///
    /// # Panics
    /// When it finds none.
    pub async fn number(&self, script: &str) -> i64 {
        self.driver.execute(script, Vec::new()).await.expect("a script").convert().expect("a number")
    }

    /// What axe finds wrong with the page that is open: rule and the first element, each on a line.
    async fn violations(&self, address: &str) -> String {
        let script = format!(
            "{AXE}; const done = arguments[arguments.length - 1]; \
             axe.run(document, {{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }}) \
             .then(result => done(result.violations.map(one => one.id + ': ' + one.nodes[0].html)), error => done(['' + error]))"
        );
        let began = std::time::Instant::now();
        let answer = self.driver.execute_async(script, Vec::new()).await;
        let answer = answer.unwrap_or_else(|error| panic!("axe after {:?} on {address}: {error}", began.elapsed()));
        let found: Vec<Value> = answer.convert().expect("a list");
        found.iter().map(|line| line.as_str().unwrap_or_default().to_owned() + "\n").collect()
    }

    /// Tells the browser itself something, e.g. to show pages as they are printed.
    ///
    /// # Panics
    /// When it does not know the command.
    pub async fn command(&self, command: &str, parameters: Value) {
        self.driver.cdp().send_raw(command, parameters).await.expect("a command of the browser");
    }

    /// Keeps a choice of the reader: `sw_language`, `sw_large`.
    ///
    /// # Panics
    /// When the browser keeps no cookies.
    pub async fn prefer(&self, name: &str, value: &str) {
        self.driver.add_cookie(Cookie::new(name, value)).await.expect("a cookie");
    }
}
