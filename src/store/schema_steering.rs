//! The tables of what staff steer, as Diesel sees them.

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

diesel::allow_tables_to_appear_in_same_query!(staff_pauses, campaign_hours, campaign_dates, office_paces);
