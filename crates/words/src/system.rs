//! What the operating system reports, in the words of every language.

use crate::{Wording, wording};
use std::io::{Error, ErrorKind};

/// Why the operating system did not do what it was asked for. What it says itself is English, and for the log.
pub fn of_system(error: &Error) -> Wording {
    match error.kind() {
        ErrorKind::NotFound => wording!("system_not_found"),
        ErrorKind::PermissionDenied => wording!("system_not_permitted"),
        ErrorKind::AlreadyExists => wording!("system_exists"),
        ErrorKind::IsADirectory => wording!("system_is_folder"),
        ErrorKind::NotADirectory => wording!("system_no_folder"),
        ErrorKind::DirectoryNotEmpty => wording!("system_folder_not_empty"),
        ErrorKind::ReadOnlyFilesystem => wording!("system_read_only"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => wording!("system_full"),
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => wording!("system_busy"),
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => wording!("system_input_unfit"),
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => wording!("system_damaged"),
        ErrorKind::AddrInUse => wording!("system_address_taken"),
        ErrorKind::AddrNotAvailable => wording!("system_address_elsewhere"),
        ErrorKind::ConnectionRefused => wording!("system_refused"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::NotConnected => {
            wording!("system_broken_off")
        }
        ErrorKind::TimedOut => wording!("system_no_answer"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            wording!("system_unreachable")
        }
        ErrorKind::OutOfMemory => wording!("system_no_memory"),
        _ => match error.raw_os_error() {
            Some(number) => wording!("system_number", number),
            None if error.to_string().starts_with("failed to lookup address") => wording!("system_host_unknown"),
            None => wording!("system_other"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_reports_is_said_in_words() {
        let cases = [
            (Error::from_raw_os_error(2), "没有这个文件或文件夹"),
            (Error::from(ErrorKind::AddrInUse), "这个地址和端口已被别的程序占用"),
            (Error::new(ErrorKind::InvalidInput, "invalid socket address"), "写法不合要求"),
            (Error::other("failed to lookup address information: Name or service not known"), "找不到这台主机"),
            (Error::from_raw_os_error(71), "系统错误 71"),
            (Error::other("something"), "系统没有说明"),
        ];
        for (error, said) in cases {
            let words = of_system(&error);
            assert_eq!(words.chinese(), said, "{error}");
            assert!(!words.english().is_empty() && words.english().is_ascii(), "{error}: {}", words.english());
        }
    }
}
