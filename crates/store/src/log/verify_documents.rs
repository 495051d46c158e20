//! Checks what is kept beside the log: frozen years against the log's digests, attachments against their names.

use super::chain_break::{ChainBreak, broken};
use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Transaction, values};
use crate::stored::keys::digest_of;
use model::{Level, RegionCode};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Register, year and chain.
type Frozen = (String, i64, String);

/// Checks every frozen chunk against its digest, and the digests of all chunks against the log; gives their number.
pub(crate) fn verify_frozen(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    home: RegionCode,
) -> Result<u64, ChainBreak> {
    let mut digests: BTreeMap<Frozen, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    let sql = "select register, year, county, chunk from frozen order by register, year, county, chunk";
    let chunks: Vec<(String, i64, String, i64)> =
        transaction.all(sql, values![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let chunk_sql = "select records, document, digest from frozen \
                     where register = ?1 and year = ?2 and county = ?3 and chunk = ?4";
    for (register, year, county, chunk) in &chunks {
        let read = |row: &crate::database::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(i64, String, String)> =
            transaction.first(chunk_sql, values![register, year, county, chunk], read)?;
        let Some((records, document, digest)) = found else { continue };
        let number = serde_json::from_str::<Vec<Json>>(&document).map(|list| list.len() as i64);
        if digest_of(cipher, document.as_bytes()) != digest || number.ok() != Some(records) {
            let what = format!("the digest of frozen chunk {chunk} of {register} of {year} does not fit its records");
            return Err(broken(county, 0, 0, &what));
        }
        let chain = if county.is_empty() { home.at(Level::County).to_string() } else { county.clone() };
        let of_chain = digests.entry((register.clone(), *year, chain)).or_default();
        of_chain.entry(county.clone()).or_default().extend(digest.bytes());
    }
    let mut kept: BTreeMap<Frozen, Vec<String>> = BTreeMap::new();
    for (of, counties) in digests {
        kept.entry(of).or_default().extend(counties.values().map(|all| digest_of(cipher, all)));
    }
    let mut logged = logged_digests(transaction)?;
    kept.values_mut().chain(logged.values_mut()).for_each(|list| list.sort());
    let differs = kept.iter().find(|(of, list)| logged.get(*of) != Some(list)).map(|(of, _)| of);
    let gone = logged.keys().find(|of| !kept.contains_key(*of));
    match differs.or(gone) {
        Some((register, year, chain)) => {
            Err(broken(chain, 0, 0, &format!("what is frozen of {register} of {year} does not fit the log")))
        }
        None => Ok(chunks.len() as u64),
    }
}

fn logged_digests(transaction: &Transaction<'_>) -> Result<BTreeMap<Frozen, Vec<String>>, StoreError> {
    let mut logged: BTreeMap<Frozen, Vec<String>> = BTreeMap::new();
    let sql = "select register, chain, after from event where action = 'frozen'";
    transaction.each(sql, values![], |row| {
        let after: Map<String, Json> = serde_json::from_str(&row.get::<String>(2)?)?;
        let year = after.get("_year").and_then(Json::as_i64);
        if let Some((year, digest)) = year.zip(after.get("_digest").and_then(Json::as_str)) {
            logged.entry((row.get(0)?, year, row.get(1)?)).or_default().push(digest.to_owned());
        }
        Ok(())
    })?;
    Ok(logged)
}

/// Checks every attachment against its hash, one at a time; gives their number.
pub(crate) fn verify_attachments(transaction: &Transaction<'_>) -> Result<u64, ChainBreak> {
    let names: Vec<String> =
        transaction.all("select hash from attachment order by hash", values![], |row| row.get(0))?;
    for name in &names {
        let sql = "select content, bytes from attachment where hash = ?1";
        let found = transaction.first(sql, values![name], |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<i64>(1)?)))?;
        let Some((content, bytes)) = found else { continue };
        let hash = model::to_hex(Sha256::digest(&content));
        if hash != *name || bytes != content.len() as i64 {
            let short: String = name.chars().take(12).collect();
            return Err(broken("", 0, 0, &format!("attachment {short}: its content does not fit its hash")));
        }
    }
    Ok(names.len() as u64)
}
