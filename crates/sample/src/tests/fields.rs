//! Every field that a table can be filled from says what is true of the household, the member and the event.

use super::{household, known_household, population, subject, village};
use crate::fields::{Subject, getter};
use crate::world::Household;

/// The plain text of a field for a member and an event of the household.
fn shown(household: &Household, name: &str, member: Option<usize>, event: Option<usize>) -> String {
    let (population, village) = (population(), village());
    let resident = member.map(|member| &household.residents[member]);
    let event = event.map(|event| &household.events[event]);
    let subject = Subject { resident, event, ..subject(&population, &village, household) };
    let read = getter(name).unwrap_or_else(|| panic!("there is no field `{name}`"));
    read(&subject).plain().into_owned()
}

#[test]
fn fields_of_place_and_delivery() {
    for (name, expected) in [
        ("delivery", "2024-06-30"),
        ("delivery.year", "2024"),
        ("delivery.last_year", "2023"),
        ("village.code", "990101001201"),
        ("village.name", "河口村民委员会"),
        ("village.short", "河口村"),
        ("village.township", "大坝镇"),
        ("village.county", "山前县"),
    ] {
        assert_eq!(shown(&household(), name, None, None), expected, "{name}");
    }
}

#[test]
fn fields_of_a_household_count_those_who_are_there() {
    for (name, plain, known) in [
        ("household.no", "9901010012010007", "9901010012010007"),
        ("household.group", "3", "3"),
        ("household.size", "3", "3"),
        ("household.workers", "1", "1"),
        ("household.able", "2", "2"),
        ("household.head_name", "石大山", "石大山"),
        ("household.phone", "13900000011", "13900000011"),
        ("household.is_lifted_out", "false", "false"),
        ("household.is_monitored", "false", "true"),
        ("household.is_monitored_now", "false", "false"),
        ("household.monitor_kind", "", "marginal"),
        ("household.monitor_cause", "", "illness"),
        ("household.identified_on", "", "2023-01-31"),
        ("household.identified_months", "", "16"),
        ("household.cleared_on", "", "2024-02-01"),
        ("household.is_cleared", "", "true"),
        ("household.has_dibao", "false", "true"),
        ("household.dibao_since", "", "2022-01-01"),
        // A thousand a month for three who are there, not for four.
        ("household.dibao_per_head", "", "333"),
        ("household.has_tekun", "false", "true"),
        ("household.tekun_since", "", "2022-02-01"),
        ("household.tekun_monthly", "", "700"),
        ("household.wage", "30000", "30000"),
        ("household.business", "8000", "8000"),
        ("household.property", "500", "500"),
        ("household.transfer", "1500", "1500"),
        ("household.cost", "3000", "3000"),
        ("household.net", "37000", "37000"),
        // The register still lists the grandmother, who died thirty days ago: by four.
        ("household.net_per_head", "9250", "9250"),
        ("household.land_mu", "4.5", "4.5"),
        ("household.forest_mu", "0.0", "0.0"),
        ("household.dwelling_grade", "a", "a"),
        ("household.surveyed_on", "2024-01-15", "2024-01-15"),
    ] {
        assert_eq!(shown(&household(), name, None, None), plain, "{name}");
        assert_eq!(shown(&known_household(), name, None, None), known, "{name} of a known household");
    }
}

#[test]
fn a_household_that_is_still_monitored_says_so() {
    let mut household = known_household();
    if let Some(monitored) = &mut household.monitored {
        monitored.cleared_on = None;
    }
    for (name, expected) in
        [("household.is_monitored_now", "true"), ("household.is_cleared", "false"), ("household.cleared_on", "")]
    {
        assert_eq!(shown(&household, name, None, None), expected, "{name}");
    }
}

#[test]
fn registers_list_those_who_left_for_forty_five_days() {
    for (left, expected) in [("2024-05-17", "9250"), ("2024-05-16", "12333"), ("2024-06-30", "9250")] {
        let mut household = household();
        household.residents[3].left_on = Some(super::day(left));
        assert_eq!(shown(&household, "household.net_per_head", None, None), expected, "left on {left}");
    }
}

#[test]
fn fields_of_members() {
    for (name, expected) in [
        ("resident.name", ["石大山", "吉木·阿果", "石小溪", "石阿婆"]),
        ("resident.is_male", ["true", "false", "false", "false"]),
        ("resident.born_on", ["1984-02-29", "1986-07-01", "2012-06-30", "1944-07-01"]),
        ("resident.age", ["40", "37", "12", "79"]),
        ("resident.relation", ["head", "spouse", "daughter", "mother"]),
        ("resident.ethnic", ["01", "01", "01", "01"]),
        ("resident.stage_and_grade", ["none_0", "none_0", "primary_6", "none_0"]),
        ("resident.is_at_school", ["false", "false", "true", "false"]),
        ("resident.has_dropped_out", ["false", "false", "false", "false"]),
        ("resident.has_lost_work", ["true", "false", "false", "false"]),
        ("resident.works_away", ["true", "false", "false", "false"]),
        ("resident.work_months", ["10", "0", "0", "0"]),
        ("resident.wage_month", ["5000", "0", "0", "0"]),
        ("resident.is_present", ["true", "true", "true", "false"]),
        ("resident.left_on", ["", "", "", "2024-05-31"]),
        ("resident.left_reason", ["none", "none", "none", "death"]),
        ("resident.left_days", ["-1", "-1", "-1", "30"]),
        ("resident.joined_on", ["2014-06-01"; 4]),
        ("event.disability_kind", ["", "4", "", ""]),
        ("event.disability_grade", ["", "2", "", ""]),
    ] {
        for (member, expected) in expected.into_iter().enumerate() {
            assert_eq!(shown(&household(), name, Some(member), None), expected, "{name} of member {member}");
        }
    }
    let certificate = shown(&household(), "event.certificate_no", Some(1), None);
    let identity = shown(&household(), "resident.identity", Some(1), None);
    assert_eq!(certificate, format!("{identity}42"), "the number, then kind and grade");
    assert_eq!(shown(&household(), "event.certificate_no", Some(0), None), "");
    assert_eq!(
        shown(&household(), "household.head_identity", None, None),
        shown(&household(), "resident.identity", Some(0), None)
    );
}

#[test]
fn fields_of_events() {
    for (name, stay, loss) in [
        ("event.kind", "stay", "job_lost"),
        ("event.sub", "serious", "closed"),
        ("event.day", "2024-05-20", "2024-03-01"),
        ("event.until", "", "2024-06-30"),
        ("event.is_over", "false", "true"),
        ("event.total", "12345", "0"),
        ("event.basic", "6000", "0"),
        ("event.serious", "1000", "0"),
        ("event.aid", "345", "0"),
        ("event.own", "5000", "0"),
        ("event.in_scope", "10616", "0"),
        ("event.count", "9", "0"),
        ("event.stay_began", "2024-05-11", "2024-03-01"),
        ("event.days_since", "41", "121"),
        ("event.is_shock", "true", "false"),
    ] {
        assert_eq!(shown(&household(), name, Some(1), Some(0)), stay, "{name} of the stay");
        assert_eq!(shown(&household(), name, Some(0), Some(1)), loss, "{name} of the loss of work");
    }
    let mut later = household();
    later.events[1].until = Some(super::day("2024-07-01"));
    assert_eq!(shown(&later, "event.is_over", Some(0), Some(1)), "false", "it ends tomorrow");
}

#[test]
fn what_is_said_of_a_member_or_an_event_is_empty_without_one() {
    for name in ["resident.identity", "resident.name", "resident.age", "resident.is_male", "event.day", "event.total"] {
        assert_eq!(shown(&household(), name, None, None), "", "{name}");
    }
    for name in ["resident", "resident.", "Resident.age", "event.cost", ""] {
        assert!(getter(name).is_none(), "{name}");
    }
}
