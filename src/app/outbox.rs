//! The development outbox: mail that was written to files instead of being sent, for looking at.
//!
//! Stands here and not in `web`, because only this room knows both pages and mail; its pages are `web::outbox`. Its routes exist in development
//! only, and only while no mail server is set.

use std::io;

use actix_web::{HttpResponse, web as actix};

use crate::mail::{Outbox, OutboxEntry, read_mail};
use crate::web::{Answer, Failure, OutboxLine, Web};

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
    let (mails, all) = blocking(move || outbox.list(SHOWN)).await?;
    web.outbox(&mails.iter().map(line).collect::<Vec<_>>(), all)
}

fn line(mail: &OutboxEntry) -> OutboxLine<'_> {
    OutboxLine { file: &mail.file, to: &mail.to, subject: &mail.subject, date: &mail.date }
}

async fn show(web: actix::Data<Web>, outbox: actix::Data<Outbox>, file: actix::Path<String>) -> Answer {
    let mail = read_mail(&read(&outbox, &file).await?).ok_or(Failure::NotFound)?;
    web.outbox_mail(&file, &mail.subject, &mail.headers, &mail.text)
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
