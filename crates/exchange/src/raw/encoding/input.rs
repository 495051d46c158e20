//! The bytes of a text file in an encoding that holds ASCII as it is; UTF-16 becomes UTF-8 on the way.

use crate::Encoding;
use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

const BLOCK_BYTES: usize = 1 << 16;

/// A file under way.
pub(crate) struct Input {
    file: File,
    /// Bytes of the file that were read.
    pub bytes_read: u64,
    utf16: Option<Utf16>,
}

struct Utf16 {
    decoder: Decoder,
    block: Vec<u8>,
    /// Where in the block the next undecoded byte stands.
    at: usize,
    is_last: bool,
    is_done: bool,
}

impl Input {
    /// Opens a file as UTF-8 where it is UTF-16; other encodings stay as they are.
    pub fn open(path: &Path, encoding: Encoding) -> io::Result<Input> {
        let file = File::open(path)?;
        let from = match encoding {
            Encoding::Utf16Le => Some(UTF_16LE),
            Encoding::Utf16Be => Some(UTF_16BE),
            Encoding::Utf8 | Encoding::Utf8Bom | Encoding::Gb18030 => None,
        };
        let utf16 = from.map(|from| Utf16 {
            decoder: from.new_decoder_without_bom_handling(),
            block: Vec::new(),
            at: 0,
            is_last: false,
            is_done: false,
        });
        Ok(Input { file, bytes_read: 0, utf16 })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(utf16) = &mut self.utf16 else {
            let read = self.file.read(buffer)?;
            self.bytes_read += read as u64;
            return Ok(read);
        };
        while !utf16.is_done {
            if utf16.at == utf16.block.len() && !utf16.is_last {
                utf16.block.clear();
                utf16.at = 0;
                let read = Read::by_ref(&mut self.file).take(BLOCK_BYTES as u64).read_to_end(&mut utf16.block)?;
                utf16.is_last = read < BLOCK_BYTES;
                self.bytes_read += read as u64;
            }
            let (result, read, written, _) =
                utf16.decoder.decode_to_utf8(&utf16.block[utf16.at..], buffer, utf16.is_last);
            utf16.at += read;
            utf16.is_done = utf16.is_last && result == CoderResult::InputEmpty;
            // A buffer without room for one character cannot be filled; that of the reader has it.
            if written > 0 || (result == CoderResult::OutputFull && read == 0) {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
