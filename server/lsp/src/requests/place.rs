//! `revline/place`: how the revision of a file stands to its database.

use revline_analysis::Place;
use serde_json::{Value, json};

use crate::uri::{self, Platform};
use crate::world::World;

/// Of the file that `uri` names: `{place, database}`, null where its database was not seen, or where
/// it cannot be said.
pub(crate) fn place(world: &World, argument: &Value) -> Value {
    told(world, argument).unwrap_or(Value::Null)
}

fn told(world: &World, argument: &Value) -> Option<Value> {
    let path = uri::to_path(argument.get("uri")?.as_str()?, Platform::HOST)?;
    let file = world.snapshot.files().known(path.as_ref())?;
    let project = world.snapshot.owners(file).next()?;
    let place = match project.applied()?.place(project.graph().node(file)?)? {
        Place::Current => "here",
        Place::Applied => "applied",
        Place::Pending => "pending",
    };
    Some(json!({ "place": place, "database": project.database.as_ref()?.address }))
}
