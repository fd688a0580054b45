//! Debian's postfix with a configuration of its own: it takes mail on a port of this machine, keeps it in Maildirs, and bounces what
//! names no mailbox. Nothing goes further.

use std::fmt::Write;
use std::process::Command;

use super::authority::Certificate;
use super::place::{MAIL_USER, Peer, Place, free_port};

/// What makes one postfix different from another.
#[derive(Default)]
pub struct Set<'a> {
    /// Mailboxes by address: `ana@example.org` and where its mail lies, `ana`.
    pub mailboxes: &'a [(&'a str, &'a str)],
    /// It offers `STARTTLS` with this certificate.
    pub certificate: Option<&'a Certificate>,
    /// The port of a policy service, asked about each recipient.
    pub policy: Option<u16>,
    /// Mail to this domain goes through a pipe to this program.
    pub pipe: Option<(&'a str, &'a str)>,
}

pub struct Postfix {
    port: u16,
    _running: Peer,
}

impl Postfix {
    pub fn start(place: &Place, set: &Set<'_>) -> Self {
        let (port, folder) = (free_port(), place.path().display().to_string());
        let mailboxes = set.mailboxes.iter().fold(String::new(), |mut text, (address, mailbox)| {
            let _ = write!(text, "{{{address} = {mailbox}/}}, ");
            text
        });
        let mut main = format!(
            "compatibility_level = 3.6\nqueue_directory = {folder}/queue\ndata_directory = {folder}/postfix-data\n\
             mail_owner = postfix\nsetgid_group = postdrop\nmyhostname = relay.example\nmydestination =\nalias_maps =\nalias_database =\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.0/8\nsmtpd_peername_lookup = no\n\
             disable_dns_lookups = yes\ndefault_transport = error:5.4.4 nothing leaves this machine\nrelay_transport = $default_transport\n\
             smtpd_relay_restrictions = permit_mynetworks, reject\nsmtpd_reject_unlisted_recipient = no\nrecipient_delimiter = +\nminimal_backoff_time = 1s\nqueue_run_delay = 1s\n\
             virtual_mailbox_domains = example.org, bounces.campaign.example\nvirtual_mailbox_base = {mail}\n\
             virtual_mailbox_maps = inline:{{ {mailboxes} }}\nvirtual_uid_maps = static:{MAIL_USER}\nvirtual_gid_maps = static:{MAIL_USER}\n\
             virtual_minimum_uid = 1\nmaillog_file = {folder}/postfix.log\nmaillog_file_prefixes = {folder}\n",
            mail = place.mail().display(),
        );
        if let Some(certificate) = set.certificate {
            let _ = write!(
                main,
                "smtpd_tls_security_level = may\nsmtpd_tls_key_file = {}\nsmtpd_tls_cert_file = {}\n",
                certificate.key.display(),
                certificate.chain.display()
            );
        }
        if let Some(port) = set.policy {
            let _ = writeln!(main, "smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{port}, permit");
        }
        let mut master = format!("127.0.0.1:{port} inet n - n - - smtpd\n");
        for (service, kind, most, program) in [
            ("cleanup", "unix n - n -", "0", "cleanup"),
            ("qmgr", "unix n - n 300", "1", "qmgr"),
            ("tlsmgr", "unix - - n 1000?", "1", "tlsmgr"),
            ("rewrite", "unix - - n -", "-", "trivial-rewrite"),
            ("bounce", "unix - - n -", "0", "bounce"),
            ("defer", "unix - - n -", "0", "bounce"),
            ("trace", "unix - - n -", "0", "bounce"),
            ("proxymap", "unix - - n -", "-", "proxymap"),
            ("error", "unix - - n -", "-", "error"),
            ("retry", "unix - - n -", "-", "error"),
            ("anvil", "unix - - n -", "1", "anvil"),
            ("postlog", "unix-dgram n - n -", "1", "postlogd"),
        ] {
            let _ = writeln!(master, "{service} {kind} {most} {program}");
        }
        master += "virtual unix - n n - - virtual\n";
        if let Some((domain, program)) = set.pipe {
            let _ = writeln!(main, "transport_maps = inline:{{ {{{domain} = standout:}} }}");
            let _ = writeln!(master, "standout unix - n n - 1 pipe flags=Rq user=nobody argv={program}");
        }
        place.file("postfix/main.cf", &main);
        place.file("postfix/master.cf", &master);
        std::fs::create_dir(place.path().join("queue")).unwrap();
        let configuration = place.path().join("postfix");
        let checked = Command::new("/usr/sbin/postfix").arg("-c").arg(&configuration).arg("check").output().unwrap();
        assert!(checked.status.success(), "{}{}", String::from_utf8_lossy(&checked.stderr), place.logs());
        // In the foreground; and by itself it ends after three minutes, should nobody be left to end it.
        let mut command = Command::new("/usr/lib/postfix/sbin/master");
        command.arg("-c").arg(&configuration).args(["-d", "-e", "180"]);
        Self { port, _running: Peer::start(command, &[port], || place.logs()) }
    }

    /// For `SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// For `SMTP_URL`, by the name in the certificate.
    pub fn encrypted_url(&self) -> String {
        format!("smtp://localhost:{}?tls=required", self.port)
    }
}
