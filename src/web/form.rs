//! Reading a form's body: bounded, and with an answer for everything that may come.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

use super::response::Failure;

/// The longest form: all fields at their limits, in four-byte characters, percent-encoded, fit several times.
pub(super) const MAX_BYTES: usize = 128 * 1024;
/// The longest form that holds a whole text of a campaign: twice the most that may be kept, percent-encoded, so that a text that is
/// too long comes back with what is wrong.
pub(super) const LONG_MAX_BYTES: usize = 1280 * 1024;
/// How much of a body that is too long is still read: a client in the middle of sending would never see our answer.
const DRAIN_BYTES: usize = 16 * 1024 * 1024;

/// The fields of an `application/x-www-form-urlencoded` body. Bytes that are no UTF-8 arrive as U+FFFD, which no
/// parsed type takes, so the person sees what came and can correct it.
pub(super) struct Form<T>(pub(super) T);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Failure;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = body(request, payload, MAX_BYTES);
        Box::pin(async move { serde_urlencoded::from_bytes(&bytes.await?).map(Self).map_err(|_| Failure::BadRequest) })
    }
}

/// The bytes of a form's body.
pub(super) fn body(request: &HttpRequest, payload: &mut Payload, most: usize) -> Reading<Vec<u8>> {
    let body = web::Payload::from_request(request, payload);
    let is_form = actix_web::HttpMessage::content_type(request) == "application/x-www-form-urlencoded";
    Box::pin(async move {
        let bytes = read(body.await.map_err(|_| Failure::BadRequest)?, most).await?;
        if is_form { Ok(bytes) } else { Err(Failure::BadRequest) }
    })
}

async fn read(mut body: web::Payload, most: usize) -> Result<Vec<u8>, Failure> {
    use futures_util::StreamExt;
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Failure::BadRequest)?;
        length += chunk.len();
        if length <= most {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes.clear();
        }
        if length > DRAIN_BYTES {
            break;
        }
    }
    if length > most { Err(Failure::TooLarge) } else { Ok(bytes) }
}
