//! What may be read whole, and why.

/// Tables that stay small, each with the most rows that it comes to in a national campaign, and what bounds it.
pub const SMALL: &[(&str, i64, &str)] = &[
    ("__diesel_schema_migrations", 100, "one a change of the tables"),
    ("audit_log", 500_000, "one line an act of staff"),
    ("boundaries", 60_000, "outlines of districts and towns; read when an import changed them"),
    ("municipality_offices", 400_000, "the districts of each city or town; read when an import changed them"),
    ("place_names", 200_000, "imported; read when an import changed them"),
    ("street_files", 4_000, "one a county"),
    ("street_towns", 40_000, "one a city or town"),
    ("settings", 50, "named values of the service"),
    ("campaigns", 100, "each is written by staff"),
    ("campaign_versions", 10_000, "each is a save by staff"),
    ("campaign_files", 200_000, "some twenty texts a version"),
    ("campaign_asks", 1_000, "measures of a campaign"),
    ("campaign_hours", 100, "one a campaign"),
    ("campaign_dates", 100, "one a campaign"),
    ("offices", 10_000, "seats: 7,386 in all states together"),
    ("officials", 50_000, "who held a seat, now and before"),
    ("office_paces", 10_000, "at most one an office"),
    ("municipalities", 40_000, "cities and towns of the country"),
    ("destinations", 10_001, "one an office, and one for all supporters"),
    ("pauses", 20_000, "at most one a destination, domain, and one for all"),
    ("staff_pauses", 10_200, "at most one a campaign or office, and one for all"),
    ("dead_mailboxes", 50_000, "at most one an official"),
    ("positions", 500_000, "evidence, imported by staff; read when an import changed it"),
    ("staff", 1_000, "people with a login"),
    ("staff_sessions", 10_000, "a few for each login"),
    ("staff_invites", 1_000, "links that admins made"),
    ("failed_logins", 10_000, "one an hour, cleared when it is over"),
    ("staff_mails", 10_000, "tests that staff sent themselves in the last week"),
    ("uploads", 100, "files that staff uploaded within the hour"),
    ("api_tokens", 1_000, "each is made by an admin"),
    ("webhooks", 100, "each is made by an admin"),
];

/// Partial indexes that hold little at a time, however many sign-ups there are.
pub const LITTLE: &[(&str, &str)] = &[
    ("messages_in_hand", "no more than there are connections to mail servers"),
    (
        "messages_to_tell",
        "letters that did not arrive, for the minutes until their writers are told; those of writers who can't be",
    ),
    ("office_replies_to_pass_on", "answers of offices' machines, for the seconds until they are passed on"),
    ("staff_mails_waiting", "tests that staff sent themselves a moment ago"),
];

/// A step of a plan that reads much.
pub struct Declared {
    /// What the step begins with.
    pub step: &'static str,
    /// A part of the statement's text.
    pub of: &'static str,
    /// Why that is right.
    #[allow(dead_code)] // For whoever reads this list.
    pub why: &'static str,
}

pub const DECLARED: &[Declared] = &[
    // What is read ends by itself: a limit, the first row, or rows that the same transaction takes away.
    Declared {
        step: "SEARCH messages USING COVERING INDEX messages_waiting (",
        of: "WITH RECURSIVE",
        why: "the first of each destination and campaign",
    },
    Declared {
        step: "SEARCH messages USING COVERING INDEX messages_waiting (destination_id=? AND campaign_id=? AND due_at<?)",
        of: "LIMIT ? + 0",
        why: "as many as are taken",
    },
    Declared { step: "SEARCH messages USING INTEGER PRIMARY KEY (rowid>?)", of: "ORDER BY id LIMIT 1", why: "one" },
    Declared {
        step: "SEARCH signups USING INDEX signups_to_expire (expires_at<?)",
        of: "LIMIT ?",
        why: "what is late, a portion at a time; it leaves the index",
    },
    Declared {
        step: "SEARCH signups USING INDEX signups_without_receipt (id>?)",
        of: "LIMIT ?",
        why: "a portion at a time, in turn",
    },
    Declared {
        step: "SEARCH attempts USING INTEGER PRIMARY KEY (rowid>?)",
        of: "LIMIT ?",
        why: "a portion of what was tried since the last look",
    },
    Declared {
        step: "SEARCH a USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        of: "INSERT INTO webhook_events",
        why: "that portion",
    },
    Declared { step: "SEARCH webhook_events USING INTEGER PRIMARY KEY (rowid>?)", of: "LIMIT ?", why: "the next to tell" },
    Declared { step: "SEARCH webhook_events USING INTEGER PRIMARY KEY (rowid<?)", of: "DELETE", why: "what is taken away" },
    Declared {
        step: "SCAN webhook_events",
        of: "happened_at >= ? ORDER BY id LIMIT 1",
        why: "what is taken away, and the first that is kept",
    },
    // Windows of ids or of time.
    Declared {
        step: "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        of: "FROM messages AS m NOT INDEXED",
        why: "a window of ids: a page of the search, a portion of an export",
    },
    Declared {
        step: "SEARCH attempts USING INDEX attempts_of_message (message_id>? AND message_id<?)",
        of: "",
        why: "a portion of an export",
    },
    Declared {
        step: "SEARCH attempts USING INDEX attempts_by_time (started_at>?",
        of: "started_at > ?",
        why: "the last hour for a page, or as many of the last day as a cap allows",
    },
    Declared {
        step: "SEARCH attempts USING INDEX attempts_at_destination (destination_id=? AND started_at>? AND started_at<?)",
        of: "LIMIT ?",
        why: "as many as a cap allows in an hour",
    },
    Declared {
        step: "SEARCH attempts USING COVERING INDEX attempts_at_destination (destination_id=? AND started_at>?)",
        of: "",
        why: "at the start: the last minute",
    },
    Declared {
        step: "SEARCH attempts USING INDEX attempts_at_destination (destination_id=?)",
        of: "LIMIT ?",
        why: "the newest, for an office's page",
    },
    Declared { step: "SCAN returns", of: "ORDER BY id DESC LIMIT 5000", why: "the newest, for an office's page" },
    // Pages of letters, which look at so many and no more.
    Declared {
        step: "SEARCH m USING INDEX messages_aside (campaign_id=? AND state=?)",
        of: "INDEXED BY returns_of_message",
        why: "1,000 at most of each state, the newest",
    },
    Declared {
        step: "SEARCH m USING INDEX messages_aside (campaign_id=? AND state=? AND id>? AND id<?)",
        of: "LIMIT ? + 0",
        why: "a page",
    },
    Declared {
        step: "SEARCH m USING INDEX messages_to_office (campaign_id=? AND office_id=? AND id>? AND id<?)",
        of: "LIMIT ? + 0",
        why: "a page",
    },
    Declared {
        step: "SEARCH messages USING COVERING INDEX messages_to_office (campaign_id=? AND office_id=? AND id<?)",
        of: "OFFSET ?",
        why: "5,000 at most",
    },
    Declared {
        step: "SEARCH messages USING INDEX messages_aside (campaign_id=? AND state=? AND id<?)",
        of: "OFFSET ?",
        why: "5,000 at most",
    },
    Declared {
        step: "SEARCH signups USING COVERING INDEX signups_by_name (campaign_id=? AND name>? AND name<?)",
        of: "LIMIT ? + 0",
        why: "a page",
    },
    Declared {
        step: "SEARCH signups USING INDEX signups_to_contact (campaign_id=? AND id>?)",
        of: "LIMIT ?",
        why: "a portion of an export",
    },
    Declared {
        step: "SEARCH signups USING INDEX signups_to_quote (campaign_id=?)",
        of: "LIMIT ?",
        why: "the newest who may be quoted",
    },
    // Numbers that are kept.
    Declared {
        step: "SEARCH counts USING PRIMARY KEY (campaign_id=? AND dimension=?",
        of: "",
        why: "a page's own rows: one a town, day or office",
    },
    // These grow, and are asked for seldom.
    Declared {
        step: "SCAN messages USING INDEX messages_waiting",
        of: "UPDATE `messages` SET `due_at`",
        why: "once after the clock was set back: all that waits",
    },
    Declared {
        step: "SEARCH messages USING INDEX messages_waiting (ANY(destination_id)",
        of: "UPDATE `messages` SET `due_at`",
        why: "the same",
    },
    Declared {
        step: "SEARCH messages USING INDEX messages_to_office (campaign_id=? AND office_id=?)",
        of: "`messages`.`official_id` = ?",
        why: "once when an official leaves or returns, or a mailbox dies: their office's letters",
    },
    Declared {
        step: "SEARCH m USING INDEX messages_to_office (campaign_id=? AND office_id=?)",
        of: "count(DISTINCT m.signup_id)",
        why: "the report for a meeting is about all of an office's letters",
    },
    Declared {
        step: "SEARCH messages USING COVERING INDEX messages_waiting (destination_id=?)",
        of: "SELECT COUNT(*)",
        why: "for metrics and a page: the notices that wait, minutes' worth",
    },
    Declared {
        step: "SEARCH signups USING COVERING INDEX signups_by_found (campaign_id=?)",
        of: "GROUP BY `signups`.`found_by`",
        why: "the page on coverage counts how addresses were found",
    },
    Declared {
        step: "SEARCH signups USING INDEX signups_to_contact (campaign_id=?)",
        of: "SELECT COUNT(*)",
        why: "the page of exports counts who agreed",
    },
    Declared {
        step: "SEARCH webhook_events USING INTEGER PRIMARY KEY (rowid>?)",
        of: "SELECT COUNT(*)",
        why: "the page of webhooks counts what waits: nothing, unless a server is away",
    },
];
