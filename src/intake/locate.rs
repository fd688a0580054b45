//! From a form to what its address says.

use super::Intake;
use super::catalog::CampaignEntry;
use super::evidence::Evidence;
use crate::domain::{Doubt, SignupForm};

impl Intake {
    /// What the address in `form` says of its districts.
    pub async fn locate(&self, _entry: &CampaignEntry, _form: &SignupForm) -> Evidence {
        Evidence::none(Doubt::TownOnly)
    }
}
