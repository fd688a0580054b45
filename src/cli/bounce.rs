//! `standout bounce`: one mail on standard input, as a mail system's pipe hands it over.

use std::io::Read;
use std::process::ExitCode;

use crate::app;
use crate::inbound::{INCOMING_MAX_OCTETS, Inbound};
use crate::store::inbound::Recorded;

/// `EX_TEMPFAIL` of sysexits.h: the mail system keeps the mail and tries again (postfix pipe(8), exim's pipe transport).
const TRY_AGAIN: u8 = 75;

/// Reads the mail and records what it means. A mail that is no report is no error: a pipe that failed on it would make the mail
/// system send a report about the report.
pub(super) fn run() -> ExitCode {
    match record() {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(cause) => {
            eprintln!("standout: the mail could not be recorded, so the mail system should try again: {cause}");
            ExitCode::from(TRY_AGAIN)
        }
    }
}

fn record() -> Result<String, String> {
    let mut raw = Vec::new();
    let most = u64::try_from(INCOMING_MAX_OCTETS).unwrap_or(u64::MAX);
    std::io::stdin().lock().take(most + 1).read_to_end(&mut raw).map_err(|error| error.to_string())?;
    // What is left would otherwise break the mail system's pipe.
    std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink()).map_err(|error| error.to_string())?;
    let super::Context { config, store, clock } = super::open().map_err(|failed| failed.0)?;
    let taken = Inbound::new(store, app::return_path(&config), clock).take_blocking(&raw).map_err(|error| error.to_string())?;
    match taken.recorded {
        Recorded::TooEarly => Err("its message is still being sent".into()),
        Recorded::Now => Ok(format!("recorded: {}", taken.kind.as_str())),
        Recorded::Before if taken.ours => Ok("nothing new: it was recorded before".into()),
        Recorded::Before => Ok(format!("counted, and not kept: it names no message of ours ({})", taken.kind.as_str())),
    }
}
