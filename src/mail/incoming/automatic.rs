//! Who wrote a mail that has no report in it: a mail system, a machine in an office's name, or a person.

use mailparse::{MailHeaderMap, ParsedMail};

/// A mail system tells of a delivery. Exim names the recipients that failed; the others write as MAILER-DAEMON or postmaster.
/// An empty return path alone does not tell: automatic replies have one too.
pub(super) fn is_from_a_mail_system(mail: &ParsedMail<'_>) -> bool {
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default().to_ascii_lowercase();
    if !header("X-Failed-Recipients").is_empty() {
        return true;
    }
    let from = header("From");
    let address = from.rsplit_once('<').map_or(from.as_str(), |(_, address)| address).trim_end_matches('>').trim();
    let local = address.split('@').next().unwrap_or_default();
    matches!(local, "mailer-daemon" | "postmaster" | "mail-daemon" | "microsoftexchange" | "mdaemon")
        || local.starts_with("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e")
        || from.contains("mail delivery s")
}

/// A machine answered in somebody's name (RFC 3834 section 2), by what the common programs write.
pub(super) fn is_automatic_reply(mail: &ParsedMail<'_>) -> bool {
    let header = |name: &str| mail.headers.get_first_value(name).map(|value| value.trim().to_lowercase());
    if header("Auto-Submitted").is_some_and(|value| value != "no") {
        return true;
    }
    if ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Mail-Autoreply"]
        .iter()
        .any(|name| header(name).is_some_and(|value| value != "no"))
    {
        return true;
    }
    if header("Precedence").is_some_and(|value| matches!(value.as_str(), "auto_reply" | "auto-reply")) {
        return true;
    }
    // Exchange marks its own this way; the words are those of its languages.
    let subject = header("Subject").unwrap_or_default();
    let words = [
        "automatic reply",
        "auto reply",
        "autoreply",
        "auto-reply",
        "auto response",
        "out of office",
        "automatische antwort",
        "abwesenheit",
        "réponse automatique",
        "respuesta automática",
        "resposta automática",
        "risposta automatica",
        "thank you for contacting",
        "thank you for your email",
    ];
    words.iter().any(|word| subject.starts_with(word))
}
