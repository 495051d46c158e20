//! Any forged event is found.

use crate::county::{County, actor, day, declarations, key, lead, place};
use crate::place::{On, on, on_both};
use model::Moment;
use store::{ChainBreak, Command, Store, StoreKey, system_actor};

on_both![
    an_honest_log_holds_and_counts_its_events,
    every_forgery_is_found,
    forged_years_attachments_and_checkpoints_are_found,
    checkpoints_are_signed_every_thousand_events,
    another_key_opens_nothing,
    settings_leave_an_event_and_are_read_back,
];

fn county_with_history() -> County {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, "990101100201", "2024-06-03", 1)]).expect("is published");
    county.step(&actor("cadre", "990101100201"), "2024-06-04", "1-20240603", "start", "").expect("is begun");
    county.step(&actor("cadre", "990101100201"), "2024-06-05", "1-20240603", "close", "01").expect("is closed");
    county
}

fn an_honest_log_holds_and_counts_its_events() {
    let county = county_with_history();
    let report = county.store.verify().expect("the log holds");
    assert_eq!(report.chains, 4, "two counties, the prefecture and the province");
    assert_eq!(
        report.events,
        4 + 2 + 2 + 2 + 2,
        "places, households, residents (one for each file and county), lead and screening, steps"
    );
}

fn every_forgery_is_found() {
    let forgeries = [
        (
            "altered count",
            "update event set after = replace(after, '_records\":3', '_records\":2') where register = 'household'",
        ),
        ("altered actor", "update event set account = 'another' where action = 'close'"),
        ("altered role", "update event set role = 'county' where action = 'close'"),
        ("altered day", "update event set day = '2024-06-01' where action = 'close'"),
        ("altered instant", "update event set at_ms = at_ms - 1 where action = 'close'"),
        ("altered action", "update event set action = 'start' where action = 'close'"),
        ("altered record", "update event set record = '2-20240603' where action = 'close'"),
        ("altered household", "update event set household_no = 2 where action = 'close'"),
        ("altered before", "update event set before = '{}' where action = 'close'"),
        ("shown with another record", "update event set record_id = 7 where action = 'close'"),
        ("moved to another register", "update event set register = 'resident' where action = 'close'"),
        ("removed inside", "delete from event where action = 'start'"),
        ("removed at the end", "delete from event where action = 'close'"),
        (
            "removed at the end, head wound back",
            "delete from event where action = 'close';
          update chain_head set position = position - 1, hash = (select hash from event where action = 'start')
          where chain = '990101000000'",
        ),
        (
            "chain cut off",
            "delete from event where chain = '990102000000';
          delete from chain_head where chain = '990102000000'",
        ),
        (
            "inserted",
            "insert into event select seq + 1000, chain, position + 1, account, role, day, at_ms, register, record,
          household_no, 'reopen', before, after, hash, record_id from event where action = 'close'",
        ),
        (
            "inserted twin",
            "update event set position = position + 1000 where action = 'close';
          update event set position = position - 1000 where action = 'close';
          insert into event select seq + 1000, 'x', 1, account, role, day, at_ms, register, record,
          household_no, action, before, after, hash, record_id from event where action = 'close'",
        ),
        (
            "reordered",
            "update event set position = -1 where action = 'start';
          update event set position = position - 1 where action = 'close';
          update event set position = (select position + 1 from event where action = 'close') where action = 'start'",
        ),
        ("moved to another chain", "update event set chain = '990102000000', position = 99 where action = 'close'"),
        ("hash replaced", "update event set hash = 'ffff' where action = 'close'"),
        ("signature replaced", "update chain_head set signature = 'ffff' where chain = '990101000000'"),
        ("totals replaced", "update installation set value = '1 1 ffff' where name = 'log_seal'"),
        ("totals removed", "delete from installation where name = 'log_seal'"),
    ];
    for (what, sql) in forgeries {
        let county = county_with_history();
        county.store.verify().expect("it holds before");
        let touched = county.place.forge(sql);
        assert!(touched > 0 || what == "removed at the end", "{what}: the forgery changed something");
        assert!(matches!(county.store.verify(), Err(ChainBreak::Broken { .. })), "{what} is found");
    }
}

fn forged_years_attachments_and_checkpoints_are_found() {
    let forgeries = [
        (
            "frozen document",
            "update frozen set document = replace(document, '吉木', '吉本') where register = 'household'",
        ),
        ("frozen digest", "update frozen set digest = 'ffff' where register = 'household'"),
        ("frozen number", "update frozen set records = records + 1 where register = 'household'"),
        ("frozen chunk removed", "delete from frozen where register = 'household' and county = '990102000000'"),
        ("frozen register removed", "delete from frozen where register = 'household'"),
        (
            "frozen for another county",
            "update frozen set county = '990103000000' where register = 'household' and county = '990102000000'",
        ),
        ("frozen for another year", "update frozen set year = 2022 where register = 'household'"),
        (
            "frozen twice",
            "insert into frozen select register, year, county, chunk + 1, records, document, digest from frozen \
             where register = 'household'",
        ),
        ("attachment", "update attachment set content = WRONG"),
        ("size of an attachment", "update attachment set bytes = bytes + 1"),
        ("name of an attachment", "update attachment set hash = 'ffff'"),
        ("checkpoint", "update checkpoint set hash = 'ffff'"),
        ("signature of a checkpoint", "update checkpoint set signature = 'ffff'"),
        ("checkpoint behind the end", "update checkpoint set position = position + 100000"),
    ];
    for (what, sql) in forgeries {
        let county = County::filled();
        let records = |name: &str| -> Vec<store::Record> {
            (1..=1001).map(|number| crate::county::household(number, "990101100201", name)).collect()
        };
        if what.contains("checkpoint") {
            county.save("household", records("某人")).expect("is saved");
            county.save("household", records("某甲")).expect("every change leaves an event of its own");
        }
        county.system(Command::Freeze { year: 2023 }).expect("is frozen");
        let new = store::NewAttachment { media: "image/png".into(), content: b"picture".to_vec() };
        county.system(Command::SaveAttachment(new)).expect("is kept");
        let report = county.store.verify().expect("it holds before");
        assert!(report.frozen >= 4 && report.attachments == 1, "{report:?}");
        let wrong = if on() == On::Postgresql { "'\\x00'::bytea" } else { "x'00'" };
        assert!(county.place.forge(&sql.replace("WRONG", wrong)) > 0, "{what}: the forgery changed something");
        assert!(matches!(county.store.verify(), Err(ChainBreak::Broken { .. })), "{what} is found");
    }
}

fn checkpoints_are_signed_every_thousand_events() {
    let county = County::empty();
    let records =
        |name: &str| (1..=2500).map(|number| crate::county::household(number, "990101100201", name)).collect();
    county.save("household", records("某人")).expect("is saved");
    county.save("household", records("某甲")).expect("every change leaves an event of its own");
    county.save("household", vec![crate::county::household(9999, "990101100201", "某人")]).expect("is saved");
    let report = county.store.verify().expect("holds");
    assert_eq!(report.checkpoints, 1, "one commit crossed the thousands, the next did not");
    county.place.forge("update checkpoint set position = position - 1");
    assert!(county.store.verify().is_err());
}

fn another_key_opens_nothing() {
    let county = County::filled();
    let other = Store::open(county.location(), declarations(""), &StoreKey::from_bytes([1; 32]));
    assert!(matches!(other, Err(store::StoreError::WrongKey)));
    Store::open(county.location(), declarations(""), &key()).expect("the right key opens");
}

fn settings_leave_an_event_and_are_read_back() {
    let county = County::empty();
    let before = county.store.verify().expect("holds").events;
    let set = |value: &str| Command::SetSetting { name: "next_screening".into(), value: value.into() };
    county.system(set("\"02:00\"")).expect("is set");
    assert_eq!(county.store.setting("next_screening").expect("is read"), Some("\"02:00\"".to_owned()));
    assert_eq!(county.store.setting("other").expect("is read"), None);
    let clerk = actor("clerk", "990101100");
    assert!(
        county.store.apply(&clerk, Moment { day: day("2024-06-01"), at_ms: 0 }, set("1")).is_err(),
        "only the system sets"
    );
    assert_eq!(county.store.verify().expect("holds").events, before + 1);
    assert_eq!(system_actor(place("99")).role, store::SYSTEM_ROLE);
}
