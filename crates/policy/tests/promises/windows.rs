//! Windows end on the screening day and include both ends.

use crate::{day, in_english};
use policy::expression::Window;

#[test]
fn windows_start_where_the_declaration_says() {
    let cases = [
        ("rolling_12m", "2024-06-30", Some("2023-07-01")),
        ("rolling_12m", "2024-06-29", Some("2023-06-30")),
        ("rolling_12m", "2024-07-01", Some("2023-07-02")),
        ("rolling_12m", "2024-02-29", Some("2023-03-01")),
        ("rolling_12m", "2025-02-28", Some("2024-03-01")),
        ("rolling_12m", "2024-02-28", Some("2023-02-28")),
        ("rolling_1m", "2024-05-31", Some("2024-05-01")),
        ("rolling_1m", "2024-06-30", Some("2024-06-01")),
        ("rolling_1m", "2024-03-30", Some("2024-02-29")),
        ("rolling_3m", "2024-11-30", Some("2024-09-01")),
        ("rolling_1d", "2024-06-30", Some("2024-06-30")),
        ("rolling_90d", "2024-06-30", Some("2024-04-02")),
        ("month", "2024-06-01", Some("2024-06-01")),
        ("month", "2024-06-30", Some("2024-06-01")),
        ("year_to_date", "2024-01-01", Some("2024-01-01")),
        ("year_to_date", "2024-12-31", Some("2024-01-01")),
        ("school_year", "2024-08-31", Some("2023-09-01")),
        ("school_year", "2024-09-01", Some("2024-09-01")),
        ("all", "2024-09-01", None),
    ];
    for (window, on, first) in cases {
        let parsed = Window::parse(window).expect(window);
        assert_eq!(parsed.first_day(day(on)), first.map(day), "{window} of {on}");
    }
}

#[test]
fn month_ends_neither_overlap_nor_leave_a_gap() {
    let one_month = Window::parse("rolling_1m").expect("a window");
    let mut end = day("2019-12-31");
    for _ in 0..60 {
        let next = end.plus_days(1);
        let next_end = next.plus_days(31).first_of_month().plus_days(-1);
        assert_eq!(one_month.first_day(next_end), Some(next), "{next_end}");
        end = next_end;
    }
}

#[test]
fn both_ends_count_and_the_future_does_not() {
    let window = Window::parse("rolling_12m").expect("a window");
    let on = day("2024-06-30");
    for (row, counts) in [("2023-06-30", false), ("2023-07-01", true), ("2024-06-30", true), ("2024-07-01", false)] {
        assert_eq!(window.holds(Some(day(row)), on), counts, "{row}");
    }
    assert!(!window.holds(None, on), "a row without a day is in no bounded window");
    assert!(Window::All.holds(None, on));
    assert!(!Window::All.holds(Some(day("2024-07-01")), on));
}

#[test]
fn other_words_are_refused() {
    for bad in [
        "",
        "rolling",
        "rolling_m",
        "rolling_0m",
        "rolling_012m",
        "rolling_-1m",
        "rolling_12",
        "rolling_12y",
        "rolling_1201m",
        "rolling_99999999999m",
        "ALL",
        "year",
    ] {
        let error = Window::parse(bad).expect_err(bad);
        in_english::check_error(&error);
        assert!(error.hint.chinese().contains("rolling_12m"), "{bad}");
    }
}
