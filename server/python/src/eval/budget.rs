//! How much work an evaluation may be.

/// Bounds of one evaluation. They hold for the module and all calls made on it together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Statements and expressions evaluated.
    pub steps: u64,
    /// Nested calls, statements and expressions. Each level costs stack; what [`Budget::default`]
    /// allows fits into a thread of 2 MiB.
    pub depth: u32,
    /// Bytes of strings and objects made, an estimate.
    pub bytes: u64,
    /// Bytes of one string, and sixteen times the items of one list: what is larger is unknown.
    pub largest: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: 500_000, depth: 160, bytes: 256 << 20, largest: 4 << 20 }
    }
}
