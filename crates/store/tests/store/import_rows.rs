//! What hangs on an import: faults, rows for which nobody was found, notes, leavers, what it covers; page by page, for whom it is.

use crate::county::{County, actor, day, place};
use crate::place::on_both;
use model::{Actor, Fault, FaultKind, HouseholdNo, Place, ResidentKey};
use store::{
    Command, ImportCoverage, ImportState, ImportSummary, Leaver, NewImport, Receipt, Refusal, RefusalKind, Total,
    UnmatchedRow,
};
use words::Wording;

on_both![
    faults_are_read_in_the_order_in_which_they_were_added,
    reasons_are_counted_most_first,
    leavers_have_names_for_those_who_may_see_them,
    the_last_coverage_is_that_of_the_own_delivery_in_force,
    imports_are_listed_newest_first_page_by_page,
    an_import_that_ended_takes_nothing_more,
    a_delivery_is_taken_back_by_who_brought_it,
    a_summary_is_kept_to_the_letter,
    a_file_is_named_by_the_first_digits_of_its_hash,
];

fn officer() -> Actor {
    actor("officer", "990101")
}

fn bill(digit: &str) -> NewImport {
    NewImport {
        dataset: "bill".into(),
        file_name: format!("结算{digit}.xlsx"),
        file_hash: digit.repeat(64),
        bytes: 1_234,
        region: place("990101"),
        delivered_on: day("2024-06-01"),
        said_days: (None, None),
    }
}

fn apply(county: &County, who: &Actor, at_ms: i64, command: Command) -> Result<Receipt, Refusal> {
    county.store.apply(who, model::Moment { day: day("2024-06-02"), at_ms }, command)
}

fn begun(county: &County, who: &Actor, new: NewImport, at_ms: i64) -> String {
    apply(county, who, at_ms, Command::BeginImport(new)).expect("begins").id.expect("a name")
}

fn end(county: &County, who: &Actor, import: &str, summary: ImportSummary) {
    apply(county, who, 9, Command::FinishImport { import: import.to_owned(), summary }).expect("ends");
}

fn fault(row: u32, kind: FaultKind) -> Fault {
    let place = Place { file: "f".into(), sheet: Some("表1".into()), row: Some(row), column: Some(2), heading: None };
    Fault {
        place,
        kind,
        seen: "99**".into(),
        what: words::Wording::same(format!("第{row}行")),
        hint: words::Wording::same("请补"),
        drops_row: row.is_multiple_of(2),
    }
}

fn unmatched(row: u32, reason: &str) -> UnmatchedRow {
    UnmatchedRow { row, reason: reason.into(), what: Wording::pair("查无此人", "Nobody"), seen: "99**".into() }
}

fn faults_are_read_in_the_order_in_which_they_were_added() {
    let county = County::filled();
    let import = begun(&county, &officer(), bill("a"), 1);
    // Two parts, as a file is read; rows are not in order.
    let all: Vec<Fault> = [9, 3, 7, 3, 1].map(|row| fault(row, FaultKind::Missing)).to_vec();
    for part in all.chunks(2) {
        let command = Command::AddFaults { import: import.clone(), faults: part.to_vec() };
        let receipt = apply(&county, &officer(), 2, command).expect("adds");
        assert_eq!((receipt.added, receipt.events), (part.len() as u64, 0));
    }
    let view = county.store.view(&officer());
    for size in [1, 2, 5, 500] {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = view.faults(&import, after.as_deref(), size).expect("reads").expect("is there");
            assert_eq!(page.total, Total::Exactly(5));
            found.extend(page.rows);
            assert!(found.len() <= 5, "the pages come to an end");
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let faults: Vec<Fault> = found.iter().map(|row| row.fault.clone()).collect();
        assert_eq!(faults, all, "pages of {size}, to the letter");
        assert_eq!(found.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }
    let odd = view.faults(&import, Some("no number"), 500).expect("reads").expect("is there");
    assert_eq!(odd.rows.len(), 5, "a cursor that is none begins anew");
    let behind = view.faults(&import, Some("5"), 500).expect("reads").expect("is there");
    assert_eq!((behind.rows.len(), behind.total), (0, Total::Exactly(5)));
}

fn reasons_are_counted_most_first() {
    let county = County::filled();
    let import = begun(&county, &officer(), bill("a"), 1);
    let kinds = [FaultKind::Missing, FaultKind::NotADay, FaultKind::Missing, FaultKind::CheckFailed];
    let faults = (2..).zip(kinds).map(|(row, kind)| fault(row, kind)).collect();
    apply(&county, &officer(), 2, Command::AddFaults { import: import.clone(), faults }).expect("adds");
    let rows = vec![unmatched(2, "name"), unmatched(3, "number"), unmatched(4, "number"), unmatched(5, "age")];
    apply(&county, &officer(), 2, Command::AddUnmatched { import: import.clone(), rows }).expect("adds");
    let rows = vec![unmatched(6, "moved")];
    apply(&county, &officer(), 2, Command::AddNoted { import: import.clone(), rows }).expect("adds");
    let view = county.store.view(&officer());
    let faults = view.fault_counts(&import).expect("reads").expect("is there");
    assert_eq!(faults[0], (FaultKind::Missing, 2));
    assert_eq!(faults.iter().map(|(_, number)| number).sum::<u64>(), 4);
    let names = |counts: Vec<(String, Wording, u64)>| -> Vec<(String, u64)> {
        assert!(counts.iter().all(|(_, what, _)| *what == Wording::pair("查无此人", "Nobody")));
        counts.into_iter().map(|(name, _, number)| (name, number)).collect()
    };
    let reasons = names(view.unmatched_counts(&import).expect("reads").expect("is there"));
    assert_eq!(reasons, [("number".into(), 2), ("age".into(), 1), ("name".into(), 1)], "then by name");
    let notes = names(view.noted_counts(&import).expect("reads").expect("is there"));
    assert_eq!(notes, [("moved".into(), 1)], "notes are no unmatched rows");
    let page = view.unmatched(&import, None, 2).expect("reads").expect("is there");
    assert_eq!((page.rows[0].row.clone(), page.total), (unmatched(2, "name"), Total::Exactly(4)));
    for other in [actor("officer", "990102"), actor("clerk", "990101100"), actor("analyst", "99")] {
        let view = county.store.view(&other);
        assert!(view.fault_counts(&import).expect("reads").is_none(), "{}", other.account);
        assert!(view.unmatched_counts(&import).expect("reads").is_none(), "{}", other.account);
        assert!(view.noted(&import, None, 9).expect("reads").is_none(), "{}", other.account);
        assert!(view.leavers(&import, None, 9).expect("reads").is_none(), "{}", other.account);
    }
}

fn leavers_have_names_for_those_who_may_see_them() {
    let county = County::filled();
    let import = begun(&county, &officer(), bill("a"), 1);
    let leaver = |household: i64, resident: Option<i64>| Leaver {
        household_no: HouseholdNo(household),
        resident_key: resident.map(|number| ResidentKey(number * 7_919)),
    };
    let leavers =
        vec![leaver(1, Some(10)), leaver(2, None), leaver(4, Some(40)), leaver(1, Some(777)), leaver(99, None)];
    let command = Command::AddLeavers { import: import.clone(), leavers: leavers.clone() };
    assert_eq!(apply(&county, &officer(), 2, command).expect("adds").added, 5);
    let told = |who: &Actor| {
        let page = county.store.view(who).leavers(&import, None, 9).expect("reads").expect("is there");
        let kept: Vec<Leaver> = page
            .rows
            .iter()
            .map(|row| Leaver { household_no: row.household_no, resident_key: row.resident_key })
            .collect();
        assert_eq!(kept, leavers);
        page.rows.into_iter().map(|row| (row.household.is_some(), row.name)).collect::<Vec<_>>()
    };
    let none = (false, String::new());
    assert_eq!(told(&officer()), vec![none.clone(); 5], "who sees no households sees numbers only");
    let resident = |number: i64| format!("吉木{}", char::from_u32(0x4E00 + number as u32).expect("a letter"));
    let expected = [(true, resident(10)), (true, "吉木阿古".into()), none.clone(), (true, String::new()), none];
    assert_eq!(
        told(&actor("county", "990101")),
        expected,
        "one of another county, one unknown member, one that is none"
    );
    let view = county.store.view(&officer());
    let first = view.leavers(&import, None, 2).expect("reads").expect("is there");
    let second = view.leavers(&import, first.next.as_deref(), 9).expect("reads").expect("is there");
    assert_eq!((first.rows.len(), second.rows.len(), first.total), (2, 3, Total::Exactly(5)));
}

fn coverage(from: &str, to: &str) -> ImportCoverage {
    ImportCoverage { place: place("990101"), from: day(from), to: day(to), is_declared: true, is_partial: false }
}

fn the_last_coverage_is_that_of_the_own_delivery_in_force() {
    let county = County::filled();
    let last = |who: &Actor| county.store.view(who).last_coverage("bill").expect("reads").map(|one| one.to.to_string());
    assert_eq!(last(&officer()), None);
    let bring = |digit: &str, at_ms: i64, state: ImportState, to: &str| {
        let import = begun(&county, &officer(), bill(digit), at_ms);
        let summary = ImportSummary { state, coverage: Some(coverage("2024-01-01", to)), ..Default::default() };
        end(&county, &officer(), &import, summary);
        import
    };
    bring("a", 10, ImportState::Done, "2024-01-31");
    assert_eq!(last(&officer()).as_deref(), Some("2024-01-31"));
    let second = bring("b", 20, ImportState::Done, "2024-02-29");
    assert_eq!(last(&officer()).as_deref(), Some("2024-02-29"));
    bring("c", 30, ImportState::Refused, "2024-03-31");
    bring("d", 40, ImportState::Failed, "2024-04-30");
    begun(&county, &officer(), bill("e"), 50);
    assert_eq!(last(&officer()).as_deref(), Some("2024-02-29"), "what was not taken in covers nothing");
    apply(&county, &officer(), 60, Command::UndoImport { import: second }).expect("is taken back");
    assert_eq!(last(&officer()).as_deref(), Some("2024-01-31"), "nor what was taken back");
    let colleague = Actor { account: "colleague".into(), ..officer() };
    assert_eq!(last(&colleague), None, "each their own");
    assert_eq!(county.store.view(&officer()).last_coverage("household").expect("reads"), None);
}

fn imports_are_listed_newest_first_page_by_page() {
    let county = County::filled();
    // Two began in the same instant: then their names decide.
    let mut ids: Vec<String> = [("a", 10), ("c", 30), ("b", 30), ("d", 20)]
        .map(|(digit, at_ms)| begun(&county, &officer(), bill(digit), at_ms))
        .to_vec();
    ids = vec![ids[2].clone(), ids[1].clone(), ids[3].clone(), ids[0].clone()];
    let view = county.store.view(&officer());
    for size in [1, 2, 3, 4, 500] {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = view.imports(after.as_deref(), size).expect("reads");
            assert_eq!(page.total, Total::Exactly(4));
            found.extend(page.rows.into_iter().map(|row| row.import_id));
            assert!(found.len() <= 4, "the pages come to an end");
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(found, ids, "pages of {size}");
    }
    let row = view.import(&ids[3]).expect("reads").expect("is there");
    assert_eq!((row.dataset.as_str(), row.department.as_deref()), ("bill", Some("medical")));
    assert_eq!((row.file_name.as_str(), row.bytes, row.state), ("结算a.xlsx", 1_234, ImportState::Running));
    assert_eq!((row.began_ms, row.ended_ms, row.account), (10, None, officer().account));
    end(&county, &officer(), &ids[3], ImportSummary { state: ImportState::Done, ..Default::default() });
    let row = view.import(&ids[3]).expect("reads").expect("is there");
    assert_eq!((row.state, row.ended_ms), (ImportState::Done, Some(9)));
    assert!(view.import("bill-000000000000-990101000000-20240601").expect("reads").is_none());
}

fn an_import_that_ended_takes_nothing_more() {
    let county = County::filled();
    let import = begun(&county, &officer(), bill("a"), 1);
    end(&county, &officer(), &import, ImportSummary { state: ImportState::Done, ..Default::default() });
    let more = || {
        vec![
            Command::AddFaults { import: import.clone(), faults: Vec::new() },
            Command::AddUnmatched { import: import.clone(), rows: Vec::new() },
            Command::AddNoted { import: import.clone(), rows: Vec::new() },
            Command::AddLeavers { import: import.clone(), leavers: Vec::new() },
            Command::FinishImport { import: import.clone(), summary: ImportSummary::default() },
        ]
    };
    for command in more() {
        let what = format!("{command:?}");
        let refusal = apply(&county, &officer(), 2, command).expect_err(&what);
        assert!(matches!(refusal.kind, RefusalKind::Conflict), "{what}");
        assert_eq!(
            (refusal.what.chinese(), refusal.hint.chinese()),
            ("该导入批次已经结束", "如需更正,请上传更正后的文件")
        );
        assert_eq!(
            (refusal.what.english(), refusal.hint.english()),
            ("The import has ended", "Upload a corrected file.")
        );
    }
    assert_eq!(begun(&county, &officer(), bill("a"), 3), import, "handed in again it runs again");
    for command in more() {
        apply(&county, &officer(), 4, command).expect("it runs");
    }
    let colleague = Actor { account: "colleague".into(), ..officer() };
    let row = || county.store.view(&officer()).import(&import).expect("reads").expect("is there");
    assert_eq!(row().account, officer().account);
    begun(&county, &colleague, bill("a"), 5);
    assert_eq!(row().account, "colleague", "who hands the file in again has it now");
    let late = apply(&county, &officer(), 6, more().remove(0)).expect_err("it is the other's");
    assert!(matches!(late.kind, RefusalKind::NotFound));
}

fn a_delivery_is_taken_back_by_who_brought_it() {
    let county = County::filled();
    let import = begun(&county, &officer(), bill("a"), 1);
    let undo = |who: &Actor| apply(&county, who, 7, Command::UndoImport { import: import.clone() });
    let open = undo(&officer()).expect_err("it runs");
    assert!(
        matches!(open.kind, RefusalKind::Conflict) && open.what.chinese().contains("尚未结束"),
        "{}",
        open.what.chinese()
    );
    end(&county, &officer(), &import, ImportSummary { state: ImportState::Done, ..Default::default() });
    let other = Actor { department: Some("education".into()), ..officer() };
    let none = Actor { department: None, ..officer() };
    let seen = |who: &Actor| county.store.view(who).imports(None, 9).expect("reads").rows.len();
    assert_eq!((seen(&officer()), seen(&other), seen(&none)), (1, 0, 0), "nothing where the department is missing");
    assert!(county.store.view(&none).import(&import).expect("reads").is_none());
    for who in [actor("officer", "990102"), actor("county", "990101"), other, none, actor("clerk", "990101100")] {
        let refusal = undo(&who).expect_err(&who.account);
        assert!(matches!(refusal.kind, RefusalKind::NotFound), "{}", who.account);
    }
    let receipt = undo(&officer()).expect("is taken back");
    assert_eq!((receipt.changed, receipt.events), (1, 1));
    let again = undo(&officer()).expect_err("once");
    assert!(matches!(again.kind, RefusalKind::Conflict) && again.what.english().contains("taken back already"));
    let row = county.store.view(&officer()).import(&import).expect("reads").expect("stays to be seen");
    assert_eq!(row.state, ImportState::Undone);
}

fn a_summary_is_kept_to_the_letter() {
    let county = County::filled();
    let import = begun(&county, &officer(), bill("a"), 1);
    let summary = ImportSummary {
        state: ImportState::Done,
        rows_in_file: 100,
        rows_skipped: vec![("heading".into(), 1), ("blank".into(), 4)],
        rows_read: 95,
        rows_taken: 80,
        rows_added: Some(0),
        rows_changed: 70,
        rows_removed: 3,
        rows_unchanged: 10,
        rows_dropped: 9,
        rows_unmatched: 6,
        rows_noted: 2,
        faults: 12,
        remarks: 5,
        message: Wording::pair("有“问题”|请看", "See | the faults"),
        fault_file: Some("标红.xlsx".into()),
        notes: vec![Wording::pair("有一列没有用到", "A column was not used")],
        coverage: Some(coverage("2024-02-01", "2024-02-29")),
    };
    end(&county, &officer(), &import, summary.clone());
    let row = county.store.view(&officer()).import(&import).expect("reads").expect("is there");
    assert_eq!(row.summary, summary);
    assert_eq!(county.store.view(&officer()).last_coverage("bill").expect("reads"), summary.coverage);
}

fn a_file_is_named_by_the_first_digits_of_its_hash() {
    let county = County::filled();
    let name = |hash: &str, region: &str| {
        let new = NewImport { file_hash: hash.into(), region: place(region), ..bill("a") };
        let began = county.system(Command::BeginImport(new));
        began.map(|receipt| receipt.id.expect("a name")).map_err(|refusal| refusal.what.english().to_owned())
    };
    let whole = "0123456789abcdef".repeat(4);
    let expected = Ok("bill-0123456789ab-990101000000-20240601".to_owned());
    for same in [whole.as_str(), &whole.to_uppercase(), "0123456789ab", "0123456789abFFFF"] {
        assert_eq!(name(same, "990101"), expected, "{same}");
    }
    assert_eq!(name(&whole, "990102"), Ok("bill-0123456789ab-990102000000-20240601".into()), "another place");
    for wrong in ["", "0123456789a", "0123456789ag", "0123456789ab-", "0123456789abä"] {
        assert_eq!(name(wrong, "990101"), Err("The hash of the file is incomplete".to_owned()), "{wrong}");
    }
    let rows = county.store.view(&store::system_actor(place("99"))).imports(None, 9).expect("reads").rows;
    assert_eq!(rows.len(), 2, "what was refused left nothing");
}
