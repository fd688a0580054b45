//! Points of houses.
