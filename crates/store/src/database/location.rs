//! Where a database is: a file, or a server with a schema.

use std::fmt;
use std::path::{Path, PathBuf};

/// A file of SQLite, or the address of a PostgreSQL database.
///
/// An address is `postgres://user:password@host/database?schema=shouwang`; without `schema` the installation lies in
/// `public`. One schema holds one installation. `sslmode` and `sslrootcert` mean what they mean to libpq. Printed without its
/// password.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    File(PathBuf),
    Server(String),
}

/// An address in its parts.
pub(super) struct Server {
    /// The address without what only this program understands.
    pub(super) address: String,
    pub(super) schema: String,
    pub(super) sslmode: Option<String>,
    pub(super) sslrootcert: Option<String>,
}

impl Location {
    /// The file, where the database is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Location::File(path) => Some(path),
            Location::Server(_) => None,
        }
    }

    /// True for an address of a PostgreSQL server.
    pub fn is_server(&self) -> bool {
        self.file().is_none()
    }

    /// Takes the schema and what is said of encryption out of an address; `None` where the schema's name is no lower-case
    /// identifier.
    pub(super) fn server(address: &str) -> Option<Server> {
        let (plain, query) = address.split_once('?').unwrap_or((address, ""));
        let mut schema = "public";
        let (mut sslmode, mut sslrootcert) = (None, None);
        let mut others = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("schema", name)) => schema = name,
                Some(("sslmode", word)) => sslmode = Some(decoded(word)),
                Some(("sslrootcert", file)) => sslrootcert = Some(decoded(file)),
                _ => others.push(part),
            }
        }
        let others = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
        let fits = schema.len() <= 63 && super::dialect::is_identifier(schema);
        let address = format!("{plain}{others}");
        fits.then(|| Server { address, schema: schema.to_owned(), sslmode, sslrootcert })
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => write!(f, "{}", path.display()),
            Location::Server(address) => {
                let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", ""));
                let plain = rest.split('?').next().unwrap_or_default();
                let place = plain.rsplit_once('@').map_or(plain, |(_, place)| place);
                write!(f, "{scheme}://{place}")
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Location {
        Location::File(path.to_owned())
    }
}

impl From<&PathBuf> for Location {
    fn from(path: &PathBuf) -> Location {
        Location::File(path.clone())
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Location {
        location.clone()
    }
}

/// An address where it begins like one, else a path.
impl From<&str> for Location {
    fn from(text: &str) -> Location {
        match text.starts_with("postgres://") || text.starts_with("postgresql://") {
            true => Location::Server(text.to_owned()),
            false => Location::File(PathBuf::from(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (address, shown) in [
            ("postgres://li:a@b:c@db.example:5433/shouwang?schema=a&password=x", "postgres://db.example:5433/shouwang"),
            ("postgresql://localhost/x", "postgresql://localhost/x"),
            ("postgres:///x?host=/run&password=secret", "postgres:///x"),
        ] {
            assert_eq!(format!("{:?}", Location::from(address)), shown);
        }
    }

    #[test]
    fn the_schema_is_taken_out_of_the_address() {
        for (address, plain, schema) in [
            ("postgres://h/d", "postgres://h/d", "public"),
            ("postgres://h/d?schema=a_1", "postgres://h/d", "a_1"),
            ("postgres://h/d?host=/run&schema=a&user=b", "postgres://h/d?host=/run&user=b", "a"),
        ] {
            let server = Location::server(address).expect("is an address");
            assert_eq!((server.address.as_str(), server.schema.as_str()), (plain, schema));
        }
        for bad in ["postgres://h/d?schema=", "postgres://h/d?schema=A", "postgres://h/d?schema=a\"b"] {
            assert!(Location::server(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_is_said_of_encryption_is_taken_out_of_the_address() {
        let file = "sslrootcert=%2Fetc%2F%E5%AE%88%20%E6%9C%9B.crt";
        for (address, plain, mode, root) in [
            ("postgres://h/d".to_owned(), "postgres://h/d", None, None),
            ("postgres://h/d?sslmode=verify-full&user=b".into(), "postgres://h/d?user=b", Some("verify-full"), None),
            ("postgres://h/d?sslrootcert=/a/b.crt&schema=a".into(), "postgres://h/d", None, Some("/a/b.crt")),
            (format!("postgres://h/d?{file}"), "postgres://h/d", None, Some("/etc/守 望.crt")),
        ] {
            let server = Location::server(&address).expect("is an address");
            let said = (server.sslmode.as_deref(), server.sslrootcert.as_deref());
            assert_eq!((server.address.as_str(), said), (plain, (mode, root)), "{address}");
        }
    }
}
