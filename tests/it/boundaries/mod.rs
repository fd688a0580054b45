//! Outlines of districts and towns, imported by the commands: a made-up coast of four House districts in two Senate
//! districts, as GeoJSON and as shapefiles like the Census'.

mod bad_input;
mod coast;
mod files;
mod imports;
