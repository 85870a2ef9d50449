//! Tables, types and operations; apply, invert, diff: pure algebra.
