//! Standard input, which tells when it ended: a client that vanished says nothing else.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::watch;

/// An input that is watched for its end.
pub(crate) struct Input<I> {
    inner: I,
    ended: watch::Sender<bool>,
}

/// The end of an [`Input`].
pub(crate) struct End(watch::Receiver<bool>);

impl<I> Input<I> {
    pub(crate) fn new(inner: I) -> (Self, End) {
        let (ended, end) = watch::channel(false);
        (Self { inner, ended }, End(end))
    }
}

impl End {
    /// Returns once the input has ended, or failed.
    pub(crate) async fn wait(mut self) {
        // The input is dropped only with the server itself.
        drop(self.0.wait_for(|ended| *ended).await);
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Input<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (before, room) = (buffer.filled().len(), buffer.remaining());
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        let ended = match &read {
            Poll::Ready(Ok(())) => room > 0 && buffer.filled().len() == before,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if ended {
            self.ended.send_replace(true);
        }
        read
    }
}
