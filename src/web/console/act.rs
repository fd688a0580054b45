//! What somebody in the console does: the body of a form that was handed out to their session.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::session::Staff;
use crate::web::form::{LONG_MAX_BYTES, MAX_BYTES, body};
use crate::web::response::Failure;
use crate::web::upload::Upload;

/// The fields of a form whose CSRF token is this session's; T needs no field for it. `Act<Button>` is a button alone.
pub(super) struct Act<T, const MOST: usize = MAX_BYTES>(pub(super) T);

/// The same for a form that holds a whole text of a campaign: `Act(typed): LongAct<Typed>`.
pub(super) type LongAct<T> = Act<T, LONG_MAX_BYTES>;

/// A form with one file, in its field `file`.
pub(super) struct ActWithFile(pub(super) Upload);

/// A form that is one button.
#[derive(Deserialize)]
pub(super) struct Button {}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Csrf {
    csrf: String,
}

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

impl<T: DeserializeOwned + 'static, const MOST: usize> FromRequest for Act<T, MOST> {
    type Error = Failure;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (check, bytes) = (Staff::check_later(request), body(request, payload, MOST));
        Box::pin(async move {
            let bytes = bytes.await?;
            let Csrf { csrf } = serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure::BadRequest)?;
            check(&csrf)?;
            serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| Failure::BadRequest)
        })
    }
}

impl FromRequest for ActWithFile {
    type Error = Failure;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (check, form) = (Staff::check_later(request), Multipart::from_request(request, payload));
        Box::pin(async move {
            let form = Upload::read(form.await.map_err(|_| Failure::BadRequest)?, "file").await?;
            check(form.field("csrf"))?;
            Ok(Self(form))
        })
    }
}
