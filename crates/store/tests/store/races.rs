//! Two programs change one record at the same time: one wins, the other is told who was quicker, and when.
//!
//! `SHOUWANG_RACES` sets the number of pairs; `cargo xtask simulate races --times 10000` runs many.

use crate::county::{account, key, place};
use crate::place::on_both;
use crate::valley::{AT_MS, Valley, decimal, package, text};
use model::{Actor, Moment, Value, Version};
use std::sync::Barrier;
use store::{Command, Entry, Receipt, Refusal, RefusalKind, Store};

on_both![of_two_who_change_one_record_one_wins_and_the_other_learns_who];

/// Pairs that change the same record before the next record's turn.
const PAIRS_OF_A_RECORD: u64 = 88;

fn of_two_who_change_one_record_one_wins_and_the_other_learns_who() {
    let pairs = crate::chaos::number_from("SHOUWANG_RACES", 400);
    let valley = Valley::new();
    let other = Store::open(valley.location(), package(), &key()).expect("a second program opens");
    let names = ["阿木", "阿果"];
    let actors = names.map(|name| {
        let mut new = account(&format!("clerk-{name}"), "clerk", "990101100", None);
        new.shown_name = name.to_owned();
        valley.system(Command::AddAccount(new)).expect("is added");
        let account = format!("clerk-{name}");
        Actor { account, shown_name: name.into(), role: "clerk".into(), region: place("990101100"), department: None }
    });
    let mut won = [0_u64; 2];
    let (mut id, mut version) = (String::new(), Version::FIRST);
    for pair in 0..pairs {
        if pair % PAIRS_OF_A_RECORD == 0 {
            (id, version) = (valley.enter(&format!("R{pair}"), &[]), Version::FIRST);
        }
        let outcomes = race(pair, [&valley.store, &other], &actors, &id, version);
        let winners: Vec<usize> = (0..2).filter(|index| outcomes[*index].is_ok()).collect();
        assert_eq!(winners.len(), 1, "pair {pair}: exactly one wins: {outcomes:?}");
        let loser = outcomes[1 - winners[0]].as_ref().expect_err("the other one lost");
        assert!(matches!(loser.kind, RefusalKind::Conflict), "pair {pair}: {loser:?}");
        let tells = loser.what.chinese().contains(names[winners[0]]) && loser.what.chinese().contains("2024-06-03");
        assert!(tells, "pair {pair}: the loser is told who and when: {}", loser.what.chinese());
        won[winners[0]] += 1;
        version = version.next();
    }
    let events = valley.store.verify().expect("the chain holds").events;
    println!("{pairs} pairs on {:?}: won {} and {}, {events} events", crate::place::on(), won[0], won[1]);
}

/// Both change the record at once: they correct it, look after it (a step that leads back to the same state), publish it, or
/// send it back, in turn.
fn race(
    pair: u64,
    stores: [&Store; 2],
    actors: &[Actor; 2],
    id: &str,
    version: Version,
) -> [Result<Receipt, Refusal>; 2] {
    let step = |step: &str, fields: Vec<(String, Value)>| Command::TakeStep {
        register: "garden".into(),
        id: id.into(),
        version: Some(version),
        step: step.into(),
        fields,
    };
    let command = |side: usize| match pair % 4 {
        0 => {
            let fields = vec![("area_mu".to_owned(), decimal(&format!("{}.{side}", pair % 900 + 1)))];
            let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
            Command::Correct { id: id.into(), version, entry }
        }
        1 => step("patrol", vec![("minutes".to_owned(), text(&format!("已巡查 {side}")))]),
        2 => step("publish", vec![("minutes".to_owned(), text(&format!("一致同意 {side}")))]),
        _ => step("send_back", Vec::new()),
    };
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let sides = [0, 1].map(|side| {
            let (command, start) = (command(side), &start);
            scope.spawn(move || {
                start.wait();
                stores[side].apply(
                    &actors[side],
                    Moment { day: crate::county::day("2024-06-03"), at_ms: AT_MS },
                    command,
                )
            })
        });
        sides.map(|side| side.join().expect("no thread breaks"))
    })
}
