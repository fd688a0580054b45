//! What letters ask for.

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction};
use crate::intake::CampaignEntry;
use crate::store::asks::{self, ChosenAsks};
use crate::store::{StoreError, Tx};

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
