//! A mail taken apart: its headers, its texts, the mails inside it. Whatever comes is read as far as it can be, with work that is
//! bounded by its length: mails are cut off, name boundaries that are not there, and lie in each other.

use base64::Engine;
use mailparse::{parse_content_type, parse_header, parse_mail};

use crate::mail::canonical;

/// How deep mails may lie in mails: a report that was forwarded twice.
const MOST_MAILS_DEEP: usize = 4;
/// How deep parts may lie in parts.
const MOST_PARTS_DEEP: usize = 12;
/// More parts than this are not looked at.
const MOST_PARTS: usize = 200;

/// A mail, as far as it was read.
#[derive(Default)]
pub(super) struct Mail {
    /// Lower-case names and decoded values, in their order.
    headers: Vec<(String, String)>,
    pub(super) parts: Vec<Part>,
}

/// What holds no other parts.
pub(super) struct Part {
    /// The media type: `text/plain`.
    pub(super) kind: String,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// With `\n` as line end and without NUL.
    Text(String),
    Mail(Mail),
}

/// What may still be read.
struct Budget {
    parts: usize,
}

impl Mail {
    pub(super) fn open(raw: &[u8]) -> Self {
        Self::inside(raw, 0, &mut Budget { parts: MOST_PARTS })
    }

    fn inside(raw: &[u8], depth: usize, budget: &mut Budget) -> Self {
        // Without one line feed its lines end in carriage returns.
        let ended: Vec<u8>;
        let raw = if raw.contains(&b'\n') {
            raw.trim_ascii_start()
        } else {
            ended = raw.trim_ascii_start().iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect();
            &ended
        };
        let mut mail = Self { headers: headers(canonical::split(raw).0), parts: Vec::new() };
        take_apart(raw, depth, 0, budget, &mut mail.parts);
        mail
    }

    /// The first header of that lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.header(name).is_some()
    }

    /// The text of the first part of that kind.
    pub(super) fn text_of(&self, kind: &str) -> Option<&str> {
        self.parts.iter().filter(|part| part.kind == kind).find_map(Part::text)
    }

    pub(super) fn enclosed(&self) -> impl Iterator<Item = &Self> {
        self.parts.iter().filter_map(|part| if let Content::Mail(mail) = &part.content { Some(mail) } else { None })
    }

    /// Every text that may hold a return path, the addresses it was sent to first.
    pub(super) fn traces<'a>(&'a self, into: &mut Vec<&'a str>) {
        let addressed = |name: &str| {
            matches!(name, "to" | "delivered-to" | "x-original-to" | "envelope-to" | "x-envelope-to" | "resent-to" | "cc")
        };
        let (first, then): (Vec<_>, Vec<_>) = self.headers.iter().partition(|(name, _)| addressed(name));
        into.extend(first.into_iter().chain(then).map(|(_, value)| value.as_str()));
        for part in &self.parts {
            match &part.content {
                Content::Text(text) => into.push(text),
                Content::Mail(mail) => mail.traces(into),
            }
        }
    }
}

impl Part {
    pub(super) fn text(&self) -> Option<&str> {
        if let Content::Text(text) = &self.content { Some(text) } else { None }
    }
}

fn headers(lines: Vec<&[u8]>) -> Vec<(String, String)> {
    let read = lines.into_iter().filter_map(|line| parse_header(line).ok());
    read.map(|(header, _)| (header.get_key().trim().to_ascii_lowercase(), header.get_value())).collect()
}

fn take_apart(raw: &[u8], depth: usize, level: usize, budget: &mut Budget, parts: &mut Vec<Part>) {
    if budget.parts == 0 {
        return;
    }
    budget.parts -= 1;
    let (lines, body) = canonical::split(raw);
    let headers = headers(lines);
    let value = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let content_type = parse_content_type(value("content-type").unwrap_or("text/plain"));
    let kind = content_type.mimetype.trim().to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        let named = content_type.params.get("boundary").map(|boundary| pieces(body, boundary.as_bytes()));
        // One that is missing or wrong shows in the text.
        let found = named.filter(|pieces| !pieces.is_empty()).or_else(|| Some(pieces(body, likely_boundary(body)?)));
        match found {
            Some(pieces) if level < MOST_PARTS_DEEP => {
                for piece in pieces {
                    take_apart(piece, depth, level + 1, budget, parts);
                }
            }
            Some(_) => {}
            None => parts.push(Part { kind: "text/plain".into(), content: Content::Text(tidy(body)) }),
        }
        return;
    }
    let is_mail = matches!(kind.as_str(), "message/rfc822" | "message/global");
    if is_mail && depth < MOST_MAILS_DEEP {
        let inner = Mail::inside(&undone(value("content-transfer-encoding"), "", body).0, depth + 1, budget);
        parts.push(Part { kind, content: Content::Mail(inner) });
    } else if kind.starts_with("text/") || (kind.starts_with("message/") && !is_mail) {
        let (bytes, text) = undone(value("content-transfer-encoding"), &content_type.charset, body);
        let text = decoded(&bytes, &text);
        parts.push(Part { kind, content: Content::Text(text) });
    }
}

/// The body's pieces between lines of that boundary; the last may have no end.
fn pieces<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let (mut at, mut start) = (0, None);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)).map(<[u8]>::trim_ascii_end);
        if let Some(rest @ (b"" | b"--")) = rest {
            if let Some(start) = start.replace(at + line.len()) {
                found.push(body.get(start..at).unwrap_or_default());
            }
            if rest == b"--" {
                return found;
            }
        }
        at += line.len();
    }
    found.extend(start.and_then(|start| body.get(start..)));
    found
}

/// What follows `--` on a line before one that begins with `Content-`.
fn likely_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).peekable();
    while let Some(line) = lines.next() {
        let before_content =
            lines.peek().is_some_and(|next| next.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-")));
        if let Some(boundary) = line.strip_prefix(b"--").filter(|rest| !rest.is_empty() && before_content) {
            return Some(boundary);
        }
    }
    None
}

/// A body with its encodings undone, as bytes and as text. The parser gets headers of our making: of those of a mail it would read
/// others than we did, and parts in parts without end.
fn undone(encoding: Option<&str>, charset: &str, body: &[u8]) -> (Vec<u8>, String) {
    let word = |text: &str| text.chars().filter(char::is_ascii_graphic).filter(|c| *c != ';').collect::<String>();
    let encoding = word(encoding.unwrap_or_default()).to_ascii_lowercase();
    let headers = format!("Content-Type: text/plain; charset={}\nContent-Transfer-Encoding: {encoding}\n\n", word(charset));
    let whole = [headers.as_bytes(), body].concat();
    let Ok(part) = parse_mail(&whole) else { return (body.to_vec(), String::new()) };
    match part.get_body_raw() {
        Ok(bytes) => (bytes, part.get_body().unwrap_or_default()),
        Err(_) => (cut_base64(body), String::new()),
    }
}

/// The text of a part. `read` is how it reads by the charset that it names.
fn decoded(bytes: &[u8], read: &str) -> String {
    let nuls = bytes.iter().map(|byte| usize::from(*byte == 0)).sum::<usize>();
    // UTF-16 of a text in ASCII; of other texts the charset has to tell.
    if nuls * 4 > bytes.len() {
        return tidy(&bytes.iter().copied().filter(|byte| *byte != 0 && byte.is_ascii()).collect::<Vec<u8>>());
    }
    // Most name no charset, or a wrong one, and write UTF-8; ISO-2022-JP is ASCII with escapes.
    match std::str::from_utf8(bytes) {
        Ok(_) if !bytes.contains(&0x1b) => tidy(bytes),
        _ if read.is_empty() || read.contains('\u{FFFD}') => tidy(&latin(bytes)),
        _ => tidy(read.as_bytes()),
    }
}

/// As many whole groups as there are of base64 that was cut off or broken.
fn cut_base64(body: &[u8]) -> Vec<u8> {
    let mut kept: Vec<u8> =
        body.iter().copied().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).collect();
    kept.truncate(kept.len() / 4 * 4);
    base64::engine::general_purpose::STANDARD_NO_PAD.decode(kept).unwrap_or_default()
}

fn latin(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
}

fn tidy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}
