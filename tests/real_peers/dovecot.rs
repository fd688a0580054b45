//! Debian's dovecot with a configuration of its own: the mailbox of returned mail, over plain IMAP, STARTTLS and TLS.

use std::process::Command;

use super::authority::Certificate;
use super::place::{MAIL_USER, Peer, Place, free_port};

/// The user of the mailbox, and its Maildir.
pub const USER: &str = "returned";

pub struct Dovecot {
    plain: u16,
    encrypted: u16,
    running: Option<Peer>,
}

impl Dovecot {
    pub fn start(place: &Place, certificate: &Certificate) -> Self {
        let (plain, encrypted, folder) = (free_port(), free_port(), place.path().display().to_string());
        place.file(
            "dovecot/dovecot.conf",
            &format!(
                "base_dir = {folder}/dovecot/run\nstate_dir = {folder}/dovecot/state\nlog_path = {folder}/dovecot.log\n\
                 protocols = imap\nlisten = 127.0.0.1\nssl = yes\nssl_cert = <{chain}\nssl_key = <{key}\ndisable_plaintext_auth = no\n\
                 first_valid_uid = 1\nmail_location = maildir:{mail}/%n\n\
                 passdb {{\n  driver = static\n  args = password=secret\n}}\n\
                 userdb {{\n  driver = static\n  args = uid={MAIL_USER} gid={MAIL_USER} home={mail}/%n\n}}\n\
                 service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {plain}\n  }}\n  inet_listener imaps {{\n    port = {encrypted}\n    ssl = yes\n  }}\n}}\n\
                 service anvil {{\n  chroot =\n}}\n",
                chain = certificate.chain.display(),
                key = certificate.key.display(),
                mail = place.mail().display(),
            ),
        );
        let mut dovecot = Self { plain, encrypted, running: None };
        dovecot.begin(place);
        dovecot
    }

    /// Starts it on the same ports and mail.
    pub fn begin(&mut self, place: &Place) {
        let mut command = Command::new("/usr/sbin/dovecot");
        command.arg("-F").arg("-c").arg(place.path().join("dovecot/dovecot.conf"));
        self.running = Some(Peer::start(command, &[self.plain, self.encrypted], || place.logs()));
    }

    /// Ends it, and every connection with it.
    pub fn end(&mut self) {
        self.running = None;
    }

    /// For `BOUNCE_IMAP_URL`: without encryption.
    pub fn plain_url(&self) -> String {
        format!("imap://{USER}:secret@127.0.0.1:{}/INBOX", self.plain)
    }

    /// With `STARTTLS`.
    pub fn starttls_url(&self) -> String {
        format!("imap://{USER}:secret@localhost:{}/INBOX?tls=required", self.plain)
    }

    /// With TLS from the first byte.
    pub fn tls_url(&self) -> String {
        format!("imaps://{USER}:secret@localhost:{}/INBOX", self.encrypted)
    }
}
