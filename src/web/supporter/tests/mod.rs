//! The supporter's pages on a store of its own with the demo roster: the service, and what a test asks of it.

mod form;
mod way;

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::{App, test, web};
use tempfile::TempDir;

use crate::auth::Auth;
use crate::config::Config;
use crate::domain::{Clock, Slug, Timestamp, UsState};
use crate::inbound::Inbound;
use crate::intake::{Addressing, Intake};
use crate::mail::ReturnPath;
use crate::rate_limit::ClientLimiter;
use crate::render::{Notices, TemplateFiles, demo_campaigns};
use crate::store::{Store, campaigns, offices, places, queue};
use crate::web::{Web, frame, routes};
use crate::{districts, roster};

const PEOPLE: &[u8] = include_bytes!("../../../../demo/officials.csv");
const TOWNS: &[u8] = include_bytes!("../../../../demo/towns.csv");
const START: Timestamp = Timestamp::from_millis(1_795_000_000_000);

struct Service {
    web: web::Data<Web>,
    clock: Clock,
    _folder: TempDir,
}

struct Page {
    status: StatusCode,
    headers: header::HeaderMap,
    html: String,
}

impl Page {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The value of the hidden field, as a browser would send it.
    fn hidden(&self, name: &str) -> &str {
        let begin = format!("name=\"{name}\" value=\"");
        self.html.split_once(&begin).and_then(|(_, rest)| rest.split_once('"')).unwrap().0
    }

    fn has(&self, text: &str) -> &Self {
        assert!(self.html.contains(text), "{text:?} is missing in {}", self.html);
        self
    }

    fn lacks(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{text:?} is in {}", self.html);
        self
    }
}

/// A service with the demo in it; `closes` is put into the campaign's settings.
async fn service(per_hour: u32, closes: Option<&str>) -> Service {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("standout.sqlite3")).unwrap();
    let state = UsState::parse("ma").unwrap();
    let people = roster::read_people(PEOPLE, "officials.csv").unwrap();
    let people = people.people;
    let towns = districts::read_towns(TOWNS, "towns.csv").unwrap();
    let mut files = demo_campaigns().remove(0);
    if let Some(closes) = closes {
        let settings = files.get_mut("campaign.toml").unwrap();
        *settings = settings.replacen("\n[[measures]]", &format!("\ncloses = \"{closes}\"\n[[measures]]"), 1);
    }
    store
        .write(move |tx| {
            places::import_towns(tx, state, &towns, true)?;
            offices::replace_roster(tx, state, &people, true, START)?;
            campaigns::import(tx, &Slug::parse("ma-287g").unwrap(), "America/New_York", &files, "test", START)
        })
        .await
        .unwrap();
    let clock = Clock::manual(START);
    let data = folder.path().display().to_string();
    let config = Config::from_lookup(|name| (name == "DATA_DIR").then(|| data.clone())).unwrap();
    let templates = TemplateFiles::new(None);
    let addressing = Addressing { public_url: "http://localhost:8080".into(), mail_from: config.mail_from.clone() };
    let notices = Notices::load(&templates).unwrap();
    let intake = Intake::start(store.clone(), notices, templates, addressing, None, clock.clone(), Arc::default()).unwrap();
    let limit = |count| ClientLimiter::new(per_hour, count, clock.clone());
    let web = Web {
        visits: crate::web::Visits::default(),
        live: crate::web::Live::default(),
        unknown_proxy: crate::web::UnknownProxy::default(),
        pulses: crate::domain::Pulses::new(&clock),
        connections: Arc::new(crate::web::Connections::new(100, Vec::new())),
        bodies: Arc::default(),
        metrics: Arc::default(),
        inbound: Inbound::new(store.clone(), ReturnPath::new("a key for tests", None, config.mail_from.clone()), clock.clone()),
        config: Arc::new(config),
        auth: Auth::new(store.clone()).unwrap(),
        staff_actions: crate::staff_actions::StaffActions::new(store.clone(), intake.clone(), clock.clone(), Arc::default()),
        store,
        intake,
        clock: clock.clone(),
        signup_limit: limit(1),
        preview_limit: limit(3),
        lookup_limit: limit(1),
        login_limit: limit(1),
        api_limit: limit(0),
        sample_limit: limit(1),
    };
    Service { web: web::Data::new(web), clock, _folder: folder }
}

impl Service {
    async fn send(&self, request: test::TestRequest) -> Page {
        let app = test::init_service(App::new().app_data(self.web.clone()).wrap(from_fn(frame)).configure(routes)).await;
        let response: ServiceResponse = test::call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let html = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
        Page { status, headers, html }
    }

    async fn get(&self, path: &str) -> Page {
        self.send(test::TestRequest::get().uri(path)).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(test::TestRequest::post().uri(path).set_form(form)).await
    }

    /// A form's token, long enough ago that a person could have typed.
    async fn token(&self) -> String {
        let token = self.get("/").await.hidden("form_token").to_owned();
        self.clock.advance(Duration::from_secs(10));
        token
    }

    async fn step(&self, step: &str, form: &[(&str, &str)]) -> Page {
        self.post(&format!("/campaigns/ma-287g/{step}"), form).await
    }

    /// Signs up and gives the secret from the mail's link.
    async fn signed_up(&self, city: &str) -> String {
        let token = self.token().await;
        let form = [person(city, &token), vec![("consent", "yes"), ("story", "My sister asked me <to>.")]].concat();
        let page = self.step("signups", &form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
        assert_eq!(page.location(), "/campaigns/ma-287g/check-your-email");
        self.get(page.location()).await.has("Check your mail");
        let now = self.clock.now();
        let mail = self.web.store.write(move |tx| queue::claim(tx, "test", 1, 10, Duration::from_mins(1), now)).await.unwrap();
        let text = &mail.last().unwrap().text;
        text.split_once("/confirm/").unwrap().1[..43].to_owned()
    }
}

fn person<'a>(city: &'a str, token: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", "Ana O'Example"),
        ("email", "ana@example.org"),
        ("street", "1 Main Street"),
        ("city", city),
        ("zip", "01099"),
        ("form_token", token),
    ]
}
