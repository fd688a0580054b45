//! Requests that somebody forwarded who is no trusted proxy. Behind a web server that `TRUSTED_PROXIES` does not name, all
//! visitors are one client to every limit; nobody notices until people are turned away. So the log says it once, the console and
//! `standout doctor` for a day.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use actix_web::dev::ServiceRequest;

use super::client;
use crate::domain::Timestamp;

/// It is spoken of for so long after the last such request.
const LASTS: Duration = Duration::from_hours(24);
/// It is written down again at the earliest after this time: each such request would be a write.
const WRITTEN_EVERY: Duration = Duration::from_hours(1);
const NEVER: i64 = i64::MIN;

/// When a forwarded request last came from a peer that is not trusted.
pub struct UnknownProxy {
    seen: AtomicI64,
    written: AtomicI64,
}

impl Default for UnknownProxy {
    fn default() -> Self {
        Self { seen: AtomicI64::new(NEVER), written: AtomicI64::new(NEVER) }
    }
}

impl UnknownProxy {
    /// Looks at a request.
    pub(super) fn look(&self, request: &ServiceRequest, trusted: &[IpAddr], now: Timestamp) {
        if !client::is_forwarded(request.headers()) || client::is_trusted(request.peer_addr(), trusted) {
            return;
        }
        if self.seen.swap(now.millis(), Ordering::Relaxed) == NEVER {
            tracing::warn!(
                "a request was forwarded by a web server or proxy that is not trusted, so all who come through it share one limit; \
                 set TRUSTED_PROXIES to its IP address and start again"
            );
        }
    }

    /// Whether there was one in the last day.
    pub(super) fn is_seen(&self, now: Timestamp) -> bool {
        let seen = self.seen.load(Ordering::Relaxed);
        seen != NEVER && now.since(Timestamp::from_millis(seen)) < LASTS
    }

    /// When the last one came, if that is to be written down now; it counts as written.
    pub fn take(&self) -> Option<Timestamp> {
        let (seen, written) = (self.seen.load(Ordering::Relaxed), self.written.load(Ordering::Relaxed));
        let news = seen != NEVER
            && (written == NEVER || Timestamp::from_millis(seen).since(Timestamp::from_millis(written)) >= WRITTEN_EVERY);
        news.then(|| {
            self.written.store(seen, Ordering::Relaxed);
            Timestamp::from_millis(seen)
        })
    }

    /// It could not be written down.
    pub fn put_back(&self) {
        self.written.store(NEVER, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn it_is_spoken_of_for_a_day_and_written_once_an_hour() {
        let proxy = UnknownProxy::default();
        let at = |minutes: u64| Timestamp::from_millis(1_795_000_000_000).plus(Duration::from_mins(minutes));
        let come = |header: Option<&'static str>, peer: &str, minutes| {
            let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
            if let Some(name) = header {
                request = request.insert_header((name, "203.0.113.9"));
            }
            proxy.look(&request.to_srv_request(), &["127.0.0.1".parse().unwrap()], at(minutes));
        };
        come(None, "192.0.2.7:40000", 0);
        come(Some("X-Forwarded-For"), "127.0.0.1:40000", 0);
        come(Some("X-Forwarded-For"), "[::ffff:127.0.0.1]:40000", 0);
        assert!(!proxy.is_seen(at(0)) && proxy.take().is_none());
        for (n, header) in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"].into_iter().enumerate() {
            let proxy = UnknownProxy::default();
            let request = TestRequest::default().peer_addr("192.0.2.7:40000".parse().unwrap()).insert_header((header, "x"));
            proxy.look(&request.to_srv_request(), &[], at(0));
            assert!(proxy.is_seen(at(0)), "{n} {header}");
        }
        come(Some("Forwarded"), "192.0.2.7:40000", 0);
        assert_eq!((proxy.take(), proxy.take()), (Some(at(0)), None));
        come(Some("Forwarded"), "192.0.2.7:40000", 59);
        assert_eq!(proxy.take(), None);
        come(Some("Forwarded"), "192.0.2.7:40000", 60);
        assert_eq!(proxy.take(), Some(at(60)));
        proxy.put_back();
        assert_eq!(proxy.take(), Some(at(60)));
        assert!(proxy.is_seen(at(60 + 24 * 60 - 1)) && !proxy.is_seen(at(60 + 24 * 60)));
    }
}
