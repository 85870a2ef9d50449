//! Immutable text, byte ranges, spans, edits and columns.
//!
//! Every offset inside Revline is a byte offset into UTF-8 text. Lines and columns exist only at
//! the edge, where [`Text::position`] and [`Text::offset`] translate them. This crate refuses to
//! know what the text means.

mod change;
mod fingerprint;
mod position;
mod range;
mod rope;

pub use change::{Annotation, CreateFile, Edit, RenameFile, SourceChange};
pub use fingerprint::{Fingerprint, Fingerprinter};
pub use position::{Encoding, Position};
pub use range::{FileId, Range, Span};
pub use rope::Text;
