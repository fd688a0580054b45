//! After the sign-up: its confirmation is on the way.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use crate::domain::Slug;
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::Page;
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "supporter/check_email.html")]
struct CheckEmailPage<'a> {
    page: Page,
    slug: &'a Slug,
}

/// `GET /campaigns/{slug}/check-your-email`.
pub(super) async fn page(web: web::Data<Web>, campaign: InCampaign) -> Answer {
    let slug = &campaign.0.campaign.settings.slug;
    html(StatusCode::OK, &CheckEmailPage { page: web.page_frame("Check your mail"), slug })
}
