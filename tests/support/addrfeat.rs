//! Files of house numbers with the schema that the Census documents (TIGER/Line, ADDRFEAT), of made-up streets.

use std::io::{Cursor, Write};

use shapefile::dbase::{FieldName, FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polyline, ShapeWriter};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Columns of text and their lengths, as documented.
const COLUMNS: [(&str, u8); 19] = [
    ("ARIDL", 22),
    ("ARIDR", 22),
    ("LINEARID", 22),
    ("FULLNAME", 100),
    ("LFROMHN", 12),
    ("LTOHN", 12),
    ("RFROMHN", 12),
    ("RTOHN", 12),
    ("ZIPL", 5),
    ("ZIPR", 5),
    ("EDGE_MTFCC", 5),
    ("ROAD_MTFCC", 5),
    ("PARITYL", 1),
    ("PARITYR", 1),
    ("PLUS4L", 4),
    ("PLUS4R", 4),
    ("LFROMTYP", 1),
    ("OFFSETL", 1),
    ("OFFSETR", 1),
];

pub const NAD83: &str = r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]"#;

/// A stretch of street with odd numbers left and even ones right.
#[derive(Clone)]
pub struct Stretch {
    pub name: String,
    pub left: (String, String),
    pub right: (String, String),
    pub zips: (String, String),
    pub line: Vec<(f64, f64)>,
}

impl Stretch {
    /// From `first` (left, odd) and `first + 1` (right, even) with 49 more numbers on each side.
    pub fn new(name: &str, zip: &str, first: u32, line: &[(f64, f64)]) -> Self {
        Self {
            name: name.into(),
            left: (first.to_string(), (first + 98).to_string()),
            right: ((first + 1).to_string(), (first + 99).to_string()),
            zips: (zip.into(), zip.into()),
            line: line.to_vec(),
        }
    }
}

/// The table, without these columns.
pub fn dbf(stretches: &[Stretch], without: &[&str]) -> Vec<u8> {
    let columns = COLUMNS.iter().filter(|(name, _)| !without.contains(name));
    let mut table = TableWriterBuilder::new().add_numeric_field(FieldName::try_from("TLID").unwrap(), 22, 0);
    for (name, length) in columns.clone() {
        table = table.add_character_field(FieldName::try_from(*name).unwrap(), *length);
    }
    let mut bytes = Vec::new();
    let mut writer = table.build_with_dest(Cursor::new(&mut bytes));
    for (tlid, stretch) in (85_000_000_u32..).zip(stretches) {
        let parity = |number: &str| match number.parse::<u32>() {
            Ok(number) if number % 2 == 0 => "E",
            Ok(_) => "O",
            Err(_) => "",
        };
        let mut record = Record::default();
        record.insert("TLID".into(), FieldValue::Numeric(Some(f64::from(tlid))));
        for (name, _) in columns.clone() {
            let text = match *name {
                "FULLNAME" => &stretch.name,
                "LFROMHN" => &stretch.left.0,
                "LTOHN" => &stretch.left.1,
                "RFROMHN" => &stretch.right.0,
                "RTOHN" => &stretch.right.1,
                "ZIPL" => &stretch.zips.0,
                "ZIPR" => &stretch.zips.1,
                "PARITYL" => parity(&stretch.left.0),
                "PARITYR" => parity(&stretch.right.0),
                "EDGE_MTFCC" | "ROAD_MTFCC" => "S1400",
                _ => "",
            };
            record.insert((*name).into(), FieldValue::Character((!text.is_empty()).then(|| text.to_owned())));
        }
        writer.write_record(&record).unwrap();
    }
    drop(writer);
    bytes
}

/// The lines.
pub fn shp(stretches: &[Stretch]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ShapeWriter::new(Cursor::new(&mut bytes));
    for stretch in stretches {
        writer.write_shape(&Polyline::new(stretch.line.iter().map(|(x, y)| Point::new(*x, *y)).collect())).unwrap();
    }
    drop(writer);
    bytes
}

pub fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A county's zip as the Census publishes it.
pub fn county(stretches: &[Stretch]) -> Vec<u8> {
    let (shp, dbf) = (shp(stretches), dbf(stretches, &[]));
    zipped(&[
        ("tl_2025_25025_addrfeat.cpg", b"UTF-8"),
        ("tl_2025_25025_addrfeat.dbf", &dbf),
        ("tl_2025_25025_addrfeat.prj", NAD83.as_bytes()),
        ("tl_2025_25025_addrfeat.shp", &shp),
    ])
}
