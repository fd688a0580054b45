//! What happens by itself: imports are noticed, unconfirmed sign-ups expire, terms of officials end, limiters forget.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::mail::Outbox;
use crate::rate_limit::Pacer;
use crate::store::{counts, messages, settings};
use crate::web::Web;

/// An import is seen within this time.
const LOOK_FOR_IMPORTS_EVERY: Duration = Duration::from_secs(1);
/// The other chores, counted in looks for imports.
const CHORES_EVERY: u32 = 60;
/// Supporters are told what became of their letters, counted in the same way.
const TELL_EVERY: u32 = 2;
/// Visits are written down, counted in the same way.
const VISITS_EVERY: u32 = 5;

/// `outbox` takes the mail where no server does.
pub(super) async fn run(web: Arc<Web>, pacer: Arc<Pacer>, outbox: Option<Outbox>, stop: CancellationToken) {
    let mut looks = 0_u32;
    loop {
        web.pulses.background.beat();
        if looks.is_multiple_of(CHORES_EVERY) {
            end_terms(&web).await;
            expire(&web).await;
            pacer.shrink();
            tell_of_slow_clients(&web);
            for limiter in
                [&web.signup_limit, &web.preview_limit, &web.lookup_limit, &web.login_limit, &web.api_limit, &web.sample_limit]
            {
                limiter.shrink();
            }
        }
        web.connections.close_idle();
        forget(&web, outbox.as_ref()).await;
        if looks.is_multiple_of(TELL_EVERY)
            && let Err(error) = web.intake.tell().await
        {
            tracing::error!(%error, "supporters can't be told yet what became of their letters");
        }
        if looks.is_multiple_of(VISITS_EVERY) {
            write_visits(&web).await;
            note_unknown_proxy(&web).await;
        }
        if let Err(error) = web.live.look(&web.store).await {
            tracing::warn!(%error, "open pages of the console are not kept up to date");
        }
        match web.intake.refresh().await {
            Ok(true) => tracing::info!("an import changed campaigns, officials or places; the new ones are in force"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "an import can't be used; what was there before stays in force"),
        }
        looks = looks.wrapping_add(1);
        tokio::select! {
            () = stop.cancelled() => {
                web.live.stop();
                return;
            }
            () = tokio::time::sleep(LOOK_FOR_IMPORTS_EVERY) => {}
        }
    }
}

/// What was erased leaves the outbox, and the log of the database as soon as nobody reads an older state.
async fn forget(web: &Web, outbox: Option<&Outbox>) {
    if !web.store.has_erased() {
        return;
    }
    if let Some(outbox) = outbox {
        let removed = match web.store.read(messages::ids_of_erased).await {
            Ok(ids) => outbox.remove(&ids).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(cause) = removed {
            tracing::error!(%cause, "mails of people who were erased are still in the outbox; it is tried again in a moment");
            return;
        }
    }
    if let Err(error) = web.store.empty_log().await {
        tracing::error!(%error, "people who were erased can still be read in the database's log; it is tried again in a moment");
    }
}

/// Writes down how often campaigns' pages were opened since the last time.
pub(super) async fn write_visits(web: &Web) {
    let visits = web.visits.take();
    if visits.is_empty() {
        return;
    }
    let (now, rows) = (web.clock.now(), visits.clone());
    let written =
        web.store.write(move |tx| rows.iter().try_for_each(|(campaign, n)| counts::add_visits(tx, *campaign, *n, now))).await;
    if let Err(error) = written {
        tracing::warn!(%error, "visits can't be written down yet");
        web.visits.put_back(&visits);
    }
}

/// Writes down, for `standout doctor`, that requests come through a proxy that is not trusted.
async fn note_unknown_proxy(web: &Web) {
    let Some(seen) = web.unknown_proxy.take() else { return };
    if let Err(error) = web.store.write(move |tx| settings::note_unknown_proxy(tx, seen)).await {
        tracing::warn!(%error, "it can't be written down yet that requests come through a proxy that is not trusted");
        web.unknown_proxy.put_back();
    }
}

/// Connections and bodies that were cut since the last time.
fn tell_of_slow_clients(web: &Web) {
    let (connections, bodies) = (web.connections.gave_way(), web.bodies.cut());
    if connections > 0 || bodies > 0 {
        tracing::warn!(connections, bodies, "clients that were slow, or held too much, were cut in the last minute");
    }
}

/// Terms whose last day has passed, a few seats at a time.
async fn end_terms(web: &Web) {
    loop {
        web.pulses.background.beat();
        match web.intake.end_terms().await {
            Ok(0) => return,
            Ok(ended) => {
                tracing::warn!(ended, "terms of officials are over; letters to them are held until a newer roster is imported");
            }
            Err(error) => {
                tracing::error!(%error, "terms that are over can't be ended yet");
                return;
            }
        }
    }
}

/// All that is late, in small portions, so that sign-ups meanwhile don't wait.
async fn expire(web: &Web) {
    loop {
        web.pulses.background.beat();
        match web.intake.expire().await {
            Ok(0) => return,
            Ok(expired) => tracing::info!(expired, "sign-ups were not confirmed in time; their data is erased"),
            Err(error) => {
                tracing::error!(%error, "late sign-ups can't be ended yet");
                return;
            }
        }
    }
}
