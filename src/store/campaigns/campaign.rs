//! Campaigns and every version of their text.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::domain::{Slug, TimeZone, Timestamp};
use crate::store::schema::{campaign_files, campaign_versions, campaigns};
use crate::store::{Reader, StoreError, Tx, settings};

/// The files of a campaign's folder, path to content. Paths use `/` and stay inside the folder.
pub type CampaignFiles = BTreeMap<String, String>;

/// A campaign with the version in force.
pub struct StoredCampaign {
    /// Its id.
    pub id: i64,
    /// Its short name.
    pub slug: Slug,
    /// The id of the version in force.
    pub version_id: i64,
    /// That version's number, from 1.
    pub version: i32,
    /// That version's files.
    pub files: CampaignFiles,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The files are those in force already.
    Unchanged(i32),
    /// A new version, by its number.
    Version(i32),
}

/// Every campaign, by short name.
pub fn all(conn: &mut Reader) -> Result<Vec<StoredCampaign>, StoreError> {
    let found: Vec<(i64, Slug, i64, i32)> = campaigns::table
        .inner_join(campaign_versions::table.on(campaign_versions::id.eq(campaigns::version_id)))
        .select((campaigns::id, campaigns::slug, campaigns::version_id, campaign_versions::number))
        .order(campaigns::slug)
        .load(conn)?;
    found
        .into_iter()
        .map(|(id, slug, version_id, version)| {
            Ok(StoredCampaign { id, slug, version_id, version, files: files(conn, version_id)? })
        })
        .collect()
}

/// The campaign of that short name.
pub fn find(conn: &mut Reader, slug: &Slug) -> Result<Option<StoredCampaign>, StoreError> {
    Ok(all(conn)?.into_iter().find(|campaign| campaign.slug == *slug))
}

/// The time zone in which the campaign's days are counted.
pub fn time_zone(conn: &mut Reader, campaign: i64) -> Result<TimeZone, StoreError> {
    Ok(campaigns::table.find(campaign).select(campaigns::time_zone).first(conn)?)
}

/// The campaign of that id.
pub fn by_id(conn: &mut Reader, id: i64) -> Result<Option<StoredCampaign>, StoreError> {
    Ok(all(conn)?.into_iter().find(|campaign| campaign.id == id))
}

fn files(conn: &mut Reader, version: i64) -> Result<CampaignFiles, StoreError> {
    Ok(campaign_files::table
        .filter(campaign_files::version_id.eq(version))
        .select((campaign_files::path, campaign_files::content))
        .load::<(String, String)>(conn)?
        .into_iter()
        .collect())
}

/// Keeps `files` as the campaign's new version, unless they are the ones in force. A campaign's time zone is
/// fixed by its first version, or the days counted so far would no longer be days.
pub fn import(
    tx: &mut Tx<'_>,
    slug: &Slug,
    time_zone: &str,
    files: &CampaignFiles,
    author: &str,
    now: Timestamp,
) -> Result<Imported, StoreError> {
    let before = find(tx.conn, slug)?;
    if let Some(campaign) = before.as_ref().filter(|c| c.files == *files) {
        return Ok(Imported::Unchanged(campaign.version));
    }
    let number = before.as_ref().map_or(1, |c| c.version + 1);
    let campaign_id = match &before {
        Some(campaign) => campaign.id,
        None => diesel::insert_into(campaigns::table)
            .values((
                campaigns::slug.eq(slug),
                campaigns::time_zone.eq(time_zone),
                campaigns::version_id.eq(0),
                campaigns::created_at.eq(now),
            ))
            .returning(campaigns::id)
            .get_result(tx.conn)?,
    };
    insert_version(tx, campaign_id, number, files, author, now)?;
    Ok(Imported::Version(number))
}

/// Keeps the files as that version, which is in force from then on.
pub(in crate::store) fn insert_version(
    tx: &mut Tx<'_>,
    campaign_id: i64,
    number: i32,
    files: &CampaignFiles,
    author: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let version_id: i64 = diesel::insert_into(campaign_versions::table)
        .values((
            campaign_versions::campaign_id.eq(campaign_id),
            campaign_versions::number.eq(number),
            campaign_versions::author.eq(author),
            campaign_versions::created_at.eq(now),
        ))
        .returning(campaign_versions::id)
        .get_result(tx.conn)?;
    for (path, content) in files {
        diesel::insert_into(campaign_files::table)
            .values((
                campaign_files::version_id.eq(version_id),
                campaign_files::path.eq(path),
                campaign_files::content.eq(content),
            ))
            .execute(tx.conn)?;
    }
    diesel::update(campaigns::table.find(campaign_id)).set(campaigns::version_id.eq(version_id)).execute(tx.conn)?;
    settings::bump_revision(tx)
}
