//! Telling another server something: one POST, bounded in time, to that server and no other.

use std::io;
use std::time::Duration;

use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::Url;

use super::{FetchError, network, shown};
use crate::domain::{is_public, may_be_told};

/// Tells servers things. Connections are kept for the next time: it belongs to one runtime.
pub struct Poster {
    client: Client,
    development: bool,
}

impl Poster {
    /// Outside development only servers that everybody reaches are told anything, whatever their names lead to.
    ///
    /// # Errors
    /// When no client can be made, as without certificates.
    pub fn new(development: bool) -> Result<Self, FetchError> {
        let builder = Client::builder()
            .user_agent(concat!("standout/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy();
        let builder = if development { builder } else { builder.dns_resolver(std::sync::Arc::new(PublicOnly)) };
        Ok(Self { client: builder.build().map_err(|error| network("the client", &error))?, development })
    }

    /// Sends a JSON body with these headers. Gives the status, which is a success (2xx); what else the answer holds is not read,
    /// and where it points is not followed.
    ///
    /// # Errors
    /// [`FetchError`]; an answer that is no success is one.
    pub async fn post(&self, url: &Url, headers: &[(&str, String)], body: String, timeout: Duration) -> Result<u16, FetchError> {
        let from = shown(url);
        if !may_be_told(url, self.development) {
            return Err(FetchError::NotAllowed { from });
        }
        let mut request = self.client.post(url.clone()).header("Content-Type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = match tokio::time::timeout(timeout, request.send()).await {
            Ok(answer) => answer.map_err(|error| network(&from, &error))?,
            Err(_) => return Err(FetchError::TimedOut { from, limit: timeout }),
        };
        let status = answer.status();
        if status.is_redirection() {
            return Err(FetchError::Redirected { from });
        }
        if status.is_success() { Ok(status.as_u16()) } else { Err(FetchError::Status { from, status: status.as_u16() }) }
    }
}

/// Looks names up, and knows of no address that only this machine or its network reaches.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("its name leads to no address that everybody reaches").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
