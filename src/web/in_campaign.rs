//! The campaign that a path names.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::Web;
use super::response::Failure;
use crate::intake::CampaignEntry;

/// The campaign of the path's `{slug}`; 404 where there is none of that short name.
pub(super) struct InCampaign(pub(super) Arc<CampaignEntry>);

impl FromRequest for InCampaign {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let web = request.app_data::<web::Data<Web>>();
        let slug = request.match_info().query("slug");
        ready(web.and_then(|web| web.intake.catalog().by_slug(slug)).map(Self).ok_or(Failure::NotFound))
    }
}
