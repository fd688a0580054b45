//! The outbox: mail as files, for development without a mail server.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use mailparse::MailHeaderMap;

/// The most bytes of a file that are searched for headers.
const HEADER_MAX_BYTES: u64 = 16 * 1024;

/// A folder that takes each mail as an `.eml` file, which any mail program opens. Its calls block on the
/// file system: call them where blocking is allowed.
#[derive(Clone, Debug)]
pub struct Outbox {
    dir: PathBuf,
}

/// One mail in the outbox, as a list shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its name in the folder, to be given to [`Outbox::read`].
    pub file: String,
    /// The To header, decoded.
    pub to: String,
    /// The Subject header, decoded.
    pub subject: String,
    /// The Date header as it stands.
    pub date: String,
}

impl Outbox {
    /// The outbox in `dir`, which is made when the first mail is written.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Writes a mail as `<message id>.eml`: whole or not at all, and over an earlier attempt of the same message.
    ///
    /// # Errors
    /// What the file system answers: no room, no right to write.
    pub fn write(&self, message_id: &str, mail: &[u8]) -> io::Result<PathBuf> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.dir)?;
        let target = self.dir.join(file_name(message_id));
        let temporary = self.dir.join(format!(".{}-{}.part", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        fs::write(&temporary, mail).and_then(|()| fs::rename(&temporary, &target)).inspect_err(|_| {
            // The error that matters is the first one.
            let _ = fs::remove_file(&temporary);
        })?;
        Ok(target)
    }

    /// Removes the mails with these message ids, where they are there.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn remove(&self, message_ids: &[String]) -> io::Result<()> {
        for id in message_ids {
            match fs::remove_file(self.dir.join(file_name(id))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The newest `most` mails, newest first, and how many there are in all. No folder yet means no mail.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn list(&self, most: usize) -> io::Result<(Vec<OutboxEntry>, usize)> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if is_mail_name(&name) {
                found.push((entry.metadata()?.modified()?, name));
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        let all = found.len();
        let newest: io::Result<_> = found.into_iter().take(most).map(|(_, name)| self.entry(name)).collect();
        Ok((newest?, all))
    }

    /// The bytes of one mail; none if there is no such mail. Only names that [`Outbox::list`] gives can
    /// exist, so no name leads out of the folder.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_mail_name(name) {
            return Ok(None);
        }
        match fs::read(self.dir.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn entry(&self, file: String) -> io::Result<OutboxEntry> {
        let mut head = Vec::new();
        fs::File::open(self.dir.join(&file))?.take(HEADER_MAX_BYTES).read_to_end(&mut head)?;
        let headers = mailparse::parse_headers(&head).map(|(headers, _)| headers).unwrap_or_default();
        let header = |name: &str| headers.get_first_value(name).unwrap_or_default();
        Ok(OutboxEntry { to: header("To"), subject: header("Subject"), date: header("Date"), file })
    }
}

impl std::fmt::Debug for OutboxEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboxEntry").field("file", &self.file).finish_non_exhaustive()
    }
}

/// A message id as a file name: letters, digits and `@.-_`, at most 120 characters, no dot in front.
fn file_name(message_id: &str) -> String {
    let id = message_id.trim_start_matches('<').trim_end_matches('>');
    let safe: String = id.chars().take(120).map(|c| if is_name_char(c) { c } else { '_' }).collect();
    format!("{}.eml", safe.trim_start_matches('.'))
}

fn is_mail_name(name: &str) -> bool {
    name.strip_suffix(".eml").is_some_and(|stem| !stem.is_empty() && !stem.starts_with('.') && stem.chars().all(is_name_char))
}

const fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_written_listed_and_read() {
        let dir = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(dir.path().join("outbox"));
        assert_eq!(outbox.list(10).unwrap(), (vec![], 0));
        let mail = b"Date: Sun, 22 Nov 2026 14:05:09 +0000\r\nTo: =?utf-8?Q?Jos=C3=A9?=\r\n <a@example.org>\r\nsubject: Hello\r\n\r\nTo: x\r\n";
        outbox.write("<one@example.org>", b"Subject: first try\r\n\r\n").unwrap();
        outbox.write("<one@example.org>", mail).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        outbox.write("<two@example.org>", b"").unwrap();
        let (list, all) = outbox.list(10).unwrap();
        assert_eq!(all, 2);
        assert_eq!(outbox.list(1).unwrap().0.len(), 1);
        assert_eq!(list.iter().map(|e| e.file.as_str()).collect::<Vec<_>>(), ["two@example.org.eml", "one@example.org.eml"]);
        assert_eq!((list[1].to.as_str(), list[1].subject.as_str()), ("José <a@example.org>", "Hello"));
        assert_eq!(list[1].date, "Sun, 22 Nov 2026 14:05:09 +0000");
        assert_eq!(outbox.read("one@example.org.eml").unwrap().as_deref(), Some(&mail[..]));
        assert_eq!(fs::read_dir(dir.path().join("outbox")).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret.eml"), "x").unwrap();
        let outbox = Outbox::new(dir.path().join("outbox"));
        let written = outbox.write("<../../secret/x@y>", b"mail").unwrap();
        assert_eq!(written.parent(), Some(dir.path().join("outbox").as_path()));
        for name in ["../secret.eml", "..%2fsecret.eml", "/etc/passwd", "", ".eml", "..eml", "a/../../secret.eml", "x\0.eml"] {
            assert_eq!(outbox.read(name).unwrap(), None, "{name:?}");
        }
    }
}
