//! The same without the door: `copy` into a table with the same indexes on PostgreSQL, prepared inserts on SQLite.

use crate::{Bench, Outcome, TOGETHER};
use postgres::{Client, NoTls};
use rusqlite::Connection;
use std::io::{Read, Write};
use std::time::Instant;

/// A connection past the door.
pub fn server(bench: &Bench) -> Outcome<Client> {
    let (address, schema) = bench.address.split_once("?schema=").unwrap_or((&bench.address, "shouwang"));
    let mut client = Client::connect(address, NoTls)?;
    client.batch_execute(&format!("set search_path to {schema}; set synchronous_commit = on"))?;
    Ok(client)
}

/// A connection past the door.
pub fn file(bench: &Bench) -> Outcome<Connection> {
    let connection = Connection::open(&bench.address)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    Ok(connection)
}

/// Writes the rows that are there once more, as chunks of the same size, and prints the ratio.
pub fn import(bench: &Bench, rate: f64) -> Outcome<()> {
    let (what, plain) = match bench.is_server() {
        true => ("copy", copy(bench)?),
        false => ("prepared inserts", insert(bench)?),
    };
    println!("plain {what} into the same table with the same indexes: {plain:.0} rows/s; ratio {:.2}", rate / plain);
    Ok(())
}

fn copy(bench: &Bench) -> Outcome<f64> {
    let (mut client, table) = (server(bench)?, format!("r_{}", bench.name));
    client.batch_execute(&format!("create table rival (like {table} including all)"))?;
    let mut lines = Vec::new();
    client.copy_out(&format!("copy {table} to stdout"))?.read_to_end(&mut lines)?;
    let rows: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    let began = Instant::now();
    for chunk in rows.chunks(TOGETHER as usize) {
        let mut writer = client.copy_in("copy rival from stdin")?;
        for row in chunk {
            writer.write_all(row)?;
        }
        writer.finish()?;
    }
    let rate = rows.len() as f64 / began.elapsed().as_secs_f64();
    client.batch_execute("drop table rival")?;
    Ok(rate)
}

fn insert(bench: &Bench) -> Outcome<f64> {
    let (mut connection, table) = (file(bench)?, format!("r_{}", bench.name));
    let made: Vec<String> = {
        let sql = "select sql from sqlite_master where tbl_name = ?1 and sql is not null order by type desc";
        let mut statement = connection.prepare(sql)?;
        let found = statement.query_map([&table], |row| row.get(0))?;
        found.collect::<Result<_, _>>()?
    };
    for sql in &made {
        connection.execute_batch(&sql.replace(&table, "rival"))?;
    }
    let mut rows: Vec<Vec<rusqlite::types::Value>> = Vec::new();
    {
        let mut statement = connection.prepare(&format!("select * from {table}"))?;
        let width = statement.column_count();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            rows.push((0..width).map(|index| row.get(index)).collect::<Result<_, _>>()?);
        }
    }
    let places = vec!["?"; rows.first().map_or(1, Vec::len)].join(", ");
    let began = Instant::now();
    for chunk in rows.chunks(TOGETHER as usize) {
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(&format!("insert into rival values ({places})"))?;
            for row in chunk {
                insert.execute(rusqlite::params_from_iter(row))?;
            }
        }
        transaction.commit()?;
    }
    let rate = rows.len() as f64 / began.elapsed().as_secs_f64();
    connection.execute_batch("drop table rival")?;
    Ok(rate)
}

/// What a server does by itself within a minute after a bulk load.
pub fn settle(bench: &Bench) -> Outcome<()> {
    if bench.is_server() {
        let mut client = server(bench)?;
        client.batch_execute(&format!("vacuum analyze r_{}", bench.name))?;
        client.batch_execute("vacuum analyze r_region")?;
        client.batch_execute("checkpoint")?;
    }
    Ok(())
}

/// Milliseconds of a page of the list by `offset`, the rows fetched: the median of five.
pub fn offset_page(bench: &Bench, (county, column): (Option<&str>, &str), offset: u64) -> Outcome<f64> {
    let place = county.map_or(String::new(), |county| format!("and t.county = '{county}'"));
    let columns: Vec<String> = bench.register().list.columns.iter().map(|name| format!("t.\"{name}\"")).collect();
    let sql = format!(
        "select t.id, t.place, v.name, {} from r_{} t left join r_region v on v.\"{}\" = t.place \
         where t.is_withdrawn = 0 {place} order by t.\"{column}\", t.id limit 51 offset {offset}",
        columns.join(", "),
        bench.name,
        bench.package.registers["region"].key[0]
    );
    let mut took = Vec::new();
    if bench.is_server() {
        let mut client = server(bench)?;
        for _ in 0..5 {
            let began = Instant::now();
            client.query(sql.as_str(), &[])?;
            took.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    } else {
        let connection = file(bench)?;
        let mut statement = connection.prepare(&sql)?;
        for _ in 0..5 {
            let began = Instant::now();
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            took.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(took[2])
}
