//! The tables as Diesel sees them; `migrations/` makes them and says what each is for.

diesel::table! {
    settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    campaigns (id) {
        id -> BigInt,
        slug -> Text,
        time_zone -> Text,
        version_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    campaign_versions (id) {
        id -> BigInt,
        campaign_id -> BigInt,
        number -> Integer,
        author -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    campaign_files (version_id, path) {
        version_id -> BigInt,
        path -> Text,
        content -> Text,
    }
}

diesel::table! {
    offices (id) {
        id -> BigInt,
        state -> Text,
        chamber -> Text,
        district -> Text,
        district_key -> Text,
        geoid -> Nullable<Text>,
        division_id -> Nullable<Text>,
    }
}

diesel::table! {
    officials (id) {
        id -> BigInt,
        office_id -> BigInt,
        source_id -> Text,
        name -> Text,
        family_name -> Text,
        title -> Text,
        salutation -> Text,
        party -> Text,
        email -> Nullable<Text>,
        webform -> Nullable<Text>,
        phone -> Text,
        address -> Text,
        demo -> Bool,
        since -> BigInt,
        ended_at -> Nullable<BigInt>,
        term_ends -> Nullable<BigInt>,
    }
}

diesel::table! {
    municipalities (id) {
        id -> BigInt,
        state -> Text,
        name -> Text,
        county -> Text,
        geoid -> Text,
        population -> Nullable<BigInt>,
        demo -> Bool,
    }
}

diesel::table! {
    municipality_offices (municipality_id, office_id) {
        municipality_id -> BigInt,
        office_id -> BigInt,
    }
}

diesel::table! {
    boundaries (id) {
        id -> BigInt,
        state -> Text,
        layer -> Text,
        name -> Text,
        geoid -> Text,
        division_id -> Text,
        office_id -> Nullable<BigInt>,
        municipality_id -> Nullable<BigInt>,
        shape -> Text,
    }
}

diesel::table! {
    place_names (state, place, municipality) {
        state -> Text,
        place -> Text,
        municipality -> Text,
    }
}

diesel::table! {
    positions (id) {
        id -> BigInt,
        state -> Text,
        bills -> Text,
        person_id -> Text,
        act -> Text,
        happened_on -> Nullable<Text>,
        source -> Text,
        as_of -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    campaign_asks (campaign_id, measure_key) {
        campaign_id -> BigInt,
        measure_key -> Text,
        ask -> Text,
    }
}

diesel::table! {
    destinations (id) {
        id -> BigInt,
        office_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    supporters (id) {
        id -> BigInt,
        email_key -> Text,
        email -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    signups (id) {
        id -> BigInt,
        campaign_id -> BigInt,
        version_id -> BigInt,
        supporter_id -> Nullable<BigInt>,
        name -> Text,
        street -> Text,
        city -> Text,
        zip -> Text,
        town -> Text,
        found_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        expired_at -> Nullable<BigInt>,
        erased_at -> Nullable<BigInt>,
        receipt_at -> Nullable<BigInt>,
        notices_end_at -> Nullable<BigInt>,
        may_contact -> Bool,
        may_quote -> Bool,
        own_words -> Text,
    }
}

diesel::table! {
    signup_tokens (hash) {
        hash -> Binary,
        signup_id -> BigInt,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        kind -> Text,
        state -> Text,
        campaign_id -> BigInt,
        signup_id -> BigInt,
        town -> Text,
        office_id -> Nullable<BigInt>,
        official_id -> Nullable<BigInt>,
        destination_id -> BigInt,
        message_id -> Text,
        created_at -> BigInt,
        queued_at -> Nullable<BigInt>,
        due_at -> BigInt,
        failures -> Integer,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        state_since -> BigInt,
        state_day -> Text,
        told_at -> Nullable<BigInt>,
        own_words -> Nullable<Bool>,
    }
}

diesel::table! {
    message_texts (message_id) {
        message_id -> BigInt,
        from_name -> Text,
        subject -> Text,
        body_text -> Text,
        body_html -> Nullable<Text>,
    }
}

diesel::table! {
    attempts (id) {
        id -> BigInt,
        message_id -> BigInt,
        destination_id -> BigInt,
        started_at -> BigInt,
        duration_ms -> BigInt,
        outcome -> Text,
        step -> Text,
        code -> Nullable<Integer>,
        enhanced -> Nullable<Text>,
        reply -> Text,
    }
}

diesel::table! {
    counts (campaign_id, dimension, key, metric) {
        campaign_id -> BigInt,
        dimension -> Text,
        key -> Text,
        metric -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    pauses (scope, key) {
        scope -> Text,
        key -> Text,
        kind -> Text,
        reason -> Text,
        since -> BigInt,
        until -> BigInt,
        times -> Integer,
    }
}

diesel::table! {
    dead_mailboxes (official_id) {
        official_id -> BigInt,
        email -> Text,
        reply -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        hash -> Binary,
        name -> Text,
        scope -> Text,
        created_by -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        used_on -> Nullable<Text>,
    }
}

diesel::table! {
    audit_log (id) {
        id -> BigInt,
        at -> BigInt,
        who -> Text,
        act -> Text,
        subject -> Text,
        detail -> Text,
    }
}

diesel::table! {
    returns (id) {
        id -> BigInt,
        digest -> Binary,
        message_id -> Nullable<BigInt>,
        kind -> Text,
        status -> Nullable<Text>,
        words -> Text,
        received_at -> BigInt,
        cause -> Nullable<Text>,
        mailbox -> Nullable<Text>,
    }
}

diesel::table! {
    office_replies (id) {
        id -> BigInt,
        message_id -> BigInt,
        automatic -> Bool,
        subject -> Text,
        body_text -> Text,
        received_at -> BigInt,
        passed_on_at -> Nullable<BigInt>,
        released_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff (id) {
        id -> BigInt,
        email_key -> Text,
        email -> Text,
        password_hash -> Text,
        role -> Text,
        created_at -> BigInt,
        last_login_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_sessions (hash) {
        hash -> Binary,
        staff_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    staff_invites (id) {
        id -> BigInt,
        hash -> Binary,
        role -> Text,
        for_whom -> Text,
        invited_by -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    failed_logins (hour) {
        hour -> BigInt,
        n -> BigInt,
    }
}

diesel::table! {
    staff_mails (id) {
        id -> BigInt,
        campaign_id -> BigInt,
        email -> Text,
        message_id -> Text,
        from_name -> Text,
        subject -> Text,
        body_text -> Text,
        state -> Text,
        due_at -> BigInt,
        failures -> Integer,
        reply -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    staff_pauses (scope, key) {
        scope -> Text,
        key -> BigInt,
        since -> BigInt,
        who -> Text,
        reason -> Text,
    }
}

diesel::table! {
    campaign_hours (campaign_id) {
        campaign_id -> BigInt,
        days -> Integer,
        from_minute -> Integer,
        until_minute -> Integer,
    }
}

diesel::table! {
    campaign_dates (campaign_id) {
        campaign_id -> BigInt,
        opens_at -> Nullable<BigInt>,
        closes_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    office_paces (office_id) {
        office_id -> BigInt,
        a_minute -> Integer,
        an_hour -> Integer,
        since -> BigInt,
        who -> Text,
        reason -> Text,
    }
}

diesel::table! {
    street_files (id) {
        id -> BigInt,
        state -> Text,
        name -> Text,
        complete -> Bool,
        ranges -> BigInt,
    }
}

diesel::table! {
    street_ranges (id) {
        id -> BigInt,
        file_id -> BigInt,
        state -> Text,
        stem -> Text,
        kind -> Text,
        direction -> Text,
        zip -> Text,
        low -> BigInt,
        high -> BigInt,
        reversed -> Bool,
        parity -> Text,
        side -> Text,
        line -> Binary,
    }
}

diesel::table! {
    street_towns (state, municipality) {
        state -> Text,
        municipality -> Text,
        ranges -> BigInt,
    }
}

diesel::table! {
    uploads (hash) {
        hash -> Binary,
        kind -> Text,
        state -> Text,
        name -> Text,
        body -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    webhooks (id) {
        id -> BigInt,
        url -> Text,
        salt -> Binary,
        letters_sent -> Bool,
        signups_confirmed -> Bool,
        created_by -> Text,
        created_at -> BigInt,
        told_up_to -> BigInt,
        failing_since -> Nullable<BigInt>,
        failures -> Integer,
        due_at -> BigInt,
        test_asked_at -> Nullable<BigInt>,
        disabled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_events (id) {
        id -> BigInt,
        kind -> Text,
        campaign_id -> BigInt,
        signup_id -> BigInt,
        message_id -> Nullable<BigInt>,
        office_id -> Nullable<BigInt>,
        happened_at -> BigInt,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> BigInt,
        webhook_id -> BigInt,
        event_id -> Nullable<BigInt>,
        kind -> Text,
        tried_at -> BigInt,
        duration_ms -> BigInt,
        delivered -> Bool,
        words -> Text,
    }
}

// Only tables that meet in a statement: each pair costs time to compile.
diesel::allow_tables_to_appear_in_same_query!(
    settings,
    campaigns,
    campaign_versions,
    campaign_files,
    offices,
    officials,
    municipalities,
    municipality_offices,
    boundaries,
    place_names,
    positions,
    campaign_asks,
    destinations,
    supporters,
    signups,
    signup_tokens,
    messages,
    message_texts,
    attempts,
    counts,
    pauses,
    dead_mailboxes,
);
diesel::allow_tables_to_appear_in_same_query!(returns, office_replies, messages);
diesel::allow_tables_to_appear_in_same_query!(returns, signups);
diesel::allow_tables_to_appear_in_same_query!(office_replies, signups);
diesel::allow_tables_to_appear_in_same_query!(office_replies, supporters);
diesel::allow_tables_to_appear_in_same_query!(office_replies, offices);
diesel::allow_tables_to_appear_in_same_query!(office_replies, officials);
diesel::allow_tables_to_appear_in_same_query!(staff, staff_sessions, staff_invites);
diesel::allow_tables_to_appear_in_same_query!(staff_pauses, campaign_hours, campaign_dates, office_paces);
diesel::allow_tables_to_appear_in_same_query!(street_files, street_ranges, street_towns);
diesel::allow_tables_to_appear_in_same_query!(webhook_events, campaigns);
diesel::allow_tables_to_appear_in_same_query!(webhook_events, signups);
