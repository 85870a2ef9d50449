//! Standard input and output between the client and the library: frames that cannot be read are
//! answered here, and the end of the input is told.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};
use tokio::sync::mpsc;
use tracing::{debug, error};

use crate::framing::{Broken, Frames};

/// How much is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// What the library writes to: each write is whole messages, sent on in order.
pub(crate) struct Output(mpsc::UnboundedSender<Vec<u8>>);

impl Output {
    /// Starts writing to `output`. The future ends when it is gone and all is written.
    pub(crate) fn to(
        mut output: impl AsyncWrite + Unpin + Send + 'static,
    ) -> (Self, impl Future<Output = ()>) {
        let (sender, mut messages) = mpsc::unbounded_channel::<Vec<u8>>();
        let writing = tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                let written = match output.write_all(&message).await {
                    Ok(()) => output.flush().await,
                    Err(error) => Err(error),
                };
                if let Err(error) = written {
                    debug!(%error, "the client does not read any more");
                    return;
                }
            }
        });
        (Self(sender), async move { drop(writing.await) })
    }

    /// A way to answer what the library never sees; it does not keep the output open.
    pub(crate) fn refusals(&self) -> Refusals {
        Refusals(self.0.downgrade())
    }
}

/// Answers to frames that cannot be read.
pub(crate) struct Refusals(mpsc::WeakUnboundedSender<Vec<u8>>);

impl Refusals {
    fn refuse(&self, broken: &Broken) {
        error!(why = broken.0, "an unreadable message");
        self.answer(&Value::Null, -32700, &broken.0);
    }

    /// The library drops requests of the protocol's own family (`$/…`) that it does not know, and
    /// the client would wait for ever. Returns whether the message is one of them.
    fn answer_unknown(&self, body: &[u8]) -> bool {
        #[derive(serde::Deserialize)]
        struct Request {
            id: Value,
            method: String,
        }
        if memchr::memmem::find(body, b"\"$/").is_none() {
            return false;
        }
        // What has no id is a notification, and is dropped rightly.
        match serde_json::from_slice(body) {
            Ok(Request { id, method }) if method.starts_with("$/") => {
                self.answer(&id, -32601, &format!("Method not found: {method}"));
                true
            }
            _ => false,
        }
    }

    fn answer(&self, id: &Value, code: i32, message: &str) {
        let body = serde_json::json!({
            "jsonrpc": "2.0",
            "id": id,
            "error": { "code": code, "message": message },
        });
        let body = body.to_string();
        let message = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        if let Some(output) = self.0.upgrade() {
            drop(output.send(message.into_bytes()));
        }
    }
}

impl AsyncWrite for Output {
    // All is taken at once, so that a write never ends within a message.
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(match self.0.send(bytes.to_vec()) {
            Ok(()) => Ok(bytes.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Reads messages from `input` and returns them as the library may read them. The future ends with
/// the input.
pub(crate) fn from(
    mut input: impl AsyncRead + Unpin + Send + 'static,
    refusals: Refusals,
) -> (DuplexStream, impl Future<Output = ()>) {
    let (mut writer, reader) = tokio::io::duplex(CHUNK);
    let reading = tokio::spawn(async move {
        let mut frames = Frames::default();
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match input.read(&mut chunk).await {
                Ok(0) => return,
                Ok(read) => read,
                Err(error) => {
                    debug!(%error, "the input failed");
                    return;
                }
            };
            frames.push(chunk.get(..read).unwrap_or_default());
            while let Some(next) = frames.next() {
                match next {
                    Ok(body) if refusals.answer_unknown(&body) => {}
                    Ok(body) => {
                        let header = format!("Content-Length: {}\r\n\r\n", body.len());
                        let sent = match writer.write_all(header.as_bytes()).await {
                            Ok(()) => writer.write_all(&body).await,
                            Err(error) => Err(error),
                        };
                        if sent.is_err() {
                            return;
                        }
                    }
                    Err(broken) => refusals.refuse(&broken),
                }
            }
        }
    });
    (reader, async move { drop(reading.await) })
}
