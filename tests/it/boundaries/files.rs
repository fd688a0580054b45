//! Files of outlines, written as their publishers write them.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polygon, PolygonRing, Writer};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The .prj of every TIGER/Line file.
pub(super) const NAD83: &str = r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]"#;

/// A rectangle by west, south, east, north, in degrees.
pub(super) type Rectangle = [f64; 4];

/// An outline: its properties, and the rectangles that it is.
pub(super) type Row<'a> = (Vec<(&'a str, &'a str)>, Vec<Rectangle>);

pub(super) fn ring([west, south, east, north]: Rectangle) -> Vec<[f64; 2]> {
    vec![[west, south], [east, south], [east, north], [west, north], [west, south]]
}

pub(super) fn geojson(rows: &[Row<'_>]) -> Value {
    let features: Vec<Value> = rows
        .iter()
        .map(|(properties, rectangles)| {
            let properties: serde_json::Map<_, _> = properties.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
            let polygons: Vec<_> = rectangles.iter().map(|rectangle| vec![ring(*rectangle)]).collect();
            json!({"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": polygons}})
        })
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}

/// Writes `stem`.shp, .shx, .dbf and .prj into the folder.
pub(super) fn shapefile(folder: &Path, stem: &str, rows: &[Row<'_>], prj: &str) {
    let fields = rows[0]
        .0
        .iter()
        .fold(TableWriterBuilder::new(), |table, (name, _)| table.add_character_field((*name).try_into().unwrap(), 100));
    let mut writer = Writer::from_path(folder.join(format!("{stem}.shp")), fields).unwrap();
    for (properties, rectangles) in rows {
        let outer =
            |rectangle: &Rectangle| PolygonRing::Outer(ring(*rectangle).into_iter().map(|[x, y]| Point::new(x, y)).collect());
        let mut record = Record::default();
        for (name, text) in properties {
            record.insert((*name).to_owned(), FieldValue::Character(Some((*text).to_owned())));
        }
        let polygon = Polygon::with_rings(rectangles.iter().map(outer).collect());
        writer.write_shape_and_record(&polygon, &record).unwrap();
    }
    drop(writer);
    std::fs::write(folder.join(format!("{stem}.prj")), prj).unwrap();
}

/// Zips members, by name and content.
pub(super) fn zipped(path: &Path, members: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
}

/// `stem`.zip with the parts of a shapefile, as the Census publishes it.
pub(super) fn zipped_shapefile(folder: &Path, stem: &str, rows: &[Row<'_>], extensions: &[&str]) {
    shapefile(folder, stem, rows, NAD83);
    let parts: Vec<(String, Vec<u8>)> = extensions
        .iter()
        .map(|extension| format!("{stem}.{extension}"))
        .map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap()))
        .collect();
    for extension in ["shp", "shx", "dbf", "prj"] {
        std::fs::remove_file(folder.join(format!("{stem}.{extension}"))).unwrap();
    }
    let members: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zipped(&folder.join(format!("{stem}.zip")), &members);
}
