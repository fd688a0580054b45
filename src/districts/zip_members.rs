//! Shapefiles inside a zip. Nothing is ever written to disk, and no more is unpacked than a limit.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::outline_error::OutlineError;
use super::shapefile_names;
use super::shapefile_rows::Shapefile;

/// How many times its packed size a member may unpack to. Tables with wide empty columns come to 50.
const MAX_RATIO: u64 = 200;
/// What any member may unpack to, whatever its packed size.
const SMALL: u64 = 1_000_000;

/// Reads every shapefile of a zip with the parts that are needed, all together no larger than `limit` bytes. `file` names
/// the zip in errors.
pub(super) fn shapefiles(zip: impl Read + Seek, file: &str, limit: u64) -> Result<Vec<Shapefile>, OutlineError> {
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: file.to_owned(), cause: cause.to_string() };
    let mut archive = shapefile_names::open(zip).map_err(|error| damaged(&error))?;
    let names = shapefile_names::members(&archive).map_err(|error| damaged(&error))?;
    if let Some(member) = shapefile_names::unsafe_name(&names) {
        return Err(OutlineError::UnsafeName { file: file.to_owned(), member });
    }
    let mut found = Vec::new();
    let mut left = limit;
    for shp in shapefile_names::shps(&names) {
        let mut part = |extension: &str| {
            let name = shapefile_names::part_in_zip(&names, shp, extension);
            name.map(|name| unpack(&mut archive, name, file, limit, &mut left)).transpose()
        };
        found.push(Shapefile {
            name: format!("{file} ({shp})"),
            shp: part("shp")?.unwrap_or_default(),
            dbf: part("dbf")?,
            prj: part("prj")?,
        });
    }
    if found.is_empty() { Err(OutlineError::NoShapefile { file: file.to_owned() }) } else { Ok(found) }
}

/// Unpacks a member of at most `limit` bytes, as long as `left` has room for it.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    file: &str,
    limit: u64,
    left: &mut u64,
) -> Result<Vec<u8>, OutlineError> {
    let whole = format!("{file} ({name})");
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: whole.clone(), cause: cause.to_string() };
    let member = archive.by_name(name).map_err(|error| damaged(&error))?;
    let inflated = member.compressed_size().saturating_mul(MAX_RATIO).max(SMALL);
    // The size that a zip names is a claim; what comes out is counted too.
    let check = |size: u64| {
        if size > limit {
            return Err(OutlineError::TooLarge { file: whole.clone() });
        }
        if size > inflated {
            return Err(OutlineError::Bound {
                file: whole.clone(),
                what: format!("unpacks to more than {MAX_RATIO} times its size"),
            });
        }
        left.checked_sub(size).ok_or_else(|| OutlineError::Bound {
            file: file.to_owned(),
            what: format!("unpacks to more than {} MB", limit / 1_000_000),
        })
    };
    check(member.size())?;
    let mut bytes = Vec::new();
    member.take(limit.min(inflated).min(*left) + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    *left = check(bytes.len() as u64)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn said(zip: &[u8], limit: u64) -> String {
        shapefiles(Cursor::new(zip), "a.zip", limit).map(|found| found.len()).unwrap_err().to_string()
    }

    #[test]
    fn what_comes_out_is_counted_whatever_the_zip_claims() {
        let mut zip = zipped(&[("a.shp", &[0; 5000])]);
        assert!(said(&zip, 1000).contains("a.zip (a.shp) is larger"));
        // The claim stands in the local header and in the directory at the end.
        for at in 0..zip.len() - 4 {
            if zip[at..at + 4] == 5000_u32.to_le_bytes() {
                zip[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
            }
        }
        let said = said(&zip, 1000);
        assert!(said.contains("a.zip (a.shp) is larger") || said.contains("damaged"), "{said}");
    }

    #[test]
    fn all_members_together_are_bounded() {
        let (some, noise) = (vec![7; 400], |at: usize| {
            (0..400_usize).map(|i| ((i * i * 31 + at * i) % 251).try_into().unwrap_or(0_u8)).collect::<Vec<_>>()
        });
        let names: Vec<String> = (0..20).map(|at| format!("{at}.shp")).collect();
        let members: Vec<(&str, Vec<u8>)> = names.iter().enumerate().map(|(at, name)| (name.as_str(), noise(at))).collect();
        let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let said_of_all = said(&zipped(&members), 1000);
        assert!(said_of_all.contains("a.zip unpacks to more than"), "{said_of_all}");

        let many: Vec<String> = (0..=shapefile_names::MAX_MEMBERS).map(|at| format!("{at}.txt")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), some.as_slice())).collect();
        let said_of_many = said(&zipped(&many), 1000);
        assert!(said_of_many.contains("it holds more than 1000 files"), "{said_of_many}");

        let bomb = zipped(&[("a.shp", &vec![0; 3_000_000])]);
        let said_of_bomb = said(&bomb, 10_000_000);
        assert!(said_of_bomb.contains("a.zip (a.shp) unpacks to more than 200 times its size"), "{said_of_bomb}");
    }

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        let mut zip = zipped(&[("a.shp", b"1"), ("b.shp", b"2")]);
        for at in 0..zip.len() - 5 {
            if &zip[at..at + 5] == b"b.shp" {
                zip[at] = b'a';
            }
        }
        let said = said(&zip, 1000);
        assert!(said.contains("it holds two files of one name"), "{said}");
    }

    #[test]
    fn parts_are_found_in_any_case_and_folder() {
        let zip = zipped(&[("x/A.SHP", b"1"), ("x/A.dbf", b"2"), ("b.shp", b"3"), ("b.PRJ", b"4"), ("x/b.dbf", b"5")]);
        let found = shapefiles(Cursor::new(zip), "a.zip", 1000).map_err(|error| error.to_string()).unwrap();
        let parts: Vec<_> = found.iter().map(|s| (s.shp.clone(), s.dbf.clone(), s.prj.clone())).collect();
        let one = |byte: u8| vec![byte];
        assert_eq!(parts, [(one(b'1'), Some(one(b'2')), None), (one(b'3'), None, Some(one(b'4')))]);
    }
}
