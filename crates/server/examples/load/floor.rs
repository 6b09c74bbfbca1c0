//! A relay without anything else: what axum, the sockets and this machine take of a packet's time.
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{Path, State, WebSocketUpgrade};
use axum::routing::any;
use axum::serve::ListenerExt;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite;

/// By pair and side, where packets for it go.
type Sides = Arc<Mutex<Vec<[Option<mpsc::Sender<Message>>; 2]>>>;

/// Milliseconds that packets took, as JSON: `{"count": N, "p50": F, "p99": F, "most": F}`.
pub(crate) fn measure(pairs: usize, hz: f64, bytes: usize, seconds: f64) -> serde_json::Value {
    let serving = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = serving.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let sides: Sides = Arc::new(Mutex::new(vec![[None, None]; pairs]));
    let router = Router::new().route("/{pair}/{side}", any(relay)).with_state(sides);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    serving.spawn(async move { axum::serve(listener, router).await });
    let mut took: Vec<f64> = Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let mut players = JoinSet::new();
        for (pair, side) in (0..pairs).flat_map(|pair| [(pair, 0), (pair, 1)]) {
            players.spawn(play(format!("ws://{address}/{pair}/{side}"), hz, bytes, seconds));
        }
        players.join_all().await.into_iter().flatten().collect()
    });
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).or(took.last()).copied().unwrap_or(f64::NAN);
    serde_json::json!({ "count": took.len(), "p50": at(0.5), "p99": at(0.99), "most": at(1.0) })
}

async fn relay(
    State(sides): State<Sides>,
    Path((pair, side)): Path<(usize, usize)>,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    upgrade.on_upgrade(move |socket: WebSocket| async move {
        let (mut sink, mut stream) = socket.split();
        let (queue, mut queued) = mpsc::channel(64);
        sides.lock().unwrap()[pair][side] = Some(queue);
        let sending = tokio::spawn(async move {
            while let Some(message) = queued.recv().await {
                if sink.send(message).await.is_err() {
                    return;
                }
            }
        });
        while let Some(Ok(message)) = stream.next().await {
            let other = sides.lock().unwrap()[pair][1 - side].clone();
            if let (Some(other), Message::Binary(_)) = (other, &message) {
                let _ = other.try_send(message);
            }
        }
        sending.abort();
    })
}

/// Sends packets that say when they were sent; gives how long those took that came.
async fn play(url: String, hz: f64, bytes: usize, seconds: f64) -> Vec<f64> {
    let began = *BEGAN;
    let (mut socket, _) = connect_async(url).await.unwrap();
    let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / hz));
    let end = tokio::time::sleep(Duration::from_secs_f64(seconds));
    tokio::pin!(end);
    let mut took = Vec::new();
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                let mut packet = vec![0; bytes];
                packet[..8].copy_from_slice(&began.elapsed().as_secs_f64().to_le_bytes());
                socket.send(tungstenite::Message::binary(packet)).await.unwrap();
            }
            message = socket.next() => {
                if let Some(Ok(tungstenite::Message::Binary(packet))) = message {
                    let sent = f64::from_le_bytes(packet[..8].try_into().unwrap());
                    took.push(1000.0 * (began.elapsed().as_secs_f64() - sent));
                }
            }
            () = &mut end => return took,
        }
    }
}

static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
