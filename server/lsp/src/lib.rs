//! The only crate that knows LSP and JSON-RPC.
