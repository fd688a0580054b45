//! From a file's rows to outlines: which property is the name, which the id, and which rows are left out.

use std::collections::BTreeSet;

use geo::{Area, BoundingRect, MultiPolygon};

use super::geojson_shape;
use super::outline_error::OutlineError;
use crate::domain::{Boundary, Chamber, Layer, UsState, is_seen};

/// Where names of districts stand: the Census, Open States and many others.
const DISTRICT_NAMES: [&str; 5] = ["namelsad", "name", "basename", "district", "districtname"];
/// Where names of municipalities stand. The Census' NAMELSAD says "Boston city".
const MUNICIPALITY_NAMES: [&str; 5] = ["name", "municipality", "town", "basename", "namelsad"];
/// The longest name or id of an outline.
const NAME_MAX_BYTES: usize = 1_000;
const DIVISION_IDS: [&str; 3] = ["division", "ocd_division_id", "division_id"];

/// One outline as its file has it.
pub(super) struct OutlineRow {
    /// Names in lower case, sorted, with their trimmed texts; blank ones are left out.
    properties: Vec<(String, String)>,
    id: Option<String>,
    polygons: Result<MultiPolygon, String>,
}

impl OutlineRow {
    /// A row with its properties, its id apart from these, and its shape or what it is instead.
    pub(super) fn new(properties: Vec<(String, String)>, id: Option<String>, polygons: Result<MultiPolygon, String>) -> Self {
        let trimmed = |(name, text): (String, String)| (name.to_lowercase(), one_line(&text));
        let mut properties: Vec<_> = properties.into_iter().map(trimmed).filter(|(_, text)| is_seen(text)).collect();
        properties.sort();
        Self { properties, id: id.map(|id| one_line(&id)), polygons }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The property of that name, or of that name with a year behind it: `NAMELSAD20`, `GEOID20`.
    fn get_of_any_year(&self, name: &str) -> Option<&str> {
        let is_year = |rest: &str| rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
        let dated = || self.properties.iter().find(|(known, _)| known.strip_prefix(name).is_some_and(is_year));
        self.get(name).or_else(|| dated().map(|(_, text)| text.as_str()))
    }

    fn name(&self, layer: Layer) -> Option<&str> {
        let names = if layer == Layer::Municipality { MUNICIPALITY_NAMES } else { DISTRICT_NAMES };
        names.iter().find_map(|name| self.get_of_any_year(name))
    }

    fn geoid(&self, layer: Layer) -> String {
        let own_id = || self.id.as_deref().filter(|id| is_geoid(&with_zero(id, layer), layer));
        with_zero(self.get_of_any_year("geoid").or_else(own_id).unwrap_or_default(), layer)
    }

    fn division_id(&self) -> &str {
        DIVISION_IDS.iter().find_map(|name| self.get(name)).filter(|id| id.starts_with("ocd-division/")).unwrap_or_default()
    }

    /// The two digits of the row's state; `None` where nothing tells.
    fn state(&self, layer: Layer) -> Option<String> {
        let of_geoid = || {
            let geoid = self.geoid(layer);
            is_geoid(&geoid, layer).then(|| geoid[..2].to_owned())
        };
        self.get_of_any_year("statefp").map(str::to_owned).or_else(of_geoid)
    }

    /// An area of the Census that elects nobody: water, and what is in no county subdivision.
    fn is_void(&self, layer: Layer) -> bool {
        let geoid = self.geoid(layer);
        let ends = |name: &str| self.get_of_any_year(name).is_some_and(|code| code.ends_with("ZZZ"));
        geoid.ends_with("ZZZ")
            || ends("sldust")
            || ends("sldlst")
            || (layer == Layer::Municipality && geoid.len() == 10 && geoid.ends_with("00000"))
    }

    /// The chamber that the row's codes name, where they do.
    fn chamber(&self) -> Option<Chamber> {
        let upper = self.get_of_any_year("sldust").is_some() || self.division_id().contains("/sldu:");
        let lower = self.get_of_any_year("sldlst").is_some() || self.division_id().contains("/sldl:");
        match (upper, lower) {
            (true, false) => Some(Chamber::Upper),
            (false, true) => Some(Chamber::Lower),
            _ => None,
        }
    }
}

/// The outlines of `state` among the rows of `file`.
pub(super) fn boundaries(rows: Vec<OutlineRow>, file: &str, layer: Layer, state: UsState) -> Result<Vec<Boundary>, OutlineError> {
    let file = || file.to_owned();
    if let Some(found) = rows.iter().find_map(OutlineRow::chamber).map(Layer::District).filter(|found| *found != layer) {
        return Err(OutlineError::OtherLayer { file: file(), found: in_words(found), wanted: in_words(layer) });
    }
    let mut elsewhere = BTreeSet::new();
    let mut found = Vec::new();
    for (number, row) in (1..).zip(rows) {
        if let Some(other) = row.state(layer).filter(|other| *other != state.fips()) {
            elsewhere.insert(UsState::of_fips(&other).map_or(format!("state {other}"), |other| other.name().to_owned()));
            continue;
        }
        if !row.is_void(layer) {
            found.push(boundary(row, number, &file(), layer)?);
        }
    }
    match (found.is_empty(), elsewhere.is_empty()) {
        (false, _) => Ok(found),
        (true, true) => Err(OutlineError::Empty { file: file() }),
        (true, false) => {
            let found = elsewhere.into_iter().collect::<Vec<_>>().join(", ");
            Err(OutlineError::OtherState { file: file(), state: state.name(), found })
        }
    }
}

fn boundary(row: OutlineRow, number: usize, file: &str, layer: Layer) -> Result<Boundary, OutlineError> {
    let file = || file.to_owned();
    let Some(name) = row.name(layer).map(str::to_owned) else {
        let names = if layer == Layer::Municipality { MUNICIPALITY_NAMES } else { DISTRICT_NAMES };
        return Err(OutlineError::NoName { file: file(), number, properties: names.join(", ") });
    };
    if [&name, row.id.as_deref().unwrap_or_default(), row.geoid(layer).as_str(), row.division_id()]
        .iter()
        .any(|text| text.len() > NAME_MAX_BYTES)
    {
        let what = format!("gives outline {number} a name or an id of more than {NAME_MAX_BYTES} bytes");
        return Err(OutlineError::Bound { file: file(), what });
    }
    if name.contains('\u{FFFD}') {
        return Err(OutlineError::NotUtf8 { file: file(), name });
    }
    let outline = || format!("outline {number}, {name},");
    let (geoid, division_id) = (row.geoid(layer), row.division_id().to_owned());
    let polygons = row.polygons.map_err(|cause| OutlineError::NoPolygon { file: file(), outline: outline(), cause })?;
    let degrees = polygons.iter().flat_map(|polygon| polygon.exterior().coords().chain(polygon.interiors().iter().flatten()));
    if !degrees.into_iter().all(|at| (-180.0..=180.0).contains(&at.x) && (-90.0..=90.0).contains(&at.y)) {
        return Err(OutlineError::NoDegrees { file: file(), outline: outline() });
    }
    if polygons.bounding_rect().is_none() || polygons.unsigned_area() <= 0.0 {
        return Err(OutlineError::NoPolygon { file: file(), outline: outline(), cause: "it has no area".to_owned() });
    }
    Ok(Boundary { layer, name, geoid, division_id, shape: geojson_shape::write(&polygons) })
}

const fn in_words(layer: Layer) -> &'static str {
    match layer {
        Layer::District(Chamber::Upper) => "districts of the upper chamber (the senate)",
        Layer::District(Chamber::Lower) => "districts of the lower chamber (the house or assembly)",
        Layer::District(Chamber::Governor) => "the whole state",
        Layer::Municipality => "cities and towns",
    }
}

/// How long a GEOID is: two digits of the state, then the district's three, or a place's five, or a county's three and
/// a county subdivision's five.
const fn lengths(layer: Layer) -> &'static [usize] {
    match layer {
        Layer::District(_) => &[5],
        Layer::Municipality => &[7, 10],
    }
}

fn is_geoid(text: &str, layer: Layer) -> bool {
    let (digits, rest) = text.split_at_checked(2).unwrap_or_default();
    lengths(layer).contains(&text.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A GEOID that was a number somewhere on its way has lost the nought in front: 6001 is 06001.
fn with_zero(text: &str, layer: Layer) -> String {
    let is_short = lengths(layer).contains(&(text.len() + 1)) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_short { format!("0{text}") } else { text.to_owned() }
}

/// Names go into pages and mails: one line of text.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
