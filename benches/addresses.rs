//! How fast an address finds its districts, with 500,000 made-up ranges and the outlines of 200 districts in the database:
//! time of the import, latency of 20,000 addresses, memory, and how long it takes to start with all of it.
//!
//! The ranges lie on a grid over 400 ZIP codes; a few names ("Main") are in every ZIP code, as they are in life. The outlines
//! are those in the folder that `STANDOUT_REAL_DATA` names, else a wavy grid. Everything goes through the real store on the
//! disk that the build is on, one address after the other. It reports and judges nothing. Results with machine and command: benches/README.md.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use standout::districts::{Atlas, Joining, StreetAddress, StreetAnswer, read_boundaries, street_name, street_points};
use standout::domain::{AddressRange, Boundary, Chamber, Layer, LonLat, Parity, Side, UsState};
use standout::store::{Store, boundaries, streets};

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

    let (vertices, whose) = outlines(&database, state);
    println!("outlines       {whose}, {vertices} points in all");

    let before = memory();
    let start = Instant::now();
    let store = Store::open(&database).unwrap();
    let (loaded, _) = store.read_blocking(|conn| streets::count(conn, state)).unwrap();
    let kept = store.read_blocking(|conn| boundaries::of_state(conn, state)).unwrap();
    let outlines = kept.iter().map(|o| (o.layer, o.office_id.unwrap_or_default(), o.name.as_str(), o.shape.as_str()));
    let atlas = Atlas::build(outlines).unwrap();
    drop(kept);
    println!("start-up       {:.0} ms with {loaded} ranges and {atlas:?}", start.elapsed().as_secs_f64() * 1e3);

    let typed: Vec<Typed> = (0..ADDRESSES).map(|n| address(n, &atlas)).collect();
    let mut answers = Answers::default();
    let mut times = Vec::with_capacity(ADDRESSES);
    for typed in &typed {
        let start = Instant::now();
        let answer = offices(&store, &atlas, state, typed);
        times.push(start.elapsed());
        answers.note(&answer);
    }
    println!("address        {}", Latency::of(times));
    println!("answers        {answers:?}");
    // The slowest kind: a name that every ZIP code has, and a ZIP code that is none of them.
    let times = (0..1_000)
        .map(|n| {
            let street = format!("{} Name0 St", 1 + n % 500);
            let typed = Typed { street, zip: "02799".into(), ..address(n, &atlas) };
            let start = Instant::now();
            let _ = offices(&store, &atlas, state, &typed);
            start.elapsed()
        })
        .collect();
    println!("common, no ZIP {}", Latency::of(times));
    println!("memory         {} before, {} after; at most {}", before, memory(), status("VmHWM:"));
    let _ = std::fs::remove_dir_all(dir);
}

/// As the service does: read the address, look it up, find its points, and the districts around each.
fn offices(store: &Store, atlas: &Atlas, state: UsState, typed: &Typed) -> StreetAnswer {
    let address = StreetAddress::parse(&typed.street).unwrap();
    let zip = &typed.zip;
    let known = store.read_blocking(|conn| streets::look_up(conn, state, &address.street, address.number, zip)).unwrap();
    let in_town = |point: LonLat| atlas.municipality_at(point) == typed.town.as_deref();
    let answer = street_points(&address, zip, &known, Some(&in_town));
    if let StreetAnswer::Points(points) = &answer {
        for point in points {
            std::hint::black_box([Chamber::Upper, Chamber::Lower].map(|chamber| atlas.districts_at(chamber, *point)));
        }
    }
    answer
}

/// Keeps outlines of 160 and 40 districts and of the towns; gives their points, and whose they are.
fn outlines(database: &Path, state: UsState) -> (usize, &'static str) {
    let store = Store::open(database).unwrap();
    let real = std::env::var_os("STANDOUT_REAL_DATA").map(PathBuf::from);
    let layer = |layer: Layer, file: &str, columns: usize, rows: usize| match &real {
        Some(folder) => {
            let path = folder.join("boundaries").join(file);
            read_boundaries(&std::fs::read(&path).unwrap(), &path, layer, state).unwrap()
        }
        None => wavy(layer, columns, rows),
    };
    let mut points = 0;
    for (chamber, file, columns, rows) in
        [(Chamber::Lower, "ma-house-2021.geojson", 16, 10), (Chamber::Upper, "ma-senate-2021.geojson", 8, 5)]
    {
        let outlines = layer(Layer::District(chamber), file, columns, rows);
        points += outlines.iter().map(|outline| outline.shape.matches(',').count() / 2).sum::<usize>();
        let offices = store.read_blocking(|conn| boundaries::office_marks(conn, state, chamber)).unwrap();
        let joined: Vec<_> =
            Joining::of(outlines, chamber, &offices).joined.into_iter().map(|(o, office, _)| (o, office)).collect();
        store.write_blocking(move |tx| boundaries::replace_districts(tx, state, chamber, &joined)).unwrap();
    }
    let towns = layer(Layer::Municipality, "ma-municipalities.geojson", 25, 14);
    store.write_blocking(move |tx| boundaries::replace_municipalities(tx, state, &towns)).unwrap();
    (points, if real.is_some() { "real districts" } else { "made-up districts" })
}

/// Cells of a grid whose sides are waves, so that neighbours share them; 1,200 points a cell.
fn wavy(layer: Layer, columns: usize, rows: usize) -> Vec<Boundary> {
    const STEPS: usize = 300;
    let [west, south, east, north] = BOX;
    let corner = |x: f64, y: f64| {
        let (lon, lat) = (west + (east - west) * x / columns as f64, south + (north - south) * y / rows as f64);
        [lon + 0.004 * (lat * 400.0).sin(), lat + 0.004 * (lon * 400.0).sin()]
    };
    let cells = (0..rows).flat_map(|y| (0..columns).map(move |x| (x as f64, y as f64)));
    cells
        .enumerate()
        .map(|(at, (x, y))| {
            let along = |part: usize| part as f64 / STEPS as f64;
            let sides = (0..STEPS).map(|n| corner(x + along(n), y));
            let sides = sides.chain((0..STEPS).map(|n| corner(x + 1.0, y + along(n))));
            let sides = sides.chain((0..STEPS).map(|n| corner(x + 1.0 - along(n), y + 1.0)));
            let mut ring: Vec<[f64; 2]> = sides.chain((0..STEPS).map(|n| corner(x, y + 1.0 - along(n)))).collect();
            ring.push(ring[0]);
            Boundary {
                layer,
                name: format!("{} Grid", at + 1),
                geoid: format!("25{at:03}"),
                division_id: String::new(),
                shape: serde_json::json!({ "type": "Polygon", "coordinates": [ring] }).to_string(),
            }
        })
        .collect()
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

/// What a person types; the town is the one that the street is in, where the outlines have one there.
struct Typed {
    street: String,
    zip: String,
    town: Option<String>,
}

/// One address in twenty has a number that is not there, one in twenty a ZIP code of elsewhere.
fn address(n: usize, atlas: &Atlas) -> Typed {
    let (zip, street) = ((n * 7_919) % (GRID * GRID), (n * 104_729) % STREETS);
    let number = if n.is_multiple_of(20) { 9_999 } else { 1 + (n * 31) % (BLOCKS * 100) };
    let typed_zip = if n % 20 == 1 { (zip + 57) % (GRID * GRID) } else { zip };
    let [there, _] = stretch(zip, street, (number / 100).min(BLOCKS - 1));
    let town = atlas.municipality_at(there.line[1]).map(str::to_owned);
    Typed { street: format!("{number} {} Apt {}", name(zip, street), n % 9), zip: zip_code(typed_zip), town }
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
            StreetAnswer::Points(_) | StreetAnswer::OutsideTown(_) => &mut self.several,
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
