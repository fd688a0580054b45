//! The `OpenAPI` document, made from the handlers and the types that they answer with.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{Reply, campaigns, letters};
use crate::web::api;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Standout",
        description = "What a campaign's own programs may read. Nothing in it is personal: no name, no address, no text of a letter. Times are RFC 3339 in UTC, days are those of the campaign's time zone.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        version = "1.0.0",
    ),
    tags(
        (name = "numbers", description = "Campaigns, offices, counts. For tokens of both scopes."),
        (name = "letters", description = "Single letters. For tokens that read letters."),
        (name = "public", description = "For every page of the web, without a token."),
    ),
    paths(campaigns::list, campaigns::counts, campaigns::offices, letters::page, letters::one, serve, api::numbers),
    modifiers(&Token),
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("An API token, made by an admin in the console.".into());
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

static TEXT: LazyLock<String> = LazyLock::new(|| Document::openapi().to_pretty_json().unwrap_or_default());

/// This document
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "public",
    responses((status = 200, description = "The OpenAPI document.", body = Object)),
)]
pub(super) async fn serve() -> Reply {
    Ok(HttpResponse::Ok().content_type("application/json").body(TEXT.as_str()))
}
