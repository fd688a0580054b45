//! Where templates come from: built into the binary, with an operator's folder that wins.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};

use super::TemplateError;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/email_templates");

/// The letter frame and the notices, by path below `email_templates/`.
#[derive(Clone, Debug)]
pub struct TemplateFiles {
    overrides: Option<PathBuf>,
}

impl TemplateFiles {
    /// The built-in files, each replaced by the one of the same path in `overrides` where there is one.
    #[must_use]
    pub fn new(overrides: Option<&Path>) -> Self {
        Self { overrides: overrides.map(Path::to_path_buf) }
    }

    /// The text of the file at `path`, and what to call it in errors.
    pub(super) fn read(&self, path: &str) -> Result<(String, String), TemplateError> {
        if let Some(file) = self.overrides.as_ref().map(|folder| folder.join(path)).filter(|file| file.exists()) {
            let shown = file.display().to_string();
            let text = std::fs::read_to_string(&file).map_err(|cause| {
                TemplateError::new(
                    &shown,
                    None,
                    format!("can't be read: {cause}. Make it a readable UTF-8 file, or remove it to use the built-in one"),
                )
            })?;
            return Ok((text, shown));
        }
        let shown = format!("email_templates/{path}");
        let built_in = BUILT_IN.get_file(path).and_then(include_dir::File::contents_utf8);
        built_in
            .map(|text| (text.to_owned(), shown.clone()))
            .ok_or_else(|| TemplateError::new(&shown, None, "is missing from this build; put it back and build again"))
    }
}

/// The campaigns that a first run starts with: each is a folder's files, by path.
#[must_use]
pub fn demo_campaigns() -> Vec<BTreeMap<String, String>> {
    let folders = BUILT_IN.get_dir("campaigns").map(Dir::dirs).into_iter().flatten();
    folders
        .map(|folder| {
            let mut files = BTreeMap::new();
            collect(folder, folder.path(), &mut files);
            files
        })
        .collect()
}

fn collect(folder: &Dir<'_>, root: &Path, files: &mut BTreeMap<String, String>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, root, files),
            DirEntry::File(file) => {
                if let (Ok(path), Some(text)) = (file.path().strip_prefix(root), file.contents_utf8()) {
                    files.insert(path.to_string_lossy().replace('\\', "/"), text.to_owned());
                }
            }
        }
    }
}
