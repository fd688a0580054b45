//! Bodies of requests on their way in: how long each may take, and how much all of them may hold.
//!
//! [`Bodies::watch`] wraps every body before anything reads it, so that no route can forget it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::rt::time::{Instant, Sleep, sleep_until};
use actix_web::web::Bytes;
use futures_util::stream::Stream;
use futures_util::task::AtomicWaker;

use super::connections::Connection;
use super::response::Failure;
use crate::rate_limit::network;

/// What every body may take, whatever comes: most forms arrive at once, and a phone in a tunnel loses some seconds.
const GRACE: Duration = Duration::from_secs(10);
/// After that, this much must have come for each second: an eighth of what the slowest mobile network carries (GPRS, 8 kB a second).
/// So a form of 128 KiB has 138 s.
const LEAST_BYTES_PER_SECOND: u64 = 1024;
/// The end of patience: an upload of 5 MB then comes at 5.6 kB a second, a mail of 10 MiB, which comes from a server, at 11.7.
const DEADLINE: Duration = Duration::from_mins(15);

/// What a reader keeps of one body at most (`/bounces`; uploads and forms keep less); it drops what is more.
const BODY_HOLDS_BYTES: usize = crate::inbound::INCOMING_MAX_OCTETS;
/// What one client's bodies may hold: 16,000 forms, or three uploads of the largest size.
const CLIENT_HOLDS_BYTES: usize = 16_000_000;
/// What all bodies together may hold.
const ALL_HOLD_BYTES: usize = 32_000_000;
/// Bodies that one client may have on their way. A hall full of people has one address.
const CLIENT_BODIES: usize = 64;
/// When to come again, for those who are sent away.
const COME_AGAIN: Duration = Duration::from_secs(5);

/// All bodies that are being received or worked on.
#[derive(Default)]
pub struct Bodies {
    held: Mutex<Held>,
    cut: AtomicU64,
}

#[derive(Default)]
struct Held {
    next: u64,
    bytes: usize,
    /// The oldest first.
    all: BTreeMap<u64, Entry>,
    of: HashMap<IpAddr, Share>,
}

#[derive(Default)]
struct Share {
    bodies: usize,
    bytes: usize,
}

struct Entry {
    client: IpAddr,
    bytes: usize,
    complete: bool,
    end: Arc<End>,
}

/// Whether a body was cut, told from one thread to another.
#[derive(Default)]
struct End {
    cut: OnceLock<Cut>,
    waker: AtomicWaker,
}

/// Why a body was cut.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// It came too slowly.
    TooSlow,
    /// Its client holds too much, and this was its oldest.
    Client,
    /// All hold too much, and this was the oldest.
    All,
}

impl From<Cut> for Failure {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::TooSlow => Self::TooSlow,
            Cut::Client => Self::TooMany(COME_AGAIN),
            Cut::All => Self::Busy,
        }
    }
}

/// A body that is watched until its request is answered.
pub(super) struct Watched {
    ticket: Rc<Ticket>,
    payload: Rc<RefCell<Payload>>,
}

impl Watched {
    /// Why it was cut, if it was.
    pub(super) fn cut(&self) -> Option<Failure> {
        self.ticket.end.cut.get().map(|cut| (*cut).into())
    }

    /// What of the body was not read. actix hangs up after the answer only as long as somebody has it; otherwise it would go on
    /// receiving a chunked body for as long as the client likes.
    pub(super) fn unread(&self) -> Rc<RefCell<Payload>> {
        Rc::clone(&self.payload)
    }
}

/// A body's place among all; given back when its request is answered.
struct Ticket {
    number: u64,
    all: Arc<Bodies>,
    end: Arc<End>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.all.held().forget(self.number);
    }
}

impl Bodies {
    /// Watches the request's body, if it has one.
    pub(super) fn watch(
        self: &Arc<Self>,
        request: &mut ServiceRequest,
        client: IpAddr,
        connection: Option<Arc<Connection>>,
    ) -> Option<Watched> {
        let payload = match request.take_payload() {
            Payload::None => return None,
            payload => Rc::new(RefCell::new(payload)),
        };
        if let Some(connection) = &connection {
            connection.waits_for_body();
        }
        let ticket = Rc::new(self.begin(client));
        let started = Instant::now();
        let body = Body {
            payload: Rc::clone(&payload),
            ticket: Rc::clone(&ticket),
            connection,
            started,
            received: 0,
            alarm: Box::pin(sleep_until(started + GRACE)),
        };
        request.set_payload(Payload::Stream { payload: Box::pin(body) });
        Some(Watched { ticket, payload })
    }

    /// How many were cut since the last call.
    pub fn cut(&self) -> u64 {
        self.cut.swap(0, Ordering::Relaxed)
    }

    fn begin(self: &Arc<Self>, client: IpAddr) -> Ticket {
        let client = network(client);
        let end = Arc::new(End::default());
        let mut held = self.held();
        let number = held.next;
        held.next += 1;
        held.all.insert(number, Entry { client, bytes: 0, complete: false, end: Arc::clone(&end) });
        held.of.entry(client).or_default().bodies += 1;
        self.make_room(&mut held, client);
        Ticket { number, all: Arc::clone(self), end }
    }

    /// So many bytes of it have come.
    fn received(&self, number: u64, bytes: usize) {
        let mut guard = self.held();
        let held = &mut *guard;
        let Some(entry) = held.all.get_mut(&number) else { return };
        let more = bytes.min(BODY_HOLDS_BYTES - entry.bytes);
        entry.bytes += more;
        held.bytes += more;
        let client = entry.client;
        held.of.entry(client).or_default().bytes += more;
        self.make_room(held, client);
    }

    /// It can't be cut any more.
    fn complete(&self, number: u64) {
        if let Some(entry) = self.held().all.get_mut(&number) {
            entry.complete = true;
        }
    }

    /// Cuts bodies on their way, the oldest first, until what is held is allowed again.
    fn make_room(&self, held: &mut Held, client: IpAddr) {
        while held.of.get(&client).is_some_and(|share| share.bodies > CLIENT_BODIES || share.bytes > CLIENT_HOLDS_BYTES) {
            if !self.cut_oldest(held, Some(client), Cut::Client) {
                break;
            }
        }
        while held.bytes > ALL_HOLD_BYTES && self.cut_oldest(held, None, Cut::All) {}
    }

    fn cut_oldest(&self, held: &mut Held, of: Option<IpAddr>, why: Cut) -> bool {
        let on_its_way = |entry: &Entry| !entry.complete && of.is_none_or(|client| entry.client == client);
        let oldest = held.all.iter().find(|(_, entry)| on_its_way(entry)).map(|(number, _)| *number);
        let Some(entry) = oldest.and_then(|number| held.forget(number)) else { return false };
        self.cut.fetch_add(1, Ordering::Relaxed);
        let _ = entry.end.cut.set(why);
        entry.end.waker.wake();
        true
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn forget(&mut self, number: u64) -> Option<Entry> {
        let entry = self.all.remove(&number)?;
        self.bytes -= entry.bytes;
        if let Some(share) = self.of.get_mut(&entry.client) {
            share.bodies -= 1;
            share.bytes -= entry.bytes;
            if share.bodies == 0 {
                self.of.remove(&entry.client);
            }
        }
        Some(entry)
    }
}

/// A body as the readers see it.
struct Body {
    payload: Rc<RefCell<Payload>>,
    ticket: Rc<Ticket>,
    connection: Option<Arc<Connection>>,
    started: Instant,
    received: u64,
    alarm: Pin<Box<Sleep>>,
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let body = self.get_mut();
        let end = Arc::clone(&body.ticket.end);
        end.waker.register(context.waker());
        // Of a connection that gave way, what lies in the system's buffers could still be read.
        if end.cut.get().is_some() || body.connection.as_ref().is_some_and(|connection| connection.is_closed()) {
            return body.over();
        }
        let part = Pin::new(&mut *body.payload.borrow_mut()).poll_next(context);
        match part {
            Poll::Ready(Some(Ok(bytes))) => {
                body.received = body.received.saturating_add(bytes.len() as u64);
                let deadline = body.started + allowed(body.received);
                if Instant::now() > deadline {
                    return body.too_slow();
                }
                body.alarm.as_mut().reset(deadline);
                body.ticket.all.received(body.ticket.number, bytes.len());
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Pending => match body.alarm.as_mut().poll(context) {
                Poll::Ready(()) => body.too_slow(),
                Poll::Pending => Poll::Pending,
            },
            Poll::Ready(ended) => {
                body.ticket.all.complete(body.ticket.number);
                if let Some(connection) = &body.connection {
                    connection.waits_for_us();
                }
                Poll::Ready(ended)
            }
        }
    }
}

impl Body {
    fn too_slow(&self) -> Poll<Option<Result<Bytes, PayloadError>>> {
        self.ticket.all.cut.fetch_add(1, Ordering::Relaxed);
        let _ = self.ticket.end.cut.set(Cut::TooSlow);
        self.over()
    }

    /// Readers take it for a body that broke off; the frame around them knows better.
    fn over(&self) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if let Some(connection) = &self.connection {
            connection.waits_for_us();
        }
        Poll::Ready(Some(Err(PayloadError::Incomplete(None))))
    }
}

/// How long a body may take of which so many bytes have come.
fn allowed(received: u64) -> Duration {
    (GRACE + Duration::from_millis(received.saturating_mul(1000) / LEAST_BYTES_PER_SECOND)).min(DEADLINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_earns_time_up_to_the_deadline() {
        for (bytes, seconds) in [(0, 10), (1024, 11), (128 * 1024, 138), (5_000_000, 900), (u64::MAX, 900)] {
            assert_eq!(allowed(bytes).as_secs(), seconds, "{bytes}");
        }
    }

    fn client(n: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, n])
    }

    #[test]
    fn what_is_complete_is_not_cut_and_everything_is_given_back() {
        let bodies = Arc::new(Bodies::default());
        let tickets: Vec<Ticket> = (0..10).map(|n| bodies.begin(client(n))).collect();
        bodies.received(0, 9_000_000);
        bodies.complete(0);
        for number in 1..10 {
            bodies.received(number, 9_000_000);
        }
        let cut: Vec<bool> = tickets.iter().map(|ticket| ticket.end.cut.get().is_some()).collect();
        assert_eq!(cut, [false, true, true, true, true, true, true, true, false, false]);
        assert!(bodies.held().bytes <= ALL_HOLD_BYTES);
        drop(tickets);
        let held = bodies.held();
        assert_eq!((held.bytes, held.all.len(), held.of.len()), (0, 0, 0));
    }
}
