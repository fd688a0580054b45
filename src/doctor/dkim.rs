//! Whether the DNS publishes the key that mail is signed with.

use super::answers::{Answers, Judged};
use super::dkim_key::KeyRecord;
use super::{Finding, zone};

const CHECK: &str = "DKIM in the DNS";
/// Shorter keys can be broken; some receivers ignore them (RFC 8301 section 3.2).
const FEWEST_BITS: usize = 2048;

/// The public half of the key that mail is signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Where it belongs: `<selector>._domainkey.<domain>`.
    pub record_name: String,
    /// The value of `p=`.
    pub key: String,
}

/// Compares the key with the DNS.
pub fn check_dkim(own: &PublicKey, answers: &Answers) -> Judged {
    let name = &own.record_name;
    let line = zone::txt(name, &format!("v=DKIM1; k=rsa; p={}", own.key));
    let texts = match answers.texts(name)? {
        Ok(texts) => texts,
        Err(failure) => return Ok(Finding::unasked(CHECK, &failure)),
    };
    let failed = |said: String, next: &str| Finding::failed(CHECK, said, next).with_dns(line.clone());
    let records: Vec<_> = texts.iter().map(|text| KeyRecord::parse(text)).collect();
    Ok(match records.as_slice() {
        [] => failed(format!("{name} has no TXT record, so that nobody can check our signatures"), "Add this line to the DNS:"),
        [Err(error)] => failed(format!("the TXT record at {name} is no DKIM key: {error}"), "Replace it with this line:"),
        [Ok(record)] => judge(own, record, &failed),
        several => failed(
            format!("{name} has {} TXT records; which one is used is left to chance", several.len()),
            "Leave only this one:",
        ),
    })
}

fn judge(own: &PublicKey, record: &KeyRecord, failed: &dyn Fn(String, &str) -> Finding) -> Finding {
    let name = &own.record_name;
    if record.key.is_empty() {
        return failed(
            format!("the key at {name} is revoked (its p= is empty)"),
            "Make a new key with a new DKIM_SELECTOR, or put this line in its place:",
        );
    }
    if record.kind != "rsa" {
        return failed(
            format!("the key at {name} is of the kind {}, and mail is signed with RSA", shown(&record.kind)),
            "Replace it with this line:",
        );
    }
    if record.key != own.key {
        let bits = record.rsa_bits().map_or_else(|| "it can't be read".to_owned(), |bits| format!("it has {bits} bits"));
        return failed(
            format!("the key at {name} is not the one in DKIM_KEY_FILE ({bits}), so that every signature is wrong"),
            "Replace it with this line, or set DKIM_KEY_FILE and DKIM_SELECTOR to the pair that is published:",
        );
    }
    if !record.fits {
        return failed(
            format!("the record at {name} does not allow the key for mail signed with SHA-256 (its h= or s=)"),
            "Replace it with this line:",
        );
    }
    match record.rsa_bits() {
        Some(bits) if bits < FEWEST_BITS => Finding::warning(
            CHECK,
            format!("the key at {name} has only {bits} bits, which some mail systems ignore"),
            "Make one of 2048 bits with a new DKIM_SELECTOR: openssl genrsa -out dkim.pem 2048",
        ),
        _ if record.testing => Finding::warning(
            CHECK,
            format!("the key at {name} is the one that mail is signed with, and marked as a test (t=y): receivers may ignore it"),
            "Remove t=y from the record once mail arrives well.",
        ),
        Some(bits) => Finding::ok(CHECK, format!("{name} has the key that mail is signed with ({bits} bits)")),
        None => Finding::ok(CHECK, format!("{name} has the key that mail is signed with")),
    }
}

/// A word of somebody's record, short and on one line.
fn shown(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::super::world::World;
    use super::*;

    const NAME: &str = "s1._domainkey.campaign.example";

    fn own() -> PublicKey {
        PublicKey { record_name: NAME.into(), key: "AAAABBBB".into() }
    }

    fn found(texts: &[&str]) -> Finding {
        let world = texts.iter().fold(World::default(), |world, text| world.text(NAME, text));
        world.judge(|answers| check_dkim(&own(), answers))
    }

    #[test]
    fn the_published_key_is_the_one_that_signs() {
        assert_eq!(found(&["v=DKIM1; k=rsa; p=AAAA BBBB"]).status, Status::Ok);
        assert_eq!(found(&["p=AAAABBBB"]).status, Status::Ok);
        let testing = found(&["v=DKIM1; t=y; p=AAAABBBB"]);
        assert_eq!(testing.status, Status::Warning);
        assert!(testing.said.contains("t=y"), "{}", testing.said);
    }

    #[test]
    fn whatever_else_is_published_fails_with_the_line_to_add() {
        for (texts, said) in [
            (&[][..], "no TXT record"),
            (&["v=DKIM1; p="], "revoked"),
            (&["v=DKIM1; p=CCCC"], "not the one in DKIM_KEY_FILE"),
            (&["v=DKIM1; k=ed25519; p=AAAABBBB"], "ed25519"),
            (&["v=DKIM1; h=sha1; p=AAAABBBB"], "h= or s="),
            (&["hello"], "no DKIM key"),
            (&["v=DKIM1; p=AAAABBBB", "v=DKIM1; p="], "2 TXT records"),
        ] {
            let finding = found(texts);
            assert_eq!(finding.status, Status::Failed, "{texts:?}");
            assert!(finding.said.contains(said), "{texts:?}: {}", finding.said);
            assert_eq!(finding.dns, [format!("{NAME}. 3600 IN TXT \"v=DKIM1; k=rsa; p=AAAABBBB\"")]);
            assert!(finding.next.is_some());
        }
    }

    #[test]
    fn a_dns_that_is_silent_is_not_taken_for_a_missing_record() {
        let finding = World::default().silent(NAME).judge(|answers| check_dkim(&own(), answers));
        assert_eq!(finding.status, Status::Failed);
        assert!(finding.said.contains("did not answer") && finding.dns.is_empty(), "{finding:?}");
    }
}
