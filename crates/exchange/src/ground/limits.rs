//! What a file may cost.

/// What a file may cost. The defaults suit a county's largest extracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes_max: u64,
    /// Bytes of a workbook once unpacked, as its directory states them.
    pub unpacked_bytes_max: u64,
    /// Unpacked bytes per packed byte of any part larger than 1 MiB.
    pub ratio_max: u64,
    /// Parts in a workbook.
    pub parts_max: usize,
    /// Bytes of a workbook's table of shared texts once unpacked; it has to be held in memory.
    pub shared_text_bytes_max: u64,
    /// Bytes of the texts of a sheet's cells, all together: one shared text may stand in millions of cells.
    pub text_bytes_max: u64,
    /// Columns of a sheet.
    pub columns_max: u32,
    /// Characters of one text.
    pub text_characters_max: usize,
    /// Bytes of one line of a CSV file.
    pub line_bytes_max: usize,
    /// Rows, good and bad, that one file may hold.
    pub rows_max: u64,
    /// Good rows (and, about, faults) of one chunk.
    pub chunk_rows: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes_max: 64 << 30,
            unpacked_bytes_max: 8 << 30,
            ratio_max: 250,
            parts_max: 2_000,
            shared_text_bytes_max: 160 << 20,
            text_bytes_max: 8 << 30,
            columns_max: 512,
            text_characters_max: 1_000,
            line_bytes_max: 1 << 20,
            rows_max: 200_000_000,
            chunk_rows: 4_096,
        }
    }
}
