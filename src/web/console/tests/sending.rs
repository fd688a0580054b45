//! The status line, and who may stop and resume what.

use super::*;
use crate::domain::{PauseKind, PauseScope};

async fn stop(bench: &Bench) {
    let now = bench.web.clock.now();
    let stop = move |tx: &mut Tx<'_>| pauses::begin(tx, &PauseScope::All, PauseKind::Stop, "535 5.7.8 wrong", None, now);
    bench.web.store.write(stop).await.unwrap();
}

#[actix_web::test]
async fn a_pause_is_told_and_an_editor_may_end_it() {
    let bench = Bench::new(&[]);
    for (email, role) in [("vic@example.org", Role::Viewer), ("eda@example.org", Role::Editor)] {
        bench.login(email, role);
    }
    let mut viewer = bench.browser().await;
    viewer.log_in("vic@example.org", PASSWORD).await;
    assert!(viewer.get("/staff").await.body.contains("Ready</a>: nothing waits."));
    stop(&bench).await;
    let home = viewer.get("/staff").await;
    assert!(
        home.body.contains("Stopped</a> less than an hour ago: the mail server refuses us")
            && home.body.contains("535 5.7.8 wrong")
            && !home.body.contains("Resume sending")
    );
    let csrf = home.csrf();
    assert_eq!(viewer.post("/staff/sending/resume", &[("csrf", &csrf)]).await.status, StatusCode::FORBIDDEN);

    let mut editor = bench.browser().await;
    assert_eq!(editor.post("/staff/sending/resume", &[]).await.status, StatusCode::FORBIDDEN, "nobody is logged in");
    editor.log_in("eda@example.org", PASSWORD).await;
    let home = editor.get("/staff").await;
    assert!(home.body.contains("Resume sending now"));
    assert_eq!(editor.post("/staff/sending/resume", &[("csrf", "forged")]).await.status, StatusCode::FORBIDDEN);
    assert!(editor.get("/staff").await.body.contains("Stopped</a>"));
    let done = editor.post("/staff/sending/resume", &[("csrf", &home.csrf())]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/staff"));
    assert!(editor.get("/staff").await.body.contains("Ready</a>"));
    assert_eq!(editor.get("/staff/sending/resume").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// The status line and the button in it, on pages that are about different things.
#[actix_web::test]
async fn the_status_line_stops_and_resumes_by_one_tap_wherever_one_is() {
    let bench = Bench::new(&[]);
    bench.login("eda@example.org", Role::Editor);
    bench.login("vic@example.org", Role::Viewer);
    let mut editor = bench.browser().await;
    editor.log_in("eda@example.org", PASSWORD).await;
    let press = ["/staff/log", "/staff/campaigns/ma-287g/towns", "/staff/sending/offices/1"];
    let paths = ["/staff/sending/pause", "/staff/campaigns/ma-287g/steering/pause", "/staff/sending/offices/1/pause"];
    for (page, path) in press.into_iter().zip(paths) {
        let shown = editor.get(page).await;
        assert!(shown.body.contains(&format!("action=\"{path}\"")), "{page}");
        let reason = crate::web::parts::STOP_REASONS[1];
        assert!(shown.body.contains(reason));
        let done = editor.post(path, &[("csrf", &shown.csrf()), ("reason", reason)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let paused = editor.get(page).await;
        assert!(
            paused.body.contains("Paused</a> by eda@example.org, less than an hour ago: An office asked us to wait."),
            "{page}"
        );
        let resume = path.replace("offices/1/pause", "offices/1/resume").replace("steering/pause", "steering/resume");
        let resume = resume.replace("sending/pause", "sending/end-pause");
        assert!(paused.body.contains(&format!("action=\"{resume}\"")), "{page}");
        // Whatever else it is about, a page says when nothing goes at all.
        if page == "/staff/log" {
            let overview = editor.get("/staff/campaigns/ma-287g").await;
            assert!(overview.body.contains("Paused</a> by eda@example.org") && !overview.body.contains("Nothing needs you now"));
            let mut viewer = bench.browser().await;
            viewer.log_in("vic@example.org", PASSWORD).await;
            let seen = viewer.get("/staff").await;
            assert!(seen.body.contains("Paused</a>") && !seen.body.contains("end-pause"));
        }
        let done = editor.post(&resume, &[("csrf", &paused.csrf()), ("reason", "It is settled")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(editor.get(page).await.body.contains("Ready</a>"), "{page}");
    }
}

#[actix_web::test]
async fn a_dead_mailbox_is_listed_until_it_is_released() {
    let bench = Bench::new(&[]);
    bench.login("eda@example.org", Role::Editor);
    let (now, state) = (bench.web.clock.now(), UsState::parse("ma").unwrap());
    let all = bench.web.store.read(move |conn| offices::of_state(conn, state)).await.unwrap();
    let holder = |office: &offices::Office| office.holder.clone().filter(|holder| holder.person.name == "Wren Harborlight");
    let official = all.iter().find_map(holder).unwrap().id;
    let email = "wren.harborlight@example.org";
    let mark = move |tx: &mut Tx<'_>| mailboxes::mark_dead(tx, official, email, "550 5.1.1 no such user", now);
    bench.web.store.write(mark).await.unwrap();
    let dead = bench.web.store.read(move |conn| mailboxes::dead(conn, state)).await.unwrap();
    let listed = dead.iter().any(|mailbox| mailbox.official == official);
    let mut editor = bench.browser().await;
    editor.log_in("eda@example.org", PASSWORD).await;
    let page = editor.get("/staff/campaigns/ma-287g").await;
    assert!(listed && page.body.contains("550 5.1.1 no such user") && page.body.contains("Wren Harborlight"));
    let path = format!("/staff/mailboxes/{official}/release");
    assert!(page.body.contains(&path));
    let done = editor.post(&path, &[("csrf", &page.csrf())]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(!editor.get("/staff/campaigns/ma-287g").await.body.contains("550 5.1.1"));
    assert_eq!(editor.post(&path, &[("csrf", &page.csrf())]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn what_staff_do_is_noted_with_who_did_it() {
    let bench = Bench::new(&[]);
    bench.login("sam@example.org", Role::Editor);
    let mut browser = bench.browser().await;
    browser.log_in("sam@example.org", PASSWORD).await;
    let csrf = browser.get("/staff").await.csrf();
    let page = browser.post("/staff/sending/resume", &[("csrf", &csrf)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = browser.post("/staff/sending/resume", &[("csrf", "forged")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let lines = bench.web.store.read(|conn| crate::store::audit::newest(conn, None, 10)).await.unwrap();
    let of_sam = lines.iter().filter(|line| line.who == "sam@example.org" && line.deed != "logged in");
    let said: Vec<_> = of_sam.map(|line| (line.who.as_str(), line.deed.as_str(), line.detail.as_str())).collect();
    assert_eq!(said, [("sam@example.org", "resumed all sending", "0 rests ended")]);
}
