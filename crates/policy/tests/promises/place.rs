//! Places.

use crate::valley;
use model::RegionCode;
use policy::Divisions;

fn place(text: &str) -> RegionCode {
    text.parse().expect("test places are well written")
}

#[test]
fn places_know_their_names_children_and_path() {
    let divisions = valley().divisions;
    assert_eq!(divisions.name(place("990101100201")), "桥头村村民委员会");
    assert_eq!(divisions.short(place("990101100201")), "桥头村");
    assert_eq!(divisions.name(place("98")), "980000000000");
    let children: Vec<&str> = divisions.children(place("9901")).iter().map(|place| place.short.as_str()).collect();
    assert_eq!(children, ["山前县", "山后县"]);
    assert!(divisions.children(place("990101100201")).is_empty());
    assert_eq!(divisions.path(place("990101100202")), ["示例省", "示例市", "山前县", "河口镇", "渡口村"]);
    assert_eq!(divisions.inside(place("990101")).count(), 3);
    assert_eq!(divisions.all().len(), 7);
}

#[test]
fn bad_lines_are_named_and_good_lines_stay() {
    let text = "code,name,short,level,parent,kind\n99,省,省,province,,\nx,y,y,county,99,\n990100000000,市,市,city,99,\n990200000000,市,市\n990300000000,市,市,prefecture,97,\n99,省,省,province,,\n";
    let (divisions, faults) = Divisions::from_csv(text);
    assert_eq!(divisions.all().len(), 2);
    let lines: Vec<usize> = faults.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4, 5, 1, 1], "{faults:?}");
}
