//! Names and addresses: whether the sending address has a name that leads back to it, and whether mail finds its way back.

use std::net::IpAddr;

use super::answers::{Answers, Judged};
use super::{Finding, SendsFrom, TELL_ADDRESS, zone};
use crate::dns::Question;

const NAME: &str = "reverse DNS";
const BACK: &str = "mail that comes back";

/// Whether each sending address has a name whose addresses hold it again: many mail systems refuse others.
pub fn check_reverse_name(from: &SendsFrom, answers: &Answers) -> Judged {
    let whose = match from {
        SendsFrom::MailServer(host) => format!(" (where SMTP_URL's {host} is reached; it may send from others)"),
        _ => String::new(),
    };
    let addresses = match from.addresses(answers)? {
        None => {
            return Ok(Finding::warning(NAME, "the address that mail is sent from can't be told from here", TELL_ADDRESS));
        }
        Some(Err(failure)) => return Ok(Finding::unasked(NAME, &failure)),
        Some(Ok(addresses)) if addresses.is_empty() => {
            return Ok(Finding::warning(NAME, "the host in SMTP_URL has no address in the DNS", TELL_ADDRESS));
        }
        Some(Ok(addresses)) => addresses,
    };
    let mut said = Vec::new();
    for address in addresses {
        let names = match answers.names(address)? {
            Ok(names) => names,
            Err(failure) => return Ok(Finding::unasked(NAME, &failure)),
        };
        match confirmed(address, &names, answers)? {
            Ok(name) => said.push(format!("{address} is {name}")),
            Err(why) => {
                let said = format!("{address}{whose} {why}");
                let next =
                    "Whoever gave you the address (your hosting provider) sets its name; give that name an address record too.";
                return Ok(match from {
                    SendsFrom::MailServer(_) => {
                        Finding::warning(NAME, said, format!("Ask whoever runs that mail server. {next}"))
                    }
                    _ => Finding::failed(NAME, said, next),
                });
            }
        }
    }
    Ok(Finding::ok(NAME, format!("{}{whose}, and back again", said.join(", "))))
}

/// The first name that leads back to the address, or what is wrong.
fn confirmed(address: IpAddr, names: &[String], answers: &Answers) -> Result<Result<String, String>, Question> {
    let Some(first) = names.first() else { return Ok(Err("has no name in the DNS (no PTR record)".to_owned())) };
    // As many as receivers look at (RFC 8601 section 3).
    for name in names.iter().take(10) {
        if answers.addresses(name)?.is_ok_and(|found| found.contains(&address)) {
            return Ok(Ok(name.clone()));
        }
    }
    Ok(Err(format!("has the name {first}, which does not lead back to it")))
}

/// Whether a mail server takes mail for `domain`, named by `setting`. `host` is who could do it, for the suggested line.
pub fn check_mail_comes_back(domain: &str, setting: &str, host: &str, answers: &Answers) -> Judged {
    let servers = match answers.mail_servers(domain)? {
        Ok(servers) => servers,
        Err(failure) => return Ok(Finding::unasked(BACK, &failure)),
    };
    let line = zone::mx(domain, host);
    let next = "Add a line that names the mail server that takes these reports, such as:";
    if servers.is_empty() {
        return Ok(match answers.addresses(domain)? {
            Err(failure) => Finding::unasked(BACK, &failure),
            Ok(addresses) if addresses.is_empty() => Finding::failed(
                BACK,
                format!("{domain} ({setting}) has neither an MX record nor an address: reports can't come back, and some servers refuse such senders"),
                next,
            )
            .with_dns(line),
            Ok(_) => Finding::warning(
                BACK,
                format!("{domain} ({setting}) has no MX record; its own address is tried for mail"),
                next,
            )
            .with_dns(line),
        });
    }
    if servers.iter().any(|server| server == ".") {
        let said = format!("{domain} ({setting}) says that it takes no mail (its MX record is a dot)");
        return Ok(Finding::failed(BACK, said, next).with_dns(line));
    }
    let mut lost = Vec::new();
    for server in &servers {
        match answers.addresses(server)? {
            Err(failure) => return Ok(Finding::unasked(BACK, &failure)),
            Ok(addresses) if addresses.is_empty() => lost.push(server.as_str()),
            Ok(_) => {}
        }
    }
    let said = format!("mail to {domain} ({setting}) goes to {}", servers.join(", "));
    Ok(if lost.is_empty() {
        Finding::ok(BACK, said)
    } else {
        let said = format!("{said}; of these have no address: {}", lost.join(", "));
        let next = "Give each an address record, or remove it from the MX records.";
        if lost.len() == servers.len() { Finding::failed(BACK, said, next) } else { Finding::warning(BACK, said, next) }
    })
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::super::world::World;
    use super::*;

    #[test]
    fn a_name_counts_when_it_leads_back() {
        let told = SendsFrom::Told("192.0.2.7".parse().unwrap());
        let judge = |from: &SendsFrom, world: World| world.judge(|answers| check_reverse_name(from, answers));
        let named = World::default().name("192.0.2.7", "mail.example");
        assert_eq!(judge(&told, named.clone().address("mail.example", "192.0.2.7")).status, Status::Ok);
        let finding = judge(&told, named.clone().address("mail.example", "192.0.2.8"));
        assert_eq!(finding.status, Status::Failed);
        assert!(finding.said.contains("does not lead back"), "{}", finding.said);
        assert!(judge(&told, World::default()).said.contains("no PTR"));
        let two = named.name("192.0.2.7", "other.example").address("other.example", "192.0.2.7");
        assert!(judge(&told, two).said.contains("other.example"));

        let relay = SendsFrom::MailServer("relay.example".into());
        let finding = judge(&relay, World::default().address("relay.example", "192.0.2.7"));
        assert_eq!(finding.status, Status::Warning);
        assert!(finding.said.contains("relay.example") && finding.next.unwrap().contains("whoever runs"));
        assert_eq!(judge(&SendsFrom::Untold, World::default()).status, Status::Warning);
        assert_eq!(judge(&relay, World::default()).status, Status::Warning);
    }

    #[test]
    fn reports_need_a_mail_server() {
        let judge = |world: World| {
            world.judge(|answers| check_mail_comes_back("b.example", "MAIL_BOUNCE_DOMAIN", "mail.example", answers))
        };
        let finding = judge(World::default());
        assert_eq!((finding.status, finding.dns), (Status::Failed, vec!["b.example. 3600 IN MX 10 mail.example.".to_owned()]));
        assert_eq!(judge(World::default().address("b.example", "192.0.2.1")).status, Status::Warning);
        assert_eq!(judge(World::default().mail_server("b.example", ".")).status, Status::Failed);
        let world = World::default().mail_server("b.example", "m.example");
        assert_eq!(judge(world.clone()).status, Status::Failed);
        let world = world.address("m.example", "192.0.2.1");
        assert_eq!(judge(world.clone()).status, Status::Ok);
        assert_eq!(judge(world.mail_server("b.example", "gone.example")).status, Status::Warning);
        assert_eq!(judge(World::default().silent("b.example")).status, Status::Failed);
    }
}
