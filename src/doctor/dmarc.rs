//! Whether DMARC will take our mail for ours (RFC 7489): the record, and the domains that have to agree.

use super::answers::{Answers, Judged};
use super::tags::{Tags, TagsError};
use super::{Finding, zone};
use crate::dns::{DnsFailure, Question};

const CHECK: &str = "DMARC";
/// The most labels that a walk up the tree looks at.
const MOST_LABELS: usize = 8;

/// A record, as far as it matters to whoever sends.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    policy: String,
    /// `sp=`: for the domains below.
    below: Option<String>,
    /// `aspf=s`: the domain of the return path has to be the same, not only of the same organisation.
    strict_spf: bool,
    reports: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum RecordError {
    #[error(transparent)]
    Tags(#[from] TagsError),
    #[error("its p= must be none, quarantine or reject")]
    Policy,
}

impl Record {
    fn parse(text: &str) -> Result<Self, RecordError> {
        let tags = Tags::parse(text)?;
        let known = |policy: &str| matches!(policy, "none" | "quarantine" | "reject");
        let word = |name| tags.get(name).map(str::to_ascii_lowercase);
        let reports = tags.get("rua").is_some_and(|to| !to.is_empty());
        let below = word("sp");
        // A record whose policy can't be read asks for reports at the most (RFC 7489 section 6.6.3).
        let policy = word("p").filter(|policy| known(policy)).ok_or(RecordError::Policy)?;
        if below.as_deref().is_some_and(|policy| !known(policy)) {
            return Err(RecordError::Policy);
        }
        Ok(Self { policy, below, strict_spf: word("aspf").as_deref() == Some("s"), reports })
    }
}

fn is_dmarc(text: &str) -> bool {
    text.split(';').next().is_some_and(|first| first.replace([' ', '\t'], "") == "v=DMARC1")
}

/// What a walk from a domain up to its highest record finds.
struct Walk {
    /// The nearest domain with a record, and its records.
    nearest: Option<(String, Vec<String>)>,
    /// The highest domain with a record: that of the organisation. RFC 7489 asks a list of public suffixes for it; where a
    /// record is published, walking up gives the same without a list that ages.
    organisation: Option<String>,
}

fn walk(domain: &str, answers: &Answers) -> Result<Result<Walk, DnsFailure>, Question> {
    let mut found = Walk { nearest: None, organisation: None };
    let labels: Vec<&str> = domain.split('.').collect();
    let longest = labels.len().min(MOST_LABELS);
    let below = labels.len() - longest;
    // The domain itself, then what is above it; a top-level domain is nobody's organisation.
    for at in std::iter::once(0).chain(below.max(1)..labels.len().saturating_sub(1)) {
        let name = labels[at..].join(".");
        let texts = match answers.texts(&format!("_dmarc.{name}"))? {
            Ok(texts) => texts,
            Err(failure) => return Ok(Err(failure)),
        };
        let records: Vec<_> = texts.into_iter().filter(|text| is_dmarc(text)).collect();
        let public_suffix = records.iter().any(|text| Tags::parse(text).is_ok_and(|tags| tags.get("psd") == Some("y")));
        if records.is_empty() || public_suffix {
            continue;
        }
        found.organisation = Some(name.clone());
        found.nearest = found.nearest.or(Some((name, records)));
    }
    Ok(Ok(found))
}

/// Judges the record of the domain in `MAIL_FROM`, and whether a signature of that domain (`signed`) or SPF for the domain
/// of return paths carries it.
pub fn check_dmarc(from: &str, return_path: &str, signed: bool, answers: &Answers) -> Judged {
    let found = match walk(from, answers)? {
        Ok(found) => found,
        Err(failure) => return Ok(Finding::unasked(CHECK, &failure)),
    };
    let own = format!("_dmarc.{from}");
    let line = zone::txt(&own, "v=DMARC1; p=none");
    let Some((at, records)) = found.nearest else {
        let said = format!("there is no DMARC record at {own}, nor above it; large mail systems refuse bulk mail without one");
        let next = "Add this line to the DNS (with \"; rua=mailto:...\" an address of yours gets reports); make it p=quarantine once they look well:";
        return Ok(Finding::failed(CHECK, said, next).with_dns(line));
    };
    if records.len() > 1 {
        let said = format!("_dmarc.{at} has {} DMARC records; receivers then use none", records.len());
        return Ok(Finding::failed(CHECK, said, "Leave only one of them."));
    }
    let record = match records.iter().map(|text| Record::parse(text)).collect::<Result<Vec<_>, _>>() {
        Ok(mut records) => records.remove(0),
        Err(error) => {
            let said = format!("the DMARC record at _dmarc.{at} can't be used: {error}");
            return Ok(Finding::failed(CHECK, said, "Mend it, or replace it with a line such as:")
                .with_dns(zone::txt(&format!("_dmarc.{at}"), "v=DMARC1; p=none")));
        }
    };
    let aligned = match aligned(from, return_path, record.strict_spf, found.organisation.as_deref(), answers)? {
        Ok(aligned) => aligned,
        Err(failure) => return Ok(Finding::unasked(CHECK, &failure)),
    };
    let policy = if at == from { &record.policy } else { record.below.as_ref().unwrap_or(&record.policy) };
    Ok(judge(from, return_path, signed, aligned, policy, record.reports, &at))
}

/// Whether the domain of return paths agrees with that of `MAIL_FROM`.
fn aligned(
    from: &str,
    return_path: &str,
    strict: bool,
    organisation: Option<&str>,
    answers: &Answers,
) -> Result<Result<bool, DnsFailure>, Question> {
    if from == return_path || strict {
        return Ok(Ok(from == return_path));
    }
    Ok(walk(return_path, answers)?.map(|other| organisation.is_some() && other.organisation.as_deref() == organisation))
}

fn judge(from: &str, return_path: &str, signed: bool, aligned: bool, policy: &str, reports: bool, at: &str) -> Finding {
    let record = format!("the record at _dmarc.{at} says p={policy}{}", if reports { "" } else { " and asks for no reports" });
    match (signed, aligned) {
        (true, true) => {
            Finding::ok(CHECK, format!("{record}; signature ({from}) and return path ({return_path}) both agree with MAIL_FROM"))
        }
        (true, false) => Finding::ok(
            CHECK,
            format!(
                "{record}; the signature agrees with MAIL_FROM ({from}), the return path ({return_path}) does not and need not"
            ),
        ),
        (false, true) => Finding::warning(
            CHECK,
            format!(
                "{record}; the return path ({return_path}) agrees with MAIL_FROM, and mail is not signed: forwarded letters fail"
            ),
            "Sign mail: set DKIM_KEY_FILE and DKIM_SELECTOR, unless your mail server signs for this domain.",
        ),
        (false, false) => Finding::failed(
            CHECK,
            format!(
                "{record}; neither a signature nor the return path ({return_path}) agrees with MAIL_FROM ({from}), so that our mail fails it"
            ),
            format!("Set DKIM_KEY_FILE and DKIM_SELECTOR, or a MAIL_BOUNCE_DOMAIN within {from}."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Status;
    use super::super::world::World;
    use super::*;

    fn judged(world: &World, from: &str, return_path: &str, signed: bool) -> Finding {
        world.judge(|answers| check_dmarc(from, return_path, signed, answers))
    }

    #[test]
    fn the_nearest_record_counts_and_the_highest_names_the_organisation() {
        let world = World::default().text("_dmarc.example.org", "v=DMARC1; p=reject; sp=none; rua=mailto:a@example.org");
        let well = judged(&world, "letters.example.org", "bounces.example.org", true);
        assert_eq!(well.status, Status::Ok);
        assert!(well.said.contains("p=none;") && well.said.contains("both agree"), "{}", well.said);
        assert!(judged(&world, "example.org", "bounces.example.org", true).said.contains("p=reject;"));
        assert!(judged(&world, "example.org", "elsewhere.example", true).said.contains("need not"));
        assert_eq!(judged(&world, "example.org", "bounces.example.org", false).status, Status::Warning);
        assert_eq!(judged(&world, "example.org", "elsewhere.example", false).status, Status::Failed);
        let strict = World::default().text("_dmarc.example.org", "v=DMARC1; p=none; aspf=s");
        assert_eq!(judged(&strict, "example.org", "bounces.example.org", false).status, Status::Failed);
        assert_eq!(judged(&strict, "example.org", "example.org", false).status, Status::Warning);
    }

    #[test]
    fn a_public_suffix_is_nobodys_organisation() {
        let world = World::default()
            .text("_dmarc.example.co.test", "v=DMARC1; p=none")
            .text("_dmarc.other.co.test", "v=DMARC1; p=none")
            .text("_dmarc.co.test", "v=DMARC1; p=none; psd=y");
        assert_eq!(judged(&world, "example.co.test", "other.co.test", false).status, Status::Failed);
    }

    #[test]
    fn what_can_not_be_used_fails() {
        for (records, said) in [
            (&[][..], "no DMARC record"),
            (&["v=spf1 -all"], "no DMARC record"),
            (&["v=DMARC1; p=none", "v=DMARC1; p=reject"], "2 DMARC records"),
            (&["v=DMARC1; p=nothing"], "p= must be"),
            (&["v=DMARC1; sp=none"], "p= must be"),
            (&["v=DMARC1; p=none; broken"], "name=value"),
        ] {
            let world = records.iter().fold(World::default(), |world, record| world.text("_dmarc.example.org", record));
            let finding = judged(&world, "example.org", "example.org", true);
            assert_eq!(finding.status, Status::Failed, "{records:?}");
            assert!(finding.said.contains(said), "{records:?}: {}", finding.said);
        }
        let silent = judged(&World::default().silent("_dmarc.example.org"), "example.org", "example.org", true);
        assert!(silent.said.contains("did not answer"));
    }

    proptest! {
        #[test]
        fn any_record_is_read_or_refused(text in "\\PC{0,200}", tags in "v=DMARC1(; ?(p|sp|aspf|rua|psd)=[a-z:@.]{0,10}){0,5}") {
            let _ = Record::parse(&text);
            let world = World::default().text("_dmarc.example.org", &tags);
            judged(&world, "a.b.c.d.e.f.g.h.i.example.org", "x.example.org", false);
        }
    }
}
