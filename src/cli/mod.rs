//! The commands: what an operator types. Errors go to standard error; 0 is done, 1 is failed, 2 is typed wrong.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its terminal")]

mod backup;
mod bounce;
mod campaigns;
mod counts;
mod districts;
mod doctor;
mod doctor_online;
mod officials;
mod places;
mod positions;
mod serve;
mod source;
mod staff;
mod street_towns;
mod streets;
mod towns;

use std::fmt::Display;
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, make_new_files_private};
use crate::domain::{Actor, AuditAction, AuditEntry, Clock, Timestamp, UsState};
use crate::render::{Campaign, TemplateFiles};
use crate::store::{Store, StoreError, Tx, audit, campaigns as stored};

/// Lets the people of a state write to their own legislators, and lets a small team see that every letter arrived.
#[derive(Parser)]
#[command(
    name = "standout",
    version,
    about,
    after_help = "Without a command it runs the service. Commands work while the service runs; it sees what they changed within seconds.\n\
                  Settings come from the environment and the file .env of the folder it is started in; .env.example explains each.\n\
                  Exit codes: 0 done, 1 failed, 2 typed wrong."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service: pages, sign-ups and sending (also without any command)
    Serve,
    /// Make staff logins
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Read campaign folders in, write them out, list them
    #[command(subcommand)]
    Campaigns(campaigns::CampaignsCommand),
    /// Import the people in office
    #[command(subcommand)]
    Officials(officials::OfficialsCommand),
    /// Import cities, towns and other names of places
    #[command(subcommand)]
    Places(places::PlacesCommand),
    /// Import the outlines of districts
    #[command(subcommand)]
    Districts(districts::DistrictsCommand),
    /// Import house numbers along streets
    #[command(subcommand)]
    Streets(streets::StreetsCommand),
    /// Import evidence of where officials stand on bills
    #[command(subcommand)]
    Positions(positions::PositionsCommand),
    /// Write a consistent copy of the database, also while the service runs
    Backup(backup::BackupArguments),
    /// Put a copy back, with all sending paused; the service must not run
    Restore(backup::RestoreArguments),
    /// Record a mail that came back, read from standard input: for a mail system's pipe
    #[command(after_help = "Exit codes: 0 recorded, or nothing to record; 75 try again (the mail system keeps the mail).")]
    Bounce,
    /// Check settings, templates and database, and with --online mail server and DNS
    #[command(after_help = "Exit codes: 0 nothing failed (there may be warnings), 1 something failed, 2 typed wrong.")]
    Doctor(doctor::DoctorArguments),
    /// Show a campaign's numbers, from sign-up to delivery
    Counts(counts::CountsArguments),
}

/// A command that failed: what happened, where, and what to do.
struct Failed(String);

impl<E: Display> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    make_new_files_private();
    let done = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(),
        Command::Staff(command) => staff::run(command),
        Command::Campaigns(command) => campaigns::run(command),
        Command::Officials(command) => officials::run(command),
        Command::Places(command) => places::run(command),
        Command::Districts(command) => districts::run(command),
        Command::Streets(command) => streets::run(command),
        Command::Positions(command) => positions::run(command),
        Command::Backup(arguments) => backup::back_up(&arguments),
        Command::Restore(arguments) => backup::restore(&arguments),
        Command::Bounce => return bounce::run(),
        Command::Doctor(arguments) => return doctor::run(&arguments),
        Command::Counts(arguments) => counts::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(text)) => {
            eprintln!("standout: {text}");
            ExitCode::FAILURE
        }
    }
}

/// What most commands work with.
struct Context {
    config: Config,
    store: Store,
    clock: Clock,
}

/// The settings and the database. A command works while the service runs; the service sees what it changed.
fn open() -> Result<Context, Failed> {
    let config = Config::from_env()?;
    config.make_data_dir()?;
    let store = Store::open(&config.database)?;
    Ok(Context { config, store, clock: Clock::System })
}

impl Context {
    fn templates(&self) -> TemplateFiles {
        TemplateFiles::new(Some(&self.config.templates_dir))
    }

    /// The state that an import is for: the one named, or the only one that campaigns write to.
    fn state(&self, named: Option<&str>) -> Result<UsState, Failed> {
        if let Some(code) = named {
            return Ok(UsState::parse(code)?);
        }
        let templates = self.templates();
        let mut states = Vec::new();
        for campaign in self.store.read_blocking(stored::all)? {
            // A campaign that can't be used is the service's to complain about.
            states.extend(Campaign::compile(&campaign.files, &templates).map(|c| c.settings.state));
        }
        states.sort();
        states.dedup();
        match states.as_slice() {
            [only] => Ok(*only),
            [] => Ok(UsState::parse("ma")?),
            _ => Err(Failed(
                "campaigns write to several states; say which one this is for with --state, such as --state ma".into(),
            )),
        }
    }
}

/// Notes in the audit log, in the transaction of the act, what a command did to what is known of a state.
fn note(tx: &mut Tx<'_>, deed: AuditAction, state: UsState, detail: String, now: Timestamp) -> Result<(), StoreError> {
    let entry = AuditEntry { who: Actor::CommandLine, deed, subject: format!("state {state}"), detail };
    audit::note(tx, &entry, now)
}

/// Asks yes or no. Without a terminal there is nobody to ask, and the command was meant.
fn confirmed(question: &str) -> Result<bool, Failed> {
    if !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    print!("{question} [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
