//! Which files are parts of one shapefile: members of a zip, or side by side in a folder.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::{ZipError, ZipResult};

/// The most files in a zip. Those of the Census have seven or eight.
pub(super) const MAX_MEMBERS: usize = 1_000;

/// Opens a zip that has no more than [`MAX_MEMBERS`], each under a name of its own. The entries of its directory are counted
/// before it is read: a directory of millions of names would take the memory first.
pub(super) fn open<R: Read + Seek>(mut zip: R) -> ZipResult<ZipArchive<R>> {
    if entries(BufReader::new(&mut zip))? > MAX_MEMBERS {
        return Err(ZipError::InvalidArchive(format!("it holds more than {MAX_MEMBERS} files").into()));
    }
    zip.rewind()?;
    let archive = ZipArchive::new(zip)?;
    if archive.has_duplicate_names() {
        return Err(ZipError::InvalidArchive("it holds two files of one name".into()));
    }
    Ok(archive)
}

/// How often the sign of a directory's entry stands in a zip.
fn entries(mut zip: impl BufRead) -> std::io::Result<usize> {
    let (mut last, mut count) = (0_u32, 0);
    loop {
        let portion = zip.fill_buf()?;
        if portion.is_empty() {
            return Ok(count);
        }
        for byte in portion {
            last = (last << 8) | u32::from(*byte);
            count += usize::from(last == u32::from_be_bytes(*b"PK\x01\x02"));
        }
        let read = portion.len();
        zip.consume(read);
    }
}

/// The names of a zip's members.
pub(super) fn members<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Vec<String>, ZipError> {
    archive.file_names().map(|name| name.map(Cow::into_owned)).collect()
}

/// The first name that leads out of its folder, shortened for an error. Names are only compared, but one that means to
/// leave says enough about the zip.
pub(super) fn unsafe_name(names: &[String]) -> Option<String> {
    let leads_out = |name: &str| {
        name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..") || name.get(1..2) == Some(":")
    };
    names.iter().find(|name| leads_out(name)).map(|name| name.chars().take(200).collect())
}

/// The members that begin a shapefile.
pub(super) fn shps(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().filter(|name| without_extension(name, "shp").is_some())
}

/// The member with that extension that belongs to the member `shp`.
pub(super) fn part_in_zip<'a>(names: &'a [String], shp: &str, extension: &str) -> Option<&'a String> {
    let stem = without_extension(shp, "shp")?;
    names.iter().find(|name| without_extension(name, extension) == Some(stem))
}

/// The file with that extension, in small or capital letters, that stands beside the .shp at `path`.
pub(super) fn part_beside(path: &Path, extension: &str) -> Option<PathBuf> {
    let extensions = [extension.to_owned(), extension.to_uppercase()];
    extensions.iter().map(|extension| path.with_extension(extension)).find(|path| path.is_file())
}

fn without_extension<'a>(name: &'a str, extension: &str) -> Option<&'a str> {
    name.rsplit_once('.').filter(|(_, found)| found.eq_ignore_ascii_case(extension)).map(|(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_told() {
        for name in ["../a.shp", "/a.shp", "a/../../b.shp", "\\a.shp", "C:\\a.shp", "a\\..\\b.shp"] {
            assert!(unsafe_name(&[name.to_owned()]).is_some(), "{name}");
        }
        assert_eq!(unsafe_name(&["tl_2025_25025_addrfeat.shp".into(), "a/b..shp".into()]), None);
    }

    #[test]
    fn parts_belong_to_the_shp_of_their_folder_and_name() {
        let names = ["x/A.SHP", "x/A.dbf", "b.shp", "b.PRJ", "x/b.dbf", "shp"].map(str::to_owned);
        assert_eq!(shps(&names).collect::<Vec<_>>(), ["x/A.SHP", "b.shp"]);
        assert_eq!(part_in_zip(&names, "x/A.SHP", "dbf").map(String::as_str), Some("x/A.dbf"));
        assert_eq!(part_in_zip(&names, "b.shp", "prj").map(String::as_str), Some("b.PRJ"));
        assert_eq!(part_in_zip(&names, "b.shp", "dbf"), None);
    }
}
