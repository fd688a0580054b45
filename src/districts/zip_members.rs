//! Shapefiles inside a zip. Nothing is ever written to disk, and no more is unpacked than a limit.

use std::borrow::Cow;
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::outline_error::OutlineError;
use super::shapefile_rows::Shapefile;

/// Reads every shapefile of a zip with the parts that are needed, none of them larger than `limit` bytes. `file` names
/// the zip in errors.
pub(super) fn shapefiles(zip: impl Read + Seek, file: &str, limit: u64) -> Result<Vec<Shapefile>, OutlineError> {
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: file.to_owned(), cause: cause.to_string() };
    let mut archive = ZipArchive::new(zip).map_err(|error| damaged(&error))?;
    let names: Vec<String> =
        archive.file_names().map(|name| name.map(Cow::into_owned)).collect::<Result<_, _>>().map_err(|e| damaged(&e))?;
    if let Some(member) = names.iter().find(|name| leads_out(name)) {
        return Err(OutlineError::UnsafeName { file: file.to_owned(), member: member.chars().take(200).collect() });
    }
    let mut found = Vec::new();
    for shp in names.iter().filter(|name| has_extension(name, "shp")) {
        let stem = &shp[..shp.len() - ".shp".len()];
        let mut part = |extension: &str| {
            let beside = |name: &&String| has_extension(name, extension) && name[..name.len() - extension.len() - 1] == *stem;
            names.iter().find(beside).map(|name| unpack(&mut archive, name, file, limit)).transpose()
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

/// Names are only compared, but one that means to leave its folder says enough about the zip.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..") || name.get(1..2) == Some(":")
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

fn unpack<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str, file: &str, limit: u64) -> Result<Vec<u8>, OutlineError> {
    let whole = format!("{file} ({name})");
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: whole.clone(), cause: cause.to_string() };
    let member = archive.by_name(name).map_err(|error| damaged(&error))?;
    // The size that a zip names is a claim; what comes out is counted too.
    if member.size() > limit {
        return Err(OutlineError::TooLarge { file: whole });
    }
    let mut bytes = Vec::new();
    member.take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    if bytes.len() as u64 > limit { Err(OutlineError::TooLarge { file: whole }) } else { Ok(bytes) }
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
    fn parts_are_found_in_any_case_and_folder() {
        let zip = zipped(&[("x/A.SHP", b"1"), ("x/A.dbf", b"2"), ("b.shp", b"3"), ("b.PRJ", b"4"), ("x/b.dbf", b"5")]);
        let found = shapefiles(Cursor::new(zip), "a.zip", 1000).map_err(|error| error.to_string()).unwrap();
        let parts: Vec<_> = found.iter().map(|s| (s.shp.clone(), s.dbf.clone(), s.prj.clone())).collect();
        let one = |byte: u8| vec![byte];
        assert_eq!(parts, [(one(b'1'), Some(one(b'2')), None), (one(b'3'), None, Some(one(b'4')))]);
    }
}
