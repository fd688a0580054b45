//! The parts of one large shapefile as streams: from a zip or from files side by side. Nothing is unpacked to disk, nothing
//! is held whole in memory, and what a zip claims about its sizes is not believed: every part is counted while it is read.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use shapefile::{ShapeReader, dbase};

use super::streets_error::{MAX_BYTES, StreetsError as Error};
use super::{projection, shapefile_names};

/// The most bytes of one shape: a stretch of street with 250,000 points.
const SHAPE_MAX_BYTES: u64 = 4_000_000;

/// Shapes and rows, each read once from the beginning to the end.
pub(super) struct Parts<'a, 'b> {
    /// How much of the .shp may be read until [`Budget::renew`].
    pub(super) budget: Budget,
    pub(super) shapes: ShapeReader<&'a mut Forward<'b>>,
    pub(super) rows: dbase::Reader<&'a mut Forward<'b>>,
}

/// Opens the shapefile at `path`, a zip or a .shp, and hands its parts to `read`; fails too where what `read` took turns out
/// to be damaged by the checksums at the end of a zip's members.
pub(super) fn read<T, E: From<Error>>(path: &Path, read: impl FnOnce(Parts<'_, '_>) -> Result<T, E>) -> Result<T, E> {
    let name = path.display().to_string();
    let mut start = [0; 4];
    let is_zip = open(path, &name)?.read_exact(&mut start).is_ok() && start.starts_with(b"PK");
    if is_zip {
        return from_zip(path, &name, read);
    }
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("shp")) {
        let damaged = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        let cause = "it does not begin like a zip".to_owned();
        return Err(if damaged { Error::Damaged { file: name, cause } } else { Error::UnknownKind { file: name } }.into());
    }
    let part = |extension, missing: Error| {
        shapefile_names::part_beside(path, extension).ok_or(missing).and_then(|path| open(&path, &path.display().to_string()))
    };
    let dbf = part("dbf", missing_dbf(&name))?;
    let prj = part("prj", missing_prj(&name))?;
    check_projection(prj, &name)?;
    read_parts(open(path, &name)?, dbf, &name, read)
}

/// What the only .shp of a zip is called; `None` where `path` is no such zip, which [`read`] says in words.
pub(super) fn shp_in_zip(path: &Path) -> Option<String> {
    let archive = shapefile_names::open(BufReader::new(File::open(path).ok()?)).ok()?;
    let names = shapefile_names::members(&archive).ok()?;
    let mut shps = shapefile_names::shps(&names);
    shps.next().filter(|_| shps.next().is_none()).cloned()
}

/// A file within the limit.
fn open(path: &Path, name: &str) -> Result<File, Error> {
    let failed = |cause| Error::Read { file: name.to_owned(), cause };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(Error::UnknownKind { file: name.to_owned() });
    }
    if about.len() > MAX_BYTES { Err(Error::TooLarge { file: name.to_owned() }) } else { Ok(file) }
}

fn from_zip<T, E: From<Error>>(path: &Path, name: &str, read: impl FnOnce(Parts<'_, '_>) -> Result<T, E>) -> Result<T, E> {
    let damaged = |cause: zip::result::ZipError| Error::Damaged { file: name.to_owned(), cause: cause.to_string() };
    // Two readers of one zip can't take turns: it is opened once for each.
    let archive = || shapefile_names::open(BufReader::new(open(path, name)?)).map_err(damaged);
    let (mut first, mut second) = (archive()?, archive()?);
    let names = shapefile_names::members(&first).map_err(damaged)?;
    if let Some(member) = shapefile_names::unsafe_name(&names) {
        return Err(Error::UnsafeName { file: name.to_owned(), member }.into());
    }
    let shapefiles: Vec<&String> = shapefile_names::shps(&names).collect();
    let [shp] = shapefiles.as_slice() else {
        return Err(Error::NotOneShapefile { file: name.to_owned(), count: shapefiles.len() }.into());
    };
    let beside = |extension| shapefile_names::part_in_zip(&names, shp, extension);
    let prj = beside("prj").ok_or_else(|| missing_prj(name))?;
    check_projection(first.by_name(prj).map_err(damaged)?, name)?;
    let dbf = beside("dbf").ok_or_else(|| missing_dbf(name))?;
    let (shp, dbf) = (first.by_name(shp).map_err(damaged)?, second.by_name(dbf).map_err(damaged)?);
    if shp.size().max(dbf.size()) > MAX_BYTES {
        return Err(Error::TooLarge { file: name.to_owned() }.into());
    }
    read_parts(shp, dbf, name, read)
}

fn read_parts<'b, T, E: From<Error>>(
    shp: impl Read + 'b,
    dbf: impl Read + 'b,
    file: &str,
    read: impl FnOnce(Parts<'_, '_>) -> Result<T, E>,
) -> Result<T, E> {
    let (mut shp, mut dbf) = (Forward::new(shp), Forward::new(dbf));
    let budget = shp.budget.clone();
    budget.renew();
    let shapes = ShapeReader::new(&mut shp).map_err(|error| damaged(file, error))?;
    let rows = dbase::ReaderBuilder::new()
        .with_encoding(dbase::encoding::UnicodeLossy)
        .build(&mut dbf)
        .map_err(|error| damaged(file, error.into()))?;
    let done = read(Parts { budget, shapes, rows })?;
    for mut rest in [shp, dbf] {
        rest.budget.lift();
        io::copy(&mut rest, &mut io::sink()).map_err(|error| damaged(file, error.into()))?;
    }
    Ok(done)
}

/// What a reader's error says about the file.
pub(super) fn damaged(file: &str, error: shapefile::Error) -> Error {
    match error {
        shapefile::Error::IoError(cause) if cause.kind() == ErrorKind::FileTooLarge => Error::TooLarge { file: file.to_owned() },
        shapefile::Error::DbaseError(cause) if cause.to_string().contains(TOO_LARGE) => Error::TooLarge { file: file.to_owned() },
        cause => Error::Damaged { file: file.to_owned(), cause: cause.to_string() },
    }
}

fn check_projection(prj: impl Read, file: &str) -> Result<(), Error> {
    let mut text = Vec::new();
    prj.take(10_000).read_to_end(&mut text).map_err(|cause| Error::Read { file: file.to_owned(), cause })?;
    projection::check(&String::from_utf8_lossy(&text))
        .map_err(|projection| Error::Projection { file: file.to_owned(), projection })
}

fn missing_dbf(file: &str) -> Error {
    Error::MissingPart { file: file.to_owned(), part: ".dbf", why: "holds the names and numbers" }
}

fn missing_prj(file: &str) -> Error {
    Error::MissingPart { file: file.to_owned(), part: ".prj", why: "says how to read the coordinates" }
}

/// How many bytes a stream may still give. Its reader can't be asked how large a shape will be before it has taken it.
#[derive(Clone)]
pub(super) struct Budget(Rc<Cell<u64>>);

impl Budget {
    /// Enough for one more shape.
    pub(super) fn renew(&self) {
        self.0.set(SHAPE_MAX_BYTES);
    }

    fn lift(&self) {
        self.0.set(u64::MAX);
    }
}

const TOO_LARGE: &str = "more bytes than the limit";

/// A stream that can be skipped forward, as the readers of shapefiles do, but not back; it ends with an error at
/// [`MAX_BYTES`].
pub(super) struct Forward<'a> {
    inner: BufReader<Box<dyn Read + 'a>>,
    at: u64,
    budget: Budget,
}

impl<'a> Forward<'a> {
    fn new(inner: impl Read + 'a) -> Self {
        Self { inner: BufReader::with_capacity(64 * 1024, Box::new(inner)), at: 0, budget: Budget(Rc::new(Cell::new(u64::MAX))) }
    }
}

impl Read for Forward<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        let Some(left) = self.budget.0.get().checked_sub(read as u64) else {
            let what = format!("one shape has more than {SHAPE_MAX_BYTES} bytes");
            return Err(io::Error::new(ErrorKind::InvalidData, what));
        };
        self.budget.0.set(left);
        if self.at > MAX_BYTES { Err(io::Error::new(ErrorKind::FileTooLarge, TOO_LARGE)) } else { Ok(read) }
    }
}

impl Seek for Forward<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let ahead = match to {
            SeekFrom::Start(to) => to.checked_sub(self.at),
            SeekFrom::Current(ahead) => u64::try_from(ahead).ok(),
            SeekFrom::End(_) => None,
        };
        let ahead = ahead.ok_or_else(|| io::Error::from(ErrorKind::Unsupported))?;
        io::copy(&mut self.by_ref().take(ahead), &mut io::sink())?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shape_is_bounded() {
        let mut stream = Forward::new(io::repeat(0));
        let mut shape = vec![0; usize::try_from(SHAPE_MAX_BYTES).unwrap()];
        for _ in 0..3 {
            stream.budget.renew();
            stream.read_exact(&mut shape).unwrap();
        }
        let error = stream.read_exact(&mut [0]).unwrap_err().to_string();
        assert_eq!(error, "one shape has more than 4000000 bytes");
    }

    #[test]
    fn a_stream_goes_only_forward_and_only_so_far() {
        let mut stream = Forward::new(&b"abcdef"[..]);
        assert_eq!(stream.seek(SeekFrom::Start(2)).unwrap(), 2);
        assert_eq!(stream.seek(SeekFrom::Current(1)).unwrap(), 3);
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert_eq!((rest.as_str(), stream.stream_position().unwrap()), ("def", 6));
        assert!(stream.seek(SeekFrom::Start(2)).is_err() && stream.seek(SeekFrom::End(0)).is_err());

        let mut stream = Forward::new(io::repeat(0));
        let error = stream.seek(SeekFrom::Start(MAX_BYTES + 1)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    }
}
