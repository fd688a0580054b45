//! Lists of `tag=value;`, as DKIM (RFC 6376 section 3.2) and DMARC (RFC 7489 section 6.4) write their records.

/// The tags of a record in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tags(Vec<(String, String)>);

/// Why a text is no such list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TagsError {
    /// A part without `=`, or with something before it that is no name.
    #[error("\"{0}\" is not written as name=value")]
    NoTag(String),
    /// One name twice.
    #[error("\"{0}=\" stands there twice")]
    Twice(String),
}

/// How much of a stranger's record an error repeats.
const SHOWN: usize = 40;

impl Tags {
    /// Reads a record. Names are as they stand; values lose the white space around them.
    pub(super) fn parse(text: &str) -> Result<Self, TagsError> {
        let mut tags: Vec<(String, String)> = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let shown = || TagsError::NoTag(part.chars().filter(|c| !c.is_control()).take(SHOWN).collect());
            let (name, value) = part.split_once('=').ok_or_else(shown)?;
            let name = name.trim_end();
            let good = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !good {
                return Err(shown());
            }
            if tags.iter().any(|(known, _)| known == name) {
                return Err(TagsError::Twice(name.to_owned()));
            }
            tags.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(Self(tags))
    }

    /// The value of a tag.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the first tag is this one, with this value.
    pub(super) fn begins_with(&self, name: &str, value: &str) -> bool {
        self.0.first().is_some_and(|(first, found)| first == name && found == value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn records_as_they_stand_in_the_dns() {
        let tags = Tags::parse("v=DKIM1; k=rsa ;p = MIIB IjAN\n; t=;").unwrap();
        assert_eq!((tags.get("k"), tags.get("p"), tags.get("t")), (Some("rsa"), Some("MIIB IjAN"), Some("")));
        assert!(tags.begins_with("v", "DKIM1") && !tags.begins_with("k", "rsa"));
        assert_eq!(tags.get("P"), None);
        assert_eq!(Tags::parse("v=DMARC1; p"), Err(TagsError::NoTag("p".into())));
        assert_eq!(Tags::parse("=x"), Err(TagsError::NoTag("=x".into())));
        assert_eq!(Tags::parse("a=1;a=2"), Err(TagsError::Twice("a".into())));
        assert_eq!(Tags::parse(" ; "), Ok(Tags(Vec::new())));
    }

    proptest! {
        /// Whatever is published, reading it ends without a panic, and an error stays short.
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,300}") {
            if let Err(error) = Tags::parse(&text) {
                prop_assert!(error.to_string().chars().count() <= SHOWN + 300);
            }
        }

        /// What is written with any spacing is read back.
        #[test]
        fn spaces_change_nothing(
            tags in prop::collection::btree_map("[a-z][a-z0-9_]{0,6}", "[!-:<-~]{0,20}", 0..6),
            space in "[ \t]{0,3}",
        ) {
            let tag = |(name, value): (&String, &String)| [&space, name, &space, "=", &space, value, &space, ";"].concat();
            let text = tags.iter().map(tag).collect::<Vec<_>>().concat();
            let read = Tags::parse(&text).unwrap();
            for (name, value) in &tags {
                prop_assert_eq!(read.get(name), Some(value.as_str()));
            }
        }
    }
}
