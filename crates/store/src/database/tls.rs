//! Encryption of connections to a server, in the words of libpq: `sslmode` and `sslrootcert`.

use crate::tls_fault::TlsFault;
use postgres::Config;
use postgres::config::{Host, SslMode};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// What `sslrootcert` says for the authorities that the operating system trusts.
const SYSTEM: &str = "system";

/// How far a connection is protected.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// Plain.
    None,
    /// Encrypted where the server can; nothing is checked.
    Preferred,
    /// Encrypted, but whose server it is remains unchecked.
    Encrypted,
    /// Encrypted, with a certificate that an authority of this file signed.
    Authority(PathBuf),
    /// Encrypted, with a certificate for the host's name that an authority of this file signed, or one of the system.
    Name(Option<PathBuf>),
}

impl Protection {
    /// Reads what an address says. Where it says nothing, a server on this machine is reached as it likes, and one on any
    /// other machine only with a certificate for its name: what protects people's data must not depend on a word that
    /// somebody forgot.
    pub(super) fn read(mode: Option<&str>, root: Option<&str>, is_local: bool) -> Result<Protection, TlsFault> {
        let file = root.filter(|root| *root != SYSTEM).map(PathBuf::from);
        if let Some(file) = file.as_ref().filter(|file| !file.is_absolute()) {
            return Err(TlsFault::RelativeRoot { file: file.clone() });
        }
        let of_authority = |mode: &str| file.clone().ok_or(TlsFault::NoRoot { mode: mode.to_owned() });
        match mode {
            None if root.is_none() && is_local => Ok(Protection::Preferred),
            Some("require") if root.is_none() => Ok(Protection::Encrypted),
            Some(mode @ ("require" | "verify-ca")) => of_authority(mode).map(Protection::Authority),
            None | Some("verify-full") => Ok(Protection::Name(file)),
            Some(mode @ ("disable" | "prefer")) if root.is_some() => Err(TlsFault::NoUse { mode: mode.to_owned() }),
            Some("disable") => Ok(Protection::None),
            Some("prefer") => Ok(Protection::Preferred),
            Some(word) => Err(TlsFault::Mode { word: word.to_owned() }),
        }
    }

    /// What `postgres` itself knows of it. No server encrypts a Unix socket.
    pub(super) fn mode(&self, config: &Config) -> SslMode {
        match self {
            _ if config.get_hosts().iter().all(is_socket) && config.get_hostaddrs().is_empty() => SslMode::Disable,
            Protection::None => SslMode::Disable,
            Protection::Preferred => SslMode::Prefer,
            Protection::Encrypted | Protection::Authority(_) | Protection::Name(_) => SslMode::Require,
        }
    }

    /// What encrypts connections and checks certificates. Authorities are read here, once.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, TlsFault> {
        let provider = Arc::new(ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsFault::Handshake { why: error.to_string() })?;
        let without_name = |roots| Arc::new(WithoutName { roots, algorithms });
        let builder = match self {
            Protection::Name(None) => builder.with_root_certificates(of_system()?),
            Protection::Name(Some(file)) => builder.with_root_certificates(of_file(file)?),
            Protection::Authority(file) => {
                builder.dangerous().with_custom_certificate_verifier(without_name(Some(of_file(file)?)))
            }
            Protection::None | Protection::Preferred | Protection::Encrypted => {
                builder.dangerous().with_custom_certificate_verifier(without_name(None))
            }
        };
        Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
    }
}

/// True when every way to the server stays on this machine. A name that is reached through a tunnel is not local.
pub(super) fn is_local(config: &Config) -> bool {
    let is_loopback = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        host => is_socket(host),
    };
    config.get_hosts().iter().all(is_loopback) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn is_socket(host: &Host) -> bool {
    !matches!(host, Host::Tcp(_))
}

fn of_file(file: &PathBuf) -> Result<RootCertStore, TlsFault> {
    let unreadable = |why: String| TlsFault::Roots { file: file.clone(), why };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    match roots.is_empty() {
        true => Err(unreadable("no certificate in it".to_owned())),
        false => Ok(roots),
    }
}

fn of_system() -> Result<RootCertStore, TlsFault> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    match roots.is_empty() {
        true => Err(TlsFault::NoSystemRoots),
        false => Ok(roots),
    }
}

/// Checks by which authority a certificate was signed, but not for which host; without authorities only that it belongs to
/// who shows it.
#[derive(Debug)]
struct WithoutName {
    roots: Option<RootCertStore>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for WithoutName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let certificate = ParsedCertificate::try_from(certificate)?;
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, between, now, self.algorithms.all)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    /// Also where anybody's certificate will do: it must belong to who shows it, or a password would be bound to a channel
    /// that somebody else holds.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::{Protection, is_local};
    use postgres::Config;
    use postgres::config::SslMode;
    use std::str::FromStr;

    fn config(address: &str) -> Config {
        Config::from_str(address).expect("is an address")
    }

    #[test]
    fn every_word_has_the_meaning_that_libpq_gives_it_and_silence_is_safe() {
        let by_name = |file: Option<&str>| Protection::Name(file.map(Into::into));
        let by_authority = || Protection::Authority("/root.crt".into());
        for (mode, root, is_local, protection) in [
            (None, None, true, Protection::Preferred),
            (None, None, false, by_name(None)),
            (None, Some("/root.crt"), true, by_name(Some("/root.crt"))),
            (None, Some("/root.crt"), false, by_name(Some("/root.crt"))),
            (None, Some("system"), true, by_name(None)),
            (Some("disable"), None, false, Protection::None),
            (Some("prefer"), None, false, Protection::Preferred),
            (Some("require"), None, false, Protection::Encrypted),
            (Some("require"), Some("/root.crt"), false, by_authority()),
            (Some("verify-ca"), Some("/root.crt"), true, by_authority()),
            (Some("verify-full"), None, true, by_name(None)),
            (Some("verify-full"), Some("system"), false, by_name(None)),
            (Some("verify-full"), Some("/root.crt"), true, by_name(Some("/root.crt"))),
        ] {
            let read = Protection::read(mode, root, is_local).expect("is understood");
            assert_eq!(read, protection, "{mode:?} {root:?} local: {is_local}");
        }
    }

    #[test]
    fn what_would_check_less_than_it_says_is_refused() {
        for (mode, root, why) in [
            (Some("allow"), None, "Mode"),
            (Some("VERIFY-FULL"), None, "Mode"),
            (Some(""), Some("/root.crt"), "Mode"),
            (Some("disable"), Some("/root.crt"), "NoUse"),
            (Some("prefer"), Some("system"), "NoUse"),
            (Some("require"), Some("system"), "NoRoot"),
            (Some("verify-ca"), None, "NoRoot"),
            (Some("verify-ca"), Some("system"), "NoRoot"),
            (Some("verify-full"), Some("root.crt"), "RelativeRoot"),
            (None, Some(""), "RelativeRoot"),
        ] {
            let refused = Protection::read(mode, root, true).expect_err("is refused");
            assert!(format!("{refused:?}").starts_with(why), "{mode:?} {root:?}: {refused:?}");
        }
    }

    #[test]
    fn local_is_what_does_not_leave_the_machine() {
        for (address, local) in [
            ("postgres://%2Frun%2Fpostgresql/d", true),
            ("postgres://localhost/d", true),
            ("postgres://127.0.0.1:5433/d", true),
            ("postgres://127.8.9.10/d", true),
            ("host=::1 dbname=d", true),
            ("postgres://localhost,db.example/d", false),
            ("postgres://localhost.db.example/d", false),
            ("postgres://10.0.0.1/d", false),
            ("postgres://db.example/d?hostaddr=127.0.0.1", false),
            ("postgres://localhost/d?hostaddr=10.0.0.1", false),
        ] {
            assert_eq!(is_local(&config(address)), local, "{address}");
        }
    }

    #[test]
    fn a_socket_is_never_encrypted_and_a_checked_connection_always() {
        let checked = Protection::Name(None);
        for (address, mode) in [
            ("postgres://%2Frun%2Fpostgresql/d", SslMode::Disable),
            ("postgres://%2Frun,db.example/d", SslMode::Require),
            ("postgres://localhost/d", SslMode::Require),
        ] {
            assert_eq!(checked.mode(&config(address)), mode, "{address}");
        }
        assert_eq!(Protection::Preferred.mode(&config("postgres://localhost/d")), SslMode::Prefer);
        assert_eq!(Protection::None.mode(&config("postgres://localhost/d")), SslMode::Disable);
    }
}
