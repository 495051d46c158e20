//! What others did: told to each person, once.

use crate::browser::{Answer, Browser};
use crate::valley::{Valley, text};
use axum::http::StatusCode;
use model::Version;
use store::Command;

/// The number beside the menu's line; nothing where all is read.
fn badge(page: &Answer) -> Option<String> {
    let (_, line) = page.text.split_once("<li><a href=\"/notices\"")?;
    let line = line.split("</li>").next()?;
    let digits: String =
        line.split_once("</a>").map_or(line, |(line, _)| line).chars().filter(char::is_ascii_digit).collect();
    Some(digits).filter(|digits| !digits.is_empty())
}

async fn mark(browser: &Browser, page: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.get(page).await.hidden("form_token");
    browser.post("/notices/read", &token, fields).await
}

#[tokio::test]
async fn each_person_marks_what_they_have_read_one_or_all() {
    let valley = Valley::new();
    let publish = |id: &str| {
        let fields = vec![("minutes".to_owned(), text("会议通过"))];
        let (register, step) = ("garden".to_owned(), "publish".to_owned());
        Command::TakeStep { register, id: id.to_owned(), version: Some(Version(1)), step, fields }
    };
    let ids = ["G1", "G2", "G3"].map(|number| valley.garden(number, "2026-11-20", &[]));
    for id in &ids {
        valley.apply("clerk", "2026-11-22", publish(id));
    }
    let (county, colleague) = (valley.browser("county"), valley.browser("county2"));
    let dashboard = county.get("/").await;
    assert_eq!(badge(&dashboard).as_deref(), Some("3"));
    assert!(
        dashboard.visible().contains("王干部·clerk于") && dashboard.visible().contains("G3"),
        "{}",
        dashboard.visible()
    );
    let newest = format!("/registers/garden/records/{}", ids[2]);
    assert!(dashboard.text.contains(&format!("href=\"{newest}\"")), "it leads to the record");
    assert_eq!(county.get(&newest).await.status, StatusCode::OK);
    let notice = dashboard.hidden("notice");
    let marked = mark(&county, "/", &[("notice", &notice), ("next", "/")]).await;
    assert_eq!((marked.status, marked.header("location")), (StatusCode::SEE_OTHER, "/"));
    let dashboard = county.get("/").await;
    assert!(
        badge(&dashboard).as_deref() == Some("2") && !dashboard.visible().contains("G3"),
        "{}",
        dashboard.visible()
    );
    let list = county.get("/notices").await;
    assert!(list.visible().contains("2 条未读") && list.visible().contains("G3") && list.visible().contains("已读"));
    assert_eq!(badge(&colleague.get("/notices").await).as_deref(), Some("3"), "the colleague has read none");
    assert_eq!(mark(&colleague, "/notices", &[("notice", &notice)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(badge(&colleague.get("/notices").await).as_deref(), Some("3"), "a mark is of one account");
    assert_eq!(mark(&county, "/notices", &[]).await.header("location"), "/notices");
    let after = county.get("/notices").await;
    assert_eq!((badge(&after), after.visible().contains("没有未读的提醒")), (None, true));
    assert!(county.get("/").await.visible().contains("没有未读的提醒"));
    let elsewhere = mark(&county, "/notices", &[("next", "//example.org/")]).await;
    assert_eq!(elsewhere.header("location"), "/", "it never leads away from the site");
    let forged = county.post("/notices/read", "wrong", &[]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    for account in ["clerk", "cadre"] {
        let page = valley.browser(account).get("/notices").await;
        assert!(badge(&page).is_none() && !page.visible().contains("G1"), "{account} took the step, or waits for none");
    }
}
