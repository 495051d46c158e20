//! Serves the pages over made-up records, to look at them while they are changed:
//! `cargo run -p web --example preview`, then sign in as it prints.

#[path = "../tests/pages/fixture/mod.rs"]
#[allow(dead_code)]
mod fixture;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let world = fixture::World::new();
    let port = std::env::args().nth(1).unwrap_or_else(|| "8328".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}", listener.local_addr()?);
    for name in world.package.roles.keys() {
        println!("{name} {}", fixture::PASSWORD);
    }
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    web::serve(listener, web::router(world.store.clone(), world.site()), web::ConnectionLimits::default(), stop).await
}
