//! Every fault at every step: what is told, and that nothing is lost or sent twice.

use super::*;

/// The steps of a conversation, as the server and the client name them.
const STEPS: [(At, Step); 7] = [
    (At::Greeting, Step::Connect),
    (At::Ehlo, Step::Connect),
    (At::Mail, Step::MailFrom),
    (At::Rcpt, Step::RcptTo),
    (At::Data, Step::Data),
    (At::Body, Step::Body),
    (At::Dot, Step::Body),
];

#[tokio::test]
async fn a_refusal_at_any_step_is_told_with_its_words() {
    for pipelining in [true, false] {
        for (code, words) in [(451, "451 4.7.1 Come back later"), (550, "550 5.7.1 No"), (421, "421 4.3.2 Closing")] {
            for (at, step) in STEPS.into_iter().filter(|(at, _)| *at != At::Body) {
                let script = Script { pipelining, ..Script::default() };
                let server = SmtpServer::start(script.on(at, Action::reply(words)));
                let failure = attempt(&server).await.unwrap_err();
                assert_eq!((failure.step, failure.maybe_delivered), (step, false), "{at:?} {words}");
                let reply = failure.reply.unwrap();
                assert_eq!((reply.code, reply.enhanced.as_deref()), (code, Some(&words[4..9])), "{at:?}");
                assert!(server.take_messages().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn silence_and_a_lost_connection_at_any_step_are_told_apart_from_a_refusal() {
    for pipelining in [true, false] {
        for action in [Action::Hang, Action::Close, Action::Reset] {
            for (at, step) in STEPS {
                let script = Script { pipelining, ..Script::default() };
                let server = SmtpServer::start(script.on(at, action.clone()));
                let failure = attempt(&server).await.unwrap_err();
                assert_eq!((failure.step, failure.reply), (step, None), "{at:?} {action:?}");
                // The whole message fits into one write, so the dot was out when the server fell silent.
                assert_eq!(failure.maybe_delivered, step == Step::Body, "{at:?} {action:?}");
                assert!(server.take_messages().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_smtp_is_no_answer() {
    let too_long = [b"250 ".to_vec(), vec![b'x'; 1 << 20]].concat();
    let too_many = b"250-more\r\n".repeat(100_000);
    let answers: [&[u8]; 8] =
        [b"hello\r\n", b"\r\n", b"2500 ok\r\n", b"150 ok\r\n", b"250-ok\r\n251 ok\r\n", b"250_ok\r\n", &too_long, &too_many];
    for answer in answers {
        for (at, step) in STEPS.into_iter().filter(|(at, _)| *at != At::Body) {
            let server = SmtpServer::start(Script::default().on(at, Action::raw(answer)));
            let failure = attempt(&server).await.unwrap_err();
            let shown = String::from_utf8_lossy(&answer[..answer.len().min(20)]).into_owned();
            assert_eq!((failure.step, failure.reply), (step, None), "{at:?} {shown:?}");
            assert_eq!(failure.maybe_delivered, at == At::Dot, "{at:?} {shown:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_of_the_wrong_kind_is_no_yes() {
    for (at, answer, step) in
        [(At::Mail, "354 go on", Step::MailFrom), (At::Data, "250 ok", Step::Data), (At::Dot, "354 go on", Step::Body)]
    {
        let server = SmtpServer::start(Script::default().on(at, Action::raw(format!("{answer}\r\n"))));
        let failure = attempt(&server).await.unwrap_err();
        assert_eq!((failure.step, failure.reply, failure.maybe_delivered), (step, None, at == At::Dot), "{at:?}");
        assert!(server.take_messages().is_empty());
    }
}

#[tokio::test]
async fn a_megabyte_is_refused_at_once_and_not_eaten() {
    let endless = [b"250 ".to_vec(), vec![b'x'; 1 << 20]].concat();
    let server = SmtpServer::start(Script::default().on(At::Dot, Action::StoreAndRaw(endless)));
    let mut session = connect(&server).await;
    let start = Instant::now();
    let failure = send(&mut session, MESSAGE).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5), "it waited for the rest");
    assert!(failure.maybe_delivered && failure.cause.contains("too long"), "{failure}");
    assert_eq!(server.take_messages().len(), 1);
}

#[tokio::test]
async fn a_late_answer_is_never_taken_for_the_next_one() {
    let late = Action::After(Duration::from_millis(700), Box::new(Action::Accept));
    let server = SmtpServer::start(Script::default().on_message(0, At::Dot, late));
    let mut session = connect_with(&server, short()).await.unwrap();
    let failure = send(&mut session, MESSAGE).await.unwrap_err();
    assert!(failure.maybe_delivered && !session.is_usable());
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(send(&mut session, MESSAGE).await.is_err());
    assert_eq!(server.take_messages().len(), 1);
}

#[tokio::test]
async fn a_server_that_stores_and_falls_silent_leaves_it_open() {
    for action in [Action::StoreAndClose, Action::StoreAndHang] {
        let server = SmtpServer::start(Script::default().on(At::Dot, action));
        let failure = attempt(&server).await.unwrap_err();
        assert_eq!((failure.step, failure.reply, failure.maybe_delivered), (Step::Body, None, true));
        assert_eq!(server.take_messages().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_recipient_ends_the_message_that_the_server_still_waits_for() {
    let script = Script { sloppy: true, ..Script::default() };
    let server = SmtpServer::start(script.on_recipient(|_, _| Action::reply("550 5.1.1 No such person")));
    let failure = attempt(&server).await.unwrap_err();
    assert_eq!((failure.step, failure.reply.unwrap().code, failure.maybe_delivered), (Step::RcptTo, 550, false));
    assert!(server.take_messages().is_empty());
    assert!(!server.commands().contains(&"QUIT".to_owned()), "nothing is said any more");
}

#[tokio::test]
async fn a_refused_sender_never_makes_an_empty_message() {
    let server = SmtpServer::start(Script { sloppy: true, ..Script::default() }.on(At::Mail, Action::reply("451 4.3.0 Later")));
    let failure = attempt(&server).await.unwrap_err();
    assert_eq!((failure.step, failure.reply.unwrap().code), (Step::MailFrom, 451));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(server.take_messages().is_empty(), "the recipient was taken, and got nothing");
}

#[tokio::test]
async fn the_first_refusal_counts_when_all_three_are_refused() {
    let server = SmtpServer::start(
        Script::default().on(At::Mail, Action::reply("451 4.3.0 Later")).on(At::Rcpt, Action::reply("503 5.5.1 What")),
    );
    let failure = attempt(&server).await.unwrap_err();
    assert_eq!((failure.step, failure.reply.unwrap().code), (Step::MailFrom, 451));
    let server = SmtpServer::start(Script::default().on(At::Mail, Action::RawAndClose(b"421 4.3.2 Closing\r\n".to_vec())));
    let failure = attempt(&server).await.unwrap_err();
    assert_eq!((failure.step, failure.reply.unwrap().code), (Step::MailFrom, 421));
}

#[tokio::test]
async fn a_server_that_hung_up_or_spoke_in_between_is_noticed_before_anything_is_written() {
    for ending in [b"250 2.0.0 Ok\r\n".to_vec(), b"250 2.0.0 Ok\r\n421 4.4.2 Idle\r\n".to_vec()] {
        let server = SmtpServer::start(
            Script::default().on(At::Dot, Action::After(Duration::ZERO, Box::new(Action::StoreAndRaw(ending)))),
        );
        let mut session = connect(&server).await;
        send(&mut session, MESSAGE).await.unwrap();
        assert_eq!(server.take_messages().len(), 1);
        let mut server = server;
        server.stop();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!session.is_alive().await);
        let failure = send(&mut session, MESSAGE).await.unwrap_err();
        assert_eq!((failure.step, failure.maybe_delivered), (Step::MailFrom, false));
    }
}

#[tokio::test]
async fn a_dropped_send_leaves_no_usable_session() {
    let server = SmtpServer::start(Script::default().on(At::Dot, Action::StoreAndHang));
    let mut session = connect(&server).await;
    assert!(tokio::time::timeout(Duration::from_millis(100), send(&mut session, MESSAGE)).await.is_err());
    assert!(!session.is_usable());
    assert_eq!(server.take_messages().len(), 1);
}

#[tokio::test]
async fn no_personal_data_in_debug_or_error_output() {
    let server = SmtpServer::start(Script::default().on(At::Rcpt, Action::reply("550 5.1.1 <ada@senate.example> unknown")));
    let mut session = connect(&server).await;
    let failure = send(&mut session, MESSAGE).await.unwrap_err();
    let shown = format!("{failure} {failure:?} {session:?}");
    assert!(shown.contains("550") && !shown.contains("ada@"), "{shown}");
    assert!(failure.reply.unwrap().text.contains("ada@senate.example"), "the attempts table gets the words");
}
