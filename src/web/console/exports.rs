//! Files to take out: letters, numbers, and the supporters who agreed to be written to. Taking people or letters out is
//! noted in the log, so it is a POST.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use askama::Template;
use futures_util::stream;

use super::act::{Act, Button};
use super::nav::Section;
use super::session::Staff;
use crate::domain::{AuditAction, Role, Slug};
use crate::intake::CampaignEntry;
use crate::report::Export;
use crate::store::{counts, exports};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, html};

#[derive(Template)]
#[template(path = "console/exports.html")]
struct ExportsPage<'a> {
    page: Page,
    slug: &'a Slug,
    /// Whether this login may take letters and people out.
    may_take: bool,
    letters: i64,
    /// How many supporters agreed to be written to.
    contacts: i64,
}

/// `GET /staff/campaigns/{slug}/exports`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign) -> Answer {
    let settings = &entry.campaign.settings;
    let id = entry.id;
    let (letters, contacts) =
        web.store.read(move |conn| Ok((counts::total(conn, id)?.letters.total(), exports::contacts_count(conn, id)?))).await?;
    let view = ExportsPage {
        page: staff.campaign_page(&web, &entry, Section::Exports, &format!("Files: {}", settings.title)),
        slug: &settings.slug,
        may_take: staff.may(Role::Editor),
        letters,
        contacts,
    };
    html(StatusCode::OK, &view)
}

/// `POST /staff/campaigns/{slug}/exports/letters.csv`.
pub(super) async fn letters(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, _: Act<Button>) -> Answer {
    take(&web, &staff, &entry, Export::Letters, AuditAction::LettersExported).await
}

/// `POST /staff/campaigns/{slug}/exports/supporters.csv`.
pub(super) async fn supporters(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, _: Act<Button>) -> Answer {
    take(&web, &staff, &entry, Export::Supporters, AuditAction::SupportersExported).await
}

async fn take(web: &Web, staff: &Staff, entry: &CampaignEntry, export: Export, deed: AuditAction) -> Answer {
    let settings = &entry.campaign.settings;
    web.staff_actions.note_export(&staff.actor(), deed, &settings.slug).await?;
    let parts = export.begin(web.store.clone(), entry.id, settings.time_zone.clone());
    let body = stream::unfold(parts, |mut parts| async {
        let part = parts.recv().await?;
        // The answer has begun: all that is left is to break off, so that nobody takes half a file for a whole one.
        let part = part.map(web::Bytes::from).inspect_err(|error| tracing::error!(%error, "an export broke off"));
        Some((part, parts))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export.file_name(&settings.slug))))
        .streaming(body))
}
