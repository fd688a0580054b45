//! Opening a session: greeting, `EHLO`, encryption, log-in.

use std::net::IpAddr;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::{Auth, Ehlo, Starttls};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use super::login::Login;
use super::reply::{RawReply, SendFailure, Step};
use super::session::{Offers, Session, Timeouts, not_accepted};
use super::settings::{Encryption, SmtpSettings};
use super::wire::Wire;

/// Log-in methods, the plainest first: through TLS they are all equally safe.
const MECHANISMS: [Mechanism; 3] = [Mechanism::Plain, Mechanism::Login, Mechanism::Xoauth2];
/// The most questions a server may ask during a log-in; `LOGIN` asks two.
const MAX_CHALLENGES: usize = 4;

impl Session {
    /// Connects, greets as `hello` (a host name or an IP address; the settings' own name goes first),
    /// encrypts and logs in as the settings say.
    ///
    /// # Errors
    /// [`SendFailure`] at `Connect`, `Tls` or `Login`. A password is never written to a connection that
    /// others could read.
    pub async fn connect(settings: &SmtpSettings, hello: &str, timeouts: Timeouts) -> Result<Self, SendFailure> {
        let hello = hello_line(settings.hello().unwrap_or(hello))?;
        let mut wire =
            Wire::connect(settings.host(), settings.port(), timeouts.connect).await.map_err(|error| error.at(Step::Connect))?;
        if settings.encryption() == Encryption::Implicit {
            wire = encrypt(wire, settings, timeouts).await?;
        }
        let greeting = wire.reply(timeouts.command).await.map_err(|error| error.at(Step::Connect))?;
        if greeting.class() != 2 {
            return Err(not_accepted(Step::Connect, &greeting));
        }
        let mut extensions = say_hello(&mut wire, &hello, timeouts).await?;
        let starttls = extensions.has("STARTTLS");
        if matches!(settings.encryption(), Encryption::Required | Encryption::Opportunistic) {
            if starttls {
                exchange(&mut wire, Step::Tls, &Starttls.to_string(), 2, timeouts).await?;
                wire = encrypt(wire, settings, timeouts).await?;
                // What was said before the encryption may have been said by anyone.
                extensions = say_hello(&mut wire, &hello, timeouts).await?;
            } else if settings.encryption() == Encryption::Required {
                return Err(SendFailure::silent(
                    Step::Tls,
                    "the mail server offers no encryption (STARTTLS) and tls=required asks for it",
                ));
            }
        }
        if let Some(login) = settings.login() {
            log_in(&mut wire, login, settings.mechanism(), &extensions, timeouts).await?;
        }
        let offers = Offers { pipelining: extensions.has("PIPELINING"), eight_bit: extensions.has("8BITMIME"), starttls };
        Ok(Self::new(wire, offers, timeouts))
    }
}

/// The lines of the answer to `EHLO`, the server's own name left out.
struct Extensions(Vec<String>);

impl Extensions {
    /// Whether the extension was offered. Keywords don't differ by case (RFC 5321 section 2.4).
    fn has(&self, keyword: &str) -> bool {
        self.0.iter().any(|line| line.split_ascii_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(keyword)))
    }

    /// The first of our log-in methods that the server offers, or the chosen one if it does. `AUTH=PLAIN` is how some old
    /// servers write it.
    fn mechanism(&self, chosen: Option<Mechanism>) -> Option<Mechanism> {
        let offered: Vec<String> = self
            .0
            .iter()
            .map(|line| line.to_ascii_uppercase().replace('=', " "))
            .filter(|line| line.starts_with("AUTH "))
            .flat_map(|line| line.split_ascii_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let wanted = |mechanism: &Mechanism| chosen.is_none_or(|chosen| chosen == *mechanism);
        MECHANISMS.into_iter().filter(wanted).find(|mechanism| offered.contains(&mechanism.to_string()))
    }
}

fn hello_line(name: &str) -> Result<String, SendFailure> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(SendFailure::silent(
            Step::Connect,
            "the name to greet the mail server with must be a host name such as mail.example.org",
        ));
    }
    let id = match name.parse() {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(name.to_owned()),
    };
    Ok(Ehlo::new(id).to_string())
}

/// `EHLO`, or `HELO` for a server that knows no other (RFC 5321 section 3.2).
async fn say_hello(wire: &mut Wire, hello: &str, timeouts: Timeouts) -> Result<Extensions, SendFailure> {
    match exchange(wire, Step::Connect, hello, 2, timeouts).await {
        Ok(reply) => Ok(Extensions(reply.lines.into_iter().skip(1).collect())),
        Err(SendFailure { reply: Some(reply), .. }) if matches!(reply.code, 500 | 502 | 504) => {
            exchange(wire, Step::Connect, &hello.replacen("EHLO", "HELO", 1), 2, timeouts).await?;
            Ok(Extensions(Vec::new()))
        }
        Err(failure) => Err(failure),
    }
}

async fn encrypt(wire: Wire, settings: &SmtpSettings, timeouts: Timeouts) -> Result<Wire, SendFailure> {
    wire.encrypt(settings.host(), timeouts.connect).await.map_err(|error| error.at(Step::Tls))
}

async fn log_in(
    wire: &mut Wire,
    login: &Login,
    chosen: Option<Mechanism>,
    extensions: &Extensions,
    timeouts: Timeouts,
) -> Result<(), SendFailure> {
    if !wire.is_private() {
        return Err(SendFailure::silent(
            Step::Login,
            "the mail server offers no encryption, and the password is not sent where others could read it; set tls=required",
        ));
    }
    let mechanism = extensions.mechanism(chosen).ok_or_else(|| {
        let missing = match chosen {
            Some(chosen) => format!("the mail server does not offer the log-in method {chosen}, which SMTP_URL asks for"),
            None => "the mail server offers none of the log-in methods PLAIN, LOGIN and XOAUTH2".to_owned(),
        };
        SendFailure::silent(Step::Login, missing)
    })?;
    let credentials = Credentials::new(login.user.clone(), login.password.clone());
    let puzzled = |_| SendFailure::silent(Step::Login, "the mail server asked something during the log-in that has no answer");
    let mut command = Auth::new(mechanism, credentials.clone(), None).map_err(puzzled)?.to_string();
    for _ in 0..MAX_CHALLENGES {
        wire.command(&command, timeouts.command).await.map_err(|error| error.at(Step::Login))?;
        let reply = wire.reply(timeouts.command).await.map_err(|error| error.at(Step::Login))?;
        match reply.class() {
            2 => return Ok(()),
            // What is wrong with the token stands in a challenge; an empty line asks for the refusal itself.
            3 if mechanism == Mechanism::Xoauth2 => "\r\n".clone_into(&mut command),
            3 => {
                let challenge: Response = format!("{} {}\r\n", reply.code, reply.lines.concat()).parse().map_err(puzzled)?;
                command = Auth::new_from_response(mechanism, credentials.clone(), &challenge).map_err(puzzled)?.to_string();
            }
            _ => return Err(not_accepted(Step::Login, &reply)),
        }
    }
    Err(SendFailure::silent(Step::Login, "the mail server asked too many questions during the log-in"))
}

/// One command and its answer, which must be of class `wanted`.
async fn exchange(wire: &mut Wire, step: Step, text: &str, wanted: u16, timeouts: Timeouts) -> Result<RawReply, SendFailure> {
    wire.command(text, timeouts.command).await.map_err(|error| error.at(step))?;
    let reply = wire.reply(timeouts.command).await.map_err(|error| error.at(step))?;
    if reply.class() == wanted { Ok(reply) } else { Err(not_accepted(step, &reply)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(lines: &[&str]) -> Option<Mechanism> {
        Extensions(lines.iter().map(|&line| line.to_owned()).collect()).mechanism(None)
    }

    #[test]
    fn the_plainest_login_that_is_offered_is_taken() {
        assert_eq!(offered(&["SIZE", "AUTH CRAM-MD5 LOGIN PLAIN"]), Some(Mechanism::Plain));
        assert_eq!(offered(&["auth login xoauth2"]), Some(Mechanism::Login));
        assert_eq!(offered(&["AUTH=XOAUTH2"]), Some(Mechanism::Xoauth2));
        assert_eq!(offered(&["AUTH CRAM-MD5", "AUTHENTIC PLAIN", " "]), None);
        let extensions = Extensions(vec!["AUTH PLAIN XOAUTH2".to_owned()]);
        assert_eq!(extensions.mechanism(Some(Mechanism::Xoauth2)), Some(Mechanism::Xoauth2));
        assert_eq!(extensions.mechanism(Some(Mechanism::Login)), None);
    }

    #[test]
    fn the_greeting_is_a_name_or_an_address() {
        assert_eq!(hello_line("mail.example.org").unwrap(), "EHLO mail.example.org\r\n");
        assert_eq!(hello_line("::1").unwrap(), "EHLO [IPv6:::1]\r\n");
        assert!(hello_line("mail\r\nMAIL").is_err() && hello_line("").is_err());
    }
}
