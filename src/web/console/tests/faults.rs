//! What can go wrong inside the service itself: a handler that panics, a part that stands still.

use std::net::TcpListener;

use actix_web::HttpServer;
use actix_web::http::header::CONTENT_SECURITY_POLICY;

use super::super::super::routes;
use super::*;

async fn panics() -> actix_web::HttpResponse {
    panic!("planted")
}

/// One worker, so that one that is lost is missed.
fn serve(bench: &Bench) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let data = bench.web.clone();
    let server = HttpServer::new(move || {
        let app = App::new().app_data(data.clone()).wrap(from_fn(frame));
        app.route("/planted", web::get().to(panics)).route("/planted", web::post().to(panics)).configure(routes)
    });
    actix_web::rt::spawn(server.workers(1).listen(listener).unwrap().disable_signals().run());
    url
}

#[actix_web::test]
async fn a_handler_that_panics_answers_500_and_the_worker_lives() {
    let bench = Bench::new(&[]);
    let url = serve(&bench);
    let client = reqwest::Client::new();
    for n in 0..20 {
        let request =
            if n % 2 == 0 { client.get(format!("{url}/planted")) } else { client.post(format!("{url}/planted")).body("x=1") };
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 500);
        assert!(answer.headers().contains_key(CONTENT_SECURITY_POLICY.as_str()));
        let page = answer.text().await.unwrap();
        assert!(page.contains("Something went wrong on our side") && !page.contains("planted"), "{page}");
    }
    assert_eq!(client.get(format!("{url}/healthz")).send().await.unwrap().status().as_u16(), 200);
}

#[actix_web::test]
async fn not_ready_says_which_part_stands_still() {
    let bench = Bench::new(&[]);
    let url = serve(&bench);
    let ask = async || {
        let answer = reqwest::get(format!("{url}/readyz")).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ask().await, (200, "ok\n".into()));
    bench.web.clock.advance(Duration::from_mins(1));
    assert_eq!(ask().await.0, 200, "long, and not too long");
    bench.web.clock.advance(Duration::from_secs(15));
    let sender = "sender: it has stood still for 75 seconds\n";
    let background = "background work: it has stood still for 75 seconds\n";
    assert_eq!(ask().await, (503, format!("{sender}{background}")));
    bench.web.pulses.sender.beat();
    assert_eq!(ask().await, (503, background.into()));
    bench.web.pulses.background.beat();
    assert_eq!(ask().await, (200, "ok\n".into()));

    let (go, wait) = std::sync::mpsc::channel::<()>();
    let held = bench.web.store.write(move |_| wait.recv().map_err(|_| crate::store::StoreError::Busy));
    let (held, ()) = tokio::join!(held, async {
        assert_eq!(ask().await, (503, "writer: a change waits for more than 5 seconds\n".into()));
        go.send(()).unwrap();
    });
    held.unwrap();
    assert_eq!(ask().await, (200, "ok\n".into()));

    // The thread that writes dies.
    bench.web.store.observe_commits(|_| panic!("planted"));
    assert_eq!(ask().await, (503, "writer: nothing can be written\n".into()));
    assert_eq!(ask().await.0, 503);
}
