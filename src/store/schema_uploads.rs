//! The table of uploads as Diesel sees it; no other table is joined to it.

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
