//! The development outbox: mail that was written to files instead of being sent, for looking at.
//!
//! Stands here and not in `web`, because only this room knows both pages and mail. Its routes exist in development
//! only, and only while no mail server is set.

use std::io;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web as actix};

use crate::mail::{Outbox, read_mail};
use crate::web::views::staff::{Header, OutboxMailPage, OutboxPage, OutboxRow};
use crate::web::views::{Moment, figures::grouped};
use crate::web::{Answer, Failure, Web};

/// How many mails the list shows.
const SHOWN: usize = 100;

pub(super) fn routes(app: &mut actix::ServiceConfig, outbox: Outbox) {
    app.service(
        actix::scope("/dev/outbox")
            .app_data(actix::Data::new(outbox))
            .service(actix::resource("").route(actix::get().to(list)))
            .service(actix::resource("/{file}").route(actix::get().to(show)))
            .service(actix::resource("/{file}/raw").route(actix::get().to(raw))),
    );
}

async fn list(web: actix::Data<Web>, outbox: actix::Data<Outbox>) -> Answer {
    let (entries, all) = blocking(move || outbox.list(SHOWN)).await?;
    let more = (all > entries.len())
        .then(|| format!("Showing the newest {} of {}.", entries.len(), grouped(i64::try_from(all).unwrap_or(i64::MAX))));
    let row = |entry: crate::mail::OutboxEntry| OutboxRow {
        to: entry.to,
        subject: entry.subject,
        when: Moment { text: entry.date.clone(), iso: entry.date },
        href: format!("/dev/outbox/{}", entry.file),
    };
    let mut page = web.page_frame("Outbox");
    page.width = "wide";
    web.old_page(StatusCode::OK, "dev_outbox", &OutboxPage { page, mails: entries.into_iter().map(row).collect(), more })
}

async fn show(web: actix::Data<Web>, outbox: actix::Data<Outbox>, file: actix::Path<String>) -> Answer {
    let mail = read(&outbox, &file).await?;
    let mail = read_mail(&mail).ok_or(Failure::NotFound)?;
    let mut page = web.page_frame(&mail.subject);
    page.width = "wide";
    let own = web.config.link("/");
    let mut links: Vec<String> = mail.text.split_whitespace().filter(|word| word.starts_with(&own)).map(str::to_owned).collect();
    links.dedup();
    let view = OutboxMailPage {
        page,
        subject: mail.subject,
        headers: mail.headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
        text: mail.text,
        links,
        raw_href: format!("/dev/outbox/{file}/raw"),
    };
    web.old_page(StatusCode::OK, "dev_mail", &view)
}

/// The bytes as they are, to be saved: a browser must not take a mail's HTML for a page of this site.
async fn raw(outbox: actix::Data<Outbox>, file: actix::Path<String>) -> Answer {
    let mail = read(&outbox, &file).await?;
    let name = format!("attachment; filename=\"{file}\"");
    Ok(HttpResponse::Ok().content_type("message/rfc822").insert_header(("Content-Disposition", name)).body(mail))
}

async fn read(outbox: &actix::Data<Outbox>, file: &actix::Path<String>) -> Result<Vec<u8>, Failure> {
    let (outbox, file) = (outbox.clone(), file.to_string());
    blocking(move || outbox.read(&file)).await?.ok_or(Failure::NotFound)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Busy)?;
    done.map_err(|error| Failure::Internal(format!("the outbox can't be read: {error}")))
}
