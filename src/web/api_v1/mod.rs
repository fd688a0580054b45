//! `/api/v1`: what programs may read, with a token. Nothing in it is personal.

mod campaigns;
mod document;
mod letters;
mod models;
mod problem;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, web};

use super::{Web, bearer, client};
use crate::domain::{ApiScope, Token};
use crate::rate_limit::RetryAfter;
use problem::Problem;

/// What a handler gives.
type Reply = Result<HttpResponse, Problem>;

/// The routes under `/api/v1`. `document` describes each; a test says so.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(read("/api/v1/openapi.json", document::serve))
        .service(read("/api/v1/campaigns", campaigns::list))
        .service(read("/api/v1/campaigns/{slug}/counts", campaigns::counts))
        .service(read("/api/v1/campaigns/{slug}/letters", letters::page))
        .service(read("/api/v1/letters/{id}", letters::one))
        .service(read("/api/v1/offices", campaigns::offices))
        .service(web::resource("/api/v1/{anything:.*}").default_service(web::to(nothing)));
}

async fn nothing() -> Reply {
    Err(Problem::NotFound("The API has no such address. See /api/v1/openapi.json."))
}

async fn only_read() -> Reply {
    Err(Problem::MethodNotAllowed)
}

fn read<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args> + Clone,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(handler.clone())).route(web::head().to(handler)).default_service(web::to(only_read))
}

/// A program that shows a good token. As an argument of a handler it turns everybody else away.
struct Program {
    scope: ApiScope,
}

impl Program {
    /// For what not every token may read.
    fn require(&self, scope: ApiScope) -> Result<(), Problem> {
        if self.scope >= scope { Ok(()) } else { Err(Problem::Forbidden) }
    }

    async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let web = request.app_data::<web::Data<Web>>().ok_or(Problem::Internal)?;
        let client = client::address(request, &web.config.trusted_proxies);
        web.api_limit.check(client).map_err(|RetryAfter(wait)| Problem::TooMany(wait))?;
        let token = bearer::token(request.headers().get(AUTHORIZATION)).and_then(Token::parse).ok_or(Problem::Unauthorized)?;
        let scope = web.auth.api_scope(&token, web.clock.now()).await?.ok_or(Problem::Unauthorized)?;
        Ok(Self { scope })
    }
}

impl FromRequest for Program {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}

/// The value of one query field; the others are left alone.
fn query_field(request: &HttpRequest, name: &str) -> Result<Option<String>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string())
        .map_err(|_| Problem::Unprocessable("The part of the address behind the question mark can't be read."))?;
    Ok(pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value))
}
