//! The tables of what other servers are told.

use super::schema::{campaigns, signups};

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

diesel::allow_tables_to_appear_in_same_query!(webhook_events, campaigns);
diesel::allow_tables_to_appear_in_same_query!(webhook_events, signups);
