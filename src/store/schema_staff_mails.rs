//! Mails to staff as Diesel sees them; no other table is joined to them.

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
