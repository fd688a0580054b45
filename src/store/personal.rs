//! Which columns are about a supporter, and what erasing does to them. Every column of every table stands here: a new one is
//! part of erasing, or is said to be none of it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::schema::signups;
use crate::store::{StoreError, Tx};

/// What happens to the rows for which the condition holds; its `?1` is what the table goes by.
enum Erasing {
    Row(&'static str),
    Blank(&'static str),
}

/// What `?1` is.
#[derive(PartialEq, Eq)]
enum By {
    Signup,
    Supporter,
}

/// A table with something about supporters.
struct OfSupporter {
    table: &'static str,
    by: By,
    erasing: Erasing,
    /// With what stands in the column afterwards, where the row stays.
    personal: &'static [(&'static str, &'static str)],
    #[cfg_attr(not(test), allow(dead_code))]
    plain: &'static [&'static str],
}

/// In the order in which they are erased. A town stays: it is counted, and no export tells it once its person is erased.
const OF_SUPPORTERS: &[OfSupporter] = &[
    OfSupporter {
        table: "message_texts",
        by: By::Signup,
        erasing: Erasing::Row("message_id IN (SELECT id FROM messages WHERE signup_id = ?1)"),
        personal: &[("from_name", ""), ("subject", ""), ("body_text", ""), ("body_html", "")],
        plain: &["message_id"],
    },
    OfSupporter {
        table: "office_replies",
        by: By::Signup,
        erasing: Erasing::Row("message_id IN (SELECT id FROM messages WHERE signup_id = ?1)"),
        personal: &[("subject", ""), ("body_text", "")],
        plain: &["id", "message_id", "automatic", "received_at", "passed_on_at", "released_at"],
    },
    OfSupporter {
        table: "attempts",
        by: By::Signup,
        erasing: Erasing::Blank("message_id IN (SELECT id FROM messages WHERE signup_id = ?1)"),
        personal: &[("reply", "''")],
        plain: &["id", "message_id", "destination_id", "started_at", "duration_ms", "outcome", "step", "code", "enhanced"],
    },
    OfSupporter {
        table: "returns",
        by: By::Signup,
        erasing: Erasing::Blank("message_id IN (SELECT id FROM messages WHERE signup_id = ?1)"),
        personal: &[("words", "''")],
        plain: &["id", "digest", "message_id", "kind", "status", "cause", "mailbox", "received_at"],
    },
    OfSupporter {
        table: "signups",
        by: By::Signup,
        erasing: Erasing::Blank("id = ?1"),
        personal: &[
            ("supporter_id", "NULL"),
            ("name", "''"),
            ("street", "''"),
            ("city", "''"),
            ("zip", "''"),
            ("may_contact", "FALSE"),
            ("may_quote", "FALSE"),
            ("own_words", "''"),
        ],
        plain: &[
            "id",
            "campaign_id",
            "version_id",
            "town",
            "found_by",
            "created_at",
            "expires_at",
            "confirmed_at",
            "expired_at",
            "erased_at",
            "receipt_at",
            "notices_end_at",
        ],
    },
    OfSupporter {
        table: "supporters",
        by: By::Supporter,
        erasing: Erasing::Row("id = ?1 AND NOT EXISTS (SELECT 1 FROM signups WHERE supporter_id = ?1)"),
        personal: &[("email_key", ""), ("email", "")],
        plain: &["id", "created_at"],
    },
];

/// The other tables: columns about officials and staff, who are not erased with a supporter; columns about nobody.
#[cfg(test)]
const OF_OTHERS: &[(&str, &[&str], &[&str])] = &[
    ("settings", &[], &["key", "value"]),
    ("campaigns", &[], &["id", "slug", "time_zone", "version_id", "created_at"]),
    ("campaign_versions", &["author"], &["id", "campaign_id", "number", "created_at"]),
    ("campaign_files", &[], &["version_id", "path", "content"]),
    ("offices", &[], &["id", "state", "chamber", "district", "district_key", "geoid", "division_id"]),
    (
        "officials",
        &["name", "family_name", "salutation", "party", "email", "webform", "phone", "address"],
        &["id", "office_id", "source_id", "title", "demo", "since", "ended_at", "term_ends"],
    ),
    ("municipalities", &[], &["id", "state", "name", "county", "geoid", "population", "demo"]),
    ("municipality_offices", &[], &["municipality_id", "office_id"]),
    ("place_names", &[], &["state", "place", "municipality"]),
    ("destinations", &[], &["id", "office_id"]),
    ("signup_tokens", &[], &["hash", "signup_id"]),
    (
        "messages",
        &[],
        &[
            "id",
            "kind",
            "state",
            "campaign_id",
            "signup_id",
            "town",
            "office_id",
            "official_id",
            "destination_id",
            "message_id",
            "created_at",
            "queued_at",
            "due_at",
            "failures",
            "lease_owner",
            "lease_until",
            "reason",
            "state_since",
            "state_day",
            "told_at",
            "own_words",
        ],
    ),
    ("counts", &[], &["campaign_id", "dimension", "key", "metric", "n"]),
    ("staff", &["email_key", "email", "password_hash"], &["id", "role", "created_at", "last_login_at"]),
    ("staff_sessions", &[], &["hash", "staff_id", "created_at", "expires_at"]),
    ("boundaries", &[], &["id", "state", "layer", "name", "geoid", "division_id", "office_id", "municipality_id", "shape"]),
    ("street_files", &[], &["id", "state", "name", "complete", "ranges"]),
    (
        "street_ranges",
        &[],
        &["id", "file_id", "state", "stem", "kind", "direction", "zip", "low", "high", "reversed", "parity", "side", "line"],
    ),
    ("street_towns", &[], &["state", "municipality", "ranges"]),
    ("positions", &["person_id"], &["id", "state", "bills", "act", "happened_on", "source", "as_of", "created_at"]),
    ("campaign_asks", &[], &["campaign_id", "measure_key", "ask"]),
    ("pauses", &[], &["scope", "key", "kind", "reason", "since", "until", "times"]),
    ("dead_mailboxes", &["email"], &["official_id", "reply", "since"]),
    ("audit_log", &["who"], &["id", "at", "act", "subject", "detail"]),
    ("staff_pauses", &["who"], &["scope", "key", "since", "reason"]),
    ("campaign_hours", &[], &["campaign_id", "days", "from_minute", "until_minute"]),
    ("campaign_dates", &[], &["campaign_id", "opens_at", "closes_at"]),
    ("office_paces", &["who"], &["office_id", "a_minute", "an_hour", "since", "reason"]),
    (
        "staff_mails",
        &["email", "subject", "body_text", "from_name"],
        &["id", "campaign_id", "message_id", "state", "due_at", "failures", "reply", "created_at"],
    ),
    ("staff_invites", &["for_whom"], &["id", "hash", "role", "invited_by", "created_at", "expires_at"]),
    ("failed_logins", &[], &["hour", "n"]),
    ("uploads", &["name", "body"], &["hash", "kind", "state", "created_at"]),
    ("api_tokens", &["created_by"], &["id", "hash", "name", "scope", "created_at", "expires_at", "revoked_at", "used_on"]),
    (
        "webhooks",
        &["created_by"],
        &[
            "id",
            "url",
            "salt",
            "letters_sent",
            "signups_confirmed",
            "created_at",
            "told_up_to",
            "failing_since",
            "failures",
            "due_at",
            "test_asked_at",
            "disabled_at",
        ],
    ),
    ("webhook_events", &[], &["id", "kind", "campaign_id", "signup_id", "message_id", "office_id", "happened_at"]),
    ("webhook_deliveries", &[], &["id", "webhook_id", "event_id", "kind", "tried_at", "duration_ms", "delivered", "words"]),
];

impl OfSupporter {
    fn statement(&self) -> String {
        match self.erasing {
            Erasing::Row(which) => format!("DELETE FROM {} WHERE {which}", self.table),
            Erasing::Blank(which) => {
                let blank: Vec<String> = self.personal.iter().map(|(column, after)| format!("{column} = {after}")).collect();
                format!("UPDATE {} SET {} WHERE {which}", self.table, blank.join(", "))
            }
        }
    }
}

/// Removes all that is personal in one sign-up, and the supporter when nothing else is theirs.
pub(in crate::store) fn erase(tx: &mut Tx<'_>, signup: i64) -> Result<(), StoreError> {
    let supporter: Option<i64> = signups::table.find(signup).select(signups::supporter_id).first(tx.conn)?;
    for table in OF_SUPPORTERS {
        let Some(key) = (if table.by == By::Signup { Some(signup) } else { supporter }) else { continue };
        diesel::sql_query(table.statement()).bind::<BigInt, _>(key).execute(tx.conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diesel::connection::SimpleConnection;
    use diesel::sql_types::Text;

    use super::*;
    use crate::domain::{Timestamp, Token};
    use crate::store::schema::signup_tokens;
    use crate::store::{Reader, Store, signup_life};

    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = Text)]
        holder: String,
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        kind: String,
    }

    fn columns(conn: &mut Reader) -> Vec<Column> {
        let all = "SELECT t.name AS holder, c.name AS name, c.type AS kind FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '__diesel_schema_migrations'";
        diesel::sql_query(all).load(conn).unwrap()
    }

    fn store(folder: &tempfile::TempDir) -> Store {
        Store::open(&folder.path().join("standout.sqlite3")).unwrap()
    }

    #[test]
    fn every_column_is_said_to_be_personal_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let found = store(&folder).read_blocking(|conn| Ok(columns(conn))).unwrap();
        let found: BTreeSet<String> = found.into_iter().map(|column| format!("{}.{}", column.holder, column.name)).collect();
        let named = |table: &str, columns: &[&str]| columns.iter().map(|name| format!("{table}.{name}")).collect::<Vec<_>>();
        let mut declared = Vec::new();
        for of in OF_SUPPORTERS {
            declared.extend(of.personal.iter().map(|(name, _)| format!("{}.{name}", of.table)));
            declared.extend(named(of.table, of.plain));
        }
        for (table, personal, plain) in OF_OTHERS {
            declared.extend(named(table, personal));
            declared.extend(named(table, plain));
        }
        let once: BTreeSet<String> = declared.iter().cloned().collect();
        assert_eq!(once.len(), declared.len(), "a column stands here twice");
        let missing: Vec<_> = found.difference(&once).collect();
        assert!(missing.is_empty(), "say in store/personal.rs what erasing does to {missing:?}");
        let gone: Vec<_> = once.difference(&found).collect();
        assert!(gone.is_empty(), "store/personal.rs declares what is no column: {gone:?}");
    }

    #[test]
    fn erasing_leaves_nothing_that_is_personal() {
        const MARK: &str = "left-of-a-person";
        let folder = tempfile::tempdir().unwrap();
        let (store, token) = (store(&folder), Token::random().hash());
        let hash = token.clone();
        let texts = store
            .write_blocking(move |tx| {
                tx.conn.batch_execute(
                    "INSERT INTO campaigns VALUES (1, 'bill', 'America/New_York', 1, 0); \
                     INSERT INTO campaign_versions VALUES (1, 1, 1, 'demo', 0); \
                     INSERT INTO supporters VALUES (1, 'a', 'a', 0); \
                     INSERT INTO signups (id, campaign_id, version_id, supporter_id, name, street, city, zip, town, found_by, \
                     created_at, expires_at, may_contact, may_quote) VALUES (1, 1, 1, 1, '', '', '', '', '', 'town', 0, 0, TRUE, TRUE); \
                     INSERT INTO messages (id, kind, state, campaign_id, signup_id, town, destination_id, message_id, created_at, \
                     due_at, failures, state_since, state_day) VALUES (1, 'letter', 'sent', 1, 1, '', 1, 'm', 0, 0, 0, 0, '2026-11-01'); \
                     INSERT INTO message_texts VALUES (1, '', '', '', ''); \
                     INSERT INTO attempts VALUES (1, 1, 1, 0, 0, 'sent', 'body', 250, NULL, ''); \
                     INSERT INTO returns (id, digest, message_id, kind, words, received_at) VALUES (1, x'00', 1, 'failed', '', 0); \
                     INSERT INTO office_replies (message_id, automatic, subject, body_text, received_at) VALUES (1, 1, '', '', 0);",
                )?;
                diesel::insert_into(signup_tokens::table)
                    .values((signup_tokens::hash.eq(&hash), signup_tokens::signup_id.eq(1)))
                    .execute(tx.conn)?;
                let texts: Vec<Column> = columns(tx.conn).into_iter().filter(|column| column.kind == "TEXT").collect();
                for of in OF_SUPPORTERS {
                    let mut marked = 0;
                    for (name, _) in of.personal.iter().filter(|(name, _)| texts.iter().any(|c| c.holder == of.table && c.name == *name)) {
                        marked += diesel::sql_query(format!("UPDATE {} SET {name} = '{MARK}'", of.table)).execute(tx.conn)?;
                    }
                    assert!(marked > 0, "the person of this test has no row in {}", of.table);
                }
                Ok(texts)
            })
            .unwrap();
        assert!(store.write_blocking(move |tx| signup_life::erase(tx, &token, Timestamp::from_millis(1))).unwrap());
        let left = store.read_blocking(move |conn| {
            let mut left = Vec::new();
            for Column { holder, name, .. } in texts {
                let rows = diesel::sql_query(format!(
                    "SELECT '{holder}' AS holder, '{name}' AS name, '' AS kind FROM {holder} WHERE {name} LIKE '%{MARK}%'"
                ));
                left.extend(rows.load::<Column>(conn)?.into_iter().map(|column| format!("{}.{}", column.holder, column.name)));
            }
            let agreed =
                signups::table.filter(signups::may_contact.or(signups::may_quote).or(signups::supporter_id.is_not_null()));
            Ok((left, agreed.count().get_result::<i64>(conn)?))
        });
        assert_eq!(left.unwrap(), (Vec::new(), 0));
    }
}
