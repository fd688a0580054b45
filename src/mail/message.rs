//! From the parts of a mail to the bytes that travel (RFC 5322).

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, From as FromHeader, ReplyTo, To};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue, Subject};
use lettre::message::{Body, Mailbox, Mailboxes, Message, MessageBuilder, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::header_text::{encoded_words, looks_encoded, needs_quotes, quoted};
use crate::domain::{EmailAddress, Timestamp};

/// One mail, rendered and ready. The same parts always make the same bytes, so that a second attempt
/// sends what the first one sent.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// The Message-ID with its angle brackets, made once and kept through every attempt.
    pub message_id: String,
    /// The Date header, in UTC.
    pub date: Timestamp,
    /// The name before the sender's address; empty for none.
    pub from_name: String,
    /// The From address: the campaign's.
    pub from: EmailAddress,
    /// Where answers go: name (empty for none) and address of the constituent.
    pub reply_to: Option<(String, EmailAddress)>,
    /// The name before the recipient's address; empty for none.
    pub to_name: String,
    /// The To address.
    pub to: EmailAddress,
    /// One line.
    pub subject: String,
    /// The plain text; any line ends.
    pub text: String,
    /// The same as HTML. Notices have it, letters don't.
    pub html: Option<String>,
    /// Whether no person wrote this one: notices say so (RFC 3834), so that no holiday notice answers them.
    pub automatic: bool,
}

/// Why no mail can be built from the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A line end or NUL where one line is needed: it would end the header and begin another.
    #[error("the mail's {0} has a line end or another control character; it must be one line of text")]
    ControlCharacter(&'static str),
    /// Not `<something@host>`.
    #[error("the mail's Message-ID must look like <id@host.example>")]
    MessageId,
    /// An address that lettre does not take.
    #[error("the mail's {0} address can't stand in a mail header")]
    Address(&'static str),
    /// The mail builder refused the parts.
    #[error("the mail could not be put together")]
    Build,
}

impl OutgoingMail {
    /// The mail as bytes: CRLF line ends, ASCII only (text beyond it is encoded), not dot-stuffed.
    ///
    /// # Errors
    /// [`BuildError`] when a header could be forged or a part does not fit.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BuildError> {
        self.check_lines()?;
        let address =
            |what, email: &EmailAddress| Address::new(email.local(), email.domain()).map_err(|_| BuildError::Address(what));
        // lettre would read the headers again to find out whom they name.
        let envelope = Envelope::new(Some(address("from", &self.from)?), vec![address("to", &self.to)?]);
        let mut builder = Message::builder()
            .envelope(envelope.map_err(|_| BuildError::Build)?)
            .raw_header(mailboxes::<FromHeader>("from", &self.from_name, &self.from)?)
            .raw_header(mailboxes::<To>("to", &self.to_name, &self.to)?);
        if let Some((name, address)) = &self.reply_to {
            builder = builder.raw_header(mailboxes::<ReplyTo>("reply-to", name, address)?);
        }
        builder = builder
            .raw_header(text_header(Subject::name(), &self.subject))
            .date(self.date.system_time())
            .message_id(Some(self.message_id.clone()));
        if self.automatic {
            builder = builder.raw_header(text_header(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"));
        }
        self.with_body(builder).map(|message| message.formatted())
    }

    fn with_body(&self, builder: MessageBuilder) -> Result<Message, BuildError> {
        let text = part(ContentType::TEXT_PLAIN, &self.text);
        match &self.html {
            None => builder.singlepart(text),
            Some(html) => builder.multipart(
                MultiPart::alternative()
                    .boundary(boundary(&self.message_id))
                    .singlepart(text)
                    .singlepart(part(ContentType::TEXT_HTML, html)),
            ),
        }
        .map_err(|_| BuildError::Build)
    }

    /// lettre panics on some control characters in a name, and passes others on.
    fn check_lines(&self) -> Result<(), BuildError> {
        let reply_name = self.reply_to.as_ref().map_or("", |(name, _)| name.as_str());
        for (what, line) in [
            ("sender name", self.from_name.as_str()),
            ("recipient name", &self.to_name),
            ("reply name", reply_name),
            ("subject", &self.subject),
        ] {
            if line.chars().any(char::is_control) {
                return Err(BuildError::ControlCharacter(what));
            }
        }
        let inner = self.message_id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).ok_or(BuildError::MessageId)?;
        let (left, right) = inner.split_once('@').ok_or(BuildError::MessageId)?;
        let good = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>@()\",;:\\".contains(&b));
        if self.message_id.len() <= 200 && good(left) && good(right) { Ok(()) } else { Err(BuildError::MessageId) }
    }
}

/// An address header of lettre's type `H`, which knows its name and how to fold and encode.
fn mailboxes<H: Header + From<Mailboxes>>(
    what: &'static str,
    name: &str,
    email: &EmailAddress,
) -> Result<HeaderValue, BuildError> {
    let address = Address::new(email.local(), email.domain()).map_err(|_| BuildError::Address(what))?;
    let header = H::name();
    let taken = header.len() + ": ".len();
    // lettre looks whether there is an address, and no further.
    let raw = || email.as_str().to_owned();
    if needs_quotes(name) {
        return Ok(HeaderValue::dangerous_new_pre_encoded(header, raw(), quoted(name, email.as_str(), taken)));
    }
    if looks_encoded(name) || !fits(name, email, taken) {
        let encoded = format!("{}\r\n <{}>", encoded_words(name, taken), email.as_str());
        return Ok(HeaderValue::dangerous_new_pre_encoded(header, raw(), encoded));
    }
    let name = (!name.is_empty()).then(|| name.to_owned());
    Ok(H::from(Mailboxes::from(Mailbox::new(name, address))).display())
}

/// Whether a name of other letters than ASCII has a line with its address as lettre writes it: an encoded word's line ends at 76.
fn fits(name: &str, email: &EmailAddress, taken: usize) -> bool {
    let encoded = "=?utf-8?b??=".len() + name.len().div_ceil(3) * 4;
    name.is_ascii() || taken + encoded + " <>".len() + email.as_str().len() <= 76
}

fn text_header(name: HeaderName, text: &str) -> HeaderValue {
    if looks_encoded(text) {
        let encoded = encoded_words(text, name.len() + ": ".len());
        return HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded);
    }
    HeaderValue::new(name, text.to_owned())
}

/// A part with the plainest encoding that its text allows. Bare CR and LF become line ends first: servers
/// differ on them, and that difference is how one mail has been made to look like two.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let body = Body::new(text.clone());
    let body = match body.encoding() {
        ContentTransferEncoding::SevenBit if text.lines().any(|line| line.starts_with(MBOX)) => {
            Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).unwrap_or(body)
        }
        _ => body,
    };
    let body = match body.encoding() {
        quoted @ ContentTransferEncoding::QuotedPrintable => Body::dangerous_pre_encoded(guarded(&body.into_vec()), quoted),
        _ => body,
    };
    SinglePart::builder().header(kind).body(body)
}

/// Systems that keep mails in one file (mbox) write `>` before a line that begins so, which breaks the signature.
const MBOX: &str = "From ";

/// Lines of quoted-printable, with `=46rom` at their beginnings, and still of 76 characters at most.
fn guarded(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len() + 64);
    for line in encoded.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(MBOX.as_bytes()) {
            // Two characters more: a line that has no room for them goes on in the next.
            Some(rest) => {
                let full = rest.trim_ascii_end().len() + "=46rom ".len() > 76;
                out.extend_from_slice(if full { b"=46rom=20=\r\n" } else { b"=46rom " });
                out.extend_from_slice(rest);
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

/// The line between the parts: always the same for one message, and not to be guessed for its writer's text.
fn boundary(message_id: &str) -> String {
    let hash = Sha256::digest(message_id.as_bytes());
    hash.iter().take(16).fold("standout-".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

impl std::fmt::Debug for OutgoingMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutgoingMail").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}
