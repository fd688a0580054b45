//! Where a command reads from: a file, or a web address.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use url::Url;

use super::Failed;
use crate::app::block_on;
use crate::fetch;

/// How long fetching may take, in all.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The bytes of a file, or of what a web address answers with; at most `max_bytes`.
pub(super) fn read(source: &str, max_bytes: usize) -> Result<Vec<u8>, Failed> {
    if let Some(url) = web_address(source)? {
        return fetched(&url, max_bytes);
    }
    let unreadable = |cause: std::io::Error| Failed(format!("{source} can't be read: {cause}"));
    let mut bytes = Vec::new();
    let most = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    File::open(source).map_err(unreadable)?.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > max_bytes {
        return Err(Failed(format!("{source} is larger than {} MB; is it the right file?", max_bytes / 1_000_000)));
    }
    Ok(bytes)
}

/// `None` for the name of a file.
fn web_address(source: &str) -> Result<Option<Url>, Failed> {
    let begins = |scheme: &str| source.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if !begins("https://") && !begins("http://") {
        return Ok(None);
    }
    Url::parse(source).map(Some).map_err(|error| Failed(format!("{source} is no web address: {error}")))
}

fn fetched(url: &Url, max_bytes: usize) -> Result<Vec<u8>, Failed> {
    let advice = "Check the address, or download the file yourself and import that";
    let bytes = block_on(fetch::get(url, &[], TIMEOUT, max_bytes)).map_err(|error| Failed(format!("{error}. {advice}")))?;
    let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&bytes).trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Err(Failed(format!("{url} answered with a web page, and not with a table. {advice}")));
    }
    Ok(bytes)
}
