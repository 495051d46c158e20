//! Letters that old systems keep where Unicode has nothing: rare Han characters in the private-use area.
//!
//! Since GB 18030-2022 each of them has its own place; files of earlier systems still hold the old one. Anything else in the private-use
//! area means something only to the system that wrote it: it is kept, and told.

/// First of the private-use letters of GBK's rows FE50 to FEA0.
const FIRST: u32 = 0xE815;
/// What stands for them, in their order. Sources: GB 18030-2000 (56 and 䶮 and its neighbours), GB 18030-2022 (the last 14 Han characters).
const STANDARD: [&str; 4] = [
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟",
    "㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱",
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟",
    "䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻",
];
/// Signs of upright punctuation that GB 18030-2022 moved, from U+E78D on.
const UPRIGHT_FIRST: u32 = 0xE78D;
const UPRIGHT: &str = "\u{FE10}\u{FE12}\u{FE11}\u{FE13}\u{FE14}\u{FE15}\u{FE16}\u{FE17}\u{FE18}\u{FE19}";

/// The letter in its standard place; itself where it has no other.
pub fn standard(letter: char) -> char {
    let code = letter as u32;
    if !(UPRIGHT_FIRST..FIRST + 80).contains(&code) {
        return letter;
    }
    let found = match code.checked_sub(FIRST) {
        Some(at) => STANDARD[at as usize / 20].chars().nth(at as usize % 20),
        None => UPRIGHT.chars().nth((code - UPRIGHT_FIRST) as usize),
    };
    found.unwrap_or(letter)
}

/// A letter that only the system that wrote it can show: private use without a standard place, or no character at all.
pub fn is_unknown(letter: char) -> bool {
    let code = letter as u32;
    let is_private = matches!(code, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF) && standard(letter) == letter;
    let is_unassigned = matches!(code, 0x4_0000..=0xD_FFFF | 0xFDD0..=0xFDEF) || code & 0xFFFE == 0xFFFE;
    is_private || is_unassigned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_earlier_systems_find_their_standard_place() {
        let cases = [
            ('\u{E815}', '\u{2E81}'),
            ('\u{E816}', '\u{20087}'),
            ('\u{E81E}', '\u{9FB4}'),
            ('\u{E831}', '\u{215D7}'),
            ('\u{E855}', '\u{241FE}'),
            ('\u{E863}', '䶮'),
            ('\u{E864}', '\u{9FBB}'),
            ('\u{E78D}', '\u{FE10}'),
            ('\u{E796}', '\u{FE19}'),
        ];
        for (old, new) in cases {
            assert_eq!(standard(old), new, "{old:?}");
            assert!(!is_unknown(old) && !is_unknown(new), "{old:?}");
        }
        let lengths: Vec<usize> = STANDARD.iter().map(|row| row.chars().count()).collect();
        assert_eq!(lengths, [20; 4]);
    }

    #[test]
    fn letters_that_only_one_system_can_show_are_known_as_such() {
        for letter in
            ['\u{E000}', '\u{E814}', '\u{E865}', '\u{F8FF}', '\u{F0000}', '\u{FFFFF}', '\u{10FFFD}', '\u{40000}']
        {
            assert!(is_unknown(letter) && standard(letter) == letter, "{letter:?}");
        }
        for letter in ['龘', '𠆩', 'ꀀ', 'ཀ', 'A', '\u{31350}', '\u{F900}', '\u{FFFC}'] {
            assert!(!is_unknown(letter), "{letter:?}");
        }
    }
}
