//! The tables of streets as Diesel sees them; no other table is joined to them.

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

diesel::allow_tables_to_appear_in_same_query!(street_files, street_ranges, street_towns);
