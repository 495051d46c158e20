//! What people are told when the server of their database cannot be talked to in safety.

use crate::harness::{REGION, Story, text};
use std::io::{Read, Write};
use std::net::TcpListener;

/// A port at which a server says to everybody that it does not encrypt.
fn server_without_encryption() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("listens").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 8];
            if stream.read_exact(&mut asked).is_ok() {
                // Who hangs up has heard enough.
                let _ = stream.write_all(b"N");
            }
        }
    });
    port
}

#[test]
fn an_unsafe_server_is_refused_with_what_to_write_and_without_the_password() {
    let story = Story::begin();
    let (dir, package, port) = (text(&story.dir()), text(&story.package), server_without_encryption());
    for (asked, parts) in [
        (
            "sslmode=require",
            &["无法新建数据库 postgres://db.example", "没有启用加密连接", "建议:", "sslmode=disable"][..],
        ),
        ("sslmode=allow", &["sslmode=allow 无法识别", "建议:可以写:disable"]),
        ("sslrootcert=root.crt", &["sslrootcert=root.crt 不是完整路径", "/etc/shouwang/root.crt"]),
        ("sslrootcert=/no-such-file.crt", &["无法读取签发机构的证书 /no-such-file.crt", "PEM"]),
    ] {
        let address = format!("postgres://li:geheim@db.example:{port}/shouwang?hostaddr=127.0.0.1&{asked}");
        let init = ["init", "--dir", &dir, "--package", &package, "--region", REGION, "--database", &address];
        let said = story.refused(&init);
        for part in parts {
            assert!(said.contains(part), "`{part}` in {said}");
        }
        assert!(!said.contains("geheim"), "{said}");
    }
}
