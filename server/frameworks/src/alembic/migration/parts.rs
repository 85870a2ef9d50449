//! Which parts of a schema an evaluation rests on, so that it can be used again on another schema
//! that is the same in them.

use std::collections::BTreeSet;

use revline_schema::{Key, Op, Schema, Step};

/// A part of a schema.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// All tables.
    Whole,
    /// The named types.
    Types,
    /// A table, whether it is there or not.
    Table(Key),
}

/// Whether two schemas are the same in these parts, what puts them in doubt included.
pub fn same_parts(parts: &BTreeSet<Part>, one: &Schema, other: &Schema) -> bool {
    if parts.is_empty() {
        return true;
    }
    if one.doubt != other.doubt {
        return false;
    }
    parts.iter().all(|part| match part {
        Part::Whole => one.tables == other.tables && one.made_since == other.made_since,
        Part::Types => one.enums == other.enums && one.types_doubt == other.types_doubt,
        Part::Table(key) => one.look(key) == other.look(key),
    })
}

/// Adds what the steps themselves rest on: the answers came from the schema that they ran on.
pub(super) fn complete(parts: &mut BTreeSet<Part>, steps: &[Step]) {
    if !parts.is_empty() {
        steps.iter().for_each(|step| touched(parts, &step.op));
    }
}

fn touched(parts: &mut BTreeSet<Part>, op: &Op) {
    match op {
        // Looks through other tables: for the index, for foreign keys that follow.
        Op::DropIndex(_) | Op::RenameTable(_) => drop(parts.insert(Part::Whole)),
        // What SQL text does is read from the text alone, and names its tables there.
        Op::Execute(_) | Op::Touch(_) => drop(parts.insert(Part::Whole)),
        Op::CreateType(_) | Op::DropType(_) => drop(parts.insert(Part::Types)),
        Op::AutocommitBlock(block) => {
            block.steps.iter().for_each(|step| touched(parts, &step.op));
        }
        _ => parts.extend(op.table().map(|table| Part::Table(Key::from(table)))),
    }
}
