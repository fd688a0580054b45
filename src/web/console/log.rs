//! The audit log: who did what, the newest first. For editors and admins: whoever changes things sees what others changed.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::response::{Answer, Failure};
use super::super::views::figures::grouped;
use super::super::views::people::{LogLine, LogOption, LogPage};
use super::nav::Place;
use super::session::Staff;
use super::words;
use crate::domain::AuditAction;
use crate::store::audit::{self, Filter};
use crate::store::staff_doors as doors;

/// How many lines a page shows.
const PAGE: i64 = 50;

#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    who: String,
    #[serde(default)]
    deed: String,
    #[serde(default)]
    before: String,
}

/// `GET /staff/log`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>) -> Answer {
    let Query { who, deed, before } = query.into_inner();
    let before = if before.is_empty() { None } else { Some(before.parse::<i64>().map_err(|_| Failure::NotFound)?) };
    let wanted = if deed.is_empty() { None } else { Some(AuditAction::parse(&deed).ok_or(Failure::NotFound)?) };
    let filter = Filter { who: Some(who.clone()).filter(|who| !who.is_empty()), deed: wanted };
    let (mut lines, everybody, failed) = web
        .store
        .read(move |conn| {
            Ok((audit::filtered(conn, &filter, before, PAGE + 1)?, audit::everybody(conn)?, doors::failed_lately(conn)?))
        })
        .await?;
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let address = |before: Option<i64>| {
        let mut pairs = vec![("who", who.clone()), ("deed", deed.clone())];
        pairs.extend(before.map(|before| ("before", before.to_string())));
        pairs.retain(|(_, value)| !value.is_empty());
        match serde_urlencoded::to_string(&pairs) {
            Ok(text) if !text.is_empty() => format!("/staff/log?{text}"),
            _ => "/staff/log".to_owned(),
        }
    };
    let zone = words::zone(&web.intake.catalog());
    let mut deeds: Vec<_> = AuditAction::ALL.iter().map(|known| option(known.as_str(), known.in_words(), &deed)).collect();
    deeds.sort_by(|a, b| a.label.cmp(&b.label));
    let view = LogPage {
        page: staff.page(&web, Place::Log, "Log"),
        whos: everybody.iter().map(|name| option(name, name, &who)).collect(),
        deeds,
        filtered: !who.is_empty() || !deed.is_empty(),
        failed: (failed > 0).then(|| {
            let words = words::plural(failed, "log-in has failed", "log-ins have failed");
            format!(
                "{} {words} lately. Each full hour with failed log-ins gets a line here when somebody logs in next.",
                grouped(failed)
            )
        }),
        older: lines.last().filter(|_| more).map(|last| address(Some(last.id))),
        newest: before.map(|_| address(None)),
        lines: lines
            .into_iter()
            .map(|line| LogLine {
                at: words::moment(zone.as_ref(), line.at),
                who: line.who,
                deed: line.deed,
                subject: line.subject,
                detail: line.detail,
            })
            .collect(),
    };
    web.old_page(StatusCode::OK, "staff_log", &view)
}

fn option(value: &str, label: &str, chosen: &str) -> LogOption {
    LogOption { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen }
}
