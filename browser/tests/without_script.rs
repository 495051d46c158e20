//! The pages in a real browser whose scripts are switched off, on a phone: a record is declared, queried, corrected,
//! approved and taken further; a lead is closed; a file goes out, comes in and is taken back.

use browser::{Browser, Declared, Served, Story, Unscripted};
use std::path::{Path, PathBuf};

/// Width of a small phone, in pixels.
const WIDTH: u32 = 360;
/// Keys of the record that is entered by hand, and of the one that a file brings.
const BY_HAND: &str = "NOSCRIPT-1";
const BY_FILE: &str = "NOSCRIPT-2";
/// A number as it was entered, and as it is corrected.
const NUMBER: [&str; 2] = ["432", "567"];
/// Day of the record, as the keys go into the field of an American browser.
const DAY: &str = "10012024";
/// Records that take a step at once.
const MANY: usize = 2;
/// Pages that the journey does not come by otherwise.
const MORE: [&str; 8] = ["/households", "/import", "/imports", "/jobs", "/tokens", "/rules", "/parameters", "/help"];
/// The button of a form, and of the main form of a page.
const SEND_ONE: &str = "form .sw-button-main";
const SEND: &str = "main form .sw-buttons .sw-button-main";

/// One story: who is in front of the pages, the register it is about, and what was found wrong so far.
struct Journey<'b> {
    page: Unscripted<'b>,
    served: &'b Served,
    register: Declared,
    home: String,
    fetched: PathBuf,
    faults: String,
    looks: u32,
}

impl Journey<'_> {
    /// Looks at the page that is open; keeps a picture of it.
    async fn look(&mut self) {
        self.faults.push_str(&self.page.faults(WIDTH).await);
        self.looks += 1;
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without_script");
        std::fs::create_dir_all(&pictures).expect("a folder of pictures");
        self.page.picture(&pictures.join(format!("{:02}.png", self.looks))).await;
    }

    /// Taps on something that leads to another page, and looks at that.
    async fn follow(&mut self, selector: &str) {
        self.page.follow(selector).await;
        self.look().await;
    }

    async fn sign_in(&mut self, account: &str) {
        self.page.sign_in(account, self.served.password(account)).await;
        self.look().await;
    }

    async fn read(&self, text: &str) {
        let words = self.page.words().await;
        assert!(words.contains(text), "{text} on {}:\n{words}", self.page.address().await);
    }

    /// From the menu to the list of the register's records.
    async fn go_to_list(&mut self) {
        self.page.tap("a.sw-menu-link").await;
        self.page.find(".sw-menu:target").await;
        self.look().await;
        self.follow(".sw-menu a[href='/registers']").await;
        self.follow(&format!("main a[href='{}']", self.home)).await;
        self.follow(&format!("main a[href='{}/records']", self.home)).await;
    }

    /// Asks the list for the records in a state.
    async fn query(&mut self, state: &str) {
        let states = self.page.options("#state").await;
        let number = states.iter().position(|one| one == state).expect("a state to choose");
        self.page.choose("#state", number).await;
        self.follow("form[role=search][action$='/search'] .sw-button-main").await;
    }

    /// Opens the record of this key from the list.
    async fn open_record(&mut self, key: &str) -> String {
        self.follow(&format!("main table a[aria-label*='{key}']")).await;
        self.page.address().await
    }

    async fn fill_in(&mut self, (name, kind): &(String, String)) {
        let field = format!("main [name='field.{name}']");
        match kind.as_str() {
            "region" | "code" => self.page.choose(&field, 1).await,
            "day" => self.page.press_digits(&field, DAY).await,
            "int" => self.page.fill(&field, NUMBER[0]).await,
            _ => self.page.fill(&field, BY_HAND).await,
        }
    }

    /// Declares a record; what was left out is asked for by the page, and what was typed stays.
    async fn declare(&mut self) {
        self.follow(&format!("main a[href='{}/records/new']", self.home)).await;
        if self.page.has("input[name=stage][value=subject]").await {
            self.follow("main form .sw-button-main").await;
        }
        let fields = self.register.required.clone();
        for field in fields.iter().filter(|(_, kind)| kind != "int") {
            self.fill_in(field).await;
        }
        self.follow(SEND).await;
        self.page.find("#faults").await;
        assert_eq!(self.page.attribute(&format!("[name='field.{}']", self.register.key), "value").await, BY_HAND);
        for field in fields.iter().filter(|(_, kind)| kind == "int") {
            self.fill_in(field).await;
        }
        self.follow(SEND).await;
        self.page.find(".sw-note-good").await;
        for text in [BY_HAND, NUMBER[0], &self.register.states[0]] {
            self.read(text).await;
        }
    }

    /// Corrects the number of the record that is open; the time line tells both.
    async fn correct(&mut self, record: &str) {
        self.follow(&format!("main a[href='{record}/correct']")).await;
        self.page.fill(&format!("main [name='field.{}']", self.register.number), NUMBER[1]).await;
        self.follow(SEND).await;
        self.page.find(".sw-note-good").await;
        let words = self.page.words().await;
        let is_told = words.lines().any(|line| NUMBER.iter().all(|number| line.contains(number)));
        assert!(is_told, "the time line tells the correction:\n{words}");
    }

    /// Finds the household of the most urgent lead by the search on every page, sent by the key on a phone's keyboard.
    async fn search(&mut self) {
        self.page.open("/leads").await;
        let lead = self.page.attribute("main table a[href^='/leads/']", "href").await;
        let household = lead.trim_start_matches("/leads/").split('-').next().expect("a household's number").to_owned();
        self.page.fill("#search", &household).await;
        self.page.enter("#search").await;
        self.look().await;
        let found = format!("a[href='/households/{household}']");
        if self.page.has(&found).await {
            self.follow(&found).await;
        }
        assert_eq!(self.page.address().await, format!("/households/{household}"));
    }

    /// Closes the most urgent lead: begins, chooses a reason, sends it.
    async fn close_a_lead(&mut self) {
        self.page.open("/leads").await;
        self.look().await;
        self.follow("main table a[href^='/leads/']").await;
        let lead = self.page.address().await;
        self.follow("form.sw-step:not(:has(.sw-choice)) button").await;
        self.page.find(".sw-note-good").await;
        self.page.tap("label.sw-choice").await;
        self.follow("form.sw-step:has(.sw-choice) button").await;
        self.page.find(".sw-note-good").await;
        self.page.open(lead.split('?').next().unwrap_or_default()).await;
        self.look().await;
        assert!(!self.page.has("form.sw-step").await, "a closed lead asks for nothing more");
    }

    /// Reads the notice about the record, and opens the record from it.
    async fn read_notice(&mut self, record: &str) {
        self.follow("main a[href='/notices']").await;
        let line = format!("main tr:has(a[href='{record}'])");
        self.follow(&format!("{line} form button")).await;
        assert!(!self.page.has(&format!("{line} form button")).await, "the notice is read");
        self.follow(&format!("{line} a")).await;
    }

    /// Takes the next step; the field it needs is asked for first.
    async fn go_on(&mut self) {
        let (step, field) = self.register.going_on.clone();
        let form = format!("form:has(input[name=step][value={step}])");
        self.follow(&format!("{form} button")).await;
        self.page.find("#faults").await;
        self.read(&self.register.states[1]).await;
        self.page.choose(&format!("{form} [name='field.{field}']"), 1).await;
        self.follow(&format!("{form} button")).await;
        self.page.find(".sw-note-good").await;
        self.read(&self.register.states[2]).await;
    }

    /// Looks at the page in large text and in English, and goes back to how it was.
    async fn switch_looks(&mut self) {
        for (switch, look) in [("large", "html.sw-large"), ("language", "html[lang=en]")] {
            self.follow(&format!(".sw-bar button[name={switch}]")).await;
            self.page.find(look).await;
            self.page.follow(&format!(".sw-bar button[name={switch}]")).await;
            assert!(!self.page.has(look).await, "{look}");
        }
    }

    /// Ticks the first records of a state and takes the confirming step for all of them at once.
    async fn confirm_many(&mut self, state: &str) {
        self.page.open(&format!("{}/records", self.home)).await;
        self.query(state).await;
        for row in 1..=MANY {
            self.page.tap(&format!("main tbody tr:nth-of-type({row}) .sw-tick")).await;
        }
        let steps = self.page.options("#step").await;
        let step = steps.iter().position(|one| *one == self.register.confirming.0).expect("a step to choose");
        self.page.choose("#step", step).await;
        self.follow("main form[action$='/bulk'] .sw-button-main").await;
        self.follow(&format!("main section:has(#ready) {SEND_ONE}")).await;
        self.page.find(".sw-note-good").await;
        self.read(&format!("({MANY})")).await;
    }

    /// Fetches the list that is shown, by a job whose page comes again by itself until it is done.
    async fn export(&mut self, format: &str) -> Vec<u8> {
        self.page.open(&format!("{}/records", self.home)).await;
        self.follow(&format!("form[action$='/export'] button[value={format}]")).await;
        self.page.find("main a[download]").await;
        self.look().await;
        let file = self.page.fetch("main a[download]", &self.fetched).await;
        std::fs::read(file).expect("the fetched file")
    }

    /// The exported file with the entered record under another key, and no longer known by its number here: one record more,
    /// and many that stay as they are.
    fn one_more(&self, exported: Vec<u8>, record: &str) -> PathBuf {
        let text = String::from_utf8(exported).expect("a file of text");
        let number = record.rsplit('/').next().expect("the record's number in its address");
        for held in [BY_HAND, NUMBER[1], number] {
            assert!(text.contains(held), "{held} in {text}");
        }
        let file = self.fetched.join("one-more.csv");
        std::fs::write(&file, text.replace(BY_HAND, BY_FILE).replace(number, "")).expect("a file");
        file
    }

    /// The number on the card of this label.
    async fn card(&self, label: &str) -> String {
        let words = self.page.words().await;
        let mut lines = words.lines().skip_while(|line| *line != label).skip(1);
        lines.next().unwrap_or_else(|| panic!("{label} in {words}")).to_owned()
    }

    /// Looks at what a file would bring, takes it in, and reads the receipt.
    async fn take_in(&mut self, file: &Path) {
        self.page.open(&self.home).await;
        self.follow(&format!("main a[href='{}/import']", self.home)).await;
        let template = self.page.fetch("main a[href$='/template']", &self.fetched).await;
        assert!(std::fs::read(template).expect("the template").starts_with(b"PK"), "a template to fill in");
        self.page.choose_file("main input[type=file]", file).await;
        self.follow("main form .sw-button-main").await;
        // Nobody taps here: the page comes again by itself.
        self.page.find("main form[action$='/import/submit'] button").await;
        self.look().await;
        assert_eq!(self.card("新增").await, "1", "{}", self.page.words().await);
        assert_eq!(self.card("不能导入").await, "0", "{}", self.page.words().await);
        self.follow("main form[action$='/import/submit'] button").await;
        self.page.find("main a[href^='/imports/']").await;
        self.look().await;
        self.follow("main a[href^='/imports/']").await;
        self.read("one-more.csv").await;
        assert_eq!(self.card("新增").await, "1", "{}", self.page.words().await);
        assert_eq!(self.card("退回行数").await, "0", "{}", self.page.words().await);
        let receipt = self.page.address().await;
        self.page.open(&format!("{}/records", self.home)).await;
        self.read(BY_FILE).await;
        self.page.open(&receipt).await;
    }

    async fn take_back(&mut self) {
        self.follow("main a[href$='/undo']").await;
        self.follow(SEND).await;
        self.page.find(".sw-note[role=status]").await;
        self.page.open(&format!("{}/records", self.home)).await;
        let words = self.page.words().await;
        assert!(words.contains(BY_HAND) && !words.contains(BY_FILE), "{words}");
    }
}

/// A page that tells whether its script ran: by what is shown for those without, and by what a script would change.
const TELLING: &str = "data:text/html,<p id=told>as it came</p><noscript><p>for those without</p></noscript>\
    <script>document.getElementById('told').textContent = 'changed'</script>";

/// The beginning of a page that is as wide as its screen.
const PHONE: &str = "data:text/html,<meta name=viewport content=width=device-width>";

/// Parts of pages, each with why it does nothing without script; what has no reason works.
const PARTS: [(&str, Option<&str>); 13] = [
    ("<form action=/x><button type=button>a</button><button>b</button></form>", Some("a button that sends nothing")),
    ("<button>a</button>", Some("a button outside of a form")),
    ("<input>", Some("a field outside of a form")),
    ("<a href=''>x</a>", Some("a link to nowhere")),
    ("<a href=javascript:go()>x</a>", Some("a link to nowhere")),
    ("<a href=%23none>x</a>", Some("a link to nothing on the page")),
    ("<a href=%23here>x</a><p id=here>y</p>", None),
    ("<form action=/x><select><option>1</select></form>", Some("a form that nothing sends")),
    ("<form action=/x><input type=search></form>", None),
    ("<kbd>x</kbd>", Some("a key that only a script knows")),
    ("<p><kbd hidden>x</kbd><button type=button hidden>a</button>y</p>", None),
    ("<p hx-trigger=load>x</p>", Some("a part that a script brings up to date")),
    ("<noscript><meta http-equiv=refresh content=99></noscript><p hx-trigger=load>x</p>", None),
];

#[tokio::test(flavor = "multi_thread")]
async fn scripts_are_switched_off_and_what_does_nothing_without_them_is_found() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let browser = Browser::start(WIDTH, 740).await;
    let page = Unscripted::begin(&browser, "", folder.path()).await;
    page.open_any(TELLING).await;
    assert_eq!(page.words().await, "as it came\nfor those without");
    page.switch_scripts(true).await;
    page.open_any(TELLING).await;
    assert_eq!(page.words().await, "changed", "the page would tell");
    page.switch_scripts(false).await;
    for (part, why) in PARTS {
        page.open_any(&format!("{PHONE}{part}")).await;
        let faults = page.faults(WIDTH).await;
        assert_eq!(faults.is_empty(), why.is_none(), "{part}: {faults}");
        assert!(faults.contains(why.unwrap_or_default()), "{part}: {faults}");
    }
    page.open_any(&format!("{PHONE}<hr width=500>")).await;
    let faults = page.faults(WIDTH).await;
    assert!(faults.contains("pixels wide"), "{faults}");
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_a_record_is_declared_queried_approved_and_a_file_goes_out_comes_in_and_is_taken_back() {
    let story = Story::begin();
    let served = Served::demo(&story);
    let browser = Browser::start(WIDTH, 740).await;
    let fetched = story.dir().join("fetched");
    std::fs::create_dir_all(&fetched).expect("a folder");
    let page = Unscripted::begin(&browser, &served.address, &fetched).await;
    let register = Declared::find(&story.package);
    let home = format!("/registers/{}", register.name);
    let roles = [register.enters.clone(), register.confirms.clone(), register.goes_on.clone()];
    let mut journey = Journey { page, served: &served, register, home, fetched, faults: String::new(), looks: 0 };

    journey.sign_in(&roles[0]).await;
    journey.go_to_list().await;
    journey.declare().await;
    journey.go_to_list().await;
    let first = journey.register.first.clone();
    journey.query(&first).await;
    let record = journey.open_record(BY_HAND).await;
    journey.correct(&record).await;
    let (confirming, label) = journey.register.confirming.clone();
    let confirm = format!("form:has(input[name=step][value={confirming}]) button");
    assert!(!journey.page.has(&confirm).await, "nobody approves what they entered");
    journey.page.sign_out().await;

    journey.sign_in(&roles[1]).await;
    journey.go_to_list().await;
    journey.query(&first).await;
    assert_eq!(journey.open_record(BY_HAND).await, record);
    journey.follow(&confirm).await;
    journey.page.find(".sw-note-good").await;
    for text in [&label, &journey.register.states[1]] {
        journey.read(text).await;
    }
    journey.search().await;
    journey.close_a_lead().await;
    journey.page.sign_out().await;

    journey.sign_in(&roles[2]).await;
    journey.switch_looks().await;
    journey.read_notice(&record).await;
    journey.go_on().await;
    journey.confirm_many(&first).await;
    assert!(journey.export("xlsx").await.starts_with(b"PK"), "a spreadsheet");
    let exported = journey.export("csv").await;
    let file = journey.one_more(exported, &record);
    journey.take_in(&file).await;
    journey.take_back().await;
    for address in MORE {
        journey.page.open(address).await;
        journey.look().await;
    }
    journey.page.open(&record).await;
    let print = "打印";
    assert!(!journey.page.words().await.contains(print), "printing is offered by a script only");
    journey.page.switch_scripts(true).await;
    journey.page.open(&record).await;
    journey.read(print).await;
    assert!(journey.looks > 40 && journey.faults.is_empty(), "{}", journey.faults);
    browser.stop().await;
}
