//! The campaign that a path names, and one of its offices.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::Web;
use super::response::Failure;
use crate::intake::CampaignEntry;
use crate::store::offices::Office;

/// The campaign of the path's `{slug}`; 404 where there is none of that short name.
pub(super) struct InCampaign(pub(super) Arc<CampaignEntry>);

/// The office of the path's `{office}`, among those that letters of the campaign can go to; else 404.
pub(super) struct AtOffice {
    pub(super) entry: Arc<CampaignEntry>,
    pub(super) office: Office,
}

impl InCampaign {
    fn of(request: &HttpRequest) -> Option<Self> {
        let web = request.app_data::<web::Data<Web>>()?;
        web.intake.catalog().by_slug(request.match_info().query("slug")).map(Self)
    }
}

impl AtOffice {
    fn of(request: &HttpRequest) -> Option<Self> {
        let InCampaign(entry) = InCampaign::of(request)?;
        let id = request.match_info().query("office").parse().ok()?;
        let office = entry.jurisdiction.office_of_id(id)?.clone();
        Some(Self { entry, office })
    }
}

impl FromRequest for InCampaign {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or(Failure::NotFound))
    }
}

impl FromRequest for AtOffice {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or(Failure::NotFound))
    }
}
