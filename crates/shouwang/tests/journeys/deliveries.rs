//! Deliveries of departments: what a corrected, a partial, a much shorter and a withdrawn one do to what is in force.

use crate::harness::{DAY, REGION, Story, files, text};
use crate::served::{Served, between};
use serde_json::Value;
use std::time::Duration;

/// A person of the made-up county.
struct Person {
    identity: String,
    township: String,
}

/// An installation with a register, and its people.
fn begin(seed: u32) -> (Story, Vec<Person>) {
    let story = Story::begin();
    let sample = story.sample("sample", 120, seed, &["--clean", "--format", "csv"]);
    story.init();
    let mut people = Vec::new();
    for (dataset, file) in
        files(&sample).into_iter().filter(|(dataset, _)| dataset == "household" || dataset == "resident")
    {
        story.import(&dataset, &file);
        if dataset == "resident" {
            let bytes = std::fs::read(&file).expect("the sample can be read");
            people.extend(String::from_utf8_lossy(&bytes).lines().filter_map(person));
        }
    }
    (story, people)
}

/// Identity and township of a line: the cells that look like them.
fn person(line: &str) -> Option<Person> {
    let digits = |cell: &&str| cell.chars().all(|letter| letter.is_ascii_digit());
    let household = line.split(',').find(|cell| cell.len() == 16 && cell.starts_with(REGION) && digits(cell))?;
    let is_identity = |cell: &&str| cell.len() == 18 && digits(&&cell[..17]);
    let identity = line.split(',').find(is_identity)?.to_owned();
    Some(Person { identity, township: household[..9].to_owned() })
}

impl Story {
    /// A file of that name and content.
    fn file(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("writable");
        text(&path)
    }

    fn take(&self, dataset: &str, file: &str, more: &[&str]) -> Value {
        let dir = text(&self.dir());
        self.run(&[&["import", "--dir", &dir, dataset, file], more].concat())[0].clone()
    }

    fn refuses(&self, dataset: &str, file: &str, more: &[&str]) -> String {
        let dir = text(&self.dir());
        self.refused(&[&["import", "--dir", &dir, dataset, file], more].concat())
    }

    fn undo(&self, report: &Value) -> Value {
        let import = report["import"].as_str().expect("an import has a name");
        self.run(&["undo", "--dir", &text(&self.dir()), import])
    }

    /// Rows and name of the file that is in force.
    fn in_force(&self, dataset: &str) -> (u64, String) {
        let path = self.dir().join("lake").join(dataset).join(REGION).join("in_force.json");
        let Ok(bytes) = std::fs::read(path) else { return (0, String::new()) };
        let in_force: Value = serde_json::from_slice(&bytes).expect("JSON");
        (in_force["rows"].as_u64().expect("a number"), in_force["file"].as_str().expect("a name").to_owned())
    }
}

/// Rows that came, read otherwise, went, and stayed.
fn counts(report: &Value) -> [u64; 4] {
    let summary = &report["summary"];
    ["rows_added", "rows_changed", "rows_removed", "rows_unchanged"]
        .map(|name| summary[name].as_u64().expect("a number"))
}

/// Payments of temporary aid: person, yuan and day.
fn aid(rows: &[(&Person, u32, &str)]) -> String {
    let mut file = "身份证号,救助类型,救助金额,发放日期\n".to_owned();
    for (person, yuan, day) in rows {
        file += &format!("{},急难型,{yuan},{day}\n", person.identity);
    }
    file
}

fn pension(people: &[&Person]) -> String {
    let rows: Vec<String> = people.iter().map(|person| format!("{},正常缴费\n", person.identity)).collect();
    format!("身份证号,参保状态\n{}", rows.concat())
}

#[test]
fn a_corrected_delivery_replaces_the_one_of_its_days_and_each_can_be_taken_back() {
    let (story, people) = begin(31);
    let dataset = "temporary_aid";
    let june = aid(&[
        (&people[0], 500, "2024-06-03"),
        (&people[1], 501, "2024-06-12"),
        (&people[2], 502, "2024-06-30"),
        (&people[3], 503, "2024-06-20"),
    ]);
    let first = story.take(dataset, &story.file("first.csv", &june), &[]);
    assert_eq!(counts(&first), [4, 0, 0, 0]);
    assert_eq!(first["summary"]["coverage"]["from"], "2024-06-01", "{first}");
    assert_eq!(first["summary"]["coverage"]["to"], "2024-06-30", "{first}");
    let of_first = story.in_force(dataset);
    let resaved = story.take(dataset, &story.file("again.csv", &june.replace(',', "\t").replace('\n', "\r\n")), &[]);
    assert_eq!((counts(&resaved), story.in_force(dataset)), ([0, 0, 0, 4], of_first.clone()));
    // One day was wrong, one amount, and one payment was cancelled.
    let corrected =
        aid(&[(&people[0], 500, "2024-06-13"), (&people[1], 601, "2024-06-12"), (&people[2], 502, "2024-06-30")]);
    let corrected = story.take(dataset, &story.file("corrected.csv", &corrected), &[]);
    assert_eq!((counts(&corrected), story.in_force(dataset).0), ([1, 1, 2, 1], 3));
    let july = story.take(dataset, &story.file("july.csv", &aid(&[(&people[0], 700, "2024-07-01")])), &[]);
    assert_eq!((counts(&july), story.in_force(dataset).0), ([1, 0, 0, 3], 4));
    let undone = story.undo(&corrected);
    assert_eq!((&undone["changes"]["added"], &undone["changes"]["removed"]), (&2.into(), &1.into()), "{undone}");
    assert_eq!(story.in_force(dataset).0, 5);
    for (report, left) in [(&july, 4), (&first, 4), (&resaved, 0)] {
        story.undo(report);
        assert_eq!(story.in_force(dataset).0, left);
    }
    let import = july["import"].as_str().expect("a name");
    assert!(story.refused(&["undo", "--dir", &text(&story.dir()), import]).contains("已经撤销"));
    // Taken back, and handed in again.
    story.take(dataset, &story.file("first.csv", &june), &[]);
    assert_eq!(story.in_force(dataset), of_first);
    // A file of which no row can be read says nothing of those that are there.
    let shifted = june.replacen('\n', "\r", 1).replace('\n', ",x\n").replacen('\r', "\n", 1);
    let said = ["--from", "2024-06-01", "--to", "2024-06-30"];
    let asked = story.refuses(dataset, &story.file("shifted.csv", &shifted), &said);
    assert!(asked.contains("需要先确认"), "{asked}");
    assert_eq!(story.in_force(dataset), of_first);
}

#[test]
fn days_that_overlap_are_merged_and_days_that_do_not_fit_are_asked() {
    let (story, people) = begin(32);
    let dataset = "temporary_aid";
    let june = aid(&[(&people[0], 500, "2024-06-03"), (&people[1], 501, "2024-06-12")]);
    story.take(dataset, &story.file("one.csv", &june), &[]);
    let two_months = aid(&[(&people[1], 601, "2024-06-12"), (&people[2], 502, "2024-07-30")]);
    let merged = story.take(dataset, &story.file("two.csv", &two_months), &[]);
    assert_eq!(counts(&merged), [1, 1, 0, 1]);
    assert!(merged["summary"]["message"].as_str().expect("a text").contains("部分重叠"), "{merged}");
    // Said to cover all of both, it is the whole truth about them.
    let whole =
        story.take(dataset, &story.file("two.csv", &two_months), &["--from", "2024-06-01", "--to", "2024-07-31"]);
    assert_eq!(counts(&whole), [0, 0, 1, 2]);
    // A few more for June, and nothing goes.
    let more = story.take(dataset, &story.file("more.csv", &aid(&[(&people[3], 9, "2024-06-05")])), &["--partial"]);
    assert_eq!((counts(&more), &more["summary"]["coverage"]["is_partial"]), ([1, 0, 0, 2], &true.into()));
    let before = story.in_force(dataset);
    let said = story.refuses(dataset, &story.file("临时救助2024年5月.csv", &june), &[]);
    assert!(said.contains("2024-05-01至2024-05-31") && said.contains("--from 2024-06-01 --to 2024-06-30"), "{said}");
    let said = story.refuses(dataset, &story.file("one.csv", &june), &["--from", "2024-07-01", "--to", "2024-06-01"]);
    assert!(said.contains("起始日期晚于截止日期"), "{said}");
    for (place, why) in [("510104", "不在"), ("110101", "区划表里没有")] {
        let said = story.refuses(dataset, &story.file("one.csv", &june), &["--place", place]);
        assert!(said.contains(why) && said.contains(place), "{said}");
    }
    assert_eq!(story.in_force(dataset), before);
}

#[test]
fn a_list_asks_before_many_leave_it() {
    let (story, people) = begin(33);
    let dataset = "resident_pension";
    let listed: Vec<&Person> = people.iter().take(20).collect();
    story.take(dataset, &story.file("all.csv", &pension(&listed)), &[]);
    let of_all = story.in_force(dataset);
    // A fifth of twenty may leave unasked, and no more.
    let said = story.refuses(dataset, &story.file("few.csv", &pension(&listed[..15])), &[]);
    assert!(said.contains("20行中有5行") && said.contains("--replace") && said.contains("--partial"), "{said}");
    assert_eq!(story.in_force(dataset), of_all);
    let fewer = story.take(dataset, &story.file("fewer.csv", &pension(&listed[..16])), &[]);
    assert_eq!(counts(&fewer), [0, 0, 4, 16]);
    assert!(fewer["summary"]["message"].as_str().expect("a text").contains("20行中有4行"), "{fewer}");
    let added = story.take(dataset, &story.file("added.csv", &pension(&[&people[30]])), &["--partial"]);
    assert_eq!(counts(&added), [1, 0, 0, 16]);
    let few = story.take(dataset, &story.file("few.csv", &pension(&listed[..3])), &["--replace"]);
    assert_eq!(counts(&few), [0, 0, 14, 3]);
    for report in [&few, &added, &fewer] {
        story.undo(report);
    }
    assert_eq!(story.in_force(dataset), of_all);
}

#[test]
fn a_list_of_a_township_replaces_its_own_rows_only() {
    let (story, people) = begin(34);
    let dataset = "resident_pension";
    let town = people[0].township.clone();
    let (own, others) = people.iter().partition::<Vec<_>, _>(|person| person.township == town);
    assert!(own.len() >= 4 && others.len() >= 4, "the county has people in more than one township");
    let whole: Vec<&Person> = own.iter().take(4).chain(others.iter().take(4)).copied().collect();
    story.take(dataset, &story.file("county.csv", &pension(&whole)), &[]);
    let said = story.refuses(dataset, &story.file("town.csv", &pension(&own[..3])), &[]);
    assert!(said.contains(&format!("--place {town}000")), "{said}");
    let report = story.take(dataset, &story.file("town.csv", &pension(&own[..3])), &["--place", &town, "--replace"]);
    assert_eq!((counts(&report), story.in_force(dataset).0), ([0, 0, 1, 7], 7));
    // The next list of the same author is of the same place unless its rows say otherwise; then it is asked.
    let next = story.take(dataset, &story.file("next.csv", &pension(&own[..4])), &[]);
    assert_eq!(next["summary"]["coverage"]["place"], format!("{town}000"), "{next}");
    assert_eq!(counts(&next), [1, 0, 0, 7]);
    let said = story.refuses(dataset, &story.file("other.csv", &pension(&others[..4])), &[]);
    assert!(said.contains("4行所在的户不在那里") && said.contains("--place"), "{said}");
    let county =
        story.take(dataset, &story.file("other.csv", &pension(&others[..4])), &["--place", REGION, "--replace"]);
    assert_eq!(counts(&county), [0, 0, 4, 4]);
    story.undo(&county);
    assert_eq!(story.in_force(dataset).0, 8);
}

#[test]
fn the_same_file_of_another_day_is_another_delivery() {
    let (story, people) = begin(36);
    let dataset = "resident_pension";
    let listed: Vec<&Person> = people.iter().take(10).collect();
    let list = pension(&listed);
    let june = story.take(dataset, &story.file("list_2024-06-30.csv", &list), &[]);
    let september = story.take(dataset, &story.file("list_2024-09-30.csv", &list), &[]);
    assert_ne!(june["import"], september["import"]);
    let again = story.take(dataset, &story.file("once more_2024-09-30.csv", &list), &[]);
    assert_eq!(again["import"], september["import"], "the same file for the same day is the earlier one once more");
    story.undo(&september);
    assert_eq!(story.in_force(dataset).0, 10, "the list of June stands");
    // A list of an earlier day than one that is there says so.
    story.take(dataset, &story.file("nine_2024-08-31.csv", &pension(&listed[..9])), &[]);
    let older = story.take(dataset, &story.file("list_2024-07-31.csv", &list), &[]);
    let told = older["summary"]["message"].as_str().expect("a text");
    assert!(told.contains("已有2024-08-31的名单") && told.contains("10行因此没有生效"), "{told}");
    assert_eq!(story.in_force(dataset).0, 9);
    // A day that has not come is a slip.
    let said = story.refuses(dataset, &story.file("list_2142-09-30.csv", &list), &[]);
    assert!(said.contains("2142-09-30晚于今天") && said.contains("请核对文件名和所写的报送日期"), "{said}");
    let said = story.refuses(dataset, &story.file("list.csv", &list), &["--from", "2024-12-01", "--to", "2024-11-01"]);
    assert!(said.contains("起始日期晚于截止日期"), "{said}");
    let named = story.take(dataset, &story.file("养老保险2024年10月.csv", &list), &[]);
    assert_eq!(named["summary"]["coverage"]["to"], "2024-10-31", "{named}");
    assert!(named["summary"]["message"].as_str().expect("a text").contains("按2024-10-31的名单收下"), "{named}");
}

#[test]
fn whoever_is_on_a_list_with_a_fault_does_not_leave_it() {
    let (story, people) = begin(37);
    let dataset = "resident_pension";
    let listed: Vec<&Person> = people.iter().take(20).collect();
    let list = pension(&listed);
    story.take(dataset, &story.file("list_2024-11-30.csv", &list), &[]);
    // Of ten nobody knows the state, one has a broken number, one is not on the list.
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    lines[1..=10].iter_mut().for_each(|line| *line = line.replace("正常缴费", "正常激费"));
    lines[11] = "12345,正常缴费".to_owned();
    lines.remove(12);
    let next = story.take(dataset, &story.file("list_2024-12-31.csv", &(lines.join("\n") + "\n")), &[]);
    assert_eq!((counts(&next), story.in_force(dataset).0), ([0, 0, 2, 18], 18));
    let told = next["summary"]["message"].as_str().expect("a text");
    for part in ["20行中有2行不在本次名单内", "沿用原有的10行", "另有1行因错误或未匹配未采用,可能就是其中的人"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    // The next list speaks of them again.
    let last = story.take(dataset, &story.file("list_2025-01-31.csv", &pension(&listed[..18])), &[]);
    assert_eq!(story.in_force(dataset).0, 18);
    story.undo(&next);
    assert_eq!(story.in_force(dataset).0, 18);
    story.undo(&last);
    assert_eq!(story.in_force(dataset).0, 20);
}

#[test]
fn a_list_of_another_place_than_was_said_is_asked_about_its_place() {
    let (story, people) = begin(38);
    let dataset = "resident_pension";
    let town = people[0].township.clone();
    let (own, others) = people.iter().partition::<Vec<_>, _>(|person| person.township == town);
    let other = others[0].township.clone();
    let others: Vec<&Person> = others.into_iter().filter(|person| person.township == other).take(4).collect();
    story.take(dataset, &story.file("own.csv", &pension(&own[..4])), &["--place", &town]);
    let said = story.refuses(dataset, &story.file("other.csv", &pension(&others)), &["--place", &town]);
    let (rows, place) = (others.len(), format!("--place {other}000"));
    assert!(said.contains(&format!("有{rows}行所在的户不在那里")) && said.contains(&place), "{said}");
    assert!(said.contains(&format!("未匹配 {rows} 行")) && said.contains("未匹配清单"), "{said}");
    // A question about leavers names no place that was said already.
    let said = story.refuses(dataset, &story.file("few.csv", &pension(&own[..1])), &["--place", &town]);
    assert!(said.contains("4行中有3行") && !said.contains("例如"), "{said}");
    assert_eq!(story.in_force(dataset).0, 4);
}

/// What a page shows of a finished job: the address of the receipt.
fn receipt(served: &Served, job: &str) -> String {
    for _ in 0..600 {
        let state = served.get(&format!("{job}/state")).text();
        if let Some(id) = between(&state, "href=\"/imports/", "\"") {
            return format!("/imports/{id}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{job} does not end");
}

#[test]
fn the_page_asks_shows_who_leaves_and_takes_back() {
    let (story, people) = begin(35);
    let dataset = "resident_pension";
    let listed: Vec<&Person> = people.iter().take(20).collect();
    let served = Served::begin(&story);
    let token =
        between(&served.get("/import").text(), "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
    let hand_in = |name: &str, people: &[&Person]| {
        let path = story.path(name);
        std::fs::write(&path, pension(people)).expect("writable");
        let fields = [("form_token", token.as_str()), ("dataset", dataset), ("day", DAY), ("place", ""), ("from", "")];
        receipt(&served, &served.upload("/import", &fields, &path).header("location"))
    };
    hand_in("all.csv", &listed);
    let of_all = story.in_force(dataset);
    assert_eq!(of_all.0, 20);
    let asked = hand_in("few.csv", &listed[..3]);
    let page = served.get(&asked).text();
    assert!(page.contains("20行中有17行") && page.contains(&format!("{asked}/answer")), "{page}");
    assert!(!page.contains("收下行数") && !page.contains("不变"), "nothing was taken and nothing changed: {page}");
    let leavers = served.get(&format!("{asked}/leavers")).text();
    assert_eq!(leavers.matches("href=\"/households/").count(), 17, "{leavers}");
    assert!(people.iter().all(|person| !leavers.contains(&person.identity)), "names, no numbers");
    assert_eq!(story.in_force(dataset), of_all, "nothing is changed until the answer");
    let answer = |fields: &[(&str, &str)]| {
        let fields = [&[("form_token", token.as_str())], fields].concat();
        receipt(&served, &served.post(&format!("{asked}/answer"), &fields).header("location"))
    };
    let confirmed = |page: &str| between(page, "name=\"confirm\" value=\"", "\"").expect("a button").to_owned();
    let shown = confirmed(&page);
    // What was shown is not what would go now: it is asked again.
    let added = story.take(dataset, &story.file("more.csv", &pension(&[&people[30]])), &["--partial", "--day", DAY]);
    assert_eq!(answer(&[("confirm", &shown)]), asked);
    let page = served.get(&asked).text();
    assert!(page.contains("数据又有变动") && page.contains("21行中有18行"), "{page}");
    assert_eq!(story.in_force(dataset).0, 21);
    story.undo(&added);
    assert_eq!(story.in_force(dataset), of_all);
    assert_eq!(answer(&[("confirm", &shown)]), asked);
    assert_eq!(story.in_force(dataset).0, 3);
    let page = served.get(&asked).text();
    assert!(page.contains("已收下") && !page.contains("/answer"), "{page}");
    // Somebody who may not hand in cannot answer in another's place.
    let other = served.also(&story, "wang", "village_cadre", &format!("{}200", people[0].township));
    assert!(!other.get(&format!("{asked}/leavers")).head().starts_with("HTTP/1.0 200"), "it is not theirs");
    let undo = served.post(&format!("{asked}/undo"), &[("form_token", &token)]).header("location");
    assert_eq!(receipt(&served, &undo), asked);
    assert_eq!(story.in_force(dataset), of_all);
    assert!(served.get(&asked).text().contains("已撤销"));
}
