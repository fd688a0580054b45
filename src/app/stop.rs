//! When to stop: the operator's or the system's signal.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Cancelled by SIGTERM, SIGINT or Ctrl-C.
#[must_use]
pub fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let signal = stop_requested().await;
        tracing::info!(signal, "stopping; letters in hand are finished first");
        token.cancel();
        // Whoever asks twice does not want to wait.
        let _ = tokio::time::timeout(Duration::from_mins(1), stop_requested()).await;
        std::process::exit(1);
    });
    stop
}

#[cfg(unix)]
async fn stop_requested() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return "SIGINT";
    };
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = tokio::signal::ctrl_c() => "SIGINT",
    }
}

#[cfg(not(unix))]
async fn stop_requested() -> &'static str {
    let _ = tokio::signal::ctrl_c().await;
    "Ctrl-C"
}
