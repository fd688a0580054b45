//! What a test reads off a page: what stands in its fields, and what is said to be wrong with them.

use super::app::{Page, unescape};
use super::journey::Typed;

impl Page {
    /// The tag that holds `attribute`, without its brackets.
    pub fn tag(&self, attribute: &str) -> Option<&str> {
        let at = self.body.find(attribute)?;
        let tag = &self.body[self.body[..at].rfind('<')? + 1..];
        Some(&tag[..tag.find('>')?])
    }

    /// What stands in the field `name`, whether it is an input or a text area.
    pub fn typed(&self, name: &str) -> Option<String> {
        let area = format!("<textarea id=\"{name}\"");
        let Some(at) = self.body.find(&area) else { return self.field(name) };
        let inside = self.body[at..].split_once(">\n")?.1.split("</textarea>").next()?;
        Some(unescape(inside))
    }

    /// The summary of mistakes: the id that each links to, and its words.
    pub fn mistakes(&self) -> Vec<(String, String)> {
        let Some((_, summary)) = self.body.split_once("id=\"error-summary\"") else { return Vec::new() };
        let summary = summary.split("</div>").next().unwrap_or_default();
        let links = summary.split("<a href=\"#").skip(1);
        links
            .map(|link| {
                let (id, rest) = link.split_once("\">").expect("a link in the summary");
                (id.to_owned(), unescape(rest.split("</a>").next().unwrap_or_default()))
            })
            .collect()
    }

    /// Fails unless exactly these fields are wrong, in this order: each in the summary with a link to its id, marked for
    /// screen readers, with the same words beside it.
    pub fn assert_wrong(&self, fields: &[&str]) {
        assert_eq!(self.status, 422, "{}", self.text());
        let mistakes = self.mistakes();
        let named: Vec<&str> = mistakes.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(named, fields, "{mistakes:?}");
        assert_eq!(self.body.contains("aria-invalid"), !fields.is_empty());
        for (id, words) in &mistakes {
            let tag = self.tag(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("the summary links to #{id}, which is nowhere"));
            assert!(tag.contains("aria-invalid=\"true\""), "{tag}");
            let beside = self.body.split_once(&format!("id=\"{id}-error\">")).unwrap_or_else(|| panic!("nothing beside {id}")).1;
            assert_eq!(unescape(beside.split('<').next().unwrap_or_default()), *words);
            let described = self.body.split("aria-describedby=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let error = format!("{id}-error");
            assert!(described.flat_map(str::split_whitespace).any(|part| part == error), "no field is described by {error}");
        }
        assert!(self.body.contains("<title>Please check: ") || fields.is_empty());
    }

    /// Fails unless every field holds what was typed; those named in `except` may not be on this page.
    pub fn assert_keeps(&self, typed: &Typed, except: &[&str]) {
        for (name, value) in typed.0.iter().filter(|(name, _)| !except.contains(name)) {
            if *name == "consent" {
                assert!(self.tag("id=\"consent\"").is_some_and(|tag| tag.ends_with(" checked")), "the consent is not kept");
            } else if self.tag(&format!("type=\"radio\" id=\"{name}\"")).is_some() {
                let chosen = self.tag(&format!("name=\"{name}\" value=\"{value}\"")).expect("the choice");
                assert!(chosen.ends_with(" checked"), "{name} is not kept: {chosen}");
            } else {
                assert_eq!(self.typed(name).as_deref(), Some(value.as_str()), "{name} is not kept");
            }
        }
    }

    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
