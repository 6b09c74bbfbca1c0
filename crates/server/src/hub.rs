//! The way to the one task that has the lobby: whatever happens comes to it in a queue.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use palaestra_lobby::message::Code;
use palaestra_lobby::{Counts, Event, LobbyView, SocketId};
use palaestra_session::State;
use tokio::sync::{mpsc, oneshot};

use crate::outgoing::Outgoing;
use crate::rooms::Room;

/// So many events may wait for the lobby; then those who bring more wait.
const QUEUE: usize = 10_000;

/// What comes to the task.
pub(crate) enum Input {
    Event(Event),
    /// A control socket, before its first event.
    Opened(SocketId, Outgoing),
    /// A play socket with its ticket. The answer is where it sits, or why it does not.
    Play(SocketId, String, Outgoing, oneshot::Sender<Result<Seated, Code>>),
    View(oneshot::Sender<Vec<LobbyView>>),
    Figures(oneshot::Sender<Figures>),
    /// The program stops: everybody is told, and the answer comes when they were.
    Stop(oneshot::Sender<()>),
}

/// Where a play socket sits.
pub(crate) struct Seated {
    pub(crate) room: Arc<Room>,
    /// `None`: it watches.
    pub(crate) seat: Option<u8>,
}

/// Figures of the lobby.
pub(crate) struct Figures {
    pub(crate) counts: Counts,
    pub(crate) people: std::collections::BTreeMap<(String, State), usize>,
}

/// The near end of the task's queue.
#[derive(Clone)]
pub(crate) struct Hub {
    inputs: mpsc::Sender<Input>,
    last_socket: Arc<AtomicU64>,
}

impl Hub {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Input>) {
        let (inputs, receiver) = mpsc::channel(QUEUE);
        (Self { inputs, last_socket: Arc::default() }, receiver)
    }

    pub(crate) fn new_socket(&self) -> SocketId {
        self.last_socket.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Brings something; waits where too much waits already. `false` where the program has stopped.
    pub(crate) async fn send(&self, input: Input) -> bool {
        self.inputs.send(input).await.is_ok()
    }

    pub(crate) async fn event(&self, event: Event) -> bool {
        self.send(Input::Event(event)).await
    }

    /// Brings something from a thread that is no task.
    pub(crate) fn event_from_thread(&self, event: Event) {
        let _ = self.inputs.blocking_send(Input::Event(event));
    }

    /// Asks something.
    pub(crate) async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Input) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        if !self.send(question(answer)).await {
            return None;
        }
        answered.await.ok()
    }
}
