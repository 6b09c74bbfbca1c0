//! A connection that has a place among those which the server takes, for as long as it is open, also as a WebSocket; and for as long as
//! what is written to it gets on: a reader that stands still would keep the place, and what is to be sent, for ever.
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep};

/// How long a connection that cannot take more may take for [`LEAST`].
pub(crate) const STALL_LIMIT: Duration = Duration::from_secs(20);
/// So many bytes a connection has to take in [`STALL_LIMIT`] that has more to be written than fits into the system's buffers: less than
/// any connection by which people play, and more than somebody takes who only means to keep it.
const LEAST: usize = 16 << 10;

/// A connection with its place.
pub(crate) struct Placed<S = TcpStream> {
    stream: S,
    _place: Option<OwnedSemaphorePermit>,
    limit: Duration,
    /// Runs while there is something to be written that does not fit.
    stall: Option<Pin<Box<Sleep>>>,
    /// Written since it began to run.
    written: usize,
}

impl<S> Placed<S> {
    pub(crate) fn new(stream: S, place: OwnedSemaphorePermit) -> Self {
        Self { stream, _place: Some(place), limit: STALL_LIMIT, stall: None, written: 0 }
    }

    /// What comes of a try to write.
    fn tried(&mut self, cx: &mut Context<'_>, tried: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match tried {
            Poll::Ready(done) => {
                self.written = self.written.saturating_add(*done.as_ref().unwrap_or(&0));
                Poll::Ready(done)
            }
            Poll::Pending => {
                let Self { limit, stall, written, .. } = self;
                let stall = stall.get_or_insert_with(|| {
                    *written = 0;
                    Box::pin(sleep(*limit))
                });
                while stall.as_mut().poll(cx).is_ready() {
                    if *written < LEAST {
                        return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                    }
                    *written = 0;
                    stall.as_mut().reset(Instant::now() + *limit);
                }
                Poll::Pending
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Placed<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Placed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let tried = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.tried(cx, tried)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(cx));
        // Whoever flushes has written all that there was.
        self.stall = None;
        Poll::Ready(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let tried = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.tried(cx, tried)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::timeout;

    const SIZE: usize = 16 * LEAST;

    /// Writes [`SIZE`] bytes to a reader that takes so many at a time, with a pause after each; gives what came of it, and how many it took.
    async fn written(takes: usize, pause: Duration) -> (io::Result<()>, usize) {
        let (near, far) = duplex(1 << 10);
        let limit = Duration::from_millis(400);
        let mut placed = Placed { stream: near, _place: None, limit, stall: None, written: 0 };
        let reader = tokio::spawn(read(far, takes, pause));
        let all = async {
            placed.write_all(&vec![7; SIZE]).await?;
            placed.flush().await
        };
        let done = timeout(Duration::from_secs(60), all).await.expect("an end in time");
        drop(placed);
        (done, timeout(Duration::from_secs(60), reader).await.expect("the reader's end in time").unwrap())
    }

    async fn read(mut far: DuplexStream, takes: usize, pause: Duration) -> usize {
        if takes == 0 {
            // It stands still, with its end open, for longer than the other one has patience.
            tokio::time::sleep(Duration::from_secs(1)).await;
            return 0;
        }
        let (mut read, mut buffer) = (0, vec![0; takes]);
        while let Ok(count @ 1..) = far.read(&mut buffer).await {
            read += count;
            tokio::time::sleep(pause).await;
        }
        read
    }

    #[tokio::test]
    async fn a_reader_that_stands_still_and_one_that_takes_a_byte_now_and_then_are_closed() {
        for (takes, pause) in [(0, 0), (1, 10)] {
            let (done, read) = written(takes, Duration::from_millis(pause)).await;
            assert_eq!(done.unwrap_err().kind(), io::ErrorKind::TimedOut, "{takes} at a time");
            assert!(read < SIZE, "{read}");
        }
    }

    #[tokio::test]
    async fn a_slow_reader_that_gets_on_has_everything() {
        // 1 kB every four milliseconds: all of it takes longer than the limit, and no 16 kB do.
        let (done, read) = written(1 << 10, Duration::from_millis(4)).await;
        done.unwrap();
        assert_eq!(read, SIZE);
    }

    #[tokio::test]
    async fn a_connection_that_has_nothing_to_write_may_wait() {
        let (near, mut far) = duplex(1 << 10);
        let limit = Duration::from_millis(50);
        let mut placed = Placed { stream: near, _place: None, limit, stall: None, written: 0 };
        for round in 0..3 {
            // More than fits, so that the limit begins to run each time.
            let (all, taken) = ([round; 3 << 10], &mut [0; 3 << 10]);
            let write = async {
                placed.write_all(&all).await?;
                placed.flush().await
            };
            let (wrote, read) = tokio::join!(write, far.read_exact(taken));
            wrote.unwrap();
            read.unwrap();
            assert_eq!(*taken, all);
            tokio::time::sleep(limit * 3).await;
        }
    }
}
