//! The versions of a campaign's texts: who changed what when.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};

use super::campaign::{self as campaigns, CampaignFiles};
use crate::domain::{Slug, Timestamp};
use crate::store::batch::{Batch, Statement, Value};
use crate::store::schema::{campaign_files, campaign_versions, campaigns as campaign_rows};
use crate::store::{Reader, StoreError, Tx};

/// A version of a campaign's texts.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = campaign_versions)]
pub struct Version {
    /// Its number, from 1.
    pub number: i32,
    /// Who made it: a login's address, `command line`, or `demo`.
    pub author: String,
    /// When.
    #[diesel(column_name = created_at)]
    pub at: Timestamp,
}

/// What a version did to one file.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct FileChange {
    /// The version.
    pub number: i32,
    /// The file.
    pub path: String,
    /// It took the file away.
    pub removed: bool,
}

/// The campaign's versions from `newest` backwards, `most` of them.
pub fn of_campaign(conn: &mut Reader, campaign: i64, newest: i32, most: i64) -> Result<Vec<Version>, StoreError> {
    Ok(campaign_versions::table
        .filter(campaign_versions::campaign_id.eq(campaign).and(campaign_versions::number.le(newest)))
        .order(campaign_versions::number.desc())
        .limit(most)
        .select(Version::as_select())
        .load(conn)?)
}

/// The files of one version; `None` where the campaign has no such version.
pub fn files(conn: &mut Reader, campaign: i64, number: i32) -> Result<Option<CampaignFiles>, StoreError> {
    let version: Option<i64> = campaign_versions::table
        .filter(campaign_versions::campaign_id.eq(campaign).and(campaign_versions::number.eq(number)))
        .select(campaign_versions::id)
        .first(conn)
        .optional()?;
    let Some(version) = version else { return Ok(None) };
    let files: Vec<(String, String)> = campaign_files::table
        .filter(campaign_files::version_id.eq(version))
        .select((campaign_files::path, campaign_files::content))
        .load(conn)?;
    Ok(Some(files.into_iter().collect()))
}

struct Changes;

impl Statement for Changes {
    // A file is changed where the version before does not hold the same, and gone where only that one holds it.
    const SQL: &'static str = "SELECT v.number + 0, f.path, 0 FROM campaign_versions AS v \
         JOIN campaign_files AS f ON f.version_id = v.id \
         LEFT JOIN campaign_versions AS b ON b.campaign_id = v.campaign_id AND b.number = v.number - 1 \
         LEFT JOIN campaign_files AS o ON o.version_id = b.id AND o.path = f.path \
         WHERE v.campaign_id = ? AND v.number > ? AND v.number <= ? AND (o.content IS NULL OR o.content <> f.content) \
         UNION ALL SELECT v.number + 0, o.path, 1 FROM campaign_versions AS v \
         JOIN campaign_versions AS b ON b.campaign_id = v.campaign_id AND b.number = v.number - 1 \
         JOIN campaign_files AS o ON o.version_id = b.id \
         LEFT JOIN campaign_files AS f ON f.version_id = v.id AND f.path = o.path \
         WHERE v.campaign_id = ? AND v.number > ? AND v.number <= ? AND f.path IS NULL";
    type Row = (Integer, Text, Bool);
}

/// What the versions after `after` up to `newest` did, file by file.
pub fn changes(conn: &mut Reader, campaign: i64, after: i32, newest: i32) -> Result<Vec<FileChange>, StoreError> {
    let bounds = [campaign, i64::from(after), i64::from(newest)].map(Value::Number);
    Ok(Batch::<Changes>::new([bounds.clone(), bounds].concat()).load(conn)?)
}

/// The version that last changed each file that the campaign has or had.
pub fn last_changes(conn: &mut Reader, campaign: i64) -> Result<BTreeMap<String, Version>, StoreError> {
    let all: BTreeMap<i32, Version> =
        of_campaign(conn, campaign, i32::MAX, i64::MAX)?.into_iter().map(|version| (version.number, version)).collect();
    let mut last: BTreeMap<String, i32> = BTreeMap::new();
    for change in changes(conn, campaign, 0, i32::MAX)? {
        let number = last.entry(change.path).or_default();
        *number = change.number.max(*number);
    }
    Ok(last.into_iter().filter_map(|(path, number)| Some((path, all.get(&number)?.clone()))).collect())
}

/// Keeps `files` as the campaign's next version if version `from` is still the one in force. Gives its number; `None` when
/// somebody was faster.
pub fn add(
    tx: &mut Tx<'_>,
    campaign: i64,
    from: i32,
    files: &CampaignFiles,
    author: &str,
    now: Timestamp,
) -> Result<Option<i32>, StoreError> {
    let newest: Option<i32> = campaign_versions::table
        .filter(campaign_versions::campaign_id.eq(campaign))
        .select(diesel::dsl::max(campaign_versions::number))
        .first(tx.conn)?;
    if newest != Some(from) {
        return Ok(None);
    }
    campaigns::insert_version(tx, campaign, from + 1, files, author, now)?;
    Ok(Some(from + 1))
}

/// Makes a campaign. False when there is one of that short name.
pub fn create(
    tx: &mut Tx<'_>,
    slug: &Slug,
    time_zone: &str,
    files: &CampaignFiles,
    author: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let known = campaign_rows::table.filter(campaign_rows::slug.eq(slug));
    if diesel::select(diesel::dsl::exists(known.select(campaign_rows::id))).get_result(tx.conn)? {
        return Ok(false);
    }
    campaigns::import(tx, slug, time_zone, files, author, now)?;
    Ok(true)
}
