//! The language server: the only crate that knows LSP and JSON-RPC.
//!
//! `incoming` and `outgoing` hold all of the protocol's types; between them an actor (`session`)
//! owns what changes, and computations run beside it in lanes (`work`).

mod board;
mod client;
mod database;
mod disk_watch;
mod event;
mod features;
mod framing;
mod incoming;
mod outgoing;
mod pass;
mod requests;
mod session;
mod settings;
mod told;
mod transport;
mod uri;
mod work;
mod world;

use std::sync::Arc;
use std::time::Duration;

use revline_vfs::{Files, RealDisk};
use tower_lsp::{LspService, Server};

use crate::incoming::Backend;

/// What the server is started with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A method that panics when it is called, to show that the server lives on.
    pub panic_in: Option<String>,
}

/// How many requests may be under way. The library's default of 4 lets four slow ones block edits
/// and `$/cancelRequest`.
const CONCURRENCY: usize = 64;

/// How long requests under way may go on once the client has closed its end: a client that only
/// writes a script of messages still reads their answers.
const FAREWELL: Duration = Duration::from_millis(500);

/// Serves one client on standard input and output until it leaves.
pub async fn serve(options: Options) {
    let files = Files::new(Arc::new(RealDisk));
    let build = |client| Backend::new(client, files, options.panic_in);
    let (service, socket) = LspService::build(build)
        .custom_method("workspace/textDocumentContent", Backend::document_content)
        .custom_method("window/workDoneProgress/cancel", Backend::cancel_progress)
        .custom_method("revline/graph", Backend::graph)
        .custom_method("revline/place", Backend::place)
        .finish();
    let (output, written) = transport::Output::to(tokio::io::stdout());
    let (input, gone) = transport::from(tokio::io::stdin(), output.refusals());
    let server = Server::new(input, output, socket).concurrency_level(CONCURRENCY);
    tokio::select! {
        () = server.serve(service) => drop(tokio::time::timeout(FAREWELL, written).await),
        // The library waits for every request under way; one that is held would wait for ever.
        () = async { gone.await; tokio::time::sleep(FAREWELL).await } => {}
    }
}
