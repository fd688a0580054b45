//! What notices say: the data of their templates.

use std::sync::LazyLock;

use serde::Serialize;

/// The campaign, as notices name it.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignContext<'a> {
    /// Its name.
    pub title: &'a str,
    /// Where people can ask a question.
    pub contact: &'a str,
}

/// The mail with the link that confirms. It holds no word that a stranger could have typed: whoever fills in the form
/// chooses where this mail goes, and it must be no way to send people advertisements. It holds
/// a link's secret, so it has no `Debug`.
#[derive(Clone, Serialize)]
pub struct Confirmation<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// The page with the button.
    pub confirm_url: &'a str,
    /// Until when the link works, as a date in words.
    pub expires: &'a str,
    /// Letters that are e-mailed.
    pub letters: &'a [ConfirmationLetter],
    /// Letters that the supporter sends through the office's own web form.
    pub self_sends: &'a [ConfirmationLetter],
    /// Letters to offices that no way of writing to is known of yet: they are kept until there is one.
    pub waiting: &'a [ConfirmationLetter],
}

/// A letter, as the confirmation lists it.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmationLetter {
    /// Title and name.
    pub to: String,
    /// Chamber and district.
    pub office: String,
}

/// The mail to someone who signed up again after confirming. Without `Debug`, for the secret in it.
#[derive(Clone, Serialize)]
pub struct AlreadyConfirmed<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// Their private page.
    pub status_url: &'a str,
    /// When they confirmed, as a date in words.
    pub confirmed_on: &'a str,
}

/// A letter, as a notice tells of it afterwards.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ToldLetter {
    /// Title and name.
    pub to: String,
    /// Chamber and district; empty where the title says it.
    pub office: String,
    /// When it came to where it stands, in words.
    pub when: String,
    /// The official's telephone; empty where it is not known.
    pub phone: String,
    /// The office's postal address; empty where it is not known.
    pub address: String,
    /// The office's web form.
    pub webform: Option<String>,
    /// It may have arrived although its state does not say so.
    pub may_have_arrived: bool,
    /// Its subject.
    pub subject: String,
    /// What it says, in full.
    pub text: String,
}

/// The mail that says what became of all letters. It goes to confirmed addresses only, so it may hold what their owner wrote.
#[derive(Clone, Serialize)]
pub struct Receipt<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// Their private page.
    pub status_url: &'a str,
    /// Accepted by the offices' mail servers.
    pub sent: &'a [ToldLetter],
    /// Could not be delivered, or came back.
    pub trouble: &'a [ToldLetter],
    /// Held for now.
    pub held: &'a [ToldLetter],
    /// For the supporter to send.
    pub self_sends: &'a [ToldLetter],
    /// Withdrawn.
    pub withdrawn: &'a [ToldLetter],
}

/// The mail about letters that did not arrive.
#[derive(Clone, Serialize)]
pub struct Unreachable<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// Their private page.
    pub status_url: &'a str,
    /// These letters.
    pub letters: &'a [ToldLetter],
    /// There is only one.
    pub one: bool,
}

/// The mail that passes an office's answer on.
#[derive(Clone, Serialize)]
pub struct OfficeReply<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// Their private page.
    pub status_url: &'a str,
    /// The letter that was answered.
    pub letter: &'a ToldLetter,
    /// Whether a machine wrote it.
    pub automatic: bool,
    /// The answer's subject.
    pub subject: &'a str,
    /// The answer's lines.
    pub lines: Vec<&'a str>,
}

/// A notice with what it says.
#[derive(Clone)]
pub enum NoticeContext<'a> {
    /// Please confirm.
    Confirmation(Confirmation<'a>),
    /// You have confirmed already.
    AlreadyConfirmed(AlreadyConfirmed<'a>),
    /// What became of all letters.
    Receipt(Receipt<'a>),
    /// Letters that did not arrive.
    Unreachable(Unreachable<'a>),
    /// An office's answer.
    OfficeReply(OfficeReply<'a>),
}

/// One of each, to render when they are loaded.
pub(super) fn samples() -> Vec<NoticeContext<'static>> {
    const CAMPAIGN: CampaignContext<'static> = CampaignContext { title: "A campaign", contact: "hello@example.org" };
    const URL: &str = "https://example.org/letters/sample";
    static LETTERS: LazyLock<[ToldLetter; 1]> = LazyLock::new(|| {
        let text = |text: &str| text.to_owned();
        [ToldLetter {
            to: text("Senator Wren Harborlight"),
            office: text("State Senate, First Harbor"),
            when: text("November 22, 2026 at 10:00 AM"),
            phone: text("555-0100"),
            address: text("1 Beacon Way"),
            webform: Some(text("https://example.org/write")),
            may_have_arrived: true,
            subject: text("A letter"),
            text: text("Dear Senator,"),
        }]
    });
    let letters: &'static [ToldLetter] = &*LETTERS;
    let office_reply = |automatic| {
        NoticeContext::OfficeReply(OfficeReply {
            campaign: CAMPAIGN,
            status_url: URL,
            letter: &letters[0],
            automatic,
            subject: "Thank you",
            lines: vec!["We read every letter."],
        })
    };
    vec![
        NoticeContext::Confirmation(Confirmation {
            campaign: CAMPAIGN,
            confirm_url: "https://example.org/confirm/sample",
            expires: "November 29, 2026",
            letters: &[],
            self_sends: &[],
            waiting: &[],
        }),
        NoticeContext::AlreadyConfirmed(AlreadyConfirmed {
            campaign: CAMPAIGN,
            status_url: "https://example.org/letters/sample",
            confirmed_on: "November 22, 2026",
        }),
        NoticeContext::Receipt(Receipt {
            campaign: CAMPAIGN,
            status_url: URL,
            sent: letters,
            trouble: letters,
            held: letters,
            self_sends: letters,
            withdrawn: letters,
        }),
        NoticeContext::Unreachable(Unreachable { campaign: CAMPAIGN, status_url: URL, letters, one: true }),
        office_reply(true),
        office_reply(false),
    ]
}
