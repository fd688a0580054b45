//! What staff steer: their pauses, a campaign's hours and dates, an office's pace.

use diesel::deserialize;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use crate::domain::{Actor, Dates, OfficePace, OwnPace, Reason, SendingHours, StaffPause, StaffPauseOf, TimeZone, Timestamp};
use crate::store::schema::{campaign_dates, campaign_hours, campaigns, office_paces, staff_pauses};
use crate::store::{Reader, StoreError, Tx, settings};

/// Every pause by staff: of everything first, then campaigns, then offices.
pub fn pauses(conn: &mut Reader) -> Result<Vec<StaffPause>, StoreError> {
    Ok(staff_pauses::table.order((staff_pauses::scope, staff_pauses::key)).load(conn)?)
}

/// The pause of this; `None` where it is not paused.
pub fn pause_of(conn: &mut Reader, of: StaffPauseOf) -> Result<Option<StaffPause>, StoreError> {
    Ok(staff_pauses::table.find(of.words()).first(conn).optional()?)
}

impl Queryable<staff_pauses::SqlType, Sqlite> for StaffPause {
    type Row = (String, i64, Timestamp, String, String);

    fn build((scope, key, since, who, reason): Self::Row) -> deserialize::Result<Self> {
        let of = StaffPauseOf::parse(&scope, key).ok_or_else(|| format!("staff_pauses.scope \"{scope}\""))?;
        Ok(Self { of, since, who, reason })
    }
}

/// Pauses it. False where it is paused already: who was first stands on record.
pub fn pause(tx: &mut Tx<'_>, of: StaffPauseOf, who: &Actor, reason: &Reason, now: Timestamp) -> Result<bool, StoreError> {
    if pause_of(tx.conn, of)?.is_some() {
        return Ok(false);
    }
    let (scope, key) = of.words();
    diesel::insert_into(staff_pauses::table)
        .values((
            staff_pauses::scope.eq(scope),
            staff_pauses::key.eq(key),
            staff_pauses::since.eq(now),
            staff_pauses::who.eq(who.name()),
            staff_pauses::reason.eq(reason),
        ))
        .execute(tx.conn)?;
    Ok(true)
}

/// Ends a pause. False where there was none.
pub fn resume(tx: &mut Tx<'_>, of: StaffPauseOf) -> Result<bool, StoreError> {
    Ok(diesel::delete(staff_pauses::table.find(of.words())).execute(tx.conn)? > 0)
}

/// When the campaign's letters may go.
pub fn hours_of(conn: &mut Reader, campaign: i64) -> Result<SendingHours, StoreError> {
    let row: Option<(i32, i32, i32)> = campaign_hours::table
        .find(campaign)
        .select((campaign_hours::days, campaign_hours::from_minute, campaign_hours::until_minute))
        .first(conn)
        .optional()?;
    row.map_or(Ok(SendingHours::ALWAYS), |(days, from, until)| hours(days, from, until))
}

pub(in crate::store) fn hours(days: i32, from: i32, until: i32) -> Result<SendingHours, StoreError> {
    let strange = || StoreError::unknown_value(format!("campaign_hours {days}, {from} to {until}"));
    let minute = |n: i32| u16::try_from(n).map_err(|_| strange());
    let days = u8::try_from(days).map_err(|_| strange())?;
    SendingHours::new(days, minute(from)?, minute(until)?).map_err(|_| strange())
}

/// Every campaign's zone and hours.
pub fn all_hours(conn: &mut Reader) -> Result<Vec<(i64, TimeZone, SendingHours)>, StoreError> {
    let zones: Vec<(i64, TimeZone)> = campaigns::table.select((campaigns::id, campaigns::time_zone)).load(conn)?;
    zones.into_iter().map(|(id, zone)| Ok((id, zone, hours_of(conn, id)?))).collect()
}

/// Keeps when the campaign's letters may go.
pub fn set_hours(tx: &mut Tx<'_>, campaign: i64, hours: SendingHours) -> Result<(), StoreError> {
    if hours == SendingHours::ALWAYS {
        diesel::delete(campaign_hours::table.find(campaign)).execute(tx.conn)?;
        return Ok(());
    }
    let row = (
        campaign_hours::campaign_id.eq(campaign),
        campaign_hours::days.eq(i32::from(hours.days())),
        campaign_hours::from_minute.eq(i32::from(hours.from())),
        campaign_hours::until_minute.eq(i32::from(hours.until())),
    );
    diesel::replace_into(campaign_hours::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The dates that staff chose for a campaign; `None`: those of campaign.toml are in force.
pub fn dates_of(conn: &mut Reader, campaign: i64) -> Result<Option<Dates>, StoreError> {
    let dates: Option<(Option<Timestamp>, Option<Timestamp>)> = campaign_dates::table
        .find(campaign)
        .select((campaign_dates::opens_at, campaign_dates::closes_at))
        .first(conn)
        .optional()?;
    Ok(dates.map(|(opens, closes)| Dates { opens, closes }))
}

/// Keeps the campaign's dates; with `None` those of campaign.toml are in force again.
pub fn set_dates(tx: &mut Tx<'_>, campaign: i64, dates: Option<Dates>) -> Result<(), StoreError> {
    match dates {
        None => diesel::delete(campaign_dates::table.find(campaign)).execute(tx.conn)?,
        Some(dates) => {
            let row = (
                campaign_dates::campaign_id.eq(campaign),
                campaign_dates::opens_at.eq(dates.opens),
                campaign_dates::closes_at.eq(dates.closes),
            );
            diesel::replace_into(campaign_dates::table).values(row).execute(tx.conn)?
        }
    };
    settings::bump_revision(tx)
}

/// The pace that staff chose for an office; `None`: that of the settings is in force.
pub fn pace_of(conn: &mut Reader, office: i64) -> Result<Option<OwnPace>, StoreError> {
    Ok(office_paces::table.find(office).first(conn).optional()?)
}

impl Queryable<office_paces::SqlType, Sqlite> for OwnPace {
    type Row = (i64, i32, i32, Timestamp, String, String);

    fn build((_, a_minute, an_hour, since, who, reason): Self::Row) -> deserialize::Result<Self> {
        Ok(Self { pace: pace(a_minute, an_hour), since, who, reason })
    }
}

pub(in crate::store) fn pace(a_minute: i32, an_hour: i32) -> OfficePace {
    let at_least_one = |n: i32| u32::try_from(n).unwrap_or(1).max(1);
    OfficePace { a_minute: at_least_one(a_minute), an_hour: at_least_one(an_hour) }
}

/// Keeps an office's own pace.
pub fn set_pace(
    tx: &mut Tx<'_>,
    office: i64,
    pace: OfficePace,
    who: &Actor,
    reason: &Reason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let row = (
        office_paces::office_id.eq(office),
        office_paces::a_minute.eq(number(pace.a_minute)),
        office_paces::an_hour.eq(number(pace.an_hour)),
        office_paces::since.eq(now),
        office_paces::who.eq(who.name()),
        office_paces::reason.eq(reason),
    );
    diesel::replace_into(office_paces::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The pace of the settings is in force again. False where it was.
pub fn forget_pace(tx: &mut Tx<'_>, office: i64) -> Result<bool, StoreError> {
    Ok(diesel::delete(office_paces::table.find(office)).execute(tx.conn)? > 0)
}
