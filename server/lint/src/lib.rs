//! Rules, findings, fixes, suppressions.
