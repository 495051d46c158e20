//! What the readers are known to do wrong today, so that the generator leaves it out: one line each, deleted with its fault.

/// A kind that is left out, and what is wrong with it.
pub const KNOWN: &[(&str, &str)] = &[
    ("carriage_returns", "lines that end with a carriage return alone are not told apart"),
    ("pipes", "the separator | is not known"),
    ("utf16", "UTF-16 is refused, with a message about an unknown encoding"),
    ("marks_outside_quotes", "the most frequent mark counts as the separator, also where it stands inside of cells"),
    ("quotes_among_open_ones", "a quotation mark that never closes takes whole rows up to the next quotation mark"),
    ("lines_of_a_wrong_row", "a row of a wrong number of cells, one over several lines, counts as several"),
    ("sep_line", "the line sep= counts as a row, though no spreadsheet shows it as one"),
    ("merged_rows", "a cell merged over rows counts for the first of them alone"),
    ("no_value", "a formula without a stored value is an empty cell"),
    ("plain_1904", "a day without the format of a day ignores the workbook's calendar"),
    ("odd_errors", "an error value that is not one of seven refuses the file as damaged"),
    ("other_workbook_name", "a workbook under another name than xl/workbook.xml is refused"),
    ("day_as_key", "a day in a column of texts is taken as a text"),
    ("moments", "a moment in the last minute of a day counts for that day, and an offset is not heeded"),
];

/// Panics that are known, by a part of the path of the file that they come from.
pub const KNOWN_PANICS: &[(&str, &str)] = &[
    ("calamine", "a workbook with a hostile reference ends the reader"),
    ("parquet", "a damaged Parquet file makes its reader panic, and the caught panic is printed"),
    ("arrow", "a damaged Parquet file makes its reader panic, and the caught panic is printed"),
];

/// True when a kind may be made.
pub fn is_right(kind: &str) -> bool {
    !KNOWN.iter().any(|(known, _)| *known == kind)
}
