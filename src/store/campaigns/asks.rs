//! What staff chose that letters ask for, measure by measure.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::domain::Ask;
use crate::store::schema::campaign_asks;
use crate::store::{Reader, StoreError, Tx, settings};

/// The asks that staff chose for a campaign, by the measure's key. A measure that is not in it has its own default.
pub type ChosenAsks = BTreeMap<String, Ask>;

/// What staff chose for the campaign.
pub fn of_campaign(conn: &mut Reader, campaign: i64) -> Result<ChosenAsks, StoreError> {
    let chosen: Vec<(String, Ask)> = campaign_asks::table
        .filter(campaign_asks::campaign_id.eq(campaign))
        .select((campaign_asks::measure_key, campaign_asks::ask))
        .load(conn)?;
    Ok(chosen.into_iter().collect())
}

/// Keeps what staff chose; measures that are not named stay as they are.
pub fn choose(tx: &mut Tx<'_>, campaign: i64, asks: &ChosenAsks) -> Result<(), StoreError> {
    for (measure, ask) in asks {
        diesel::insert_into(campaign_asks::table)
            .values((campaign_asks::campaign_id.eq(campaign), campaign_asks::measure_key.eq(measure), campaign_asks::ask.eq(ask)))
            .on_conflict((campaign_asks::campaign_id, campaign_asks::measure_key))
            .do_update()
            .set(campaign_asks::ask.eq(ask))
            .execute(tx.conn)?;
    }
    settings::bump_revision(tx)
}
