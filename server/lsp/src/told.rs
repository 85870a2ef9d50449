//! What the client was told of how the server stands, so that it hears of changes alone.

use std::sync::Arc;

use revline_analysis::Graph;
use serde_json::{Value, json};

use crate::board::Board;
use crate::client::Editor;
use crate::features::Features;
use crate::requests;
use crate::world::World;

/// What was told last.
#[derive(Default)]
pub(crate) struct Told {
    status: Value,
    graphs: Vec<Arc<Graph>>,
    board: u64,
}

impl Told {
    /// The server begins to read.
    pub(crate) fn begin(&mut self, editor: &Editor, features: &Features) {
        if features.status {
            self.status = json!({ "state": "reading" });
            editor.tell_status(self.status.clone());
        }
    }

    /// Tells what is different by now.
    pub(crate) fn tell(&mut self, editor: &Editor, world: &World, board: &Board) {
        let projects = world.snapshot.projects();
        let graphs: Vec<Arc<Graph>> =
            projects.iter().map(|project| project.graph().clone()).collect();
        let pairs = graphs.iter().zip(&self.graphs);
        let same = graphs.len() == self.graphs.len()
            && pairs.into_iter().all(|(now, then)| Arc::ptr_eq(now, then));
        if same && board.version == self.board && self.status.get("environments").is_some() {
            return;
        }
        let changed = !same || board.version != self.board;
        (self.graphs, self.board) = (graphs, board.version);
        if world.features.status {
            let status = requests::status(world, board);
            if status != self.status {
                editor.tell_status(status.clone());
                self.status = status;
            }
        }
        if world.features.graph && changed {
            editor.tell_graph_changed();
        }
    }
}
