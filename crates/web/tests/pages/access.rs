//! Who gets in, and where.

use crate::browser::Browser;
use crate::fixture::{HEADS, PASSWORD, World};
use axum::http::StatusCode;

/// Every page that is asked for with GET; a new route belongs here.
pub fn pages(world: &World) -> Vec<String> {
    let rule = world.package.rules.keys().next().expect("a rule");
    let quality = world.package.rules.iter().find(|(_, rule)| rule.kind == policy::declare::RuleKind::Quality);
    let import = world.store.view(&store::system_actor(world.package.head.region)).imports(None, 1).expect("imports");
    let kept =
        || world.package.registers.iter().filter(|(name, register)| *name != "lead" && !register.may_see.is_empty());
    let with_steps = kept().find(|(_, register)| register.has_lifecycle());
    let without = kept().find(|(_, register)| !register.has_lifecycle());
    let registers = with_steps.into_iter().chain(without);
    let registers =
        registers.flat_map(|(name, _)| [format!("/registers/{name}"), format!("/registers/{name}/records")]);
    let entered = world.package.registers.iter().filter(|(_, register)| !register.may_enter.is_empty());
    let forms = entered.flat_map(|(name, _)| {
        let form = format!("/registers/{name}/records/new");
        [form.clone(), format!("{form}?household={}", world.household_no(0))]
    });
    let mut pages = vec![
        "/".to_owned(),
        "/leads".to_owned(),
        "/leads?state=all&risk=01".to_owned(),
        format!("/leads/{}", lead_id(world, 0)),
        "/households".to_owned(),
        format!("/households/{}", world.household_no(0)),
        "/import".to_owned(),
        "/imports".to_owned(),
        format!("/imports/{}", import.rows[0].import_id),
        "/jobs".to_owned(),
        "/rules".to_owned(),
        format!("/rules/{rule}"),
        format!("/rules/{}", quality.expect("a quality rule").0),
        "/parameters".to_owned(),
        "/policy".to_owned(),
        "/help".to_owned(),
        "/registers".to_owned(),
        "/notices".to_owned(),
        "/tokens".to_owned(),
    ];
    pages.extend(registers.chain(forms));
    pages
}

pub fn lead_id(world: &World, index: usize) -> String {
    let day = crate::fixture::today().plus_days(-1).to_string().replace('-', "");
    format!("{}-{day}", world.household_no(index))
}

#[tokio::test]
async fn every_page_asks_for_a_sign_in_and_comes_back_to_where_one_was() {
    let world = World::new();
    let guest = Browser::guest(&world);
    for path in pages(&world) {
        let answer = guest.get(&path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/sign-in"), "{path}");
        assert!(!HEADS.iter().any(|name| answer.text.contains(name)), "{path}");
    }
    for path in [
        "/leads",
        "/registers/lead/export",
        "/screen",
        "/sign-out",
        "/import",
        "/registers/lead/records/x/step",
        "/notices/read",
    ] {
        let answer = guest.post(path, "", &[]).await;
        assert!(answer.header("location").starts_with("/sign-in"), "{path} {}", answer.status);
    }
    let mut forged = Browser::guest(&world);
    forged.cookie = "sw_session=0000".to_owned();
    assert_eq!(forged.get("/leads").await.header("location"), "/sign-in?next=%2Fleads");
}

#[tokio::test]
async fn every_role_opens_what_it_may_and_nothing_else() {
    use policy::declare::Permission::*;
    let world = World::new();
    for (name, role) in &world.package.roles {
        let browser = Browser::of(&world, name, "");
        let cases = [
            ("/leads", role.may.contains(&SeeLeads)),
            ("/households", role.may.contains(&SeeHouseholds)),
            ("/import", role.may.contains(&HandIn)),
            ("/imports", role.may.contains(&HandIn) || role.may.contains(&SeeImports)),
            ("/rules", role.may.contains(&SeeRules)),
            ("/parameters", role.may.contains(&SeeRules)),
            ("/policy", true),
            ("/jobs", true),
            ("/tokens", true),
        ];
        for (path, may) in cases {
            let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(browser.get(path).await.status, expected, "{name} {path}");
        }
        let menu = browser.get("/").await;
        for (path, may) in cases {
            assert_eq!(menu.text.contains(&format!("<li><a href=\"{path}\"")), may, "menu of {name}: {path}");
        }
    }
}

#[tokio::test]
async fn what_lies_outside_the_place_looks_like_what_does_not_exist() {
    let world = World::new();
    let last = HEADS.len() - 1;
    let (role, _) = (world.package.roles.iter())
        .find(|(_, role)| {
            role.level == model::Level::County && role.may.contains(&policy::declare::Permission::SeeHouseholds)
        })
        .expect("an officer of a county");
    let browser = Browser::of(&world, role, "");
    let pairs = [
        (format!("/leads/{}", lead_id(&world, last)), "/leads/999-20200101".to_owned()),
        (format!("/households/{}", world.household_no(last)), "/households/999".to_owned()),
    ];
    for (outside, nothing) in pairs {
        let (outside, nothing) = (browser.get(&outside).await, browser.get(&nothing).await);
        assert_eq!(outside.status, StatusCode::NOT_FOUND);
        assert_eq!((outside.status, &outside.text), (nothing.status, &nothing.text));
    }
    for list in ["/leads?state=all", "/households"] {
        let answer = browser.get(list).await;
        assert!(answer.text.contains(HEADS[0]) && !answer.text.contains(HEADS[last]), "{list}");
    }
    assert_eq!(browser.get("/jobs/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/jobs/1/files/a.xlsx").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn people_are_searched_for_without_their_names_in_an_address() {
    use policy::declare::Permission::{SeeHouseholds, SeeNames};
    let world = World::new();
    let sees = |role: &policy::declare::Role| role.may.contains(&SeeHouseholds) && role.may.contains(&SeeNames);
    let is_county = |role: &policy::declare::Role| role.level == model::Level::County;
    let account = world.package.roles.iter().find(|(_, role)| sees(role) && is_county(role));
    let browser = Browser::of(&world, account.expect("such a role").0, "");
    let page = browser.get("/households").await;
    let forms = page.text.matches("action=\"/households\"").count();
    assert_eq!(page.text.matches("action=\"/households\" method=\"post\"").count(), forms, "no search by address");
    let token = page.hidden("form_token");
    let found = browser.post("/households", &token, &[("text", HEADS[0])]).await;
    assert_eq!(found.status, StatusCode::OK);
    let rows = |answer: &crate::browser::Answer| answer.text.matches("href=\"/households/").count();
    assert_eq!(rows(&found), 1, "one household of that head");
    let by_address = browser.get("/households?text=nobody").await;
    assert_eq!(rows(&by_address), rows(&page), "a text in an address is not read");
    let without_token = browser.post("/households", "wrong", &[("text", HEADS[0])]).await;
    assert_ne!(without_token.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_in_works_and_every_wrong_way_says_the_same() {
    let world = World::new();
    let mut browser = Browser::guest(&world);
    let form = browser.get("/sign-in?next=/leads").await;
    let (token, next) = (form.hidden("form_token"), form.hidden("next"));
    assert_eq!(next, "/leads");
    browser.cookie = form.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let account = world.package.roles.keys().next().expect("a role").as_str();
    let mut texts = Vec::new();
    for (account, password) in [(account, "wrong"), ("nobody", "wrong")] {
        let answer = browser.post("/sign-in", &token, &[("account", account), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::OK);
        texts.push(answer.visible());
    }
    assert_eq!(texts[0], texts[1]);
    let right = [("account", account), ("password", PASSWORD), ("next", next.as_str())];
    let answer = browser.post("/sign-in", &token, &right).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/leads"));
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("sw_session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    browser.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let page = browser.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    let out = browser.post("/sign-out", &page.hidden("form_token"), &[]).await;
    assert_eq!(out.header("location"), "/sign-in");
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_is_slowed_down_even_for_names_that_do_not_exist() {
    let world = World::new();
    let mut browser = Browser::guest(&world);
    let form = browser.get("/sign-in").await;
    browser.cookie = form.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let token = form.hidden("form_token");
    for _ in 0..5 {
        browser.post("/sign-in", &token, &[("account", "nobody"), ("password", "x")]).await;
    }
    let begun = std::time::Instant::now();
    let answer = browser.post("/sign-in", &token, &[("account", "nobody"), ("password", "x")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(begun.elapsed().as_millis() < 200, "a name that waits costs no password check");
}

#[tokio::test]
async fn leads_are_searched_for_without_a_name_in_any_address() {
    use policy::declare::Permission::{SeeLeads, SeeNames};
    let world = World::new();
    let sees = |role: &policy::declare::Role| role.may.contains(&SeeLeads) && role.may.contains(&SeeNames);
    let is_county = |role: &policy::declare::Role| role.level == model::Level::County;
    let account = world.package.roles.iter().find(|(_, role)| sees(role) && is_county(role));
    let browser = Browser::of(&world, account.expect("such a role").0, "");
    let page = browser.get("/leads").await;
    assert!(!page.text.contains("action=\"/leads\" method=\"get\""), "no search by address");
    let token = page.hidden("form_token");
    let leads = |answer: &crate::browser::Answer| answer.text.matches("<a class=\"sw-button\" href=\"/leads/").count();
    let asked = [("text", HEADS[0]), ("state", "all"), ("risk", "")];
    let found = browser.post("/leads", &token, &asked).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(leads(&page) > leads(&found) && leads(&found) > 0, "{} of {}", leads(&found), leads(&page));
    let hidden = format!("<input type=\"hidden\" name=\"text\" value=\"{}\">", HEADS[0]);
    assert!(found.text.contains(&hidden), "the export asks for the same list");
    assert_no_name_in_addresses(&found, HEADS[0]);
    let further = browser.post("/leads", &token, &[asked[0], asked[1], ("after", "999999:")]).await;
    assert_eq!(leads(&further), leads(&found), "a further page of the search");
    assert!(further.text.contains("<button class=\"sw-button\" name=\"after\" value=\"\">"), "and back to its first");
    assert_no_name_in_addresses(&further, HEADS[0]);
    let without = browser.post("/leads", &token, &[("text", "  "), ("state", "all"), ("risk", "")]).await;
    assert_eq!((without.status, without.header("location")), (StatusCode::SEE_OTHER, "/leads?state=all"));
    let exported = browser.post("/registers/lead/export", &token, &[asked[0], ("format", "csv")]).await;
    assert_no_name_in_addresses(&exported, HEADS[0]);
    let job = world.store.claim_job(1, 1_000).expect("a store").expect("a job");
    assert!(!job.payload.to_string().contains(HEADS[0]), "a job names nobody: {}", job.payload);
    let by_address = browser.get("/leads?text=nobody").await;
    assert_eq!(leads(&by_address), leads(&page), "a text in an address is not read");
    assert_eq!(browser.post("/leads", "wrong", &asked).await.status, StatusCode::FORBIDDEN);
}

/// Neither the address that an answer sends to nor any that stands in it holds the name, plainly or encoded.
fn assert_no_name_in_addresses(answer: &crate::browser::Answer, name: &str) {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let attributes = ["href=\"", "action=\"", "formaction=\"", "src=\"", "hx-get=\"", "hx-post=\"", "data-next=\""];
    let in_page = attributes.iter().flat_map(|mark| answer.text.split(mark).skip(1));
    let in_page = in_page.map(|rest| rest.split('"').next().unwrap_or_default());
    for address in in_page.chain([answer.header("location"), answer.header("hx-push-url")]) {
        let upper = address.to_uppercase();
        assert!(!address.contains(name) && !upper.contains(&encoded), "{address}");
    }
}
