//! The audit log: who did what, the newest first. For editors and admins: whoever changes things sees what others changed.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::nav::Place;
use super::session::Staff;
use super::words;
use crate::domain::{AuditAction, TimeZone};
use crate::store::audit::{self, Filter, Line};
use crate::store::staff_doors as doors;
use crate::web::Web;
use crate::web::parts::{Page, filters};
use crate::web::response::{Answer, Failure, html};

/// How many lines a page shows.
const LINES: usize = 50;

#[derive(Template)]
#[template(path = "console/log.html")]
struct LogPage {
    page: Page,
    query: Query,
    /// Everybody whom the log names.
    everybody: Vec<String>,
    actions: Vec<AuditAction>,
    /// Log-ins that failed since somebody logged in last.
    failed: i64,
    lines: Vec<Line>,
    /// The number of the last line, when there are older ones.
    older: Option<i64>,
    zone: TimeZone,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Query {
    who: String,
    deed: String,
    before: String,
}

impl Query {
    fn filters(&self) -> bool {
        !self.who.is_empty() || !self.deed.is_empty()
    }

    /// The same choice of lines, from before that one.
    fn href(&self, before: Option<i64>) -> String {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [("who", &self.who), ("deed", &self.deed), ("before", &before)];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match serde_urlencoded::to_string(pairs) {
            Ok(text) if !text.is_empty() => format!("/staff/log?{text}"),
            _ => "/staff/log".to_owned(),
        }
    }
}

/// `GET /staff/log`.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, query: web::Query<Query>) -> Answer {
    let query = query.into_inner();
    let before = given(&query.before).map(str::parse::<i64>).transpose().map_err(|_| Failure::NotFound)?;
    let deed = given(&query.deed).map(|word| AuditAction::parse(word).ok_or(Failure::NotFound)).transpose()?;
    let filter = Filter { who: given(&query.who).map(str::to_owned), deed };
    // One line more than is shown tells whether there are older ones.
    let most = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let read = web.store.read(move |conn| {
        Ok((audit::filtered(conn, &filter, before, most)?, audit::everybody(conn)?, doors::failed_lately(conn)?))
    });
    let (mut lines, everybody, failed) = read.await?;
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    let mut actions = AuditAction::ALL.to_vec();
    actions.sort_by_key(|action| action.in_words());
    let view = LogPage {
        page: staff.page(&web, Place::Log, "Log"),
        older: lines.last().filter(|_| more).map(|last| last.id),
        zone: words::zone(&web.intake.catalog()),
        query,
        everybody,
        actions,
        failed,
        lines,
    };
    html(StatusCode::OK, &view)
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
