//! Names that nothing may have, and those close to them that are free.

use crate::Copy;
use policy::is_reserved_field;

#[test]
fn fields_keep_out_of_the_way_of_the_engine() {
    let taken = [
        "id",
        "state",
        "version",
        "content",
        "position",
        "record",
        "record_id",
        "parent_id",
        "due_on",
        "entered_at",
        "entered_by",
        "entered_on",
        "entered_state_on",
        "changed_at",
        "changed_by",
        "changed_on",
        "withdrawn_at",
        "withdrawn_by",
        "withdrawn_on",
        "is_withdrawn",
        "origin_file",
        "origin_row",
        "resident_key",
        "key_hash",
        "file",
        "row",
        "household",
        "select",
        "order",
        "user",
        "value",
        "line",
        "p",
        "day",
        "date",
        "null",
        "true",
        "phone_find",
        "identity_no_tail",
    ];
    for name in taken {
        assert!(is_reserved_field(name), "{name}");
    }
    for name in [
        "ids",
        "state_code",
        "version_no",
        "contents",
        "due",
        "entered",
        "entered_in",
        "changed",
        "origin",
        "rows",
        "files",
        "households",
        "household_no",
        "orders",
        "users",
        "lines",
        "days",
        "dates",
        "find",
        "tail",
        "find_by",
        "tail_no",
        "region_code",
        "reason",
    ] {
        assert!(!is_reserved_field(name), "{name}");
    }
}

/// Names of files become names of tables: lower-case letters, digits and single underscores, 48 at most.
#[test]
fn names_of_declarations_are_names_of_tables() {
    let copy = Copy::new();
    let fact =
        "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nover = \"household\"\n[derived]\nvalue = \"member_count\"\n";
    let longest = format!("a{}", "b".repeat(47));
    let good = ["a", "a1", "a_b", "ab_", longest.as_str(), "selected", "days", "line_2"];
    for name in good {
        let path = format!("facts/{name}.toml");
        copy.write(&path, fact);
        copy.load().unwrap_or_else(|problems| panic!("{name}: {problems}"));
        std::fs::remove_file(copy.path(&path)).expect("removes");
    }
    let too_long = format!("{longest}c");
    for name in
        ["1a", "_a", "A", "aB", "a-b", "a b", "a.b", "a__b", "select", "day", "line", "p", "名", too_long.as_str()]
    {
        let path = format!("facts/{name}.toml");
        copy.write(&path, fact);
        let problems = copy.load().expect_err(name);
        std::fs::remove_file(copy.path(&path)).expect("removes");
        let told = problems
            .0
            .iter()
            .find(|problem| problem.file.ends_with(&path))
            .unwrap_or_else(|| panic!("{name}: {problems}"));
        assert_eq!(told.what.chinese(), "文件名不能用作名称", "{name}");
        let hint = "只用小写字母、数字和下划线,以字母开头,不用 SQL 的词,如 medical_burden.toml";
        assert_eq!((told.hint.chinese(), told.line), (hint, 1), "{name}");
    }
}

#[test]
fn other_files_in_a_folder_are_not_read() {
    let copy = Copy::new();
    for name in ["facts/README.md", "facts/x.toml.bak", "facts/x", "facts/.hidden"] {
        copy.write(name, "not toml = [");
    }
    copy.load().unwrap_or_else(|problems| panic!("{problems}"));
}
