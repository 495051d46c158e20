//! Divisions: bad lines in words, and a tree against a plain search through all lines.

use crate::hostile::Dice;
use model::{Level, RegionCode};
use policy::Divisions;

const HEAD: &str = "code,name,short,level,parent,kind\n";

fn place(text: &str) -> RegionCode {
    text.parse().expect("test places are well written")
}

#[test]
fn a_bad_line_is_told_and_left_out() {
    let good = "99,省,省,province,,\n";
    let cases = [
        ("9901,市,市,prefecture,99,\n", None),
        ("99011,市,市,prefecture,99,\n", Some((3, "`99011` 不是区划代码"))),
        (",市,市,prefecture,99,\n", Some((3, "`` 不是区划代码"))),
        ("9901,市,市,city,99,\n", Some((3, "`city` 不是区划层级(province、prefecture、county、township、village)"))),
        (
            "9901,市,市,Prefecture,99,\n",
            Some((3, "`Prefecture` 不是区划层级(province、prefecture、county、township、village)")),
        ),
        ("9901,市,市,prefecture,9,\n", Some((3, "上级 `9` 不是区划代码"))),
        ("9901,市,市,prefecture,98,\n", Some((1, "区划 990100000000 的上级不在表中"))),
        ("9901,市,市,prefecture,99\n", Some((3, "应有 6 列(code,name,short,level,parent,kind),这一行有 5 列"))),
        ("9901,市,市,prefecture,99,,\n", Some((3, "应有 6 列(code,name,short,level,parent,kind),这一行有 7 列"))),
        ("990000000000,省,省,province,,\n", Some((1, "有 1 个区划代码重复"))),
        ("\n9901,\"市,区\",市,prefecture,99,\n", None),
        ("9901,市,市,prefecture,99,\n990101,县,县,county,990,\n", Some((4, "上级 `990` 不是区划代码"))),
    ];
    for (more, wanted) in cases {
        let (divisions, faults) = Divisions::from_csv(&format!("{HEAD}{good}{more}"));
        let wanted: Vec<(usize, String)> = wanted.into_iter().map(|(line, what)| (line, what.to_owned())).collect();
        let faults: Vec<(usize, String)> =
            faults.into_iter().map(|(line, what)| (line, what.chinese().to_owned())).collect();
        assert_eq!(faults, wanted, "{more}");
        assert!(divisions.get(place("99")).is_some(), "the good line stays: {more}");
    }
    let (none, faults) = Divisions::from_csv("");
    assert!(none.all().is_empty() && faults.is_empty());
}

/// A line of a made-up tree.
struct Line {
    code: RegionCode,
    level: Level,
    parent: Option<RegionCode>,
}

/// A province with some of the places below it, each under the nearest one above, as a list in any order.
fn tree(dice: &mut Dice) -> Vec<Line> {
    let mut lines = vec![Line { code: place("99"), level: Level::Province, parent: None }];
    let mut add = |code: String, level: Level, parent: RegionCode| {
        let code = place(&code);
        lines.push(Line { code, level, parent: Some(parent) });
        code
    };
    for prefecture in 1..=1 + dice.below(3) {
        let prefecture = add(format!("99{prefecture:02}"), Level::Prefecture, place("99"));
        for county in 1..=dice.below(4) {
            let county = add(format!("{}{county:02}", &prefecture.to_string()[..4]), Level::County, prefecture);
            for township in 0..dice.below(3) {
                let township =
                    add(format!("{}{:03}", &county.to_string()[..6], 100 + township), Level::Township, county);
                for village in 0..dice.below(4) {
                    add(format!("{}{:03}", &township.to_string()[..9], 200 + village), Level::Village, township);
                }
            }
        }
    }
    for at in (1..lines.len()).rev() {
        let other = dice.below(at + 1);
        lines.swap(at, other);
    }
    lines
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::Prefecture => "prefecture",
        Level::County => "county",
        Level::Township => "township",
        Level::Village => "village",
    }
}

#[test]
fn places_stand_where_a_search_through_all_lines_finds_them() {
    for seed in 0..40_u64 {
        let lines = tree(&mut Dice(seed));
        let line = |line: &Line| {
            let parent = line.parent.map_or(String::new(), |parent| parent.to_string());
            format!("{0},全名{0},短名{0},{1},{parent},\n", line.code, word(line.level))
        };
        let text: String = lines.iter().map(line).collect();
        let (divisions, faults) = Divisions::from_csv(&format!("{HEAD}{text}"));
        assert!(faults.is_empty(), "seed {seed}: {faults:?}");
        assert_eq!(divisions.all().len(), lines.len(), "seed {seed}");
        assert!(divisions.all().is_sorted_by_key(|one| one.code), "seed {seed}");
        for one in &lines {
            let code = one.code;
            let sorted = |mut codes: Vec<RegionCode>| {
                codes.sort();
                codes
            };
            let children = lines.iter().filter(|line| line.parent == Some(code)).map(|line| line.code).collect();
            let found: Vec<RegionCode> = divisions.children(code).iter().map(|child| child.code).collect();
            assert_eq!(found, sorted(children), "seed {seed}: below {code}");
            let is_above = |line: &&Line| line.code != code && line.code.at(one.level) == code && code.holds(line.code);
            let inside = lines.iter().filter(is_above).map(|line| line.code).collect();
            let found: Vec<RegionCode> = divisions.inside(code).map(|place| place.code).collect();
            assert_eq!(found, sorted(inside), "seed {seed}: inside {code}");
            let mut path = vec![format!("短名{code}")];
            let mut parent = one.parent;
            while let Some(above) = parent.and_then(|parent| lines.iter().find(|line| line.code == parent)) {
                path.insert(0, format!("短名{}", above.code));
                parent = above.parent;
            }
            assert_eq!(divisions.path(code), path, "seed {seed}: {code}");
            assert_eq!((divisions.name(code), divisions.short(code)), (format!("全名{code}"), format!("短名{code}")));
            assert_eq!(divisions.get(code).map(|place| (place.level, place.parent)), Some((one.level, one.parent)));
        }
    }
}

#[test]
fn a_place_that_is_not_known_is_called_by_its_code_and_holds_what_lies_in_it() {
    let (divisions, _) = Divisions::from_csv(&format!("{HEAD}99,省,省,province,,\n990101100201,村,村,village,99,\n"));
    let unknown = place("990101");
    assert_eq!(
        (divisions.name(unknown), divisions.short(unknown)),
        ("990101000000".to_owned(), "990101000000".to_owned())
    );
    assert!(divisions.path(unknown).is_empty() && divisions.children(unknown).is_empty());
    assert_eq!(divisions.inside(unknown).count(), 1);
    assert_eq!(divisions.path(place("990101100201")), ["省", "村"], "levels may be left out");
}

#[test]
fn parents_in_a_circle_end() {
    let (divisions, _) =
        Divisions::from_csv(&format!("{HEAD}9901,甲,甲,prefecture,9902,\n9902,乙,乙,prefecture,9901,\n"));
    assert_eq!(divisions.path(place("9901")).len(), 8);
}
