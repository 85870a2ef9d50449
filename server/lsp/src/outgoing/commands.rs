//! What a lens or a menu asks for, as a command of the client.

use revline_ide::{Command, RunDeed};
use serde_json::{Value, json};

use super::{Outgoing, uri};

impl Outgoing<'_> {
    /// The name of a command and its argument; `None` where the client cannot do it.
    pub(super) fn command(&self, command: Command) -> Option<(&'static str, Vec<Value>)> {
        Some(match command {
            Command::ShowReferences { at, places } => {
                if !self.features.show_references {
                    return None;
                }
                let position = self.range(at.file, at.range).start;
                let places: Vec<_> =
                    places.iter().filter_map(|span| self.location(*span)).collect();
                let here = uri(&self.files.path(at.file));
                ("editor.action.showReferences", vec![json!(here), json!(position), json!(places)])
            }
            Command::Merge { environment, revisions } => (
                "revline.merge",
                vec![json!({ "environment": environment, "revisions": revisions })],
            ),
            Command::ShowSql(document) => {
                if !self.features.documents || !self.features.show_document {
                    return None;
                }
                let direction = if document.downgrade { "downgrade" } else { "upgrade" };
                (
                    "revline.showSql",
                    vec![json!({
                        "environment": document.environment,
                        "range": document.range,
                        "direction": direction,
                    })],
                )
            }
            Command::Connect { environment } => {
                ("revline.connect", vec![json!({ "environment": environment })])
            }
            Command::Generate { environment } => {
                ("revline.autogenerate", vec![json!({ "environment": environment })])
            }
            Command::Run { environment, deed, target } => (
                match deed {
                    RunDeed::Upgrade => "revline.upgrade",
                    RunDeed::Downgrade => "revline.downgrade",
                    RunDeed::Stamp => "revline.stamp",
                },
                vec![json!({ "environment": environment, "target": target })],
            ),
        })
    }
}
