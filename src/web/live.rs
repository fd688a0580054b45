//! Numbers that change while staff look at them: one read a second for everybody who looks, handed to each when it changes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::Ladder;
use crate::store::{Store, StoreError, counts};

/// The most pages that are kept up to date at once; others show what was when they were loaded.
const MOST: usize = 64;

type Told = watch::Sender<Option<Arc<Ladder>>>;

/// The campaigns that somebody looks at.
#[derive(Default)]
pub struct Live {
    campaigns: Mutex<HashMap<i64, Told>>,
    open: Arc<AtomicUsize>,
    stopped: AtomicBool,
}

/// One page's sight of a campaign's numbers; it ends when it is dropped, or when the service stops.
pub(super) struct Watched {
    told: watch::Receiver<Option<Arc<Ladder>>>,
    open: Arc<AtomicUsize>,
}

impl Watched {
    /// The numbers when they have changed; `None` when there will be no more.
    pub(super) async fn changed(&mut self) -> Option<Arc<Ladder>> {
        loop {
            self.told.changed().await.ok()?;
            let now = self.told.borrow_and_update().clone();
            if now.is_some() {
                return now;
            }
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Live {
    /// Looks at a campaign from now on; `None` when too many look already, or the service stops.
    pub(super) fn watch(&self, campaign: i64) -> Option<Watched> {
        let mut campaigns = self.lock();
        if self.stopped.load(Ordering::Relaxed) || self.open.load(Ordering::Relaxed) >= MOST {
            return None;
        }
        self.open.fetch_add(1, Ordering::Relaxed);
        let told = campaigns.entry(campaign).or_insert_with(|| watch::Sender::new(None));
        let mut told = told.subscribe();
        // What is known already is told at once.
        told.mark_changed();
        Some(Watched { told, open: Arc::clone(&self.open) })
    }

    /// Reads the numbers of the campaigns that somebody looks at, and tells those that changed.
    pub async fn look(&self, store: &Store) -> Result<(), StoreError> {
        let wanted: Vec<i64> = {
            let mut campaigns = self.lock();
            campaigns.retain(|_, told| told.receiver_count() > 0);
            campaigns.keys().copied().collect()
        };
        if wanted.is_empty() {
            return Ok(());
        }
        let read = store.read(move |conn| {
            let ladders = wanted.into_iter().map(|id| Ok((id, counts::total(conn, id)?)));
            ladders.collect::<Result<Vec<_>, StoreError>>()
        });
        for (id, ladder) in read.await? {
            if let Some(told) = self.lock().get(&id) {
                told.send_if_modified(|known| {
                    let changed = known.as_deref() != Some(&ladder);
                    if changed {
                        *known = Some(Arc::new(ladder));
                    }
                    changed
                });
            }
        }
        Ok(())
    }

    /// Ends everybody's sight, so that a stop waits for no open page.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Told>> {
        self.campaigns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn so_many_may_look_and_a_stop_ends_them_all() {
        let live = Live::default();
        let mut open: Vec<_> = (0..MOST).map(|_| live.watch(1).unwrap()).collect();
        assert!(live.watch(2).is_none());
        open.pop();
        open.push(live.watch(2).unwrap());
        live.stop();
        for watched in &mut open {
            assert!(watched.changed().await.is_none());
        }
        drop(open);
        assert!(live.watch(1).is_none(), "the service stops");
        assert_eq!(live.open.load(Ordering::Relaxed), 0);
    }
}
