//! Which county a file of house numbers is of, whatever the file is called and of whatever year.

use std::path::Path;

use super::shapefile_streams::shp_in_zip;
use super::streets_error::StreetsError;
use crate::domain::UsState;

/// What every edition of a county's file is known by, so that next year's takes this year's place: `25025_addrfeat`, from
/// the Census's name `tl_2025_25025_addrfeat` of the .shp in the zip, or else of the file. A file of which neither has such
/// a name is known by its own.
///
/// # Errors
/// [`StreetsError::OtherCounty`] where that name is of another state's county.
pub fn addrfeat_name(path: &Path, state: UsState) -> Result<String, StreetsError> {
    let member = shp_in_zip(path).map(|shp| stem(Path::new(shp.rsplit(['/', '\\']).next().unwrap_or(&shp))));
    let own = stem(path);
    let Some(county) = member.as_deref().and_then(county).or_else(|| county(&own)) else { return Ok(own) };
    if county.starts_with(state.fips()) {
        return Ok(format!("{county}_addrfeat"));
    }
    let other = UsState::of_fips(&county[..2]).map_or_else(|| format!("the area {}", &county[..2]), |other| other.name().into());
    Err(StreetsError::OtherCounty { file: path.display().to_string(), county: county.to_owned(), other, state: state.name() })
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The five digits of a county in a name such as `tl_2025_25025_addrfeat`.
fn county(stem: &str) -> Option<&str> {
    let (year, rest) = stem.strip_prefix("tl_")?.split_once('_')?;
    let county = rest.strip_suffix("_addrfeat")?;
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    (digits(year, 4) && digits(county, 5)).then_some(county)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_of_a_file_have_one_name() {
        let state = UsState::parse("ma").unwrap();
        for (file, name) in [
            ("a/tl_2025_25025_addrfeat.zip", "25025_addrfeat"),
            ("TL_2024_25025_ADDRFEAT.SHP", "25025_addrfeat"),
            ("suffolk.zip", "suffolk"),
            ("tl_new_x.zip", "tl_new_x"),
            ("tl_2025_.zip", "tl_2025_"),
            ("tl_2025_2502_addrfeat.zip", "tl_2025_2502_addrfeat"),
        ] {
            assert_eq!(addrfeat_name(Path::new(file), state).unwrap(), name);
        }
        let error = addrfeat_name(Path::new("tl_2025_36061_addrfeat.zip"), state).unwrap_err().to_string();
        assert!(error.contains("36061") && error.contains("New York") && error.contains("--state"), "{error}");
    }
}
