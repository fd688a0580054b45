//! The "relaxed" forms of headers and bodies (RFC 6376 section 3.4): what a relay may change on the way, folding and
//! runs of blanks, makes no difference to them.

/// Headers of a mail in their order, each as it stands, without its final line end; and where the body begins.
pub(super) fn split(mail: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut headers: Vec<&[u8]> = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < mail.len() {
        let end = line_end(mail, at);
        let line = &mail[at..end.0];
        if line.is_empty() {
            push(&mut headers, mail, start, at);
            return (headers, &mail[end.1..]);
        }
        // A line that begins with a blank goes on with the header before it.
        if at > start && !matches!(line[0], b' ' | b'\t') {
            push(&mut headers, mail, start, at);
            start = at;
        }
        at = end.1;
    }
    push(&mut headers, mail, start, mail.len());
    (headers, &[])
}

fn push<'a>(headers: &mut Vec<&'a [u8]>, mail: &'a [u8], start: usize, end: usize) {
    let header = &mail[start..end];
    let header = header.strip_suffix(b"\n").unwrap_or(header);
    let header = header.strip_suffix(b"\r").unwrap_or(header);
    if !header.is_empty() {
        headers.push(header);
    }
}

/// Where the line that begins at `at` ends, without and with its line end.
fn line_end(text: &[u8], at: usize) -> (usize, usize) {
    match text[at..].iter().position(|byte| *byte == b'\n') {
        Some(found) => {
            let end = at + found;
            (if end > at && text[end - 1] == b'\r' { end - 1 } else { end }, end + 1)
        }
        None => (text.len(), text.len()),
    }
}

/// The name of a header: what stands before the colon.
pub(super) fn name(header: &[u8]) -> &[u8] {
    let colon = header.iter().position(|byte| *byte == b':').unwrap_or(header.len());
    header[..colon].trim_ascii_end()
}

/// `name:value`: the name in lower case, the value on one line, blanks drawn together; without a line end.
pub(super) fn header(header: &[u8]) -> Vec<u8> {
    let mut out = name(header).to_ascii_lowercase();
    out.push(b':');
    let value = header.iter().position(|byte| *byte == b':').map_or(&[][..], |colon| &header[colon + 1..]);
    let before = out.len();
    for word in value.split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty()) {
        if out.len() > before {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    out
}

/// Lines without blanks at their ends, runs of blanks drawn together, no empty lines at the end, CRLF after each line.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut at = 0;
    let mut empty = 0;
    while at < body.len() {
        let (end, next) = line_end(body, at);
        let line = drawn_together(&body[at..end]);
        at = next;
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn drawn_together(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut blank = false;
    for byte in line {
        if matches!(byte, b' ' | b'\t') {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push(b' ');
        }
        out.push(*byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 6376 section 3.4.5.
        let mail = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (headers, rest) = split(mail);
        let relaxed: Vec<_> = headers.iter().map(|line| header(line)).collect();
        assert_eq!(relaxed, [b"a:X".to_vec(), b"b:Y Z".to_vec()]);
        assert_eq!(body(rest), b" C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_is_empty() {
        for nothing in [&b""[..], b"\r\n", b"\r\n\r\n", b" \t\r\n"] {
            assert_eq!(body(nothing), b"", "{nothing:?}");
        }
        assert_eq!(body(b"no line end"), b"no line end\r\n");
    }

    #[test]
    fn a_mail_without_a_body_has_its_headers() {
        let (headers, rest) = split(b"A: X\r\nB: Y");
        assert_eq!((headers.len(), rest), (2, &b""[..]));
        assert_eq!(split(b"\r\nbody").1, b"body");
    }

    proptest! {
        #[test]
        fn relaxing_twice_is_relaxing_once(bytes in proptest::collection::vec(prop_oneof![Just(b' '), Just(b'\t'), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..200)) {
            let once = body(&bytes);
            prop_assert_eq!(body(&once), once.clone());
            prop_assert!(once.is_empty() || once.ends_with(b"\r\n"));
        }

        #[test]
        fn folding_and_blanks_make_no_difference(words in proptest::collection::vec("[!-9;-~]{1,8}", 1..6), blanks in proptest::collection::vec(prop_oneof![Just(" "), Just("\t "), Just("\r\n "), Just("   ")], 6)) {
            let plain = format!("Subject: {}", words.join(" "));
            let folded: Vec<String> = words.iter().zip(&blanks).map(|(word, blank)| format!("{blank}{word}")).collect();
            let folded = format!("SUBJECT :{} ", folded.concat());
            prop_assert_eq!(header(plain.as_bytes()), header(folded.as_bytes()));
        }
    }
}
