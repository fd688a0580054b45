//! Every reader of what comes from outside, over the kept corpora and many small changes of each input: the short run of
//! `fuzz/targets.rs`. The same inputs every time; `fuzz/run` looks further.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

/// So many changed inputs a target, in all.
const CHANGED: usize = 3_000;
/// No longer input is changed: what is long is slow, and its kind is found in short ones too.
const LONGEST: usize = 20_000;

/// Numbers without an order, the same every time (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % below.max(1)
    }
}

/// One to four changes: bytes turned, cut, doubled, put in, or taken from another input.
fn changed(input: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    const TELLING: [&[u8]; 8] =
        [b"\0", b"\xff\xff\xff\xff", b"\r\n", b"\"", b"{{", b"-1", b"99999999999999999999", "\u{202e}".as_bytes()];
    let mut bytes = input.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len() + 1);
        let to = (at + 1 + dice.roll(64)).min(bytes.len());
        match dice.roll(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            1 if at < to => drop(bytes.drain(at..to)),
            2 if at < to => {
                let part = bytes[at..to].repeat(1 + dice.roll(20));
                bytes.splice(at..at, part);
            }
            3 => drop(bytes.splice(at..at, TELLING[dice.roll(TELLING.len())].iter().copied())),
            4 => {
                let from = dice.roll(other.len() + 1);
                let part = other[from..(from + dice.roll(200)).min(other.len())].to_vec();
                drop(bytes.splice(at..to.max(at), part));
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().flat_map(|path| if path.is_dir() { self::files(&path) } else { vec![path] }).collect()
}

fn run(name: &str) {
    let target = targets::ALL.iter().find(|target| target.name == name).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut kept = files(&here.join("fuzz/corpus").join(name));
    if name == "bounce" {
        kept.extend(files(&here.join("tests/inbound/samples")));
    }
    assert!(!kept.is_empty(), "fuzz/corpus/{name} is empty");
    let inputs: Vec<Vec<u8>> = kept.iter().map(|file| std::fs::read(file).unwrap()).collect();
    for (input, file) in inputs.iter().zip(&kept) {
        let ran = std::panic::catch_unwind(|| (target.run)(input));
        assert!(ran.is_ok(), "{}", file.display());
    }
    let short: Vec<&Vec<u8>> = inputs.iter().filter(|input| input.len() <= LONGEST).collect();
    let mut dice = Dice(0x5EED_0000_0000_0001);
    for round in 0..CHANGED {
        let (input, other) = (short[dice.roll(short.len())], short[dice.roll(short.len())]);
        let bytes = changed(input, other, &mut dice);
        if std::panic::catch_unwind(|| (target.run)(&bytes)).is_err() {
            let found = std::env::temp_dir().join(format!("standout-fuzz-{name}-{round}"));
            std::fs::write(&found, &bytes).unwrap();
            panic!("{} breaks it: put a small form of it into fuzz/corpus/{name}, and mend the reader", found.display());
        }
    }
}

/// A test a target, and none without one.
macro_rules! tests {
    ($($name:ident)+) => {
        $(#[test] fn $name() { run(stringify!($name)); })+

        #[test]
        fn every_target_has_a_test() {
            let names: Vec<_> = targets::ALL.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
        }
    };
}

tests! { form bounce csv geojson shapefile zip address template }
