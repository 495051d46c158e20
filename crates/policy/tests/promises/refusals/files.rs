//! Files that cannot be read, and words of the reader of TOML.

use super::{Changed, told};
use policy::FileText;
use std::fs;
use std::path::PathBuf;
use words::Advice;

const MEMBERS: &str = "facts/member_count.toml";

#[test]
fn files_that_cannot_be_read_say_why() {
    let changed = Changed::new("package");
    let path = changed.path(MEMBERS);
    let whole = fs::read(&path).expect("reads");
    let padded = |size: usize| [&whole[..], &vec![b'\n'; size - whole.len()]].concat();
    fs::write(&path, padded(1 << 20)).expect("writes");
    changed.load().expect("a mebibyte is not too much");
    fs::write(&path, padded((1 << 20) + 1)).expect("writes");
    let problems = changed.load().expect_err("one byte more");
    let wanted = ["", "文件太大(1048577 字节)", "一个文件只声明一件事"].map(str::to_owned);
    assert!(told(&problems, MEMBERS).contains(&wanted), "{problems}");
    fs::write(&path, [&whole[..], &[0xC4, 0xE3]].concat()).expect("writes");
    let problems = changed.load().expect_err("GB18030");
    assert!(
        told(&problems, MEMBERS).contains(&["", "文件不是 UTF-8 编码", "用 UTF-8 另存"].map(str::to_owned)),
        "{problems}"
    );
}

#[test]
fn folders_that_must_be_there_are_missed_and_others_are_not() {
    for (folder, is_needed) in [("registers", true), ("roles", true), ("changes", false), ("codes", false)] {
        let changed = Changed::new("package");
        if changed.path(folder).exists() {
            fs::remove_dir_all(changed.path(folder)).expect("removes");
        }
        let loaded = changed.load();
        let is_missed = |problem: &policy::Problem| problem.what.chinese().starts_with("读不到这个文件夹:");
        match loaded {
            Ok(_) => assert!(!is_needed, "{folder}"),
            Err(problems) if folder == "registers" => {
                let missed: Vec<_> = problems.0.iter().filter(|problem| is_missed(problem)).collect();
                assert_eq!(missed.len(), 1, "{problems}");
                assert!(missed[0].file.ends_with(folder), "{problems}");
                assert_eq!(missed[0].hint.chinese(), "检查文件夹是否存在");
            }
            Err(problems) => assert!(is_needed && !problems.0.iter().any(is_missed), "{folder}: {problems}"),
        }
    }
}

#[test]
fn a_package_without_a_head_says_nothing_else() {
    let changed = Changed::new("package");
    fs::remove_file(changed.path("package.toml")).expect("removes");
    fs::write(changed.path(MEMBERS), "broken = [").expect("writes");
    let problems = changed.load().expect_err("no head");
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert!(problems.0[0].what.chinese().starts_with("读不到这个文件:"), "{problems}");
    assert_eq!(problems.0[0].hint.chinese(), "检查文件是否存在、是否有权限");
}

#[test]
fn a_name_is_declared_once_also_by_a_list_that_all_packages_share() {
    let changed = Changed::new("package");
    fs::create_dir_all(changed.path("codes")).expect("makes");
    let visit = fs::read_to_string(changed.path("../codes/visit.toml")).expect("reads");
    let problems = changed.load_beside("codes/visit.toml", &visit).expect_err("twice");
    let [[marks, message, hint]] = &told(&problems, "package/codes/visit.toml")[..] else { panic!("{problems}") };
    assert_eq!((marks.as_str(), message.as_str()), ("", "这个名称已经声明过"));
    assert!(hint.starts_with("改名,或删去 ") && hint.ends_with("codes/visit.toml"), "{hint}");
    let package = changed.load_beside("codes/season.toml", &visit).expect("a list of its own");
    assert!(package.codes.contains_key("season") && package.codes.contains_key("visit"));
}

#[test]
fn the_reader_of_toml_speaks_in_words_for_people() {
    let head = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nover = \"household\"\n";
    let cases = [
        (format!("{head}ovr = 1\n"), "不认识的键 `ovr`", "是不是 `over`?"),
        (
            format!("{head}zzz = 1\n"),
            "不认识的键 `zzz`",
            "可用:label、label_en、article、over、unit、aggregate、derived",
        ),
        (head.replace("\"household\"", "\"county\""), "不认识的取值 `county`", "可用:resident、household、village"),
        (head.replace("article = [1]\n", ""), "缺少 `article`", "补上 article = …"),
        (head.replace("[1]", "\"1\""), "值的类型不对:写的是文字 \"1\",应为列表", "文字加引号,数和日期不加,列表写 [ ]"),
        (head.replace("[1]", "[300]"), "值的类型不对:写的是数 300,应为整数(u8)", "文字加引号,数和日期不加,列表写 [ ]"),
    ];
    let changed = Changed::new("package");
    for (text, message, hint) in cases {
        let problems = changed.load_beside("facts/odd.toml", &text).expect_err(message);
        let found = told(&problems, "facts/odd.toml");
        assert!(found.iter().any(|[_, said, advice]| said == message && advice == hint), "{found:?}");
    }
    for broken in ["label = ", "label = \"x", "= 1", "label = \"x\"\nlabel = \"y\"", "[a\n", "day = 2021-02-30"] {
        let problems = changed.load_beside("facts/odd.toml", broken).expect_err(broken);
        let found = told(&problems, "facts/odd.toml");
        assert!(found.iter().all(|[_, said, advice]| !said.is_empty() && !advice.is_empty()), "{found:?}");
        assert_eq!(found.len(), 1, "{broken}: {problems}");
    }
}

fn text(text: &str) -> FileText {
    FileText { path: PathBuf::from("a.toml"), text: text.to_owned() }
}

#[test]
fn a_key_is_found_where_it_stands_or_the_nearest_one_above() {
    let file = text(
        "# 注\nlabel = \"甲\"\nlist = [1, 22, 333]\n[part]\nname = \"乙\"\n[[row]]\nx = 1\n[[row]]\nx = { y = \"z\" }\r\n",
    );
    let cases = [
        ("", 1, 1, "# 注"),
        ("nothing", 1, 1, "# 注"),
        ("label", 2, 9, "\"甲\""),
        ("label.deeper", 2, 9, "\"甲\""),
        ("list.0", 3, 9, "1"),
        ("list.2", 3, 16, "333"),
        ("list.3", 3, 8, "[1, 22, 333]"),
        ("list.x", 3, 8, "[1, 22, 333]"),
        ("part.name", 5, 8, "\"乙\""),
        ("row.0.x", 7, 5, "1"),
        ("row.1.x.y", 9, 11, "\"z\""),
        ("row.1.x.w", 9, 5, "{ y = \"z\" }"),
    ];
    for (key, line, column, marks) in cases {
        let problem = file.problem(key, Advice::default());
        assert_eq!((problem.line, problem.column, super::marked(&problem).as_str()), (line, column, marks), "{key}");
        assert!(!problem.line_text.ends_with('\r'), "{key}");
    }
    assert_eq!(text("no toml").problem("label", Advice::default()).line, 1, "what cannot be read has its first line");
    assert_eq!(text("").problem("label", Advice::default()).span_len, 1, "nothing is marked by one caret");
}

#[test]
fn a_line_is_found_by_its_number() {
    let file = text("一,二\r\n\n三");
    for (line, shown, span) in [(1, "一,二", 3), (2, "", 1), (3, "三", 1)] {
        let problem = file.on_line(line, Advice::default());
        assert_eq!((problem.line, problem.line_text.as_str(), problem.span_len), (line, shown, span), "{problem}");
    }
}

#[test]
fn an_overlay_without_a_folder_of_parameters_is_told() {
    let changed = Changed::new("package");
    let empty = tempfile::tempdir().expect("a folder");
    let problems = crate::load(&changed.path(""), &[empty.path().to_owned()]).expect_err("nothing to lay");
    assert!(problems.0[0].file.ends_with("parameters"), "{problems}");
    assert_eq!(problems.0[0].hint.chinese(), "检查文件夹是否存在");
}
