//! The server's side of one SMTP connection.

use std::io;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::smtp_script::{Action, At};
use super::smtp_server::{Shared, StoredMessage};

struct Conversation<'a> {
    stream: BufReader<TcpStream>,
    number: usize,
    /// The number of the transaction, over all connections.
    transaction: usize,
    shared: &'a Shared,
}

/// What the client was told.
struct Done {
    positive: bool,
}

/// Talks until the client or the script ends it.
pub async fn converse(stream: TcpStream, number: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    if shared.script.lock().unwrap().refuse {
        reset(&stream);
        return Ok(());
    }
    let mut talk = Conversation { stream: BufReader::new(stream), number, transaction: 0, shared };
    talk.act(At::Greeting, "220 scripted.example ESMTP").await?;
    let (mut from, mut sender_taken, mut to, mut pipelined) = (String::new(), false, Vec::new(), false);
    loop {
        let line = talk.line().await?;
        let (verb, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
        let script = shared.script.lock().unwrap().clone();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                talk.act(At::Ehlo, &script.ehlo()).await?;
            }
            "HELO" => talk.say(b"250 scripted.example\r\n").await?,
            "STARTTLS" if script.starttls => {
                talk.act(At::StartTls, "220 2.0.0 Go ahead").await?;
            }
            "AUTH" => talk.log_in(rest).await?,
            "MAIL" => {
                pipelined = !talk.stream.buffer().is_empty();
                talk.transaction = shared.transactions.fetch_add(1, Ordering::SeqCst);
                from = address(&line);
                sender_taken = talk.act(At::Mail, "250 2.1.0 Ok").await?.positive;
                to.clear();
            }
            "RCPT" if !sender_taken && !script.sloppy => talk.say(b"503 5.5.1 MAIL comes first\r\n").await?,
            "RCPT" => {
                let recipient = address(&line);
                let nth = {
                    let mut seen = shared.recipients.lock().unwrap();
                    let count = seen.entry(recipient.clone()).or_default();
                    *count += 1;
                    *count - 1
                };
                let action = match script.action(At::Rcpt, number, talk.transaction) {
                    Action::Accept => script.recipient_action(&recipient, nth),
                    action => action,
                };
                if talk.perform(action, "250 2.1.5 Ok").await?.positive {
                    to.push(recipient);
                }
            }
            "DATA" if to.is_empty() && !script.sloppy => talk.say(b"554 5.5.1 No valid recipients\r\n").await?,
            "DATA" => {
                if talk.act(At::Data, "354 End data with <CR><LF>.<CR><LF>").await?.positive {
                    let data = talk.data().await?;
                    if to.is_empty() {
                        talk.say(b"554 5.5.1 No valid recipients\r\n").await?;
                        continue;
                    }
                    let message = StoredMessage {
                        from: from.clone(),
                        to: to.clone(),
                        data,
                        at: SystemTime::now(),
                        connection: number,
                        pipelined,
                    };
                    talk.finish(message).await?;
                }
                to.clear();
            }
            "RSET" | "NOOP" => talk.say(b"250 2.0.0 Ok\r\n").await?,
            "QUIT" => return talk.say(b"221 2.0.0 Bye\r\n").await,
            _ => talk.say(b"502 5.5.2 Unknown command\r\n").await?,
        }
    }
}

impl Conversation<'_> {
    async fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        if self.stream.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        self.shared.commands.lock().unwrap().push(line.clone());
        Ok(line)
    }

    /// The message up to the final dot, dots unstuffed.
    async fn data(&mut self) -> io::Result<Vec<u8>> {
        let mut data = Vec::new();
        let mut first = true;
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if std::mem::take(&mut first) {
                let action = self.script_action(At::Body);
                if !matches!(action, Action::Accept) {
                    self.perform(action, "").await?;
                }
            }
            if line == b".\r\n" {
                return Ok(data);
            }
            data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    /// After the dot: the message is stored before the answer is written.
    async fn finish(&mut self, message: StoredMessage) -> io::Result<()> {
        let mut action = self.script_action(At::Dot);
        while let Action::After(time, then) = action {
            tokio::time::sleep(time).await;
            action = *then;
        }
        let store = match &action {
            Action::Accept | Action::StoreAndClose | Action::StoreAndHang | Action::StoreAndRaw(_) => true,
            Action::Reply(text) => text.starts_with('2'),
            _ => false,
        };
        if store {
            self.shared.messages.lock().unwrap().push(message);
        }
        self.perform(action, "250 2.0.0 Ok: queued").await.map(|_| ())
    }

    async fn log_in(&mut self, arguments: &str) -> io::Result<()> {
        let action = self.script_action(At::Auth);
        if !matches!(action, Action::Accept) {
            return self.perform(action, "").await.map(|_| ());
        }
        let wanted = self.shared.script.lock().unwrap().auth.clone();
        let decode =
            |text: &str| STANDARD.decode(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let given = if let Some(("PLAIN", initial)) = arguments.split_once(' ') {
            let decoded = decode(initial);
            let mut parts = decoded.split('\0').skip(1).map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        } else if let Some(("XOAUTH2", initial)) = arguments.split_once(' ') {
            let decoded = decode(initial);
            let part =
                |name: &str| decoded.split('\u{1}').find_map(|part| part.strip_prefix(name)).unwrap_or_default().to_owned();
            let given = (part("user="), part("auth=Bearer "));
            if Some(&given) != wanted.as_ref() {
                // {"status":"401"}, and whoever is wrong answers with an empty line.
                self.say(b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n").await?;
                self.line().await?;
            }
            given
        } else {
            self.say(b"334 VXNlcm5hbWU6\r\n").await?;
            let user = self.line().await?;
            self.say(b"334 UGFzc3dvcmQ6\r\n").await?;
            (decode(&user), decode(&self.line().await?))
        };
        let answer: &[u8] = if Some(given) == wanted { b"235 2.7.0 Ok\r\n" } else { b"535 5.7.8 No\r\n" };
        self.say(answer).await
    }

    fn script_action(&self, at: At) -> Action {
        self.shared.script.lock().unwrap().action(at, self.number, self.transaction)
    }

    async fn act(&mut self, at: At, polite: &str) -> io::Result<Done> {
        self.perform(self.script_action(at), polite).await
    }

    /// Does it; `polite` is the answer of a good server.
    async fn perform(&mut self, mut action: Action, polite: &str) -> io::Result<Done> {
        while let Action::After(time, then) = action {
            tokio::time::sleep(time).await;
            action = *then;
        }
        let (bytes, then_close) = match action {
            Action::Accept => (format!("{polite}\r\n").into_bytes(), false),
            Action::Reply(text) => (format!("{text}\r\n").into_bytes(), false),
            Action::Raw(bytes) | Action::StoreAndRaw(bytes) => (bytes, false),
            Action::RawAndClose(bytes) => (bytes, true),
            Action::Close | Action::StoreAndClose => (Vec::new(), true),
            Action::Reset => {
                reset(self.stream.get_ref());
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            Action::Hang | Action::StoreAndHang => return self.hang().await,
            Action::After(..) => unreachable!("unwrapped above"),
        };
        self.say(&bytes).await?;
        if then_close {
            // A close with unread bytes would be a reset; the client's are read first.
            self.stream.get_mut().shutdown().await?;
            let mut rest = [0; 4096];
            let drained = async { while self.stream.read(&mut rest).await.is_ok_and(|n| n > 0) {} };
            let _ = tokio::time::timeout(Duration::from_millis(200), drained).await;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(Done { positive: matches!(bytes.first(), Some(b'2' | b'3')) })
    }

    async fn hang(&mut self) -> io::Result<Done> {
        let mut rest = [0; 4096];
        while self.stream.read(&mut rest).await? > 0 {}
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    async fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        let byte_by_byte = self.shared.script.lock().unwrap().byte_by_byte;
        let stream = self.stream.get_mut();
        if !byte_by_byte {
            return stream.write_all(bytes).await;
        }
        for byte in bytes {
            stream.write_all(&[*byte]).await?;
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        Ok(())
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address).to_owned()
}

/// Closing this socket will then reset the connection.
fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}
