//! Connections that are encrypted as their address asks, to a server with certificates that are made here.

use crate::county::{actor, day, declarations, household, key, place};
use model::Moment;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection};
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command as Process;
use std::sync::Arc;
use store::{Command, Location, Region, Store, StoreError, TlsFault};
use tempfile::TempDir;
use test_server::{Durability, PASSWORD, Server};

const VILLAGE: &str = "990101100201";
/// The names in the server's certificate: of another machine, behind a tunnel, and the number of this one.
const NAMES: [&str; 2] = ["db.example", "127.0.0.1"];

type Authority = CertifiedIssuer<'static, KeyPair>;

/// An authority of that name; two of the same name are two.
fn authority(name: &str) -> Authority {
    let mut wanted = CertificateParams::default();
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(wanted, KeyPair::generate().expect("a key")).expect("is signed")
}

/// Certificate and key of a server.
fn certificate(of: &Authority, change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
    let mut wanted = CertificateParams::new(NAMES.map(str::to_owned)).expect("are names");
    change(&mut wanted);
    let key = KeyPair::generate().expect("a key");
    (wanted.signed_by(&key, of).expect("is signed").pem(), key.serialize_pem())
}

/// A server that holds an installation, with the authority of its certificate and another one in files.
struct Remote {
    server: Server,
    port: u16,
    authority: Authority,
    files: TempDir,
}

impl Remote {
    fn start(encrypts: bool) -> Remote {
        let server = Server::start(Durability::None).unwrap_or_else(|why| panic!("{why}"));
        let (authority, files) = (authority("authority"), tempfile::tempdir().expect("a folder"));
        let (certificate, own) = certificate(&authority, |_| {});
        let listens = server.listen(encrypts.then_some((certificate.as_str(), own.as_str())));
        let port = listens.unwrap_or_else(|why| panic!("{why}"));
        let remote = Remote { server, port, authority, files };
        remote.write("root.crt", &remote.authority.as_ref().pem());
        remote.write("other.crt", &crate::tls::authority("other").as_ref().pem());
        remote.write("empty.crt", "no certificate\n");
        let socket = remote.server.address();
        Store::create(socket.as_str(), declarations(""), &key()).expect("creates by the socket");
        remote
    }

    /// Gives the server another certificate.
    fn show(&mut self, (certificate, key): (String, String)) {
        self.port = self.server.listen(Some((&certificate, &key))).unwrap_or_else(|why| panic!("{why}"));
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.files.path().join(name), text).expect("is written");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// The address of the server under a name, with `FOLDER` for the folder of the files.
    fn address(&self, host: &str, asked: &str) -> String {
        let asked = asked.replace("FOLDER", &self.files.path().display().to_string());
        format!("postgres://shouwang:{PASSWORD}@{host}:{}/postgres?hostaddr=127.0.0.1&{asked}", self.port)
    }

    /// Whether each connection of the program now is encrypted.
    fn encrypted(&self) -> Vec<bool> {
        let mut client =
            postgres::Client::connect(&self.server.address(), postgres::NoTls).expect("the socket answers");
        let sql = "select s.ssl from pg_stat_ssl s join pg_stat_activity a using (pid) \
             where a.application_name = 'shouwang public' order by a.backend_start desc";
        client.query(sql, &[]).expect("reads").iter().map(|row| row.get(0)).collect()
    }

    /// What comes of an address: `encrypted`, `plain`, or the name of the fault.
    fn outcome(&self, address: &str) -> String {
        match Store::open(address, declarations(""), &key()) {
            Ok(_open) => if self.encrypted()[0] { "encrypted" } else { "plain" }.to_owned(),
            Err(StoreError::Tls { address: shown, fault }) => {
                assert_eq!(shown, Location::from(address).to_string());
                format!("{fault:?}").split(' ').next().unwrap_or_default().to_owned()
            }
            Err(other) => {
                let mut said = format!("{other}: {other:?}");
                assert!(!said.contains(PASSWORD), "{said}");
                let mut cause = other.source();
                while let Some(source) = cause {
                    said.push_str(&format!(": {source}"));
                    cause = source.source();
                }
                said
            }
        }
    }

    fn check(&self, cases: &[(&str, &str, &str)]) {
        for (host, asked, expected) in cases {
            let address = self.address(host, asked);
            assert_eq!(self.outcome(&address), *expected, "{host} {asked}");
        }
    }
}

#[test]
fn the_address_decides_who_is_talked_to_and_whether_in_secret() {
    let remote = Remote::start(true);
    let (here, there, wrong) = ("127.0.0.1", "db.example", "other.example");
    remote.check(&[
        (here, "", "encrypted"),
        (here, "sslmode=disable", "plain"),
        (here, "sslmode=verify-full&sslrootcert=FOLDER/root.crt", "encrypted"),
        (here, "sslrootcert=FOLDER/root.crt", "encrypted"),
        (here, "sslrootcert=FOLDER/other.crt", "Authority"),
        (there, "sslmode=disable", "plain"),
        (there, "sslmode=prefer", "encrypted"),
        (there, "sslmode=require", "encrypted"),
        (there, "sslmode=require&sslrootcert=FOLDER/root.crt", "encrypted"),
        (there, "sslmode=require&sslrootcert=FOLDER/other.crt", "Authority"),
        (there, "sslmode=verify-ca&sslrootcert=FOLDER/root.crt", "encrypted"),
        (there, "sslmode=verify-ca&sslrootcert=FOLDER/other.crt", "Authority"),
        (there, "sslmode=verify-ca", "NoRoot"),
        (there, "sslmode=verify-full&sslrootcert=FOLDER/root.crt", "encrypted"),
        (there, "sslmode=verify-full&sslrootcert=FOLDER/other.crt", "Authority"),
        (there, "sslrootcert=FOLDER/root.crt", "encrypted"),
        (there, "sslrootcert=FOLDER/root.crt&channel_binding=require", "encrypted"),
        (there, "sslmode=verify-full&sslrootcert=FOLDER/none.crt", "Roots"),
        (there, "sslmode=verify-full&sslrootcert=FOLDER/empty.crt", "Roots"),
        (there, "sslmode=allow", "Mode"),
        (there, "sslmode=prefer&sslrootcert=FOLDER/root.crt", "NoUse"),
        (wrong, "sslmode=require", "encrypted"),
        (wrong, "sslmode=verify-ca&sslrootcert=FOLDER/root.crt", "encrypted"),
        (wrong, "sslmode=verify-ca&sslrootcert=FOLDER/other.crt", "Authority"),
        (wrong, "sslmode=verify-full&sslrootcert=FOLDER/root.crt", "Name"),
        (wrong, "sslmode=verify-full&sslrootcert=FOLDER/other.crt", "Authority"),
        (wrong, "sslrootcert=FOLDER/root.crt", "Name"),
    ]);
    let address = remote.address(wrong, "sslrootcert=FOLDER/root.crt");
    match Store::open(address.as_str(), declarations(""), &key()) {
        Err(StoreError::Tls { fault: TlsFault::Name { names }, .. }) => assert_eq!(names, NAMES),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn a_server_that_does_not_encrypt_is_reached_only_by_who_may_do_without() {
    let remote = Remote::start(false);
    remote.check(&[
        ("127.0.0.1", "", "plain"),
        ("127.0.0.1", "sslmode=require", "NoTls"),
        ("db.example", "sslmode=disable", "plain"),
        ("db.example", "sslmode=prefer", "plain"),
        ("db.example", "sslmode=require", "NoTls"),
        ("db.example", "sslmode=verify-ca&sslrootcert=FOLDER/root.crt", "NoTls"),
        ("db.example", "sslmode=verify-full&sslrootcert=FOLDER/root.crt", "NoTls"),
        ("db.example", "sslrootcert=FOLDER/root.crt", "NoTls"),
    ]);
    let socket = remote.server.address();
    for asked in ["", "?sslmode=require", "?sslmode=verify-full"] {
        assert_eq!(remote.outcome(&format!("{socket}{asked}")), "plain", "a socket is left alone: {asked}");
    }
}

#[test]
fn certificates_that_will_not_do_are_refused_with_the_reason() {
    let mut remote = Remote::start(true);
    let impostor = authority("authority");
    let by_hand = {
        let mut wanted = CertificateParams::new(NAMES.map(str::to_owned)).expect("are names");
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        (wanted.self_signed(&key).expect("is signed").pem(), key.serialize_pem())
    };
    remote.write("by_hand.crt", &by_hand.0);
    let of = |remote: &Remote, change: fn(&mut CertificateParams)| certificate(&remote.authority, change);
    let past = of(&remote, |wanted| wanted.not_after = date_time_ymd(2020, 1, 1));
    let future = of(&remote, |wanted| wanted.not_before = date_time_ymd(4000, 1, 1));
    let nameless = of(&remote, |wanted| wanted.subject_alt_names.clear());
    for (shown, root, fault) in [
        (past, "root.crt", "Dates"),
        (future, "root.crt", "Dates"),
        (nameless, "root.crt", "Name"),
        (certificate(&impostor, |_| {}), "root.crt", "Authority"),
        (by_hand, "by_hand.crt", "Unfit"),
    ] {
        remote.show(shown);
        let checked = format!("sslmode=verify-full&sslrootcert={}", remote.file(root).display());
        remote.check(&[("db.example", &checked, fault), ("db.example", "sslmode=require", "encrypted")]);
    }
}

#[test]
fn where_no_common_way_of_encryption_is_found_only_who_may_do_without_goes_on() {
    let remote = Remote::start(true);
    let port = remote.port.to_string();
    let old = [("ssl_min_protocol_version", "TLSv1"), ("ssl_max_protocol_version", "TLSv1.1")];
    let settings = [("listen_addresses", "127.0.0.1"), ("port", &port), ("ssl", "on")];
    remote.server.configure(&[settings, [old[0], old[1], ("ssl_ciphers", "ALL")]].concat()).expect("starts");
    remote.check(&[
        ("127.0.0.1", "", "plain"),
        ("db.example", "sslmode=prefer", "plain"),
        ("db.example", "sslmode=require", "Handshake"),
        ("db.example", "sslrootcert=FOLDER/root.crt", "Handshake"),
    ]);
}

/// Shows a certificate that belongs to another key.
#[derive(Debug)]
struct Stolen(Arc<CertifiedKey>);

impl ResolvesServerCert for Stolen {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A port at which somebody shows the certificate without having its key.
fn thief(certificate: &str) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let other = KeyPair::generate().expect("a key").serialize_der();
    let other = PrivateKeyDer::try_from(other).expect("is a key");
    let other = provider.key_provider.load_private_key(other).expect("is a key");
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("is a certificate");
    let shown = Stolen(Arc::new(CertifiedKey::new(vec![certificate], other)));
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = Arc::new(builder.expect("fits").with_no_client_auth().with_cert_resolver(Arc::new(shown)));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("listens").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut tls = ServerConnection::new(Arc::clone(&config)).expect("fits");
            let mut asked = [0; 8];
            if stream.read_exact(&mut asked).and_then(|()| stream.write_all(b"S")).is_ok() {
                // The other side hangs up when it sees the theft.
                let _ = tls.complete_io(&mut stream);
            }
        }
    });
    port
}

#[test]
fn a_certificate_without_its_key_is_refused_even_where_any_certificate_will_do() {
    let (certificate, _) = certificate(&authority("authority"), |_| {});
    let port = thief(&certificate);
    let address =
        format!("postgres://shouwang:{PASSWORD}@db.example:{port}/postgres?hostaddr=127.0.0.1&sslmode=require");
    match Store::open(address.as_str(), declarations(""), &key()) {
        Err(StoreError::Tls { fault, .. }) => assert_eq!(fault, TlsFault::Authority),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn an_import_by_copy_goes_through_an_encrypted_connection() {
    let remote = Remote::start(true);
    let address = remote.address("db.example", "sslrootcert=FOLDER/root.crt");
    let store = Store::open(address.as_str(), declarations(""), &key()).expect("opens");
    let system = store::system_actor(place("99"));
    let apply = |command| store.apply(&system, Moment { day: day("2024-06-01"), at_ms: 0 }, command).expect("is saved");
    let region = |code: &str| Region { code: place(code), name: "某地".into(), short: "某".into() };
    apply(Command::SaveRegions(["99", "9901", "990101", "990101100", VILLAGE].map(region).to_vec()));
    let records = (1..=5000).map(|number| household(number, VILLAGE, "吉木阿古")).collect();
    apply(Command::ImportRecords { register: "household".into(), file: "f".into(), records });
    let view = store.view(&actor("cadre", VILLAGE));
    assert!(view.household(model::HouseholdNo(5000)).expect("reads").is_some());
    store.verify().expect("the chain holds");
    let encrypted = remote.encrypted();
    assert!(!encrypted.is_empty() && encrypted.iter().all(|is| *is), "{encrypted:?}");
}

#[test]
fn a_wrong_password_is_told_without_it_and_only_in_secret() {
    let remote = Remote::start(true);
    let address = remote.address("db.example", "sslrootcert=FOLDER/root.crt").replace(PASSWORD, "falsch");
    let said = remote.outcome(&address);
    assert!(said.contains("28P01") && !said.contains("falsch"), "{said}");
}

#[test]
fn another_machine_that_is_named_without_a_word_on_encryption_is_checked_by_the_roots_of_the_system() {
    let remote = Remote::start(true);
    let empty = tempfile::tempdir().expect("a folder");
    for (roots, host, expected) in [
        ("root.crt", "db.example", "encrypted"),
        ("root.crt", "other.example", "Name"),
        ("other.crt", "db.example", "Authority"),
        ("none.crt", "db.example", "NoSystemRoots"),
    ] {
        let mut child = Process::new(std::env::current_exe().expect("knows itself"));
        child.args(["--ignored", "--exact", "tls::child_with_other_roots", "--nocapture"]);
        child.env("SHOUWANG_CHILD_LOCATION", remote.address(host, ""));
        child.env("SSL_CERT_FILE", remote.file(roots)).env("SSL_CERT_DIR", empty.path());
        let output = child.output().expect("the child runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.lines().any(|line| line == format!("came to {expected}")), "{roots} {host}: {said}");
        assert!(!said.contains(PASSWORD), "{said}");
    }
}

#[test]
#[ignore = "what a test of this file starts with other roots of the system"]
fn child_with_other_roots() {
    let Ok(location) = std::env::var("SHOUWANG_CHILD_LOCATION") else { return };
    match Store::open(location.as_str(), declarations(""), &key()) {
        Ok(_) => eprintln!("came to encrypted"),
        Err(StoreError::Tls { fault, .. }) => {
            eprintln!("came to {}", format!("{fault:?}").split(' ').next().unwrap_or_default());
        }
        Err(other) => eprintln!("came to {other}"),
    }
}

#[test]
fn every_fault_says_in_both_languages_what_is_wrong_and_what_to_do() {
    let (why, file) = ("why".to_owned(), PathBuf::from("/root.crt"));
    for (fault, sign) in [
        (TlsFault::Mode { word: "allow".into() }, "verify-full"),
        (TlsFault::NoUse { mode: "prefer".into() }, "verify-full"),
        (TlsFault::NoRoot { mode: "verify-ca".into() }, "sslrootcert="),
        (TlsFault::RelativeRoot { file: "root.crt".into() }, "sslrootcert=/"),
        (TlsFault::Roots { file, why: why.clone() }, "PEM"),
        (TlsFault::NoSystemRoots, "sslrootcert="),
        (TlsFault::NoTls, "sslmode=disable"),
        (TlsFault::Authority, "sslrootcert="),
        (TlsFault::Dates { why: why.clone() }, ""),
        (TlsFault::Name { names: vec!["db.example".into()] }, "verify-ca"),
        (TlsFault::Name { names: Vec::new() }, "verify-ca"),
        (TlsFault::Unfit { why: why.clone() }, "subjectAltName"),
        (TlsFault::Handshake { why }, "TLS 1.2"),
    ] {
        let words::Advice { what, hint } = fault.advice();
        let (chinese, english, next, then) = (what.chinese(), what.english(), hint.chinese(), hint.english());
        assert!(next.contains(sign) && then.contains(sign), "{next} {then}");
        let is_chinese = |text: &str| text.chars().any(|sign| ('一'..='龥').contains(&sign));
        assert!(is_chinese(chinese) && is_chinese(next), "{chinese} {next}");
        assert!(!is_chinese(english) && !is_chinese(then), "{english} {then}");
        assert_eq!(fault.to_string(), english);
    }
}
