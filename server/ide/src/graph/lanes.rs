//! Which lane each row stands in.
//!
//! Rows are taken from above. A revision that somebody above stands on has a lane from the first of
//! them on, so that all lines to it run in one lane, and lines never share a lane with lines to
//! another revision. The first parent goes on in its child's lane where it can.

use super::GraphEdge;

/// The lane of each row, and how many lanes there are. `edges` come in the order of their children;
/// one that leads upwards takes no lane.
pub(super) fn lanes(rows: usize, edges: &[GraphEdge]) -> (Vec<u32>, u32) {
    let mut lane_of: Vec<Option<u32>> = vec![None; rows];
    // What each lane leads down to.
    let mut held: Vec<Option<u32>> = Vec::new();
    let mut edges = edges.iter().peekable();
    for row in 0..rows {
        let own = lane_of.get(row).copied().flatten().unwrap_or_else(|| free(&mut held));
        if let Some(slot) = lane_of.get_mut(row) {
            *slot = Some(own);
        }
        if let Some(lane) = held.get_mut(own as usize) {
            *lane = None;
        }
        let mut below = Vec::new();
        while let Some(edge) = edges.next_if(|edge| edge.child as usize <= row) {
            if edge.parent as usize > row {
                below.push(edge.parent);
            }
        }
        let mut is_own_free = true;
        for parent in below {
            let Some(slot) = lane_of.get_mut(parent as usize) else { continue };
            if slot.is_some() {
                continue;
            }
            // The lane of the row itself is for the line that goes straight on.
            let lane =
                if std::mem::take(&mut is_own_free) { own } else { free_beside(&mut held, own) };
            *slot = Some(lane);
            if let Some(lane) = held.get_mut(lane as usize) {
                *lane = Some(parent);
            }
        }
    }
    let width = u32::try_from(held.len()).unwrap_or(u32::MAX);
    (lane_of.into_iter().map(Option::unwrap_or_default).collect(), width)
}

/// The leftmost lane that leads nowhere, or a new one.
fn free(held: &mut Vec<Option<u32>>) -> u32 {
    let place = held.iter().position(Option::is_none).unwrap_or_else(|| {
        held.push(None);
        held.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The same, but for the lane of the row itself.
fn free_beside(held: &mut Vec<Option<u32>>, own: u32) -> u32 {
    let mut places = held.iter().enumerate();
    let place = places.position(|(place, lane)| place != own as usize && lane.is_none());
    let place = place.unwrap_or_else(|| {
        held.push(None);
        held.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}
