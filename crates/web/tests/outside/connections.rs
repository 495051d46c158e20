//! Who is silent, slow or many does not close the site for others.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use futures::StreamExt;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use web::ConnectionLimits;

/// Time after which a test that hangs has failed.
const LONG: Duration = Duration::from_secs(20);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

/// Limits of tests: few, and short.
fn limits() -> ConnectionLimits {
    ConnectionLimits {
        most: 8,
        most_of_address: 8,
        head: Duration::from_millis(400),
        silence: Duration::from_millis(400),
        pace: 1_000,
        ending: Duration::from_secs(3),
    }
}

async fn serve(limits: ConnectionLimits) -> Server {
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route(
            "/slow",
            get(|| async {
                sleep(Duration::from_millis(900)).await;
                "done"
            }),
        )
        .route(
            "/large",
            get(|| async {
                Body::from_stream(futures::stream::repeat_with(|| Ok::<_, Infallible>(vec![b'a'; 1 << 16])).take(1_000))
            }),
        )
        .route("/take", post(|body: Bytes| async move { body.len().to_string() }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(web::serve(listener, router, limits, async {
        let _ = stopped.await;
    }));
    Server { address, stop, ended }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("connects")
    }

    /// Everything that comes back for what is sent over a connection of its own.
    async fn send(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.expect("is sent");
        rest(&mut stream).await
    }

    async fn ask(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await
    }
}

/// What comes until the other side closes; a connection that is reset has nothing more to say.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("the other side closes");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_silent_give_way_to_who_asks() {
    let server = serve(ConnectionLimits { head: LONG, ..limits() }).await;
    let mut silent = Vec::new();
    for _ in 0..30 {
        silent.push(server.connect().await);
    }
    for _ in 0..5 {
        let answer = server.ask("/").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here"), "{answer}");
    }
    // The first ones were closed to make room for the later ones.
    assert_eq!(rest(&mut silent[0]).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_asked_before_stays_while_the_silent_go() {
    let server = serve(ConnectionLimits { head: LONG, ..limits() }).await;
    let mut known = server.connect().await;
    known.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("is sent");
    let mut bytes = [0; 4_096];
    assert!(known.read(&mut bytes).await.expect("answers") > 0);
    let mut silent = Vec::new();
    for _ in 0..30 {
        silent.push(server.connect().await);
    }
    sleep(Duration::from_millis(100)).await;
    known.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.expect("is sent");
    assert!(rest(&mut known).await.ends_with("here"), "it is still served");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_are_being_answered_the_next_is_told_to_come_again() {
    let server = serve(limits()).await;
    let mut busy = Vec::new();
    for _ in 0..limits().most {
        let mut stream = server.connect().await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.expect("is sent");
        busy.push(stream);
    }
    sleep(Duration::from_millis(200)).await;
    let refused = rest(&mut server.connect().await).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("Retry-After: 5"), "{refused}");
    let (head, body) = refused.split_once("\r\n\r\n").expect("has a head");
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{refused}");
    for mut stream in busy {
        assert!(rest(&mut stream).await.ends_with("done"), "who was being answered is answered");
    }
    assert!(server.ask("/").await.ends_with("here"), "and then there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_its_own_limit() {
    let server = serve(ConnectionLimits { most: 100, most_of_address: 2, ..limits() }).await;
    let mut busy = Vec::new();
    for _ in 0..2 {
        let mut stream = server.connect().await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.expect("is sent");
        busy.push(stream);
    }
    sleep(Duration::from_millis(200)).await;
    assert!(rest(&mut server.connect().await).await.starts_with("HTTP/1.1 503"));
    for mut stream in busy {
        assert!(rest(&mut stream).await.ends_with("done"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_and_bodies_that_do_not_come_are_given_up() {
    let server = serve(limits()).await;
    let whole = "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd";
    assert!(server.send(whole).await.ends_with('4'));
    let start = Instant::now();
    let cases = [
        ("nothing", "", ""),
        ("half a head", "GET / HTTP/1.1\r\nHos", ""),
        ("half a body", "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabcd", "HTTP/1.1 4"),
    ];
    for (what, sent, begins) in cases {
        let answer = server.send(sent).await;
        assert!(answer.starts_with(begins) && !answer.contains("200"), "{what}: {answer}");
        assert!(
            begins.is_empty() == answer.is_empty() || begins.is_empty() && answer.contains("408"),
            "{what}: {answer}"
        );
    }
    assert!(start.elapsed() < LONG, "given up in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_by_drops_is_given_up() {
    let server = serve(limits()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n").await.expect("is sent");
    let (mut reading, mut writing) = stream.split();
    let mut drops = 0;
    let mut bytes = [0; 4_096];
    let answer = loop {
        tokio::select! {
            count = reading.read(&mut bytes) => break count.unwrap_or(0),
            () = sleep(Duration::from_millis(100)) => {
                drops += 1;
                assert!(drops < 60, "it is given up");
                let _ = writing.write_all(b"a").await;
            }
        }
    };
    assert!(answer == 0 || bytes.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&bytes[..answer]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_take_the_answer_loses_the_connection() {
    let server = serve(ConnectionLimits { most: 1, most_of_address: 1, ..limits() }).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("is sent");
    // Nothing is read. Soon the seat is free again.
    let start = Instant::now();
    loop {
        let answer = server.ask("/").await;
        if answer.ends_with("here") {
            break;
        }
        assert!(start.elapsed() < LONG, "{answer}");
        sleep(Duration::from_millis(50)).await;
    }
    drop(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_begun_is_finished_when_the_server_stops() {
    let server = serve(ConnectionLimits { head: LONG, ..limits() }).await;
    let mut silent = server.connect().await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("is sent");
    sleep(Duration::from_millis(200)).await;
    server.stop.send(()).expect("listens");
    assert!(rest(&mut busy).await.ends_with("done"));
    assert_eq!(rest(&mut silent).await, "");
    timeout(LONG, server.ended).await.expect("ends").expect("ends well").expect("ends well");
}
