//! A page in one fixed form: a tag or a text a line, what is new each time replaced by its name. Two templates that say the
//! same in the same elements have the same form, however they break their lines and whichever way they escape.

use std::fmt::Write;

use super::app::Page;

/// Elements that stand in a line of text: space beside them is seen.
const IN_LINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "code", "del", "em", "i", "img", "input", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "button", "select", "label", "svg", "output",
];
/// Their text stands as it is, and holds no tags.
const RAW: &[&str] = &["textarea", "script", "style"];
/// Classes of elements whose line breaks are shown (`white-space: pre-wrap`).
const KEEPS_LINES: &[&str] = &["letter-text", "raw", "diff"];
/// From this length on, a run of the characters of a secret is one.
const SECRET: usize = 32;
/// The id of a request, as an error page shows it.
const REQUEST_ID: usize = 16;

#[derive(Debug, PartialEq)]
enum Piece {
    /// Its name, and the line that it makes.
    Tag(String, String),
    Text(String),
    /// Where line breaks are seen.
    Kept(String),
}

/// The page's form, under what it answered with.
pub fn form(page: &Page) -> String {
    let mut out = format!("status {}\n", page.status);
    for name in ["location", "content-disposition", "retry-after", "allow"] {
        if let Some(value) = page.headers.get(name).and_then(|value| value.to_str().ok()) {
            writeln!(out, "{name}: {}", without_secrets(value)).unwrap();
        }
    }
    out.push('\n');
    let kind = page.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("text/html") { out + &lines(&page.body) } else { out + &without_secrets(&page.body) }
}

/// The lines of a page or a piece of one.
pub fn lines(html: &str) -> String {
    let pieces = pieces(html);
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Tag(_, line) => writeln!(out, "{}", without_secrets(line)).unwrap(),
            Piece::Kept(text) => {
                for line in text.lines() {
                    writeln!(out, "|{}", without_secrets(line)).unwrap();
                }
            }
            Piece::Text(text) => {
                let before = at.checked_sub(1).and_then(|at| pieces.get(at)).is_some_and(in_line);
                let after = pieces.get(at + 1).is_some_and(in_line);
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let space = |beside: bool, there: bool| if beside && there { "␣" } else { "" };
                let starts = space(before, text.starts_with(char::is_whitespace));
                if words.is_empty() {
                    // Between two elements of a line, and nowhere else, space alone is seen.
                    if before && after && !starts.is_empty() {
                        writeln!(out, "␣").unwrap();
                    }
                    continue;
                }
                let ends = space(after, text.ends_with(char::is_whitespace));
                writeln!(out, "{starts}{}{ends}", without_secrets(&words)).unwrap();
            }
        }
    }
    out
}

fn in_line(piece: &Piece) -> bool {
    matches!(piece, Piece::Tag(name, _) if IN_LINE.contains(&name.as_str()))
}

fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    let mut keeps = None;
    while !rest.is_empty() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            let (comment, after) = comment.split_once("-->").expect("a comment ends");
            pieces.push(Piece::Tag("!--".into(), format!("<!--{comment}-->")));
            rest = after;
        } else if rest.starts_with('<') {
            let end = tag_end(rest);
            let (name, line) = tag(&rest[1..end]);
            rest = &rest[end + 1..];
            let closing = format!("</{name}>");
            let raw = RAW.contains(&name.as_str()) && line != closing;
            if keeps.as_ref() == Some(&line) {
                keeps = None;
            } else if name == "pre" && line != closing || KEEPS_LINES.iter().any(|class| has_class(&line, class)) {
                keeps = Some(closing.clone());
            }
            pieces.push(Piece::Tag(name, line));
            if raw {
                let (text, after) = rest.split_at(rest.find(&closing).expect("the element ends"));
                // A line break right after the tag is not part of it.
                pieces.push(Piece::Kept(unescape(text.strip_prefix('\n').unwrap_or(text))));
                rest = after;
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let text = unescape(&rest[..end]);
            pieces.push(if keeps.is_some() && !text.trim().is_empty() { Piece::Kept(text) } else { Piece::Text(text) });
            rest = &rest[end..];
        }
    }
    pieces
}

fn has_class(line: &str, class: &str) -> bool {
    let value = line.split_once(" class=\"").and_then(|(_, rest)| rest.split('"').next());
    value.is_some_and(|value| value.split(' ').any(|one| one == class))
}

/// Where the tag's `>` is: one in a quoted value is not it.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    panic!("a tag does not end: {rest}");
}

/// The name, with a slash where it closes, and the line that the tag makes.
fn tag(inside: &str) -> (String, String) {
    let (name, attributes) = inside.split_at(inside.find(char::is_whitespace).unwrap_or(inside.len()));
    let (closes, name) = name.strip_prefix('/').map_or(("", name), |name| ("/", name));
    let name = name.trim_end_matches('/');
    let mut line = format!("<{closes}{name}");
    let mut rest = attributes.trim().trim_end_matches('/').trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        write!(line, " {attribute}").unwrap();
        rest = after.trim_start();
        if let Some(value) = rest.strip_prefix('=') {
            let value = value.trim_start();
            let (value, after) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).expect("a value ends"),
                _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            let value = unescape(value);
            let value = if attribute == "class" { value.split_whitespace().collect::<Vec<_>>().join(" ") } else { value };
            write!(line, "=\"{}\"", value.replace('\n', "\\n")).unwrap();
            rest = after.trim_start();
        }
    }
    (name.to_owned(), line + ">")
}

/// The characters behind HTML's references, by name or number.
fn unescape(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let character = after.split_once(';').and_then(|(name, after)| Some((reference(name)?, after)));
        if let Some((c, after)) = character {
            out.push(c);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out + rest
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// What is new each time, by its name: secrets, ids of requests, ports, how long a server took.
fn without_secrets(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            run.push(c);
            continue;
        }
        out.push_str(named(&out, &run));
        run.clear();
        out.push(c);
    }
    out.pop();
    // "(rcpt_to, 3 ms)"
    let mut parts = out.split(" ms");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let kept = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = if kept.len() < text.len() { "[n]" } else { "" };
        format!("{kept}{number} ms{part}")
    })
}

fn named<'a>(before: &str, run: &'a str) -> &'a str {
    let digits = !run.is_empty() && run.chars().all(|c| c.is_ascii_digit());
    if run.len() >= SECRET && run.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
        "[secret]"
    } else if run.len() == REQUEST_ID && run.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
        "[request]"
    } else if before.ends_with("?v=") {
        "[version]"
    } else if digits && (before.ends_with("127.0.0.1:") || before.ends_with("localhost:")) {
        "[port]"
    } else {
        run
    }
}
