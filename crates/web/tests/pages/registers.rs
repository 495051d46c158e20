//! Who sees which register, and what they are offered there.

use crate::browser::Browser;
use crate::fixture::World;
use crate::gardens::{Gardens, decimal, text};
use axum::http::StatusCode;

#[tokio::test]
async fn every_role_sees_the_registers_that_name_it_and_no_other() {
    let world = World::new();
    let (mut seen, mut unseen) = (0, 0);
    for (account, role) in &world.package.roles {
        let browser = Browser::of(&world, account, "");
        let all = browser.get("/registers").await;
        assert_eq!(all.status, StatusCode::OK, "{account}");
        // The fixture's accounts of departments are of the first source's department.
        let department = world.package.sources.values().next().map(|source| source.department.clone());
        for (name, register) in world.package.registers.iter().filter(|(name, _)| name.as_str() != "lead") {
            let keeps = !role.of_department || register.department == department;
            let sees = register.may_see.contains(account) && keeps;
            let expected = if sees { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(all.text.contains(&format!("href=\"/registers/{name}\"")), sees, "{account} {name}");
            for path in [format!("/registers/{name}"), format!("/registers/{name}/records")] {
                let page = browser.get(&path).await;
                assert_eq!(page.status, expected, "{account} {path}");
                let can_enter = page.text.contains(&format!("/registers/{name}/records/new"));
                assert_eq!(can_enter, sees && register.may_enter.contains(account), "{account} {path}");
                let can_export = page.text.contains(&format!("action=\"/registers/{name}/export\""));
                assert_eq!(can_export, sees && register.may_export.contains(account), "{account} {path}");
            }
            if sees { seen += 1 } else { unseen += 1 }
        }
        let menu = browser.get("/").await.text.contains("<li><a href=\"/registers\"");
        assert_eq!(
            menu,
            all.text.contains("<td data-label"),
            "{account}: the menu has the line where there is something"
        );
    }
    assert!(seen > 20 && unseen > 0, "{seen} and {unseen}: the package has both");
}

#[tokio::test]
async fn the_list_of_registers_stands_under_articles_with_figures() {
    let world = Gardens::new();
    world.garden("G1", "2026-11-12", &[]);
    world.garden("G2", "2026-11-13", &[]);
    let browser = world.browser("clerk");
    let page = browser.get("/registers").await;
    assert!(page.text.contains("id=\"article-1\"") && page.text.contains("/policy#article-1"));
    for part in ["园子台账", "登记各户的园子和收成", "农业农村部门"] {
        assert!(page.visible().contains(part), "{part}");
    }
    assert!(!page.text.contains("/registers/lead"), "leads have pages of their own");
    let row = page.text.split("<tr>").find(|row| row.contains("href=\"/registers/garden\"")).expect("a row");
    assert!(row.contains(">2</td>"), "two records: {row}");
    assert!(row.contains("<span class=\"sw-tag sw-tag-high\">1</span>"), "one of them overdue: {row}");
}

#[tokio::test]
async fn the_home_of_a_register_counts_states_and_overdue_records_of_the_own_place() {
    let world = Gardens::new();
    world.garden("G1", "2026-11-12", &[]);
    world.garden("G2", "2026-11-13", &[]);
    let public = world.garden("G3", "2026-11-12", &[]);
    world.step("clerk", "2026-11-12", &public, "publish", &[("minutes", text("三人到会"))]);
    let figures = |page: &crate::browser::Answer| -> Vec<String> {
        let cards = page.text.split("sw-card-number").skip(1);
        cards.filter_map(|rest| Some(rest.split_once('>')?.1.split('<').next()?.to_owned())).collect()
    };
    let cases = [("clerk", ["3", "1", "2", "1", "0"]), ("other", ["0", "0", "0", "0", "0"])];
    for (account, expected) in cases {
        let page = world.browser(account).get("/registers/garden").await;
        assert_eq!(figures(&page), expected, "{account}: all, overdue, drafted, public, confirmed");
    }
}

#[tokio::test]
async fn the_workbench_names_overdue_registers_and_steps_of_others() {
    let world = Gardens::new();
    let id = world.garden("G1", "2026-11-12", &[("area_mu", decimal("3"))]);
    let public = world.garden("G2", "2026-11-20", &[]);
    world.step("clerk", "2026-11-20", &public, "publish", &[("minutes", text("三人到会"))]);
    let page = world.browser("county").get("/").await;
    assert!(page.text.contains("/registers/garden/records?overdue=1"), "{}", page.text);
    assert!(page.text.contains(&format!("/registers/garden/records/{public}")), "a notice leads to the record");
    assert!(!page.text.contains(&id), "and nothing else does");
    assert!(page.visible().contains("clerk·阿木") && page.visible().contains("公示"));
    let other = world.browser("other").get("/").await;
    assert!(other.visible().contains("没有超期的记录") && other.visible().contains("没有未读的提醒"));
    let officer = world.browser("officer").get("/").await;
    assert!(!officer.visible().contains("超期的台账记录"), "who sees no register is told nothing of them");
}

#[tokio::test]
async fn a_place_is_labelled_as_a_place_where_its_name_is_shown_and_as_a_code_where_a_file_holds_it() {
    let world = World::new();
    let label = |register: &policy::declare::Register| {
        let place = register.region.as_deref().and_then(|name| register.field_named(name));
        place.filter(|field| field.label.ends_with("代码")).map(|field| field.label.clone())
    };
    let (mut forms, mut lists) = (0, 0);
    for account in world.package.roles.keys() {
        let browser = Browser::of(&world, account, "");
        for (name, register) in &world.package.registers {
            let Some(code) = label(register) else { continue };
            for (page, seen) in [("records/new", &mut forms), ("records", &mut lists)] {
                let page = browser.get(&format!("/registers/{name}/{page}")).await;
                if page.status != StatusCode::OK {
                    continue;
                }
                assert!(!page.visible().contains(&code), "{account} {name}: {code} in {}", page.visible());
                *seen += u32::from(page.visible().contains("所在地"));
            }
        }
    }
    assert!(forms > 3 && lists > 3, "{forms} forms and {lists} lists");
    let (name, code) =
        world.package.registers.iter().find_map(|(name, one)| Some((name, label(one)?))).expect("a place with a code");
    let roles = &world.package.registers[name].may_import;
    let import = Browser::of(&world, &roles[0], "").get(&format!("/import?dataset={name}")).await;
    assert!(import.visible().contains(&code), "headings of files stay: {}", import.visible());
}
