//! A stream of bytes as lines.

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::mpsc::Sender;

use crate::Line;

/// How long a part of a line is at most, in bytes.
const LONGEST: usize = 16 << 10;

/// Reads to the end, or until nobody hears any more.
pub(crate) async fn heard(
    mut stream: impl AsyncRead + Unpin,
    kind: fn(String) -> Line,
    send: Sender<Line>,
) {
    let mut pending: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 8 << 10];
    loop {
        // What cannot be read any more has ended.
        let count = stream.read(&mut buffer).await.unwrap_or(0);
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        pending.extend_from_slice(read);
        while let Some(line) = next(&mut pending) {
            if send.send(kind(line)).await.is_err() {
                return;
            }
        }
    }
    if !pending.is_empty() {
        drop(send.send(kind(text(&pending))).await);
    }
}

/// Takes the first line off the front.
fn next(pending: &mut Vec<u8>) -> Option<String> {
    let end = pending.iter().position(|byte| *byte == b'\n');
    let (end, skipped) = match end {
        Some(end) if end <= LONGEST => (end, 1),
        _ if pending.len() > LONGEST => (LONGEST, 0),
        _ => return None,
    };
    let line: Vec<u8> = pending.drain(..end + skipped).collect();
    Some(text(line.get(..end).unwrap_or_default()))
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}
