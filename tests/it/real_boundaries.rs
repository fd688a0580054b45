//! Outlines of real districts and towns, where `STANDOUT_REAL_DATA` names the folder that holds them; skipped elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use geo::{BoundingRect, Contains, Point, Polygon, Rect};
use geojson::GeoJson;
use rand::{Rng, SeedableRng};
use standout::districts::{Atlas, JoinedBy, Joining, overlaps, read_boundaries, read_limited};
use standout::domain::{Boundary, Chamber, DistrictKey, Layer, LonLat, OfficeMarks, UsState};
use standout::roster::read_people;

use crate::support::service::Folder;

/// Towns whose outlines and districts' are drawn a little differently: slivers of up to 0.7 % of their area.
const SLIVER_TOWNS: [&str; 4] = ["Canton", "Essex", "Norwood", "Sharon"];

fn path(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("STANDOUT_REAL_DATA") else {
        println!("skipped: STANDOUT_REAL_DATA names no folder to read {name} from");
        return None;
    };
    Some(PathBuf::from(folder).join(name))
}

fn read(name: &str, layer: Layer) -> Option<Vec<Boundary>> {
    let path = path(name)?;
    Some(read_boundaries(&read_limited(&path).unwrap(), &path, layer, UsState::parse("ma").unwrap()).unwrap())
}

/// The offices that the roster's people hold, by chamber.
fn offices(chamber: Chamber) -> Option<Vec<OfficeMarks>> {
    let path = path("openstates-ma.csv")?;
    let people = read_people(std::fs::File::open(path).unwrap(), "openstates-ma.csv").unwrap().people;
    let of_chamber = people.into_iter().filter(|person| person.district.chamber == chamber);
    let marks = (1..).zip(of_chamber).map(|(id, person)| OfficeMarks {
        id,
        district: person.district,
        geoid: None,
        division_id: None,
        held: true,
    });
    Some(marks.collect())
}

fn named(outlines: &[Boundary]) -> Vec<(&str, &str)> {
    outlines.iter().map(|outline| (outline.name.as_str(), outline.shape.as_str())).collect()
}

/// The rings of a drawn path, in tenths of a unit.
#[allow(clippy::cast_possible_truncation)]
fn rings(data: &str) -> Vec<Vec<(i64, i64)>> {
    let tenths = |text: &str| (text.parse::<f64>().unwrap() * 10.0).round() as i64;
    let rings = data.split_terminator('z');
    rings
        .map(|ring| {
            let (mut x, mut y) = (0, 0);
            let steps = ring.trim_start_matches('M').split('l').map(|step| step.split_once(' ').unwrap());
            steps
                .map(|(dx, dy)| {
                    (x, y) = (x + tenths(dx), y + tenths(dy));
                    (x, y)
                })
                .collect()
        })
        .collect()
}

#[test]
fn the_map_of_a_chamber_is_small_and_does_not_gape() {
    for (chamber, file, seats) in [
        (Chamber::Lower, "boundaries/ma-house-2024-tiger15.geojson", 160),
        (Chamber::Upper, "boundaries/ma-senate-2024-tiger15.geojson", 40),
    ] {
        let Some(outlines) = read(file, Layer::District(chamber)) else { return };
        let owned = (1..).zip(&outlines).map(|(id, o)| (Layer::District(chamber), id, o.name.as_str(), o.shape.as_str()));
        let atlas = Atlas::build(owned).unwrap();
        let drawing = atlas.drawing(chamber).unwrap();
        let drawn: BTreeSet<i64> = drawing.districts.iter().map(|(office, _)| *office).collect();
        assert_eq!(drawn.len(), seats, "{file}");
        let bytes: usize = drawing.districts.iter().map(|(_, data)| data.len()).sum();
        assert!((5_000..150_000).contains(&bytes), "{file}: {bytes} bytes");
        // A side of a district is the side of one neighbour, or of none at the edge of the state.
        let mut sides: BTreeMap<[(i64, i64); 2], usize> = BTreeMap::new();
        for ring in drawing.districts.iter().flat_map(|(_, data)| rings(data)) {
            assert!(ring.len() > 2, "{file}");
            for (at, from) in ring.iter().enumerate() {
                let to = &ring[(at + 1) % ring.len()];
                *sides.entry([*from.min(to), *from.max(to)]).or_default() += 1;
            }
        }
        let shared = sides.values().filter(|times| **times == 2).count();
        // Where simplifying folds a needle flat, its side is there more often.
        let folded = sides.values().filter(|times| **times > 2).count();
        assert!(folded * 100 < sides.len(), "{file}: {folded} of {} sides are folded", sides.len());
        assert!(shared * 2 > sides.len(), "{file}: {shared} of {} sides are shared", sides.len());
        println!("{file}: {bytes} bytes, {shared} of {} sides are shared", sides.len());
    }
}

#[test]
fn all_200_districts_join_one_to_one() {
    for (chamber, files, seats, vacant) in [
        (Chamber::Lower, ["boundaries/ma-house-2021.geojson", "boundaries/ma-house-2024-tiger15.geojson"], 160, 2),
        (Chamber::Upper, ["boundaries/ma-senate-2021.geojson", "boundaries/ma-senate-2024-tiger15.geojson"], 40, 0),
    ] {
        let Some(offices) = offices(chamber) else { return };
        for file in files {
            let outlines = read(file, Layer::District(chamber)).unwrap();
            let joining = Joining::of(outlines, chamber, &offices);
            assert_eq!(joining.objections, [], "{file}");
            assert_eq!((joining.count(JoinedBy::Name), joining.count(JoinedBy::New)), (seats - vacant, vacant), "{file}");
            let joined: BTreeSet<_> = joining.joined.iter().filter_map(|(_, office, _)| *office).collect();
            let keys: BTreeSet<_> = joining.joined.iter().map(|(outline, _, _)| DistrictKey::of(&outline.name)).collect();
            assert_eq!((joined.len(), keys.len()), (seats - vacant, seats), "{file}");
            let vacant: Vec<_> = joining.vacant.iter().map(|name| DistrictKey::of(name).to_string()).collect();
            assert!(chamber == Chamber::Upper || vacant == ["1 franklin", "17 middlesex"], "{vacant:?}");

            // The next time each joins by its GEOID.
            let marked = |(outline, office, _): &(Boundary, Option<i64>, JoinedBy)| {
                let known = offices.iter().find(|known| Some(known.id) == *office)?;
                Some(OfficeMarks { geoid: Some(outline.geoid.clone()), ..known.clone() })
            };
            let offices: Vec<OfficeMarks> = joining.joined.iter().filter_map(marked).collect();
            let outlines = joining.joined.into_iter().map(|(outline, _, _)| outline).collect();
            assert_eq!(Joining::of(outlines, chamber, &offices).count(JoinedBy::Geoid), seats - vacant.len(), "{file}");
        }
    }
}

#[test]
fn no_real_districts_overlap() {
    for (file, chamber) in
        [("boundaries/ma-house-2021.geojson", Chamber::Lower), ("boundaries/ma-senate-2024-tiger15.geojson", Chamber::Upper)]
    {
        let Some(outlines) = read(file, Layer::District(chamber)) else { return };
        assert_eq!(overlaps(&named(&outlines)).unwrap(), [], "{file}");
    }
}

/// By the commands, into a real database: roster, outlines of districts and of towns; then town for town against
/// the official table of precincts.
#[test]
fn the_towns_districts_agree_with_the_precinct_table() {
    let (Some(roster), Some(precincts)) = (path("openstates-ma.csv"), path("ma-precincts.csv")) else { return };
    let folder = Folder::new(None, &[]);
    folder.done(&["officials", "import", &roster.display().to_string(), "--yes"]);
    let import = |command: &str, file: &str, more: &[&str]| {
        let file = path(file).unwrap().display().to_string();
        let start = Instant::now();
        let out = folder.done(&[&[command, "import", &file], more].concat());
        println!("{} s\n{out}", start.elapsed().as_secs_f64());
        out
    };
    import("places", "ma-municipalities.csv", &[]);
    let out = import("districts", "boundaries/ma-house-2021.geojson", &["--chamber", "lower"]);
    assert!(out.contains("2 with nobody in office: 1st Franklin; 17th Middlesex"), "{out}");
    assert!(out.contains("160 joined an office by name"), "{out}");
    import("districts", "boundaries/ma-senate-2021.geojson", &["--chamber", "upper"]);
    let out = import("places", "boundaries/ma-municipalities.geojson", &[]);

    let mut official: BTreeMap<String, BTreeSet<(String, DistrictKey)>> = BTreeMap::new();
    let mut rows = csv::Reader::from_path(precincts).unwrap();
    for row in rows.records().map(Result::unwrap) {
        let districts = official.entry(row[0].to_owned()).or_default();
        districts.insert(("lower".to_owned(), DistrictKey::of(&row[3])));
        districts.insert(("upper".to_owned(), DistrictKey::of(&row[4])));
    }
    let links: Vec<(String, String, String)> = folder.tables().rows(
        "m.name, o.chamber, o.district",
        "municipalities m JOIN municipality_offices l ON l.municipality_id = m.id JOIN offices o ON o.id = l.office_id",
    );
    let mut worked_out: BTreeMap<String, BTreeSet<(String, DistrictKey)>> = BTreeMap::new();
    for (town, chamber, district) in links {
        worked_out.entry(town).or_default().insert((chamber, DistrictKey::of(&district)));
    }
    assert_eq!((official.len(), worked_out.len()), (351, 351));
    let differing: Vec<_> = official.iter().filter(|(town, districts)| worked_out.get(*town) != Some(districts)).collect();
    println!("sliver towns: {SLIVER_TOWNS:?}; {} towns differ: {differing:?}", differing.len());
    assert!(differing.iter().all(|(town, _)| SLIVER_TOWNS.contains(&town.as_str())), "{differing:?}");
    // The same districts were known from the list of towns before.
    assert_eq!(out.contains("differ"), !differing.is_empty(), "{out}");
}

/// One polygon as its file has it: the number of its outline in the file, and its box.
struct Plain {
    number: i64,
    polygon: Polygon,
    around: Rect,
}

fn plain(name: &str) -> Option<Vec<Plain>> {
    let text = std::fs::read_to_string(path(name)?).unwrap();
    let GeoJson::FeatureCollection(collection) = text.parse().unwrap() else { panic!("{name}") };
    let outlines = (0..).zip(collection.features).flat_map(|(number, feature)| {
        let polygons = match geo::Geometry::try_from(feature.geometry.unwrap()).unwrap() {
            geo::Geometry::Polygon(one) => vec![one],
            geo::Geometry::MultiPolygon(several) => several.0,
            other => panic!("{other:?}"),
        };
        polygons.into_iter().map(move |polygon| Plain { number, around: polygon.bounding_rect().unwrap(), polygon })
    });
    Some(outlines.collect())
}

#[test]
fn random_points_agree_with_plain_point_in_polygon() {
    const POINTS: u32 = 50_000;
    let layers = [("boundaries/ma-house-2021.geojson", Chamber::Lower), ("boundaries/ma-senate-2021.geojson", Chamber::Upper)];
    let outlines = layers.iter().map(|(name, chamber)| read(name, Layer::District(*chamber)));
    let Some(outlines) = outlines.collect::<Option<Vec<Vec<Boundary>>>>() else { return };
    let start = Instant::now();
    let rows = outlines.iter().flat_map(|layer| {
        (0..).zip(layer).map(|(number, outline)| (outline.layer, number, outline.name.as_str(), outline.shape.as_str()))
    });
    let atlas = &Atlas::build(rows).unwrap();
    println!("built in {:?}", start.elapsed());
    let mut differ_by_seed = Vec::new();
    std::thread::scope(|scope| {
        // Two threads with a half of the points each.
        let halves: Vec<_> = (0..2).map(|seed| scope.spawn(move || disagreements(atlas, &layers, seed, POINTS))).collect();
        differ_by_seed.extend(halves.into_iter().map(|half| half.join().unwrap()));
    });
    let Some(differ) = differ_by_seed.into_iter().collect::<Option<Vec<_>>>() else { return };
    let differ: u32 = differ.iter().sum();
    println!("{differ} of {} points differ", 2 * POINTS);
    assert!(differ <= 2 * POINTS / 1000, "{differ} of {} points differ", 2 * POINTS);
}

/// How many of so many random points inside the state differ in either chamber.
fn disagreements(atlas: &Atlas, layers: &[(&str, Chamber)], seed: u64, points: u32) -> Option<u32> {
    let plain: Vec<Vec<Plain>> = layers.iter().map(|(name, _)| plain(name)).collect::<Option<_>>()?;
    let mut spent = Duration::ZERO;
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let (mut inside, mut differ) = (0, 0);
    while inside < points {
        let (lon, lat) = (random.random_range(-73.51..-69.92), random.random_range(41.23..42.89));
        let point = Point::new(lon, lat);
        let containing = |layer: &[Plain]| {
            let near = layer.iter().filter(|outline| outline.around.contains(&point));
            near.filter(|outline| outline.polygon.contains(&point)).map(|outline| outline.number).next()
        };
        // Half of the box is sea or another state.
        let Some(lower) = containing(&plain[0]) else { continue };
        let expected = [Some(lower), containing(&plain[1])];
        inside += 1;
        let start = Instant::now();
        let found = layers.iter().map(|(_, chamber)| atlas.districts_at(*chamber, LonLat { lon, lat }));
        let found: Vec<Option<i64>> = found.map(|around| around.within).collect();
        spent += start.elapsed();
        differ += u32::from(found.as_slice() != expected);
    }
    println!("seed {seed}: {points} points in both chambers in {spent:?}");
    Some(differ)
}
