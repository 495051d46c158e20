//! Lists of records: searched, in order, page by page, in chosen columns, taken away.

use crate::browser::{Answer, Browser};
use crate::gardens::{Gardens, LIST, day, decimal, text};
use axum::http::StatusCode;
use model::{Fen, Value, Version};
use std::collections::BTreeSet;
use store::{Command, RecordQuery};

/// The ids of the records on a page, in their order.
pub fn ids(page: &Answer) -> Vec<String> {
    let links = page.text.split("href=\"/registers/garden/records/").skip(1);
    let ids = links.filter_map(|rest| rest.split('"').next());
    let mut ids: Vec<String> = ids.filter(|id| id.len() == 16).map(str::to_owned).collect();
    // The first cell and the last one lead to the same record.
    ids.dedup();
    ids
}

/// The garden numbers on a page, in their order: the first cell of each row.
fn numbers(page: &Answer) -> Vec<String> {
    let cells = page.text.split("<td data-label=\"园子编号\">").skip(1);
    let link = |cell: &str| Some(cell.split_once('>')?.1.split_once("</a>")?.0.to_owned());
    cells.filter_map(|rest| rest.split("</td>").next()).filter_map(link).collect()
}

/// The address of the next page.
fn next(page: &Answer) -> Option<String> {
    let (before, _) = page.text.split_once("\" rel=\"next\"")?;
    Some(before.rsplit_once("href=\"")?.1.replace("&#38;", "&").replace("&amp;", "&"))
}

async fn searched(browser: &Browser, fields: &[(&str, &str)]) -> (String, Answer) {
    let token = browser.get(LIST).await.hidden("form_token");
    let answer = browser.post("/registers/garden/search", &token, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{fields:?}");
    let address = answer.header("location").to_owned();
    let page = browser.get(&address).await;
    (address, page)
}

fn plant(world: &Gardens) {
    let fen = |fen| Value::Fen(Fen(fen));
    type Made = (&'static str, &'static str, Vec<(&'static str, Value)>);
    let made: [Made; 5] = [
        (
            "G1",
            "2026-11-12",
            vec![("area_mu", decimal("4.99")), ("planted_on", day("2024-05-31")), ("crops", text("apple,tea"))],
        ),
        (
            "G2",
            "2026-11-13",
            vec![("area_mu", decimal("5")), ("planted_on", day("2024-06-01")), ("crops", text("pear"))],
        ),
        (
            "G3",
            "2026-11-20",
            vec![("area_mu", decimal("5.01")), ("keeper_name", text("阿依古丽")), ("worth_fen", fen(100_000))],
        ),
        (
            "G4",
            "2026-11-20",
            vec![("kind_code", text("tea")), ("keeper_name", text("木果")), ("keeper_phone", text("13812345678"))],
        ),
        ("G5", "2026-11-20", vec![("region_code", text("990101100202")), ("planted_on", day("2024-06-02"))]),
    ];
    for (number, on, more) in made {
        world.garden(number, on, &more);
    }
    let id = world.garden("G6", "2026-11-20", &[]);
    world.apply(
        "clerk",
        "2026-11-21",
        Command::Withdraw { register: "garden".into(), id, version: Version(1), why: "重复".into() },
    );
}

#[tokio::test]
async fn searches_keep_both_sides_of_their_boundaries() {
    let world = Gardens::new();
    plant(&world);
    let browser = world.browser("clerk");
    type Searched = (&'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: [Searched; 15] = [
        (&[], &["G1", "G2", "G3", "G4", "G5"]),
        (&[("from-area_mu", "5")], &["G2", "G3"]),
        (&[("to-area_mu", "5.00")], &["G1", "G2"]),
        (&[("from-area_mu", "4.995"), ("to-area_mu", "5")], &["G2"]),
        (&[("from-planted_on", "2024-06-01")], &["G2", "G5"]),
        (&[("to-planted_on", "2024-06-01")], &["G1", "G2"]),
        (&[("is-kind_code", "tea")], &["G4"]),
        (&[("is-crops", "tea")], &["G1"]),
        (&[("begins-keeper_name", "阿依")], &["G1", "G2", "G3", "G5"]),
        (&[("begins-keeper_name", "阿依古")], &["G3"]),
        (&[("is-keeper_phone", "138 1234 5678")], &["G4"]),
        (&[("is-keeper_phone", "13812345679")], &[]),
        (&[("region", "990101100202")], &["G5"]),
        (&[("overdue", "1")], &["G1"]),
        (&[("withdrawn", "1")], &["G6"]),
    ];
    for (fields, expected) in cases {
        let (address, page) = searched(&browser, fields).await;
        assert_eq!(numbers(&page), expected, "{fields:?}");
        let total = format!("共 {} 条记录", expected.len());
        assert!(page.visible().contains(&total), "{address}: {total}");
    }
    let (_, page) = searched(&browser, &[("state", "public")]).await;
    assert!(page.visible().contains("没有符合条件的记录"), "an empty list says what to do");
}

#[tokio::test]
async fn names_and_numbers_of_people_never_stand_in_an_address() {
    let world = Gardens::new();
    plant(&world);
    let browser = world.browser("clerk");
    for (input, secret) in
        [("begins-keeper_name", "阿依"), ("is-keeper_phone", "13812345678"), ("from-area_mu", "阿依")]
    {
        let (address, page) = searched(&browser, &[(input, secret), ("is-kind_code", "fruit")]).await;
        assert!(address.starts_with(&format!("{LIST}?search=")), "{address}");
        let escaped = web_escaped(secret);
        for attribute in page.text.split("href=\"").skip(1).chain(page.text.split("action=\"").skip(1)) {
            let link = attribute.split('"').next().unwrap_or_default();
            assert!(!link.contains(secret) && !link.contains(&escaped), "{input}: {link}");
        }
        assert!(page.text.contains(&format!("value=\"{secret}\"")), "the form is filled again");
        let stranger = world.browser("second").get(&address).await;
        assert_eq!(stranger.status, StatusCode::CONFLICT, "a token is for one account");
        assert!(!stranger.text.contains(secret));
    }
    let (plain, _) = searched(&browser, &[("is-kind_code", "fruit"), ("from-area_mu", "5")]).await;
    assert_eq!(plain, format!("{LIST}?from-area_mu=5&is-kind_code=fruit"), "what names nobody is a plain address");
    let ignored = browser.get(&format!("{LIST}?begins-keeper_name=x&is-keeper_phone=1")).await;
    assert_eq!(numbers(&ignored).len(), 5, "a name in an address is not read");
}

fn web_escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[tokio::test]
async fn what_does_not_fit_is_told_at_its_input_and_lists_nothing() {
    let world = Gardens::new();
    plant(&world);
    let browser = world.browser("clerk");
    let (_, page) = searched(&browser, &[("from-area_mu", "约五亩")]).await;
    assert!(page.text.contains("<a href=\"#from-area_mu\">"), "the summary leads to the input");
    assert!(
        page.text.contains("aria-describedby=\"from-area_mu-fault\"")
            && page.text.contains("id=\"from-area_mu-fault\"")
    );
    assert!(numbers(&page).is_empty() && page.visible().contains("现在没有列出记录"));
    let token = page.hidden("form_token");
    let kept = page.hidden("search");
    let answer = browser.post("/registers/garden/export", &token, &[("search", &kept), ("format", "xlsx")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "what is not listed is not exported either");
    assert!(answer.visible().contains("没有导出"), "{}", answer.visible());
    assert!(world.store.claim_job(1, 1000).expect("a store").is_none());
}

#[tokio::test]
async fn the_first_cell_of_a_record_opens_it() {
    let world = Gardens::new();
    plant(&world);
    let page = world.browser("clerk").get(LIST).await;
    let rows: Vec<&str> = page.text.split("<tr>").skip(2).filter_map(|row| row.split("</tr>").next()).collect();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let links: Vec<&str> = row.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(links.len(), 2, "{row}");
        assert!(links[0] == links[1] && links[0].starts_with(&format!("{LIST}/")), "{links:?}");
    }
}

#[tokio::test]
async fn a_list_is_exported_in_the_format_that_its_button_says() {
    let world = Gardens::new();
    plant(&world);
    let browser = world.browser("clerk");
    let page = browser.get(LIST).await;
    for format in ["xlsx", "csv"] {
        assert!(page.text.contains(&format!("name=\"format\" value=\"{format}\"")), "{format}");
        let token = page.hidden("form_token");
        browser.post("/registers/garden/export", &token, &[("format", format)]).await;
        let job = world.store.claim_job(1, 1000).expect("a store").expect("a job");
        assert_eq!(job.payload["format"], format);
    }
}

#[tokio::test]
async fn pages_give_every_record_once_in_each_order() {
    let world = Gardens::new();
    // Every third value is unknown and many are the same, so that orders have ties and gaps.
    let gardens = (0..120_u32).map(|index| {
        let known = index % 3 != 0;
        let area = if known { decimal(&(index % 7).to_string()) } else { Value::Null };
        let planted = if known { day(&format!("2024-05-{:02}", index % 28 + 1)) } else { Value::Null };
        let name = if known { text(["阿依", "木果", "李强"][index as usize % 3]) } else { Value::Null };
        (format!("G{index:03}"), vec![("area_mu", area), ("planted_on", planted), ("keeper_name", name)])
    });
    world.import(gardens);
    let browser = world.browser("clerk");
    let mut orders = vec![String::new()];
    for field in ["garden_no", "area_mu", "worth_fen", "planted_on", "keeper_name"] {
        orders.extend([format!("sort={field}"), format!("sort={field}&desc=1")]);
    }
    for order in orders {
        let mut seen = Vec::new();
        let mut address = Some(format!("{LIST}?{order}"));
        while let Some(path) = address {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            seen.extend(ids(&page));
            assert!(!path.contains("阿依") && !path.contains(&web_escaped("阿依")), "{path}");
            address = next(&page);
        }
        let once: BTreeSet<&String> = seen.iter().collect();
        assert_eq!((seen.len(), once.len()), (120, 120), "{order}");
    }
    let page = browser.get(&format!("{LIST}?sort=area_mu&desc=1")).await;
    assert!(page.text.contains("aria-sort=\"descending\"") && page.visible().contains("降序"));
    let largest =
        page.text.split("<td data-label=\"面积\" class=\"sw-number\">").nth(1).and_then(|rest| rest.split('<').next());
    assert_eq!(largest, Some("6 亩"), "the largest first, with its unit");
}

#[tokio::test]
async fn what_is_not_declared_is_refused_with_the_reason() {
    let world = Gardens::new();
    let browser = world.browser("clerk");
    for query in ["sort=minutes", "sort=nothing", "sort=keeper_phone", "after=00", "after=zz", "search=0000"] {
        let page = browser.get(&format!("{LIST}?{query}")).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{query}");
    }
    let page = browser.get(&format!("{LIST}?sort=minutes")).await;
    assert!(page.visible().contains("《园子台账》不能按“评议记录”排序"), "{}", page.visible());
    let token = browser.get(LIST).await.hidden("form_token");
    let page = browser.post("/registers/garden/columns", &token, &[("column-colour", "1")]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(browser.get("/registers/colour/records").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_county_and_another_department_see_nothing() {
    let world = Gardens::new();
    plant(&world);
    for (account, status) in [("other", StatusCode::OK), ("officer", StatusCode::NOT_FOUND)] {
        let browser = world.browser(account);
        for query in ["", "?withdrawn=1", "?region=990101100201", "?overdue=1", "?sort=area_mu"] {
            let page = browser.get(&format!("{LIST}{query}")).await;
            assert_eq!((page.status, ids(&page).len()), (status, 0), "{account} {query}");
            assert!(!page.text.contains("阿依"), "{account} {query}");
        }
    }
}

#[tokio::test]
async fn columns_are_kept_for_their_reader_and_can_be_given_back() {
    let world = Gardens::new();
    plant(&world);
    let browser = world.browser("clerk");
    let token = browser.get(LIST).await.hidden("form_token");
    let headings = |page: &Answer| -> Vec<String> {
        let row = page.text.split("data-label=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut seen = BTreeSet::new();
        row.filter(|label| !label.is_empty() && seen.insert((*label).to_owned())).map(str::to_owned).collect()
    };
    let own = ["园子编号", "看管人", "类别", "面积", "价值", "乡镇 / 村", "状态", "剩余"];
    assert_eq!(headings(&browser.get(LIST).await).len(), own.len());
    let back = format!("{LIST}?is-kind_code=fruit");
    let ticked =
        [("column-crops", "1"), ("column-garden_no", "1"), ("column-region_code", "1"), ("back", back.as_str())];
    let answer = browser.post("/registers/garden/columns", &token, &ticked).await;
    assert_eq!(answer.header("location"), back);
    let page = browser.get(LIST).await;
    assert_eq!(headings(&page), ["园子编号", "村", "作物", "状态", "剩余"]);
    assert!(page.visible().contains("苹果、茶") && page.visible().contains("大石村"), "codes and places by name");
    let second = world.browser("second").get(LIST).await;
    assert_eq!(headings(&second).len(), own.len(), "of one reader only");
    browser.post("/registers/garden/columns", &token, &[("reset", "1"), ("column-crops", "1")]).await;
    assert_eq!(headings(&browser.get(LIST).await).len(), own.len());
    let elsewhere = browser.post("/registers/garden/columns", &token, &[("back", "https://elsewhere.example/")]).await;
    assert_eq!(elsewhere.header("location"), "/");
}

#[tokio::test]
async fn an_export_asks_for_exactly_what_is_seen_and_names_nobody_in_its_job() {
    let world = Gardens::new();
    plant(&world);
    let browser = world.browser("clerk");
    let (_, page) = searched(&browser, &[("begins-keeper_name", "阿依古"), ("sort", "area_mu"), ("desc", "1")]).await;
    let (token, search) = (page.hidden("form_token"), page.hidden("search"));
    let fields = [("search", search.as_str()), ("sort", "area_mu"), ("desc", "1"), ("format", "xlsx")];
    let answer = browser.post("/registers/garden/export", &token, &fields).await;
    let job = world.store.claim_job(1, 1000).expect("a store").expect("a job");
    assert_eq!((job.kind.as_str(), answer.header("location")), ("export", format!("/jobs/{}", job.id).as_str()));
    assert!(!job.payload.to_string().contains("阿依"), "{}", job.payload);
    let order: web::jobs::ExportOrder = serde_json::from_value(job.payload).expect("an order");
    let records = order.records.expect("records of a register");
    let view = world.store.view(&world.actor("clerk"));
    let today = crate::fixture::today();
    let filter = records.filter_now(&view, &world.package.registers["garden"], today);
    let filter = filter.expect("a store").expect("the search is kept");
    let mut seen = Vec::new();
    let given = view.export_records(
        "garden",
        RecordQuery { filter: &filter, order: records.order.as_ref(), columns: &records.columns },
        &mut |row| {
            seen.push(row.cells[0].clone());
            Ok(())
        },
    );
    assert_eq!((given.expect("exports"), seen), (1, vec![text("G3")]));
    assert_eq!(records.columns, world.package.registers["garden"].list.columns);
    let line = web::filter_text(&world.package, words::Language::CHINESE, "garden", &filter);
    assert!(line.contains("看管人") && !line.contains("阿依古"), "the first line of the file: {line}");
    for (account, status) in
        [("analyst", StatusCode::FORBIDDEN), ("cadre", StatusCode::FORBIDDEN), ("officer", StatusCode::NOT_FOUND)]
    {
        let browser = world.browser(account);
        let token = browser.get("/").await.hidden("form_token");
        assert_eq!(browser.post("/registers/garden/export", &token, &[]).await.status, status, "{account}");
    }
}
