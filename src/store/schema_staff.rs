//! The tables of staff as Diesel sees them; no other table is joined to them.

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

diesel::allow_tables_to_appear_in_same_query!(staff, staff_sessions, staff_invites);
