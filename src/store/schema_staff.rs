//! The tables of staff as Diesel sees them; no other table is joined to them.

diesel::table! {
    staff (id) {
        id -> BigInt,
        email_key -> Text,
        email -> Text,
        password_hash -> Text,
        role -> Text,
        created_at -> BigInt,
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
    staff_invites (hash) {
        hash -> Binary,
        role -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(staff, staff_sessions, staff_invites);
