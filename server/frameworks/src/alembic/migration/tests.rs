//! What real migrations contain, and what becomes of it.
