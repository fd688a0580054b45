//! Sign-ups: how they are kept. What becomes of them afterwards is in `signup_life`.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::domain::{Applicant, EmailAddress, FoundBy, MessageKind, MessageState, Metric, Timestamp, TokenHash};
use crate::store::counts::{Place, note};
use crate::store::letters::messages::{self, Movable, NewLetter, NewNotice, Owner, move_to};
use crate::store::literal::literal;
use crate::store::schema::{messages as message_rows, signup_tokens, signups, supporters};
use crate::store::{Reader, StoreError, Tx};

/// A supporter's act on one campaign, ready to be kept.
pub struct NewSignup {
    /// The campaign.
    pub campaign_id: i64,
    /// The version of its text that the supporter read and agreed to.
    pub version_id: i64,
    /// Who they are.
    pub applicant: Applicant,
    /// The municipality that their address is in.
    pub town: String,
    /// How the offices were found: `town` or `choice`.
    pub found_by: FoundBy,
    /// The secret of the link in the confirmation.
    pub token: TokenHash,
    /// Until when the link can be used.
    pub expires_at: Timestamp,
    /// The letters.
    pub letters: Vec<NewLetter>,
    /// The confirmation mail.
    pub confirmation: NewNotice,
}

/// A supporter, and what there is of them already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSupporter {
    /// The supporter's id.
    pub id: i64,
    /// Their sign-up on this campaign.
    pub signup: Option<i64>,
    /// When that was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Notices queued to their address since the given time, for any campaign.
    pub notices: i64,
}

/// The supporter of that address, made where they are new, with their sign-up on the campaign and the notices they
/// got since `since`. Nearly everyone is new, so that is tried first and asks nothing else.
pub fn supporter(
    tx: &mut Tx<'_>,
    campaign: i64,
    email: &EmailAddress,
    since: Timestamp,
    now: Timestamp,
) -> Result<KnownSupporter, StoreError> {
    let key = email.key();
    let new: Option<i64> = diesel::insert_into(supporters::table)
        .values((supporters::email_key.eq(&key), supporters::email.eq(email), supporters::created_at.eq(now)))
        .on_conflict_do_nothing()
        .returning(supporters::id)
        .get_result(tx.conn)
        .optional()?;
    if let Some(id) = new {
        return Ok(KnownSupporter { id, signup: None, confirmed_at: None, notices: 0 });
    }
    let id: i64 = supporters::table.filter(supporters::email_key.eq(&key)).select(supporters::id).first(tx.conn)?;
    let notices = notices_since(tx.conn, id, since)?;
    let signup: Option<(i64, Option<Timestamp>)> = signups::table
        .filter(signups::supporter_id.eq(id).and(signups::campaign_id.eq(campaign)))
        .select((signups::id, signups::confirmed_at))
        .first(tx.conn)
        .optional()?;
    let (signup, confirmed_at) = signup.map_or((None, None), |(signup, at)| (Some(signup), at));
    Ok(KnownSupporter { id, signup, confirmed_at, notices })
}

/// How many notices of any kind and campaign were written to the supporter since then.
pub(in crate::store) fn notices_since(conn: &mut Reader, supporter: i64, since: Timestamp) -> Result<i64, StoreError> {
    Ok(message_rows::table
        .inner_join(signups::table.on(signups::id.eq(message_rows::signup_id)))
        .filter(signups::supporter_id.eq(supporter))
        .filter(message_rows::kind.ne(literal(MessageKind::Letter.as_str())).and(message_rows::created_at.gt(since)))
        .count()
        .get_result(conn)?)
}

/// What a sign-up's row holds of the form.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = signups)]
struct Particulars<'a> {
    version_id: i64,
    name: &'a str,
    street: &'a str,
    city: &'a str,
    zip: &'a str,
    town: &'a str,
    found_by: &'a str,
    expires_at: Timestamp,
    may_contact: bool,
    may_quote: bool,
    own_words: &'a str,
}

impl<'a> Particulars<'a> {
    fn of(new: &'a NewSignup) -> Self {
        let person = &new.applicant;
        Self {
            version_id: new.version_id,
            name: person.name.as_str(),
            street: person.address.street.as_str(),
            city: person.address.city.as_str(),
            zip: person.address.zip.as_str(),
            town: &new.town,
            found_by: new.found_by.as_str(),
            expires_at: new.expires_at,
            may_contact: person.consents.contact,
            may_quote: person.consents.quote,
            // Kept apart from the letters only where they may be quoted.
            own_words: if person.consents.quote { person.story.as_str() } else { "" },
        }
    }
}

/// Keeps a supporter's first sign-up on a campaign: letters and confirmation together.
///
/// The confirmation goes out from `mail_at` on.
pub fn insert(tx: &mut Tx<'_>, supporter: i64, new: &NewSignup, mail_at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    let signup: i64 = diesel::insert_into(signups::table)
        .values((
            signups::campaign_id.eq(new.campaign_id),
            signups::supporter_id.eq(supporter),
            signups::created_at.eq(now),
            Particulars::of(new),
        ))
        .returning(signups::id)
        .get_result(tx.conn)?;
    let day = tx.day(new.campaign_id, now)?;
    let offices: Vec<i64> = new.letters.iter().map(|letter| letter.office_id).collect();
    note(tx, &Place { campaign: new.campaign_id, offices: &offices, town: &new.town, day: day.as_str() }, Metric::SignedUp, 1);
    add_letters(tx, signup, new, now)?;
    insert_token(tx, signup, &new.token)?;
    messages::insert_notice(tx, &Owner { campaign: new.campaign_id, signup, town: &new.town }, &new.confirmation, mail_at, now)
}

/// Puts a new sign-up in the place of one that was not confirmed: a corrected address or new words. The letters
/// written before are gone; the links sent before show what is to be sent now. `mail`: send the new confirmation too.
pub fn replace(tx: &mut Tx<'_>, signup: i64, new: &NewSignup, mail: bool, now: Timestamp) -> Result<(), StoreError> {
    let (town, created_at): (String, Timestamp) =
        signups::table.find(signup).select((signups::town, signups::created_at)).first(tx.conn)?;
    let day = tx.day(new.campaign_id, created_at)?;
    let mut before = messages::movable_of_signup(tx, signup)?;
    let offices_before = offices_of(&before, []);
    // Letters that were withdrawn stay, and their writer goes on counting for their offices.
    let staying: Vec<Movable> = before.iter().filter(|m| m.state != MessageState::Unconfirmed).cloned().collect();
    let offices = offices_of(&staying, new.letters.iter().map(|letter| letter.office_id));
    // The supporter counts once, where they live now.
    note(
        tx,
        &Place { campaign: new.campaign_id, offices: &offices_before, town: &town, day: day.as_str() },
        Metric::SignedUp,
        -1,
    );
    note(tx, &Place { campaign: new.campaign_id, offices: &offices, town: &new.town, day: day.as_str() }, Metric::SignedUp, 1);
    messages::delete_unconfirmed(tx, &before)?;
    before.retain(|m| m.kind != MessageKind::Letter);
    if mail {
        withdraw_open(tx, &mut before, now)?;
    }
    diesel::update(signups::table.find(signup)).set(Particulars::of(new)).execute(tx.conn)?;
    add_letters(tx, signup, new, now)?;
    if mail { notify(tx, signup, &new.token, &new.confirmation, now) } else { Ok(()) }
}

/// Queues one more notice to the supporter, whose links hold `token`.
pub fn notify(tx: &mut Tx<'_>, signup: i64, token: &TokenHash, notice: &NewNotice, now: Timestamp) -> Result<(), StoreError> {
    let (campaign, town): (i64, String) =
        signups::table.find(signup).select((signups::campaign_id, signups::town)).first(tx.conn)?;
    insert_token(tx, signup, token)?;
    messages::insert_notice(tx, &Owner { campaign, signup, town: &town }, notice, now, now)
}

fn add_letters(tx: &mut Tx<'_>, signup: i64, new: &NewSignup, now: Timestamp) -> Result<(), StoreError> {
    let owner = Owner { campaign: new.campaign_id, signup, town: &new.town };
    let own_words = !new.applicant.story.as_str().is_empty();
    new.letters.iter().try_for_each(|letter| messages::insert_letter(tx, &owner, letter, own_words, now))
}

/// Each office once, however many letters are for it: the supporter counts once there.
pub(in crate::store) fn offices_of(letters: &[Movable], more: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let offices: BTreeSet<i64> = letters.iter().filter_map(|m| m.office_id).chain(more).collect();
    offices.into_iter().collect()
}

fn insert_token(tx: &mut Tx<'_>, signup: i64, token: &TokenHash) -> Result<(), StoreError> {
    diesel::insert_into(signup_tokens::table)
        .values((signup_tokens::hash.eq(token), signup_tokens::signup_id.eq(signup)))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes back what is not under way yet. Gives how many there were.
pub(in crate::store) fn withdraw_open(tx: &mut Tx<'_>, movable: &mut [Movable], now: Timestamp) -> Result<usize, StoreError> {
    let mut withdrawn = 0;
    for message in movable.iter_mut().filter(|m| m.state.can_withdraw()) {
        move_to(tx, message, MessageState::Withdrawn, None, now)?;
        withdrawn += 1;
    }
    Ok(withdrawn)
}

/// How the offices of a campaign's sign-ups were found, and of how many in each way.
pub fn found_by(conn: &mut Reader, campaign: i64) -> Result<Vec<(FoundBy, i64)>, StoreError> {
    Ok(ways(campaign).load(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn ways(campaign: i64) -> _ {
    signups::table
        .filter(signups::campaign_id.eq(campaign))
        .group_by(signups::found_by)
        .select((signups::found_by, diesel::dsl::count_star()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plan;

    #[test]
    fn the_ways_are_counted_in_their_index_alone() {
        let plan = plan::of(&ways(1));
        assert!(plan.contains("USING COVERING INDEX signups_by_found (campaign_id=?)"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
