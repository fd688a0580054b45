//! Whether visitors come through a web server that the service was not told of.

use std::time::Duration;

use super::Finding;

/// The service notes it once an hour while it is so.
const LATELY: Duration = Duration::from_hours(25);

/// Judges how long ago the running service last saw a forwarded request from a peer that it does not trust; `None`: never since
/// its start.
#[must_use]
pub fn judge_proxy(ago: Option<Duration>) -> Finding {
    let check = "TRUSTED_PROXIES";
    match ago {
        Some(ago) if ago < LATELY => Finding::warning(
            check,
            "requests are forwarded by a web server or proxy that it does not name: all who come through it share one limit",
            "Set TRUSTED_PROXIES to the IP address that it connects from (on this machine 127.0.0.1), and start the service again.",
        ),
        _ => Finding::ok(check, "no forwarded request came from elsewhere"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn what_was_seen_lately_is_said() {
        let status = |ago| judge_proxy(ago).status;
        assert_eq!((status(None), status(Some(Duration::from_hours(30)))), (Status::Ok, Status::Ok));
        assert_eq!(status(Some(Duration::ZERO)), Status::Warning);
    }
}
