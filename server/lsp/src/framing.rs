//! Messages in a stream of bytes, as the protocol frames them, with a way back after nonsense.
//!
//! The library's own reader ends the session at the first frame that it cannot read; here such a
//! frame is told of and left behind.

use tower_lsp::jsonrpc::{Request, Response};

/// What starts a frame.
const LENGTH: &[u8] = b"Content-Length:";

/// A header longer than this is none.
const LONGEST_HEADER: usize = 4096;

/// A message longer than this is none: more than any document that is edited by hand.
const LONGEST_BODY: usize = 512 << 20;

/// A part of the stream that is no message; why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Broken(pub(crate) String);

/// Bytes that arrived and were not yet taken as messages.
#[derive(Default)]
pub(crate) struct Frames {
    buffer: Vec<u8>,
    /// How many bytes at the start of the buffer are done with.
    taken: usize,
    /// A frame that began: where its body starts, and its length.
    body: Option<(usize, usize)>,
}

impl Frames {
    /// Appends what was read.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.taken > 0 && self.body.is_none() {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next message, or what stands in its place; `None` until more is pushed.
    pub(crate) fn next(&mut self) -> Option<Result<Vec<u8>, Broken>> {
        loop {
            let Some((start, length)) = self.body else {
                match self.header()? {
                    Ok(body) => {
                        self.body = Some(body);
                        continue;
                    }
                    Err(broken) => return Some(Err(broken)),
                }
            };
            let body = self.buffer.get(start..start.checked_add(length)?)?;
            let result = check(body).map(|()| body.to_vec());
            self.body = None;
            // A frame that was cut short swallows the start of the next one.
            let next = result.is_err().then(|| find(body, LENGTH)).flatten();
            self.taken = start + next.unwrap_or(length);
            return Some(result);
        }
    }

    /// Where the next body starts and how long it is.
    fn header(&mut self) -> Option<Result<(usize, usize), Broken>> {
        let rest = self.buffer.get(self.taken..)?;
        let Some(start) = find(rest, LENGTH) else {
            if rest.len() > LONGEST_HEADER {
                // The last bytes may be the start of a header.
                self.taken = self.buffer.len() - LENGTH.len();
                return Some(Err(Broken("no message starts here".to_owned())));
            }
            return None;
        };
        let before = rest.get(..start).unwrap_or_default();
        if !is_header(before) {
            self.taken += start;
            return Some(Err(Broken("between two messages stands what is none".to_owned())));
        }
        let header = rest.get(start..).unwrap_or_default();
        let Some(end) = find(header, b"\r\n\r\n") else {
            if header.len() > LONGEST_HEADER {
                self.taken += start + LENGTH.len();
                return Some(Err(Broken("a header without an end".to_owned())));
            }
            return None;
        };
        let line = header.get(LENGTH.len()..end).unwrap_or_default();
        let line = line.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let length = std::str::from_utf8(line).ok().and_then(|text| text.trim().parse().ok());
        match length.filter(|length| *length <= LONGEST_BODY) {
            Some(length) => Some(Ok((self.taken + start + end + 4, length))),
            None => {
                self.taken += start + end + 4;
                Some(Err(Broken("a message without a length".to_owned())))
            }
        }
    }
}

/// Whether bytes before the length are other lines of a header.
fn is_header(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.all(|line| line.is_empty() || line.to_ascii_lowercase().starts_with(b"content-type:"))
}

/// Whether the library can read a body.
fn check(body: &[u8]) -> Result<(), Broken> {
    match serde_json::from_slice::<Request>(body) {
        Ok(_) => Ok(()),
        Err(_) if serde_json::from_slice::<Response>(body).is_ok() => Ok(()),
        Err(error) => Err(Broken(format!("a message that cannot be read: {error}"))),
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = r#"{"jsonrpc":"2.0","method":"x","id":1}"#;

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// How many messages and how many breaks a stream has, whatever the pieces it comes in.
    fn read(stream: &[u8]) -> (usize, usize) {
        let counts = [1, 7, usize::MAX].map(|piece| {
            let mut frames = Frames::default();
            let (mut good, mut bad) = (0, 0);
            for piece in stream.chunks(piece.min(stream.len())) {
                frames.push(piece);
                while let Some(next) = frames.next() {
                    match next {
                        Ok(body) => {
                            assert_eq!(body, CALL.as_bytes());
                            good += 1;
                        }
                        Err(_) => bad += 1,
                    }
                }
            }
            (good, bad)
        });
        assert_eq!(counts[0], counts[1]);
        assert_eq!(counts[0], counts[2]);
        counts[0]
    }

    #[test]
    fn messages_are_found_in_pieces() {
        let stream = frame(CALL).repeat(3);
        assert_eq!(read(stream.as_bytes()), (3, 0));
        let typed = format!("Content-Type: a/b\r\n{}", frame(CALL));
        assert_eq!(read(typed.as_bytes()), (1, 0));
        let typed = format!("Content-Length: {}\r\nContent-Type: a/b\r\n\r\n{CALL}", CALL.len());
        assert_eq!(read(typed.as_bytes()), (1, 0));
    }

    #[test]
    fn a_message_behind_nonsense_is_found() {
        let good = frame(CALL);
        for (bad, breaks) in [
            (frame("{"), 1),
            (frame("[]"), 1),
            (frame(""), 1),
            ("Content-Length: x\r\n\r\n".to_owned(), 1),
            ("Content-Length: 99999999999999999999\r\n\r\n".to_owned(), 1),
            ("Content-Length: 60\r\n\r\n{\"jsonrpc\"".to_owned(), 1),
            ("{\"jsonrpc\":\"2.0\"}\n".to_owned(), 1),
        ] {
            assert_eq!(read(format!("{bad}{good}{good}").as_bytes()), (2, breaks), "{bad:?}");
        }
    }
}
