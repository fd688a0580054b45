//! New campaigns: each begins as a copy of another.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, Slug};
use crate::intake::{CampaignEntry, IntakeError};
use crate::render::{Campaign, TemplateError, set_setting};
use crate::store::asks::{self, ChosenAsks};
use crate::store::{StoreError, Tx, campaigns, versions};

/// What came of making a campaign.
pub enum Made {
    /// It is there.
    Campaign,
    /// There is one of that short name already.
    Exists,
    /// It could not be used like that.
    Refused(Vec<TemplateError>),
}

impl StaffActions {
    /// Makes a campaign with the texts of `from`, under another short name and title. Nobody can sign before `opens`, so
    /// that there is time to rewrite them.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn copy_campaign(
        &self,
        who: &Actor,
        from: &CampaignEntry,
        slug: &Slug,
        title: &str,
        opens: &str,
    ) -> Result<Made, IntakeError> {
        let (id, version) = (from.id, from.version_id);
        let Some(stored) = self.store.read(move |conn| campaigns::by_id(conn, id)).await? else {
            return Err(StoreError::unknown_value(format!("no campaign {id} of version {version}")).into());
        };
        let mut files = stored.files;
        let mut settings = files.get("campaign.toml").cloned().unwrap_or_default();
        for (key, value) in [("slug", Some(slug.as_str())), ("title", Some(title)), ("opens", Some(opens)), ("closes", None)] {
            settings = match set_setting(&settings, key, value) {
                Ok(settings) => settings,
                Err(error) => return Ok(Made::Refused(vec![error])),
            };
        }
        files.insert("campaign.toml".into(), settings);
        let templates = self.intake.templates().clone();
        let checked = files.clone();
        let accepted = tokio::task::spawn_blocking(move || Campaign::accept(&checked, &templates));
        let zone = match accepted.await.map_err(|_| StoreError::Busy)? {
            Ok(campaign) => campaign.settings.time_zone_name,
            Err(errors) => return Ok(Made::Refused(errors)),
        };
        let (slug, copied) = (slug.clone(), from.campaign.settings.slug.clone());
        let (author, now) = (who.name().to_owned(), self.clock.now());
        let create = move |tx: &mut Tx<'_>| {
            let made = versions::create(tx, &slug, &zone, &files, &author, now)?;
            let noted = AuditDetail::of(format!("campaign {slug}"), format!("a copy of {copied}"));
            Ok((made, made.then_some(noted)))
        };
        let made = self.act(who, AuditAction::CampaignMade, create).await?;
        self.look_again().await;
        Ok(if made { Made::Campaign } else { Made::Exists })
    }
}

impl StaffActions {
    /// Keeps what letters ask for, by the measures' keys. The next letter asks for it; letters that were signed before
    /// stay as they are.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn choose_asks(&self, who: &Actor, entry: &CampaignEntry, chosen: ChosenAsks) -> Result<(), StoreError> {
        let (campaign, slug) = (entry.id, entry.campaign.settings.slug.clone());
        let choose = move |tx: &mut Tx<'_>| {
            asks::choose(tx, campaign, &chosen)?;
            let detail: Vec<_> = chosen.iter().map(|(measure, ask)| format!("{measure}: {}", ask.as_str())).collect();
            Ok(((), Some(AuditDetail::of(format!("campaign {slug}"), detail.join(", ")))))
        };
        self.act(who, AuditAction::AsksChosen, choose).await?;
        self.look_again().await;
        Ok(())
    }
}
