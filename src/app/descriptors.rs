//! Descriptors: the operating system's limit on files and connections that are open at once, and who gets them.

/// What is kept for the database, the log, uploads, imports and answers of other servers; the sender's own come on top.
const RESERVED: usize = 128;
/// A visitor's connection has two: actix's, and one of ours to close it by.
const PER_CONNECTION: usize = 2;
/// More connections would cost more memory than a small machine has: each has buffers of some 16 to 64 KiB.
const CONNECTIONS_MOST: usize = 2048;
const CONNECTIONS_LEAST: usize = 32;

/// How many connections the web server may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// After as many, one gives way for each that comes.
    pub(super) connections: usize,
    /// What all workers together accept: more, so that accepting never stops while those that gave way are being closed.
    pub(super) accepted: usize,
}

/// Raises the limit as far as this user may, and shares it out.
pub(super) fn raise(smtp_connections: usize) -> Room {
    let limit = raised();
    let room = share(limit, smtp_connections);
    if room.connections == CONNECTIONS_LEAST {
        tracing::warn!(descriptors = limit, "very few descriptors: raise the limit (ulimit -n, LimitNOFILE) to 1024 or more");
    }
    tracing::info!(descriptors = limit, connections = room.connections, "visitors' connections at once");
    room
}

#[cfg(unix)]
fn raised() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    // Where it is refused (macOS with a hard limit of "unlimited") the old one stays.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: before.maximum, maximum: before.maximum });
    getrlimit(Resource::Nofile).current.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn raised() -> usize {
    usize::MAX
}

fn share(limit: usize, smtp_connections: usize) -> Room {
    let accepted = limit.saturating_sub(RESERVED + smtp_connections) / PER_CONNECTION;
    let accepted = accepted.clamp(CONNECTIONS_LEAST / 3 * 4, CONNECTIONS_MOST / 3 * 4);
    Room { connections: (accepted / 4 * 3).clamp(CONNECTIONS_LEAST, CONNECTIONS_MOST), accepted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_descriptors_are_left_for_the_sender_and_the_database() {
        for (limit, connections) in [(0, 32), (256, 45), (1024, 333), (65_536, 2046), (usize::MAX, 2046)] {
            let room = share(limit, 4);
            assert_eq!(room.connections, connections, "{limit}");
            assert!(limit < 256 || room.accepted * PER_CONNECTION + 4 + RESERVED <= limit, "{limit}");
            assert!(room.accepted > room.connections);
        }
    }
}
