//! Answers to letters that could not be passed on to their writers: opened one by one, passed on all the same, or dropped.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::act::{Act, Button};
use super::nav::Place;
use super::session::Staff;
use super::words::{self, Done, JustDone};
use crate::domain::TimeZone;
use crate::store::answers::{self, Answer as Words, Stranded};
use crate::web::Web;
use crate::web::parts::Page;
use crate::web::response::{Answer, Failure, html};

/// The oldest so many are shown; the others follow as these are seen to.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "console/answers.html")]
struct AnswersPage {
    page: Page,
    done: JustDone,
    answers: Vec<Stranded>,
    /// The one that was opened just now.
    opened: Option<(i64, Words)>,
    zone: TimeZone,
}

/// `GET /staff/answers`: that there are some, and nothing of their words.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, done: JustDone) -> Answer {
    show(&web, &staff, done, None).await
}

/// `POST /staff/answers/{id}/open`, `/pass-on` and `/drop`.
pub(super) async fn press(web: web::Data<Web>, staff: Staff, path: web::Path<(i64, String)>, _: Act<Button>) -> Answer {
    let (id, act) = path.into_inner();
    let who = staff.actor();
    let done = match act.as_str() {
        "open" => {
            let words = web.staff_actions.open_answer(&who, id).await?.ok_or(Failure::NotFound)?;
            return show(&web, &staff, JustDone(None), Some((id, words))).await;
        }
        "pass-on" => Done::AnswerPassedOn.if_so(web.staff_actions.pass_answer_on(&who, id).await?),
        "drop" => Done::AnswerDropped.if_so(web.staff_actions.drop_answer(&who, id).await?),
        _ => return Err(Failure::NotFound),
    };
    Ok(done.at("/staff/answers"))
}

async fn show(web: &Web, staff: &Staff, done: JustDone, opened: Option<(i64, Words)>) -> Answer {
    let answers = web.store.read(|conn| answers::stranded(conn, SHOWN)).await?;
    let (page, zone) = (staff.page(web, Place::Answers, "Answers"), words::zone(&web.intake.catalog()));
    html(StatusCode::OK, &AnswersPage { page, done, answers, opened, zone })
}
