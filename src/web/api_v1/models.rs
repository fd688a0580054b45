//! What the API says, as types: the `OpenAPI` document is made from them, and so are the answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Ladder, MessageState};

/// All campaigns.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignList {
    /// By short name.
    pub(super) campaigns: Vec<CampaignItem>,
}

/// One campaign.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignItem {
    /// Its name in addresses.
    pub(super) slug: String,
    /// Its title.
    pub(super) title: String,
    /// Postal abbreviation of its state, in lower case.
    pub(super) state: String,
    /// Whether people can write now.
    pub(super) open: bool,
    /// The time zone that its days are counted in (IANA name).
    pub(super) time_zone: String,
}

/// How far a campaign has come.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignCounts {
    /// The campaign.
    pub(super) campaign: String,
    /// What the rows are by: `all` (one row), `office`, `town` or `day`.
    pub(super) by: String,
    /// The rows.
    pub(super) rows: Vec<CountsRow>,
}

/// One row of numbers.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountsRow {
    /// By office: the office's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) office: Option<i64>,
    /// By town: the municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) town: Option<String>,
    /// By day: the day in the campaign's time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub(super) day: Option<String>,
    /// People who signed up.
    pub(super) signed_up: i64,
    /// Those of them who confirmed.
    pub(super) confirmed: i64,
    /// Letters by state. Each is in exactly one.
    pub(super) letters: StateCounts,
}

macro_rules! states {
    ($($(#[$doc:meta])* $field:ident = $state:ident;)+) => {
        /// Letters by state; `total` is the sum of the others.
        #[derive(Serialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct StateCounts {
            /// All letters.
            pub(super) total: i64,
            $($(#[$doc])* pub(super) $field: i64,)+
        }

        impl StateCounts {
            /// The letters of a ladder.
            pub(super) fn of(ladder: &Ladder) -> Self {
                let letters = &ladder.letters;
                Self { total: letters.total(), $($field: letters.get(MessageState::$state),)+ }
            }
        }
    };
}

states! {
    /// Wait for their writer to confirm.
    unconfirmed = Unconfirmed;
    /// Wait to be sent.
    queued = Queued;
    /// Are being sent.
    sending = Sending;
    /// Accepted by the office's mail server.
    sent = Sent;
    /// Accepted, then returned.
    bounced = Bounced;
    /// Refused, or given up.
    failed = Failed;
    /// Kept back.
    held = Held;
    /// Taken back by their writer.
    withdrawn = Withdrawn;
    /// Never confirmed.
    expired = Expired;
    /// For their writer to send by web form.
    self_send = SelfSend;
    /// Sent by web form, as their writer says.
    self_reported = SelfReported;
}

/// The offices of a state.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfficeList {
    /// Senate, House, governor, by district.
    pub(super) offices: Vec<OfficeItem>,
}

/// A seat that letters can go to.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfficeItem {
    /// Its id.
    pub(super) id: i64,
    /// Postal abbreviation of its state, in lower case.
    pub(super) state: String,
    /// `upper`, `lower` or `governor`.
    pub(super) chamber: String,
    /// Its district; empty for the governor.
    pub(super) district: String,
    /// Who holds it now; `null` while it is empty.
    pub(super) official: Option<String>,
}

/// A page of letters.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterPage {
    /// Letters in the order of their ids. A page can hold fewer than asked for, even none: go on while there is a `next`.
    pub(super) letters: Vec<LetterItem>,
    /// For `after` of the next page; `null` on the last one.
    pub(super) next: Option<String>,
}

/// A letter, without its writer.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterItem {
    /// Its id.
    pub(super) id: i64,
    /// Its campaign.
    pub(super) campaign: String,
    /// Where it stands.
    #[schema(schema_with = state)]
    pub(super) state: &'static str,
    /// Since when.
    #[schema(format = DateTime)]
    pub(super) state_since: String,
    /// When it was written.
    #[schema(format = DateTime)]
    pub(super) written_at: String,
    /// When it was first queued; `null` where it never was.
    #[schema(format = DateTime)]
    pub(super) queued_at: Option<String>,
    /// The office's id.
    pub(super) office: i64,
    /// Title and name of the official it is written to.
    pub(super) official: String,
    /// The writer's town; `null` once the writer's data is erased.
    pub(super) town: Option<String>,
    /// How often it was tried to hand it over.
    pub(super) attempts: i64,
}

/// What became of one letter.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterDetail {
    /// The letter.
    pub(super) letter: LetterItem,
    /// Why it is held, as a word; `null` where it is not.
    pub(super) held_because: Option<String>,
    /// Every try, the first one first.
    pub(super) attempts: Vec<AttemptItem>,
    /// What came back, the first one first.
    pub(super) returns: Vec<ReturnItem>,
}

/// One try to hand a letter over.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttemptItem {
    /// When it began.
    #[schema(format = DateTime)]
    pub(super) started_at: String,
    /// How long it took, in milliseconds.
    pub(super) duration_ms: i64,
    /// `in_hand`, `sent`, `retry`, `failed` or `interrupted`.
    pub(super) outcome: String,
    /// How far it came.
    pub(super) step: String,
    /// The code of the server's answer.
    pub(super) code: Option<i32>,
    /// Its enhanced status (RFC 3463).
    pub(super) enhanced: Option<String>,
    /// The server's words, which name no supporter.
    pub(super) words: String,
}

/// A report that came back.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnItem {
    /// When it came.
    #[schema(format = DateTime)]
    pub(super) received_at: String,
    /// What it is: `failed`, `delayed`, ...
    pub(super) kind: String,
    /// Its enhanced status.
    pub(super) status: Option<String>,
    /// The mail system's words, which name no supporter.
    pub(super) words: String,
}

/// The stored names of the states.
fn state() -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    let names = MessageState::ALL.iter().map(|state| state.as_str());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).description(Some("Where it stands.")).build()
}
