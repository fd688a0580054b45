//! The composition root: builds the service from its settings and runs it until it is told to stop.

mod background;
mod demo;
mod descriptors;
mod outbox;
mod start_error;
mod stop;
mod vital;

use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, web as actix};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::auth::Auth;
use crate::config::{Config, Geocoder};
use crate::delivery::{Sender, SenderSettings};
use crate::districts::Census;
use crate::domain::{Clock, Pulses, Token};
use crate::inbound::{Collector, Inbound, Waits};
use crate::intake::{Addressing, Intake};
use crate::mail::{DkimSigner, MailboxSettings, Mailer, Outbox, ReturnPath, SmtpSettings, Timeouts};
use crate::metrics::Metrics;
use crate::rate_limit::{ClientLimiter, Pacer};
use crate::render::{Notices, TemplateFiles};
use crate::staff_actions::StaffActions;
use crate::store::Store;
use crate::store::caps::{self, Caps};
use crate::store::settings;
use crate::web::{self, Connections, Web};
use crate::webhooks::WebhookSender;

pub use start_error::StartError;
pub use stop::stop_signal;
use vital::Vital;

/// How long a stop waits for requests that are being answered, in seconds.
const REQUESTS_FINISH_WITHIN: u64 = 10;
/// How long a stop may take in all: the sender finishes what is in hand within 25 seconds.
const STOPS_WITHIN: Duration = Duration::from_secs(45);
/// Connections that wait to be accepted; the system's own limit may be lower.
#[cfg(unix)]
const CONNECTIONS_QUEUED: i32 = 4096;
/// How long a client may take from connecting until its first request's head has come, and leave a connection unused between requests.
const FIRST_REQUEST_WITHIN: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// Previews a client may ask for, for each sign-up that it may send: people correct their forms.
const PREVIEWS_PER_SIGNUP: u32 = 5;
/// What a client may do at once before its limit an hour counts: a family at one table, a class in one room.
const CLIENT_BURST: u32 = 10;
/// What a program may ask at once: it reads page after page.
const API_BURST: u32 = 200;

/// Previews of texts that staff write: one a second for hours, after some at once. Each compiles the campaign.
const SAMPLES_PER_HOUR: u32 = 3600;
const SAMPLES_AT_ONCE: u32 = 60;

/// The service, built and listening but not yet serving.
pub struct App {
    listener: TcpListener,
    web: actix::Data<Web>,
    sender: Sender,
    teller: WebhookSender,
    pacer: Arc<Pacer>,
    collector: Option<Collector>,
    queued: Arc<Notify>,
    invite: Option<Token>,
    mail_goes: String,
    room: descriptors::Room,
}

impl App {
    /// Opens the database, loads the demo where it is empty, reads every template, and takes the port. What is
    /// mistaken is found here, before the first request.
    ///
    /// # Errors
    /// [`StartError`] says what is wrong and what to do.
    pub fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        let room = descriptors::raise(config.smtp_connections);
        let data_dir = config.data_dir.display().to_string();
        config.make_data_dir().map_err(|error| StartError::DataDir(data_dir, error))?;
        let templates = TemplateFiles::new(Some(&config.templates_dir));
        let notices = Notices::load(&templates).map_err(StartError::Templates)?;
        let mailer = mailer(&config)?;
        let dkim = dkim(&config)?;

        let store = Store::open(&config.database)?;
        store.write_blocking(settings::forget_unknown_proxy)?;
        for path in config.close_to_others() {
            tracing::warn!(path = %path.display(), "others on this machine may read this, and it belongs to another user; close it with chmod go=");
        }
        demo::load_where_empty(&store, &templates, clock.now())?;
        let auth = Auth::new(store.clone())?;
        let invite = auth.first_invite_blocking(clock.now())?;

        let listener = TcpListener::bind(&config.bind_addr).map_err(|error| StartError::Bind(config.bind_addr.clone(), error))?;
        // The standard library's queue of 128 overflows when many come at once, and who falls out tries again only after a second or three.
        #[cfg(unix)]
        rustix::net::listen(&listener, CONNECTIONS_QUEUED).map_err(|error| StartError::Web(error.into()))?;
        listener.set_nonblocking(true).map_err(StartError::Web)?;

        let queued = Arc::new(Notify::new());
        let metrics = Arc::new(Metrics::default());
        let pulses = pulses(&config, &clock);
        let (counted, writes) = (Arc::clone(&metrics), pulses.writer.clone());
        store.observe_commits(move |jobs| {
            counted.committed(jobs);
            writes.beat();
        });
        let addressing = Addressing { public_url: config.link(""), mail_from: config.mail_from.clone() };
        let intake =
            Intake::start(store.clone(), notices, templates, addressing, census(&config), clock.clone(), Arc::clone(&queued))?;
        let limits = config.limits;
        let pacer = Arc::new(Pacer::new(limits.mail_per_office_per_minute, f64::from(limits.mail_per_second), clock.clone()));
        let now = clock.now();
        let sent = store.read_blocking(|conn| caps::attempts_at_offices(conn, now.minus(Duration::from_mins(1))))?;
        pacer.remember(sent.into_iter().map(|(destination, at)| (destination, now.since(at))));
        let mail_goes = match &mailer {
            Mailer::Smtp(smtp, _) => format!("to the mail server {smtp}"),
            Mailer::Outbox(_) if config.shows_outbox() => {
                format!("nowhere: it is written to {} and shown at {}", config.outbox_dir().display(), config.link("/dev/outbox"))
            }
            Mailer::Outbox(_) => format!("nowhere: it is written to {}", config.outbox_dir().display()),
        };
        let sender = Sender::new(
            store.clone(),
            mailer,
            Arc::clone(&pacer),
            sender_settings(&config, dkim),
            clock.clone(),
            Arc::clone(&queued),
            Arc::clone(&metrics),
        );
        let inbound = Inbound::new(store.clone(), return_path(&config), clock.clone());
        let mailbox = config.bounce_imap_url.as_ref().map(|url| MailboxSettings::parse(url.expose())).transpose()?;
        let collector = mailbox.map(|mailbox| Collector::new(inbound.clone(), mailbox, Arc::clone(&metrics), Waits::default()));
        let teller = WebhookSender::new(store.clone(), clock.clone(), config.secret_key.expose(), config.is_development())?;
        let per_hour = |limit: u32| ClientLimiter::new(limit, CLIENT_BURST, clock.clone());
        let web = Web {
            visits: crate::web::Visits::default(),
            live: crate::web::Live::default(),
            unknown_proxy: crate::web::UnknownProxy::default(),
            pulses,
            connections: Arc::new(Connections::new(room.connections, config.trusted_proxies.clone())),
            bodies: Arc::default(),
            signup_limit: per_hour(limits.signups_per_ip_per_hour),
            preview_limit: per_hour(limits.signups_per_ip_per_hour.saturating_mul(PREVIEWS_PER_SIGNUP)),
            lookup_limit: per_hour(limits.signups_per_ip_per_hour.saturating_mul(PREVIEWS_PER_SIGNUP + 1)),
            login_limit: per_hour(limits.logins_per_ip_per_hour),
            api_limit: ClientLimiter::new(limits.api_per_ip_per_hour, API_BURST, clock.clone()),
            sample_limit: ClientLimiter::new(SAMPLES_PER_HOUR, SAMPLES_AT_ONCE, clock.clone()),
            metrics,
            inbound,
            config: Arc::new(config),
            staff_actions: StaffActions::new(store.clone(), intake.clone(), clock.clone(), Arc::clone(&queued)),
            store,
            intake,
            auth,
            clock,
        };
        Ok(Self { listener, web: actix::Data::new(web), sender, teller, pacer, collector, queued, invite, mail_goes, room })
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

    /// The one-time link that makes the first login; `None` when somebody has one.
    #[must_use]
    pub fn first_login_link(&self) -> Option<String> {
        self.invite.as_ref().map(|token| self.web.config.link(&format!("/staff/setup/{}", token.text())))
    }

    /// What an operator wants to know at start.
    #[must_use]
    pub fn greeting(&self) -> String {
        let config = &self.web.config;
        let listens = self.address().map_or_else(|_| config.bind_addr.clone(), |address| address.to_string());
        let staff = match self.first_login_link() {
            None => config.link("/staff"),
            Some(link) => format!("nobody has a login yet; this link makes the first one, once, within 24 hours:\n\n  {link}\n"),
        };
        format!(
            "Standout is running.\n\n  Open       {}\n  Listens    {listens}\n  Mail goes  {}\n  Staff      {staff}\n\n\
             Stop with Ctrl-C; letters in hand are finished first.",
            config.link("/"),
            self.mail_goes
        )
    }

    /// Serves and sends until `stop`, then finishes the requests and the letters in hand.
    ///
    /// # Errors
    /// When something died that the service can't work without, or a stop takes too long.
    pub async fn run_until_stopped(self, stop: CancellationToken) -> Result<(), StartError> {
        let room = self.web.clone().into_inner();
        let mut vital = Vital::default();
        let (store, stopped) = (room.store.clone(), stop.clone());
        vital.spawn("the store's writer", async move {
            tokio::select! {
                () = store.writer_died() => {}
                () = stopped.cancelled() => {}
            }
        });
        vital.spawn("the sender", self.sender.run(room.pulses.sender.clone(), stop.clone()));
        vital.spawn("the sender of webhooks", self.teller.run(stop.clone()));
        let outbox = self.web.config.smtp_url.is_none().then(|| Outbox::new(self.web.config.outbox_dir()));
        vital.spawn("background work", background::run(Arc::clone(&room), self.pacer, outbox, stop.clone()));
        if let Some(collector) = self.collector {
            vital.spawn("the reader of returned mail", collector.run(stop.clone()));
        }
        let data = self.web.clone();
        let shows_outbox = self.web.config.shows_outbox();
        let outbox = Outbox::new(self.web.config.outbox_dir());
        let connections = Arc::clone(&room.connections);
        let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let server = HttpServer::new(move || {
            let outbox = outbox.clone();
            ActixApp::new().app_data(data.clone()).wrap(from_fn(web::frame)).configure(move |app| {
                if shows_outbox {
                    outbox::routes(app, outbox);
                }
                web::routes(app);
            })
        })
        .workers(workers)
        .max_connections(self.room.accepted.div_ceil(workers))
        .on_connect(move |io, data| connections.opened(io, data))
        .client_request_timeout(FIRST_REQUEST_WITHIN)
        .keep_alive(KEEP_ALIVE)
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
        let serving = async {
            let ended = server.await.map_err(StartError::Web);
            // The server may have ended by itself: the sender stops with it.
            let died = ended.and_then(|()| if stop.is_cancelled() { Ok(()) } else { Err(StartError::Died("the web server")) });
            stop.cancel();
            died
        };
        let overdue = async {
            stop.cancelled().await;
            tokio::time::sleep(STOPS_WITHIN).await;
        };
        let (web_ended, died) = tokio::select! {
            ended = async { tokio::join!(serving, vital.ended(&stop)) } => ended,
            () = overdue => return Err(StartError::Overdue(STOPS_WITHIN.as_secs())),
        };
        background::write_visits(&room).await;
        died.map_or(web_ended, |what| Err(StartError::Died(what)))
    }
}

/// The pulses, with the panic that a test asked for.
fn pulses(config: &Config, clock: &Clock) -> Pulses {
    let pulses = Pulses::new(clock);
    #[cfg(debug_assertions)]
    if let Some(pulse) = config.planted_panic.as_deref().and_then(|part| pulses.named(part)) {
        pulse.plant_panic();
    }
    #[cfg(not(debug_assertions))]
    let _ = config;
    pulses
}

/// Runs `work` to its end on one thread, which is the only one that opens sockets for sending.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// The geocoder, where the operator chose it.
fn census(config: &Config) -> Option<Census> {
    match &config.geocoder {
        Geocoder::Offline => None,
        Geocoder::Census(url) => Some(Census::new(url.clone())),
    }
}

fn mailer(config: &Config) -> Result<Mailer, StartError> {
    Ok(match &config.smtp_url {
        Some(url) => Mailer::Smtp(SmtpSettings::parse(url.expose())?, Timeouts::default()),
        None => Mailer::Outbox(Outbox::new(config.outbox_dir())),
    })
}

/// Return paths, signed with this installation's key.
#[must_use]
pub fn return_path(config: &Config) -> ReturnPath {
    ReturnPath::new(config.secret_key.expose(), config.bounce_domain.as_deref(), config.mail_from.clone())
}

/// What signs mail, where the operator has a key.
fn dkim(config: &Config) -> Result<Option<Arc<DkimSigner>>, StartError> {
    let Some(dkim) = &config.dkim else { return Ok(None) };
    let failed = |cause: String| StartError::Dkim(dkim.key_file.display().to_string(), cause);
    let pem = std::fs::read(&dkim.key_file).map_err(|error| failed(format!("the file can't be read: {error}")))?;
    let signer = DkimSigner::from_pem(&pem, &dkim.selector, config.mail_from.domain());
    signer.map(|signer| Some(Arc::new(signer))).map_err(|error| failed(error.to_string()))
}

fn sender_settings(config: &Config, dkim: Option<Arc<DkimSigner>>) -> SenderSettings {
    SenderSettings {
        mail_from: config.mail_from.clone(),
        return_path: return_path(config),
        connections: config.smtp_connections,
        lease: config.lease,
        retries: config.retries.clone(),
        caps: Caps {
            a_minute: config.limits.mail_per_office_per_minute,
            an_hour: config.limits.mail_per_office_per_hour,
            domain_an_hour: config.limits.mail_per_domain_per_hour,
            warm_up: config.limits.mail_warm_up,
        },
        hello: config.public_url.host_str().unwrap_or("localhost").to_owned(),
        dkim,
    }
}
