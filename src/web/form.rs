//! Reading a form's body: bounded, and with an answer for everything that may come.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

use super::answer::Failure;

/// The longest form: all fields at their limits, in four-byte characters, percent-encoded, fit several times.
const MAX_BYTES: usize = 128 * 1024;
/// How much of a body that is too long is still read: a client in the middle of sending would never see our answer.
const DRAIN_BYTES: usize = 16 * 1024 * 1024;

/// The fields of an `application/x-www-form-urlencoded` body. Bytes that are no UTF-8 arrive as U+FFFD, which no
/// parsed type takes, so the person sees what came and can correct it.
pub(super) struct Form<T>(pub(super) T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Payload::from_request(request, payload);
        let is_form = actix_web::HttpMessage::content_type(request) == "application/x-www-form-urlencoded";
        Box::pin(async move {
            let body = body.await.map_err(|_| Failure::BadRequest)?;
            let bytes = read(body).await?;
            if !is_form {
                return Err(Failure::BadRequest);
            }
            serde_urlencoded::from_bytes(&bytes).map(Form).map_err(|_| Failure::BadRequest)
        })
    }
}

async fn read(mut body: web::Payload) -> Result<Vec<u8>, Failure> {
    use futures_util::StreamExt;
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Failure::BadRequest)?;
        length += chunk.len();
        if length <= MAX_BYTES {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes.clear();
        }
        if length > DRAIN_BYTES {
            break;
        }
    }
    if length > MAX_BYTES { Err(Failure::TooLarge) } else { Ok(bytes) }
}
