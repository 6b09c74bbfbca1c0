//! One address for several processes, as a proxy in front of them gives.
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Passes connections on to processes in turn, and to the next one where one is not there.
pub(crate) struct Balancer {
    pub(crate) address: SocketAddr,
    behind: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    pub(crate) async fn start(behind: &[SocketAddr]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let behind = Arc::new(Mutex::new(behind.to_vec()));
        let (processes, turn) = (Arc::clone(&behind), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (processes, turn) = (processes.lock().unwrap().clone(), Arc::clone(&turn));
                tokio::spawn(async move {
                    let first = turn.fetch_add(1, Ordering::Relaxed);
                    for offset in 0..processes.len() {
                        let next = processes[(first + offset) % processes.len()];
                        if let Ok(mut process) = TcpStream::connect(next).await {
                            let _ = copy_bidirectional(&mut stream, &mut process).await;
                            return;
                        }
                    }
                });
            }
        });
        Self { address, behind }
    }

    /// One process in the place of another.
    pub(crate) fn replace(&self, old: SocketAddr, new: SocketAddr) {
        for process in self.behind.lock().unwrap().iter_mut().filter(|process| **process == old) {
            *process = new;
        }
    }
}
