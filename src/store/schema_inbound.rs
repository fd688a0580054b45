//! The tables of what comes back, as diesel needs them; the migrations say what they are for.

use super::schema::{messages, offices, officials, signups, supporters};

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

diesel::allow_tables_to_appear_in_same_query!(returns, office_replies, messages);
diesel::allow_tables_to_appear_in_same_query!(returns, signups);
diesel::allow_tables_to_appear_in_same_query!(office_replies, signups);
diesel::allow_tables_to_appear_in_same_query!(office_replies, supporters);
diesel::allow_tables_to_appear_in_same_query!(office_replies, offices);
diesel::allow_tables_to_appear_in_same_query!(office_replies, officials);
