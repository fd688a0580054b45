//! The campaign page's text: Markdown to safe HTML.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

use super::Bounded;

/// The most bytes of a page's text as HTML: ten times the longest that is accepted, for quotes and tables.
const HTML_MAX_BYTES: usize = 2 * 1024 * 1024;

/// Headings, lists, links and emphasis. Raw HTML in the text shows as the characters it is, and a link leads to the
/// web, to mail or to this site, never to a script: staff write these pages, and a pasted text must not bring its own code.
///
/// # Errors
/// When it comes to more than [`HTML_MAX_BYTES`].
pub(super) fn to_html(markdown: &str) -> std::io::Result<String> {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_SMART_PUNCTUATION).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: safe(dest_url), title, id })
        }
        // Pictures would come from elsewhere, and tell it who reads the page.
        Event::Start(Tag::Image { title, .. }) => Event::Text(title),
        other => other,
    });
    let mut out = Bounded::new(HTML_MAX_BYTES);
    html::write_html_io(&mut out, events)?;
    Ok(out.text())
}

fn safe(url: CowStr<'_>) -> CowStr<'_> {
    let lower = url.to_ascii_lowercase();
    let harmless = ["https://", "http://", "mailto:", "/", "#"].iter().any(|start| lower.starts_with(start));
    if harmless && !lower.starts_with("//") { url } else { CowStr::Borrowed("#") }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn pasted_code_stays_text() {
        let html =
            to_html("Hello <script>alert(1)</script> [x](javascript:alert(1)) [y](https://example.org)\n\n<div onclick=x>")
                .unwrap();
        assert!(!html.contains("<script") && !html.contains("<div") && !html.contains("javascript:"), "{html}");
        assert!(html.contains("href=\"https://example.org\""));
    }
}
