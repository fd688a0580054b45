//! A greylisting policy service, as postfix asks one (its `SMTPD_POLICY_README`): the first try to each of these recipients is put off.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The port of a service that puts off whatever goes to these addresses, once each. It lives as long as the test's process.
pub fn greylist(recipients: &[&str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let unseen: HashSet<String> = recipients.iter().map(|one| (*one).to_owned()).collect();
    let unseen = Arc::new(Mutex::new(unseen));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let unseen = Arc::clone(&unseen);
            std::thread::spawn(move || answer(stream, &unseen));
        }
    });
    port
}

/// Requests are `name=value` lines up to an empty one.
fn answer(stream: TcpStream, unseen: &Mutex<HashSet<String>>) {
    let mut out = stream.try_clone().unwrap();
    let mut recipient = String::new();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if let Some(address) = line.strip_prefix("recipient=") {
            address.clone_into(&mut recipient);
        }
        if line.is_empty() {
            let first = unseen.lock().unwrap().remove(&recipient);
            let action = if first { "DEFER 4.2.0 Greylisted, try again in 60 seconds" } else { "DUNNO" };
            let _ = write!(out, "action={action}\n\n");
        }
    }
}
