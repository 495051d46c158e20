//! Connections: how many there may be, and how long one may keep us waiting.
//!
//! Who is silent, slow or many must not close the site for others. There are never more connections than the limit: where one more comes,
//! one that keeps us waiting gives way, first of the address that has the most, and there the one that has asked for nothing yet. Where
//! all are being answered, the new one is told to come again.

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tower::ServiceExt;
use words::Language;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Connections at one time.
    pub most: usize,
    /// Of them from one address. A whole office, or a proxy, may stand behind one.
    pub most_of_address: usize,
    /// From the first byte, or from the answer before, to the end of a request's head.
    pub head: Duration,
    /// Without a byte of a request's body, or without the other side taking one of the answer.
    pub silence: Duration,
    /// Bytes in a second that a body brings at least, over the time since it began.
    pub pace: u64,
    /// Time for answers that have begun when the server stops.
    pub ending: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> ConnectionLimits {
        ConnectionLimits {
            most: 800,
            most_of_address: 400,
            head: Duration::from_secs(15),
            silence: Duration::from_secs(30),
            pace: 512,
            ending: Duration::from_secs(30),
        }
    }
}

/// Wait after a connection that the system could not give us.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Answers on `listener` until `shutdown` is done; then answers that have begun are finished within the time for it.
///
/// # Errors
/// None for a single connection; what the listener says about itself.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listener.local_addr()?;
    let all = Arc::new(Connections { limits, open: Mutex::default() });
    let mut shutdown = pin!(shutdown);
    let mut number = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                number += 1;
                tokio::spawn(all.clone().answer(number, stream, peer, router.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
    drop(listener);
    all.end().await;
    Ok(())
}

/// What is said to one connection too many, in every language: its request is not read.
fn too_many() -> String {
    let said: Vec<&str> = Language::all().map(|language| language.say("too_many_connections")).collect();
    let body = said.join("\n") + "\n";
    let head = "Retry-After: 5\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close";
    format!("HTTP/1.1 503 Service Unavailable\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A connection that is open.
struct Open {
    address: IpAddr,
    /// Since when it keeps us waiting for a request; `None` while one is answered.
    waits_since: Option<Instant>,
    /// It has sent a whole request before.
    has_asked: bool,
    give_way: Arc<Notify>,
}

/// All connections that are open.
struct Connections {
    limits: ConnectionLimits,
    open: Mutex<HashMap<u64, Open>>,
}

impl Connections {
    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self: Arc<Connections>, number: u64, stream: TcpStream, peer: SocketAddr, router: Router) {
        let Some(give_way) = self.admit(number, peer.ip()) else {
            let mut stream = stream;
            // Who does not take it in time gets nothing.
            let _ = timeout(Duration::from_secs(1), stream.write_all(too_many().as_bytes())).await;
            return;
        };
        // The seat is given back however this ends.
        let _seat = Seat { all: self.clone(), number };
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(Watched { stream, silence: self.limits.silence, stalled: None });
        let all = self.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            all.begin(number);
            let busy = Busy { all: all.clone(), number };
            let limits = all.limits;
            let mut request = request.map(|body| Body::new(Timed::new(body, limits)));
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move {
                let response: Response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
                Ok::<_, Infallible>(response.map(|body| Answering { body, _busy: busy }))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .serve_connection(io, service);
        let mut connection = pin!(connection);
        tokio::select! {
            // A connection that breaks off is none of ours to mend.
            _ = connection.as_mut() => return,
            () = give_way.notified() => connection.as_mut().graceful_shutdown(),
        }
        // A request that came in at that moment is still answered.
        let _ = timeout(self.limits.ending, connection).await;
    }

    /// A seat for one more connection, and what tells it to give way; `None` where all are being answered.
    fn admit(&self, number: u64, address: IpAddr) -> Option<Arc<Notify>> {
        let mut open = self.locked();
        let of_address = open.values().filter(|one| one.address == address).count();
        let victim = if of_address >= self.limits.most_of_address {
            Some(waiting_longest(&open, |one| one.address == address)?)
        } else if open.len() >= self.limits.most {
            Some(of_most(&open)?)
        } else {
            None
        };
        if let Some(victim) = victim.and_then(|victim| open.remove(&victim)) {
            victim.give_way.notify_one();
        }
        let give_way = Arc::new(Notify::new());
        let waits_since = Some(Instant::now());
        open.insert(number, Open { address, waits_since, has_asked: false, give_way: give_way.clone() });
        Some(give_way)
    }

    fn begin(&self, number: u64) {
        if let Some(one) = self.locked().get_mut(&number) {
            one.waits_since = None;
            one.has_asked = true;
        }
    }

    fn finish(&self, number: u64) {
        if let Some(one) = self.locked().get_mut(&number) {
            one.waits_since = Some(Instant::now());
        }
    }

    /// Tells all to end, and waits for them.
    async fn end(&self) {
        let until = Instant::now() + self.limits.ending;
        for one in self.locked().values() {
            one.give_way.notify_one();
        }
        while !self.locked().is_empty() && Instant::now() < until {
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Of those that wait, the one to give way: who never asked before who did, and then who waits longest.
fn waiting_longest(open: &HashMap<u64, Open>, may: impl Fn(&Open) -> bool) -> Option<u64> {
    let waiting = open.iter().filter(|(_, one)| may(one));
    let waiting = waiting.filter_map(|(number, one)| Some((one.has_asked, one.waits_since?, *number)));
    waiting.min().map(|(_, _, number)| number)
}

/// The one to give way, of the address that has the most connections that wait.
fn of_most(open: &HashMap<u64, Open>) -> Option<u64> {
    let mut waiting: HashMap<IpAddr, usize> = HashMap::new();
    for one in open.values().filter(|one| one.waits_since.is_some()) {
        *waiting.entry(one.address).or_default() += 1;
    }
    let (address, _) = waiting.into_iter().max_by_key(|(address, count)| (*count, *address))?;
    waiting_longest(open, |one| one.address == address)
}

/// A place among the connections, given back at the end.
struct Seat {
    all: Arc<Connections>,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.all.locked().remove(&self.number);
    }
}

/// A request that is being answered, until its answer is sent.
struct Busy {
    all: Arc<Connections>,
    number: u64,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.all.finish(self.number);
    }
}

/// The body of an answer; with its end the connection waits again.
struct Answering {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a request, which may neither stop coming nor come by drops.
struct Timed {
    body: Incoming,
    limits: ConnectionLimits,
    began: Instant,
    bytes: u64,
    silent: Pin<Box<Sleep>>,
}

impl Timed {
    fn new(body: Incoming, limits: ConnectionLimits) -> Timed {
        Timed { body, limits, began: Instant::now(), bytes: 0, silent: Box::pin(sleep(limits.silence)) }
    }

    /// True where it has brought less than the pace, once it had as long as it may be silent.
    fn is_dripping(&self) -> bool {
        let since = self.began.elapsed();
        since > self.limits.silence && self.bytes < since.as_secs() * self.limits.pace
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                if self.is_dripping() {
                    return Poll::Ready(Some(Err("the body comes too slowly".into())));
                }
                let until = Instant::now() + self.limits.silence;
                self.silent.as_mut().reset(until);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                ready!(self.silent.as_mut().poll(cx));
                Poll::Ready(Some(Err("the body stopped coming".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that breaks off where the other side takes nothing for too long.
struct Watched {
    stream: TcpStream,
    silence: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    /// What a write came to; an error where it has stood still for too long.
    fn watched(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let silence = self.silence;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(silence))).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
