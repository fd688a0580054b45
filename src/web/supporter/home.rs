//! `/`: the open campaigns, or the page of the only one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::{campaign, campaign_href};
use crate::web::Web;
use crate::web::response::Answer;
use crate::web::views::supporter::{CampaignLink, HomePage};

pub(super) async fn home(web: web::Data<Web>, request: HttpRequest) -> Answer {
    let now = web.clock.now();
    let catalog = web.intake.catalog();
    let open: Vec<_> = catalog.campaigns().iter().filter(|entry| entry.campaign.settings.is_open(now)).collect();
    if let [only] = open.as_slice() {
        web.visits.note(&request, only.id);
        return campaign::page(&web, only).await;
    }
    let mut page = web.page_frame("Write to the people who represent you");
    page.noindex = false;
    let campaigns = open.into_iter().map(|entry| {
        let settings = &entry.campaign.settings;
        CampaignLink { title: settings.title.clone(), summary: settings.summary.clone(), href: campaign_href(entry) }
    });
    web.old_page(StatusCode::OK, "home", &HomePage { page, campaigns: campaigns.collect() })
}
