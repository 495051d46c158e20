//! What can go wrong between rows and the lake's files.

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use std::fmt;
use std::path::PathBuf;
use words::Wording;

/// An attempt of this crate that failed. The cause hangs behind it.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A folder or file of the lake could not be read or written.
    #[error("cannot {attempt} `{path}`")]
    File {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A Parquet file of the lake is damaged or of another shape.
    #[error("cannot {attempt} the lake file `{path}`")]
    Parquet {
        attempt: &'static str,
        path: String,
        #[source]
        source: ParquetError,
    },
    /// An object of a bucket could not be read or written.
    #[error("cannot {attempt} `{object}`: {fault}")]
    Object {
        attempt: &'static str,
        /// Its address.
        object: String,
        fault: ObjectFault,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The address of a bucket, or what the environment says about it, does not do.
    #[error("the lake's bucket cannot be opened: {what}")]
    Address { what: String },
    /// Somebody else changed the dataset while a change was worked out; nothing of it is in force.
    #[error("`{dataset}` was changed by somebody else at the same time; nothing was put in force")]
    Changed { dataset: String },
    /// The system gave no random numbers.
    #[error("the system gave no random numbers: {what}")]
    Random { what: String },
    /// The small file that names the lake file in force is damaged.
    #[error("cannot read `{path}`, which names the lake file in force")]
    Manifest {
        path: String,
        #[source]
        source: serde_json::Error,
    },
    /// A row does not have the shape that the package declares for its dataset.
    #[error("row {row} of file `{file}` does not fit `{dataset}`: {what}")]
    Row { dataset: String, file: String, row: u32, what: String },
    /// Columns could not be brought into the shape of the dataset.
    #[error("cannot arrange the columns of `{of}`")]
    Columns {
        of: String,
        #[source]
        source: ArrowError,
    },
}

/// Why a store does not give an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectFault {
    /// It is not there, or the bucket is not.
    Missing,
    /// Key or secret are wrong, or do not allow it.
    Refused,
    /// The store cannot be reached, or answered with a failure.
    NoAnswer,
}

impl fmt::Display for ObjectFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ObjectFault::Missing => "it is not there",
            ObjectFault::Refused => "the store refuses it",
            ObjectFault::NoAnswer => "the store gave no answer that can be used",
        })
    }
}

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, LakeError>;

impl LakeError {
    pub(crate) fn file(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> LakeError {
        let path = path.into();
        move |source| LakeError::File { attempt, path, source }
    }

    pub(crate) fn parquet(attempt: &'static str, path: impl Into<String>) -> impl FnOnce(ParquetError) -> LakeError {
        let path = path.into();
        move |source| LakeError::Parquet { attempt, path, source }
    }

    pub(crate) fn columns(of: &str) -> impl FnOnce(ArrowError) -> LakeError {
        let of = of.to_owned();
        move |source| LakeError::Columns { of, source }
    }

    /// What happened and what to do next, for people; `None` where the caller knows better.
    pub fn advice(&self) -> Option<Wording> {
        let told = |chinese: String, english: String| Some(Wording::pair(chinese, english));
        match self {
            LakeError::Object { object, fault: ObjectFault::Missing, .. } => told(
                format!("对象存储里没有 {object}:请核对桶名和前缀;文件被误删的,请从备份恢复后重试"),
                format!("{object} is not in the object store: check bucket and prefix; restore from a backup what was deleted, and try again"),
            ),
            LakeError::Object { object, fault: ObjectFault::Refused, .. } => told(
                format!("对象存储拒绝访问 {object}:请核对环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 以及该账号对桶的读写权限"),
                format!("The object store refuses {object}: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, and that this account may read and write the bucket"),
            ),
            LakeError::Object { object, fault: ObjectFault::NoAnswer, .. } => told(
                format!("对象存储没有给出可用的答复({object}):请检查网络、环境变量 AWS_ENDPOINT 和对象存储服务,然后重试;数据没有丢失"),
                format!("The object store gave no answer that can be used ({object}): check the network, AWS_ENDPOINT in the environment and the service, and try again; nothing is lost"),
            ),
            LakeError::Address { what } => told(
                format!("数据湖的地址或环境变量有误({what}):地址写作 s3://桶名/前缀,并设定 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY,必要时设定 AWS_ENDPOINT"),
                format!("The address of the lake or the environment is wrong ({what}): write s3://bucket/prefix, and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where needed, AWS_ENDPOINT"),
            ),
            LakeError::Changed { .. } => told(
                "同一数据同时有另一项更改,本次没有变动:请稍后重新提交".to_owned(),
                "Another change of the same data was made at the same time, and this one changed nothing: hand it in again in a moment".to_owned(),
            ),
            LakeError::Parquet { path, .. } | LakeError::Manifest { path, .. } => told(
                format!("数据湖文件 {path} 不能读取,可能已损坏:请从备份恢复该文件后重试"),
                format!("{path} of the lake cannot be read and may be damaged: restore it from a backup and try again"),
            ),
            _ => None,
        }
    }
}
