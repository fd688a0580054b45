//! Asking other servers over HTTP, and telling them: one GET or POST, bounded in time and size.
//!
//! What is asked can be personal (an address), so no error text holds a query, a request with a query goes to the one
//! server it is meant for and to no other, and proxies that the environment names are not used: they would read along.

mod post;

use std::error::Error;
use std::sync::LazyLock;
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use crate::domain::may_be_asked;

pub use post::Poster;

/// How often an answer may point elsewhere.
const REDIRECTS: usize = 3;

/// Why there is no answer. `from` is the server's address without any query.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Plain http to a server elsewhere, a log-in in the address, or no web address at all.
    #[error("{from} is not asked: it must begin with https:// and hold no log-in (http:// only for this machine or its network)")]
    NotAllowed {
        /// Where from.
        from: String,
    },
    /// The time is over.
    #[error("{from} did not answer completely within {} seconds", limit.as_secs_f32())]
    TimedOut {
        /// Where from.
        from: String,
        /// How long it had, in all.
        limit: Duration,
    },
    /// The answer is larger than it may be.
    #[error("{from} sent more than {max} bytes, which is more than such an answer can have")]
    TooBig {
        /// Where from.
        from: String,
        /// The most bytes it may have.
        max: usize,
    },
    /// The server answered, but not with what was asked for.
    #[error("{from} answered with HTTP status {status}")]
    Status {
        /// Where from.
        from: String,
        /// Such as 404.
        status: u16,
    },
    /// The answer points to somewhere that is not asked.
    #[error("{from} points to another address, which is not followed")]
    Redirected {
        /// Where from.
        from: String,
    },
    /// Not reached, or the connection broke.
    #[error("{from} can't be reached: {cause}")]
    Network {
        /// Where from.
        from: String,
        /// What the system said.
        cause: String,
    },
}

/// The body that `url` answers with, asked with these query fields.
///
/// `timeout` is for everything together: finding the server, redirects, the last byte. Redirects are followed three
/// times at most, to `https` or to the same server; with a query, to the same server only.
///
/// # Errors
/// [`FetchError`]; an answer that is no success (2xx) is one. No error text holds the query.
pub async fn get(url: &Url, query: &[(&str, &str)], timeout: Duration, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let mut asked = url.clone();
    if !query.is_empty() {
        asked.query_pairs_mut().extend_pairs(query);
    }
    match tokio::time::timeout(timeout, follow(asked, max_bytes)).await {
        Ok(answer) => answer,
        Err(_) => Err(FetchError::TimedOut { from: shown(url), limit: timeout }),
    }
}

async fn follow(mut url: Url, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    for _ in 0..=REDIRECTS {
        let from = shown(&url);
        if !may_be_asked(&url) {
            return Err(FetchError::NotAllowed { from });
        }
        let client = CLIENT.as_ref().map_err(|error| network(&from, error))?;
        let response = client.get(url.clone()).send().await.map_err(|error| network(&from, &error))?;
        let status = response.status();
        if !status.is_redirection() {
            if !status.is_success() {
                return Err(FetchError::Status { from, status: status.as_u16() });
            }
            return body(response, &from, max_bytes).await;
        }
        let next = response.headers().get(LOCATION).and_then(|to| url.join(to.to_str().ok()?).ok());
        url = match next {
            Some(next) if next.origin() == url.origin() => next,
            Some(next) if url.query().is_none() && next.scheme() == "https" => next,
            _ => return Err(FetchError::Redirected { from }),
        };
    }
    Err(FetchError::Redirected { from: shown(&url) })
}

async fn body(mut response: Response, from: &str, max: usize) -> Result<Vec<u8>, FetchError> {
    let too_big = || FetchError::TooBig { from: from.to_owned(), max };
    if response.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > max)) {
        return Err(too_big());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network(from, &error))? {
        if bytes.len() + chunk.len() > max {
            return Err(too_big());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Certificates are read once. Idle connections are not kept: they belong to the runtime that opened them, and each
/// worker of the service has its own.
static CLIENT: LazyLock<Result<Client, reqwest::Error>> = LazyLock::new(|| {
    Client::builder()
        .user_agent(concat!("standout/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
});

/// The last cause in the chain says what the system said; those before it may name the whole address.
fn network(from: &str, error: &reqwest::Error) -> FetchError {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(Error::source) {
        cause = Some(deeper);
    }
    let cause = cause.map_or_else(|| "the connection broke".to_owned(), ToString::to_string);
    FetchError::Network { from: from.to_owned(), cause }
}

/// An address for messages: without log-in, query and fragment.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Both fail only for addresses that have no host, and so no log-in.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
