//! Whether SPF lets our mail through: judged for the domain of the return path, which is the one receivers look at.

use std::net::{IpAddr, Ipv4Addr};

use super::answers::{Answers, Judged};
use super::spf::{MOST_LOOKUPS, Spf, evaluate};
use super::spf_record::is_spf;
use super::{Finding, SendsFrom, TELL_ADDRESS, zone};
use crate::dns::Question;

const CHECK: &str = "SPF";
/// No mail comes from this address: what is said about it is said about everybody.
const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// What the address of a mail server elsewhere tells.
const RELAY: &str =
    "That is the address it is reached at; a provider often sends from others and names what to include in its own pages.";

/// Judges the record of `domain`, where return paths are.
pub fn check_spf(domain: &str, from: &SendsFrom, answers: &Answers) -> Judged {
    let addresses = match from.addresses(answers)? {
        None => Vec::new(),
        Some(Ok(addresses)) => addresses,
        Some(Err(failure)) => return Ok(Finding::unasked(CHECK, &failure)),
    };
    let (nobody, mut lookups) = evaluate(NOBODY, domain, answers)?;
    match nobody {
        Spf::None => return Ok(missing(domain, from, &addresses)),
        Spf::Several(count) => return Ok(several(domain, count, &records(domain, answers)?)),
        Spf::Broken(why) => {
            return Ok(Finding::failed(
                CHECK,
                format!("receivers can't use the SPF record of {domain}: {why}"),
                "Mend the record in the DNS.",
            ));
        }
        Spf::Unasked(failure) => return Ok(Finding::unasked(CHECK, &failure)),
        Spf::Pass => {
            let next = "End the record with -all instead, after the terms that name your mail server.";
            return Ok(Finding::warning(CHECK, format!("the SPF record of {domain} lets anybody send in its name"), next));
        }
        Spf::Fail | Spf::SoftFail | Spf::Neutral | Spf::Untold(_) => {}
    }
    if addresses.is_empty() {
        let said =
            format!("{domain} has one SPF record, which can be read; whether it names your mail server can't be told from here");
        return Ok(Finding::warning(CHECK, said, TELL_ADDRESS));
    }
    for address in &addresses {
        let (verdict, used) = evaluate(*address, domain, answers)?;
        lookups = lookups.max(used);
        if verdict != Spf::Pass {
            return Ok(not_passed(domain, from, *address, &verdict, &records(domain, answers)?));
        }
    }
    let named: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    let said =
        format!("{domain} has one SPF record, and it names {} ({lookups} of {MOST_LOOKUPS} look-ups)", named.join(" and "));
    Ok(Finding::ok(CHECK, said))
}

fn missing(domain: &str, from: &SendsFrom, addresses: &[IpAddr]) -> Finding {
    let said = format!("{domain} has no SPF record (a TXT record that begins with v=spf1)");
    let terms = match from {
        SendsFrom::MailServer(host) if host.parse::<IpAddr>().is_err() => format!("a:{host}"),
        _ if addresses.is_empty() => return Finding::failed(CHECK, said, TELL_ADDRESS),
        _ => addresses.iter().map(|address| term(*address)).collect::<Vec<_>>().join(" "),
    };
    let next = match from {
        SendsFrom::MailServer(_) => format!("Add this line to the DNS. {RELAY}"),
        _ => "Add this line to the DNS:".to_owned(),
    };
    Finding::failed(CHECK, said, next).with_dns(zone::txt(domain, &format!("v=spf1 {terms} -all")))
}

/// Several records count as none (RFC 7208 section 4.5): one with the terms of all.
fn several(domain: &str, count: usize, records: &[String]) -> Finding {
    let is_all = |term: &str| term.trim_start_matches(['+', '-', '~', '?']).eq_ignore_ascii_case("all");
    let (mut terms, mut all) = (Vec::new(), None);
    for term in records.iter().flat_map(|record| record.split(' ').skip(1)).filter(|term| !term.is_empty()) {
        if is_all(term) {
            all = all.or(Some(term));
        } else if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms.push(all.unwrap_or("-all"));
    let said = format!("{domain} has {count} SPF records; receivers then use none");
    Finding::failed(CHECK, said, "Replace them all with one, such as:")
        .with_dns(zone::txt(domain, &format!("v=spf1 {}", terms.join(" "))))
}

fn not_passed(domain: &str, from: &SendsFrom, address: IpAddr, verdict: &Spf, records: &[String]) -> Finding {
    let what = match verdict {
        Spf::Unasked(failure) => return Finding::unasked(CHECK, failure),
        Spf::Broken(why) => {
            return Finding::failed(
                CHECK,
                format!("receivers can't use the SPF record of {domain}: {why}"),
                "Mend the record in the DNS.",
            );
        }
        Spf::Untold(term) => {
            let said = format!(
                "whether the SPF record of {domain} takes mail from {address} can't be told: \"{term}\" depends on the letter"
            );
            return Finding::warning(CHECK, said, "Send a letter to yourself and look for spf=pass in its headers.");
        }
        Spf::Fail => "refuses",
        Spf::SoftFail => "distrusts",
        _ => "does not name",
    };
    let said = format!("the SPF record of {domain} {what} mail from {address}");
    let own = records.first().map_or("", String::as_str);
    let rest = own.split_once(' ').map_or("-all", |(_, rest)| rest);
    let line = zone::txt(domain, &format!("v=spf1 {} {rest}", term(address)));
    match from {
        SendsFrom::MailServer(_) => {
            Finding::warning(CHECK, said, format!("{RELAY} If it does send from this one, change the record to:"))
        }
        _ => Finding::failed(CHECK, said, "Change the record in the DNS to:"),
    }
    .with_dns(line)
}

fn records(domain: &str, answers: &Answers) -> Result<Vec<String>, Question> {
    Ok(answers.texts(domain)?.unwrap_or_default().into_iter().filter(|text| is_spf(text)).collect())
}

fn term(address: IpAddr) -> String {
    format!("{}:{address}", if address.is_ipv4() { "ip4" } else { "ip6" })
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::super::world::World;
    use super::*;

    const DOMAIN: &str = "letters.example";

    fn told(world: &World) -> Finding {
        let from = SendsFrom::Told("192.0.2.7".parse().unwrap());
        world.judge(|answers| check_spf(DOMAIN, &from, answers))
    }

    fn of(records: &[&str]) -> Finding {
        told(&records.iter().fold(World::default(), |world, record| world.text(DOMAIN, record)))
    }

    #[test]
    fn one_record_that_names_the_sender_is_well() {
        let finding = of(&["some-verification=1", "v=spf1 ip4:192.0.2.7 -all"]);
        assert_eq!((finding.status, finding.dns.len()), (Status::Ok, 0), "{finding:?}");
    }

    #[test]
    fn what_fails_says_which_line_to_add() {
        for (records, status, said, line) in [
            (&[][..], Status::Failed, "has no SPF record", Some("v=spf1 ip4:192.0.2.7 -all")),
            (&["v=spf1 mx ~all", "v=spf1 a mx -all"], Status::Failed, "2 SPF records", Some("v=spf1 mx a ~all")),
            (&["v=spf1 ip4:192.0.2.1 -all"], Status::Failed, "refuses", Some("v=spf1 ip4:192.0.2.7 ip4:192.0.2.1 -all")),
            (&["v=spf1 ~all"], Status::Failed, "distrusts", Some("v=spf1 ip4:192.0.2.7 ~all")),
            (&["v=spf1"], Status::Failed, "does not name", Some("v=spf1 ip4:192.0.2.7 -all")),
            (&["v=spf1 ip4:192.0.2 -all"], Status::Failed, "ip4:192.0.2", None),
            (&["v=spf1 +all"], Status::Warning, "anybody", None),
            (&["v=spf1 ptr -all"], Status::Warning, "can't be told", None),
        ] {
            let finding = of(records);
            assert_eq!(finding.status, status, "{records:?}: {finding:?}");
            assert!(finding.said.contains(said), "{records:?}: {}", finding.said);
            let lines: Vec<_> = line.iter().map(|text| zone::txt(DOMAIN, text)).collect();
            assert_eq!(finding.dns, lines, "{records:?}");
        }
    }

    #[test]
    fn a_mail_server_elsewhere_is_looked_up_and_doubted() {
        let from = SendsFrom::MailServer("mail.example".into());
        let judge = |world: World| world.judge(|answers| check_spf(DOMAIN, &from, answers));
        let world = World::default().address("mail.example", "192.0.2.7");
        let finding = judge(world.clone());
        assert_eq!((finding.status, finding.dns), (Status::Failed, vec![zone::txt(DOMAIN, "v=spf1 a:mail.example -all")]));
        assert_eq!(judge(world.clone().text(DOMAIN, "v=spf1 a:mail.example -all")).status, Status::Ok);
        let finding = judge(world.text(DOMAIN, "v=spf1 -all"));
        assert_eq!(finding.status, Status::Warning);
        assert!(finding.next.unwrap().contains("often sends from others"));
    }

    #[test]
    fn an_address_that_is_not_known_is_not_guessed() {
        let judge = |world: World| world.judge(|answers| check_spf(DOMAIN, &SendsFrom::Untold, answers));
        let finding = judge(World::default().text(DOMAIN, "v=spf1 ip4:192.0.2.7 -all"));
        assert_eq!(finding.status, Status::Warning);
        assert!(finding.next.unwrap().contains("--sends-from"));
        assert_eq!(judge(World::default()).status, Status::Failed);
        assert_eq!(judge(World::default().silent(DOMAIN)).said, "the DNS server did not answer in time");
    }
}
