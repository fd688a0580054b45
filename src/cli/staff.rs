//! `standout staff`: logins.

use std::io::{BufRead, IsTerminal};

use clap::Subcommand;

use super::{Failed, open};
use crate::auth::{Auth, check_password};
use crate::domain::{EmailAddress, Role};
use crate::store::staff;

#[derive(Subcommand)]
pub(super) enum StaffCommand {
    /// Create a login, or give an existing one a new password and role
    #[command(after_help = "The password is asked for; without a terminal it is one line on standard input.")]
    Add {
        /// The e-mail address to log in with
        email: String,
        /// viewer (numbers only), editor or admin
        #[arg(long)]
        role: String,
    },
}

pub(super) fn run(command: StaffCommand) -> Result<(), Failed> {
    let StaffCommand::Add { email, role } = command;
    let email = EmailAddress::parse(&email).map_err(|_| "EMAIL must be an e-mail address, such as robin@example.org")?;
    let role = Role::parse(&role)?;
    let context = open()?;
    let password = password()?;
    check_password(&password)?;
    let auth = Auth::new(context.store.clone())?;
    let new = auth.save_blocking(email, &password, role, context.clock.now())?;
    println!("{}", if new { "The login is made." } else { "The login has its new password and role; its sessions are ended." });
    if !context.store.read_blocking(staff::any_admin)? {
        eprintln!("Nobody is an admin now; standout staff add EMAIL --role admin makes one.");
    }
    Ok(())
}

fn password() -> Result<String, Failed> {
    if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ")?;
        let second = rpassword::prompt_password("Once more: ")?;
        if first != second {
            return Err(Failed("the two passwords differ; try again".into()));
        }
        return Ok(first);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
