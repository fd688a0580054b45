//! Every number that is kept equals a number that is counted, whatever happened.

mod pages;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use standout::domain::{
    Chamber, Dimension, DistrictName, EmailAddress, FoundBy, MessageKind, MessageState, Person, SignupForm, Slug, TimeZone,
    Timestamp, Token, TokenHash, UsState,
};
use standout::render::demo_campaigns;
use standout::store::attempts::{self, AttemptResult, Disposition};
use standout::store::messages::{MessageText, NewLetter, NewNotice};
use standout::store::queue::{self, Claimed};
use standout::store::signup_life;
use standout::store::signups::{self, NewSignup};
use standout::store::{Store, StoreError, Tx, campaigns, counts, offices};

use crate::support::tables::Tables;

const TOWNS: [&str; 4] = ["Saltwick", "Owlbury", "Gullhaven", "Quincewater"];
/// Their midnights are 17 or 18 hours apart.
const ZONES: [&str; 2] = ["America/New_York", "Pacific/Auckland"];
const SLUGS: [&str; 2] = ["ma-287g", "ma-second"];
/// So many write again and again, until they have confirmed.
const PEOPLE: usize = 240;

type Job = Box<dyn FnOnce(&mut Tx<'_>) -> Result<(), StoreError> + Send>;

fn state() -> UsState {
    UsState::parse("ma").unwrap()
}

/// What the walk knows of the world.
struct World {
    rng: StdRng,
    store: Store,
    now: Timestamp,
    tokens: Vec<TokenHash>,
    in_hand: Arc<Mutex<Vec<(&'static str, Claimed)>>>,
    people: Vec<Person>,
    /// How often pages were opened, by campaign and day.
    visits: BTreeMap<(i64, String), i64>,
    dir: tempfile::TempDir,
    database: PathBuf,
}

fn person(number: usize, district: DistrictName, way: usize) -> Person {
    Person {
        source_id: format!("test-person/{number}"),
        name: format!("Test Person {number}"),
        family_name: "Person".into(),
        title: "Member".into(),
        salutation: "Member Person".into(),
        party: String::new(),
        district,
        email: (way != 1 && way != 2).then(|| EmailAddress::parse(&format!("office{number}@example.org")).unwrap()),
        webform: (way == 1).then(|| "https://example.org/form".to_owned()),
        phone: String::new(),
        address: String::new(),
        geoid: String::new(),
        division_id: String::new(),
        term_ends: None,
    }
}

impl World {
    fn new(seed: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("standout.sqlite3");
        let store = Store::open(&database).unwrap();
        // Half an hour before a midnight in Boston, in the week in which the clocks change.
        let now = Timestamp::from_millis(1_793_410_200_000);
        let seats = [(Chamber::Upper, 3), (Chamber::Lower, 5), (Chamber::Governor, 1)];
        let districts =
            seats.iter().flat_map(|(chamber, n)| (0..*n).map(|d| DistrictName::new(*chamber, &format!("{} Shore", d + 1))));
        let people: Vec<Person> = districts.enumerate().map(|(number, district)| person(number, district, number % 5)).collect();
        let roster = people.clone();
        store
            .write_blocking(move |tx| {
                offices::replace_roster(tx, state(), &roster, false, now)?;
                for (slug, zone) in SLUGS.iter().zip(ZONES) {
                    let mut files = demo_campaigns().remove(0);
                    let settings = files.get_mut("campaign.toml").unwrap();
                    *settings = settings.replace("ma-287g", slug).replace(ZONES[0], zone);
                    campaigns::import(tx, &Slug::parse(slug).unwrap(), zone, &files, "test", now)?;
                }
                Ok(())
            })
            .unwrap();
        let in_hand = Arc::default();
        let (rng, visits) = (StdRng::seed_from_u64(seed), BTreeMap::new());
        Self { rng, store, now, tokens: Vec::new(), in_hand, people, visits, dir, database }
    }

    fn signup(&mut self) -> NewSignup {
        let town = *TOWNS.choose(&mut self.rng).unwrap();
        let form = SignupForm {
            name: "Ana Example".into(),
            email: format!("p{}@example.org", self.rng.random_range(0..PEOPLE)),
            street: "1 Main Street".into(),
            city: town.into(),
            zip: "02130".into(),
            story: if self.rng.random_bool(0.4) { "They are my neighbours.".into() } else { String::new() },
            ..SignupForm::default()
        };
        let offices = self.store.read_blocking(|conn| offices::of_state(conn, state())).unwrap();
        let held: Vec<_> = offices.iter().filter(|office| office.holder.is_some()).collect();
        let chosen: Vec<_> = held.choose_multiple(&mut self.rng, 3).copied().collect();
        let text = || MessageText { from_name: "Ana".into(), subject: "s".into(), text: "t".into(), html: None };
        let letters = chosen.iter().map(|office| NewLetter {
            office_id: office.id,
            official_id: office.holder.as_ref().unwrap().id,
            destination_id: office.destination_id,
            message_id: format!("<{}@example.org>", Token::random().text()),
            text: text(),
        });
        let token = Token::random().hash();
        self.tokens.push(token.clone());
        let campaign_id = self.rng.random_range(1..=2);
        NewSignup {
            campaign_id,
            version_id: campaign_id,
            applicant: form.parse(state()).unwrap(),
            town: town.into(),
            found_by: FoundBy::Town,
            token,
            expires_at: self.now.plus(Duration::from_hours(36)),
            letters: letters.collect(),
            confirmation: NewNotice { kind: MessageKind::Confirmation, message_id: "<n@example.org>".into(), text: text() },
        }
    }

    fn token(&mut self) -> TokenHash {
        // Mostly someone who came lately: the others have done all they can.
        let recent = self.tokens.len().saturating_sub(25);
        let from = if self.rng.random_bool(0.8) { recent } else { 0 };
        self.tokens[from..].choose(&mut self.rng).cloned().unwrap_or_else(|| Token::random().hash())
    }

    /// Something that can happen.
    fn job(&mut self) -> Job {
        let now = self.now;
        match self.rng.random_range(0..100) {
            0..25 => {
                let new = self.signup();
                Box::new(move |tx| sign_up(tx, &new, now))
            }
            25..45 => {
                let token = self.token();
                Box::new(move |tx| signup_life::confirm(tx, &token, None, now).map(drop))
            }
            45..50 => {
                let token = self.token();
                Box::new(move |tx| signup_life::withdraw(tx, &token, now).map(drop))
            }
            50..53 => {
                let token = self.token();
                Box::new(move |tx| signup_life::erase(tx, &token, now).map(drop))
            }
            53..58 => {
                let token = self.token();
                Box::new(move |tx| {
                    let letters = signup_life::view(tx.reader(), &token, now)?.map_or_else(Vec::new, |view| view.letters);
                    letters.iter().try_for_each(|letter| signup_life::self_report(tx, &token, letter.id, now).map(drop))
                })
            }
            58..60 => Box::new(move |tx| signup_life::expire(tx, 100, now).map(drop)),
            60..75 => {
                let (owner, hands) = (*["one", "two"].choose(&mut self.rng).unwrap(), Arc::clone(&self.in_hand));
                Box::new(move |tx| {
                    for due in queue::due(tx.reader(), &BTreeSet::new(), 3, now)? {
                        let claimed = queue::claim(tx, owner, due.destination_id, 2, Duration::from_mins(5), now)?;
                        hands.lock().unwrap().extend(claimed.into_iter().map(|work| (owner, work)));
                    }
                    Ok(())
                })
            }
            75..90 => {
                let hands: Vec<_> = self.in_hand.lock().unwrap().drain(..).collect();
                let verdicts: Vec<_> = hands.iter().map(|_| self.disposition()).collect();
                Box::new(move |tx| {
                    for ((owner, work), disposition) in hands.into_iter().zip(verdicts) {
                        let ended = AttemptResult {
                            took: Duration::ZERO,
                            step: "body",
                            code: None,
                            enhanced: None,
                            reply: String::new(),
                        };
                        attempts::record(tx, owner, &work, &ended, disposition, now)?;
                    }
                    Ok(())
                })
            }
            90..93 => Box::new(move |tx| queue::recover(tx, now, None).map(drop)),
            93..96 => {
                let people = self.next_roster();
                Box::new(move |tx| offices::replace_roster(tx, state(), &people, false, now))
            }
            // Changes much, and then can't go on.
            _ => {
                let (new, token) = (self.signup(), self.token());
                Box::new(move |tx| {
                    signup_life::confirm(tx, &token, None, now)?;
                    sign_up(tx, &new, now)?;
                    signup_life::withdraw(tx, &token, now)?;
                    Err(StoreError::Busy)
                })
            }
        }
    }

    /// Somebody opens a campaign's page.
    fn visit(&mut self) {
        let (campaign, n, now) = (self.rng.random_range(1..=2), self.rng.random_range(1..9), self.now);
        self.store.write_blocking(move |tx| counts::add_visits(tx, campaign, n, now)).unwrap();
        *self.visits.entry((campaign, day(campaign, now.millis()))).or_default() += n;
    }

    fn disposition(&mut self) -> Disposition {
        match self.rng.random_range(0..10) {
            0..6 => Disposition::Sent,
            6..9 => Disposition::Retry(self.now.plus(Duration::from_mins(self.rng.random_range(0..90)))),
            _ => Disposition::Failed,
        }
    }

    /// Someone leaves, someone has another mailbox or none, a seat may be empty.
    fn next_roster(&mut self) -> Vec<Person> {
        let number = self.rng.random_range(100..1_000_000);
        let at = self.rng.random_range(0..self.people.len());
        let district = self.people[at].district.clone();
        let way = self.rng.random_range(0..5);
        let new = person(number, district, way);
        let source_id = if self.rng.random_bool(0.5) { new.source_id.clone() } else { self.people[at].source_id.clone() };
        self.people[at] = Person { source_id, ..new };
        let mut roster = self.people.clone();
        if self.rng.random_bool(0.3) {
            roster.remove(self.rng.random_range(0..7));
        }
        roster
    }
}

/// As the intake does it.
fn sign_up(tx: &mut Tx<'_>, new: &NewSignup, now: Timestamp) -> Result<(), StoreError> {
    let known = signups::supporter(tx, new.campaign_id, &new.applicant.email, now, now)?;
    match (known.signup, known.confirmed_at) {
        (None, _) => signups::insert(tx, known.id, new, now, now),
        (Some(id), None) => signups::replace(tx, id, new, now.millis() % 2 == 0, now),
        (Some(id), Some(_)) => signups::notify(tx, id, &new.token, &new.confirmation, now),
    }
}

type Numbers = BTreeMap<(i64, String, String, String), i64>;

/// What the store tells of what it keeps.
fn kept(store: &Store) -> Numbers {
    let mut numbers = Numbers::new();
    for campaign in 1..=2 {
        for dimension in [Dimension::All, Dimension::Town, Dimension::Day, Dimension::Office, Dimension::OfficeDay] {
            for (key, ladder) in store.read_blocking(|conn| counts::by(conn, campaign, dimension)).unwrap() {
                let letters = MessageState::ALL.map(|state| (state.as_str(), ladder.letters.get(state)));
                let people = [("visited", ladder.visited), ("signed_up", ladder.signed_up), ("confirmed", ladder.confirmed)];
                let words = [("own_words", ladder.own_words), ("set_words", ladder.set_words)];
                for (metric, n) in letters.into_iter().chain(people).chain(words).filter(|(_, n)| *n != 0) {
                    numbers.insert((campaign, dimension.as_str().to_owned(), key.clone(), metric.to_owned()), n);
                }
            }
        }
    }
    numbers
}

/// The day in the campaign's time zone.
fn day(campaign: i64, millis: i64) -> String {
    let zone = TimeZone::parse(ZONES[usize::try_from(campaign - 1).unwrap()]).unwrap();
    zone.day(Timestamp::from_millis(millis)).as_str().to_owned()
}

/// The same numbers from the sign-ups and letters themselves.
fn counted(tables: &mut Tables) -> Numbers {
    let mut numbers = Numbers::new();
    let mut add = |campaign: i64, dimension: &str, key: String, metric: &str| {
        *numbers.entry((campaign, dimension.to_owned(), key, metric.to_owned())).or_default() += 1;
    };
    let people: Vec<(i64, String, i64, Option<i64>)> = tables.rows("campaign_id, town, created_at, confirmed_at", "signups");
    for (campaign, town, created_at, confirmed_at) in people {
        for (metric, at) in [("signed_up", Some(created_at)), ("confirmed", confirmed_at)] {
            let Some(at) = at else { continue };
            add(campaign, "all", String::new(), metric);
            add(campaign, "town", town.clone(), metric);
            add(campaign, "day", day(campaign, at), metric);
        }
    }
    let offices: Vec<(i64, i64, Option<i64>)> = tables.rows(
        "campaign_id, office_id, confirmed_at",
        "(SELECT DISTINCT s.id, s.campaign_id, m.office_id, s.confirmed_at FROM signups s \
          JOIN messages m ON m.signup_id = s.id WHERE m.kind = 'letter')",
    );
    for (campaign, office, confirmed_at) in offices {
        add(campaign, "office", office.to_string(), "signed_up");
        if confirmed_at.is_some() {
            add(campaign, "office", office.to_string(), "confirmed");
        }
    }
    let letters: Vec<(i64, String, i64, String, i64, i64)> =
        tables.rows("campaign_id, town, office_id, state, state_since, own_words", "messages WHERE kind = 'letter'");
    for (campaign, town, office, state, since, own_words) in letters {
        add(campaign, "all", String::new(), if own_words == 1 { "own_words" } else { "set_words" });
        if state == "sent" {
            add(campaign, "office_day", format!("{office} {}", day(campaign, since)), "sent");
        }
        assert!(MessageState::parse(&state).is_ok());
        add(campaign, "all", String::new(), &state);
        add(campaign, "town", town, &state);
        add(campaign, "office", office.to_string(), &state);
        add(campaign, "day", day(campaign, since), &state);
    }
    numbers
}

fn compare(world: &World, at: &str) -> Numbers {
    let mut tables = Tables::open(&world.database);
    let (kept, mut counted) = (kept(&world.store), counted(&mut tables));
    // No row says that somebody looked: what the walk itself remembers has to be kept.
    for ((campaign, day), n) in &world.visits {
        *counted.entry((*campaign, "all".into(), String::new(), "visited".into())).or_default() += n;
        counted.insert((*campaign, "day".into(), day.clone(), "visited".into()), *n);
    }
    for key in kept.keys().chain(counted.keys()) {
        assert_eq!(kept.get(key), counted.get(key), "{key:?} {at}: left is kept, right is counted");
    }
    counted
}

#[test]
fn the_numbers_are_right_after_any_history() {
    let mut seen = BTreeSet::new();
    for seed in 1..=4 {
        let mut world = World::new(seed);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut done = 0;
        while done < 2500 {
            // Some together, as a busy service commits them; some of each group fail.
            let size = world.rng.random_range(1..8);
            let jobs: Vec<Job> = (0..size).map(|_| world.job()).collect();
            done += jobs.len();
            let writes: Vec<_> = jobs.into_iter().map(|job| world.store.write(job)).collect();
            let results = runtime.block_on(futures_util::future::join_all(writes));
            for result in results {
                assert!(matches!(result, Ok(()) | Err(StoreError::Busy)), "{result:?}");
            }
            world.visit();
            world.now = world.now.plus(Duration::from_secs(world.rng.random_range(0..7200)));
            if done.is_multiple_of(50) {
                let numbers = compare(&world, &format!("with seed {seed} after {done}"));
                seen.extend(numbers.into_keys().map(|key| key.3));
            }
        }
        compare(&world, &format!("with seed {seed} at the end"));
        let all = world.store.read_blocking(|conn| counts::total(conn, 1)).unwrap();
        let letters = Tables::open(&world.database).count("messages WHERE kind = 'letter' AND campaign_id = 1");
        assert_eq!(all.letters.total(), i64::try_from(letters).unwrap(), "the states add up to the letters written");
        assert_eq!(all.own_words + all.set_words, all.letters.total());
        if seed == 1 {
            pages::say_what_the_tables_say(world);
        }
    }
    for state in MessageState::ALL.iter().filter(|state| **state != MessageState::Bounced) {
        assert!(seen.contains(state.as_str()), "no letter came to be {state}: the walk proves less than it should");
    }
}

#[test]
fn a_job_that_fails_takes_nothing_of_its_neighbours() {
    let mut world = World::new(7);
    let now = world.now;
    let people: Vec<NewSignup> = (0..9)
        .map(|number| {
            let mut new = world.signup();
            new.applicant.email = EmailAddress::parse(&format!("neighbour{number}@example.org")).unwrap();
            new.campaign_id = 1;
            new
        })
        .collect();
    let writes: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(number, new)| {
            world.store.write(move |tx| {
                sign_up(tx, &new, now)?;
                if number % 3 == 1 { Err(StoreError::Busy) } else { Ok(()) }
            })
        })
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let results = runtime.block_on(futures_util::future::join_all(writes));
    let kept: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(kept, [true, false, true, true, false, true, true, false, true]);
    let numbers = compare(&world, "after the group");
    assert_eq!(numbers[&(1, "all".into(), String::new(), "signed_up".into())], 6);
    assert_eq!(numbers[&(1, "all".into(), String::new(), "unconfirmed".into())], 18);
    assert_eq!(Tables::open(&world.database).count("supporters"), 6);
}
