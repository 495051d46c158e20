//! The form of a record without script: what is known is not asked, what was typed is kept, nothing is entered twice.

use crate::browser::{Answer, Browser};
use crate::valley::{PHONE, Valley, decimal, text, value};
use axum::http::StatusCode;
use model::{Fen, Value, Version};
use store::{Command, Entry};

const GARDENS: &str = "/registers/garden/records/new";
const NURSERIES: &str = "/registers/nursery/records/new";

/// What a village cadre types for a garden; `more` stands in the place of what it would be otherwise.
fn garden<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("stage", "record"),
        ("field.garden_no", "Ｇ－１"),
        ("field.region_code", "990101100201"),
        ("field.kind_code", "fruit"),
        ("field.area_mu", "４.50"),
        ("field.worth_fen", "1,200.5元"),
        ("field.planted_on", "2021年5月27日"),
    ];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more);
    fields
}

async fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.get(path).await.hidden("form_token");
    browser.post(path, &token, fields).await
}

fn id_of(answer: &Answer) -> String {
    let location = answer.header("location");
    let (_, rest) =
        location.split_once("/records/").unwrap_or_else(|| panic!("{} {}", answer.status, answer.visible()));
    rest.split('?').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_people_type_is_entered_as_values() {
    let valley = Valley::new();
    let browser = valley.browser("cadre");
    let form = browser.get(GARDENS).await;
    assert_eq!(form.status, StatusCode::OK);
    for part in ["type=\"date\"", "inputmode=\"decimal\"", "type=\"checkbox\" name=\"field.crops\"", "type=\"file\""] {
        assert!(form.text.contains(part), "{part}");
    }
    let asked = ["field.harvest_kg", "field.is_large"];
    assert!(
        !asked.iter().any(|name| form.text.contains(&format!("name=\"{name}\""))),
        "calculated fields are not asked"
    );
    let fields = garden(&[
        ("field.crops", "tea"),
        ("field.crops", "apple"),
        ("rows.harvest", "2"),
        ("child.harvest.0.picked_on", "2026.5.1"),
        ("child.harvest.0.weight_kg", "1０"),
        ("child.harvest.1.picked_on", ""),
    ]);
    let answer = send(&browser, GARDENS, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.visible());
    let file = valley.seen("garden", &id_of(&answer));
    let expected = [
        ("area_mu", decimal("4.5")),
        ("worth_fen", Value::Fen(Fen(120_050))),
        ("crops", text("apple,tea")),
        ("planted_on", Value::Day(crate::valley::day("2021-05-27"))),
        ("harvest_kg", decimal("10")),
    ];
    for (name, expected) in expected {
        assert_eq!(value(&file, name), expected, "{name}");
    }
    assert_eq!(file.children[0].rows.len(), 1, "the empty row is not kept");
    assert!(browser.get(answer.header("location")).await.visible().contains("已登记"));
}

#[tokio::test]
async fn faults_are_named_above_and_at_the_field_and_what_was_typed_stays() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let fields = garden(&[
        ("field.kind_code", ""),
        ("field.area_mu", "很大"),
        ("field.planted_on", "2021-02-30"),
        ("field.minutes", "\"><script>alert(1)</script>"),
        ("rows.harvest", "1"),
        ("child.harvest.0.weight_kg", "5"),
    ]);
    let answer = send(&browser, GARDENS, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ids = ["field.kind_code", "field.area_mu", "field.planted_on", "child.harvest.0.picked_on"];
    for id in ids {
        assert!(answer.text.contains(&format!("href=\"#{id}\"")), "{id} in the summary");
        let field = answer.text.split(&format!(" id=\"{id}\"")).nth(1).unwrap_or_else(|| panic!("{id}"));
        assert!(field.split('>').next().expect("a tag").contains("aria-invalid=\"true\""), "{id}");
    }
    for kept in ["value=\"很大\"", "value=\"2021-02-30\"", "value=\"Ｇ－１\"", "value=\"1,200.5元\"", "value=\"5\""]
    {
        assert!(answer.text.contains(kept), "{kept}");
    }
    assert!(!answer.text.contains("<script>alert"), "text is escaped");
    assert!(answer.visible().contains("收成 第 1 条 · 采收日期: 还没有填写"), "{}", answer.visible());
    let below = send(&browser, GARDENS, &garden(&[("field.area_mu", "1001")])).await;
    assert!(below.visible().contains("大于允许的最大值 1000"), "{}", below.visible());
}

#[tokio::test]
async fn what_the_store_refuses_stands_at_its_field() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let answer = send(&browser, GARDENS, &garden(&[("field.tool_no", "T9")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("href=\"#field.tool_no\""), "{}", answer.visible());
    assert!(answer.text.contains("value=\"T9\""), "it stays");
    let outside = send(&browser, GARDENS, &garden(&[("field.region_code", "990102100201")])).await;
    assert!(outside.visible().contains("不在您的辖区内"), "{}", outside.visible());
}

#[tokio::test]
async fn one_row_more_keeps_what_was_typed_and_saves_nothing() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let fields = garden(&[("rows.harvest", "1"), ("child.harvest.0.weight_kg", "7.5"), ("again", "harvest")]);
    let answer = send(&browser, GARDENS, &fields).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("name=\"child.harvest.1.weight_kg\"") && answer.text.contains("value=\"7.5\""));
    assert!(answer.text.contains("value=\"Ｇ－１\""));
    assert!(valley.store.view(&valley.actor("clerk")).record_by_key("garden", "Ｇ－１").expect("reads").is_none());
}

#[tokio::test]
async fn a_form_sent_twice_enters_once_and_others_see_what_is_there() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let first = send(&browser, GARDENS, &garden(&[])).await;
    let second = send(&browser, GARDENS, &garden(&[])).await;
    assert_eq!(id_of(&first), id_of(&second));
    assert!(second.header("location").ends_with("?done=there"));
    assert!(browser.get(second.header("location")).await.visible().contains("没有重复登记"));
    let file = valley.seen("garden", &id_of(&first));
    assert_eq!((file.version, file.history.len()), (Version(1), 1));
    let differing = send(&browser, GARDENS, &garden(&[("field.area_mu", "8")])).await;
    assert_eq!(differing.status, StatusCode::UNPROCESSABLE_ENTITY, "what says something else is not the same form");
    assert!(differing.text.contains("value=\"8\""));
    let other = send(&valley.browser("cadre"), GARDENS, &garden(&[("field.area_mu", "9")])).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.visible().contains("王干部·clerk"), "it says who: {}", other.visible());
    assert!(
        other.text.contains(&format!("/registers/garden/records/{}", id_of(&first)))
            && other.text.contains("value=\"9\"")
    );
}

#[tokio::test]
async fn what_is_known_is_shown_with_its_source_and_not_asked() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let first = browser.get(NURSERIES).await;
    assert!(first.text.contains("name=\"field.household_no\""), "the form begins with the household");
    assert!(!first.text.contains("name=\"field.started_on\""), "and asks for nothing else yet");
    let token = first.hidden("form_token");
    let wrong = browser.post(NURSERIES, &token, &[("stage", "subject"), ("field.household_no", "0x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = browser.post(NURSERIES, &token, &[("stage", "subject"), ("field.household_no", "1")]).await;
    assert_eq!(form.status, StatusCode::OK);
    let seen = form.visible();
    for part in ["吉木·阿古莫", "来自农户", "3.5 亩", "1,234.50 元", "来自补贴发放,2026-10-31", "大石村", "138****5678"]
    {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    assert!(!form.text.contains(PHONE), "what is masked stays masked");
    for known in ["region_code", "head_name", "phone", "land_mu", "subsidy_fen"] {
        let before = form.text.split(&format!("name=\"field.{known}\"")).next().expect("a text");
        let (opened, closed) = (before.matches("<details").count(), before.matches("</details>").count());
        assert_eq!(opened, closed + 1, "{known} is asked behind “correct” only");
        assert!(!before.rsplit("<details").next().expect("a tag").starts_with(" open"), "{known}");
    }
    let fields =
        [("stage", "record"), ("field.household_no", "1"), ("field.started_on", "2026-01-05"), ("field.land_mu", "2")];
    let entered = browser.post(NURSERIES, &token, &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.visible());
    let file = valley.seen("nursery", &id_of(&entered));
    let expected = [
        ("region_code", text("990101100201")),
        ("head_name", text("吉木·阿古莫")),
        ("land_mu", decimal("2")),
        ("subsidy_fen", Value::Fen(Fen(123_450))),
        ("phone", Value::Null),
    ];
    for (name, expected) in expected {
        assert_eq!(value(&file, name), expected, "{name}");
    }
}

#[tokio::test]
async fn the_form_of_every_shipped_register_opens_and_fills_in_what_is_known() {
    let world = crate::fixture::World::new();
    let mut filled = 0;
    for (name, register) in &world.package.registers {
        let everywhere = |role: &&String| world.package.roles.get(*role).is_some_and(|role| !role.of_department);
        let Some(role) = register.may_enter.iter().find(everywhere) else { continue };
        let form = format!("/registers/{name}/records/new?household={}", world.household_no(0));
        let answer = Browser::of(&world, role, "").get(&form).await;
        assert_eq!(answer.status, StatusCode::OK, "{name} {role}");
        let from_household = |path: &String| path == "household.head_name";
        if register.field.iter().any(|column| column.known_from.iter().any(from_household)) {
            assert!(answer.visible().contains(crate::fixture::HEADS[0]), "{name}: {}", answer.visible());
            filled += 1;
        }
    }
    assert!(filled > 0, "some register of households is filled in");
}

#[tokio::test]
async fn nothing_is_known_of_a_household_elsewhere() {
    let valley = Valley::new();
    let form = valley.browser("cadre").get(&format!("{NURSERIES}?household=4")).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(!form.visible().contains("来自") && !form.text.contains("吉木"), "{}", form.visible());
}

#[tokio::test]
async fn a_correction_changes_what_differs_and_keeps_what_is_masked() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (browser, path) = (valley.browser("clerk"), format!("/registers/garden/records/{id}/correct"));
    let form = browser.get(&path).await;
    let (record, heading) = (path.trim_end_matches("/correct"), "<h1>园子台账 · 更正</h1>");
    assert!(form.text.contains(&format!("href=\"{record}\"")), "the way back to the record");
    assert!(form.text.contains(heading), "what is done is named: {}", form.text);
    for kept in ["value=\"4.5\"", "value=\"1200\"", "现为 138****5678", "现为 139****2222", "value=\"2024-05-01\""]
    {
        assert!(form.text.contains(kept), "{kept} in {}", form.text);
    }
    assert!(!form.text.contains("name=\"field.garden_no\"") && !form.text.contains(PHONE));
    let mut fields = vec![
        ("stage", "record"),
        ("version", "1"),
        ("field.region_code", "990101100201"),
        ("field.household_no", "1"),
        ("field.keeper_name", "阿依"),
        ("field.keeper_phone", ""),
        ("field.kind_code", "fruit"),
        ("field.area_mu", "6"),
        ("field.worth_fen", "1200"),
        ("rows.harvest", "3"),
        ("held.harvest.0", "0"),
        ("child.harvest.0.picked_on", "2024-05-01"),
        ("child.harvest.0.weight_kg", "10.5"),
        ("gone.harvest.0", "1"),
        ("held.harvest.1", "1"),
        ("child.harvest.1.picked_on", "2024-05-02"),
        ("child.harvest.1.weight_kg", "8"),
        ("child.harvest.1.buyer_phone", ""),
    ];
    let saved = send(&browser, &path, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.visible());
    let file = valley.seen("garden", &id);
    assert_eq!((file.version, value(&file, "area_mu")), (Version(2), decimal("6")));
    assert_eq!(value(&file, "keeper_phone"), text("138****5678"), "it stays");
    assert_eq!(file.children[0].rows.len(), 1);
    assert_eq!(file.children[0].rows[0][2].value, text("139****2222"), "it stays with its row");
    assert_eq!(value(&file, "harvest_kg"), decimal("8"));
    let page = browser.get(saved.header("location")).await.visible();
    assert!(page.contains("收成 − 采收日期 2024-05-01") && page.contains("买主电话 ***"), "{page}");
    // It was changed elsewhere, by the same person: both values are shown, what was typed stays, the next try counts.
    fields.retain(|(name, _)| !name.contains("harvest") && *name != "field.area_mu");
    fields.push(("field.area_mu", "99"));
    let late = send(&browser, &path, &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let seen = late.visible();
    assert!(seen.contains("您本人") && seen.contains("6 亩") && seen.contains("99 亩"), "{seen}");
    assert!(!seen.contains("他人"), "{seen}");
    assert!(late.text.contains("name=\"version\" value=\"2\"") && late.text.contains("value=\"99\""));
}

#[tokio::test]
async fn a_correction_of_nothing_changes_nothing() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (browser, path) = (valley.browser("clerk"), format!("/registers/garden/records/{id}/correct"));
    let form = browser.get(&path).await;
    let fields = hidden_and_typed(&form.text);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = send(&browser, &path, &fields).await;
    assert!(saved.header("location").ends_with("?done=unchanged"), "{} {}", saved.status, saved.visible());
    assert_eq!(valley.seen("garden", &id).version, Version(1));
}

/// Names and values of inputs and chosen options, as a browser without script would send the form.
fn hidden_and_typed(html: &str) -> Vec<(String, String)> {
    let form = html.split("enctype=\"multipart/form-data\">").nth(1).and_then(|rest| rest.split("</form>").next());
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let mut fields = Vec::new();
    let mut select = None;
    for tag in form.expect("a form").split('<').skip(1) {
        if tag.starts_with("input") && !tag.contains("type=\"file\"") && !tag.contains("type=\"checkbox\"") {
            fields.extend(attribute(tag, "name").zip(attribute(tag, "value")));
        } else if tag.starts_with("select") {
            select = attribute(tag, "name");
        } else if tag.starts_with("option") && tag.contains(" selected") {
            fields.extend(select.clone().zip(attribute(tag, "value")));
        }
    }
    fields.retain(|(name, _)| name != "form_token");
    fields
}

#[tokio::test]
async fn pictures_are_kept_clean_and_shown_to_those_who_see_the_record() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let token = browser.get(GARDENS).await.hidden("form_token");
    let exif = jpeg_with_exif();
    let pdf: &[u8] = b"%PDF-1.7 minutes";
    let files: [(&str, &str, &[u8]); 2] = [("field.photos", "..\\现场.PNG", &exif), ("field.photos", "纪要.pdf", pdf)];
    let entered = browser.parts(GARDENS, &token, &garden(&[]), &files).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.visible());
    let id = id_of(&entered);
    let Value::Text(lines) = value(&valley.seen("garden", &id), "photos") else { panic!("files") };
    let (picture, paper) = lines.split_once('\n').expect("two files");
    assert!(picture.ends_with(":现场.jpg") && paper.ends_with(":纪要.pdf"), "{lines}");
    let page = browser.get(&format!("/registers/garden/records/{id}")).await;
    let address = format!("/registers/garden/records/{id}/files/{}", &picture[..64]);
    assert!(
        page.text.contains(&format!("<img class=\"sw-thumb\" src=\"{address}\" alt=\"现场.jpg\"")),
        "{}",
        page.text
    );
    let served = browser.get(&address).await;
    assert_eq!((served.status, served.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert!(served.header("content-disposition").starts_with("inline"));
    assert_eq!(served.header("x-content-type-options"), "nosniff");
    assert!(!served.text.contains("GPS 30.123N") && !served.text.contains("Exif"), "only the picture is left");
    let served = browser.get(&format!("/registers/garden/records/{id}/files/{}", &paper[..64])).await;
    assert!(served.header("content-disposition").starts_with("attachment") && served.text.contains("minutes"));
    let elsewhere = valley.browser("cadre2").get(&address).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "not for those who do not see the record");
    let other = valley.garden("G7", "2026-11-20", &[]);
    let not_named = format!("/registers/garden/records/{other}/files/{}", &picture[..64]);
    assert_eq!(browser.get(&not_named).await.status, StatusCode::NOT_FOUND);
    let dropped = browser.get(&format!("/registers/garden/records/{id}/correct")).await;
    assert!(dropped.text.contains("name=\"drop.field.photos\""));
}

#[tokio::test]
async fn files_of_another_kind_are_refused_with_the_reason_and_the_rest_stays() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let token = browser.get(GARDENS).await.hidden("form_token");
    let cases: [(&str, &[u8], &str); 3] = [
        ("virus.jpg", b"MZ\x90\0", "不是 JPEG"),
        ("page.pdf", b"<html><script>alert(1)</script>", "不是 JPEG"),
        ("broken.png", b"\x89PNG\r\n\x1a\n....", "无法打开"),
    ];
    for (name, content, why) in cases {
        let files: [(&str, &str, &[u8]); 2] =
            [("field.photos", name, content), ("field.photos", "纪要.pdf", b"%PDF-1.7")];
        let answer = browser.parts(GARDENS, &token, &garden(&[]), &files).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.visible().contains(why), "{name}: {}", answer.visible());
        assert!(
            answer.text.contains(":纪要.pdf\"") && answer.text.contains("value=\"Ｇ－１\""),
            "{name}: what fits stays"
        );
    }
}

#[tokio::test]
async fn duties_of_residents_are_entered_with_an_identity_number_that_never_stands_in_an_address() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let path = "/registers/duty/records/new";
    let first = browser.get(path).await;
    assert!(first.text.contains("name=\"field.identity_no\"") && !first.text.contains("name=\"field.name\""));
    let token = first.hidden("form_token");
    let number = ("field.identity_no", crate::fixture::IDENTITY);
    let form = browser.post(path, &token, &[("stage", "subject"), number]).await;
    assert_eq!((form.status, form.header("location")), (StatusCode::OK, ""));
    let fields = [
        ("stage", "record"),
        number,
        ("field.name", "王小珍"),
        ("field.region_code", "990101100201"),
        ("field.started_on", "2026-11-01"),
    ];
    let entered = browser.post(path, &token, &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.visible());
    assert!(!entered.header("location").contains(crate::fixture::IDENTITY));
    let seen = browser.get(entered.header("location")).await;
    assert!(!seen.text.contains(crate::fixture::IDENTITY), "masked");
}

#[tokio::test]
async fn a_remark_is_said_after_the_record_was_taken() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let fields = garden(&[
        ("rows.harvest", "1"),
        ("child.harvest.0.picked_on", "2026-05-01"),
        ("child.harvest.0.weight_kg", "10001"),
    ]);
    let entered = send(&browser, GARDENS, &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.visible());
    let seen = browser.get(entered.header("location")).await.visible();
    assert!(seen.contains("收成过大") && seen.contains("请核对单位"), "{seen}");
}

#[tokio::test]
async fn a_correction_from_an_earlier_version_says_who_was_quicker() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let fields = vec![("area_mu".to_owned(), decimal("7"))];
    let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
    valley.apply("clerk", "2026-11-21", Command::Correct { id: id.clone(), version: Version(1), entry });
    let path = format!("/registers/garden/records/{id}/correct");
    let fields =
        garden(&[("version", "1"), ("field.area_mu", "5"), ("field.keeper_name", "阿依"), ("field.household_no", "1")]);
    let late = send(&valley.browser("cadre"), &path, &fields).await;
    assert!(late.visible().contains("王干部·clerk") && late.visible().contains("2026-11-21"), "{}", late.visible());
}

/// A small JPEG with an EXIF part that holds a place.
fn jpeg_with_exif() -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(16, 16, image::Rgb([90, 120, 60]))
        .write_to(&mut plain, image::ImageFormat::Jpeg)
        .expect("encodes");
    let plain = plain.into_inner();
    let part = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0GPS 30.123N";
    let length = u16::try_from(part.len() + 2).expect("short").to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, part, &plain[2..]].concat()
}
