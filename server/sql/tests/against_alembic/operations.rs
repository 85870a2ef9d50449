//! The operations of `oracle/cases.py`, by case.

mod data;
mod repeated;
mod short;
mod tables;

use revline_schema::Op;

/// All cases.
pub(crate) fn cases() -> Vec<(&'static str, Vec<Op>)> {
    let mut cases = tables::cases();
    cases.extend(data::cases());
    cases.extend(repeated::cases());
    cases
}
