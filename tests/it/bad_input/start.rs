//! A broken setting or template stops the start, and says which file, which line and what to do.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use standout::app::App;
use standout::config::Config;
use standout::domain::Clock;

use crate::support::app::{START, TestApp};
use crate::support::journey::CAMPAIGN;

fn config(settings: &[(&str, &str)]) -> Result<Config, String> {
    let settings: HashMap<String, String> = settings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Config::from_lookup(|name| settings.get(name).cloned()).map_err(|error| error.to_string())
}

/// Why the service does not start with these templates.
fn refused(templates: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&[
        ("BIND_ADDR", "127.0.0.1:0"),
        ("DATA_DIR", folder.path().to_str().unwrap()),
        ("TEMPLATES_DIR", templates.to_str().unwrap()),
    ]);
    match App::build(config.unwrap(), Clock::manual(START)) {
        Ok(_) => panic!("it starts"),
        Err(error) => error.to_string(),
    }
}

fn with_template(path: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    refused(folder.path())
}

#[test]
fn all_mistaken_settings_are_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let error = config(&[
        ("DATA_DIR", folder.path().to_str().unwrap()),
        ("BIND_ADDR", "8080"),
        ("PUBLIC_URL", "letters.example.org"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "postgres://db/standout"),
        ("MAIL_FROM", "Letters <letters@example.org>"),
        ("SMTP_CONNECTIONS", "0"),
        ("MAIL_PER_SECOND", "many"),
        ("MAIL_PER_OFFICE_PER_MINUTE", "-1"),
        ("MAIL_RETRY_SECONDS", "300;900"),
        ("MAIL_LEASE_SECONDS", "0"),
        ("SIGNUPS_PER_IP_PER_HOUR", "1.5"),
        ("FORM_MIN_SECONDS", "two"),
        ("TRUSTED_PROXIES", "127.0.0.1, proxy"),
        ("LOG_FORMAT", "xml"),
    ])
    .unwrap_err();
    for line in [
        "BIND_ADDR: \"8080\" is no address and port, such as 127.0.0.1:8080",
        "PUBLIC_URL: \"letters.example.org\" is no web address",
        "SECRET_KEY: must have at least 32 characters; make one with",
        "DATABASE_URL: must be a SQLite file",
        "MAIL_FROM: must be one e-mail address",
        "SMTP_CONNECTIONS: must be a number from 1 to 256",
        "MAIL_PER_SECOND: must be a whole number",
        "MAIL_PER_OFFICE_PER_MINUTE: must be a whole number",
        "MAIL_RETRY_SECONDS: must be whole seconds separated by commas",
        "MAIL_LEASE_SECONDS: must be a number from 1 to 3600",
        "SIGNUPS_PER_IP_PER_HOUR: must be a whole number",
        "FORM_MIN_SECONDS: must be a whole number",
        "TRUSTED_PROXIES: \"proxy\" is no IP address",
        "LOG_FORMAT: must be text or json",
        ".env.example explains each",
    ] {
        assert!(error.contains(line), "no \"{line}\" in:\n{error}");
    }
    assert!(!error.contains("short"), "a key is a secret, even a bad one:\n{error}");
}

/// What is wrong with that one setting.
fn mistake(name: &str, value: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    config(&[("DATA_DIR", folder.path().to_str().unwrap()), (name, value)]).err().unwrap_or_default()
}

#[test]
fn numbers_have_their_limits() {
    for (name, fine, mistaken) in [
        ("MAIL_RETRY_SECONDS", &["1", "300, 900,432000"][..], &["0", "300,0", "432001", "300,,900", "18446744073709551615"][..]),
        ("MAIL_LEASE_SECONDS", &["1", "3600"], &["0", "3601", "18446744073709551615"]),
        ("FORM_MIN_SECONDS", &["0", "3600"], &["3601", "18446744073709551615"]),
        ("SMTP_CONNECTIONS", &["1", "256"], &["0", "257"]),
    ] {
        for value in fine {
            assert_eq!(mistake(name, value), "", "{name}={value}");
        }
        for value in mistaken {
            assert!(mistake(name, value).contains(&format!("{name}: must be")), "{name}={value}");
        }
    }
}

#[test]
fn the_public_address_is_a_host_and_no_more() {
    for fine in ["http://localhost:8080", "http://localhost:8080/"] {
        assert_eq!(mistake("PUBLIC_URL", fine), "");
    }
    for mistaken in
        ["http://localhost/letters", "http://sam@localhost", "http://:geheim@localhost", "http://localhost/?a", "ftp://localhost"]
    {
        assert!(mistake("PUBLIC_URL", mistaken).contains("PUBLIC_URL: "), "{mistaken}");
    }
}

#[test]
fn a_proxys_ipv4_address_is_known_in_its_ipv6_form_too() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&[("DATA_DIR", folder.path().to_str().unwrap()), ("TRUSTED_PROXIES", "::ffff:10.0.0.1, ::1")]).unwrap();
    assert_eq!(config.trusted_proxies, ["10.0.0.1", "::1"].map(|ip| ip.parse::<std::net::IpAddr>().unwrap()));
}

#[test]
fn outside_development_key_mail_server_and_sender_must_be_set() {
    let error = config(&[("PUBLIC_URL", "https://letters.example.org")]).unwrap_err();
    for name in ["SECRET_KEY: must be set", "SMTP_URL: must be set", "MAIL_FROM: must be set"] {
        assert!(error.contains(name), "no \"{name}\" in:\n{error}");
    }
}

#[test]
fn a_mail_server_that_is_no_address_stops_the_start_without_telling_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("BIND_ADDR", "127.0.0.1:0"), ("DATA_DIR", folder.path().to_str().unwrap())];
    for url in ["mail.example.org", "http://mail.example.org", "smtp://user:geheim@"] {
        let config = config(&[settings[0], settings[1], ("SMTP_URL", url)]).unwrap();
        let error = App::build(config, Clock::manual(START)).err().expect("it must not start").to_string();
        assert!(error.contains("SMTP_URL") && error.contains("smtp"), "{url}: {error}");
        assert!(!error.contains("geheim"), "{error}");
    }
}

#[test]
fn a_port_in_use_stops_the_start_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let config = config(&[("BIND_ADDR", &address), ("DATA_DIR", folder.path().to_str().unwrap())]).unwrap();
    let error = App::build(config, Clock::manual(START)).err().expect("it must not start").to_string();
    assert!(error.contains(&address) && error.contains("Choose another port"), "{error}");
}

#[test]
fn a_template_that_does_not_parse_is_named_with_its_line() {
    let error = with_template("notices/confirmation/body.txt.hbs", "Hello,\n\n{{#if letters}}\n- {{confirm_url}\n{{/if}}\n");
    assert!(error.contains("notices/confirmation/body.txt.hbs, line 4:"), "{error}");
    assert!(error.contains("every brace is doubled"), "{error}");
}

#[test]
fn a_template_with_an_unknown_variable_is_named_with_its_line() {
    let error = with_template("notices/confirmation/body.txt.hbs", "Hello,\n\n{{confirm_link}}\n");
    assert!(error.contains("notices/confirmation/body.txt.hbs, line 3: there is no variable \"confirm_link\"."), "{error}");
}

#[test]
fn a_template_that_is_an_operators_own_is_named_by_its_own_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notices/confirmation/body.txt.hbs");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "{{confirm_link}}").unwrap();
    let error = refused(folder.path());
    assert!(error.contains(&format!("{}, line 1:", file.display())), "{error}");
}

#[test]
fn a_frame_of_notices_with_an_unknown_variable_is_named_by_its_path() {
    let error = with_template("notices/frame.html.hbs", "<html>\n<title>{{titel}}</title>\n{{> @partial-block}}\n</html>\n");
    assert!(error.contains("notices/frame.html.hbs, line 2:") && error.contains("titel"), "{error}");
}

#[test]
fn a_block_that_is_not_closed_is_named() {
    let error = with_template("notices/confirmation/body.txt.hbs", "{{#if letters}}\n{{confirm_url}}\n");
    assert!(error.contains("notices/confirmation/body.txt.hbs, line "), "{error}");
}

#[test]
fn a_letters_frame_with_an_unknown_variable_is_named_with_its_line() {
    let error = with_template("letter.txt.hbs", "Dear {{official.salutation}},\n\n{{body}}\n\n{{nme}}\n");
    assert!(error.contains("letter.txt.hbs, line 5:") && error.contains("nme"), "{error}");
}

#[test]
fn a_template_that_is_no_text_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("letter.txt.hbs"), b"Dear \xff").unwrap();
    let error = refused(folder.path());
    assert!(error.contains("letter.txt.hbs") && error.contains("UTF-8"), "{error}");
}

/// What the import of the campaign says after `change`; what was there before stays in force.
fn import_refused(change: impl Fn(&Path)) -> String {
    let app = TestApp::start();
    let folder = app.campaign_folder();
    change(&folder);
    let output = app.standout(&["campaigns", "import", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!((app.get(CAMPAIGN).status, app.rows("campaign_versions")), (200, 1));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_campaign_with_an_unknown_variable_is_not_imported() {
    let error = import_refused(|folder| {
        let file = folder.join("letters/upper.txt.hbs");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("As your constituent in {{town}}", "As your constituent in {{twon}}")).unwrap();
    });
    assert!(error.contains("campaigns/ma-287g/letters/upper.txt.hbs, line 3:") && error.contains("twon"), "{error}");
    assert!(error.contains("nothing was changed") && error.contains("CONTRIBUTING.md"), "{error}");
}

#[test]
fn a_campaign_with_several_mistakes_names_them_all() {
    let error = import_refused(|folder| {
        let file = folder.join("campaign.toml");
        let text = fs::read_to_string(&file).unwrap();
        let text =
            text.replace("time_zone = \"America/New_York\"", "time_zone = \"Boston\"").replace("\"governor\"]", "\"mayor\"]");
        fs::write(&file, text).unwrap();
    });
    for part in ["campaign.toml, line ", "time_zone: ", "America/New_York", "offices: ", "mayor"] {
        assert!(error.contains(part), "no \"{part}\" in:\n{error}");
    }
}

#[test]
fn a_campaign_whose_letter_is_missing_is_not_imported() {
    let error = import_refused(|folder| fs::remove_file(folder.join("letters/governor.txt.hbs")).unwrap());
    assert!(error.contains("letters/governor.txt.hbs: is missing"), "{error}");
}

#[test]
fn a_broken_campaign_in_the_database_stops_the_start_with_file_line_and_what_to_do() {
    let app = TestApp::start();
    let broken = "Subject: x\n\n{{nobody}}\n";
    app.store
        .write_blocking(move |tx| {
            use standout::domain::Slug;
            use standout::store::campaigns;
            let slug = Slug::parse("ma-287g").unwrap();
            let mut files = campaigns::find(tx.reader(), &slug)?.unwrap().files;
            files.insert("letters/lower.txt.hbs".into(), broken.into());
            campaigns::import(tx, &slug, "America/New_York", &files, "test", START).map(drop)
        })
        .unwrap();
    // The running service keeps what it has.
    std::thread::sleep(std::time::Duration::from_millis(1200));
    assert_eq!(app.preview(&crate::support::journey::Typed::new("ana@example.org")).status, 200);
    let settings = [("BIND_ADDR", "127.0.0.1:0"), ("DATA_DIR", app.dir.path().to_str().unwrap())];
    let error = App::build(config(&settings).unwrap(), Clock::manual(START)).err().expect("it must not start").to_string();
    assert!(error.contains("letters/lower.txt.hbs, line 3:") && error.contains("campaigns import"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_new_data_folder_is_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("var");
    let config = config(&[("BIND_ADDR", "127.0.0.1:0"), ("DATA_DIR", folder.to_str().unwrap())]).unwrap();
    assert!(App::build(config, Clock::manual(START)).is_ok());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("secret_key"))), (0o700, 0o600));

    // What a copy or an earlier version left open is closed at the next start.
    let database = folder.join("standout.sqlite3");
    for (path, open) in [(folder.clone(), 0o755), (database.clone(), 0o644), (folder.join("secret_key"), 0o640)] {
        fs::set_permissions(path, fs::Permissions::from_mode(open)).unwrap();
    }
    let config = self::config(&[("BIND_ADDR", "127.0.0.1:0"), ("DATA_DIR", folder.to_str().unwrap())]).unwrap();
    assert_eq!(config.open_to_others().len(), 3);
    assert!(App::build(config, Clock::manual(START)).is_ok());
    assert_eq!([&folder, &database, &folder.join("secret_key")].map(|path| mode(path)), [0o700, 0o600, 0o600]);
}
