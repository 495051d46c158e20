//! A register of which a screening raises the records: what it fills in is there, of the right kind, and nobody else enters.

use crate::{Copy, valley};
use policy::declare::Permission;

const LEAD: &str = "registers/lead.toml";
/// What a register says of itself, before its first field.
const HEAD: &str = "key = [\"household_no\"]\n";

fn lead(copy: &Copy, head: &str, more: &str) {
    let text = copy.read(LEAD).replacen(HEAD, &format!("{HEAD}{head}"), 1);
    copy.write(LEAD, &format!("{text}{more}"));
}

#[test]
fn a_package_of_before_has_what_a_screening_fills_in() {
    let package = valley();
    let (name, register) = package.raised().expect("one register is raised");
    assert_eq!((name, register.key.as_slice()), ("lead", &["lead_no".to_owned()][..]));
    for field in ["lead_no", "household_no", "region_code", "raised_on", "urgency", "because", "evidence", "is_stale"] {
        assert!(register.field_named(field).is_some(), "{field}");
    }
    assert!(register.field_at("reason.rule").is_some() && register.field_at("doubt.because").is_some());
    assert_eq!(register.state.iter().filter(|state| state.is_lapsed && state.is_final).count(), 1);
    let who: Vec<&String> = register.may_see.iter().collect();
    let sees = package.roles.iter().filter(|(_, role)| role.may.contains(&Permission::SeeLeads));
    assert_eq!(who, sees.map(|(name, _)| name).collect::<Vec<_>>(), "those who see leads see the register");
}

#[test]
fn who_may_not_close_leads_has_no_last_step_of_a_package_of_before() {
    let copy = Copy::new();
    copy.edit("roles/clerk.toml", "\"close_leads\", ", "");
    let package = copy.load().expect("loads");
    let close = |package: &policy::Package| package.registers["lead"].step[0].roles.len();
    assert_eq!((close(&package), close(&valley())), (0, 1));
    let copy = Copy::new();
    copy.edit("roles/clerk.toml", "\"close_leads\", ", "");
    lead(&copy, "raised_by = \"screening\"\nmay_see = [\"clerk\"]\n", "");
    assert_eq!(close(&copy.load().expect("loads")), 1, "a package of now says it by the roles of the step alone");
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let raised = "raised_by = \"screening\"\nmay_see = [\"clerk\"]\n";
    let state =
        |name: &str, more: &str| format!("\n[[state]]\nname = \"{name}\"\nlabel = \"甲\"\nlabel_en = \"A\"\n{more}\n");
    let field = |name: &str, kind: &str| {
        format!("\n[[field]]\nname = \"{name}\"\nlabel = \"甲\"\nlabel_en = \"A\"\nkind = \"{kind}\"\n")
    };
    let cases: Vec<(&str, String, &str, Option<&str>)> = vec![
        ("as it should be", raised.into(), "", None),
        ("entered by hand", format!("{raised}may_enter = [\"clerk\"]\n"), "", Some("不能手工录入")),
        ("imported", format!("{raised}may_import = [\"clerk\"]\n"), "", Some("不能手工录入或导入")),
        ("by something else", "raised_by = \"hand\"\n".into(), "", Some("不认识的取值")),
    ];
    for (what, head, more, message) in cases {
        let copy = Copy::new();
        lead(&copy, &head, more);
        found(what, &copy, message);
    }
    let more = [
        ("an urgency in words", field("urgency", "text"), Some("类型不符")),
        ("an urgency as a number", field("urgency", "int"), None),
        ("a day as a text", field("raised_on", "text"), Some("类型不符")),
        ("lapsed, and not at its end", state("gone", "is_lapsed = true"), Some("终止状态")),
        ("lapsed at its end", state("gone", "is_final = true\nis_lapsed = true"), None),
        ("watched at its end", state("seen", "is_final = true\nis_watched = true"), Some("关注的状态")),
        ("watched", state("seen", "is_watched = true"), None),
    ];
    for (what, more, message) in more {
        let copy = Copy::new();
        lead(&copy, raised, &more);
        found(what, &copy, message);
    }
    let copy = Copy::new();
    lead(&copy, raised, "");
    copy.write("registers/other.toml", &copy.read(LEAD));
    found("two registers that are raised", &copy, Some("有且只有一个"));
}

fn found(what: &str, copy: &Copy, message: Option<&str>) {
    match (copy.load(), message) {
        (Ok(_), None) => {}
        (Ok(_), Some(message)) => panic!("{what}: accepted, and not “{message}”"),
        (Err(problems), None) => panic!("{what}: {problems}"),
        (Err(problems), Some(message)) => {
            let is_it = |problem: &policy::Problem| problem.is_error() && problem.what.chinese().contains(message);
            let shown = problems.0.iter().any(|problem| is_it(problem) && !problem.hint.is_empty());
            assert!(shown, "{what}: no “{message}” in\n{problems}");
        }
    }
}
