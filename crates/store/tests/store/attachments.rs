//! Files kept with records: once by their content, for those who see the record that names them, now or before.

use crate::county::{actor, day};
use crate::place::on_both;
use crate::valley::{VILLAGES, Valley, clerk, garden, text};
use model::Actor;
use store::{Command, Entry, NewAttachment, Receipt, Refusal, RefusalKind};

on_both![
    a_file_is_kept_once_by_its_content,
    empty_and_too_large_files_are_refused,
    who_works_on_no_record_keeps_no_file,
    a_file_is_read_through_a_record_that_names_it,
    a_file_that_was_named_before_is_read_where_one_looks_back,
    to_name_the_file_of_somebody_else_does_not_open_it,
    a_file_that_no_record_names_is_read_by_nobody,
    what_was_brought_twice_is_of_both,
];

/// The most that is kept, in bytes.
const MOST: usize = 8 << 20;

fn keep(valley: &Valley, who: &Actor, content: &[u8]) -> Result<Receipt, Refusal> {
    let new = NewAttachment { media: "image/png".into(), content: content.to_vec() };
    valley.apply(who, "2024-06-02", Command::SaveAttachment(new))
}

fn kept(valley: &Valley, who: &Actor, content: &[u8]) -> String {
    keep(valley, who, content).expect("is kept").id.expect("a name")
}

/// A garden of the first village with these photos.
fn with_photos(valley: &Valley, who: &Actor, number: &str, hashes: &[&str]) -> String {
    let entry = garden(number, VILLAGES[0], &[("photos", photos(hashes))]);
    valley.apply(who, "2024-06-02", Command::Enter(entry)).expect("is entered").id.expect("an id")
}

fn photos(hashes: &[&str]) -> model::Value {
    match hashes {
        [] => model::Value::Null,
        hashes => text(&hashes.iter().map(|hash| format!("{hash}:照片.png")).collect::<Vec<_>>().join("\n")),
    }
}

fn correct(valley: &Valley, who: &Actor, id: &str, version: i64, hashes: &[&str]) {
    let fields = vec![("photos".to_owned(), photos(hashes))];
    let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
    valley
        .apply(who, "2024-06-03", Command::Correct { id: id.to_owned(), version: model::Version(version), entry })
        .expect("is corrected");
}

fn read(valley: &Valley, who: &Actor, id: &str, hash: &str) -> Option<Vec<u8>> {
    let found = valley.store.view(who).attachment("garden", id, hash).expect("reads");
    found.map(|(media, content)| {
        assert_eq!(media, "image/png");
        content
    })
}

fn a_file_is_kept_once_by_its_content() {
    let valley = Valley::new();
    let number = || valley.place().number("select count(*) from attachment");
    let first = keep(&valley, &clerk(), b"picture").expect("is kept");
    assert_eq!((first.added, number()), (1, 1));
    // SHA-256 of the seven letters.
    let name = first.id.expect("a name");
    assert_eq!((name.len(), name.bytes().all(|byte| byte.is_ascii_hexdigit())), (64, true));
    for who in [clerk(), actor("cadre", VILLAGES[0]), clerk()] {
        let again = keep(&valley, &who, b"picture").expect("is kept");
        assert_eq!((again.added, again.id.as_deref(), number()), (0, Some(name.as_str()), 1));
    }
    let other = keep(&valley, &clerk(), b"picture ").expect("is kept");
    assert_eq!((other.added, number()), (1, 2), "one letter more is another file");
    assert_ne!(other.id.as_deref(), Some(name.as_str()));
    assert_eq!(valley.store.verify().expect("holds").attachments, 2);
}

fn empty_and_too_large_files_are_refused() {
    let valley = Valley::new();
    for (bytes, is_kept) in [(0, false), (1, true), (MOST, true), (MOST + 1, false)] {
        match keep(&valley, &clerk(), &vec![7; bytes]) {
            Ok(receipt) => assert!(is_kept && receipt.added == 1, "{bytes}"),
            Err(refusal) => {
                assert!(!is_kept && matches!(refusal.kind, RefusalKind::Invalid), "{bytes}");
                assert_eq!(
                    (refusal.what.chinese(), refusal.hint.chinese()),
                    ("附件为空或超过 8 MB", "请压缩后重新上传")
                );
                assert_eq!(refusal.what.english(), "The file is empty or larger than 8 MB");
                assert_eq!(refusal.hint.english(), "Make it smaller and attach it again.");
            }
        }
    }
    assert_eq!(valley.place().number("select count(*) from attachment"), 2);
}

fn who_works_on_no_record_keeps_no_file() {
    let valley = Valley::new();
    let of = |department: &str| Actor { department: Some(department.into()), ..actor("officer", "990101") };
    let cases = [
        (actor("cadre", VILLAGES[0]), true),
        (clerk(), true),
        (actor("county", "990101"), true),
        // May see gardens and bring them in files, but takes no step and enters none.
        (of("farming"), false),
        (of("medical"), false),
        (actor("analyst", "99"), false),
        (actor("unknown", "99"), false),
    ];
    for (who, may) in cases {
        let outcome = keep(&valley, &who, b"picture");
        assert_eq!(outcome.is_ok(), may, "{} {:?}", who.account, who.department);
        if let Err(refusal) = outcome {
            assert!(matches!(refusal.kind, RefusalKind::NotAllowed), "{}", who.account);
            assert_eq!(refusal.what.chinese(), "您的岗位或辖区不能上传附件");
            assert_eq!(refusal.what.english(), "Your role or place may not attach files");
        }
    }
}

fn a_file_is_read_through_a_record_that_names_it() {
    let valley = Valley::new();
    let [one, other, loose] = [&b"one"[..], b"other", b"loose"].map(|content| kept(&valley, &clerk(), content));
    let id = with_photos(&valley, &clerk(), "G1", &[&one, &other]);
    let beside = with_photos(&valley, &clerk(), "G2", &[&other]);
    assert_eq!(read(&valley, &clerk(), &id, &one).as_deref(), Some(&b"one"[..]));
    assert_eq!(read(&valley, &clerk(), &id, &other).as_deref(), Some(&b"other"[..]), "the second of two");
    assert_eq!(read(&valley, &clerk(), &id, &loose), None);
    assert_eq!(read(&valley, &clerk(), &beside, &one), None, "another record names it");
    for wrong in ["", "照片.png", &one[..63], &one.to_uppercase(), &format!("{one}:照片.png"), &"0".repeat(64)] {
        assert_eq!(read(&valley, &clerk(), &id, wrong), None, "{wrong}");
    }
    let readers = [
        (actor("cadre", VILLAGES[0]), true),
        (actor("cadre", VILLAGES[1]), false),
        (actor("clerk", "990101200"), false),
        (actor("county", "990101"), true),
        (actor("county", "990102"), false),
        (actor("analyst", "99"), true),
    ];
    for (who, sees) in readers {
        assert_eq!(read(&valley, &who, &id, &one).is_some(), sees, "{}", who.account);
        assert_eq!(read(&valley, &who, "0000000000000000", &one), None, "no such record");
    }
    let stranger = Actor { department: Some("medical".into()), ..actor("officer", "990101") };
    let refused = valley.store.view(&stranger).attachment("garden", &id, &one);
    assert!(matches!(refused.expect_err("does not see the register").kind, RefusalKind::NotFound));
}

fn a_file_that_was_named_before_is_read_where_one_looks_back() {
    let valley = Valley::new();
    let [one, other] = [&b"one"[..], b"other"].map(|content| kept(&valley, &clerk(), content));
    let id = with_photos(&valley, &clerk(), "G1", &[&one]);
    correct(&valley, &clerk(), &id, 1, &[&other]);
    correct(&valley, &clerk(), &id, 2, &[]);
    for hash in [&one, &other] {
        assert!(read(&valley, &clerk(), &id, hash).is_some(), "it was named once");
    }
    let as_of = |on: &str| {
        let file = valley.store.view(&clerk()).record_as_of("garden", &id, day(on)).expect("reads").expect("was there");
        file.fields.into_iter().find(|field| field.name == "photos").expect("a field").value
    };
    assert_eq!((as_of("2024-06-02"), as_of("2024-06-03")), (photos(&[&one]), photos(&[])));
    assert!(read(&valley, &actor("cadre", VILLAGES[1]), &id, &one).is_none(), "the past lies outside too");
}

fn to_name_the_file_of_somebody_else_does_not_open_it() {
    let valley = Valley::new();
    let far = actor("clerk", "990101200");
    let secret = kept(&valley, &clerk(), b"secret");
    with_photos(&valley, &clerk(), "G1", &[&secret]);
    // Who knows the name puts it into a record of their own.
    let own = garden("H1", VILLAGES[2], &[("photos", photos(&[&secret]))]);
    let own = valley.apply(&far, "2024-06-02", Command::Enter(own)).expect("is entered").id.expect("an id");
    assert_eq!(read(&valley, &far, &own, &secret), None, "they did not bring it");
    assert_eq!(read(&valley, &actor("county", "990101"), &own, &secret), None, "nor does it open for others there");
    // A colleague who has it works on the record: then it is the record's.
    let colleague = Actor { account: clerk().account, ..actor("clerk", "990101200") };
    correct(&valley, &colleague, &own, 1, &[&secret, &"0".repeat(64)]);
    assert_eq!(read(&valley, &far, &own, &secret).as_deref(), Some(&b"secret"[..]));
}

fn a_file_that_no_record_names_is_read_by_nobody() {
    let valley = Valley::new();
    let orphan = kept(&valley, &clerk(), b"orphan");
    let id = with_photos(&valley, &clerk(), "G1", &[]);
    for who in [clerk(), actor("county", "990101"), store::system_actor(crate::county::place("99"))] {
        assert_eq!(read(&valley, &who, &id, &orphan), None, "{}", who.account);
    }
    let report = valley.store.verify().expect("it is kept and looked at all the same");
    assert_eq!(report.attachments, 1);
    correct(&valley, &clerk(), &id, 1, &[&orphan]);
    assert!(read(&valley, &actor("county", "990101"), &id, &orphan).is_some(), "named at last");
}

fn what_was_brought_twice_is_of_both() {
    let valley = Valley::new();
    let (one, other) = (actor("cadre", VILLAGES[0]), actor("cadre", VILLAGES[1]));
    let hash = kept(&valley, &one, b"same");
    assert_eq!(kept(&valley, &other, b"same"), hash);
    let first = with_photos(&valley, &one, "G1", &[&hash]);
    let entry = garden("G2", VILLAGES[1], &[("photos", photos(&[&hash]))]);
    let second = valley.apply(&other, "2024-06-02", Command::Enter(entry)).expect("is entered").id.expect("an id");
    for (who, own, far) in [(&one, &first, &second), (&other, &second, &first)] {
        assert!(read(&valley, who, own, &hash).is_some(), "{}", who.account);
        assert!(read(&valley, who, far, &hash).is_none(), "{}", who.account);
    }
}
