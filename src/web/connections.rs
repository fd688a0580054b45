//! Connections: how many there may be, in all and of one client, and which one gives way when there are more.
//!
//! A client that keeps us waiting costs a connection and nothing else, so nobody new is turned away for it: the connection that has
//! kept us waiting longest is closed. Whoever sends a whole request at once is never that one.

use std::any::Any;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;

use self::handle::Handle;
use crate::rate_limit::network;

/// How long a client may take to begin a request and send its head. actix asks this of the first request alone, and of a later one only
/// until its first byte.
const REQUEST_WITHIN: Duration = Duration::from_secs(20);
/// One client's share of all connections: a fourth. A hall full of people has one address, and each of them has a few connections.
const SHARES: usize = 4;

/// All connections of the service.
pub struct Connections {
    most: usize,
    /// Their connections are those of many clients.
    proxies: Vec<IpAddr>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    next: u64,
    all: HashMap<u64, Entry>,
    of: HashMap<IpAddr, usize>,
    gave_way: u64,
}

struct Entry {
    client: IpAddr,
    handle: Handle,
    waits: Arc<Mutex<Waits>>,
}

/// What a connection waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    ForRequest(Instant),
    ForBody(Instant),
    /// For us.
    No,
    /// It gave way, and waits for actix to see it.
    Closed,
}

impl Waits {
    fn since(self) -> Option<Instant> {
        match self {
            Self::ForRequest(since) | Self::ForBody(since) => Some(since),
            Self::No | Self::Closed => None,
        }
    }
}

/// One connection, for as long as it is open.
pub(super) struct Connection {
    number: u64,
    all: Arc<Connections>,
    waits: Arc<Mutex<Waits>>,
}

impl Connections {
    /// At most `most` connections. What comes from a trusted proxy is no one client's.
    #[must_use]
    pub fn new(most: usize, proxies: Vec<IpAddr>) -> Self {
        Self { most: most.max(1), proxies, held: Mutex::default() }
    }

    /// Counts a new connection, and has another one give way where there are too many. For `HttpServer::on_connect`.
    pub fn opened(self: &Arc<Self>, io: &dyn Any, data: &mut Extensions) {
        let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
        let (peer, handle) = match (stream.peer_addr(), Handle::of(stream)) {
            (Ok(peer), Ok(handle)) => (peer.ip().to_canonical(), handle),
            _ => return handle::close(stream),
        };
        let client = network(peer);
        let mut held = self.held();
        let share = (self.most / SHARES).max(1);
        if !self.proxies.contains(&peer) && held.of.get(&client).is_some_and(|count| *count >= share) {
            held.give_way(Some(client));
        }
        if held.all.len() >= self.most && !held.give_way(None) {
            return handle::close(stream);
        }
        let waits = Arc::new(Mutex::new(Waits::ForRequest(Instant::now())));
        let number = held.next;
        held.next += 1;
        held.all.insert(number, Entry { client, handle, waits: Arc::clone(&waits) });
        *held.of.entry(client).or_default() += 1;
        data.insert(Arc::new(Connection { number, all: Arc::clone(self), waits }));
    }

    /// Closes connections that have been waiting too long for a request. To be called every few seconds.
    pub fn close_idle(&self) {
        let mut held = self.held();
        let late = |entry: &Entry| matches!(*locked(&entry.waits), Waits::ForRequest(since) if since.elapsed() > REQUEST_WITHIN);
        let late: Vec<u64> = held.all.iter().filter(|(_, entry)| late(entry)).map(|(number, _)| *number).collect();
        for number in late {
            held.close(number);
        }
    }

    /// How many gave way since the last call.
    pub fn gave_way(&self) -> u64 {
        std::mem::take(&mut self.held().gave_way)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        locked(&self.held)
    }
}

impl Held {
    /// Closes the connection (of this client, or of whoever has the most) that has kept us waiting longest; false when none does.
    fn give_way(&mut self, of: Option<IpAddr>) -> bool {
        let oldest = self
            .all
            .iter()
            .filter(|(_, entry)| of.is_none_or(|client| entry.client == client))
            .filter_map(|(number, entry)| locked(&entry.waits).since().map(|since| (number, entry.client, since)))
            .max_by_key(|(_, client, since)| {
                let count = if of.is_some() { 0 } else { self.of.get(client).copied().unwrap_or_default() };
                (count, std::cmp::Reverse(*since))
            })
            .map(|(number, ..)| *number);
        let Some(number) = oldest else { return false };
        self.close(number);
        self.gave_way += 1;
        true
    }

    fn close(&mut self, number: u64) {
        let Some(entry) = self.all.get(&number) else { return };
        let mut waits = locked(&entry.waits);
        if waits.since().is_none() {
            // Its request came this moment, and is being worked on.
            return;
        }
        *waits = Waits::Closed;
        drop(waits);
        if let Some(entry) = self.forget(number) {
            entry.handle.close();
        }
    }

    fn forget(&mut self, number: u64) -> Option<Entry> {
        let entry = self.all.remove(&number)?;
        if let Some(count) = self.of.get_mut(&entry.client) {
            *count -= 1;
            if *count == 0 {
                self.of.remove(&entry.client);
            }
        }
        Some(entry)
    }
}

impl Connection {
    /// It waits for a body that the client is sending.
    pub(super) fn waits_for_body(&self) {
        self.now(Waits::ForBody(Instant::now()));
    }

    /// It waits for nothing that the client does; false when it gave way meanwhile.
    pub(super) fn waits_for_us(&self) -> bool {
        self.now(Waits::No)
    }

    /// It waits for the client's next request.
    pub(super) fn waits_for_request(&self) {
        self.now(Waits::ForRequest(Instant::now()));
    }

    /// It gave way: nobody will read an answer.
    pub(super) fn is_closed(&self) -> bool {
        *locked(&self.waits) == Waits::Closed
    }

    fn now(&self, waits: Waits) -> bool {
        let mut present = locked(&self.waits);
        if *present != Waits::Closed {
            *present = waits;
        }
        *present != Waits::Closed
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.held().forget(self.number);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
mod handle {
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};

    use rustix::net::{Shutdown, shutdown};

    /// How long a client may leave an answer untaken before its connection is closed.
    #[cfg(target_os = "linux")]
    const UNTAKEN_MILLISECONDS: u32 = 30_000;

    /// A second descriptor of a connection, to close it by: the first is actix's own.
    pub(super) struct Handle(OwnedFd);

    impl Handle {
        pub(super) fn of(socket: &impl AsFd) -> io::Result<Self> {
            #[cfg(target_os = "linux")]
            rustix::net::sockopt::set_tcp_user_timeout(socket, UNTAKEN_MILLISECONDS)?;
            socket.as_fd().try_clone_to_owned().map(Self)
        }

        pub(super) fn close(self) {
            close(&self.0);
        }
    }

    /// Both ways: actix reads the end, and hangs up.
    pub(super) fn close(socket: &impl AsFd) {
        let _ = shutdown(socket, Shutdown::Both);
    }
}

/// Elsewhere nothing is closed before its time; bodies are bounded all the same.
#[cfg(not(unix))]
mod handle {
    use std::io;

    pub(super) struct Handle;

    impl Handle {
        pub(super) fn of<T>(_: &T) -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn close(self) {}
    }

    pub(super) fn close<T>(_: &T) {}
}
