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
    Ok(block_on(async move { app.run_until_stopped(stop_signal()).await })?)
}
