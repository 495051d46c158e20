//! A filtered list goes to a file: page, export job, file, row by row.

use crate::harness::{DAY, Story};
use crate::served::{Served, between, form};
use exchange::{NoPlaces, Options, Shape};
use policy::declare::Column;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

/// Where the records of leads are taken away.
const EXPORT: &str = "/registers/lead/export";

/// All rows that the page shows under the filter, page after page: lead, why, state; and what its form asks the register for.
fn shown(served: &Served, filter: &[(&str, &str)], token: &str) -> (Vec<[String; 3]>, Vec<(String, String)>) {
    let is_search = filter.iter().any(|(name, _)| *name == "text");
    let owned: Vec<_> = filter.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut page = match is_search {
        true => served.post("/leads", &[filter, &[("form_token", token)]].concat()).text(),
        false => served.get(&format!("/leads?{}", form(&owned))).text(),
    };
    let (mut rows, asked) = (rows(&page), export_form(&page));
    loop {
        let next = between(&page, "rel=\"next\"", ">").and(page.split("<a class=\"sw-button\" href=\"").last());
        let after = page.split("<button class=\"sw-button\" name=\"after\" value=\"").last();
        let after = after.and_then(|rest| rest.split('"').next()).filter(|after| is_search && is_cursor(after));
        page = match (after, next.and_then(|rest| rest.split('"').next())) {
            (Some(after), _) => {
                served.post("/leads", &[filter, &[("form_token", token), ("after", after)]].concat()).text()
            }
            (None, Some(address)) => served.get(&address.replace("&#38;", "&").replace("&amp;", "&")).text(),
            (None, None) => return (rows, asked),
        };
        rows.extend(self::rows(&page));
    }
}

/// The inputs of the form that takes the list away, as its page has them.
fn export_form(page: &str) -> Vec<(String, String)> {
    let form = between(page, &format!("action=\"{EXPORT}\""), "</form>").expect("a form");
    let input =
        |input: &str| Some((between(input, "name=\"", "\"")?.to_owned(), between(input, "value=\"", "\"")?.to_owned()));
    form.split("<input type=\"hidden\"").skip(1).filter_map(input).collect()
}

/// Where a further page begins, as buttons name it.
fn is_cursor(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Rows of the table of leads.
fn rows(page: &str) -> Vec<[String; 3]> {
    let row = |row: &str| -> Option<[String; 3]> {
        let id = between(row, "href=\"/leads/", "\"")?;
        let cell = |label: &str| {
            let cell = between(row, &format!("data-label=\"{label}\"><span>"), "</span>").expect("a cell");
            cell.split("<small").next().unwrap_or_default().to_owned()
        };
        Some([id.to_owned(), cell("为什么被发现"), cell("状态")])
    };
    let table = between(page, "<table class=\"sw-table sw-stacks\" data-keys>", "</table>").unwrap_or_default();
    table.split("<tr>").filter_map(row).collect()
}

#[derive(serde::Deserialize)]
struct Columns {
    column: Vec<Column>,
}

/// The same columns of an exported file, read as any file is.
fn read(path: &Path) -> Vec<[String; 3]> {
    let columns: Vec<String> = ["线索编号", "首要原因", "办理状态"]
        .iter()
        .enumerate()
        .map(|(at, label)| {
            format!("[[column]]\nname = \"c{at}\"\nlabel = \"{label}\"\nlabel_en = \"{at}\"\nkind = \"text\"")
        })
        .collect();
    let Columns { column } = toml::from_str(&columns.join("\n")).expect("columns");
    let codes = BTreeMap::new();
    let shape = Shape {
        name: "leads",
        label: "线索",
        label_en: "",
        columns: &column,
        key: &[],
        identity: None,
        household: None,
        tests: Vec::new(),
        codes: &codes,
        delivery_day: DAY.parse().expect("a day"),
        places: &NoPlaces,
    };
    let mut rows = Vec::new();
    let summary = exchange::read(path, &shape, &Options::default(), &mut |chunk| {
        assert!(chunk.faults.is_empty(), "{:?}", chunk.faults);
        rows.extend(chunk.rows.into_iter().map(|row| [0, 1, 2].map(|at| row.cells[at].to_string())));
        ControlFlow::Continue(())
    });
    summary.unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
    rows
}

#[test]
fn an_exported_list_holds_exactly_the_rows_that_its_page_shows() {
    let story = Story::begin();
    let sample = story.sample("sample", 1_400, 11, &["--format", "csv"]);
    story.init();
    story.import_all(&sample);
    story.screen();
    let served = Served::begin(&story);
    let page = served.get("/leads").text();
    let token = between(&page, "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
    let leads = story.leads();
    let of_first = |name: &str| leads[0][name].as_str().expect("a text").to_owned();
    let (risk, number) = (of_first("risk"), leads[0]["household_no"].to_string());
    let region = format!("{}000", &of_first("region")[..9]);
    let reason = story.explain(&leads[0])["reasons"][0]["rule"].as_str().expect("a rule").to_owned();
    let head = between(&page, "<tr>", "</tr>").and_then(|_| between(&page, "data-label=\"户主\"><span>", "<"));
    let head = head.expect("a head of household").to_owned();
    let filters: [&[(&str, &str)]; 8] = [
        &[],
        &[("risk", &risk)],
        &[("region", &region), ("state", "all")],
        &[("rule", &reason)],
        &[("text", &head)],
        &[("text", &number), ("risk", &risk)],
        &[("text", &head[..3])],
        &[("state", "overdue")],
    ];
    let mut counts = Vec::new();
    for filter in filters {
        let (shown, asked) = shown(&served, filter, &token);
        let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for format in ["csv", "xlsx"] {
            if shown.is_empty() {
                continue;
            }
            let exported = read(&served.exported(&story, EXPORT, &asked, format));
            assert_eq!(exported, shown, "{filter:?} as {format}");
        }
        counts.push(shown.len());
    }
    let [all, by_risk, by_place, by_rule, by_head, by_number, by_family_name, _] = counts[..] else {
        panic!("{counts:?}")
    };
    assert_eq!(all, leads.len(), "every page was turned");
    for part in [by_risk, by_place, by_rule, by_head, by_family_name] {
        assert!(0 < part && part < all, "{counts:?}");
    }
    assert_eq!(by_number, 1);
    assert!(by_family_name > 50, "a search goes on over several pages: {counts:?}");
}
