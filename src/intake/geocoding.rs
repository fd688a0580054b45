//! The Census geocoder as sign-ups ask it: a few at a time, and no address twice in a short while.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::Rng;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::districts::{Census, CensusAnswer};
use crate::domain::{Clock, PostalAddress, Timestamp, UsState};

/// How many questions may be open. Further people are placed by the streets on this machine.
const AT_ONCE: usize = 8;
/// A person reads and corrects their letters in this time; each page would ask again.
const REMEMBERED: Duration = Duration::from_mins(30);
/// How many answers are remembered at most.
const MOST_REMEMBERED: usize = 2_000;

/// The geocoder with the answers of the last half hour.
pub(super) struct Geocoding {
    census: Census,
    clock: Clock,
    open: Semaphore,
    /// By a hash of the address, with a secret of this process: no address is kept.
    answers: Mutex<HashMap<[u8; 32], (Timestamp, CensusAnswer)>>,
    secret: [u8; 32],
}

impl Geocoding {
    pub(super) fn new(census: Census, clock: Clock) -> Self {
        Self { census, clock, open: Semaphore::new(AT_ONCE), answers: Mutex::default(), secret: rand::rng().random() }
    }

    /// The server that is asked.
    pub(super) fn host(&self) -> &str {
        self.census.host()
    }

    /// What the Census says of an address; an answer of the last half hour is given again, a failure is not remembered.
    pub(super) async fn ask(&self, address: &PostalAddress, state: UsState) -> CensusAnswer {
        let (street, city, zip) = (address.street.as_str(), address.city.as_str(), address.zip.as_str());
        let key = self.key(&[state.code(), street, city, zip]);
        let now = self.clock.now();
        if let Some((_, known)) = self.answers().get(&key).filter(|(at, _)| now.since(*at) < REMEMBERED) {
            return known.clone();
        }
        let Ok(_open) = self.open.try_acquire() else {
            return CensusAnswer::Failed(format!("{AT_ONCE} addresses are being asked for already"));
        };
        let answer = self.census.ask(street, city, state, zip).await;
        if !matches!(answer, CensusAnswer::Failed(_)) {
            let mut answers = self.answers();
            if answers.len() >= MOST_REMEMBERED {
                answers.retain(|_, (at, _)| now.since(*at) < REMEMBERED);
            }
            if answers.len() < MOST_REMEMBERED {
                answers.insert(key, (now, answer.clone()));
            }
        }
        answer
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<[u8; 32], (Timestamp, CensusAnswer)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, parts: &[&str]) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(self.secret);
        for part in parts {
            hash.update(part.as_bytes());
            // No field holds a line end, so no two addresses run together.
            hash.update(b"\n");
        }
        hash.finalize().into()
    }
}
