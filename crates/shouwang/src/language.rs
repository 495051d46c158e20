//! The language in which the command line speaks: the one place that asks the environment for it.

use words::Language;

/// Variables that name it, the strongest first, as POSIX orders them.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of the terminal in which the program runs.
pub fn of_terminal() -> Language {
    of_locale(|name| std::env::var(name).ok())
}

/// The language of the first variable that is set; Chinese where it names none that there is, as `C` and `POSIX` do.
fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale = VARIABLES.into_iter().filter_map(variable).find(|value| !value.is_empty()).unwrap_or_default();
    // `en_GB.UTF-8@euro`: language and territory, then encoding and modifier.
    let tag = locale.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    Language::of_tag(&tag).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_spoken_to_in_its_language_or_in_chinese() {
        let (chinese, english) = (Language::CHINESE, Language::ENGLISH);
        let cases: [(&[(&str, &str)], Language); 12] = [
            (&[], chinese),
            (&[("LANG", "en_US.UTF-8")], english),
            (&[("LANG", "en")], english),
            (&[("LANG", "en_DK@euro")], english),
            (&[("LANG", "zh_CN.GB18030")], chinese),
            (&[("LANG", "C")], chinese),
            (&[("LANG", "C.UTF-8")], chinese),
            (&[("LANG", "POSIX")], chinese),
            (&[("LANG", "fr_FR.UTF-8")], chinese),
            (&[("LC_ALL", "zh_CN"), ("LC_MESSAGES", "en_US"), ("LANG", "en_US")], chinese),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "en_US"), ("LANG", "zh_CN")], english),
            (&[("LC_ALL", "C"), ("LANG", "en_US")], chinese),
        ];
        for (variables, language) in cases {
            let value =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
            assert_eq!(of_locale(value), language, "{variables:?}");
        }
    }
}
