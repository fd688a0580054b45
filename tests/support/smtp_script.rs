//! How the scripted mail server behaves: politely, but for the rules it is given.

use std::sync::Arc;
use std::time::Duration;

/// A moment of the conversation at which the server can misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the first bytes of the message.
    Body,
    /// After the final dot.
    Dot,
}

/// What the server does at that moment.
#[derive(Clone, Debug)]
pub enum Action {
    /// What a good server does.
    Accept,
    /// Answers with these lines, without CRLF: `451 4.7.1 Later`. After the dot, a 2xx stores the message.
    Reply(String),
    /// Writes exactly these bytes, and goes on as if it had answered.
    Raw(Vec<u8>),
    /// Stores the message (after the dot), and writes exactly these bytes.
    StoreAndRaw(Vec<u8>),
    /// Says nothing more, and keeps the connection open.
    Hang,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
    /// Writes these bytes, and closes.
    RawAndClose(Vec<u8>),
    /// Stores the message (after the dot) and closes without an answer: the sender can't know.
    StoreAndClose,
    /// Stores the message (after the dot) and never answers.
    StoreAndHang,
    /// Does it after this time.
    After(Duration, Box<Action>),
}

impl Action {
    /// [`Action::Reply`] from a literal.
    pub fn reply(text: &str) -> Self {
        Self::Reply(text.to_owned())
    }

    /// [`Action::Raw`] from a literal.
    pub fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self::Raw(bytes.as_ref().to_vec())
    }
}

/// Decides about a recipient; the number says how often this recipient was asked for before.
pub type RecipientRule = Arc<dyn Fn(&str, usize) -> Action + Send + Sync>;

/// An action, and where it is due.
#[derive(Clone)]
pub struct Rule {
    at: At,
    connection: Option<usize>,
    message: Option<usize>,
    action: Action,
}

/// The behaviour of a server. The default takes everything and offers PIPELINING and 8BITMIME.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own, named where a test throws it.
pub struct Script {
    /// Reset each connection as soon as it is made.
    pub refuse: bool,
    pub pipelining: bool,
    pub eight_bit: bool,
    pub starttls: bool,
    /// User and password (or token) that a log-in takes; none: no AUTH is offered.
    pub auth: Option<(String, String)>,
    /// The log-in methods that are offered: `PLAIN LOGIN`.
    pub mechanisms: &'static str,
    /// Further lines for the answer to EHLO.
    pub extensions: Vec<String>,
    /// Write every answer byte by byte.
    pub byte_by_byte: bool,
    /// Take RCPT although MAIL was refused, and DATA although no recipient was taken.
    pub sloppy: bool,
    /// See [`Script::on`].
    pub rules: Vec<Rule>,
    /// See [`Script::on_recipient`].
    pub recipient: Option<RecipientRule>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            refuse: false,
            pipelining: true,
            eight_bit: true,
            starttls: false,
            auth: None,
            mechanisms: "PLAIN LOGIN",
            extensions: Vec::new(),
            byte_by_byte: false,
            sloppy: false,
            rules: Vec::new(),
            recipient: None,
        }
    }
}

impl Script {
    /// Always `action` at that moment.
    pub fn on(self, at: At, action: Action) -> Self {
        self.rule(at, None, None, action)
    }

    /// `action` at that moment of the connection with this number, counted from 0.
    pub fn on_connection(self, connection: usize, at: At, action: Action) -> Self {
        self.rule(at, Some(connection), None, action)
    }

    /// `action` at that moment of the transaction with this number, counted from 0 over all connections.
    pub fn on_message(self, message: usize, at: At, action: Action) -> Self {
        self.rule(at, None, Some(message), action)
    }

    /// Decides at `RCPT` by the address, and by how often it was asked for before.
    pub fn on_recipient(mut self, rule: impl Fn(&str, usize) -> Action + Send + Sync + 'static) -> Self {
        self.recipient = Some(Arc::new(rule));
        self
    }

    /// The first attempt for each recipient is told to come back.
    pub fn greylist() -> Self {
        Self::default()
            .on_recipient(|_, nth| if nth == 0 { Action::reply("451 4.7.1 Greylisted, come back") } else { Action::Accept })
    }

    fn rule(mut self, at: At, connection: Option<usize>, message: Option<usize>, action: Action) -> Self {
        self.rules.push(Rule { at, connection, message, action });
        self
    }

    /// The rule for this moment; the one added last wins.
    pub fn action(&self, at: At, connection: usize, message: usize) -> Action {
        let fits = |rule: &&Rule| {
            rule.at == at && rule.connection.is_none_or(|n| n == connection) && rule.message.is_none_or(|n| n == message)
        };
        self.rules.iter().rev().find(fits).map_or(Action::Accept, |rule| rule.action.clone())
    }

    /// The rule for this recipient.
    pub fn recipient_action(&self, recipient: &str, nth: usize) -> Action {
        self.recipient.as_ref().map_or(Action::Accept, |rule| rule(recipient, nth))
    }

    /// The answer to EHLO.
    pub fn ehlo(&self) -> String {
        let mut lines = vec!["scripted.example".to_owned()];
        let mut offer = |yes: bool, line: &str| {
            if yes {
                lines.push(line.to_owned());
            }
        };
        offer(self.pipelining, "PIPELINING");
        offer(self.eight_bit, "8BITMIME");
        offer(self.starttls, "STARTTLS");
        offer(self.auth.is_some(), &format!("AUTH {}", self.mechanisms));
        lines.extend(self.extensions.iter().cloned());
        let last = lines.len() - 1;
        lines
            .iter()
            .enumerate()
            .map(|(at, line)| format!("250{}{line}", if at == last { " " } else { "-" }))
            .collect::<Vec<_>>()
            .join("\r\n")
    }
}
