//! The tables of what programs may read, and of what they are told.

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
