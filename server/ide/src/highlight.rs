//! The places in one file that name the same thing.

use revline_analysis::{Deed, Snapshot};

use crate::traces;
use crate::types::{FilePosition, Highlight};

/// Every place in the file that names what is under the caret; none where that is no name in an
/// operation. What makes or drops it is marked as writing.
pub fn highlights(snapshot: &Snapshot, at: FilePosition) -> Vec<Highlight> {
    let places = traces::highlights(snapshot, at).unwrap_or_default().into_iter();
    places.map(|(span, deed)| Highlight { range: span.range, writes: deed != Deed::Uses }).collect()
}
