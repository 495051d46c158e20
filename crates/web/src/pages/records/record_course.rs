//! What a record's page tells of its way: deadlines, and what followed from the last step.

use crate::pages::records::record::record_address;
use crate::parts::catalog::Catalog;
use store::{CourseShown, FollowedShown};

/// Something that followed from a step: what, and of a record its address where the reader sees its register.
pub struct FollowedLine {
    pub text: String,
    pub link: Option<String>,
}

/// What followed from the last step: the records that it touched, then the days of its notice, who is told, who must still agree,
/// the day by which the record should move on.
pub fn followed(course: &CourseShown, catalog: &Catalog<'_>) -> Vec<FollowedLine> {
    let line = |one: &FollowedShown| {
        let (register, done) = (catalog.dataset(&one.register), catalog.action(&one.register, &one.action));
        let parts = [Some(register), one.number.clone(), Some(done)];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        FollowedLine { text, link: one.is_seen.then(|| record_address(&one.register, &one.id)) }
    };
    let told = course.told.iter().map(|told| FollowedLine { text: told.of(catalog.language).to_owned(), link: None });
    course.followed.iter().map(line).chain(told).collect()
}

/// Deadlines that run or stand still, each in a sentence.
pub fn clocks(course: &CourseShown, catalog: &Catalog<'_>) -> Vec<String> {
    let language = catalog.language;
    let sentence = |clock: &store::ClockShown| {
        let label = language.pick(clock.label.chinese(), clock.label.english());
        match (clock.due_on, clock.is_stopped) {
            (Some(day), _) => language.fill("clock_due", &[("label", &label), ("day", &day)]),
            (None, true) => language.fill("clock_stopped", &[("label", &label)]),
            (None, false) => language.fill("clock_unset", &[("label", &label)]),
        }
    };
    course.clocks.iter().map(sentence).collect()
}
