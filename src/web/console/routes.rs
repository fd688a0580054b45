//! Every route of the console: its method, its path, the least role that may use it, and what answers.
//!
//! The router is built from this list, and so is the test of what each role may do: a route without a role can't exist.

use actix_web::dev::ServiceRequest;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, Resource, Responder, Route, web};

use super::session::guard;
use super::{
    account, answers, coverage, events, export, exports, home, letter, letters, log, login, map, measures, meeting, office,
    office_sending, overview, people, positions, positions_upload, problems, queues, roster, sending, setup, stands, steering,
    tables, texts, tokens, webhooks,
};
use crate::domain::Role;

/// The least that is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: the doors themselves.
    Nobody,
    /// Aggregate numbers and officials, no personal data.
    Viewer,
    /// Changes of campaigns and letters.
    Editor,
    /// Decisions about people and programs.
    Admin,
}

use Needs::{Admin, Editor, Nobody, Viewer};

/// In the order in which the router tries them: a fixed word stands before a `{name}` in its place.
fn list() -> Vec<ConsoleRoute> {
    vec![
        get("/staff/login", Nobody, login::form),
        post("/staff/login", Nobody, login::log_in),
        post("/staff/logout", Nobody, login::log_out),
        get("/staff/setup/{token}", Nobody, setup::form),
        post("/staff/setup/{token}", Nobody, setup::accept),
        get("/staff", Viewer, home::home),
        get("/staff/account", Viewer, account::page),
        post("/staff/account/password", Viewer, account::change_password),
        post("/staff/account/sign-out-everywhere", Viewer, account::sign_out_everywhere),
        get("/staff/people", Admin, people::page),
        post("/staff/people/invitations", Admin, people::invite),
        post("/staff/people/invitations/{id}/revoke", Admin, people::revoke),
        post("/staff/people/{id}/role", Admin, people::change_role),
        post("/staff/people/{id}/remove", Admin, people::remove),
        get("/staff/log", Editor, log::page),
        get("/staff/tokens", Admin, tokens::page),
        post("/staff/tokens", Admin, tokens::make),
        post("/staff/tokens/{id}/revoke", Admin, tokens::revoke),
        get("/staff/webhooks", Admin, webhooks::page),
        post("/staff/webhooks", Admin, webhooks::add),
        post("/staff/webhooks/{id}/{act}", Admin, webhooks::press),
        // What goes out, for the whole service.
        get("/staff/sending", Viewer, queues::page),
        post("/staff/sending/resume", Editor, sending::resume),
        get("/staff/answers", Editor, answers::page),
        post("/staff/answers/{id}/{act}", Editor, answers::press),
        post("/staff/sending/blocked-again", Editor, sending::blocked_again),
        post("/staff/sending/pause", Editor, office_sending::pause_all),
        post("/staff/sending/end-pause", Editor, office_sending::end_pause_of_all),
        get("/staff/sending/offices/{office}", Viewer, office_sending::page),
        post("/staff/sending/offices/{office}/pause", Editor, office_sending::pause),
        post("/staff/sending/offices/{office}/resume", Editor, office_sending::resume),
        post("/staff/sending/offices/{office}/pace", Editor, office_sending::pace),
        post("/staff/sending/offices/{office}/common-pace", Editor, office_sending::common_pace),
        post("/staff/mailboxes/{official}/release", Editor, sending::release),
        // Who holds which office, and where they stand.
        get("/staff/roster", Viewer, roster::page),
        post("/staff/roster", Editor, roster::upload),
        get("/staff/roster/uploads/{id}", Editor, roster::plan),
        post("/staff/roster/uploads/{id}/approve", Editor, roster::approve),
        get("/staff/roster/positions", Viewer, positions::page),
        post("/staff/roster/positions", Editor, positions::add),
        get("/staff/roster/positions/{id:[0-9]+}", Editor, positions::one),
        post("/staff/roster/positions/{id:[0-9]+}", Editor, positions::correct),
        post("/staff/roster/positions/{id:[0-9]+}/delete", Editor, positions::delete),
        post("/staff/roster/positions/upload", Editor, positions_upload::upload),
        get("/staff/roster/positions/uploads/{id}", Editor, positions_upload::plan),
        post("/staff/roster/positions/uploads/{id}/approve", Editor, positions_upload::approve),
        // A new campaign; `new` is no campaign's short name.
        get("/staff/campaigns/new", Editor, texts::new_campaign::form),
        post("/staff/campaigns/new", Editor, texts::new_campaign::make),
        // A campaign's numbers.
        get("/staff/campaigns/{slug}", Viewer, overview::page),
        get("/staff/campaigns/{slug}/events", Viewer, events::events),
        get("/staff/campaigns/{slug}/officials", Viewer, tables::officials),
        get("/staff/campaigns/{slug}/towns", Viewer, tables::towns),
        get("/staff/campaigns/{slug}/days", Viewer, tables::days),
        get("/staff/campaigns/{slug}/stands", Viewer, stands::page),
        get("/staff/campaigns/{slug}/map", Viewer, map::page),
        get("/staff/campaigns/{slug}/coverage", Viewer, coverage::page),
        get("/staff/campaigns/{slug}/counts.csv", Viewer, export::csv),
        get("/staff/campaigns/{slug}/counts.json", Viewer, export::json),
        get("/staff/campaigns/{slug}/exports", Viewer, exports::page),
        post("/staff/campaigns/{slug}/exports/letters.csv", Editor, exports::letters),
        post("/staff/campaigns/{slug}/exports/supporters.csv", Editor, exports::supporters),
        get("/staff/campaigns/{slug}/offices/{office}", Viewer, office::page),
        get("/staff/campaigns/{slug}/offices/{office}/report", Viewer, meeting::page),
        post("/staff/campaigns/{slug}/offices/{office}/report", Editor, meeting::with_quotes),
        post("/staff/campaigns/{slug}/offices/{office}/report/quotes", Editor, meeting::quotes),
        // Its letters, one by one.
        get("/staff/campaigns/{slug}/letters", Viewer, letters::page),
        post("/staff/campaigns/{slug}/letters/find", Editor, letters::find),
        get("/staff/campaigns/{slug}/letters/{id}", Viewer, letter::page),
        post("/staff/campaigns/{slug}/letters/{id}/open", Editor, letter::open),
        post("/staff/campaigns/{slug}/letters/{id}/{act}", Editor, letter::act),
        // Those that did not get through, by what was said.
        get("/staff/campaigns/{slug}/problems", Viewer, problems::page),
        post("/staff/campaigns/{slug}/problems/{act}", Editor, problems::act),
        // What it does and when.
        get("/staff/campaigns/{slug}/steering", Viewer, steering::page),
        post("/staff/campaigns/{slug}/steering/pause", Editor, steering::pause),
        post("/staff/campaigns/{slug}/steering/resume", Editor, steering::resume),
        post("/staff/campaigns/{slug}/steering/hours", Editor, steering::hours),
        post("/staff/campaigns/{slug}/steering/dates", Editor, steering::dates),
        post("/staff/campaigns/{slug}/steering/written-dates", Editor, steering::written_dates),
        get("/staff/campaigns/{slug}/measures", Viewer, measures::page),
        post("/staff/campaigns/{slug}/measures", Editor, measures::choose),
        // What it says.
        get("/staff/campaigns/{slug}/text", Viewer, texts::list::page),
        post("/staff/campaigns/{slug}/text/letters", Editor, texts::list::add),
        post("/staff/campaigns/{slug}/text/letters/remove", Editor, texts::list::remove),
        get("/staff/campaigns/{slug}/text/edit/settings", Viewer, texts::settings::page),
        post("/staff/campaigns/{slug}/text/edit/settings", Editor, texts::settings::save),
        get("/staff/campaigns/{slug}/text/edit/{text}", Viewer, texts::edit::page),
        post("/staff/campaigns/{slug}/text/edit/{text}", Editor, texts::edit::save),
        post("/staff/campaigns/{slug}/text/edit/{text}/preview", Editor, texts::preview::fragment),
        get("/staff/campaigns/{slug}/text/versions", Viewer, texts::versions::versions),
        post("/staff/campaigns/{slug}/text/back", Editor, texts::versions::back),
        get("/staff/campaigns/{slug}/text/compare/{text}", Viewer, texts::versions::compare),
    ]
}

/// A route of the console.
pub struct ConsoleRoute {
    /// `GET`, with which HEAD is answered too, or `POST`.
    pub method: &'static str,
    /// With the places of its variable parts: `/staff/tokens/{id}/revoke`.
    pub path: &'static str,
    pub needs: Needs,
    to: Box<dyn Fn(Route) -> Route>,
}

/// The list, for whoever tries each route out.
#[must_use]
pub fn console_routes() -> Vec<ConsoleRoute> {
    list()
}

/// Builds the router: one resource a path, so that another method is answered with 405 and the methods that there are.
pub(in crate::web) fn register(app: &mut web::ServiceConfig) {
    let list = list();
    for (at, first) in list.iter().enumerate() {
        let has_path = |route: &&ConsoleRoute| route.path == first.path;
        if list[..at].iter().any(|route| has_path(&route)) {
            continue;
        }
        app.service(list[at..].iter().filter(has_path).fold(web::resource(first.path), |resource, route| route.join(resource)));
    }
}

impl ConsoleRoute {
    fn new<F, Args>(method: &'static str, path: &'static str, needs: Needs, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { method, path, needs, to: Box::new(move |route| route.to(handler.clone())) }
    }

    fn join(&self, resource: Resource) -> Resource {
        match self.method {
            "GET" => resource.route(self.guarded(web::get())).route(self.guarded(web::head())),
            _ => resource.route(self.guarded(web::post())),
        }
    }

    /// Whoever may not use the route is turned away before any of the body is read.
    fn guarded(&self, route: Route) -> Route {
        let route = (self.to)(route);
        match self.needs.role() {
            None => route,
            Some(role) => route.wrap(from_fn(move |request: ServiceRequest, next| guard(role, request, next))),
        }
    }
}

impl Needs {
    const fn role(self) -> Option<Role> {
        match self {
            Nobody => None,
            Viewer => Some(Role::Viewer),
            Editor => Some(Role::Editor),
            Admin => Some(Role::Admin),
        }
    }
}

fn get<F, Args>(path: &'static str, needs: Needs, handler: F) -> ConsoleRoute
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    ConsoleRoute::new("GET", path, needs, handler)
}

fn post<F, Args>(path: &'static str, needs: Needs, handler: F) -> ConsoleRoute
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    ConsoleRoute::new("POST", path, needs, handler)
}
