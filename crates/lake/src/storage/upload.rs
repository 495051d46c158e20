//! Finished files go to a bucket: small ones at once, large ones in parts, none of them whole in memory.

use super::bucket::Bucket;
use crate::error::{LakeError, Result};
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of a part; an object of one part is put at once.
const PART_BYTES: u64 = 8 << 20;

impl Bucket {
    /// Puts a finished file under a name; the file is gone then.
    pub(crate) fn put(&self, file: &Path, path: &str) -> Result<()> {
        let failed = |error| LakeError::file("read", file)(error);
        let mut open = File::open(file).map_err(failed)?;
        if open.metadata().map_err(failed)?.len() <= PART_BYTES {
            let payload = PutPayload::from(part(&mut open).map_err(failed)?);
            self.ask("write", path, |objects, path| async move { objects.put(&path, payload).await })?;
        } else {
            self.put_parts(&mut open, file, path)?;
        }
        std::fs::remove_file(file).map_err(LakeError::file("delete", file))
    }

    fn put_parts(&self, open: &mut File, file: &Path, path: &str) -> Result<()> {
        let mut upload = self.ask("write", path, |objects, path| async move { objects.put_multipart(&path).await })?;
        loop {
            let bytes = match part(open).map_err(LakeError::file("read", file)) {
                Ok(bytes) if bytes.is_empty() => break,
                Ok(bytes) => bytes,
                Err(error) => return self.give_up(upload, path, error),
            };
            let (put, back) = self.with(upload, path, |upload| upload.put_part(PutPayload::from(bytes)))?;
            upload = back;
            if let Err(error) = put {
                return self.give_up(upload, path, error);
            }
        }
        let done = self.ask("write", path, |_, _| async move {
            let done = upload.complete().await;
            Ok((done.map(drop), upload))
        })?;
        match done {
            (Ok(()), _) => Ok(()),
            (Err(error), upload) => self.give_up(upload, path, self.failed("write", path, error)),
        }
    }

    /// Sends a part and hands the upload back.
    fn with(
        &self,
        mut upload: Box<dyn MultipartUpload>,
        path: &str,
        send: impl FnOnce(&mut dyn MultipartUpload) -> object_store::UploadPart + Send + 'static,
    ) -> Result<(Result<()>, Box<dyn MultipartUpload>)> {
        let (sent, upload) = self.ask("write", path, |_, _| async move {
            let sent = send(upload.as_mut()).await;
            Ok((sent, upload))
        })?;
        Ok((sent.map_err(|error| self.failed("write", path, error)), upload))
    }

    /// Takes back the parts that were sent; nothing of them was ever to be seen.
    fn give_up(&self, mut upload: Box<dyn MultipartUpload>, path: &str, error: LakeError) -> Result<()> {
        let _ = self.ask("delete", path, |_, _| async move { upload.abort().await });
        Err(error)
    }
}

/// The next bytes of a file, as many as one part has; none at its end.
fn part(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(PART_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
