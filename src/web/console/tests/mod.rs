//! The staff's side over real requests and a real database.

mod console;
mod doors;
mod faults;
mod overview;
mod sending;
mod tables;

use std::collections::BTreeSet;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, SET_COOKIE};
use actix_web::middleware::from_fn;
use actix_web::{App, test, web};
use tempfile::TempDir;
use tokio::sync::Notify;

use super::super::{Web, api, frame};
use crate::auth::Auth;
use crate::config::Config;
use crate::districts::read_towns;
use crate::domain::{Clock, Doubt, EmailAddress, Role, SignupForm, Timestamp, Token, UsState};
use crate::inbound::Inbound;
use crate::intake::{Addressing, Intake, Location};
use crate::mail::ReturnPath;
use crate::rate_limit::ClientLimiter;
use crate::render::{Notices, TemplateFiles, demo_campaigns};
use crate::roster::read_people;
use crate::staff_actions::StaffActions;
use crate::store::attempts::{self, AttemptResult, Disposition};
use crate::store::queue;
use crate::store::{Store, Tx, campaigns, mailboxes, offices, pauses, places};

const PASSWORD: &str = "four words in a row";

/// A service with the demo in a folder of its own.
struct Bench {
    web: web::Data<Web>,
    _folder: TempDir,
}

impl Bench {
    fn new(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lookup = |name: &str| match name {
            "DATA_DIR" => Some(folder.path().to_string_lossy().into_owned()),
            name => settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        };
        let config = Config::from_lookup(lookup).unwrap();
        let clock = Clock::manual(Timestamp::from_millis(1_795_000_000_000));
        let store = Store::open(&config.database).unwrap();
        blocking(|| load_demo(&store, clock.now()));
        let templates = TemplateFiles::new(None);
        let addressing = Addressing { public_url: "http://localhost".into(), mail_from: config.mail_from.clone() };
        let notices = Notices::load(&templates).unwrap();
        let intake =
            Intake::start(store.clone(), notices, templates, addressing, None, clock.clone(), Arc::new(Notify::new())).unwrap();
        let limit = |per_hour| ClientLimiter::new(per_hour, 5, clock.clone());
        let auth = Auth::new(store.clone()).unwrap();
        let web = Web {
            visits: crate::web::Visits::default(),
            live: crate::web::Live::default(),
            unknown_proxy: crate::web::UnknownProxy::default(),
            pulses: crate::domain::Pulses::new(&clock),
            connections: Arc::new(crate::web::Connections::new(100, Vec::new())),
            bodies: Arc::default(),
            metrics: std::sync::Arc::default(),
            inbound: Inbound::new(
                store.clone(),
                ReturnPath::new("a key for tests", None, config.mail_from.clone()),
                clock.clone(),
            ),
            staff_actions: StaffActions::new(store.clone(), intake.clone(), clock.clone(), Arc::default()),
            store,
            intake,
            auth,
            signup_limit: limit(0),
            preview_limit: limit(0),
            lookup_limit: limit(config.limits.signups_per_ip_per_hour),
            login_limit: limit(config.limits.logins_per_ip_per_hour),
            api_limit: limit(0),
            sample_limit: limit(config.limits.logins_per_ip_per_hour),
            config: Arc::new(config),
            clock: clock.clone(),
        };
        Self { web: web::Data::new(web), _folder: folder }
    }

    fn login(&self, email: &str, role: Role) {
        let email = EmailAddress::parse(email).unwrap();
        blocking(|| self.web.auth.save_blocking(email, PASSWORD, role, self.web.clock.now())).unwrap();
    }

    /// The path of a one-time link.
    fn invite(&self) -> String {
        let invite = blocking(|| self.web.auth.first_invite_blocking(self.web.clock.now())).unwrap().unwrap();
        format!("/staff/setup/{}", invite.text())
    }

    /// Signs `email` up; gives the secret of the link in the confirmation.
    async fn sign_up(&self, email: &str) -> Token {
        let form = SignupForm {
            name: "Ana Lima".into(),
            email: email.into(),
            street: "1 Quay Street".into(),
            city: "Saltwick".into(),
            zip: "01099".into(),
            consent: "yes".into(),
            ..SignupForm::default()
        };
        let entry = self.web.intake.catalog().by_slug("ma-287g").unwrap();
        let Ok(complete) = Intake::read(&entry, &form, &Location::unknown(Doubt::TownOnly)).unwrap() else {
            panic!("the form is complete")
        };
        self.web.intake.accept(&entry, complete).await.unwrap();
        let mails = self.send_all(Disposition::Sent).await;
        let secret = mails[0].split("/confirm/").nth(1).unwrap().chars().take(43).collect::<String>();
        Token::parse(&secret).unwrap()
    }

    /// Does the sender's work: everything that is due ends with `disposition`. Gives the texts.
    async fn send_all(&self, disposition: Disposition) -> Vec<String> {
        let now = self.web.clock.now();
        let mut texts = Vec::new();
        for due in self.web.store.read(move |conn| queue::due(conn, &BTreeSet::new(), 10, now)).await.unwrap() {
            let lease = Duration::from_secs(10);
            let claim = move |tx: &mut Tx<'_>| queue::claim(tx, "test", due.destination_id, 10, lease, now);
            for work in self.web.store.write(claim).await.unwrap() {
                texts.push(work.text.clone());
                let ended =
                    AttemptResult { took: Duration::ZERO, step: "body", code: Some(250), enhanced: None, reply: "ok".into() };
                let record = move |tx: &mut Tx<'_>| attempts::record(tx, "test", &work, &ended, disposition, now);
                assert!(self.web.store.write(record).await.unwrap());
            }
        }
        texts
    }

    /// A browser in front of this service.
    async fn browser(&self) -> Browser {
        let app = App::new().app_data(self.web.clone()).wrap(from_fn(frame)).configure(super::routes).configure(api::routes);
        let service = Rc::new(test::init_service(app).await);
        let call = move |request: test::TestRequest| -> Answering {
            let service = Rc::clone(&service);
            Box::pin(async move { test::call_service(&*service, request.to_request()).await })
        };
        Browser { call: Box::new(call), cookies: Vec::new() }
    }
}

/// On a thread that may block; a test's own may not.
fn blocking<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

fn load_demo(store: &Store, now: Timestamp) {
    let state = UsState::parse("ma").unwrap();
    let people = read_people(include_str!("../../../../demo/officials.csv").as_bytes(), "officials.csv").unwrap().people;
    let towns = read_towns(include_str!("../../../../demo/towns.csv").as_bytes(), "towns.csv").unwrap();
    let files = demo_campaigns().remove(0);
    store
        .write_blocking(move |tx| {
            offices::replace_roster(tx, state, &people, true, now)?;
            places::import_towns(tx, state, &towns, true)?;
            let slug = crate::domain::Slug::parse("ma-287g").unwrap();
            campaigns::import(tx, &slug, "America/New_York", &files, "demo", now)
        })
        .unwrap();
}

/// What came back, with what a browser would look at.
struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answered {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `Set-Cookie` line of that cookie.
    fn set_cookie(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.get_all(SET_COOKIE).map(|value| value.to_str().unwrap());
        lines.find(|line| line.starts_with(&format!("{name}=")))
    }

    fn csrf(&self) -> String {
        let after = self.body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    }
}

type Answering = Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>;

/// Keeps cookies and speaks to one service.
struct Browser {
    call: Box<dyn Fn(test::TestRequest) -> Answering>,
    cookies: Vec<(String, String)>,
}

impl Browser {
    async fn get(&mut self, path: &str) -> Answered {
        self.send(test::TestRequest::get().uri(path)).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.send(test::TestRequest::post().uri(path).set_form(fields)).await
    }

    async fn send(&mut self, mut request: test::TestRequest) -> Answered {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.insert_header(("Cookie", cookies.join("; ")));
        }
        let response = (self.call)(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all(SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let body = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
        Answered { status, headers, body }
    }

    async fn log_in(&mut self, email: &str, password: &str) -> Answered {
        let csrf = self.get("/staff/login").await.csrf();
        self.post("/staff/login", &[("csrf", &csrf), ("email", email), ("password", password)]).await
    }
}
