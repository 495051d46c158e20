//! What the bytes of a line say about its encoding.

/// Counts over the bytes of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// Bytes that are not ASCII.
    foreign: usize,
    /// Of these, bytes of characters of three bytes in UTF-8, as Chinese ones are.
    chinese_utf8: usize,
    /// Characters of two bytes in GB18030, when the line is read so, signs among them.
    doubles: usize,
    /// Chinese characters of two bytes in GB18030, when the line is read so.
    pairs: usize,
    /// Of these, the 3,755 common ones of GB 2312.
    common: usize,
    /// Of these, such as are common ones in Big5, or kana and common ones in Shift-JIS.
    big5: usize,
    shift_jis: usize,
    /// The line cannot be GB18030.
    has_errors: bool,
}

impl Evidence {
    /// What one line, without its end, says about its encoding.
    pub fn of(line: &[u8]) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.read_utf8(line);
        evidence.read_gb18030(line);
        evidence
    }

    /// `is_mostly_utf8` of the line, without reading it a second way.
    pub fn line_is_mostly_utf8(line: &[u8]) -> bool {
        let mut evidence = Evidence::default();
        evidence.read_utf8(line);
        evidence.is_mostly_utf8()
    }

    fn read_utf8(&mut self, line: &[u8]) {
        let is_next = |at: usize| line.get(at).is_some_and(|byte| (0x80..0xC0).contains(byte));
        let mut at = 0;
        while let Some(byte) = line.get(at) {
            let is_chinese = (0xE0..=0xEF).contains(byte)
                && is_next(at + 1)
                && is_next(at + 2)
                && std::str::from_utf8(&line[at..at + 3]).is_ok();
            let length = if is_chinese { 3 } else { 1 };
            self.foreign += if byte.is_ascii() { 0 } else { length };
            self.chinese_utf8 += if is_chinese { length } else { 0 };
            at += length;
        }
    }

    fn read_gb18030(&mut self, line: &[u8]) {
        let mut at = 0;
        while let Some(lead) = line.get(at) {
            let next = line.get(at + 1).copied().unwrap_or_default();
            at += match (lead, next) {
                (0..=0x7F, _) => 1,
                (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE) => {
                    // Rows of signs, letters and digits.
                    let is_sign = (0xA1..=0xA9).contains(lead) && next >= 0xA1;
                    self.pairs += usize::from(!is_sign);
                    self.common += usize::from((0xB0..=0xD7).contains(lead) && next >= 0xA1);
                    self.big5 += usize::from((0xA4..=0xC6).contains(lead) && !(0x80..=0xA0).contains(&next));
                    self.shift_jis += usize::from(matches!(lead, 0x82 | 0x83 | 0x88..=0x97));
                    self.doubles += 1;
                    2
                }
                (0x81..=0xFE, 0x30..=0x39) => 4,
                _ => {
                    self.has_errors = true;
                    1
                }
            };
        }
    }

    /// It is Chinese in UTF-8 with some damage, and cannot be GB18030.
    pub fn is_damaged_utf8(&self) -> bool {
        self.is_mostly_utf8() && self.has_errors
    }

    /// In GB18030 it is sound, and few of its bytes are Chinese in UTF-8.
    pub fn is_rather_gb18030(&self) -> bool {
        self.is_sound_gb18030() && !self.is_mostly_utf8()
    }

    /// At least half of what is not ASCII are Chinese characters in UTF-8.
    pub fn is_mostly_utf8(&self) -> bool {
        self.chinese_utf8 > 0 && self.chinese_utf8 * 2 >= self.foreign
    }

    /// Without an error, and made of common characters. Chinese in UTF-8 hardly looks so: every third of its bytes begins or ends a rare
    /// pair.
    pub fn is_sound_gb18030(&self) -> bool {
        !self.has_errors && self.pairs > 0 && self.common * 4 >= self.pairs * 3
    }

    /// It looks like Big5 or Shift-JIS, of which GB18030 makes rare characters.
    pub fn is_rather_foreign(&self) -> bool {
        let likeness = self.big5.max(self.shift_jis);
        self.doubles >= 4
            && likeness * 4 >= self.doubles * 3
            && self.common * 2 < self.doubles
            && !self.is_mostly_utf8()
    }

    /// True when some bytes are of neither encoding.
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }
}
