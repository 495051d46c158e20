//! The exact words of refusals that no page is asked for by a form of a record: accounts, tokens, publications, settings, files;
//! what stands in the way, what to do next, in both languages.

use crate::county::{County, account, actor, day, lead, publication};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, text};
use model::{Actor, Day, Lead, Value};
use store::{Command, Entry, NewAccount, NewToken, Publication, Record, Refusal, RefusalKind, STORED_ROW, Scope};
use words::Wording;

on_both![
    accounts_are_refused_in_these_words,
    tokens_are_refused_in_these_words,
    publications_are_refused_in_these_words,
    what_a_role_may_not_is_said_in_these_words,
    what_is_not_there_is_said_in_these_words,
    values_are_refused_in_these_words,
    rows_of_files_are_refused_in_these_words,
    versions_are_refused_in_these_words,
];

/// Why not and what to do, in Chinese and in English.
type Words<'w> = [&'w str; 4];

fn told(refusal: &Refusal) -> Words<'_> {
    [refusal.what.chinese(), refusal.hint.chinese(), refusal.what.english(), refusal.hint.english()]
}

fn accounts_are_refused_in_these_words() {
    let county = County::empty();
    county.system(Command::AddAccount(account("li", "clerk", "990101100", None))).expect("is added");
    const AGAIN: [&str; 2] = ["请更正后重试", "Correct it and try again."];
    let cases: [(NewAccount, Words<'_>); 6] = [
        (
            account("li", "cadre", VILLAGES[0], None),
            ["账号“li”已经存在", "请换一个账号名", "The account `li` exists already", "Choose another name."],
        ),
        (
            account("x", "king", "99", None),
            ["政策包没有岗位“king”", AGAIN[0], "The package has no role `king`", AGAIN[1]],
        ),
        (
            account("\u{3000}", "clerk", "990101100", None),
            ["账号名不能为空,也不能是系统保留名", AGAIN[0], "The name is empty or reserved", AGAIN[1]],
        ),
        (
            account("x", "clerk", "990101", None),
            [
                "岗位“乡镇经办”的辖区级别与区划代码 990101000000 不符",
                AGAIN[0],
                "The place 990101000000 is not of the level of the role “Township clerk”",
                AGAIN[1],
            ],
        ),
        (
            account("x", "officer", "990101", None),
            [
                "岗位“部门数据员”与部门不符",
                AGAIN[0],
                "The role “Department officer” needs a department, or may not have one",
                AGAIN[1],
            ],
        ),
        (
            account("x", "clerk", "990101100", Some("medical")),
            [
                "岗位“乡镇经办”与部门不符",
                AGAIN[0],
                "The role “Township clerk” needs a department, or may not have one",
                AGAIN[1],
            ],
        ),
    ];
    for (new, words) in cases {
        let refusal = county.system(Command::AddAccount(new)).expect_err(words[0]);
        assert_eq!(told(&refusal), words);
        let is_taken = words[0].contains("已经存在");
        assert_eq!(matches!(refusal.kind, RefusalKind::Conflict), is_taken, "{}", words[0]);
        assert_eq!(matches!(refusal.kind, RefusalKind::Invalid), !is_taken, "{}", words[0]);
    }
    assert_eq!(county.store.accounts().expect("reads").len(), 1);
}

fn tokens_are_refused_in_these_words() {
    let valley = Valley::new();
    for (name, role, region) in [("li", "clerk", "990101100"), ("zhao", "cadre", VILLAGES[0])] {
        valley.system(Command::AddAccount(account(name, role, region, None))).expect("is added");
    }
    let new = |name: &str, of: &str, scopes: &[&str], last: Option<&str>| NewToken {
        name: name.into(),
        account: of.into(),
        scopes: scopes.iter().map(|scope| scope.parse::<Scope>().expect("a scope")).collect(),
        expires_on: last.map(day),
    };
    let named = [
        "令牌须有名称,不超过60字",
        "请写明用途,如“数据交换”",
        "A token needs a name of at most 60 letters",
        "Say what it is for.",
    ];
    let scoped = [
        "令牌的权限须是本账号可见的台账",
        "请至少选择一项权限",
        "A token's scopes are registers that the account sees",
        "Choose at least one.",
    ];
    let ended =
        ["有效期不能早于今天", "请选择今天或以后的日期", "The last day lies behind us", "Choose today or a later day."];
    let cases: [(NewToken, Words<'_>, &[&str]); 8] = [
        (new("", "li", &["*"], None), named, &["name"]),
        (new(&"字".repeat(61), "li", &["*"], None), named, &["name"]),
        (new("a\nb", "li", &["*"], None), named, &["name"]),
        (new("x", "li", &["*"], Some("2024-02-28")), ended, &["expires_on"]),
        (new("x", "li", &[], None), scoped, &["scopes"]),
        (new("x", "li", &["read:nothing"], None), scoped, &["scopes"]),
        (new("x", "li", &["*", "read:nothing"], None), scoped, &["scopes"]),
        (
            new("x", "zhao", &["*"], None),
            [
                "您的岗位或辖区不能为他人建立令牌",
                "请转交有该权限的岗位办理",
                "Your role or place may not make tokens for others",
                "Hand it to a role that may.",
            ],
            &[],
        ),
    ];
    let li = Actor { account: "li".into(), ..clerk() };
    for (new, words, fields) in cases {
        let what = format!("{new:?}");
        let refusal = valley.apply(&li, "2024-02-29", Command::AddToken(new)).expect_err(&what);
        assert_eq!(
            (told(&refusal), refusal.fields.as_slice()),
            (words, fields.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>().as_slice()),
            "{what}"
        );
    }
    for (name, last) in [("字".repeat(60), None), ("x".into(), Some("2024-02-29"))] {
        let taken = valley.apply(&li, "2024-02-29", Command::AddToken(new(&name, "li", &["*"], last)));
        assert!(taken.is_ok(), "{name} {last:?} stands on the right side");
    }
}

fn publications_are_refused_in_these_words() {
    let county = County::filled();
    let publish = |who: &Actor, publication: Publication| {
        county.store.apply(
            who,
            model::Moment { day: day("2024-06-20"), at_ms: 0 },
            Command::PublishScreening(Box::new(publication)),
        )
    };
    let officer = actor("county", "990101");
    let plain = |leads: Vec<Lead>| Publication { quality: Vec::new(), ..publication("990101", "2024-06-03", leads) };
    let own = || lead(1, VILLAGES[0], "2024-06-03", 1);
    let unfit = |number: i64| {
        [
            format!("筛查结果与筛查范围或日期不符,或一户多条(户编号 {number})"),
            "请重新筛查后发布".to_owned(),
            format!("A lead of household {number} is doubled or does not fit"),
            "Screen again, then publish.".to_owned(),
        ]
    };
    let on = |day: Day| Lead { day, ..own() };
    let cases: [(&str, Publication, i64); 5] = [
        ("twice", plain(vec![own(), own()]), 1),
        ("of another county", plain(vec![own(), lead(4, VILLAGES[3], "2024-06-03", 1)]), 4),
        ("of another day", plain(vec![on(day("2024-06-02"))]), 1),
        ("known on another day", plain(vec![Lead { known: day("2024-06-04"), ..own() }]), 1),
        (
            "of another household than the one that was screened",
            Publication { household: Some(model::HouseholdNo(2)), ..plain(vec![own()]) },
            1,
        ),
    ];
    for (what, publication, number) in cases {
        let refusal = publish(&officer, publication).expect_err(what);
        assert!(matches!(refusal.kind, RefusalKind::Invalid), "{what}");
        assert_eq!(told(&refusal).map(str::to_owned), unfit(number), "{what}");
    }
    publish(&officer, plain(vec![own()])).expect("fits");
    let earlier = Publication { day: day("2024-06-02"), known: day("2024-06-02"), ..plain(Vec::new()) };
    let refusal = publish(&officer, earlier).expect_err("is late");
    let words = [
        "2024-06-02 的筛查结果不能发布:该地已有 2024-06-03 的结果生效",
        "请按 2024-06-03 或之后的日期重新筛查;如只想查看,请用试算",
        "A screening for 2024-06-02 cannot come into force: one for 2024-06-03 is",
        "Screen for 2024-06-03 or later; for a look only, use what-if.",
    ];
    assert_eq!(told(&refusal), words);
    assert!(matches!(refusal.kind, RefusalKind::Conflict));
}

fn what_a_role_may_not_is_said_in_these_words() {
    let valley = Valley::new();
    let id = valley.enter("G1", &[]);
    let (cadre, county) = (actor("cadre", VILLAGES[0]), actor("county", "990101"));
    let correct = || {
        let entry = Entry { register: "garden".into(), ..Entry::default() };
        Command::Correct { id: id.clone(), version: model::Version(1), entry }
    };
    let withdraw =
        Command::Withdraw {
            register: "garden".into(), id: id.clone(), version: model::Version(1), why: "重复".into()
        };
    let rows = Command::ImportRecords { register: "garden".into(), file: "a".into(), records: Vec::new() };
    let unmask = Command::Unmask {
        register: "garden".into(),
        id: id.clone(),
        field: "keeper_phone".into(),
        purpose: "回访核实".into(),
    };
    let password = Command::SetPassword { account: "li".into(), password_hash: "x".into() };
    let cases: [(&Actor, Command, &str, &str); 11] = [
        (&county, Command::Enter(garden("G2", VILLAGES[0], &[])), "录入《园子台账》", "enter records of Gardens"),
        (&county, correct(), "更正《园子台账》", "correct records of Gardens"),
        (&county, withdraw, "撤回《园子台账》", "withdraw records of Gardens"),
        (&cadre, rows, "导入《园子台账》", "import Gardens"),
        (&county, unmask, "查看完整内容:《园子台账》", "unmask fields of Gardens"),
        (
            &cadre,
            Command::Enter(garden("G2", VILLAGES[1], &[])),
            "登记辖区以外的《园子台账》",
            "keep Gardens outside your place",
        ),
        (&county, password, "修改他人的密码", "set another account's password"),
        (&county, Command::Freeze { year: 2023 }, "封存年度台账", "freeze a year"),
        (&county, Command::SaveRegions(Vec::new()), "维护行政区划", "maintain places"),
        (&county, Command::SetSetting { name: "x".into(), value: "1".into() }, "修改系统设置", "change settings"),
        (&county, Command::GoOn { register: "garden".into(), id: id.clone() }, "让记录自动办理", "let records go on"),
    ];
    for (who, command, what, what_en) in cases {
        let refusal = valley.apply(who, "2024-06-03", command).expect_err(what);
        assert!(matches!(refusal.kind, RefusalKind::NotAllowed), "{what}: {refusal:?}");
        let (why, why_en) = (format!("您的岗位或辖区不能{what}"), format!("Your role or place may not {what_en}"));
        assert_eq!(
            told(&refusal),
            [why.as_str(), "请转交有该权限的岗位办理", why_en.as_str(), "Hand it to a role that may."]
        );
    }
}

fn what_is_not_there_is_said_in_these_words() {
    let valley = Valley::new();
    let id = valley.enter("G1", &[]);
    let look = |register: &str, id: &str, field: &str| Command::Unmask {
        register: register.into(),
        id: id.into(),
        field: field.into(),
        purpose: "回访核实".into(),
    };
    let step = |register: &str, id: &str| Command::TakeStep {
        register: register.into(),
        id: id.into(),
        version: None,
        step: "publish".into(),
        fields: Vec::new(),
    };
    let cases: [(Command, &str, &str); 7] = [
        (step("nothing", &id), "该台账", "register"),
        (step("garden", "0000000000000000"), "该记录", "record"),
        (look("garden", "G9", "keeper_phone"), "该记录", "record"),
        (look("garden", &id, "area_mu"), "该字段", "field"),
        (look("garden", &id, "colour"), "该字段", "field"),
        (Command::UndoImport { import: "garden-0".into() }, "该导入批次", "import"),
        (Command::RevokeToken { token_id: "0".into() }, "该令牌", "token"),
    ];
    for (command, what, what_en) in cases {
        let refusal = valley.apply(&clerk(), "2024-06-03", command).expect_err(what);
        assert!(matches!(refusal.kind, RefusalKind::NotFound), "{what}");
        let (why, why_en) = (format!("没有找到{what}"), format!("There is no such {what_en}"));
        let hints = ["请核对编号,或从列表重新进入", "Check the number, or start again from the list."];
        assert_eq!(told(&refusal), [why.as_str(), hints[0], why_en.as_str(), hints[1]]);
    }
}

fn values_are_refused_in_these_words() {
    let valley = Valley::new();
    let given = ["请按页面给出的栏目填写", "Fill in the fields that the page asks for."];
    let mended = ["请更正后重新提交", "Correct it and submit again."];
    let nul = [
        "内容里有看不见的空字符(NUL),不能保存",
        "请删去从别处粘贴来的内容,手工重新填写",
        "A text holds the invisible character NUL and cannot be kept",
        "Type it anew instead of pasting it.",
    ];
    let cases: [(&str, Value, Words<'_>); 6] = [
        ("harvest_kg", decimal("1"), ["“总收成”不能由此填写", given[0], "“Harvest” cannot be given here", given[1]]),
        ("colour", text("red"), ["“colour”不能由此填写", given[0], "“colour” cannot be given here", given[1]]),
        ("area_mu", text("many"), ["“面积”的内容不符合要求", mended[0], "“Area” does not fit", mended[1]]),
        (
            "planted_on",
            Value::Int(7),
            ["“栽种日期”的内容不符合要求", mended[0], "“Planted on” does not fit", mended[1]],
        ),
        ("keeper_name", text("阿\0依"), nul),
        ("garden_no", text("G\0"), nul),
    ];
    for (field, value, words) in cases {
        let refused =
            valley.apply(&clerk(), "2024-06-03", Command::Enter(garden("G1", VILLAGES[0], &[(field, value)])));
        let refusal = refused.expect_err(field);
        assert!(matches!(refusal.kind, RefusalKind::Invalid), "{field}");
        assert_eq!((told(&refusal), refusal.fields.as_slice()), (words, [field.to_owned()].as_slice()));
    }
    let id = valley.enter("G1", &[]);
    let with_rows = |rows: Vec<Vec<(String, Value)>>| {
        let entry = Entry { register: "garden".into(), children: vec![("harvest".into(), rows)], ..Entry::default() };
        let correct = Command::Correct { id: id.clone(), version: model::Version(1), entry };
        valley.apply(&clerk(), "2024-06-03", correct).expect_err("does not fit")
    };
    let without_day = with_rows(vec![vec![("weight_kg".into(), decimal("1"))]]);
    let words =
        ["还没有填写:采收日期", "填写后重新提交", "Still to be filled in: Picked on", "Fill it in and submit again."];
    assert_eq!((told(&without_day), without_day.fields.as_slice()), (words, ["picked_on".to_owned()].as_slice()));
    let held = with_rows(vec![vec![(STORED_ROW.to_owned(), Value::Int(0))]]);
    assert_eq!(held.what.english(), "“_row” cannot be given here", "there is no such row");
    let other = with_rows(vec![vec![("colour".into(), text("red"))]]);
    assert_eq!(told(&other)[2..], ["“colour” cannot be given here", given[1]]);
}

fn rows_of_files_are_refused_in_these_words() {
    let valley = Valley::new();
    let id = valley.enter("G1", &[]);
    valley.enter("G2", &[]);
    let numbered =
        |number: &str, id: &str| Record { id: Some(id.to_owned()), ..garden_row(7, number, VILLAGES[0], "1") };
    let mut masked = garden_row(7, "G1", VILLAGES[0], "1");
    masked.fields[4] = text("139****0000");
    let mut wrong = garden_row(7, "G3", VILLAGES[0], "1");
    wrong.fields[8] = Value::Fen(model::Fen(-1));
    let cases: [(&str, Record, Words<'_>, &[&str]); 3] = [
        (
            "a mask of something else",
            masked,
            [
                "单元格是脱敏后的值,与已登记的内容对不上",
                "不改动请保留导出时的原样,要更正请填写完整的值",
                "The cell is masked and does not agree with what is registered",
                "Leave it as it was exported to keep it; fill in the whole value to correct it.",
            ],
            &["keeper_phone"],
        ),
        (
            "the number of another record",
            numbered("G2", &id),
            [
                "系统记录号是另一条记录的,与本行的编号对不上",
                "新增的行请清空系统记录号;编号不能在表格中更改,请在网页上撤回原记录后另录",
                "The record number is that of another record and does not agree with the key of this row",
                "Clear the record number of a new row; a key is not changed in a file: withdraw the record on its page and enter another.",
            ],
            &["garden_no"],
        ),
        ("a check", wrong, ["价值不能为负", "请核对", "The worth must not be negative", "Check it"], &["worth_fen"]),
    ];
    for (what, record, words, columns) in cases {
        let receipt = valley.import("garden", vec![record, garden_row(8, "G8", VILLAGES[0], "1")]).expect(what);
        assert_eq!(receipt.refused.len(), 1, "{what}: {receipt:?}");
        let refused = &receipt.refused[0];
        let said = [&refused.what, &refused.hint];
        let [chinese, english] = [said.map(Wording::chinese), said.map(Wording::english)];
        assert_eq!((refused.row, [chinese, english].concat().as_slice()), (7, words.as_slice()), "{what}");
        assert_eq!(refused.columns, columns, "{what}");
        assert_eq!(receipt.added + receipt.unchanged, 1, "{what}: the next row is taken all the same");
    }
}

fn versions_are_refused_in_these_words() {
    let valley = Valley::new();
    let id = valley.enter("G1", &[]);
    let correct = |who: &Actor, version: i64, area: &str| {
        let fields = vec![("area_mu".to_owned(), decimal(area))];
        let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        valley.store.apply(
            who,
            model::Moment { day: day("2024-06-03"), at_ms: AT_MS },
            Command::Correct { id: id.clone(), version: model::Version(version), entry },
        )
    };
    let colleague = Actor { account: "colleague".into(), ..clerk() };
    correct(&colleague, 1, "6").expect("is corrected");
    let again = ["请重新打开记录,核对后再办理", "Open it again, compare, then go on."];
    let by = ["(colleague 于 2024-06-03 11:46 办理“修改”)", "(colleague on 2024-06-03 11:46: changed)"];
    let overtaken = [
        "这条记录在您打开之后已被他人修改,您的操作没有保存(colleague 于 2024-06-03 11:46 办理“修改”:面积、是否大园)",
        again[0],
        "The record was changed after you opened it; yours was not saved (colleague on 2024-06-03 11:46: changed: Area, Large)",
        again[1],
    ];
    assert_eq!(told(&correct(&clerk(), 1, "7").expect_err("was overtaken")), overtaken);
    for version in [-1, 0, 3, i64::MAX] {
        let refusal = correct(&clerk(), version, "7").expect_err("is none of this record");
        let why = format!("您的操作写明的版本不是这条记录的版本,没有保存{}", by[0]);
        let why_en = format!("The version that was named is none of this record; nothing was saved {}", by[1]);
        assert_eq!(told(&refusal), [why.as_str(), again[0], why_en.as_str(), again[1]], "{version}");
        assert!(refusal.since.is_empty());
    }
    correct(&colleague, 2, "4.5").expect("is changed back");
    let refusal = correct(&clerk(), 1, "7").expect_err("was overtaken");
    let why = format!("这条记录在您打开之后被改动过,又改了回来,您的操作没有保存{}", by[0]);
    assert_eq!(told(&refusal)[..2], [why.as_str(), again[0]]);
}
