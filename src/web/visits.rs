//! How often campaigns' pages are opened. Counted in memory and written down every few seconds (`app::background`), so that a look at
//! a page waits for no write; what was counted since is lost in a crash. No cookie is set and no address is kept: somebody who
//! looks twice counts twice, and so does a program. What a browser fetches ahead, before anybody looks, does not count.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::Method;

/// Visits that are not written down yet, by campaign.
#[derive(Default)]
pub struct Visits(Mutex<HashMap<i64, i64>>);

impl Visits {
    /// Counts this request, whose answer shows the campaign's page.
    pub(super) fn note(&self, request: &HttpRequest, campaign: i64) {
        if is_visit(request) {
            *self.lock().entry(campaign).or_default() += 1;
        }
    }

    /// What is to be written down: campaigns and numbers. It is forgotten here.
    pub fn take(&self) -> Vec<(i64, i64)> {
        self.lock().drain().collect()
    }

    /// Takes back what could not be written down.
    pub fn put_back(&self, visits: &[(i64, i64)]) {
        let mut known = self.lock();
        for (campaign, n) in visits {
            *known.entry(*campaign).or_default() += n;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody looks now: browsers mark what they fetch ahead (Fetch standard, "Sec-Purpose", and its forerunners).
fn is_visit(request: &HttpRequest) -> bool {
    let ahead = |name: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.contains("prefetch") || value.contains("preview")
    };
    request.method() == Method::GET && !["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].into_iter().any(ahead)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_look_counts_and_a_fetch_ahead_does_not() {
        let visits = Visits::default();
        visits.note(&TestRequest::get().to_http_request(), 1);
        visits.note(&TestRequest::get().to_http_request(), 1);
        visits.note(&TestRequest::default().method(Method::HEAD).to_http_request(), 1);
        for (name, value) in [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "prefetch")] {
            visits.note(&TestRequest::get().insert_header((name, value)).to_http_request(), 1);
        }
        assert_eq!(visits.take(), [(1, 2)]);
        assert_eq!(visits.take(), []);
        visits.put_back(&[(1, 2)]);
        assert_eq!(visits.take(), [(1, 2)]);
    }
}
