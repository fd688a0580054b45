//! How many sign-ups a second are durably kept, beside a handler that only says hello.
//!
//! The real service over real HTTP on loopback: 64 connections, each waiting for its answer before the next request;
//! supporter, letters and confirmation in one commit with `synchronous=FULL`, the reply after the commit. The load
//! comes from a thread of this same process, so both numbers carry its cost. Medians of three rounds; it reports and
//! judges nothing. Results with machine and command: benches/README.md.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

mod load;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use load::{Measured, measure};
use standout::app::{App, block_on};
use standout::config::Config;
use standout::domain::Clock;
use tokio_util::sync::CancellationToken;

const CONNECTIONS: usize = 64;
const ROUND: Duration = Duration::from_secs(5);
const ROUNDS: usize = 3;

fn main() {
    // On the disk that the build is on: a folder in memory would make every commit look free.
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("intake-{}", std::process::id()));
    let stop = CancellationToken::new();
    let (service, served) = start_service(&dir, stop.clone());
    let (hello, said) = start_hello(stop.clone());

    let token = form_token(service);
    let person = Arc::new(AtomicU64::new(0));
    let sign_up = move || {
        let n = person.fetch_add(1, Ordering::Relaxed);
        let body = format!(
            "name=Ana+Example&email=ana{n}%40example.org&street=12+Harbor+Street&city=Saltwick&zip=01099&consent=yes\
             &story=My+neighbour+is+afraid+to+call+for+help.&form_token={token}"
        );
        request("POST", "/campaigns/ma-287g/signups", &body)
    };
    let greet = || request("GET", "/", "");

    println!("{CONNECTIONS} connections, {ROUNDS} rounds of {} s each, load from the same process", ROUND.as_secs());
    let (mut sign_ups, mut hellos) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        sign_ups.push(measure(service, CONNECTIONS, ROUND, 303, sign_up.clone()));
        hellos.push(measure(hello, CONNECTIONS, ROUND, 200, greet));
    }
    let (sign_ups, hellos) = (Measured::median(&sign_ups), Measured::median(&hellos));
    println!("sign-ups  {sign_ups}");
    println!("hello     {hellos}");
    println!("sign-ups are {:.2} of hello", sign_ups.per_second / hellos.per_second);
    println!("peak memory of service and load together: {}", peak_memory());

    stop.cancel();
    served.join().unwrap();
    said.join().unwrap();
    let _ = std::fs::remove_dir_all(dir);
}

fn request(method: &str, path: &str, body: &str) -> Vec<u8> {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    if body.is_empty() {
        return format!("{head}\r\n").into_bytes();
    }
    let kind = "Content-Type: application/x-www-form-urlencoded";
    format!("{head}{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The service as it runs, with the demo; mail waits, since there is no server to take it.
fn start_service(dir: &std::path::Path, stop: CancellationToken) -> (SocketAddr, std::thread::JoinHandle<()>) {
    let settings: HashMap<&str, String> = [
        ("BIND_ADDR", "127.0.0.1:0".into()),
        ("DATA_DIR", dir.display().to_string()),
        ("FORM_MIN_SECONDS", "0".into()),
        ("SIGNUPS_PER_IP_PER_HOUR", "0".into()),
        ("MAIL_PER_SECOND", "1".into()),
    ]
    .into();
    let config = Config::from_lookup(|name| settings.get(name).cloned()).unwrap();
    let app = App::build(config, Clock::System).unwrap();
    let address = app.address().unwrap();
    (address, std::thread::spawn(move || block_on(app.run_until_stopped(stop)).unwrap()))
}

/// The same web server with one handler that does nothing.
fn start_hello(stop: CancellationToken) -> (SocketAddr, std::thread::JoinHandle<()>) {
    use actix_web::{App, HttpServer, web};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        block_on(async move {
            let server = HttpServer::new(|| App::new().route("/", web::get().to(|| async { "hello" })));
            let running = server.disable_signals().listen(listener).unwrap().run();
            let handle = running.handle();
            tokio::spawn(async move {
                stop.cancelled().await;
                handle.stop(true).await;
            });
            running.await.unwrap();
        });
    });
    (address, thread)
}

fn form_token(service: SocketAddr) -> String {
    let page = load::fetch(service, &request("GET", "/campaigns/ma-287g", ""));
    let at = page.find("name=\"form_token\" value=\"").expect("the page has a form") + 25;
    page[at..].split('"').next().unwrap().trim_start_matches('"').to_owned()
}

/// `VmHWM` of this process, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not told by this system".into(), |value| value.trim().to_owned())
}
