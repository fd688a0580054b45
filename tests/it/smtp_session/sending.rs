//! What goes well: messages arrive as they were.

use super::*;

#[tokio::test]
async fn a_message_arrives_as_it_was() {
    for pipelining in [true, false] {
        let server = SmtpServer::start(Script { pipelining, ..Script::default() });
        let reply = attempt(&server).await.unwrap();
        assert_eq!((reply.code, reply.enhanced.as_deref(), reply.text.as_str()), (250, Some("2.0.0"), "Ok: queued"));
        let message = only(server.take_messages());
        assert_eq!((message.from.as_str(), message.to), ("bounce@campaign.example", vec!["ada@senate.example".to_owned()]));
        assert_eq!(message.data, MESSAGE);
        assert_eq!(message.pipelined, pipelining);
        assert_eq!(server.commands().last().map(String::as_str), Some("QUIT"));
    }
}

#[tokio::test]
async fn odd_but_lawful_answers_are_understood() {
    for (answer, text) in [
        (&b"250\r\n"[..], ""),
        (b"250 \r\n", ""),
        (b"250-2.0.0 one\r\n250-2.0.0 two\r\n250 2.0.0 three\r\n", "one two three"),
        (b"250 accept\xe9\r\n", "accept\u{FFFD}"),
        (b"250 bare line feed\n", "bare line feed"),
        (b"250 \x1b[2Jcleared\r\n", "[2Jcleared"),
    ] {
        let server = SmtpServer::start(Script::default().on(At::Dot, Action::StoreAndRaw(answer.to_vec())));
        assert_eq!(attempt(&server).await.unwrap().text, text);
        assert_eq!(server.take_messages().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_may_come_byte_by_byte_or_late() {
    let server = SmtpServer::start(Script { byte_by_byte: true, ..Script::default() });
    let mut session = connect(&server).await;
    send(&mut session, MESSAGE).await.unwrap();
    let late = Action::After(Duration::from_millis(300), Box::new(Action::Accept));
    server.set_script(Script::default().on(At::Dot, late.clone()).on(At::Mail, late));
    send(&mut session, MESSAGE).await.unwrap();
    assert_eq!(server.take_messages().len(), 2);
}

#[tokio::test]
async fn one_session_carries_many_messages_and_then_retires() {
    let server = SmtpServer::start(Script::default());
    let mut session = connect(&server).await;
    for n in 0..MESSAGES_PER_SESSION {
        assert!(session.is_alive().await);
        send(&mut session, format!("Subject: {n}\r\n\r\n.\r\n").as_bytes()).await.unwrap();
    }
    assert_eq!(session.sent(), MESSAGES_PER_SESSION);
    assert!(!session.is_usable());
    session.quit().await;
    let messages = server.take_messages();
    assert_eq!((messages.len(), server.connections()), (100, 1));
    assert_eq!(messages[41].data, b"Subject: 41\r\n\r\n.\r\n");
}

#[tokio::test]
async fn greylisting_takes_the_second_attempt() {
    let server = SmtpServer::start(Script::greylist());
    assert!((400..500).contains(&attempt(&server).await.unwrap_err().reply.unwrap().code));
    attempt(&server).await.unwrap();
    assert_eq!((server.take_messages().len(), server.connections()), (1, 2));
}

#[tokio::test]
async fn eight_bit_text_goes_where_it_is_taken() {
    let text = "Subject: caf\u{e9}\r\n\r\nüñ\r\n".as_bytes();
    let server = SmtpServer::start(Script::default());
    send(&mut connect(&server).await, text).await.unwrap();
    assert_eq!(only(server.take_messages()).data, text);
    assert!(server.commands().iter().any(|line| line.ends_with(" BODY=8BITMIME")));
    let server = SmtpServer::start(Script { eight_bit: false, ..Script::default() });
    assert_eq!(send(&mut connect(&server).await, text).await.unwrap_err().step, Step::MailFrom);
    send(&mut connect(&server).await, MESSAGE).await.unwrap();
    assert_eq!(server.take_messages().len(), 1);
}

#[tokio::test]
async fn a_large_message_arrives_whole_and_a_server_that_stops_reading_is_given_up() {
    let large = b"0123456789.............................\r\n.\r\n".repeat(50_000);
    let server = SmtpServer::start(Script::default());
    send(&mut connect(&server).await, &large).await.unwrap();
    assert!(only(server.take_messages()).data == large);
    let server = SmtpServer::start(Script::default().on(At::Body, Action::RawAndClose(b"552 5.3.4 Too big\r\n".to_vec())));
    let mut session = connect(&server).await;
    let failure = send(&mut session, &large).await.unwrap_err();
    assert_eq!(failure.step, Step::Body);
    assert!(!session.is_usable());
}

#[tokio::test]
#[should_panic(expected = "1 messages came that the test did not expect")]
async fn a_message_that_no_test_took_fails_the_test() {
    let server = SmtpServer::start(Script::default());
    send(&mut connect(&server).await, MESSAGE).await.unwrap();
    assert_eq!(server.messages().len(), 1, "looking is not taking");
}

#[tokio::test]
async fn waiting_takes_what_came() {
    let server = SmtpServer::start(Script::default());
    assert_eq!((server.open_connections(), server.connections()), (0, 0));
    send(&mut connect(&server).await, MESSAGE).await.unwrap();
    let message = only(server.wait_for(1, Duration::from_secs(5)));
    assert_eq!(message.header("Subject").as_deref(), Some("Hello"));
    server.expect_no_more();
}
