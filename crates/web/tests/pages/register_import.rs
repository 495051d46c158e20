//! Files of registers: looked at, taken in once, taken back; templates and descriptions.

use crate::browser::{Answer, Browser};
use crate::fixture::World;
use crate::house::officer;
use axum::http::StatusCode;
use model::{Fault, FaultKind, Moment, Place};
use serde_json::json;
use store::{Command, ImportState, ImportSummary, NewImport};
use words::Wording;

/// A register that the officer imports, a role that sees it and does not, and the first of its fields that people fill in.
fn imported(world: &World) -> (String, String, String) {
    let officer = officer(world).to_owned();
    let found = world.package.registers.iter().find_map(|(name, register)| {
        let watcher = register.may_see.iter().find(|role| !register.may_import.contains(role))?;
        let field = register
            .field
            .iter()
            .find(|field| field.kind == model::Kind::Text && !register.key.contains(&field.name))?;
        register.may_import.contains(&officer).then(|| (name.clone(), watcher.clone(), field.name.clone()))
    });
    found.expect("a register to import")
}

async fn upload(browser: &Browser, name: &str) -> Answer {
    let path = format!("/registers/{name}/import");
    let token = browser.get(&path).await.hidden("form_token");
    let fields = [("form_token", token.as_str()), ("day", "2026-11-20")];
    browser.upload_to(&path, &fields, "台账.csv", "甲,乙\n1,2\n".as_bytes()).await
}

#[tokio::test]
async fn only_who_may_import_a_register_comes_to_its_files() {
    let world = World::new();
    let (name, watcher, _) = imported(&world);
    let (clerk, other) = (Browser::of(&world, officer(&world), ""), Browser::of(&world, &watcher, ""));
    for path in ["import", "template"].map(|page| format!("/registers/{name}/{page}")) {
        assert_eq!(clerk.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let schema = other.get(&format!("/registers/{name}/schema")).await;
    assert_eq!((schema.status, schema.header("content-type")), (StatusCode::OK, "application/json"));
    let template = clerk.get(&format!("/registers/{name}/template")).await;
    assert!(template.header("content-disposition").contains(".xlsx") && template.text.contains(&name));
    for path in ["import", "template", "schema"].map(|page| format!("/registers/no_such/{page}")) {
        assert_eq!(clerk.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_file_is_looked_at_and_submitted_once() {
    let world = World::new();
    let (name, _, field) = imported(&world);
    let browser = Browser::of(&world, officer(&world), "");
    let sent = upload(&browser, &name).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.visible());
    let page = sent.header("location").to_owned();
    assert!(browser.get(&page).await.visible().contains("预览"), "the preview waits");
    let submit = format!("/registers/{name}/import/submit");
    let token = browser.get(&format!("/registers/{name}/import")).await.hidden("form_token");
    let number = page.rsplit('=').next().expect("a job").to_owned();
    let early = browser.post(&submit, &token, &[("job", &number)]).await;
    assert_eq!(early.status, StatusCode::NOT_FOUND, "nothing was seen yet");
    let job = world.store.claim_job(1, 1_000).expect("a store").expect("a job");
    assert_eq!((job.payload["preview"].as_bool(), job.payload["dataset"].as_str()), (Some(true), Some(name.as_str())));
    let text = |text: &str| model::Value::Text(text.to_owned());
    let change = web::jobs::FieldChange { field, before: text("旧值"), after: text("新值") };
    let sample = vec![web::jobs::ChangeSample { row: 7, record: "0123456789abcdef".into(), changes: vec![change] }];
    let seen =
        web::jobs::PreviewOutcome { added: 31, changed: 5, refused: 2, rows_gone: 17, sample, ..Default::default() };
    let outcome = web::jobs::ImportOutcome { preview: Some(seen), ..Default::default() };
    world.store.finish_job(job.id, &serde_json::to_value(&outcome).expect("is JSON"), 2).expect("a store");
    let shown = browser.get(&page).await;
    for part in ["31", "旧值 → 新值", "子表中将删去 17 行", "提交导入", "放弃"] {
        assert!(shown.visible().contains(part), "{part} in {}", shown.visible());
    }
    let first = browser.post(&submit, &token, &[("job", &number)]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.visible());
    let job = world.store.claim_job(3, 1_000).expect("a store").expect("a job");
    assert_eq!(job.payload["preview"], false);
    world.store.finish_job(job.id, &json!({}), 4).expect("a store");
    let again = browser.post(&submit, &token, &[("job", &number)]).await;
    assert_eq!(again.header("location"), first.header("location"), "twice is once");
    assert!(world.store.claim_job(5, 1_000).expect("a store").is_none());
}

#[tokio::test]
async fn who_made_an_import_takes_it_back_after_a_question() {
    let world = World::new();
    let (name, ..) = imported(&world);
    let accounts = world.store.accounts().expect("a store");
    let account = accounts.into_iter().find(|one| one.name == officer(&world)).expect("an account");
    let actor = model::Actor {
        account: account.name.clone(),
        shown_name: account.shown_name.clone(),
        role: account.role.clone(),
        region: account.region,
        department: account.department.clone(),
    };
    let apply = |command: Command| {
        world
            .store
            .apply(&actor, Moment { day: crate::fixture::today(), at_ms: 1_795_320_000_000 }, command)
            .unwrap_or_else(|why| panic!("{why:?}"))
    };
    let new = NewImport {
        dataset: name,
        file_name: "台账.xlsx".into(),
        file_hash: "abcdefabcdef0123".into(),
        bytes: 10,
        region: actor.region,
        delivered_on: crate::fixture::today(),
        said_days: (None, None),
    };
    let import = apply(Command::BeginImport(new)).id.expect("an id");
    let summary = ImportSummary { state: ImportState::Done, ..ImportSummary::default() };
    apply(Command::FinishImport { import: import.clone(), summary });
    let browser = Browser::of(&world, officer(&world), "");
    let (receipt, question) = (format!("/imports/{import}"), format!("/imports/{import}/undo"));
    assert!(browser.get(&receipt).await.text.contains(&question));
    let page = browser.get(&question).await;
    assert!(page.visible().contains("确认撤销"));
    let done = browser.post(&question, &page.hidden("form_token"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.visible());
    let after = browser.get(done.header("location")).await;
    assert!(after.visible().contains("已撤销") && !after.text.contains(&question), "{}", after.visible());
    let twice = browser.post(&question, &page.hidden("form_token"), &[]).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
}

const NUMBER: &str = "513437199001011234";

/// A preview with two faults of three listed, one of them about a person's number, and two rows without a match.
fn faulty() -> web::jobs::PreviewOutcome {
    let fault = |row: u32, kind: FaultKind, heading: &str, seen: String, what: &str| Fault {
        place: Place {
            file: "台账.csv".to_owned(),
            sheet: Some("明细".to_owned()),
            row: Some(row),
            column: Some(3),
            heading: Some(heading.to_owned()),
        },
        kind,
        seen,
        what: Wording::pair(what, "Not as in the papers"),
        hint: Wording::pair("请对照原件核对后改正", "Compare it with the original"),
        drops_row: kind == FaultKind::IdentityCheckDigit,
    };
    let masked = model::mask_identity(NUMBER);
    let (number, check) = (FaultKind::IdentityCheckDigit, FaultKind::CheckFailed);
    web::jobs::PreviewOutcome {
        refused: 1,
        faults: 3,
        fault_counts: vec![(FaultKind::IdentityCheckDigit, 1), (FaultKind::CheckFailed, 2)],
        first_faults: vec![
            fault(12, number, "证件号码", masked, "证件号码的校验位不符"),
            fault(15, check, "协议结束", String::new(), "协议结束早于开始"),
        ],
        unmatched: 2,
        unmatched_counts: vec![(
            "unknown_household".into(),
            Wording::pair("农户台账中没有该户编号,请先导入农户台账", "unknown household number"),
            2,
        )],
        ..Default::default()
    }
}

/// The page of a preview that left this.
async fn previewed(world: &World, seen: web::jobs::PreviewOutcome) -> String {
    let (name, ..) = imported(world);
    let sent = upload(&Browser::of(world, officer(world), ""), &name).await;
    let job = world.store.claim_job(1, 1_000).expect("a store").expect("a job");
    let outcome = web::jobs::ImportOutcome { preview: Some(seen), ..Default::default() };
    world.store.finish_job(job.id, &serde_json::to_value(&outcome).expect("is JSON"), 2).expect("a store");
    sent.header("location").to_owned()
}

#[tokio::test]
async fn a_preview_lists_its_faults_in_both_languages_and_masked() {
    let world = World::new();
    let page = previewed(&world, faulty()).await;
    let chinese = [
        "证件号码校验位不对 1",
        "前后不一致 2",
        "这里列出前 2 处,另有 1 处,见标注文件",
        "明细 · 第 12 行 · 证件号码 · D 列",
        "证件号码的校验位不符",
        "这一行不会导入",
        "协议结束早于开始",
        "这一行会导入,请核对",
        "请对照原件核对后改正",
        "农户台账中没有该户编号",
    ];
    let english = [
        "The row contradicts itself 2",
        "The first 2 are listed here; 1 more is marked in the fault workbook",
        "Wrong check digit of the identity number",
        "Not as in the papers",
        "Compare it with the original",
        "the row will be left out",
        "the row will be taken; please check",
        "unknown household number",
    ];
    for (cookie, parts) in [("", &chinese[..]), ("; sw_language=en", &english[..])] {
        let shown = Browser::of(&world, officer(&world), cookie).get(&page).await;
        for part in parts {
            assert!(shown.visible().contains(part), "{part} in {}", shown.visible());
        }
        assert!(shown.visible().contains(&model::mask_identity(NUMBER)) && !shown.text.contains(NUMBER));
        let tables = shown.text.matches("<table").count();
        assert_eq!((tables, shown.text.matches("<caption>台账.csv</caption>").count()), (2, 2), "{}", shown.text);
        assert!(shown.text.contains("class=\"sw-table sw-stacks\""), "{}", shown.text);
    }
}

#[tokio::test]
async fn a_preview_of_an_earlier_release_counts_its_faults_still() {
    let world = World::new();
    let (name, ..) = imported(&world);
    let sent = upload(&Browser::of(&world, officer(&world), ""), &name).await;
    let job = world.store.claim_job(1, 1_000).expect("a store").expect("a job");
    let earlier = json!({ "preview": { "added": 1, "faults": 3, "fault_file": "台账-错误标注.xlsx" } });
    world.store.finish_job(job.id, &earlier, 2).expect("a store");
    let shown = Browser::of(&world, officer(&world), "").get(sent.header("location")).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.visible());
    assert!(shown.text.contains("sw-amber\">3</span>"), "{}", shown.text);
    assert!(shown.text.contains("%E9%94%99%E8%AF%AF"), "the marked workbook: {}", shown.text);
    assert!(!shown.text.contains("id=\"faults\""), "there is nothing to list");
}

#[tokio::test]
async fn a_receipt_lists_its_faults_as_the_preview_does() {
    let world = World::new();
    let system = store::system_actor(world.package.head.region);
    let import = world.store.view(&system).imports(None, 1).expect("imports").rows.remove(0);
    let address = format!("/imports/{}", import.import_id);
    let cases = [
        (
            "",
            [
                "明细 · 第 12 行 · 身份证号 · C 列",
                "证件号码的校验位不对",
                "这一行没有收下",
                "请按原始单据核对后重新填写",
            ],
        ),
        (
            "; sw_language=en",
            [
                "Wrong check digit of the identity number",
                "The check digit is wrong",
                "the row was left out",
                "Compare it with the papers and write it again",
            ],
        ),
    ];
    for (cookie, parts) in cases {
        let shown = Browser::of(&world, officer(&world), cookie).get(&address).await;
        for part in parts {
            assert!(shown.visible().contains(part), "{part} in {}", shown.visible());
        }
        assert!(shown.text.contains(&format!("<caption>{}</caption>", import.file_name)), "{}", shown.text);
    }
}

#[tokio::test]
async fn a_file_that_waits_for_an_answer_is_read_again_as_it_was_answered() {
    let world = World::new();
    let (name, _, field) = imported(&world);
    let browser = Browser::of(&world, officer(&world), "");
    let page = upload(&browser, &name).await.header("location").to_owned();
    let job = world.store.claim_job(1, 1_000).expect("a store").expect("a job");
    let column = |letters: &str, text: &str| web::jobs::FileColumnShown {
        letters: letters.into(),
        text: text.to_owned().into(),
    };
    let question = web::jobs::ColumnQuestion {
        fields: vec![web::jobs::FieldQuestion { field: field.clone(), candidates: vec!["F".into()] }],
        columns: vec![column("A", "A列（编号）"), column("F", "F列")],
        units: vec!["元".into(), "万元".into()],
    };
    let seen = web::jobs::PreviewOutcome {
        refusal: "缺少列".to_owned().into(),
        column_question: Some(question),
        ..Default::default()
    };
    let outcome = web::jobs::ImportOutcome { preview: Some(seen), ..Default::default() };
    world.store.finish_job(job.id, &serde_json::to_value(&outcome).expect("is JSON"), 2).expect("a store");
    let shown = browser.get(&page).await;
    assert!(shown.text.contains("value=\"F\" selected") && shown.text.contains("万元"), "{}", shown.visible());
    let token = shown.hidden("form_token");
    let (address, asked) = (format!("/jobs/{}/columns", job.id), format!("column_{field}"));
    let answer = [(asked.as_str(), "F"), ("money_unit", "万元"), ("column_other", "A")];
    let answered = browser.post(&address, &token, &answer).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.visible());
    let next = world.store.claim_job(3, 1_000).expect("a store").expect("a job");
    assert_eq!(next.payload["columns"], json!({ field: "列F" }));
    assert_eq!((next.payload["money_unit"].as_str(), next.payload["preview"].as_bool()), (Some("万元"), Some(true)));
    assert_eq!(next.payload["file_hash"], job.payload["file_hash"], "the same file, without another upload");
    assert!(answered.header("location").ends_with(&format!("job={}", next.id)));
    // A job that asks nothing takes no answer.
    world.store.finish_job(next.id, &json!({}), 4).expect("a store");
    let idle = browser.post(&format!("/jobs/{}/columns", next.id), &token, &answer).await;
    assert_eq!(idle.status, StatusCode::NOT_FOUND);
}
