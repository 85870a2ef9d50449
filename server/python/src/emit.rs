//! Values as Python source.
