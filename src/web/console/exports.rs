//! Files to take out: letters, numbers, and the supporters who agreed to be written to. Taking people or letters out is
//! noted in the log, so it is a POST.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure};
use super::super::views::figures::grouped;
use super::super::views::staff_exports::ExportsPage;
use super::nav::Section;
use super::session::Staff;
use crate::domain::{AuditAction, Role};
use crate::report::Export;
use crate::store::{counts, exports};

/// `GET /staff/campaigns/{slug}/exports`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, slug: web::Path<String>) -> Answer {
    let entry = web.intake.catalog().by_slug(&slug).ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let id = entry.id;
    let (letters, contacts) =
        web.store.read(move |conn| Ok((counts::total(conn, id)?.letters.total(), exports::contacts_count(conn, id)?))).await?;
    let view = ExportsPage {
        page: staff.campaign_page(&web, &entry, Section::Exports, &format!("Downloads: {}", settings.title)),
        slug: settings.slug.to_string(),
        csrf: staff.csrf().to_owned(),
        may_take: staff.may(Role::Editor),
        letters: grouped(letters),
        contacts: grouped(contacts),
    };
    web.old_page(StatusCode::OK, "staff_exports", &view)
}

/// What the buttons send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Press {
    csrf: String,
}

/// `POST /staff/campaigns/{slug}/exports/letters.csv`.
pub(super) async fn letters(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(form): Form<Press>) -> Answer {
    take(&web, &staff, &slug, &form, Export::Letters, AuditAction::LettersExported).await
}

/// `POST /staff/campaigns/{slug}/exports/supporters.csv`.
pub(super) async fn supporters(web: web::Data<Web>, staff: Staff, slug: web::Path<String>, Form(form): Form<Press>) -> Answer {
    take(&web, &staff, &slug, &form, Export::Supporters, AuditAction::SupportersExported).await
}

async fn take(web: &Web, staff: &Staff, slug: &str, form: &Press, export: Export, deed: AuditAction) -> Answer {
    staff.check_may(web, Role::Editor, &form.csrf)?;
    let entry = web.intake.catalog().by_slug(slug).ok_or(Failure::NotFound)?;
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
