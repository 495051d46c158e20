//! Why an encrypted connection was not made, for people.

use rustls::CertificateError;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;

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

    /// Why not, and what to do next, in Chinese.
    pub fn in_chinese(&self) -> [String; 2] {
        let told = match self {
            TlsFault::Mode { word } => [
                &format!("地址里的 sslmode={word} 无法识别"),
                "可以写:disable、prefer、require、verify-ca、verify-full",
            ],
            TlsFault::NoUse { mode } => [
                &*format!("sslmode={mode} 不核验证书,写了 sslrootcert 也不起作用"),
                "需要核验请改为 sslmode=verify-full;不需要核验请删去 sslrootcert",
            ],
            TlsFault::NoRoot { mode } => [
                &format!("sslmode={mode} 需要指明由哪个机构签发证书"),
                "请加上 sslrootcert=签发机构证书的完整路径,或改用 sslmode=verify-full",
            ],
            TlsFault::RelativeRoot { file } => [
                &format!("sslrootcert={} 不是完整路径", file.display()),
                "请写完整路径,例如 sslrootcert=/etc/shouwang/root.crt",
            ],
            TlsFault::Roots { file, why } => [
                &format!("无法读取签发机构的证书 {}({why})", file.display()),
                "请核对路径和读取权限;文件应为 PEM 格式,以 -----BEGIN CERTIFICATE----- 开头",
            ],
            TlsFault::NoSystemRoots => [
                "本机没有安装系统根证书,无法核验数据库服务器的证书",
                "请用 sslrootcert=签发机构证书的完整路径 指定,或安装系统根证书(Debian 软件包 ca-certificates)",
            ],
            TlsFault::NoTls => [
                "数据库服务器没有启用加密连接(TLS),没有发送账号和数据",
                "请在数据库服务器上设置 ssl = on 并配置证书;线路本身可信、确定不加密时,在地址里写明 sslmode=disable",
            ],
            TlsFault::Authority => [
                "数据库服务器的证书不是可信机构签发的,无法确认对方是谁,没有发送账号和数据",
                "请向数据库管理员索取签发机构的证书,在地址里写 sslrootcert=该文件的完整路径;\
                 sslmode=require 只加密、不核验对方,防不住冒充",
            ],
            TlsFault::Dates { why } => [
                &format!("数据库服务器的证书不在有效期内({why}),没有发送账号和数据"),
                "请数据库管理员更换证书,并核对两台机器的日期和时间",
            ],
            TlsFault::Name { names } => [
                &format!(
                    "数据库服务器的证书不是给这个主机名的(证书上是:{}),没有发送账号和数据",
                    listed(names, "没有名字")
                ),
                "请在地址里改用证书上的主机名,或请数据库管理员换一张含有该主机名的证书;\
                 sslmode=verify-ca 只核验签发机构、不核验主机名",
            ],
            TlsFault::Unfit { why } => [
                &format!("数据库服务器的证书不合要求({why}),没有发送账号和数据"),
                "请数据库管理员换一张由机构签发的服务器证书:第 3 版,不是机构自身的证书(CA:FALSE),subjectAltName 里有主机名",
            ],
            TlsFault::Handshake { why } => [
                &format!("与数据库服务器的加密连接没有建立起来({why}),没有发送账号和数据"),
                "请核对服务器的加密设置:TLS 1.2 以上,证书与私钥配对",
            ],
        };
        told.map(str::to_owned)
    }

    /// Why not, and what to do next, in English.
    pub fn in_english(&self) -> [String; 2] {
        let told = match self {
            TlsFault::Mode { word } => [
                &*format!("sslmode={word} is not known"),
                "Write one of disable, prefer, require, verify-ca, verify-full.",
            ],
            TlsFault::NoUse { mode } => [
                &format!("sslmode={mode} checks no certificate, so sslrootcert has no use"),
                "Write sslmode=verify-full to check it, or leave sslrootcert out.",
            ],
            TlsFault::NoRoot { mode } => [
                &format!("sslmode={mode} needs to know which authority signs the certificate"),
                "Add sslrootcert=FILE with its full path, or write sslmode=verify-full.",
            ],
            TlsFault::RelativeRoot { file } => [
                &format!("sslrootcert={} is no full path", file.display()),
                "Write the full path, e.g. sslrootcert=/etc/shouwang/root.crt.",
            ],
            TlsFault::Roots { file, why } => [
                &format!("the authority's certificate in {} cannot be read ({why})", file.display()),
                "Check the path and who may read it; the file is PEM and begins with -----BEGIN CERTIFICATE-----.",
            ],
            TlsFault::NoSystemRoots => [
                "this system has no root certificates to check the server by",
                "Write sslrootcert=FILE with its full path, or install them (Debian's package is ca-certificates).",
            ],
            TlsFault::NoTls => [
                "the server does not encrypt connections (TLS); no account and no data were sent",
                "Set ssl = on at the server and give it a certificate; where the line itself is trusted, say sslmode=disable.",
            ],
            TlsFault::Authority => [
                "the server's certificate is signed by nobody who is trusted here; no account and no data were sent",
                "Ask for the authority's certificate and write sslrootcert=FILE with its full path; \
                 sslmode=require encrypts, but does not see an impostor.",
            ],
            TlsFault::Dates { why } => [
                &format!("the server's certificate is not valid today ({why}); no account and no data were sent"),
                "Have the certificate replaced, and check the clocks of both machines.",
            ],
            TlsFault::Name { names } => [
                &format!(
                    "the server's certificate is not for this host but for: {}; no account and no data were sent",
                    listed(names, "none")
                ),
                "Write the host as the certificate names it, or have a certificate made for this name; \
                 sslmode=verify-ca checks the authority and not the name.",
            ],
            TlsFault::Unfit { why } => [
                &format!("the server's certificate will not do ({why}); no account and no data were sent"),
                "Have a server's certificate signed by an authority: version 3, CA:FALSE, the host in subjectAltName.",
            ],
            TlsFault::Handshake { why } => [
                &format!("no encrypted connection came about ({why}); no account and no data were sent"),
                "Check the server's settings: TLS 1.2 or later, and a key that belongs to its certificate.",
            ],
        };
        told.map(str::to_owned)
    }
}

/// `DnsName("db.example")` without what is around the name.
fn bare(name: &str) -> String {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"').to_owned()
}

fn listed(names: &[String], none: &str) -> String {
    if names.is_empty() { none.to_owned() } else { names.join(", ") }
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [why, _] = self.in_english();
        f.write_str(&why)
    }
}

impl Error for TlsFault {}
