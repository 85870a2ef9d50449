//! Files as values: the disk, under the documents that an editor holds open.
//!
//! [`Disk`] is the only door to the file system; every other crate asks for what it wants through
//! [`Files`]. This crate refuses to know what any file means, and never follows a path by itself:
//! it reads what it is told to.

mod apply;
mod disk;
mod dry;
mod files;
mod git;
mod memory;
mod path;
mod real;
mod walk;

pub use apply::{ApplyError, apply};
pub use disk::{Disk, Entry, Folder, Found, Kind, Listings, Shared, SinceError, Stamp, Walk};
pub use dry::{Changed, DryDisk};
pub use files::{Document, Files, Reader};
pub use memory::MemoryDisk;
pub use path::normalize;
pub use real::RealDisk;
