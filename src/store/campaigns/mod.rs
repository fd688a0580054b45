//! Campaigns and their texts (here), each save of them ([`versions`]), and what their letters ask ([`asks`]).

pub mod asks;
mod campaign;
pub mod versions;

pub use campaign::{CampaignFiles, Imported, StoredCampaign, all, by_id, find, import, time_zone};
