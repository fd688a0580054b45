//! Reading a mail as a mail program does: decoded headers, the plain text.

use mailparse::{MailHeaderMap, ParsedMail, parse_mail};

/// A mail, decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadMail {
    /// The headers that people look at, in the order they stand.
    pub headers: Vec<(String, String)>,
    /// The Subject header.
    pub subject: String,
    /// The first plain text part.
    pub text: String,
}

/// The headers that say nothing to a person.
const TECHNICAL: [&str; 3] = ["mime-version", "content-type", "content-transfer-encoding"];

/// Reads the bytes of a mail; `None` when they are none.
#[must_use]
pub fn read_mail(bytes: &[u8]) -> Option<ReadMail> {
    let mail = parse_mail(bytes).ok()?;
    let shown = mail.headers.iter().filter(|header| !TECHNICAL.contains(&header.get_key_ref().to_ascii_lowercase().as_str()));
    Some(ReadMail {
        headers: shown.map(|header| (header.get_key(), header.get_value())).collect(),
        subject: mail.headers.get_first_value("Subject").unwrap_or_default(),
        text: plain_text(&mail).unwrap_or_default(),
    })
}

fn plain_text(mail: &ParsedMail<'_>) -> Option<String> {
    if mail.subparts.is_empty() {
        return (mail.ctype.mimetype == "text/plain").then(|| mail.get_body().unwrap_or_default().replace("\r\n", "\n"));
    }
    mail.subparts.iter().find_map(plain_text)
}
