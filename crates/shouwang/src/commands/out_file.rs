//! Files that commands write: their names say what is in them.

use crate::trouble::{Outcome, Trouble};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::path::Path;
use words::{Wording, advice, list};

/// The format in which `out` is written: the one that its name ends in, or the one that was asked for by name where the name
/// ends in nothing.
///
/// # Errors
/// Where the ending is that of no format of this command, or of another than the one asked for, or where nothing says the format.
pub fn format_of<F: ValueEnum + PartialEq>(out: &Path, asked: Option<F>) -> Outcome<F> {
    let known: Vec<(PossibleValue, &F)> =
        F::value_variants().iter().filter_map(|format| Some((format.to_possible_value()?, format))).collect();
    // A format that no file's name ends in has an alias that one does.
    let ending_of = |name: &PossibleValue| name.get_name_and_aliases().last().map(|last| format!(".{last}"));
    let endings = || list(known.iter().filter_map(|(name, _)| ending_of(name)));
    let by_name = match ending(out) {
        None => None,
        Some(ending) => {
            let found = known.iter().find(|(name, _)| name.matches(&ending, true));
            Some(found.ok_or_else(|| unknown(out, endings()))?.1.clone())
        }
    };
    match (by_name, asked) {
        (Some(by_name), Some(asked)) if by_name != asked => {
            Err(Trouble::of(advice!("out_of_other_format", path = out.display())))
        }
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => Err(unknown(out, endings())),
    }
}

/// Refuses a name that ends in another way than what is written under it.
///
/// # Errors
/// Where the name ends in anything but these endings; a name without an ending says nothing untrue.
pub fn must_end_in(out: &Path, endings: &[&str]) -> Outcome<()> {
    match ending(out) {
        Some(ending) if !endings.contains(&ending.as_str()) => {
            Err(unknown(out, list(endings.iter().map(|ending| format!(".{ending}")))))
        }
        _ => Ok(()),
    }
}

fn ending(out: &Path) -> Option<String> {
    out.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}

fn unknown(out: &Path, endings: Wording) -> Trouble {
    Trouble::of(advice!("out_of_no_format", path = out.display(), endings))
}

#[cfg(test)]
mod tests {
    use super::{format_of, must_end_in};
    use crate::arguments::{BookFormat, ListFormat};
    use std::path::Path;

    #[test]
    fn a_file_is_written_in_the_format_that_its_name_says() {
        let cases = [
            ("x.csv", None, Some(BookFormat::Csv)),
            ("x.XLSX", None, Some(BookFormat::Xlsx)),
            ("x.csv", Some(BookFormat::Csv), Some(BookFormat::Csv)),
            ("x.csv", Some(BookFormat::Xlsx), None),
            ("x", Some(BookFormat::Csv), Some(BookFormat::Csv)),
            ("x", None, None),
            ("x.parquet", None, None),
            ("x.xls", Some(BookFormat::Xlsx), None),
            ("x.csv.zip", None, None),
        ];
        for (name, asked, format) in cases {
            assert_eq!(format_of(Path::new(name), asked).ok(), format, "{name} {asked:?}");
        }
        assert_eq!(format_of(Path::new("x.parquet"), None).ok(), Some(ListFormat::Parquet));
        assert_eq!(format_of(Path::new("x.json"), None).ok(), Some(ListFormat::Json));
        assert_eq!(format_of(Path::new("x.txt"), None).ok(), Some(ListFormat::Table));
    }

    #[test]
    fn a_name_may_say_nothing_but_nothing_untrue() {
        for (name, fits) in [("x.json", true), ("x.JSON", true), ("x", true), ("x.xlsx", false), ("x.json.csv", false)]
        {
            assert_eq!(must_end_in(Path::new(name), &["json"]).is_ok(), fits, "{name}");
        }
    }
}
