//! What must live as long as the service. When one of these dies the service ends, so that its supervisor starts it again:
//! a service that takes sign-ups and sends nothing, or says that it is well and writes nothing, helps nobody.

use std::collections::HashMap;

use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

/// Tasks by name.
#[derive(Default)]
pub(super) struct Vital {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

impl Vital {
    /// Begins a task that ends only when it is told to stop.
    pub(super) fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.tasks.spawn(task).id();
        self.names.insert(id, name);
    }

    /// Waits until all have ended. One that panics, or ends before `stop`, has the others stop; gives the first such.
    pub(super) async fn ended(mut self, stop: &CancellationToken) -> Option<&'static str> {
        let mut died = None;
        while let Some(ended) = self.tasks.join_next_with_id().await {
            let (id, panicked) = match ended {
                Ok((id, ())) => (id, false),
                Err(error) => (error.id(), error.is_panic()),
            };
            if panicked || !stop.is_cancelled() {
                let what = self.names.get(&id).copied().unwrap_or("a task");
                tracing::error!(what, panicked, "died; the service can't work without it, and ends so that it is started again");
                died.get_or_insert(what);
                stop.cancel();
            }
        }
        died
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lives until the stop, as it should.
    fn lives(vital: &mut Vital, stop: &CancellationToken) {
        let stop = stop.clone();
        vital.spawn("what lives", async move { stop.cancelled().await });
    }

    #[tokio::test]
    async fn one_that_panics_is_named_and_stops_the_others() {
        let (mut vital, stop) = (Vital::default(), CancellationToken::new());
        lives(&mut vital, &stop);
        vital.spawn("what panics", async { panic!("planted") });
        assert_eq!(vital.ended(&stop).await, Some("what panics"));
        assert!(stop.is_cancelled());
    }

    #[tokio::test]
    async fn one_that_ends_too_early_is_named_and_stops_the_others() {
        let (mut vital, stop) = (Vital::default(), CancellationToken::new());
        lives(&mut vital, &stop);
        vital.spawn("what ends", async {});
        assert_eq!(vital.ended(&stop).await, Some("what ends"));
        assert!(stop.is_cancelled());
    }

    #[tokio::test]
    async fn a_stop_is_no_death_unless_something_panics_in_it() {
        for panics in [false, true] {
            let (mut vital, stop) = (Vital::default(), CancellationToken::new());
            lives(&mut vital, &stop);
            let told = stop.clone();
            vital.spawn("what stops", async move {
                told.cancelled().await;
                assert!(!panics, "planted");
            });
            stop.cancel();
            assert_eq!(vital.ended(&stop).await, panics.then_some("what stops"));
        }
    }
}
