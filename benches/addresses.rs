//! How fast an address becomes a point, with 500,000 made-up ranges in the database: time of the import, latency of 20,000
//! addresses, memory, and how long opening the loaded database takes.
//!
//! The ranges lie on a grid over 400 ZIP codes and 200 generated districts; a few names ("Main") are in every ZIP code, as
//! they are in life. Everything goes through the real store on the disk that the build is on, one address after the other.
//! It reports and judges nothing. Results with machine and command: benches/README.md.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use standout::districts::{StreetAddress, StreetAnswer, street_name, street_points};
use standout::domain::{AddressRange, LonLat, Parity, Side, UsState};
use standout::store::{Store, streets};

const RANGES: usize = 500_000;
const ADDRESSES: usize = 20_000;
const PORTION: usize = 5_000;
/// ZIP codes along each side of the grid; blocks of a street in a ZIP code; streets in a ZIP code follow from [`RANGES`].
const GRID: usize = 20;
const BLOCKS: usize = 5;
const STREETS: usize = RANGES / (GRID * GRID * BLOCKS * 2);
/// West, south, east, north: about Massachusetts.
const BOX: [f64; 4] = [-73.4, 41.4, -70.2, 42.8];

fn main() {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("addresses-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let database = dir.join("standout.sqlite3");
    let state = UsState::parse("ma").unwrap();

    let (count, took) = import(&database, state);
    println!("import         {count} ranges in {:.1} s ({:.0} a second)", took.as_secs_f64(), count as f64 / took.as_secs_f64());
    let size = std::fs::metadata(&database).unwrap().len();
    println!("database       {} MB, {} bytes a range", size / 1_000_000, size / count as u64);

    let before = memory();
    let start = Instant::now();
    let store = Store::open(&database).unwrap();
    let (loaded, _) = store.read_blocking(|conn| streets::count(conn, state)).unwrap();
    println!("start-up       {:.1} ms with {loaded} ranges", start.elapsed().as_secs_f64() * 1e3);

    let typed: Vec<(String, String)> = (0..ADDRESSES).map(address).collect();
    let mut answers = Answers::default();
    let mut times = Vec::with_capacity(ADDRESSES);
    for (street, zip) in &typed {
        let start = Instant::now();
        let answer = point(&store, state, street, zip);
        times.push(start.elapsed());
        answers.note(&answer);
    }
    println!("address->point {}", Latency::of(times));
    println!("answers        {answers:?}");
    // The slowest kind: a name that every ZIP code has, and a ZIP code that is none of them.
    let times = (0..1_000)
        .map(|n| {
            let start = Instant::now();
            let _ = point(&store, state, &format!("{} Name0 St", 1 + n % 500), "02799");
            start.elapsed()
        })
        .collect();
    println!("common, no ZIP {}", Latency::of(times));
    println!("memory         {} before, {} after; at most {}", before, memory(), status("VmHWM:"));
    let _ = std::fs::remove_dir_all(dir);
}

/// As the service does: read the address, look it up, find the point.
fn point(store: &Store, state: UsState, street: &str, zip: &str) -> StreetAnswer {
    let address = StreetAddress::parse(street).unwrap();
    let known = store.read_blocking(|conn| streets::look_up(conn, state, &address.street, address.number, zip)).unwrap();
    street_points(&address, zip, &known, Some(&|_| true))
}

fn import(database: &Path, state: UsState) -> (usize, Duration) {
    let store = Store::open(database).unwrap();
    let start = Instant::now();
    let file = store.write_blocking(move |tx| streets::begin(tx, state, "bench")).unwrap();
    let (mut portion, mut count) = (Vec::with_capacity(PORTION), 0);
    let mut keep = |portion: &mut Vec<AddressRange>| {
        let ranges = std::mem::take(portion);
        count += ranges.len();
        store.write_blocking(move |tx| streets::add(tx, state, file, &ranges)).unwrap();
    };
    for zip in 0..GRID * GRID {
        for street in 0..STREETS {
            for block in 0..BLOCKS {
                portion.extend(stretch(zip, street, block));
                if portion.len() >= PORTION {
                    keep(&mut portion);
                }
            }
        }
    }
    keep(&mut portion);
    store.write_blocking(move |tx| streets::complete(tx, file)).unwrap();
    (count, start.elapsed())
}

fn zip_code(zip: usize) -> String {
    format!("{:05}", 1_000 + zip * 4)
}

/// The first twenty streets of a ZIP code are called alike everywhere, the others are shared by a few.
fn name(zip: usize, street: usize) -> String {
    let number = if street < 20 { street } else { 20 + (zip * 7 + street * 13) % 4_000 };
    format!("Name{number} {}", ["St", "Ave", "Rd", "Ln"][number % 4])
}

/// Both sides of a hundred numbers: a street runs from west to east through its ZIP code, with a bend in each block.
fn stretch(zip: usize, street: usize, block: usize) -> [AddressRange; 2] {
    let [west, south, east, north] = BOX;
    let (width, height) = ((east - west) / GRID as f64, (north - south) / GRID as f64);
    let left = west + (zip % GRID) as f64 * width;
    let lat = south + (zip / GRID) as f64 * height + height * (street as f64 + 0.5) / STREETS as f64;
    let lon = |part: f64| left + width * (block as f64 + part) / BLOCKS as f64;
    let bend = height / STREETS as f64 / 4.0;
    let line: Vec<LonLat> = [(0.0, 0.0), (0.3, bend), (0.6, -bend), (1.0, 0.0)]
        .into_iter()
        .map(|(part, up)| LonLat { lon: lon(part), lat: lat + up })
        .collect();
    let first = u32::try_from(block * 100).unwrap();
    let side = |side, parity, from, to| AddressRange {
        street: street_name(&name(zip, street)).unwrap(),
        zip: zip_code(zip),
        from,
        to,
        parity,
        side,
        line: line.clone(),
    };
    [side(Side::Left, Parity::Odd, first + 1, first + 99), side(Side::Right, Parity::Even, first + 2, first + 100)]
}

/// One address in twenty has a number that is not there, one in twenty a ZIP code of elsewhere.
fn address(n: usize) -> (String, String) {
    let (zip, street) = ((n * 7_919) % (GRID * GRID), (n * 104_729) % STREETS);
    let number = if n.is_multiple_of(20) { 9_999 } else { 1 + (n * 31) % (BLOCKS * 100) };
    let typed_zip = if n % 20 == 1 { (zip + 57) % (GRID * GRID) } else { zip };
    (format!("{number} {} Apt {}", name(zip, street), n % 9), zip_code(typed_zip))
}

#[derive(Debug, Default)]
struct Answers {
    one: usize,
    several: usize,
    number_unknown: usize,
    street_unknown: usize,
}

impl Answers {
    fn note(&mut self, answer: &StreetAnswer) {
        *match answer {
            StreetAnswer::Points(points) if points.len() == 1 => &mut self.one,
            StreetAnswer::Points(_) => &mut self.several,
            StreetAnswer::NumberUnknown => &mut self.number_unknown,
            StreetAnswer::StreetUnknown | StreetAnswer::NoStreets => &mut self.street_unknown,
        } += 1;
    }
}

/// Half and 99 of 100 are not slower than these.
struct Latency {
    p50: Duration,
    p99: Duration,
    most: Duration,
}

impl Latency {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        Self { p50: at(50), p99: at(99), most: at(100) }
    }
}

impl std::fmt::Display for Latency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        write!(f, "p50 {:.0} µs, p99 {:.0} µs, at most {:.0} µs", micros(self.p50), micros(self.p99), micros(self.most))
    }
}

fn memory() -> String {
    status("VmRSS:")
}

/// A line of this process's status, where the system tells.
fn status(name: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.map_or_else(|| "not told by this system".into(), |value| value.trim().to_owned())
}
