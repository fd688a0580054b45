//! Who is logged in: two cookies, and the guard that lets nobody else into the console.
//!
//! `standout_session` holds the secret of a session, of which the database keeps a hash. `standout_form` holds random
//! text from before the log-in, so that the forms of that time have a CSRF token too. `standout_known` says for half a year that
//! this browser has logged in with an address: its tries are counted apart, so that others' wrong passwords don't keep it out.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};

use super::super::health::stands_still;
use super::super::parts::{Page, StaffNav, StatusLine};
use super::super::response::{Failure, see_other};
use super::super::{Web, client, form_token};
use super::nav::{Here, Place, Section, places, setup};
use super::status::{Paths, Status};
use super::words;
use crate::auth::SESSION_LASTS;
use crate::config::Config;
use crate::domain::{Actor, EmailAddress, Role, StaffPauseOf, TimeZone, Token};
use crate::intake::CampaignEntry;
use crate::rate_limit::RetryAfter;
use crate::store::staff::StaffMember;

const SESSION: &str = "standout_session";
const NONCE: &str = "standout_form";
const KNOWN: &str = "standout_known";
const KNOWN_FOR: Duration = Duration::from_hours(24 * 180);
/// All cookies go to the console only, never along with a supporter's pages.
const PATH: &str = "/staff";

/// Somebody who is logged in, with a role that the route asks for.
#[derive(Clone)]
pub(super) struct Staff {
    /// Who it is.
    pub(super) member: StaffMember,
    /// The CSRF token of this session's forms.
    csrf: String,
    session: Token,
    /// How the sender was when they asked; `None` outside the console.
    status: Option<Arc<Status>>,
}

impl Staff {
    /// Who is logged in with the cookie of this request; `None` for nobody.
    pub(super) async fn of(request: &HttpRequest, web: &Web) -> Result<Option<Self>, Failure> {
        let cookie = request.cookie(name(&web.config, SESSION).as_str());
        let Some(session) = cookie.and_then(|cookie| Token::parse(cookie.value())) else { return Ok(None) };
        let member = web.auth.of_session(&session, web.clock.now()).await?;
        let csrf = form_token::csrf(&web.config.secret_key, &session.text());
        Ok(member.map(|member| Self { member, csrf, session, status: None }))
    }

    /// The same, knowing how the sender is now.
    async fn with_status(self, web: &Web) -> Result<Self, Failure> {
        let (limits, still, now) = (web.config.limits, stands_still(&web.pulses.sender), web.clock.now());
        let status = web.store.read(move |conn| Status::read(conn, limits, still, now)).await?;
        Ok(Self { status: Some(Arc::new(status)), ..self })
    }

    /// Whom [`guard`] let in.
    fn admitted(request: &HttpRequest) -> Result<Self, Failure> {
        let missing = || Failure::Internal("a console route has no guard".into());
        request.extensions().get::<Self>().cloned().ok_or_else(missing)
    }

    /// What checks a form of whom [`guard`] let in, once it is read.
    pub(super) fn check_later(request: &HttpRequest) -> impl FnOnce(&str) -> Result<(), Failure> + use<> {
        let (staff, web) = (Self::admitted(request), request.app_data::<web::Data<Web>>().cloned());
        move |csrf| {
            let web = web.ok_or_else(no_data)?;
            staff?.check(&web, csrf)
        }
    }

    /// The secret of the session, to end it.
    pub(super) fn session(&self) -> &Token {
        &self.session
    }

    /// Who acts, for the audit log.
    pub(super) fn actor(&self) -> Actor {
        Actor::Staff(self.member.email.clone())
    }

    /// Whether their role is at least this.
    pub(super) fn may(&self, role: Role) -> bool {
        self.member.role >= role
    }

    /// Checks the CSRF token of a form of this session.
    pub(super) fn check(&self, web: &Web, csrf: &str) -> Result<(), Failure> {
        let good = form_token::is_csrf(&web.config.secret_key, &self.session.text(), csrf);
        if good { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// The frame of a console page.
    pub(super) fn page(&self, web: &Web, here: Place, title: &str) -> Page {
        let paths = Paths { stop: "/staff/sending/pause".into(), resume: "/staff/sending/end-pause".into() };
        let status = self.status(StaffPauseOf::Everything, &words::zone(&web.intake.catalog()), paths);
        self.frame(web, Here::Place(here), status, None, title)
    }

    /// The frame of a page about the letters to one office.
    pub(super) fn office_page(&self, web: &Web, office: i64, title: &str) -> Page {
        let status = self.office_status(office, &words::zone(&web.intake.catalog()));
        self.frame(web, Here::Place(Place::Sending), status, None, title)
    }

    /// The frame of a page about one campaign.
    pub(super) fn campaign_page(&self, web: &Web, entry: &CampaignEntry, here: Section, title: &str) -> Page {
        let settings = &entry.campaign.settings;
        let base = format!("/staff/campaigns/{}/steering", settings.slug);
        let paths = Paths { stop: format!("{base}/pause"), resume: format!("{base}/resume") };
        let status = self.status(StaffPauseOf::Campaign(entry.id), &settings.time_zone, paths);
        self.frame(web, Here::Section(here), status, Some(entry), title)
    }

    /// The frame of a page about one office in a campaign.
    pub(super) fn campaign_office_page(&self, web: &Web, entry: &CampaignEntry, office: i64, title: &str) -> Page {
        let page = self.campaign_page(web, entry, Section::Officials, title);
        let status = self.office_status(office, &entry.campaign.settings.time_zone);
        Page { staff: page.staff.map(|staff| StaffNav { status, ..staff }), ..page }
    }

    fn office_status(&self, office: i64, zone: &TimeZone) -> StatusLine {
        let base = format!("/staff/sending/offices/{office}");
        let paths = Paths { stop: format!("{base}/pause"), resume: format!("{base}/resume") };
        self.status(StaffPauseOf::Office(office), zone, paths)
    }

    fn status(&self, of: StaffPauseOf, zone: &TimeZone, paths: Paths) -> StatusLine {
        let may_change = self.may(Role::Editor);
        self.status.as_ref().map(|status| status.line(of, zone, may_change, paths)).unwrap_or_default()
    }

    /// `about` is the campaign of a campaign's page; where there is only one, it is in view on every page.
    fn frame(&self, web: &Web, here: Here, status: StatusLine, about: Option<&CampaignEntry>, title: &str) -> Page {
        let catalog = web.intake.catalog();
        let only = || if let [only] = catalog.campaigns() { Some(&**only) } else { None };
        let campaign = about.or_else(only).map(|entry| &entry.campaign.settings);
        let nav = StaffNav {
            email: self.member.email.clone(),
            role: self.member.role.as_str(),
            csrf: self.csrf.clone(),
            places: places(self.member.role, campaign.map(|campaign| &campaign.slug), here),
            setup: setup(self.member.role, here),
            status,
            campaign: campaign.map(|campaign| campaign.title.clone()),
        };
        Page { staff: Some(nav), width: "wide", ..web.page_frame(title) }
    }
}

/// Around every route that needs a role: lets those in who have it, and tells the handler who it is.
pub(super) async fn guard(role: Role, request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, actix_web::Error> {
    match admit(&request, role).await {
        Ok(staff) => {
            request.extensions_mut().insert(staff);
            next.call(request).await
        }
        Err(response) => Ok(request.into_response(response)),
    }
}

/// Who asks, if their role is at least this; else what they are told.
async fn admit(request: &ServiceRequest, role: Role) -> Result<Staff, HttpResponse> {
    let refuse = |failure: Failure| failure.error_response();
    let web = request.app_data::<web::Data<Web>>().ok_or_else(|| refuse(no_data()))?;
    match Staff::of(request.request(), web).await.map_err(refuse)? {
        Some(staff) if staff.may(role) => staff.with_status(web).await.map_err(refuse),
        Some(_) => Err(refuse(Failure::Needs(role))),
        None if matches!(*request.method(), Method::GET | Method::HEAD) => Err(see_other("/staff/login")),
        None => Err(refuse(Failure::Forbidden)),
    }
}

fn no_data() -> Failure {
    Failure::Internal("the web room's data is missing".into())
}

impl FromRequest for Staff {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::admitted(request))
    }
}

/// The random text from before the log-in: the browser's own, or a new one that `new` says to set.
pub(super) struct Nonce {
    text: String,
    new: bool,
}

impl Nonce {
    /// The browser's, or a new one.
    pub(super) fn of(request: &HttpRequest, web: &Web) -> Self {
        match Self::known(request, web) {
            Some(text) => Self { text, new: false },
            None => Self { text: Token::random().text(), new: true },
        }
    }

    fn known(request: &HttpRequest, web: &Web) -> Option<String> {
        let cookie = request.cookie(name(&web.config, NONCE).as_str())?;
        Token::parse(cookie.value()).map(|token| token.text())
    }

    /// Whether `csrf` was handed out to this browser.
    pub(super) fn is_from(request: &HttpRequest, web: &Web, csrf: &str) -> bool {
        Self::known(request, web).is_some_and(|text| form_token::is_csrf(&web.config.secret_key, &text, csrf))
    }

    /// The CSRF token of a form.
    pub(super) fn csrf(&self, web: &Web) -> String {
        form_token::csrf(&web.config.secret_key, &self.text)
    }

    /// Gives the browser the cookie that goes with the form, where it has none.
    pub(super) fn keep(self, web: &Web, mut response: HttpResponse) -> Result<HttpResponse, Failure> {
        if self.new {
            let cookie = cookie(&web.config, NONCE, self.text).finish();
            response.add_cookie(&cookie).map_err(|error| Failure::Internal(error.to_string()))?;
        }
        Ok(response)
    }
}

/// Counts a try to log in with this address; a browser that has done it before has tries of its own.
pub(super) fn count_try(web: &Web, request: &HttpRequest, email: Option<&EmailAddress>) -> Result<(), RetryAfter> {
    let kept = request.cookie(name(&web.config, KNOWN).as_str());
    let known = kept.as_ref().zip(email);
    match known.and_then(|(kept, email)| form_token::read_known_browser(&web.config.secret_key, kept.value(), email)) {
        Some(browser) => web.login_limit.check_browser(browser),
        None => web.login_limit.check(client::address(request, &web.config.trusted_proxies)),
    }
}

/// Lets the new session in, and leads to the console. The browser is known from now on.
pub(super) fn welcome(web: &Web, session: &Token, email: &EmailAddress) -> Result<HttpResponse, Failure> {
    let lasting = |base, value, lasts: Duration| {
        let seconds = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
        cookie(&web.config, base, value).max_age(CookieDuration::seconds(seconds)).finish()
    };
    let known = form_token::known_browser(&web.config.secret_key, email);
    let response = with_cookie(see_other("/staff"), &lasting(KNOWN, known, KNOWN_FOR))?;
    with_cookie(response, &lasting(SESSION, session.text(), SESSION_LASTS))
}

/// Takes the cookie away, and leads to the log-in.
pub(super) fn farewell(web: &Web) -> Result<HttpResponse, Failure> {
    let mut cookie = cookie(&web.config, SESSION, String::new()).finish();
    cookie.make_removal();
    with_cookie(see_other("/staff/login?out=1"), &cookie)
}

fn with_cookie(mut response: HttpResponse, cookie: &Cookie<'_>) -> Result<HttpResponse, Failure> {
    response.add_cookie(cookie).map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(response)
}

/// `Lax`, so that a link in a mail leads a logged-in person to its page; no form of another site carries it.
fn cookie(config: &Config, base: &str, value: String) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(name(config, base), value).path(PATH).http_only(true).same_site(SameSite::Lax).secure(!config.is_development())
}

/// Over https with the prefix by which browsers take such a cookie from https only
/// (RFC 6265bis section 4.1.3.1); `__Host-` would not allow the path.
fn name(config: &Config, base: &str) -> String {
    if config.is_development() { base.to_owned() } else { format!("__Secure-{base}") }
}
