//! Files as values.
