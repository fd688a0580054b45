//! `/`: the open campaigns, or the page of the only one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::campaign;
use crate::render::CampaignSettings;
use crate::web::Web;
use crate::web::parts::Page;
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "supporter/home.html")]
struct HomePage<'a> {
    page: Page,
    campaigns: Vec<&'a CampaignSettings>,
}

pub(super) async fn home(web: web::Data<Web>, request: HttpRequest) -> Answer {
    let now = web.clock.now();
    let catalog = web.intake.catalog();
    let open: Vec<_> = catalog.campaigns().iter().filter(|entry| entry.campaign.settings.is_open(now)).collect();
    if let [only] = open.as_slice() {
        web.visits.note(&request, only.id);
        return campaign::page(&web, only).await;
    }
    let page = Page { noindex: false, ..web.page_frame("Write to the people who represent you") };
    html(StatusCode::OK, &HomePage { page, campaigns: open.iter().map(|entry| &entry.campaign.settings).collect() })
}
