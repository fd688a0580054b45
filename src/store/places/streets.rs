//! House numbers along streets, by the file that brought them. A file's ranges count from the commit that completes it; a
//! newer one of the same name takes its place in that commit, so that an import killed midway changes nothing.

use diesel::prelude::*;

use crate::domain::{AddressRange, LonLat, Parity, Side, StreetName, StreetRecords, UsState};
use crate::store::schema::{street_files, street_ranges};
use crate::store::{Reader, StoreError, Tx, settings};

/// Degrees are kept in millionths, as the Census publishes them: a tenth of a metre.
const MILLIONTHS: f64 = 1_000_000.0;

/// Begins a file: [`add`] gives it its ranges, [`complete`] makes it count. `name` is the same for every edition of a file.
pub fn begin(tx: &mut Tx<'_>, state: UsState, name: &str) -> Result<i64, StoreError> {
    let values = (
        street_files::state.eq(state),
        street_files::name.eq(name),
        street_files::complete.eq(false),
        street_files::ranges.eq(0),
    );
    Ok(diesel::insert_into(street_files::table).values(values).returning(street_files::id).get_result(tx.conn)?)
}

/// Adds ranges to a file that was begun: a few thousand at a time, so that others can write in between.
pub fn add(tx: &mut Tx<'_>, state: UsState, file: i64, ranges: &[AddressRange]) -> Result<(), StoreError> {
    for range in ranges {
        let (low, high) = (range.from.min(range.to), range.from.max(range.to));
        diesel::insert_into(street_ranges::table)
            .values((
                street_ranges::file_id.eq(file),
                street_ranges::state.eq(state),
                street_ranges::stem.eq(&range.street.stem),
                street_ranges::kind.eq(&range.street.kind),
                street_ranges::direction.eq(&range.street.direction),
                street_ranges::zip.eq(&range.zip),
                street_ranges::low.eq(i64::from(low)),
                street_ranges::high.eq(i64::from(high)),
                street_ranges::reversed.eq(range.from > range.to),
                street_ranges::parity.eq(range.parity),
                street_ranges::side.eq(range.side),
                street_ranges::line.eq(to_bytes(&range.line)),
            ))
            .execute(tx.conn)?;
    }
    let added = i64::try_from(ranges.len()).map_err(StoreError::unknown_value)?;
    let changed = diesel::update(street_files::table.find(file).filter(street_files::complete.eq(false)))
        .set(street_files::ranges.eq(street_files::ranges + added))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(StoreError::unknown_value(
            "a file of streets that another import has taken the place of; import it again alone",
        ));
    }
    Ok(())
}

/// From here on the file counts, and earlier ones of its name no longer do; [`sweep`] removes what they leave.
pub fn complete(tx: &mut Tx<'_>, file: i64) -> Result<(), StoreError> {
    let (state, name): (String, String) =
        street_files::table.find(file).select((street_files::state, street_files::name)).first(tx.conn)?;
    let same = street_files::table.filter(street_files::state.eq(state).and(street_files::name.eq(name)));
    diesel::update(same).set(street_files::complete.eq(street_files::id.eq(file))).execute(tx.conn)?;
    settings::bump_revision(tx)
}

/// Removes up to `most` ranges of files of this name that don't count: replaced ones, and those of an import that did not
/// come to its end. Answers whether there may be more.
pub fn sweep(tx: &mut Tx<'_>, state: UsState, name: &str, most: i64) -> Result<bool, StoreError> {
    let unused: Vec<i64> = street_files::table
        .filter(street_files::state.eq(state).and(street_files::name.eq(name)).and(street_files::complete.eq(false)))
        .select(street_files::id)
        .load(tx.conn)?;
    let Some(file) = unused.first() else { return Ok(false) };
    let some: Vec<i64> =
        street_ranges::table.filter(street_ranges::file_id.eq(file)).select(street_ranges::id).limit(most).load(tx.conn)?;
    if some.is_empty() {
        diesel::delete(street_files::table.find(file)).execute(tx.conn)?;
        return Ok(unused.len() > 1);
    }
    diesel::delete(street_ranges::table.filter(street_ranges::id.eq_any(some))).execute(tx.conn)?;
    Ok(true)
}

/// How many ranges of the state are imported, in how many files.
pub fn count(conn: &mut Reader, state: UsState) -> Result<(i64, i64), StoreError> {
    let rows: Vec<i64> = street_files::table
        .filter(street_files::state.eq(state).and(street_files::complete))
        .select(street_files::ranges)
        .load(conn)?;
    Ok((rows.iter().sum(), i64::try_from(rows.len()).map_err(StoreError::unknown_value)?))
}

/// What is known of a house: [`StreetRecords`] says which ranges are given. `zip` has five digits.
pub fn look_up(
    conn: &mut Reader,
    state: UsState,
    street: &StreetName,
    number: u32,
    zip: &str,
) -> Result<StreetRecords, StoreError> {
    let in_zip = ranges(conn, state, &street.stem, number, Some(zip))?;
    if in_zip.iter().any(|range| range.street == *street) {
        return Ok(StreetRecords { ranges: in_zip, in_zip: Vec::new(), any: true });
    }
    let ranges = ranges(conn, state, &street.stem, number, None)?;
    let in_zip = names(conn, state, &street.stem, zip)?;
    let any = !ranges.is_empty() || !in_zip.is_empty() || count(conn, state)?.0 > 0;
    Ok(StreetRecords { ranges, in_zip, any })
}

/// The ranges of streets with this stem that hold the number, in one ZIP code or in the whole state.
pub fn ranges(
    conn: &mut Reader,
    state: UsState,
    stem: &str,
    number: u32,
    zip: Option<&str>,
) -> Result<Vec<AddressRange>, StoreError> {
    let mut query = street_ranges::table
        .inner_join(street_files::table.on(street_files::id.eq(street_ranges::file_id)))
        .filter(street_ranges::state.eq(state).and(street_ranges::stem.eq(stem)))
        .filter(street_ranges::low.le(i64::from(number)).and(street_ranges::high.ge(i64::from(number))))
        .filter(street_files::complete)
        .select(Row::as_select())
        .into_boxed();
    if let Some(zip) = zip {
        query = query.filter(street_ranges::zip.eq(zip));
    }
    let mut found = Vec::new();
    for row in query.load(conn)? {
        let range = row.into_range(stem)?;
        if range.holds(number) {
            found.push(range);
        }
    }
    Ok(found)
}

/// The streets with this stem in the ZIP code, each once.
fn names(conn: &mut Reader, state: UsState, stem: &str, zip: &str) -> Result<Vec<StreetName>, StoreError> {
    let rows: Vec<(String, String)> = street_ranges::table
        .inner_join(street_files::table.on(street_files::id.eq(street_ranges::file_id)))
        .filter(street_ranges::state.eq(state).and(street_ranges::stem.eq(stem)).and(street_ranges::zip.eq(zip)))
        .filter(street_files::complete)
        .select((street_ranges::kind, street_ranges::direction))
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().map(|(kind, direction)| StreetName { stem: stem.to_owned(), kind, direction }).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = street_ranges, check_for_backend(diesel::sqlite::Sqlite))]
struct Row {
    kind: String,
    direction: String,
    zip: String,
    low: i64,
    high: i64,
    reversed: bool,
    parity: Parity,
    side: Side,
    line: Vec<u8>,
}

impl Row {
    fn into_range(self, stem: &str) -> Result<AddressRange, StoreError> {
        let strange = |column: &str| StoreError::unknown_value(format!("a value in street_ranges.{column}"));
        let low = u32::try_from(self.low).map_err(|_| strange("low"))?;
        let high = u32::try_from(self.high).map_err(|_| strange("high"))?;
        let (from, to) = if self.reversed { (high, low) } else { (low, high) };
        Ok(AddressRange {
            street: StreetName { stem: stem.to_owned(), kind: self.kind, direction: self.direction },
            zip: self.zip,
            from,
            to,
            parity: self.parity,
            side: self.side,
            line: from_bytes(&self.line).ok_or_else(|| strange("line"))?,
        })
    }
}

fn to_bytes(line: &[LonLat]) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "180 million fits; what is no number becomes 0, and imports refuse it")]
    let millionths = |degrees: f64| ((degrees * MILLIONTHS).round() as i32).to_le_bytes();
    line.iter().flat_map(|point| [point.lon, point.lat]).flat_map(millionths).collect()
}

/// `None` when these are not whole points, two or more.
fn from_bytes(bytes: &[u8]) -> Option<Vec<LonLat>> {
    let (points, rest) = bytes.as_chunks::<8>();
    let degrees = |bytes: [u8; 4]| f64::from(i32::from_le_bytes(bytes)) / MILLIONTHS;
    let point = |[a, b, c, d, e, f, g, h]: &[u8; 8]| LonLat { lon: degrees([*a, *b, *c, *d]), lat: degrees([*e, *f, *g, *h]) };
    (rest.is_empty() && points.len() >= 2).then(|| points.iter().map(point).collect())
}

/// The first point of a line as it is kept.
pub(in crate::store) fn first_point(bytes: &[u8]) -> Option<LonLat> {
    from_bytes(bytes)?.first().copied()
}
