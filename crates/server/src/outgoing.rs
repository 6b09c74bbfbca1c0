//! What is sent on a socket: a bounded queue, and a task that empties it. Whoever puts something into it never waits.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::stream::SplitSink;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use palaestra_lobby::message::Code;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

/// How long a message may take to leave, and a close frame after it.
const SEND_LIMIT: Duration = Duration::from_secs(10);
const CLOSE_LIMIT: Duration = Duration::from_secs(2);
/// How long a socket that is closed from here is heard out.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The near end of a socket's queue.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    queue: mpsc::Sender<Message>,
    most_bytes: usize,
    cut: Arc<Cut>,
}

/// A reader that does not keep up is cut off.
#[derive(Debug, Default)]
struct Cut {
    notify: Notify,
    cut: AtomicBool,
    /// Bytes in the queue.
    queued: AtomicUsize,
}

/// The far end, which the task has.
pub(crate) struct Leaving {
    queue: mpsc::Receiver<Message>,
    cut: Arc<Cut>,
}

/// A queue of so many messages, with so many bytes in all of them.
pub(crate) fn queue(messages: usize, most_bytes: usize) -> (Outgoing, Leaving) {
    let (sender, receiver) = mpsc::channel(messages);
    let cut = Arc::new(Cut::default());
    (Outgoing { queue: sender, most_bytes, cut: Arc::clone(&cut) }, Leaving { queue: receiver, cut })
}

impl Outgoing {
    /// Puts a message into the queue. Where there is no room, the reader is too slow, and the socket is closed for it.
    pub(crate) fn send(&self, message: Message) -> bool {
        let len = len(&message);
        if self.cut.queued.fetch_add(len, Ordering::AcqRel) + len > self.most_bytes {
            self.cut();
            return false;
        }
        match self.queue.try_send(message) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.cut();
                false
            }
        }
    }

    pub(crate) fn bytes(&self, bytes: Vec<u8>) -> bool {
        self.send(Message::Binary(bytes.into()))
    }

    /// Closes the socket after what is in its queue.
    pub(crate) fn close(&self, code: Code) {
        self.send(Message::Close(Some(frame(code))));
    }

    /// Waits until the queue's task has ended: nothing is sent any more, and nothing is to be heard.
    pub(crate) async fn ended(&self) {
        self.queue.closed().await;
    }

    fn cut(&self) {
        self.cut.cut.store(true, Ordering::Release);
        self.cut.notify.notify_one();
    }
}

fn len(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

fn frame(code: Code) -> CloseFrame {
    CloseFrame { code: code.close_code(), reason: code.as_str().into() }
}

/// Whether a socket failed because a message was longer than it may be.
pub(crate) fn is_too_large(error: &axum::Error) -> bool {
    use tokio_tungstenite::tungstenite::Error;
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Error>());
    matches!(source, Some(Error::Capacity(_)))
}

/// Hears out a socket that is closed from here, for a moment: what was on its way would otherwise cut off the close frame. A socket
/// that fails has no more to say, though it may go on failing.
pub(crate) async fn hear_out<T, E>(mut stream: impl Stream<Item = Result<T, E>> + Unpin) {
    let _ = timeout(LAST_WORDS, async { while let Some(Ok(_)) = stream.next().await {} }).await;
}

impl Leaving {
    /// Sends what comes into the queue, until it is closed, the socket is, or the reader is too slow.
    pub(crate) async fn run(self, sink: SplitSink<WebSocket, Message>) {
        self.into_sink(sink).await;
    }

    async fn into_sink(mut self, mut sink: impl Sink<Message> + Unpin) {
        loop {
            let next = tokio::select! {
                biased;
                () = self.cut.notify.notified() => None,
                message = self.queue.recv() => match message {
                    Some(message) => Some(message),
                    None => return,
                },
            };
            let slow = self.cut.cut.load(Ordering::Acquire);
            let Some(message) = next.filter(|_| !slow) else {
                let _ = timeout(CLOSE_LIMIT, sink.send(Message::Close(Some(frame(Code::SlowReader))))).await;
                return;
            };
            self.cut.queued.fetch_sub(len(&message), Ordering::AcqRel);
            let last = matches!(message, Message::Close(_));
            let limit = if last { CLOSE_LIMIT } else { SEND_LIMIT };
            let sent = tokio::select! {
                sent = timeout(limit, sink.send(message)) => sent,
                () = self.cut.notify.notified() => {
                    let _ = timeout(CLOSE_LIMIT, sink.send(Message::Close(Some(frame(Code::SlowReader))))).await;
                    return;
                }
            };
            if last || !matches!(sent, Ok(Ok(()))) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// Takes so many messages, and then none for ever.
    struct Reader {
        takes: usize,
        taken: Arc<AtomicUsize>,
    }

    impl Sink<Message> for Reader {
        type Error = ();

        fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            if self.takes > 0 { Poll::Ready(Ok(())) } else { Poll::Pending }
        }

        fn start_send(mut self: Pin<&mut Self>, _: Message) -> Result<(), ()> {
            self.takes -= 1;
            self.taken.fetch_add(1, Ordering::AcqRel);
            Ok(())
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn ends(takes: usize, messages: usize, bytes: usize, send: impl FnOnce(&Outgoing)) -> usize {
        let (outgoing, leaving) = queue(messages, bytes);
        let taken = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(leaving.into_sink(Reader { takes, taken: Arc::clone(&taken) }));
        tokio::task::yield_now().await;
        send(&outgoing);
        timeout(Duration::from_secs(20), task).await.expect("an end in time").unwrap();
        timeout(Duration::from_secs(1), outgoing.ended()).await.expect("the end is told");
        taken.load(Ordering::Acquire)
    }

    #[tokio::test]
    async fn whoever_does_not_take_what_is_sent_is_cut_off_and_nobody_waits() {
        // By the number of messages, and by their bytes.
        for (messages, bytes, size) in [(8, 1 << 20, 1), (1 << 10, 1 << 10, 200)] {
            ends(2, messages, bytes, |outgoing| {
                let refused = (0..2_000).find(|_| !outgoing.bytes(vec![0; size]));
                assert!(refused.is_some_and(|at| at <= 12), "{refused:?}");
            })
            .await;
        }
    }

    #[tokio::test]
    async fn what_is_in_the_queue_goes_before_the_close_frame() {
        let taken = ends(100, 8, 1 << 10, |outgoing| {
            assert!(outgoing.bytes(vec![1]) && outgoing.bytes(vec![2]));
            outgoing.close(Code::Complete);
        });
        assert_eq!(taken.await, 3);
    }
}
