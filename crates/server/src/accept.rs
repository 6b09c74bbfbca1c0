//! Connections: taken up to a number of them, each with a place of its own, until the server stops.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::app::App;
use crate::http::{Peer, router};
use crate::placed::Placed;

/// How long a connection may take to say what it wants.
const HEADER_LIMIT: Duration = Duration::from_secs(10);

/// Takes connections.
pub(crate) async fn accept(listener: TcpListener, app: App, most: usize, mut stopped: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(most));
    let router = router(app.clone());
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => {
                    // No file handles left, as a rule: in a moment there are some.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stopped.changed() => return,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            app.metrics.refused.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        app.metrics.connections.fetch_add(1, Ordering::Relaxed);
        let _ = stream.set_nodelay(true);
        let routes = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            routes.call(request)
        });
        let mut stopped = stopped.clone();
        tokio::spawn(async move {
            let stream = Placed::new(stream, place);
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
            let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
            tokio::select! {
                _ = connection => {}
                _ = stopped.changed() => {}
            }
        });
    }
}
