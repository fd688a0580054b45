//! Opening a session: no server, an old one, log-in, encryption.

use super::*;

#[tokio::test]
async fn nobody_at_home() {
    let mut server = SmtpServer::start(Script::default());
    server.stop();
    let failure = attempt(&server).await.unwrap_err();
    assert_eq!((failure.step, failure.reply, failure.maybe_delivered), (Step::Connect, None, false));
    let server = SmtpServer::start(Script { refuse: true, ..Script::default() });
    assert_eq!(attempt(&server).await.unwrap_err().step, Step::Connect);
    let settings = SmtpSettings::parse("smtp://no-such-host.invalid").unwrap();
    assert_eq!(Session::connect(&settings, "client.example", Timeouts::default()).await.unwrap_err().step, Step::Connect);
}

#[tokio::test]
async fn a_server_that_knows_no_ehlo_is_greeted_the_old_way() {
    let server = SmtpServer::start(Script::default().on(At::Ehlo, Action::reply("502 5.5.1 Unknown")));
    send(&mut connect(&server).await, MESSAGE).await.unwrap();
    assert!(!only(server.take_messages()).pipelined);
    let server = SmtpServer::start(Script { extensions: vec!["  ".to_owned(), "SIZE 1".to_owned()], ..Script::default() });
    send(&mut connect(&server).await, MESSAGE).await.unwrap();
    assert!(only(server.take_messages()).pipelined, "a blank line among the extensions does no harm");
}

#[tokio::test]
async fn logging_in() {
    let auth = Some(("ana@example.org".to_owned(), "p/ss".to_owned()));
    let server = SmtpServer::start(Script { auth, ..Script::default() });
    let settings = |login: &str| SmtpSettings::parse(&format!("smtp://{login}@{}", server.addr)).unwrap();
    let good = settings("ana%40example.org:p%2Fss");
    let mut session = Session::connect(&good, "client.example", Timeouts::default()).await.unwrap();
    send(&mut session, MESSAGE).await.unwrap();
    server.set_script(Script { extensions: vec!["AUTH LOGIN".to_owned()], auth: None, ..Script::default() });
    let failure = Session::connect(&good, "client.example", Timeouts::default()).await.unwrap_err();
    assert_eq!((failure.step, failure.reply.unwrap().code), (Step::Login, 535), "LOGIN asks and is answered");
    assert!(server.commands().contains(&"cC9zcw==".to_owned()), "the password, as LOGIN writes it");
    server.set_script(Script::default());
    let failure = Session::connect(&good, "client.example", Timeouts::default()).await.unwrap_err();
    assert_eq!((failure.step, failure.reply), (Step::Login, None));
    for action in [
        Action::Hang,
        Action::Close,
        Action::raw("334 %%%\r\n"),
        Action::raw("334 c29uZw==\r\n"),
        Action::reply("454 4.7.0 Later"),
    ] {
        server.set_script(Script { extensions: vec!["AUTH PLAIN".to_owned()], ..Script::default() }.on(At::Auth, action));
        assert_eq!(Session::connect(&good, "client.example", short()).await.unwrap_err().step, Step::Login);
    }
    assert_eq!(server.take_messages().len(), 1);
}

#[tokio::test]
async fn each_log_in_method_is_taken_and_refused() {
    for (offered, chosen, line) in [
        ("PLAIN", "", "AUTH PLAIN AGFuYUBleGFtcGxlLm9yZwBzZWFndWxs"),
        ("LOGIN", "", "AUTH LOGIN"),
        ("XOAUTH2", "", "AUTH XOAUTH2 dXNlcj1hbmFAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgc2VhZ3VsbAEB"),
        ("PLAIN LOGIN XOAUTH2", "?auth=xoauth2", "AUTH XOAUTH2 dXNlcj1hbmFAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgc2VhZ3VsbAEB"),
        ("PLAIN LOGIN XOAUTH2", "?auth=login", "AUTH LOGIN"),
        ("XOAUTH2 LOGIN PLAIN", "", "AUTH PLAIN AGFuYUBleGFtcGxlLm9yZwBzZWFndWxs"),
    ] {
        let script = |password: &str| Script {
            auth: Some(("ana@example.org".to_owned(), password.to_owned())),
            mechanisms: offered,
            ..Script::default()
        };
        let server = SmtpServer::start(script("seagull"));
        let settings = SmtpSettings::parse(&format!("smtp://ana%40example.org:seagull@{}{chosen}", server.addr)).unwrap();
        let mut session = Session::connect(&settings, "client.example", Timeouts::default()).await.unwrap();
        assert!(server.commands().contains(&line.to_owned()), "{offered}{chosen}: {:?}", server.commands());
        send(&mut session, MESSAGE).await.unwrap();
        assert_eq!(server.take_messages().len(), 1);
        server.set_script(script("another"));
        let failure = Session::connect(&settings, "client.example", Timeouts::default()).await.unwrap_err();
        assert_eq!((failure.step, failure.reply.unwrap().code), (Step::Login, 535), "{offered}{chosen}");
    }
    let server = SmtpServer::start(Script { auth: Some(("a".into(), "b".into())), ..Script::default() });
    let settings = SmtpSettings::parse(&format!("smtp://a:b@{}?auth=xoauth2", server.addr)).unwrap();
    let failure = Session::connect(&settings, "client.example", Timeouts::default()).await.unwrap_err();
    assert!(failure.step == Step::Login && failure.cause.contains("XOAUTH2"), "{failure}");
    assert!(!server.commands().iter().any(|command| command.starts_with("AUTH")), "a token is no password");
}

#[tokio::test]
async fn encryption_that_fails_sends_nothing() {
    let server = SmtpServer::start(Script::default());
    let required = SmtpSettings::parse(&format!("smtp://u:secret@{}?tls=required", server.addr)).unwrap();
    let failure = Session::connect(&required, "client.example", short()).await.unwrap_err();
    assert_eq!(failure.step, Step::Tls, "it is not offered");
    for action in [
        Action::reply("454 4.7.0 Not now"),
        Action::raw("220 Go\r\nnot a handshake, not at all\r\n"),
        // What stands behind the answer could be anyone's: it must not be read as the first encrypted answer.
        Action::raw("220 Go\r\n250 injected\r\n"),
        Action::Close,
        Action::Hang,
        Action::Accept,
    ] {
        server.set_script(Script { starttls: true, ..Script::default() }.on(At::StartTls, action.clone()));
        let failure = Session::connect(&required, "client.example", short()).await.unwrap_err();
        assert_eq!(failure.step, Step::Tls, "{action:?}");
        assert!(!failure.maybe_delivered);
    }
    let implicit = SmtpSettings::parse(&format!("smtps://u:secret@{}", server.addr)).unwrap();
    assert_eq!(Session::connect(&implicit, "client.example", short()).await.unwrap_err().step, Step::Tls);
    assert!(!server.commands().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}
