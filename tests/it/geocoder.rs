//! The Census geocoder's adapter, over real HTTP, against a server that speaks the geocoder's shapes.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use standout::districts::{Census, CensusAnswer, CensusMatch};
use standout::domain::UsState;
use standout::fetch;
use url::Url;

use crate::support::http_server::{HttpServer, Reply};

const STREET: &str = "17 Lanternfish Row";

/// Asks as the service does: one address of Massachusetts.
fn ask_at(base: Url) -> CensusAnswer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Census::new(base).ask(STREET, "Saltwick", UsState::parse("ma").unwrap(), "02199"))
}

fn ask(reply: Reply) -> CensusAnswer {
    ask_at(HttpServer::always(reply).url("/geocoder"))
}

fn answered(status: u16, body: &Value) -> CensusAnswer {
    ask(Reply::Body(status, body.to_string()))
}

fn rows(geoid: &str, name: &str) -> Value {
    json!([{ "GEOID": geoid, "NAME": name, "STATE": &geoid[..2], "BASENAME": name.trim_end_matches(" District") }])
}

/// A place with these rows in its legislative layers, which are named after `year`.
fn place(year: &str, upper: &Value, lower: &Value) -> Value {
    json!({
        "matchedAddress": "17 LANTERNFISH ROW, SALTWICK, MA, 02199",
        "coordinates": { "x": -71.01, "y": 42.01 },
        "geographies": {
            "States": [{ "STATE": "25", "NAME": "Massachusetts", "GEOID": "25", "STUSAB": "MA" }],
            "Counties": [{ "GEOID": "25099", "NAME": "Harbor County" }],
            format!("{year} State Legislative Districts - Upper"): upper,
            format!("{year} State Legislative Districts - Lower"): lower,
        }
    })
}

fn found(places: &[Value]) -> Value {
    json!({ "result": { "input": { "address": { "address": STREET } }, "addressMatches": places } })
}

fn harbor(year: &str) -> Value {
    place(year, &rows("25D91", "First Harbor District"), &rows("25091", "2nd Harbor District"))
}

fn districts(answer: CensusAnswer) -> Vec<[String; 4]> {
    let CensusAnswer::Districts(found) = answer else { panic!("{answer:?}") };
    found
        .into_iter()
        .map(|CensusMatch { upper, lower, .. }| {
            let (upper, lower) = (upper.unwrap(), lower.unwrap());
            [upper.geoid, upper.name, lower.geoid, lower.name]
        })
        .collect()
}

/// Why there is no answer; whatever it is, it holds nothing of the address.
fn failure(answer: CensusAnswer) -> String {
    let CensusAnswer::Failed(why) = answer else { panic!("{answer:?}") };
    for personal in ["Lanternfish", "LANTERNFISH", "Saltwick", "02199", "address="] {
        assert!(!why.contains(personal), "{personal}: {why}");
    }
    why
}

#[test]
fn an_address_gives_both_districts_and_is_asked_as_documented() {
    let server = HttpServer::always(Reply::Body(200, found(&[harbor("2024")]).to_string()));
    for base in ["/geocoder", "/geocoder/"] {
        let answer = districts(ask_at(server.url(base)));
        assert_eq!(answer, [["25D91", "First Harbor District", "25091", "2nd Harbor District"]]);
    }
    for request in server.requests() {
        let line = request.lines().next().unwrap();
        let url = Url::parse(&format!("http://x{}", line.split(' ').nth(1).unwrap())).unwrap();
        assert_eq!((line.split(' ').next().unwrap(), url.path()), ("GET", "/geocoder/geographies/onelineaddress"));
        let query: Vec<_> = url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
        let address = format!("address={STREET}, Saltwick, MA 02199");
        assert_eq!(
            query,
            [address.as_str(), "benchmark=Public_AR_Current", "vintage=Current_Current", "layers=all", "format=json"]
        );
        let head = request.to_lowercase();
        assert!(head.contains(concat!("user-agent: standout/", env!("CARGO_PKG_VERSION"))), "{head}");
        assert!(!head.contains("cookie") && !head.contains("referer"), "{head}");
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn the_year_in_front_of_a_layer_does_not_matter_and_the_latest_counts() {
    for year in ["2026", "2031", "120th Congress's"] {
        assert_eq!(districts(answered(200, &found(&[harbor(year)]))).len(), 1, "{year}");
    }
    let mut both = harbor("2024");
    both["geographies"]["2026 State Legislative Districts - Upper"] = rows("25D92", "Hilltop-Orchard-Harbor District");
    let answer = districts(answered(200, &found(&[both])));
    assert_eq!(answer[0][..2], ["25D92", "Hilltop-Orchard-Harbor District"]);
}

#[test]
fn several_places_are_a_question_and_the_same_districts_are_one_answer() {
    let other = place("2024", &rows("25D92", "Orchard District"), &rows("25092", "1st Orchard District"));
    let answer = districts(answered(200, &found(&[harbor("2024"), other.clone(), harbor("2024")])));
    assert_eq!(answer.iter().map(|d| d[0].as_str()).collect::<Vec<_>>(), ["25D91", "25D92"]);

    let mut away = other;
    away["geographies"]["States"] = json!([{ "STATE": "44", "NAME": "Rhode Island" }]);
    let answer = districts(answered(200, &found(&[away.clone(), harbor("2024")])));
    assert_eq!(answer.len(), 1, "a place in another state is no candidate");
    let answer = answered(200, &found(&[away]));
    assert_eq!(answer, CensusAnswer::OtherState { name: "Rhode Island".into() });
}

#[test]
fn one_chamber_or_the_open_sea_is_told_apart_from_no_answer() {
    let CensusAnswer::Districts(one) = answered(200, &found(&[place("2024", &rows("25D91", "First Harbor"), &json!([]))])) else {
        panic!("a legislature may have one chamber")
    };
    assert!(one[0].upper.is_some() && one[0].lower.is_none());
    assert_eq!((one[0].state_fips.as_str(), one[0].state_name.as_str()), ("25", "Massachusetts"));
    let sea = place("2024", &rows("25ZZZ", "not defined"), &rows("25ZZZ", "not defined"));
    assert!(failure(answered(200, &found(&[sea]))).contains("no legislative district"));
    assert_eq!(answered(200, &found(&[])), CensusAnswer::NoMatch);
}

#[test]
fn errors_of_the_service_are_failures_without_the_address() {
    let broken = json!([{ "status": "Layer query encountered an error: 17 LANTERNFISH ROW" }]);
    let inside = place("2024", &rows("25D91", "First Harbor"), &broken);
    // With one candidate unreadable, the other alone would be a guess.
    assert!(failure(answered(200, &found(&[harbor("2024"), inside]))).contains("error inside"));
    let errors = json!({ "errors": ["address cannot be empty: 17 Lanternfish Row"], "status": "400" });
    assert!(failure(answered(400, &errors)).contains("HTTP status 400"));
    assert!(failure(answered(200, &errors)).contains("not of the shape"));
    assert!(failure(answered(500, &errors)).contains("HTTP status 500"));
    let mut nowhere = harbor("2024");
    nowhere["geographies"]["States"] = json!([]);
    assert!(failure(answered(200, &found(&[nowhere]))).contains("names no state"));
}

#[test]
fn a_broken_server_is_a_failure_without_the_address() {
    for garbage in ["", "<html>17 Lanternfish Row</html>", "{\"result\":", "null", "[]", "{\"result\":{\"addressMatches\":7}}"] {
        assert!(failure(ask(Reply::Body(200, garbage.into()))).contains("not of the shape"), "{garbage}");
    }
    failure(ask(Reply::Raw(b"SSH-2.0-x\r\n".to_vec())));
    failure(ask(Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"result\"".to_vec())));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(failure(ask_at(Url::parse(&format!("http://{closed}/")).unwrap())).contains("refused"));
    assert!(failure(ask_at(Url::parse("http://geocoder.example.org/").unwrap())).contains("https://"));
    assert!(failure(ask_at(Url::parse("data:x").unwrap())).contains("https://"));
}

#[test]
fn too_much_is_not_read() {
    let start = Instant::now();
    assert!(failure(ask(Reply::Flood(50 << 20))).contains("more than 2097152 bytes"));
    let said = b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n{".to_vec();
    assert!(failure(ask(Reply::Raw(said))).contains("more than 2097152 bytes"));
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_server_that_hangs_is_given_eight_seconds() {
    let start = Instant::now();
    assert!(failure(ask(Reply::Hang)).contains("within 8 seconds"));
    let took = start.elapsed();
    assert!((Duration::from_secs(7)..Duration::from_secs(10)).contains(&took), "{took:?}");
}

#[test]
fn an_address_goes_to_the_server_it_is_meant_for_and_to_no_other() {
    let elsewhere = HttpServer::always(Reply::Body(200, found(&[harbor("2024")]).to_string()));
    let to = elsewhere.url("/?address=17+Lanternfish+Row").to_string();
    assert!(failure(ask(Reply::Redirect(to))).contains("points to another address"));
    assert!(elsewhere.requests().is_empty());
    assert!(failure(ask(Reply::Redirect("/again".into()))).contains("points to another address"), "round and round");
    let same = HttpServer::start(|target| match target.strip_prefix("/geocoder") {
        Some(rest) => Reply::Redirect(format!("/new{rest}")),
        None => Reply::Body(200, found(&[harbor("2024")]).to_string()),
    });
    assert_eq!(districts(ask_at(same.url("/geocoder"))).len(), 1);
}

#[test]
fn a_long_address_is_asked_without_its_city_or_not_at_all() {
    let server = HttpServer::always(Reply::Body(200, found(&[]).to_string()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask = |street: &str, city: &str| {
        runtime.block_on(Census::new(server.url("/")).ask(street, city, UsState::parse("ma").unwrap(), "02199"))
    };
    assert_eq!(ask(STREET, &"Saltwick".repeat(12)), CensusAnswer::NoMatch);
    assert!(!server.requests()[0].contains("Saltwick") && server.requests()[0].contains("02199"));
    assert!(failure(ask(&"Lanternfish".repeat(12), "Saltwick")).contains("more than 100 characters"));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_page_without_personal_data_may_move_and_errors_leave_the_query_out() {
    let server = HttpServer::start(|target| match target {
        "/old" => Reply::Redirect("/new?version=2".into()),
        "/new?version=2" => Reply::Body(200, "here".into()),
        "/plain" => Reply::Redirect("http://192.0.2.1/elsewhere".into()),
        _ => Reply::Body(404, String::new()),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let get = |path: &str| runtime.block_on(fetch::get(&server.url(path), &[], Duration::from_secs(5), 100));
    assert_eq!(get("/old").unwrap(), b"here");
    assert!(get("/plain").unwrap_err().to_string().ends_with("/plain points to another address, which is not followed"));
    let error = get("/gone?secret=17#part").unwrap_err();
    assert!(error.to_string().ends_with("/gone answered with HTTP status 404"), "{error}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    let slow = HttpServer::always(Reply::Hang).url("/slow?secret=17");
    let error = runtime.block_on(fetch::get(&slow, &[], Duration::from_millis(200), 100)).unwrap_err().to_string();
    assert!(error.ends_with("/slow did not answer completely within 0.2 seconds"), "{error}");
}

/// The published shapes, where `STANDOUT_REAL_DATA` names the folder that holds them.
#[test]
fn the_known_shapes_are_read() {
    let Some(folder) = std::env::var_os("STANDOUT_REAL_DATA").map(PathBuf::from) else {
        println!("skipped: STANDOUT_REAL_DATA names no folder to read geocoder-samples from");
        return;
    };
    let ask = |name: &str, status: u16| {
        let path = folder.join("geocoder-samples").join(format!("census-{name}.json"));
        ask(Reply::Body(status, std::fs::read_to_string(path).unwrap()))
    };
    let jamaica_plain = ["25D18", "Norfolk and Suffolk District", "25137", "15th Suffolk District"];
    assert_eq!(districts(ask("01-match", 200)), [jamaica_plain]);
    assert_eq!(ask("02-no-match", 200), CensusAnswer::NoMatch);
    let several = districts(ask("03-multiple-matches", 200));
    assert_eq!(
        several.iter().map(|d| (d[0].as_str(), d[2].as_str())).collect::<Vec<_>>(),
        [("25D30", "25128"), ("25D28", "25140")]
    );
    assert!(failure(ask("04-error-400", 400)).contains("HTTP status 400"));
    assert!(failure(ask("05-layer-error", 200)).contains("error inside"));
    assert_eq!(districts(ask("06-renamed-layers", 200)), [jamaica_plain]);
    let northampton = districts(ask("07-match-hyphenated-district", 200));
    assert_eq!(northampton, [["25D05", "Hampshire-Franklin-Worcester District", "25056", "1st Hampshire District"]]);
}
