//! Log lines: where they go and what they look like. What they say is each room's care: ids, never people.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::Config;

/// Starts logging to standard error, as text or JSON; panics are logged too. A second start in one process (tests) changes nothing.
///
/// # Errors
/// When `RUST_LOG` can't be read, in words for the operator.
pub fn start(config: &Config) -> Result<(), String> {
    let filter = EnvFilter::builder()
        .parse(&config.log_filter)
        .map_err(|error| format!("RUST_LOG: {error}; write a level such as info, or standout=debug,info"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Colours are for a terminal; in a journal or a file they are noise.
    let lines = lines.with_ansi(std::io::stderr().is_terminal());
    let started = if config.log_json { lines.json().finish().try_init() } else { lines.compact().finish().try_init() };
    drop(started);
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, ToString::to_string);
        // Words that were made when it happened may hold what somebody typed; those of the code never do.
        let said = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not shown: it may name people)");
        let thread = std::thread::current();
        tracing::error!(at, thread = thread.name().unwrap_or("(unnamed)"), said, "a fault in this program: panic");
    }));
    Ok(())
}
