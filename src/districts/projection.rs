//! What coordinates mean: only longitude and latitude of NAD 83 or WGS 84 are taken. They differ by less than two
//! metres in the lower 48 states; anything else would put people into the wrong district.

/// Checks the text of a .prj file (well-known text, as ESRI and OGC write it). The error is the projection's name.
pub(super) fn check(prj: &str) -> Result<(), String> {
    let text = prj.trim_start_matches('\u{FEFF}').trim();
    let (kind, rest) = text.split_once('[').unwrap_or((text, ""));
    let name = rest.split('"').nth(1).unwrap_or(text).chars().take(80).collect::<String>();
    let is_geographic = ["GEOGCS", "GEOGCRS", "GEODCRS"].iter().any(|known| kind.trim().eq_ignore_ascii_case(known));
    let folded: String = rest.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let is_known = ["northamerican1983", "northamericandatum1983", "nad83", "wgs1984", "wgs84", "worldgeodeticsystem1984"]
        .iter()
        .any(|datum| folded.contains(datum));
    if is_geographic && is_known && folded.contains("degree") {
        Ok(())
    } else {
        Err(if name.is_empty() { "unknown".to_owned() } else { name })
    }
}

/// Checks the name of an old GeoJSON `crs` member, such as `urn:ogc:def:crs:EPSG::4269`. The error is the name.
pub(super) fn check_crs(name: &str) -> Result<(), String> {
    let last: &str = name.rsplit([':', '/', '#']).next().unwrap_or_default();
    let known = ["CRS84", "CRS83", "4326", "4269", "4979"];
    if known.iter().any(|crs| last.eq_ignore_ascii_case(crs)) { Ok(()) } else { Err(name.chars().take(80).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_degrees_of_nad83_and_wgs84_are_taken() {
        for prj in [
            r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]"#,
            r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
            r#" GEOGCRS["WGS 84",DATUM["World Geodetic System 1984"],CS[ellipsoidal,2],UNIT["degree",0.01]]"#,
        ] {
            assert_eq!(check(prj), Ok(()), "{prj}");
        }
        for (prj, name) in [
            (
                r#"PROJCS["NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001",GEOGCS["GCS_North_American_1983",UNIT["Degree",0.01]],UNIT["Meter",1.0]]"#,
                "NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001",
            ),
            (
                r#"GEOGCS["GCS_North_American_1927",DATUM["D_North_American_1927"],UNIT["Degree",0.01]]"#,
                "GCS_North_American_1927",
            ),
            (r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983"],UNIT["Grad",0.01]]"#, "GCS_North_American_1983"),
            ("", "unknown"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(check(prj), Err(name.to_owned()));
        }
    }

    #[test]
    fn old_names_of_plain_degrees_are_known() {
        for name in [
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:EPSG::4269",
            "EPSG:4326",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
        ] {
            assert_eq!(check_crs(name), Ok(()), "{name}");
        }
        assert_eq!(check_crs("EPSG:26986"), Err("EPSG:26986".to_owned()));
        assert_eq!(check_crs("EPSG:14326"), Err("EPSG:14326".to_owned()));
    }
}
