//! The audit log as Diesel sees it; no other table is joined to it.

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
