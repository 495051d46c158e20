//! Connections to a PostgreSQL server: made when needed, kept, replaced when they broke.

use super::location::Location;
use super::postgresql::{Connection, Session, fault};
use super::tls::{Protection, is_local};
use super::transaction::{Transaction, Work};
use crate::StoreError;
use crate::tls_fault::TlsFault;
use postgres::config::SslMode;
use postgres::{Client, Config};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The role of reads in somebody's name. Nobody signs in with it.
pub(super) const READER: &str = "shouwang_reader";
/// Connections of one program at most.
const CONNECTIONS_MAX: usize = 20;
/// Longest wait for a connection that is free.
const WAIT: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(10);

/// What every connection is set to. A commit is acknowledged when it is on the disk, whatever the server's default is. The server
/// looks whether its client is still there while it works, and not only when it answers: what a killed program left running (an
/// index of many records, say) does not hold the door shut. Servers before version 14 do not know how to.
const SETTINGS: &str = "set synchronous_commit = on; set lock_timeout = '60s'; set cursor_tuple_fraction = 1; \
     set client_min_messages = warning; set timezone = 'UTC'; set standard_conforming_strings = on; \
     set bytea_output = 'hex'; \
     select set_config(name, '1s', false) from pg_settings where name = 'client_connection_check_interval'";

/// The connections to one schema.
pub(crate) struct Pool {
    config: Config,
    tls: MakeRustlsConnect,
    schema: String,
    shown: String,
    free: Mutex<Free>,
    returned: Condvar,
    /// One writer at a time: those of this program wait here without a connection, other programs at the server's lock.
    writer: Mutex<()>,
    /// True while reads in somebody's name stand behind the second wall.
    pub(super) walled: AtomicBool,
}

#[derive(Default)]
struct Free {
    connections: Vec<Connection>,
    /// Connections that exist, free or in use.
    made: usize,
}

impl Pool {
    /// Connects once and makes the schema where it is missing.
    pub(super) fn open(location: &Location, address: &str) -> Result<Pool, StoreError> {
        let shown = location.to_string();
        let unreadable = || StoreError::Address { address: shown.clone() };
        let server = Location::server(address).ok_or_else(unreadable)?;
        let mut config = Config::from_str(&server.address).map_err(|_| unreadable())?;
        if config.get_hosts().is_empty() {
            // A server that is named by its number only has a certificate for that number.
            for number in config.get_hostaddrs().to_vec() {
                config.host(&number.to_string());
            }
        }
        let unsafely = |fault| StoreError::Tls { address: shown.clone(), fault };
        let (mode, root) = (server.sslmode.as_deref(), server.sslrootcert.as_deref());
        let protection = Protection::read(mode, root, is_local(&config)).map_err(unsafely)?;
        let tls = protection.connector().map_err(unsafely)?;
        let name = format!("shouwang {}", server.schema);
        config.ssl_mode(protection.mode(&config));
        config.application_name(&name).connect_timeout(CONNECT).keepalives_idle(Duration::from_secs(60));
        let pool = Pool {
            config,
            tls,
            schema: server.schema,
            shown,
            free: Mutex::default(),
            returned: Condvar::new(),
            writer: Mutex::new(()),
            walled: AtomicBool::new(false),
        };
        pool.with_connection(|connection| {
            let found =
                connection.client.query_opt("select 1 from pg_namespace where nspname = $1", &[&pool.schema])?;
            match found {
                Some(_) => Ok(()),
                None => connection.client.batch_execute(&format!("create schema if not exists \"{}\"", pool.schema)),
            }
        })?;
        Ok(pool)
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn holds_installation(&self) -> Result<bool, StoreError> {
        self.with_connection(|connection| {
            let found = connection.client.query_one("select to_regclass('installation') is not null", &[])?;
            found.try_get(0)
        })
    }

    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _one = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // The number of the next event and the heads of the chains are read before they are written: one door.
        // The lock is asked for by the schema, so that installations in one database do not wait for one another.
        let begin = "begin isolation level read committed; \
             select pg_advisory_xact_lock(hashtext('shouwang'), hashtext(current_schema()))";
        let transaction = Transaction { work: Work::Postgresql(Box::new(self.begin(begin)?)) };
        let outcome = work(&transaction)?;
        if let Work::Postgresql(session) = transaction.work {
            session.commit()?;
        }
        Ok(outcome)
    }

    pub(super) fn read<T>(
        &self,
        span: Option<(&str, &str)>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut begin = "begin isolation level repeatable read, read only".to_owned();
        if let Some((first, last)) = span.filter(|_| self.walled.load(Ordering::Acquire)) {
            begin.push_str(&behind(first, last));
        }
        work(&Transaction { work: Work::Postgresql(Box::new(self.begin(&begin)?)) })
    }

    /// Begins a transaction. A kept connection that broke meanwhile is replaced: nothing has been done with it yet.
    fn begin(&self, begin: &str) -> Result<Session<'_>, StoreError> {
        loop {
            let (mut connection, is_kept) = self.take()?;
            match connection.client.batch_execute(begin) {
                Ok(()) => return Ok(Session::new(self, connection)),
                Err(error) if is_kept && is_broken(&error) => self.give_back(connection, false),
                Err(error) => {
                    self.give_back(connection, false);
                    return Err(fault(&error));
                }
            }
        }
    }

    /// Runs something small outside of a transaction.
    pub(super) fn with_connection<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        let (mut connection, _) = self.take()?;
        let outcome = work(&mut connection);
        self.give_back(connection, outcome.is_ok());
        outcome.map_err(|error| fault(&error))
    }

    /// A connection, and whether it was kept from earlier use.
    fn take(&self) -> Result<(Connection, bool), StoreError> {
        let until = Instant::now() + WAIT;
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = free.connections.pop() {
                return Ok((connection, true));
            }
            if free.made < CONNECTIONS_MAX {
                free.made += 1;
                drop(free);
                return self.connect().map(|connection| (connection, false)).inspect_err(|_| self.forget());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StoreError::Busy { connections: CONNECTIONS_MAX });
            }
            free = self.returned.wait_timeout(free, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes a connection back; one that broke, or whose state is not known, goes away.
    pub(super) fn give_back(&self, connection: Connection, is_clean: bool) {
        if is_clean && !connection.client.is_closed() {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).connections.push(connection);
            self.returned.notify_one();
        } else {
            drop(connection);
            self.forget();
        }
    }

    fn forget(&self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.made = free.made.saturating_sub(1);
        self.returned.notify_one();
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let open = |error: postgres::Error| match TlsFault::of(&error) {
            Some(fault) => StoreError::Tls { address: self.shown.clone(), fault },
            None => StoreError::Open {
                path: self.shown.clone().into(),
                source: Box::new(super::postgresql::ServerFault::of(&error)),
            },
        };
        let mut client = self.reach().map_err(open)?;
        client.batch_execute(&format!("{SETTINGS}; set search_path to \"{}\"", self.schema)).map_err(open)?;
        Ok(Connection::new(client))
    }

    /// Who may do without encryption does without it where it does not come about, as with libpq.
    fn reach(&self) -> Result<Client, postgres::Error> {
        match self.config.connect(self.tls.clone()) {
            Err(error) if self.config.get_ssl_mode() == SslMode::Prefer && TlsFault::of(&error).is_some() => {
                self.config.clone().ssl_mode(SslMode::Disable).connect(self.tls.clone())
            }
            reached => reached,
        }
    }
}

/// True where the connection is to blame: it is lost, or the server ends it (classes 08 and 57).
fn is_broken(error: &postgres::Error) -> bool {
    error.code().is_none_or(|code| code.code().starts_with("08") || code.code().starts_with("57"))
}

/// Clients end their connection when they are dropped, which waits; a thread that runs asynchronous work may not wait.
impl Drop for Pool {
    fn drop(&mut self) {
        let free = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
        if !free.connections.is_empty() {
            let ending = std::thread::spawn(move || drop(free));
            // A client that panics while it ends has nothing left to lose.
            let _ = ending.join();
        }
    }
}

/// What goes behind `begin` for a read that stands behind the wall. Places are digits.
fn behind(first: &str, last: &str) -> String {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (first, last) = (digits(first), digits(last));
    format!(
        "; set local role {READER}; set local \"shouwang.first\" = '{first}'; set local \"shouwang.last\" = '{last}'"
    )
}
