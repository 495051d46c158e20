//! A made-up register with a column of every kind and two kinds of child records, in a made-up county.

use super::column;
use exchange::{Origin, Part};
use model::{Day, Kind, RegionCode};
use policy::Divisions;
use policy::declare::{Child, Code, CodeList, Column, Register};
use std::collections::BTreeMap;

/// County, townships and villages; two villages of one township share their name, and so do villages of two townships.
const DIVISIONS: &str = "code,name,short,level,parent,kind
513400000000,东山州,东山,prefecture,,
513437000000,清溪县,清溪,county,513400000000,
513437100000,上河镇,上河,township,513437000000,
513437100001,前进村,前进,village,513437100000,village-committee
513437100002,团结村,团结,village,513437100000,village-committee
513437101000,阿·都乡（彝）,阿都,township,513437000000,
513437101001,前进村,前进,village,513437101000,village-committee
513437101002,双河村,双河,village,513437101000,village-committee
513437101003,双河村,双河,village,513437101000,village-committee
513438000000,白水县,白水,county,513400000000,
513438100000,上河镇,上河,township,513438000000,
513438100001,前进村,前进,village,513438100000,village-committee
";

pub const COUNTY: &str = "513437000000";

pub fn divisions() -> Divisions {
    let (divisions, faults) = Divisions::from_csv(DIVISIONS);
    assert!(faults.is_empty(), "{faults:?}");
    divisions
}

pub fn region(text: &str) -> RegionCode {
    text.parse().expect("test codes are well written")
}

fn list(label: &str, codes: &[(&str, &str)]) -> CodeList {
    let code = |(code, label): &(&str, &str)| Code {
        code: (*code).to_owned(),
        label: (*label).to_owned(),
        label_en: String::new(),
        aliases: Vec::new(),
        confirms: false,
    };
    CodeList {
        label: label.to_owned(),
        label_en: String::new(),
        source: String::new(),
        code: codes.iter().map(code).collect(),
    }
}

/// One list with labels that begin like formulas and two that are alike, one whose labels hold separators, one that is long.
pub fn codes() -> BTreeMap<String, CodeList> {
    let long: Vec<(String, String)> =
        (1..=120).map(|number| (format!("{number:03}"), format!("第{number}类帮扶措施"))).collect();
    let long: Vec<(&str, &str)> = long.iter().map(|(code, label)| (code.as_str(), label.as_str())).collect();
    BTreeMap::from([
        ("state".to_owned(), list("状态", &[("1", "=正常"), ("2", "-停用"), ("3", "注销"), ("4", "注销")])),
        ("need".to_owned(), list("需求", &[("a", "就业"), ("b", "就学"), ("c", "就业、就学"), ("d", "住 房;饮水")])),
        ("measure".to_owned(), list("措施", &long)),
    ])
}

/// A column of every kind, and a calculated one.
pub fn register() -> Register {
    let required = |column: Column| Column { required: true, ..column };
    let coded = |column: Column, codes: &str| Column { codes: Some(codes.to_owned()), ..column };
    let range = |column: Column, min: i64, max: i64| Column { min: Some(min.into()), max: Some(max.into()), ..column };
    let field = vec![
        required(column("file_no", "档案号", Kind::Text)),
        required(column("identity_no", "证件号码", Kind::Identity)),
        column("name", "姓名", Kind::Name),
        column("phone", "联系电话", Kind::Phone),
        column("account_no", "银行账号", Kind::Account),
        column("household_no", "户编号", Kind::Text),
        required(coded(column("state_code", "状态", Kind::Code), "state")),
        Column { many: true, ..coded(column("need_codes", "需求", Kind::Code), "need") },
        coded(column("measure_code", "措施", Kind::Code), "measure"),
        Column { unit: "人".to_owned(), ..range(column("members", "人数", Kind::Int), 1, 30) },
        column("land_mu", "耕地面积", Kind::Decimal),
        Column { note: "填上一年度的合计".to_owned(), ..column("income_fen", "收入", Kind::Fen) },
        required(column("entered_on", "登记日期", Kind::Day)),
        column("paid_month", "发放年月", Kind::Month),
        column("is_poor", "是否低收入", Kind::Bool),
        required(column("village_code", "所在村", Kind::Region)),
        Column { to: Some("project".to_owned()), ..column("project_no", "项目编号", Kind::Reference) },
        column("photos", "照片", Kind::File),
        column("remark", "备注", Kind::Text),
        Column { derived: Some("income_fen * 2".to_owned()), ..column("twice_fen", "两倍收入", Kind::Fen) },
    ];
    let visit = Child {
        name: "visit".to_owned(),
        label: "走访记录".to_owned(),
        label_en: "Visits".to_owned(),
        field: vec![
            required(column("visited_on", "走访日期", Kind::Day)),
            Column { many: true, ..coded(column("found_codes", "发现的需求", Kind::Code), "need") },
            column("words", "记录", Kind::Text),
        ],
    };
    let payment = Child {
        name: "payment".to_owned(),
        label: "发放/明细".to_owned(),
        label_en: "Payments".to_owned(),
        field: vec![required(column("paid_fen", "金额", Kind::Fen))],
    };
    Register {
        label: "测试台账".to_owned(),
        label_en: "Ledger".to_owned(),
        key: vec!["file_no".to_owned()],
        region: Some("village_code".to_owned()),
        field,
        child: vec![visit, payment],
        ..Register::default()
    }
}

pub fn registers() -> BTreeMap<String, Register> {
    let project =
        Register { key: vec!["no".to_owned()], field: vec![column("no", "编号", Kind::Text)], ..Register::default() };
    BTreeMap::from([("ledger".to_owned(), register()), ("project".to_owned(), project)])
}

pub fn parts() -> Vec<Part> {
    Part::all_of("ledger", &register())
}

pub fn today() -> Day {
    super::day("2024-06-30")
}

pub fn origin() -> Origin<'static> {
    Origin { package: "test", version: "1.2.0", day: today() }
}
