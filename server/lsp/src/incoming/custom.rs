//! Methods that the library lacks, and those of our own. `server/docs/protocol.md` describes them.

use revline_text::Fingerprint;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

use super::{Backend, failed};
use crate::event::Event;
use crate::requests;
use crate::work::Cancel;
use crate::world::World;

impl Backend {
    /// `workspace/textDocumentContent`: the pages that diagnostics link to, and documents with SQL.
    pub(crate) async fn document_content(&self, params: Value) -> Result<Value> {
        let uri = params.get("uri").and_then(Value::as_str).unwrap_or_default();
        if let Some(text) = self.runs.plan(uri) {
            return Ok(serde_json::json!({ "text": text }));
        }
        if let Some(document) = requests::sql_address(uri) {
            let compute = move |world: &World, _: &Cancel| requests::sql_document(world, &document);
            let text = self.answer("workspace/textDocumentContent", compute).await?;
            self.mailbox.post(Event::Shown(uri.to_owned(), Fingerprint::of(&text)));
            return Ok(serde_json::json!({ "text": text }));
        }
        match requests::document_content(uri) {
            Some(text) => Ok(serde_json::json!({ "text": text })),
            None => Err(Error::invalid_params(format!("There is no document {uri}"))),
        }
    }

    /// `window/workDoneProgress/cancel`, which the library does not hand on.
    pub(crate) async fn cancel_progress(&self, params: Value) {
        if let Some(token) = params.get("token").and_then(Value::as_str) {
            self.runs.stop(token);
        }
    }

    /// `revline/place`: how the revision of a file stands to its database.
    pub(crate) async fn place(&self, params: Value) -> Result<Value> {
        self.answer("revline/place", move |world, _| requests::place(world, &params)).await
    }

    /// `revline/graph`: the revision graph to look at.
    pub(crate) async fn graph(&self, params: Value) -> Result<Value> {
        let (board, views) = (self.board.clone(), self.views.clone());
        let answer = self.answer("revline/graph", move |world, _| {
            let board = board.borrow().clone();
            requests::graph_view(world, &board, &views, &params)
        });
        answer.await?.map_err(failed)
    }
}
