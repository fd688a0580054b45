//! Letters without their writers: in pages, and one with its story.

use actix_web::{HttpRequest, HttpResponse, web};

use super::campaigns::NO_CAMPAIGN;
use super::models::{AttemptItem, LetterDetail, LetterItem, LetterPage, ReturnItem};
use super::problem::{Problem, ProblemDocument};
use super::{Program, Reply, query_field};
use crate::domain::{ApiScope, MessageState, Timestamp};
use crate::store::exports::{self, Addressees, LetterLine};
use crate::store::letter_events::{Returned, Try};
use crate::store::letter_story::{self, LetterStory};
use crate::store::{Reader, StoreError};
use crate::web::Web;

/// Letters on a page, where none are asked for.
const PAGE: usize = 100;
/// The most letters on a page.
const MOST: usize = 1000;
/// Ids that one look covers, and looks for one page: what is rare is found over several pages, each of them quick.
const LOOK: i64 = 1000;
const LOOKS: usize = 20;

/// Letters of a campaign
///
/// Without names, addresses and texts. Go on with `after` while there is a `next`.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{slug}/letters",
    tag = "letters",
    security(("token" = [])),
    params(
        ("slug" = String, Path, description = "The campaign's name in addresses."),
        ("after" = Option<String>, Query, description = "`next` of the page before."),
        ("limit" = Option<u16>, Query, description = "How many, 1 to 1000; 100 without it."),
        ("state" = Option<String>, Query, description = "Only letters in this state."),
    ),
    responses(
        (status = 200, description = "A page of letters.", body = LetterPage),
        (status = 401, description = "No token, or one that opens nothing.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token reads numbers only.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field that can't be used.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn page(web: web::Data<Web>, program: Program, slug: web::Path<String>, request: HttpRequest) -> Reply {
    program.require(ApiScope::Letters)?;
    let entry = web.intake.catalog().by_slug(&slug).ok_or(NO_CAMPAIGN)?;
    let after = match query_field(&request, "after")? {
        None => 0,
        Some(text) => text
            .parse::<i64>()
            .ok()
            .filter(|id| *id >= 0)
            .ok_or(Problem::Unprocessable("after is the next of the page before."))?,
    };
    let limit = match query_field(&request, "limit")? {
        None => PAGE,
        Some(text) => {
            let number = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            number.ok_or(Problem::Unprocessable("limit is a number from 1 to 1000."))?
        }
    };
    let state = match query_field(&request, "state")? {
        None => None,
        Some(word) => {
            Some(MessageState::parse(&word).map_err(|_| Problem::Unprocessable("state is the name of a letter's state."))?)
        }
    };
    let (id, slug) = (entry.id, entry.campaign.settings.slug.to_string());
    let read = move |conn: &mut Reader| {
        let (letters, next) = some(conn, id, after, limit, state)?;
        Ok((letters, next, Addressees::read(conn)?))
    };
    let (letters, next, known) = web.store.read(read).await?;
    let letters = letters.into_iter().map(|line| item(line, &slug, &known)).collect();
    Ok(HttpResponse::Ok().json(LetterPage { letters, next: next.map(|id| id.to_string()) }))
}

/// Some letters, and after which id to go on.
fn some(
    conn: &mut Reader,
    campaign: i64,
    mut after: i64,
    limit: usize,
    state: Option<MessageState>,
) -> Result<(Vec<LetterLine>, Option<i64>), StoreError> {
    let last = exports::last_message(conn)?;
    let mut found = Vec::new();
    for _ in 0..LOOKS {
        if after >= last {
            return Ok((found, None));
        }
        let up_to = (after + LOOK).min(last);
        let lines = exports::letters(conn, campaign, after, up_to)?;
        for line in lines.into_iter().filter(|line| state.is_none_or(|state| line.state == state)) {
            if found.len() == limit {
                return Ok((found, Some(after)));
            }
            after = line.id;
            found.push(line);
        }
        after = up_to;
    }
    Ok((found, (after < last).then_some(after)))
}

fn item(line: LetterLine, campaign: &str, known: &Addressees) -> LetterItem {
    LetterItem {
        id: line.id,
        campaign: campaign.to_owned(),
        state: line.state.as_str(),
        state_since: line.since.rfc3339(),
        written_at: line.written_at.rfc3339(),
        queued_at: line.queued_at.map(Timestamp::rfc3339),
        office: line.office,
        official: known.official(line.official).unwrap_or_default().to_owned(),
        town: Some(line.town).filter(|town| !town.is_empty()),
        attempts: line.attempts,
    }
}

/// What became of one letter
#[utoipa::path(
    get,
    path = "/api/v1/letters/{id}",
    tag = "letters",
    security(("token" = [])),
    params(("id" = i64, Path, description = "The letter's id.")),
    responses(
        (status = 200, description = "The letter, every try, and what came back.", body = LetterDetail),
        (status = 401, description = "No token, or one that opens nothing.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token reads numbers only.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such letter.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn one(web: web::Data<Web>, program: Program, id: web::Path<String>) -> Reply {
    const NO_LETTER: Problem = Problem::NotFound("There is no letter of this id.");
    program.require(ApiScope::Letters)?;
    let id: i64 = id.parse().map_err(|_| NO_LETTER)?;
    let (story, known) = web.store.read(move |conn| Ok((letter_story::of(conn, id)?, Addressees::read(conn)?))).await?;
    let LetterStory { campaign, letter, reason, attempts, returns } = story.ok_or(NO_LETTER)?;
    let slug = web.intake.catalog().by_id(campaign).map(|entry| entry.campaign.settings.slug.to_string()).unwrap_or_default();
    let attempt = |one: Try| AttemptItem {
        started_at: one.at.rfc3339(),
        duration_ms: one.millis,
        outcome: one.outcome,
        step: one.step,
        code: one.code,
        enhanced: one.enhanced,
        words: one.words,
    };
    let returned = |one: Returned| ReturnItem {
        received_at: one.at.rfc3339(),
        kind: one.kind.as_str().to_owned(),
        status: one.status,
        words: one.words,
    };
    Ok(HttpResponse::Ok().json(LetterDetail {
        letter: item(letter, &slug, &known),
        held_because: reason,
        attempts: attempts.into_iter().map(attempt).collect(),
        returns: returns.into_iter().map(returned).collect(),
    }))
}
