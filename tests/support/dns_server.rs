//! A DNS server inside the test, on UDP and TCP of one port of 127.0.0.1: it answers from its zone, or misbehaves as told.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, MX, PTR, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// What is published, and how the server behaves.
#[derive(Clone, Default)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own, named where a test throws it.
pub struct Zone {
    pub records: BTreeMap<String, Vec<RData>>,
    /// Takes questions and says nothing.
    pub silent: bool,
    /// Answers by UDP are cut, so that the client has to ask again by TCP.
    pub truncate: bool,
    /// Hangs up on whoever asks by TCP.
    pub no_tcp: bool,
    /// Answers SERVFAIL.
    pub broken: bool,
}

impl Zone {
    fn with(mut self, name: &str, data: RData) -> Self {
        self.records.entry(name.to_ascii_lowercase()).or_default().push(data);
        self
    }

    /// A TXT record of one string, or of several.
    pub fn txt(self, name: &str, strings: &[&str]) -> Self {
        self.with(name, RData::TXT(TXT::new(strings.iter().map(|&string| string.to_owned()).collect())))
    }

    pub fn address(self, name: &str, address: &str) -> Self {
        let data = match address.parse::<IpAddr>().unwrap() {
            IpAddr::V4(ip) => RData::A(A(ip)),
            IpAddr::V6(ip) => RData::AAAA(AAAA(ip)),
        };
        self.with(name, data)
    }

    pub fn mail_server(self, name: &str, preference: u16, host: &str) -> Self {
        self.with(name, RData::MX(MX::new(preference, absolute(host))))
    }

    /// The name of an address.
    pub fn reverse(self, address: Ipv4Addr, name: &str) -> Self {
        let [a, b, c, d] = address.octets();
        self.with(&format!("{d}.{c}.{b}.{a}.in-addr.arpa"), RData::PTR(PTR(absolute(name))))
    }

    /// Without the records of a name.
    pub fn without(mut self, name: &str) -> Self {
        assert!(self.records.remove(name).is_some(), "{name} was there");
        self
    }
}

fn absolute(name: &str) -> Name {
    Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).unwrap()
}

/// A running server. Dropping it stops it.
pub struct DnsServer {
    pub addr: SocketAddr,
    zone: Arc<Mutex<Zone>>,
    asked: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl DnsServer {
    pub fn start(zone: Zone) -> Self {
        let (tcp, udp) = sockets();
        let addr = udp.local_addr().unwrap();
        let (zone, asked, stop) = (Arc::new(Mutex::new(zone)), Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        udp.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        tcp.set_nonblocking(true).unwrap();
        let by_udp = {
            let (zone, asked, stop) = (Arc::clone(&zone), Arc::clone(&asked), Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    datagram(&udp, &zone, &asked);
                }
            })
        };
        let by_tcp = {
            let (zone, stop) = (Arc::clone(&zone), Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    connection(&tcp, &zone);
                }
            })
        };
        Self { addr, zone, asked, stop, threads: vec![by_udp, by_tcp] }
    }

    pub fn set_zone(&self, zone: Zone) {
        *self.zone.lock().unwrap() = zone;
    }

    /// How many questions came by UDP.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// One port that is free for both.
fn sockets() -> (TcpListener, UdpSocket) {
    for _ in 0..50 {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()) {
            return (tcp, udp);
        }
    }
    panic!("no port is free for TCP and UDP");
}

fn datagram(udp: &UdpSocket, zone: &Mutex<Zone>, asked: &AtomicUsize) {
    let mut bytes = [0; 4096];
    let Ok((length, from)) = udp.recv_from(&mut bytes) else { return };
    asked.fetch_add(1, Ordering::SeqCst);
    let zone = zone.lock().unwrap().clone();
    let Some(mut answer) = answer(&zone, &bytes[..length]) else { return };
    if zone.truncate {
        answer.answers.clear();
        answer.metadata.truncation = true;
    }
    let _ = udp.send_to(&answer.to_vec().unwrap(), from);
}

fn connection(tcp: &TcpListener, zone: &Mutex<Zone>) {
    let Ok((mut stream, _)) = tcp.accept() else {
        std::thread::sleep(Duration::from_millis(5));
        return;
    };
    let zone = zone.lock().unwrap().clone();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut length = [0; 2];
    while !zone.no_tcp && stream.read_exact(&mut length).is_ok() {
        let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
        if stream.read_exact(&mut bytes).is_err() {
            return;
        }
        let Some(answer) = answer(&zone, &bytes) else { return };
        let bytes = answer.to_vec().unwrap();
        let _ = stream.write_all(&[&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], &bytes].concat());
    }
}

fn answer(zone: &Zone, question: &[u8]) -> Option<Message> {
    let asked = Message::from_vec(question).ok()?;
    if zone.silent {
        return None;
    }
    let query = asked.queries.first()?.clone();
    let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
    answer.metadata.recursion_desired = true;
    answer.metadata.recursion_available = true;
    answer.add_query(query.clone());
    if zone.broken {
        answer.metadata.response_code = ResponseCode::ServFail;
        return Some(answer);
    }
    let name = query.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
    match zone.records.get(&name) {
        None => answer.metadata.response_code = ResponseCode::NXDomain,
        Some(records) => {
            let fits = |data: &&RData| data.record_type() == query.query_type() || query.query_type() == RecordType::ANY;
            for data in records.iter().filter(fits) {
                answer.add_answer(Record::from_rdata(query.name().clone(), 60, data.clone()));
            }
        }
    }
    Some(answer)
}
