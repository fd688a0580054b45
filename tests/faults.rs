//! The real binary when something dies that it can't work without: it ends with a code, so that its supervisor starts it again.

// Only there is a panic planted. Clippy takes only `#[test]` functions for tests, and not their helpers.
#![cfg(debug_assertions)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::Duration;

use support::service::Folder;

#[test]
fn a_part_that_dies_ends_the_process_with_a_code_and_its_name_in_the_log() {
    for (part, name) in [("writer", "the store's writer"), ("sender", "the sender"), ("background", "background work")] {
        let folder = Folder::new(None, &[("PLANT_PANIC", part), ("LOG_FORMAT", "json")]);
        // The first start has nobody to panic: the demo is written before anybody serves.
        let ended = folder.serve().ended_within(Duration::from_mins(1));
        let log = std::fs::read_to_string(folder.dir.path().join("service.log")).unwrap();
        assert_eq!(ended.code(), Some(1), "{part}: {log}");
        assert!(log.contains(&format!("\"what\":\"{name}\"")) && log.contains("died"), "{part}: {log}");
        assert!(log.contains("a fault in this program: panic") && log.contains("src/domain/pulse.rs:"), "{part}: {log}");
        assert!(log.contains(&format!("standout: {name} died")), "{part}: {log}");
    }
}

#[test]
fn without_a_fault_a_stop_ends_it_with_0() {
    let folder = Folder::new(None, &[]);
    let service = folder.serve();
    assert_eq!(service.get("/readyz").status, 200);
    service.ask_to_stop();
    assert_eq!(service.ended_within(Duration::from_mins(1)).code(), Some(0));
}
