//! What the client was told of how the server stands, so that it hears of changes alone.

use std::sync::Arc;

use revline_analysis::{Database, Graph};
use serde_json::{Value, json};
use tracing::error;

use crate::board::Board;
use crate::client::Editor;
use crate::event::Event;
use crate::features::Features;
use crate::requests;
use crate::session::Mailbox;
use crate::work::{Cancel, Lane, Lanes};
use crate::world::World;

/// How things stand at one moment.
pub(crate) struct Standing {
    status: Value,
    graphs: Vec<Arc<Graph>>,
    databases: Vec<Option<Arc<Database>>>,
    board: u64,
}

impl Standing {
    /// Works it out; the first who asks for a graph waits for it here.
    pub(crate) fn of(world: &World, board: &Board) -> Self {
        let projects = world.snapshot.projects();
        let graphs = projects.iter().map(|project| project.graph().clone()).collect();
        let databases = projects.iter().map(|project| project.database.clone()).collect();
        Self { databases, status: requests::status(world, board), graphs, board: board.version }
    }

    /// Whether graphs, and what is written on them, are as they were.
    fn draws_as(&self, other: &Self) -> bool {
        let mut pairs = self.graphs.iter().zip(&other.graphs);
        self.board == other.board
            && self.databases == other.databases
            && self.graphs.len() == other.graphs.len()
            && pairs.all(|(now, then)| Arc::ptr_eq(now, then))
    }
}

/// What was told last.
#[derive(Default)]
pub(crate) struct Told {
    last: Option<Standing>,
    /// Which working out is the newest; an older one that comes later is not told.
    number: u64,
}

impl Told {
    /// Works out how things stand, beside the session; the answer comes as an event.
    pub(crate) fn work_out(
        &mut self,
        world: World,
        board: Board,
        mailbox: &Mailbox,
        lanes: &Lanes,
    ) {
        self.number += 1;
        let (number, mailbox, lanes) = (self.number, mailbox.clone(), lanes.clone());
        tokio::spawn(async move {
            let stands = move |_: &Cancel| Box::new(Standing::of(&world, &board));
            match lanes.run(Lane::Interactive, stands).await {
                Ok(standing) => mailbox.post(Event::Stands(number, standing)),
                Err(failure) => error!(?failure, "how things stand is not known"),
            }
        });
    }

    /// The server begins to read.
    pub(crate) fn begin(&mut self, editor: &Editor, features: &Features) {
        if features.status {
            editor.tell_status(json!({ "state": "reading" }));
        }
    }

    /// Tells what is different by now.
    pub(crate) fn tell(
        &mut self,
        editor: &Editor,
        features: &Features,
        number: u64,
        standing: Standing,
    ) {
        if number != self.number {
            return;
        }
        let last = self.last.as_ref();
        if features.status && last.is_none_or(|last| last.status != standing.status) {
            editor.tell_status(standing.status.clone());
        }
        if features.graph && last.is_none_or(|last| !last.draws_as(&standing)) {
            editor.tell_graph_changed();
        }
        self.last = Some(standing);
    }
}
