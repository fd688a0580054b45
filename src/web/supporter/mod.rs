//! What a supporter meets: the campaign, their letters, the confirmation, and what became of it all.
//!
//! Nothing that a person typed is ever lost: every refusal shows their form again, as they left it.

mod campaign;
mod cards;
mod check_email;
mod confirm;
mod consents;
mod erased;
mod form_feedback;
mod home;
mod letters;
mod officials;
mod signups;
#[cfg(test)]
mod tests;
mod words;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, Handler, HttpRequest, Resource, Responder, web};

use super::Web;
use super::response::Failure;
use crate::domain::{Consent, MessageState, Token};
use crate::intake::CampaignEntry;
use crate::store::letters::LetterView;
use crate::store::signup_life::{Progress, SignupView};

/// One resource a page; HEAD answers like GET, and any other method with 405.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(shown("/", home::home))
        .service(shown("/campaigns/{slug}", campaign::show))
        .service(web::resource("/campaigns/{slug}/officials").route(web::post().to(officials::find)))
        .service(web::resource("/campaigns/{slug}/edit").route(web::post().to(campaign::edit)))
        .service(web::resource("/campaigns/{slug}/signups").route(web::post().to(signups::sign_up)))
        .service(shown("/campaigns/{slug}/check-your-email", check_email::page))
        .service(shown("/confirm/{token}", confirm::show).route(web::post().to(confirm::confirm)))
        .service(shown("/letters/{token}", letters::show))
        .service(web::resource("/letters/{token}/withdraw").route(web::post().to(letters::withdraw)))
        .service(web::resource("/letters/{token}/consents").route(web::post().to(consents::withdraw)))
        .service(web::resource("/letters/{token}/self-reported").route(web::post().to(letters::self_reported)))
        .service(web::resource("/letters/{token}/erase").route(web::post().to(erased::erase)));
}

fn shown<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// The path of the campaign's page.
fn campaign_href(entry: &CampaignEntry) -> String {
    format!("/campaigns/{}", entry.campaign.settings.slug)
}

/// The sign-up behind a link, with its secret and its campaign.
struct Private {
    token: Token,
    view: SignupView,
    entry: Arc<CampaignEntry>,
}

impl FromRequest for Private {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    /// By the path's `{token}`.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (web, token) = (request.app_data::<web::Data<Web>>().cloned(), request.match_info().query("token").to_owned());
        Box::pin(async move { Self::find(&*web.ok_or(Failure::NotFound)?, &token).await })
    }
}

impl Private {
    /// A secret that is malformed, unknown or erased finds nothing; which of these, nobody learns.
    async fn find(web: &Web, token: &str) -> Result<Self, Failure> {
        Self::of(web, Token::parse(token).ok_or(Failure::NotFound)?).await
    }

    /// The same as it is now.
    async fn again(self, web: &Web) -> Result<Self, Failure> {
        Self::of(web, self.token).await
    }

    async fn of(web: &Web, token: Token) -> Result<Self, Failure> {
        let view = web.intake.view(&token).await?.ok_or(Failure::NotFound)?;
        let entry = web.intake.catalog().by_id(view.campaign_id);
        let entry = entry.ok_or_else(|| Failure::Internal(format!("the catalog has no campaign {}", view.campaign_id)))?;
        Ok(Self { token, view, entry })
    }

    fn confirm_path(&self) -> String {
        format!("/confirm/{}", self.token.text())
    }

    fn letters_path(&self) -> String {
        format!("/letters/{}", self.token.text())
    }

    /// Whether there is still something to confirm: the letters may all have been taken back before.
    fn waits(&self) -> bool {
        matches!(self.view.progress, Progress::Open(_)) && self.waiting().next().is_some()
    }

    /// The letters that wait to be confirmed.
    fn waiting(&self) -> impl Iterator<Item = &LetterView> {
        self.view.letters.iter().filter(|letter| letter.state == MessageState::Unconfirmed)
    }

    /// What the person agreed to beyond their letters.
    fn agreed(&self) -> Vec<Consent> {
        Consent::ALL.into_iter().filter(|consent| self.view.consents.has(*consent)).collect()
    }
}
