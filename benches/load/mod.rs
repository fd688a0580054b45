//! A load of requests over plain connections, each waiting for its answer: as cheap as can be, so that the service is
//! what is measured.

// Each benchmark is compiled with all of it and uses a part.
#![allow(dead_code, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What one round, or the median of several, came to.
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Measured {
    /// Each number's own median.
    pub(crate) fn median(rounds: &[Self]) -> Self {
        let middle = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let of = |pick: fn(&Self) -> f64| middle(rounds.iter().map(pick).collect());
        Self {
            per_second: of(|m| m.per_second),
            p50: Duration::from_secs_f64(of(|m| m.p50.as_secs_f64())),
            p99: Duration::from_secs_f64(of(|m| m.p99.as_secs_f64())),
        }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        write!(f, "{:>7.0} a second, p50 {:.1} ms, p99 {:.1} ms", self.per_second, millis(self.p50), millis(self.p99))
    }
}

/// Sends `request`s over that many connections for `time`; every answer must have the status `wanted`.
pub(crate) fn measure(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    wanted: u16,
    request: impl Fn() -> Vec<u8> + Clone + 'static,
) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    let start = Instant::now();
    let end = start + time;
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let request = request.clone();
            local.spawn_local(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut buffer = vec![0; 1024 * 1024];
                let mut times = Vec::new();
                while Instant::now() < end {
                    let bytes = request();
                    let sent = Instant::now();
                    stream.write_all(&bytes).await.unwrap();
                    let (status, _) = answer(&mut stream, &mut buffer).await;
                    assert_eq!(status, wanted, "an answer that was not measured for");
                    times.push(sent.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = local.block_on(&runtime, async {
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    });
    let took = start.elapsed().as_secs_f64();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    Measured { per_second: times.len() as f64 / took, p50: at(0.5), p99: at(0.99) }
}

/// One request, one answer.
pub(crate) fn fetch(address: SocketAddr, request: &[u8]) -> String {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut buffer = vec![0; 1024 * 1024];
        let (_, length) = answer(&mut stream, &mut buffer).await;
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    })
}

/// Reads one answer with a `Content-Length`; gives its status and its length.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> (u16, usize) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the service hung up");
        filled += read;
        let Some(head) = buffer[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).unwrap();
        let length = text
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:").map(|value| value.trim().parse::<usize>().unwrap())
            })
            .expect("an answer with a length");
        if filled >= head + 4 + length {
            return (text[9..12].parse().unwrap(), filled);
        }
    }
}
