//! Why an encrypted connection was not made, for people.

use rustls::CertificateError;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use words::{Advice, Language, advice};

/// What `tokio-postgres` says when the server answers that it does not encrypt.
const NO_TLS: &str = "server does not support TLS";

/// Why a connection to a server could not be encrypted as its address asks. Nothing was sent through it, no password either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// `sslmode` is none of the known words.
    Mode { word: String },
    /// `sslrootcert` beside a mode that checks nothing.
    NoUse { mode: String },
    /// A mode that needs an authority of one's own stands without one.
    NoRoot { mode: String },
    /// `sslrootcert` is no absolute path: what it means would change with the folder in which the program runs.
    RelativeRoot { file: PathBuf },
    /// The authorities in the file cannot be read.
    Roots { file: PathBuf, why: String },
    /// The operating system trusts no authority.
    NoSystemRoots,
    /// The server does not encrypt.
    NoTls,
    /// The certificate was signed by nobody who is trusted here.
    Authority,
    /// The certificate is no longer valid, or not yet.
    Dates { why: String },
    /// The certificate is for other hosts, or for none.
    Name { names: Vec<String> },
    /// The certificate is no certificate of a server.
    Unfit { why: String },
    /// The two sides found no common way.
    Handshake { why: String },
}

impl TlsFault {
    /// What is behind a failed connection; `None` where it has nothing to do with encryption.
    pub(super) fn of(error: &postgres::Error) -> Option<TlsFault> {
        let source = error.source()?;
        if source.to_string() == NO_TLS {
            return Some(TlsFault::NoTls);
        }
        let inner = source.downcast_ref::<std::io::Error>()?.get_ref()?;
        let rustls::Error::InvalidCertificate(wrong) = inner.downcast_ref::<rustls::Error>()? else {
            return Some(TlsFault::Handshake { why: inner.to_string() });
        };
        let why = wrong.to_string();
        Some(match wrong {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsFault::Authority,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsFault::Dates { why },
            CertificateError::NotValidForName => TlsFault::Name { names: Vec::new() },
            CertificateError::NotValidForNameContext { presented, .. } => {
                TlsFault::Name { names: presented.iter().map(|name| bare(name)).collect() }
            }
            _ => TlsFault::Unfit { why },
        })
    }

    /// Why not, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            TlsFault::Mode { word } => advice!("tls_mode", word),
            TlsFault::NoUse { mode } => advice!("tls_root_without_use", mode),
            TlsFault::NoRoot { mode } => advice!("tls_no_root", mode),
            TlsFault::RelativeRoot { file } => advice!("tls_relative_root", file = file.display()),
            TlsFault::Roots { file, why } => advice!("tls_roots", file = file.display(), why),
            TlsFault::NoSystemRoots => advice!("tls_no_system_roots"),
            TlsFault::NoTls => advice!("tls_none"),
            TlsFault::Authority => advice!("tls_authority"),
            TlsFault::Dates { why } => advice!("tls_dates", why),
            TlsFault::Name { names } if names.is_empty() => advice!("tls_without_name"),
            TlsFault::Name { names } => advice!("tls_name", names = words::list(names)),
            TlsFault::Unfit { why } => advice!("tls_unfit", why),
            TlsFault::Handshake { why } => advice!("tls_handshake", why),
        }
    }
}

/// `DnsName("db.example")` without what is around the name.
fn bare(name: &str) -> String {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"').to_owned()
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.advice().what.of(Language::ENGLISH))
    }
}

impl Error for TlsFault {}
