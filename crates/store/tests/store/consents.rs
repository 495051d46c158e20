//! Consents count for what the record says: a correction makes them void, by whatever door, and a change of nothing does not.

use crate::grants::{Grants, cadre, person};
use crate::place::on_both;
use crate::valley::{VILLAGES, text};
use model::{Actor, Fen, Value};
use store::{Command, Entry, Receipt, Record, Refusal, Rows};

on_both![
    a_correction_makes_consents_void,
    a_change_of_nothing_makes_nothing_void,
    a_file_makes_consents_void,
    consents_stand_beside_what_comes_with_them,
    an_outdated_step_says_what_was_changed,
    an_objection_without_an_outcome_stays,
];

fn fields(yuan: i64) -> Vec<(String, Value)> {
    vec![
        ("motion_no".into(), text("M1")),
        ("region_code".into(), text(VILLAGES[0])),
        ("amount_fen".into(), Value::Fen(Fen(yuan * 100))),
    ]
}

fn moved(grants: &Grants) -> String {
    let entry = Entry { register: "motion".into(), fields: fields(100), ..Entry::default() };
    grants.apply(&cadre(), "2024-06-01", Command::Enter(entry)).expect("is entered").id.expect("an id")
}

fn agree(grants: &Grants, who: &Actor, id: &str) -> Result<Receipt, Refusal> {
    let (register, id, step) = ("motion".to_owned(), id.to_owned(), "agree".to_owned());
    let fields = vec![("opinion".to_owned(), text(&who.account))];
    grants.apply(who, "2024-06-10", Command::TakeStep { register, id, version: None, step, fields })
}

fn correct(grants: &Grants, id: &str, fields: Vec<(String, Value)>, children: Vec<(String, Rows)>) -> Receipt {
    let version = grants.file("motion", id).version;
    let entry = Entry { register: "motion".into(), fields, children, ..Entry::default() };
    let correct = Command::Correct { id: id.to_owned(), version, entry };
    grants.apply(&cadre(), "2024-06-11", correct).expect("is corrected")
}

fn agreed(grants: &Grants, id: &str) -> Vec<String> {
    grants.file("motion", id).course.approvals.into_iter().map(|one| one.who).collect()
}

/// Names of what was remarked, of the records' kind of remark that is told here.
fn is_told(receipt: &Receipt, row: u32) -> bool {
    receipt.remarks.iter().any(|one| one.row == row && one.what.english().contains("counts no more"))
}

fn voided(grants: &Grants, id: &str) -> usize {
    let history = grants.file("motion", id).history;
    history.iter().filter(|event| event.changes.iter().any(|(name, ..)| name == "_voided")).count()
}

fn a_correction_makes_consents_void() {
    let grants = Grants::new();
    let id = moved(&grants);
    let (an, bo) = (person("an", "clerk"), person("bo", "county"));
    let free = correct(&grants, &id, vec![("amount_fen".into(), Value::Fen(Fen(20_000)))], Vec::new());
    assert!(!is_told(&free, 0), "nobody had agreed");
    let item: Rows = vec![vec![("said".to_owned(), text("修路"))]];
    for (number, (fields, children)) in
        [(vec![("amount_fen".into(), Value::Fen(Fen(30_000)))], Vec::new()), (Vec::new(), vec![("item".into(), item)])]
            .into_iter()
            .enumerate()
    {
        agree(&grants, &an, &id).expect("one agrees");
        assert_eq!(agreed(&grants, &id), ["an"]);
        assert!(is_told(&correct(&grants, &id, fields, children), 0), "the receipt says so");
        assert_eq!((agreed(&grants, &id), voided(&grants, &id)), (Vec::new(), number + 1));
    }
    let other = agree(&grants, &bo, &id).expect("the other agrees");
    assert_eq!(other.agreement.map(|one| (one.given, one.needed)), Some((1, 2)));
    assert_eq!(grants.state("motion", &id), "moved");
    agree(&grants, &an, &id).expect("who had agreed agrees again");
    assert_eq!(grants.state("motion", &id), "carried");
    assert_eq!(grants.0.store.replay_all().expect("reads"), Vec::new());
}

fn a_change_of_nothing_makes_nothing_void() {
    let grants = Grants::new();
    let id = moved(&grants);
    agree(&grants, &person("an", "clerk"), &id).expect("one agrees");
    let same = correct(&grants, &id, vec![("amount_fen".into(), Value::Fen(Fen(10_000)))], Vec::new());
    assert_eq!((is_told(&same, 0), agreed(&grants, &id), voided(&grants, &id)), (false, vec!["an".to_owned()], 0));
    agree(&grants, &person("bo", "county"), &id).expect("both agree");
    assert_eq!(grants.state("motion", &id), "carried");
}

fn a_file_makes_consents_void() {
    let grants = Grants::new();
    let id = moved(&grants);
    agree(&grants, &person("an", "clerk"), &id).expect("one agrees");
    let opinion = text("an");
    let record = |yuan: i64| {
        let values = fields(yuan).into_iter().map(|(_, value)| value).chain([opinion.clone()]).collect();
        Record { row: 7, fields: values, ..Record::default() }
    };
    let same = grants.0.import("motion", vec![record(100)]).expect("is taken");
    assert_eq!((is_told(&same, 7), agreed(&grants, &id)), (false, vec!["an".to_owned()]));
    let other = grants.0.import("motion", vec![record(300)]).expect("is taken");
    assert_eq!((other.changed, is_told(&other, 7), agreed(&grants, &id)), (1, true, Vec::new()));
    agree(&grants, &person("bo", "county"), &id).expect("the first of two");
    assert_eq!(grants.state("motion", &id), "moved");
}

fn consents_stand_beside_what_comes_with_them() {
    let grants = Grants::new();
    let id = moved(&grants);
    agree(&grants, &person("an", "clerk"), &id).expect("one agrees, with an opinion");
    let second = agree(&grants, &person("bo", "county"), &id).expect("the other, with another");
    assert_eq!((second.remarks.len(), grants.state("motion", &id)), (0, "carried".to_owned()));
}

/// Whatever else stands in the way: the state, the role, or the person.
fn an_outdated_step_says_what_was_changed() {
    let grants = Grants::new();
    let id = moved(&grants);
    let an = person("an", "clerk");
    agree(&grants, &an, &id).expect("one agrees");
    correct(&grants, &id, vec![("amount_fen".into(), Value::Fen(Fen(30_000)))], Vec::new());
    agree(&grants, &an, &id).expect("agrees again");
    let late = |who: &Actor, version: i64| {
        let (register, id, step) = ("motion".to_owned(), id.clone(), "agree".to_owned());
        let version = Some(model::Version(version));
        grants.apply(who, "2024-06-10", Command::TakeStep { register, id, version, step, fields: Vec::new() })
    };
    for who in [&an, &person("bo", "county"), &cadre()] {
        let refusal = late(who, 2).expect_err("is outdated");
        assert!(refusal.name.starts_with("overtaken"), "{refusal}");
        for part in [cadre().account.as_str(), "2024-06-11"].into_iter().skip(usize::from(*who == cadre())) {
            assert!(refusal.what.chinese().contains(part), "{part}: {}", refusal.what.chinese());
        }
    }
    assert_eq!(late(&an, 4).expect_err("agreed already").name, "approved_by_you");
}

fn an_objection_without_an_outcome_stays() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    grants.object("2024-06-11", &id, &[("不属实", "")]);
    let write = |rows: &[(&str, &str)]| {
        let row = |(said, outcome): &(&str, &str)| {
            vec![("said".to_owned(), text(said)), ("outcome".to_owned(), text(outcome))]
        };
        let children = vec![("objection".to_owned(), rows.iter().map(row).collect::<Rows>())];
        let version = grants.file("aid", &id).version;
        let entry = Entry { register: "aid".into(), children, ..Entry::default() };
        let command = Command::Correct { id: id.clone(), version, entry };
        let now = model::Moment { day: crate::county::day("2024-06-12"), at_ms: 0 };
        grants.0.store.rehearse(&cadre(), now, command).map(drop).map_err(|refusal| refusal.name)
    };
    for (rows, is_kept) in [
        (&[][..], false),
        (&[("有误", "")], true),
        (&[("不属实", "已撤回")], true),
        (&[("不属实", ""), ("另一条", "")], true),
        (&[("不属实", "已核实"), ("另一条", "")], true),
    ] {
        assert_eq!(write(rows), if is_kept { Ok(()) } else { Err("objection_removed") }, "{rows:?}");
    }
    grants.object("2024-06-12", &id, &[("不属实", "已撤回")]);
    assert_eq!(write(&[]), Ok(()), "what has its outcome may be corrected away");
}
