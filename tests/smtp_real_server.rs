//! The same session against a mail server that others wrote. It runs when `STANDOUT_TEST_SMTP_URL` names one,
//! such as postfix's `smtp-sink` or `aiosmtpd`, and says that it was skipped otherwise.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use standout::domain::{EmailAddress, Timestamp};
use standout::mail::{MESSAGES_PER_SESSION, OutgoingMail, Session, SmtpSettings, Timeouts};

/// How many letters are sent, over sessions one after the other.
const LETTERS: u32 = 1_000;

fn letter(number: u32) -> OutgoingMail {
    OutgoingMail {
        message_id: format!("<{number}@campaign.example>"),
        date: Timestamp::from_millis(1_795_356_309_000),
        from_name: "José Núñez via Open Doors".to_owned(),
        from: EmailAddress::parse("letters@campaign.example").unwrap(),
        reply_to: None,
        to_name: "Senator Ada Okafor".to_owned(),
        to: EmailAddress::parse("ada@senate.example").unwrap(),
        subject: format!("Letter {number}"),
        text: ".\nA line of the letter, about as long as lines are, and then some more.\n".repeat(30),
        html: None,
        automatic: false,
    }
}

#[tokio::test]
async fn a_thousand_letters_are_taken() {
    let Ok(url) = std::env::var("STANDOUT_TEST_SMTP_URL") else {
        println!("skipped: STANDOUT_TEST_SMTP_URL names no mail server");
        return;
    };
    let settings = SmtpSettings::parse(&url).unwrap();
    let mails: Vec<_> = (0..LETTERS).map(|n| (letter(n), letter(n).to_bytes().unwrap())).collect();
    let start = Instant::now();
    for batch in mails.chunks(usize::try_from(MESSAGES_PER_SESSION).unwrap()) {
        let mut session = Session::connect(&settings, "client.example", Timeouts::default()).await.unwrap();
        for (mail, bytes) in batch {
            assert_eq!(session.send(&mail.from, &mail.to, bytes).await.unwrap().code, 250);
        }
        session.quit().await;
    }
    println!("{:.0} letters a second over one session at a time", f64::from(LETTERS) / start.elapsed().as_secs_f64());
}
