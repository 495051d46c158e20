//! What never stands on a page.

use crate::access::{lead_id, pages};
use crate::browser::Browser;
use crate::fixture::{HEADS, IDENTITY, PHONE, World};
use policy::declare::Permission;

#[tokio::test]
async fn no_role_sees_a_full_identity_number_or_phone() {
    let world = World::new();
    for account in world.package.roles.keys() {
        let browser = Browser::of(&world, account, "");
        for path in pages(&world) {
            let text = browser.get(&path).await.text;
            for secret in [IDENTITY, PHONE] {
                assert!(!text.contains(secret), "{account} {path}");
            }
        }
    }
}

#[tokio::test]
async fn names_are_masked_for_roles_that_may_not_see_them() {
    let world = World::new();
    let mut masked_roles = 0;
    for (account, role) in &world.package.roles {
        let browser = Browser::of(&world, account, "");
        let sees = role.may.contains(&Permission::SeeNames);
        for path in pages(&world) {
            let text = browser.get(&path).await.text;
            let named = HEADS.iter().any(|name| text.contains(name));
            assert!(sees || !named, "{account} {path}");
        }
        if !sees && role.may.contains(&Permission::SeeLeads) {
            masked_roles += 1;
            let text = browser.get("/leads").await.text;
            assert!(text.contains(&model::mask_name(HEADS[0])), "{account}");
        }
    }
    assert!(masked_roles > 0, "the package has a role that sees leads without names");
}

#[tokio::test]
async fn a_lead_shows_value_line_sentence_article_and_rows_that_add_up() {
    let world = World::new();
    let browser = Browser::of(&world, crate::house::officer(&world), "");
    let page = browser.get(&format!("/leads/{}", lead_id(&world, 0))).await;
    let text = page.visible();
    for part in [
        "30,915 元",
        "10,500 元",
        "近12个月医疗自付 30,915.00元",
        "第 2 行",
        "第 19 行",
        "结算明细_2026-11-20.xlsx",
        "以上 2 行合计:30,915 元",
        "复核提示",
        "2025-07-01 起(2025-08-01 公布)",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(page.text.contains("/policy#article-"), "a link to the article");
}
