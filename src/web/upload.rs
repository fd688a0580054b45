//! Reading a form with a file in it: bounded, and read to its end, so that the browser hears why.

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart};
use futures_util::StreamExt;

use super::response::Failure;

/// The largest file.
pub(super) const FILE_MAX_BYTES: usize = 5_000_000;
/// The longest of the other fields.
const FIELD_MAX_BYTES: usize = 4_096;
/// How much is read of a body that is too long: a client in the middle of sending would never see our answer.
const DRAIN_BYTES: usize = 64_000_000;

/// A form that holds one file.
#[derive(Default)]
pub(super) struct Upload {
    /// The other fields.
    pub(super) fields: BTreeMap<String, String>,
    /// The file's name, without what can't stand in one line.
    pub(super) name: String,
    /// What is in it; empty when none was chosen.
    pub(super) body: Vec<u8>,
    /// It was larger than [`FILE_MAX_BYTES`].
    pub(super) too_large: bool,
}

impl Upload {
    /// A field's text; empty where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Reads the form; `file` is the name of the field that holds the file.
    pub(super) async fn read(mut form: Multipart, file: &str) -> Result<Self, Failure> {
        let mut upload = Self::default();
        while let Some(field) = form.next().await {
            let mut field = field.map_err(|_| Failure::BadRequest)?;
            let name = field.name().unwrap_or_default().to_owned();
            if name == file {
                let told = field.content_disposition().and_then(|told| told.get_filename()).unwrap_or_default();
                upload.name = plain_name(told);
                (upload.body, upload.too_large) = read(&mut field, FILE_MAX_BYTES).await?;
                continue;
            }
            let (text, too_long) = read(&mut field, FIELD_MAX_BYTES).await?;
            if too_long {
                return Err(Failure::TooLarge);
            }
            upload.fields.insert(name, String::from_utf8_lossy(&text).into_owned());
        }
        Ok(upload)
    }
}

/// The field's bytes, and whether they were more than `most`.
async fn read(field: &mut Field, most: usize) -> Result<(Vec<u8>, bool), Failure> {
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_| Failure::BadRequest)?;
        length += chunk.len();
        if length > DRAIN_BYTES {
            return Err(Failure::TooLarge);
        }
        if length <= most {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok((bytes, length > most))
}

fn plain_name(told: &str) -> String {
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(80).collect();
    if name.trim().is_empty() { "the file".to_owned() } else { name }
}
