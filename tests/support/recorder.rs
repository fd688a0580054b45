//! Pages on record: each in its fixed form as a snapshot, and all differences told at the end, not only the first.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::app::Page;
use super::page_form::form;

/// Where the records stand: from this file and from the package's folder.
const BESIDE: &str = "../it/snapshots/pages";
const FOLDER: &str = "tests/it/snapshots/pages";

/// The pages of one test; the names of its records begin with the group's.
pub struct Recorder {
    group: &'static str,
    names: BTreeSet<String>,
    changed: Vec<String>,
}

impl Recorder {
    pub fn of(group: &'static str) -> Self {
        Self { group, names: BTreeSet::new(), changed: Vec::new() }
    }

    /// A page on record under this name, which tells the state that it is in.
    pub fn page(&mut self, name: &str, page: &Page) {
        self.text(name, &form(page));
    }

    /// Only what is different on the page of another role.
    pub fn beside(&mut self, name: &str, first: &Page, other: &Page) {
        let (first, other) = (form(first), form(other));
        let diff = similar::TextDiff::from_lines(&first, &other);
        let changed = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
        let lines: Vec<String> = changed.map(|change| format!("{}{}", change.tag(), change.value())).collect();
        self.text(name, &lines.concat());
    }

    pub fn text(&mut self, name: &str, text: &str) {
        let name = format!("{}__{name}", self.group);
        assert!(self.names.insert(name.clone()), "two pages are named {name}");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(BESIDE);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let same = || settings.bind(|| insta::assert_snapshot!(name.as_str(), text));
        if catch_unwind(AssertUnwindSafe(same)).is_err() {
            self.changed.push(name);
        }
    }

    /// Fails when a page is not as it was, or was on record and is no more.
    pub fn end(self) {
        let kept = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER)).unwrap();
        let kept = kept.map(|file| file.unwrap().file_name().into_string().unwrap());
        let kept = kept.filter_map(|file| file.strip_suffix(".snap").map(str::to_owned));
        let gone: Vec<_> =
            kept.filter(|name| name.starts_with(&format!("{}__", self.group)) && !self.names.contains(name)).collect();
        assert!(self.changed.is_empty() && gone.is_empty(), "pages that changed: {:?}; that are no more: {gone:?}", self.changed);
    }
}
