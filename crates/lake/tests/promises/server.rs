//! A server of the kind of S3 over a folder, on a port of this machine that is free. It ends with the test.

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub const KEY: &str = "AKLAKETEST";
pub const SECRET: &str = "a-secret-that-stands-nowhere-else";
pub const BUCKET: &str = "lake-test";

/// A running server.
pub struct Server {
    pub endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Starts a server over a folder, which gets a bucket.
    pub fn start(root: &Path) -> Server {
        std::fs::create_dir_all(root.join(BUCKET)).expect("a bucket can be made");
        let files = s3s_fs::FileSystem::new(root).expect("a folder");
        let (ready, address) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            let mut builder = S3ServiceBuilder::new(files);
            builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
            let service = builder.build();
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
            ready.send(listener.local_addr().expect("an address")).expect("the test waits for it");
            let accept = async {
                while let Ok((socket, _)) = listener.accept().await {
                    socket.set_nodelay(true).expect("a socket");
                    let service = service.clone();
                    tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
                }
            };
            tokio::select! {
                () = accept => {}
                _ = stopped => {}
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let thread = std::thread::spawn(move || runtime.block_on(serve));
        let address = address.recv().expect("the server is there");
        Server { endpoint: format!("http://{address}"), stop: Some(stop), thread: Some(thread) }
    }

    /// What the environment would say of it.
    pub fn variables(&self, secret: &str) -> Vec<(String, String)> {
        let variables = [
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", secret),
            ("AWS_ENDPOINT", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("PATH", "/bin"),
        ];
        variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}
