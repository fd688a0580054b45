//! `standout serve`: the service.

use super::Failed;
use crate::app::{App, block_on, stop_signal};
use crate::config::Config;
use crate::domain::Clock;
use crate::telemetry;

pub(super) fn run() -> Result<(), Failed> {
    let config = Config::from_env()?;
    telemetry::start(&config)?;
    let app = App::build(config, Clock::System)?;
    println!("{}", app.greeting());
    block_on(async move {
        if let Err(error) = app.run_until_stopped(stop_signal()).await {
            eprintln!("standout: {error}");
            // At once: no thread that hangs may keep a service that has failed from being started again.
            std::process::exit(1);
        }
    });
    Ok(())
}
