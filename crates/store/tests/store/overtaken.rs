//! A correction made from an earlier version is told who changed what meanwhile.

use crate::county::day;
use crate::place::on_both;
use crate::valley::{Valley, clerk, decimal, text};
use model::{Actor, Value, Version};
use store::{Command, Entry, Receipt, Refusal, RefusalKind};

fn colleague() -> Actor {
    Actor { account: "colleague".into(), ..clerk() }
}

struct Garden {
    valley: Valley,
    id: String,
}

impl Garden {
    fn new() -> Garden {
        let valley = Valley::new();
        let id = valley.enter("G1", &[("area_mu", decimal("3"))]);
        Garden { valley, id }
    }

    fn correct(&self, who: &Actor, version: i64, fields: &[(&str, Value)]) -> Result<Receipt, Refusal> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        self.valley.apply(who, "2024-06-03", Command::Correct { id: self.id.clone(), version: Version(version), entry })
    }

    fn late(&self, version: i64) -> Refusal {
        let refusal = self.correct(&clerk(), version, &[("keeper_name", text("尔哈"))]).expect_err("was overtaken");
        assert!(matches!(refusal.kind, RefusalKind::Conflict));
        refusal
    }
}

/// Fields, who changed them, and whether it was the reader.
fn since(refusal: &Refusal) -> Vec<(&str, &str, bool)> {
    refusal.since.iter().map(|one| (one.field.as_str(), one.by.as_str(), one.is_own)).collect()
}

fn every_change_is_told_with_its_own_author() {
    let garden = Garden::new();
    garden.correct(&colleague(), 1, &[("area_mu", decimal("4"))]).expect("is corrected");
    garden.correct(&clerk(), 2, &[("keeper_phone", text("13900001111"))]).expect("is corrected");
    let refusal = garden.late(1);
    let own = clerk().account;
    assert_eq!(since(&refusal), [("keeper_phone", own.as_str(), true), ("area_mu", "colleague", false)]);
    for part in ["已被他人修改", "colleague 于 2024-06-03", "”:面积", "您本人 于 2024-06-03", "”:看管人电话"]
    {
        assert!(refusal.what.chinese().contains(part), "{part}: {}", refusal.what.chinese());
    }
    for part in ["colleague on 2024-06-03", "changed: Area", "yourself on 2024-06-03", "changed: Keeper's phone"] {
        assert!(refusal.what.english().contains(part), "{part}: {}", refusal.what.english());
    }
    assert!(
        !refusal.what.chinese().contains(&own),
        "the reader is not told of as of somebody else: {}",
        refusal.what.chinese()
    );
}

fn own_changes_are_no_changes_of_others() {
    let garden = Garden::new();
    garden.correct(&clerk(), 1, &[("area_mu", decimal("4"))]).expect("is corrected");
    let refusal = garden.late(1);
    assert!(
        refusal.what.chinese().contains("由您本人在别处修改") && !refusal.what.chinese().contains("他人"),
        "{}",
        refusal.what.chinese()
    );
    assert_eq!(since(&refusal).len(), 1);
}

fn what_was_changed_back_is_not_told_as_changed() {
    let garden = Garden::new();
    garden.correct(&colleague(), 1, &[("area_mu", decimal("4")), ("keeper_name", text("阿芝"))]).expect("is corrected");
    garden.correct(&clerk(), 2, &[("area_mu", decimal("3"))]).expect("is corrected");
    let refusal = garden.late(1);
    assert_eq!(since(&refusal), [("keeper_name", "colleague", false)]);
    assert!(
        !refusal.what.chinese().contains("面积") && !refusal.what.chinese().contains("您本人"),
        "{}",
        refusal.what.chinese()
    );
    garden.correct(&colleague(), 3, &[("keeper_name", text("阿依"))]).expect("is corrected");
    let refusal = garden.late(1);
    assert!(refusal.since.is_empty() && refusal.what.chinese().contains("又改了回来"), "{}", refusal.what.chinese());
    let seen = garden.valley.store.view(&clerk()).record("garden", &garden.id, day("2024-06-03")).expect("reads");
    assert_eq!(seen.expect("is there").version, Version(4), "nothing was saved");
}

on_both!(
    every_change_is_told_with_its_own_author,
    own_changes_are_no_changes_of_others,
    what_was_changed_back_is_not_told_as_changed,
    a_withdrawn_record_says_who_withdrew_it,
);

fn a_withdrawn_record_says_who_withdrew_it() {
    let garden = Garden::new();
    let (register, id, why) = ("garden".to_owned(), garden.id.clone(), "重复登记".to_owned());
    let withdraw = Command::Withdraw { register: register.clone(), id: id.clone(), version: Version(1), why };
    garden.valley.apply(&colleague(), "2024-06-03", withdraw).expect("is withdrawn");
    let step = |version| {
        let (register, id, step) = (register.clone(), id.clone(), "patrol".to_owned());
        let command = Command::TakeStep { register, id, version, step, fields: Vec::new() };
        garden.valley.apply(&clerk(), "2024-06-04", command).expect_err("is withdrawn")
    };
    let told = [
        (garden.late(1), "overtaken"),
        (step(Some(Version(1))), "overtaken"),
        (step(None), "record_withdrawn_already"),
    ];
    for (refusal, name) in told {
        assert_eq!(refusal.name, name);
        for part in ["colleague", "2024-06-03", "withdrawn"] {
            assert!(refusal.what.english().contains(part), "{part}: {}", refusal.what.english());
        }
    }
}
