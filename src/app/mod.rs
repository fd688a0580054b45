//! The composition root: builds the service from its settings and runs it until it is told to stop.

mod background;
mod demo;
mod outbox;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, web as actix};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::accounts::Accounts;
use crate::config::Config;
use crate::delivery::{Sender, SenderSettings};
use crate::domain::{Clock, Token};
use crate::intake::{Addressing, Intake, IntakeError};
use crate::mail::{Mailer, Outbox, SmtpSettings, SmtpSettingsError, Timeouts};
use crate::rate_limit::{ClientLimiter, Pacer};
use crate::render::{Notices, TemplateError, TemplateFiles};
use crate::store::{Store, StoreError};
use crate::web::{self, Web};

/// How long a stop waits for requests that are being answered, in seconds.
const REQUESTS_FINISH_WITHIN: u64 = 10;
/// Previews a client may ask for, for each sign-up that it may send: people correct their forms.
const PREVIEWS_PER_SIGNUP: u32 = 5;
/// What a client may do at once before its limit an hour counts: a family at one table, a class in one room.
const CLIENT_BURST: u32 = 10;

/// Why the service can't start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder can't be made.
    #[error("the data folder {0} can't be made: {1}. Set DATA_DIR to a folder that this user may write to")]
    DataDir(String, std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Templates that can't be used.
    #[error("templates can't be used; mend them and start again:\n{}", lines(.0))]
    Templates(Vec<TemplateError>),
    /// Campaigns, offices or places that can't be used.
    #[error("the campaigns in the database can't be used; import a mended folder with `standout campaigns import` and start again:\n  {0}")]
    Intake(#[from] IntakeError),
    /// The demo that comes with the program.
    #[error("the demo can't be loaded: {0}")]
    Demo(String),
    /// The mail server's address.
    #[error("SMTP_URL: {0}")]
    Smtp(#[from] SmtpSettingsError),
    /// The port.
    #[error("BIND_ADDR: can't listen on {0}: {1}. Is another Standout running? Choose another port, such as 127.0.0.1:8081")]
    Bind(String, std::io::Error),
    /// The web server.
    #[error("the web server stopped: {0}")]
    Web(std::io::Error),
}

fn lines(errors: &[TemplateError]) -> String {
    errors.iter().map(|error| format!("  {error}")).collect::<Vec<_>>().join("\n")
}

/// The service, built and listening but not yet serving.
pub struct App {
    listener: TcpListener,
    web: actix::Data<Web>,
    sender: Sender,
    pacer: Arc<Pacer>,
    queued: Arc<Notify>,
    invite: Option<Token>,
    mail_goes: String,
}

impl App {
    /// Opens the database, loads the demo where it is empty, reads every template, and takes the port. What is
    /// mistaken is found here, before the first request.
    ///
    /// # Errors
    /// [`StartError`] says what is wrong and what to do.
    pub fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        let data_dir = config.data_dir.display().to_string();
        std::fs::create_dir_all(&config.data_dir).map_err(|error| StartError::DataDir(data_dir, error))?;
        let templates = TemplateFiles::new(Some(&config.templates_dir));
        let notices = Notices::load(&templates).map_err(StartError::Templates)?;
        let pages = web::load_pages().map_err(StartError::Templates)?;
        let mailer = mailer(&config)?;

        let store = Store::open(&config.database)?;
        demo::load_where_empty(&store, &templates, clock.now())?;
        let accounts = Accounts::new(store.clone())?;
        let invite = accounts.first_invite_blocking(clock.now())?;

        let listener = TcpListener::bind(&config.bind_addr).map_err(|error| StartError::Bind(config.bind_addr.clone(), error))?;
        listener.set_nonblocking(true).map_err(StartError::Web)?;

        let queued = Arc::new(Notify::new());
        let addressing = Addressing { public_url: config.link(""), mail_from: config.mail_from.clone() };
        let intake = Intake::start(store.clone(), notices, templates, addressing, clock.clone(), Arc::clone(&queued))?;
        let limits = config.limits;
        let pacer = Arc::new(Pacer::new(limits.mail_per_office_per_minute, f64::from(limits.mail_per_second), clock.clone()));
        let mail_goes = match &mailer {
            Mailer::Smtp(smtp, _) => format!("to the mail server {smtp}"),
            Mailer::Outbox(_) => format!("nowhere: it is written to {} and shown at {}", config.outbox_dir().display(), config.link("/dev/outbox")),
        };
        let sender = Sender::new(store.clone(), mailer, Arc::clone(&pacer), sender_settings(&config), clock.clone(), Arc::clone(&queued));
        let per_hour = |limit: u32| ClientLimiter::new(limit, CLIENT_BURST.min(limit), clock.clone());
        let web = Web {
            signup_limit: per_hour(limits.signups_per_ip_per_hour),
            preview_limit: per_hour(limits.signups_per_ip_per_hour.saturating_mul(PREVIEWS_PER_SIGNUP)),
            login_limit: per_hour(limits.logins_per_ip_per_hour),
            config: Arc::new(config),
            store,
            intake,
            accounts,
            pages,
            clock,
        };
        Ok(Self { listener, web: actix::Data::new(web), sender, pacer, queued, invite, mail_goes })
    }

    /// Where it listens.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What wakes the sender: for tests that move the clock.
    #[must_use]
    pub fn queued(&self) -> Arc<Notify> {
        Arc::clone(&self.queued)
    }

    /// The database, for tests that look behind the pages.
    #[must_use]
    pub fn store(&self) -> Store {
        self.web.store.clone()
    }

    /// What an operator wants to know at start.
    #[must_use]
    pub fn greeting(&self) -> String {
        let config = &self.web.config;
        let listens = self.address().map_or_else(|_| config.bind_addr.clone(), |address| address.to_string());
        let mut text = format!("Standout is running.\n\n  Open       {}\n  Listens    {listens}\n  Mail goes  {}\n", config.link("/"), self.mail_goes);
        if let Some(token) = &self.invite {
            let link = config.link(&format!("/staff/setup/{}", token.text()));
            text.push_str(&format!("\nNobody has a staff login yet. This link makes the first one, once, within 24 hours:\n\n  {link}\n"));
        } else {
            text.push_str(&format!("  Staff      {}\n", config.link("/staff")));
        }
        text.push_str("\nStop with Ctrl-C; letters in hand are finished first.");
        text
    }

    /// Serves and sends until `stop`, then finishes the requests and the letters in hand.
    ///
    /// # Errors
    /// When the web server fails.
    pub async fn run_until_stopped(self, stop: CancellationToken) -> Result<(), StartError> {
        let sending = tokio::spawn(self.sender.run(stop.clone()));
        let background = tokio::spawn(background::run(self.web.clone().into_inner(), self.pacer, stop.clone()));
        let data = self.web.clone();
        let shows_outbox = self.web.shows_outbox();
        let outbox = Outbox::new(self.web.config.outbox_dir());
        let server = HttpServer::new(move || {
            let outbox = outbox.clone();
            ActixApp::new().app_data(data.clone()).wrap(from_fn(web::frame)).configure(move |app| {
                if shows_outbox {
                    outbox::routes(app, outbox);
                }
                web::routes(app);
            })
        })
        .listen(self.listener)
        .map_err(StartError::Web)?
        .disable_signals()
        .shutdown_timeout(REQUESTS_FINISH_WITHIN)
        .run();
        let handle = server.handle();
        let stopping = stop.clone();
        tokio::spawn(async move {
            stopping.cancelled().await;
            handle.stop(true).await;
        });
        let served = server.await.map_err(StartError::Web);
        // The server may have failed by itself: the sender stops with it.
        stop.cancel();
        let _ = tokio::join!(sending, background);
        served
    }
}

/// Runs `work` to its end on one thread, which is the only one that opens sockets for sending.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

fn mailer(config: &Config) -> Result<Mailer, StartError> {
    Ok(match &config.smtp_url {
        Some(url) => Mailer::Smtp(SmtpSettings::parse(url.expose())?, Timeouts::default()),
        None => Mailer::Outbox(Outbox::new(config.outbox_dir())),
    })
}

fn sender_settings(config: &Config) -> SenderSettings {
    SenderSettings {
        mail_from: config.mail_from.clone(),
        connections: config.smtp_connections,
        lease: config.lease,
        retries: config.retries.clone(),
        per_office_per_minute: config.limits.mail_per_office_per_minute,
        per_office_per_hour: config.limits.mail_per_office_per_hour,
        hello: config.public_url.host_str().unwrap_or("localhost").to_owned(),
    }
}

/// Cancelled by SIGTERM, SIGINT or Ctrl-C.
#[must_use]
pub fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let signal = stop_requested().await;
        tracing::info!(signal, "stopping; letters in hand are finished first");
        token.cancel();
        // Whoever asks twice does not want to wait.
        let _ = tokio::time::timeout(Duration::from_mins(1), stop_requested()).await;
        std::process::exit(1);
    });
    stop
}

#[cfg(unix)]
async fn stop_requested() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = tokio::signal::ctrl_c() => "SIGINT",
        },
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
            "SIGINT"
        }
    }
}

#[cfg(not(unix))]
async fn stop_requested() -> &'static str {
    let _ = tokio::signal::ctrl_c().await;
    "Ctrl-C"
}
