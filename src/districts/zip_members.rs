//! Shapefiles inside a zip. Nothing is ever written to disk, and no more is unpacked than a limit.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::outline_error::OutlineError;
use super::outline_file::MAX_BYTES;
use super::shapefile_rows::Shapefile;

/// Reads every shapefile of a zip with the parts that are needed. `file` names the zip in errors.
pub(super) fn shapefiles(zip: impl Read + Seek, file: &str) -> Result<Vec<Shapefile>, OutlineError> {
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: file.to_owned(), cause: cause.to_string() };
    let mut archive = ZipArchive::new(zip).map_err(|error| damaged(&error))?;
    let names: Vec<String> =
        archive.file_names().map(|name| name.map(|name| name.into_owned())).collect::<Result<_, _>>().map_err(|e| damaged(&e))?;
    if let Some(member) = names.iter().find(|name| leads_out(name)) {
        return Err(OutlineError::UnsafeName { file: file.to_owned(), member: member.chars().take(200).collect() });
    }
    let mut found = Vec::new();
    for shp in names.iter().filter(|name| has_extension(name, "shp")) {
        let stem = &shp[..shp.len() - ".shp".len()];
        let mut part = |extension: &str| {
            let beside = |name: &&String| has_extension(name, extension) && name[..name.len() - extension.len() - 1] == *stem;
            names.iter().find(beside).map(|name| unpack(&mut archive, name, file)).transpose()
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

fn unpack<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str, file: &str) -> Result<Vec<u8>, OutlineError> {
    let whole = format!("{file} ({name})");
    let damaged = |cause: &dyn std::fmt::Display| OutlineError::Damaged { file: whole.clone(), cause: cause.to_string() };
    let member = archive.by_name(name).map_err(|error| damaged(&error))?;
    // The size that a zip names is a claim; what comes out is counted too.
    if member.size() > MAX_BYTES {
        return Err(OutlineError::TooLarge { file: whole });
    }
    let mut bytes = Vec::new();
    member.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    if bytes.len() as u64 > MAX_BYTES { Err(OutlineError::TooLarge { file: whole }) } else { Ok(bytes) }
}
