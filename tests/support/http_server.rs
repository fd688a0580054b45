//! A small web server that answers as a test says: a geocoder, a place that publishes rosters, or a broken one.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

/// What the server does with a request.
#[derive(Clone)]
pub enum Reply {
    /// Answers with this status and body.
    Body(u16, String),
    /// Points elsewhere.
    Redirect(String),
    /// Reads the request and never answers.
    Hang,
    /// Sends this many bytes and says nothing of their number beforehand.
    Flood(usize),
    /// Sends these bytes as they are and closes.
    Raw(Vec<u8>),
}

/// A running server; it ends with the test program.
pub struct HttpServer {
    pub addr: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl HttpServer {
    /// Answers every request by its target (`/path?query`).
    pub fn start(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, reply) = (Arc::clone(&requests), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
                // Whoever asks may go away in the middle.
                thread::spawn(move || drop(answer(stream, &seen, &*reply)));
            }
        });
        Self { addr, requests }
    }

    /// A server that answers everything alike.
    pub fn always(reply: Reply) -> Self {
        Self::start(move |_| reply.clone())
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.addr)).unwrap()
    }

    /// What was asked, head by head.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(stream: TcpStream, seen: &Mutex<Vec<String>>, reply: &dyn Fn(&str) -> Reply) -> std::io::Result<()> {
    let (mut lines, mut out) = (BufReader::new(stream.try_clone()?), stream);
    let mut head = String::new();
    while lines.read_line(&mut head)? > 2 {}
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(head);
    match reply(&target) {
        Reply::Body(status, body) => {
            write!(out, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        }
        Reply::Redirect(to) => write!(out, "HTTP/1.1 302 X\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        Reply::Hang => {
            thread::sleep(Duration::from_mins(1));
            Ok(())
        }
        Reply::Flood(bytes) => {
            write!(out, "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")?;
            let block = [b' '; 8192];
            (0..bytes / block.len()).try_for_each(|_| out.write_all(&block))
        }
        Reply::Raw(bytes) => out.write_all(&bytes),
    }
}
