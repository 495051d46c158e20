//! A step taken back, for each kind of what may have followed from it: what comes back, what stays, who may, until when.

use crate::county::{actor, day, place};
use crate::grants::{Grants, cadre, kind, person};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES};
use lifecycle::RefusalKind as Kind;
use model::Actor;
use store::{Command, FollowedKind, RecordFile, Refusal, RefusalKind, system_actor};

on_both![
    every_step_comes_back_to_where_it_began,
    the_reason_is_needed_and_kept,
    only_who_took_the_last_step_takes_it_back,
    what_is_no_step_is_not_taken_back,
    a_step_that_is_taken_back_may_be_taken_again_and_waits_anew,
    an_attachment_is_taken_back_and_the_record_stays,
    a_record_that_was_taken_along_comes_back_with_it,
    a_look_at_a_record_does_not_stand_in_the_way,
    an_old_version_is_told_who_was_quicker,
    the_page_offers_it_to_whom_it_is_offered,
];

fn an() -> Actor {
    person("an", "clerk")
}

fn bo() -> Actor {
    person("bo", "county")
}

/// What stands of a record: everything but its version and its history.
fn standing(file: &RecordFile) -> RecordFile {
    RecordFile {
        version: model::Version(0),
        history: Vec::new(),
        course: store::CourseShown::default(),
        ..file.clone()
    }
}

fn undo_with(grants: &Grants, who: &Actor, id: &str, version: i64, why: &str) -> Result<store::Receipt, Refusal> {
    let (register, id, why) = ("aid".to_owned(), id.to_owned(), why.to_owned());
    grants.apply(who, "2024-06-20", Command::UndoStep { register, id, version: model::Version(version), why })
}

fn every_step_comes_back_to_where_it_began() {
    // How a grant comes to the step, who takes it, and the step with what it brings.
    type Before = fn(&Grants, &str) -> String;
    type Brings = &'static [(&'static str, &'static str)];
    let opinion: Brings = &[("opinion", "缺材料")];
    let cases: [(&str, Before, Actor, Brings); 6] = [
        ("publish", |grants, number| grants.enter(number, 100), cadre(), &[]),
        ("pause", |grants, number| grants.enter(number, 100), an(), opinion),
        ("take_up", paused, an(), opinion),
        ("approve", |grants, number| grants.put_up(number, 100), an(), &[]),
        ("approve", agreed_by_one, bo(), &[]),
        ("close", |grants, number| grants.approved(number, 100).0, an(), &[]),
    ];
    let grants = Grants::new();
    for (number, (step, before, who, brings)) in cases.into_iter().enumerate() {
        let id = before(&grants, &format!("G{number}"));
        let then = grants.file("aid", &id);
        let receipt = grants.step_with(&who, "2024-06-20", &id, step, brings).expect(step);
        assert_eq!(receipt.version, Some(then.version.next()), "{step}");
        let undone = grants.undo(&who, "2024-06-20", &id).expect(step);
        assert_eq!((undone.version, undone.changed), (Some(then.version.next().next()), 1), "{step}");
        let now = grants.file("aid", &id);
        assert_eq!(standing(&now), standing(&then), "{step}");
        let actions: Vec<&str> = now.history[..2].iter().map(|event| event.action.as_str()).collect();
        assert_eq!(actions, ["step_undone", step], "both stay in the history");
        assert_eq!(now.course.approvals, then.course.approvals, "{step}");
        assert_eq!(now.course.clocks, then.course.clocks, "{step}");
        let number = |sql: &str| grants.0.place().number(sql);
        assert_eq!(number(&format!("select count(*) from notice where step = '{step}'")), 0, "{step} is told no more");
    }
    grants.0.store.verify().expect("the log holds");
}

fn paused(grants: &Grants, number: &str) -> String {
    let id = grants.enter(number, 100);
    grants.step_with(&an(), "2024-06-10", &id, "pause", &[("opinion", "缺材料")]).expect("pauses");
    id
}

fn agreed_by_one(grants: &Grants, number: &str) -> String {
    let id = grants.put_up(number, 100);
    grants.step(&an(), "2024-06-16", &id, "approve").expect("one agrees");
    id
}

fn the_reason_is_needed_and_kept() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    for blank in ["", " ", "\u{3000}", "\t\n", "\u{200B}"] {
        let refusal = undo_with(&grants, &cadre(), &id, 2, blank).expect_err("no reason");
        assert!(matches!(refusal.kind, RefusalKind::Invalid), "{blank:?}");
        assert_eq!((refusal.what.chinese(), refusal.hint.chinese()), ("撤销步骤须写明原因", "请填写原因后重新提交"));
        let english = (refusal.what.english(), refusal.hint.english());
        assert_eq!(english, ("Taking a step back needs its reason", "Say why and submit again."));
    }
    undo_with(&grants, &cadre(), &id, 2, "点错了").expect("is taken back");
    let file = grants.file("aid", &id);
    assert_eq!(file.history[0].action, "step_undone");
    let why = file.history[0].changes.iter().find(|(name, ..)| name == "_why").expect("is told");
    assert_eq!(why.2, "点错了");
}

fn only_who_took_the_last_step_takes_it_back() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    let cases = [
        (an(), false),
        (bo(), false),
        (person("other", "cadre"), false),
        (Actor { account: cadre().account, ..an() }, true),
        (system_actor(place("99")), false),
    ];
    for (who, may) in cases {
        let (register, id, why) = ("aid".to_owned(), id.clone(), "点错了".to_owned());
        let undo = Command::UndoStep { register, id, version: model::Version(2), why };
        let outcome = grants.0.store.rehearse(&who, model::Moment { day: day("2024-06-20"), at_ms: AT_MS }, undo);
        assert_eq!(outcome.is_ok(), may, "{} {}: {outcome:?}", who.account, who.role);
        if let Err(refusal) = outcome {
            assert!(matches!(refusal.kind, RefusalKind::NotAllowed | RefusalKind::NotFound), "{refusal:?}");
            if who.region.holds(place(VILLAGES[0])) {
                assert!(
                    refusal.what.chinese().contains("公示") && refusal.what.english().contains("Put up"),
                    "{}",
                    refusal.what.chinese()
                );
            }
        }
    }
    let far = actor("cadre", VILLAGES[3]);
    let outside = undo_with(&grants, &Actor { account: cadre().account, ..far }, &id, 2, "点错了");
    assert!(matches!(outside.expect_err("lies outside").kind, RefusalKind::NotFound), "moved elsewhere meanwhile");
}

fn what_is_no_step_is_not_taken_back() {
    let grants = Grants::new();
    let id = grants.enter("G1", 100);
    let refusal = grants.undo(&cadre(), "2024-06-20", &id).expect_err("it was only entered");
    assert!(matches!(refusal.kind, RefusalKind::Conflict), "{refusal:?}");
    assert!(refusal.what.chinese().starts_with("记录最近一次变动不是一个可以撤销的步骤"), "{}", refusal.what.chinese());
    assert!(refusal.what.english().starts_with("The last change of the record is no step that can be taken back"));
    assert_eq!(refusal.hint.chinese(), "请按步骤退回,或更正记录");
    // An objection that came since is work on the record.
    let id = grants.put_up("G2", 100);
    grants.object("2024-06-12", &id, &[("不符合条件", "")]);
    assert!(matches!(grants.undo(&cadre(), "2024-06-20", &id).expect_err("objected").kind, RefusalKind::Conflict));
    // So is a notice that came down by itself.
    let id = grants.put_up("G3", 100);
    grants.0.store.go_on(model::Moment { day: day("2024-06-16"), at_ms: AT_MS }).expect("goes on");
    assert!(matches!(grants.undo(&cadre(), "2024-06-20", &id).expect_err("came down").kind, RefusalKind::Conflict));
    let refusal = undo_with(&grants, &cadre(), "0000000000000000", 1, "点错了").expect_err("is none");
    assert!(matches!(refusal.kind, RefusalKind::NotFound));
}

fn a_step_that_is_taken_back_may_be_taken_again_and_waits_anew() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    grants.undo(&cadre(), "2024-06-12", &id).expect("is taken back");
    assert_eq!(kind(grants.step(&an(), "2024-06-30", &id, "approve")), Kind::WrongState);
    grants.step(&cadre(), "2024-06-20", &id, "publish").expect("is put up again");
    assert_eq!(kind(grants.step(&an(), "2024-06-25", &id, "approve")), Kind::TooEarly(day("2024-06-26")));
    grants.step(&an(), "2024-06-26", &id, "approve").expect("the days of the second notice are over");
    // An agreement that was taken back is none.
    grants.undo(&an(), "2024-06-26", &id).expect("is taken back");
    grants.step(&bo(), "2024-06-26", &id, "approve").expect("one agrees");
    assert_eq!(grants.state("aid", &id), "public", "one of two");
    grants.step(&an(), "2024-06-26", &id, "approve").expect("the other agrees");
    assert_eq!(grants.state("aid", &id), "approved");
}

fn an_attachment_is_taken_back_and_the_record_stays() {
    let grants = Grants::new();
    let (_, first) = grants.approved("G1", 100);
    let visit = first.followed[1].id.clone();
    let (second, receipt) = grants.approved("G2", 200);
    assert_eq!(receipt.followed[1].what, FollowedKind::Attached);
    let then = standing(&grants.file("visit", &visit));
    grants.undo(&bo(), "2024-06-16", &second).expect("is taken back");
    let file = grants.file("visit", &visit);
    assert_eq!((standing(&file), file.is_withdrawn), (then, false), "the visit of the first grant stays");
    assert_eq!(file.history[0].action, "detached");
    let again = grants.step(&bo(), "2024-06-17", &second, "approve").expect("agrees again");
    assert_eq!((again.followed[1].what, again.followed[1].id.as_str()), (FollowedKind::Attached, visit.as_str()));
}

fn a_record_that_was_taken_along_comes_back_with_it() {
    let grants = Grants::new();
    let (id, receipt) = grants.approved("G1", 100);
    let visit = receipt.followed[1].id.clone();
    let then = standing(&grants.file("visit", &visit));
    grants.step(&an(), "2024-06-20", &id, "close").expect("is closed");
    assert_eq!(grants.state("visit", &visit), "done");
    grants.undo(&an(), "2024-06-20", &id).expect("is taken back");
    assert_eq!((grants.state("aid", &id), standing(&grants.file("visit", &visit))), ("approved".into(), then));
    let (register, why) = ("visit".to_owned(), "点错了".to_owned());
    let version = grants.file("visit", &visit).version;
    let alone = grants.apply(&cadre(), "2024-06-21", Command::UndoStep { register, id: visit, version, why });
    assert!(alone.is_err(), "what followed is taken back with its step only");
}

fn a_look_at_a_record_does_not_stand_in_the_way() {
    let valley = crate::valley::Valley::new();
    let id = valley.enter("G1", &[]);
    let fields = vec![("minutes".to_owned(), crate::valley::text("同意"))];
    let (register, step) = ("garden".to_owned(), "publish".to_owned());
    let clerk = crate::valley::clerk();
    let publish = Command::TakeStep {
        register: register.clone(),
        id: id.clone(),
        version: Some(model::Version(1)),
        step,
        fields,
    };
    valley.apply(&clerk, "2024-06-03", publish).expect("is put up");
    let (field, purpose) = ("keeper_phone".to_owned(), "回访核实".to_owned());
    let look = Command::Unmask { register: register.clone(), id: id.clone(), field, purpose };
    valley.apply(&clerk, "2024-06-03", look).expect("is looked at");
    let file = || valley.store.view(&clerk).record("garden", &id, day("2024-06-04")).expect("reads").expect("is there");
    assert!(file().course.may_undo);
    let undo = Command::UndoStep { register, id: id.clone(), version: model::Version(2), why: "点错了".into() };
    valley.apply(&clerk, "2024-06-03", undo).expect("is taken back");
    assert_eq!((file().state.as_deref(), file().due_on), (Some("drafted"), Some(day("2024-06-12"))));
    let county = actor("county", "990101");
    assert!(valley.store.view(&county).notices().expect("reads").is_empty(), "what was told is told no more");
}

fn an_old_version_is_told_who_was_quicker() {
    let grants = Grants::new();
    let id = agreed_by_one(&grants, "G1");
    let refusal = undo_with(&grants, &cadre(), &id, 2, "点错了").expect_err("somebody agreed since");
    assert!(matches!(refusal.kind, RefusalKind::Conflict));
    assert!(
        refusal.what.chinese().contains("已被他人修改") && refusal.what.chinese().contains("核定"),
        "{}",
        refusal.what.chinese()
    );
    assert!(refusal.what.english().contains("an on 2024-06-16"), "{}", refusal.what.english());
    let ahead = undo_with(&grants, &an(), &id, 99, "点错了").expect_err("there is no such version");
    assert!(matches!(ahead.kind, RefusalKind::Conflict));
    assert!(ahead.what.chinese().contains("不是这条记录的版本"), "{}", ahead.what.chinese());
    undo_with(&grants, &an(), &id, 3, "点错了").expect("from the version that stands");
}

fn the_page_offers_it_to_whom_it_is_offered() {
    let grants = Grants::new();
    let (id, _) = grants.approved("G1", 100);
    let may = |who: &Actor| {
        let file = grants.0.store.view(who).record("aid", &id, day("2024-06-20")).expect("reads").expect("is there");
        file.course.may_undo
    };
    assert_eq!((may(&bo()), may(&an()), may(&cadre())), (true, false, false), "the last one only");
    let view = grants.0.store.view(&bo());
    let followed = view.record("aid", &id, day("2024-06-20")).expect("reads").expect("is there").course.followed;
    let told: Vec<_> = followed.iter().map(|one| (one.register.as_str(), one.action.as_str(), one.is_seen)).collect();
    assert_eq!(told, [("visit", "opened", false)], "of a register that is not seen nothing but its name");
    let view = grants.0.store.view(&cadre());
    let followed = view.record("aid", &id, day("2024-06-20")).expect("reads").expect("is there").course.followed;
    assert!(followed[0].is_seen);
    grants.undo(&bo(), "2024-06-20", &id).expect("is taken back");
    assert!(!may(&bo()) && !may(&an()), "what was taken back is not offered again");
}
