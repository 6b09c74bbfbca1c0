//! What `npm run load` measures and attacks a server with, beside the bots that are part of the program.
//!
//! ```text
//! load floor --pairs N --hz F --bytes N --seconds F     a bare relay of axum's, and packets through it
//! load hostile --address HOST:PORT --silent N           everything that nobody should do to a server
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that fails says so")]

mod attack;
mod floor;
mod hostile;
mod player;

use std::net::SocketAddr;

use clap::Parser;

/// Measures, and attacks.
#[derive(Parser)]
enum Load {
    /// Packets through a relay that does nothing else: how long they take on this machine, now
    Floor {
        /// Pairs of sockets
        #[arg(long, default_value_t = 10)]
        pairs: usize,
        /// Packets a second of each socket
        #[arg(long, default_value_t = 30.0)]
        hz: f64,
        /// Bytes of a packet
        #[arg(long, default_value_t = 60)]
        bytes: usize,
        /// How long
        #[arg(long, default_value_t = 20.0)]
        seconds: f64,
    },
    /// What nobody should do
    Hostile {
        /// The server
        #[arg(long)]
        address: SocketAddr,
        /// Connections that say nothing
        #[arg(long, default_value_t = 10_000)]
        silent: usize,
        /// Of every other attack so many at once
        #[arg(long, default_value_t = 25)]
        each: usize,
    },
}

fn main() {
    let told = match Load::parse() {
        Load::Floor { pairs, hz, bytes, seconds } => floor::measure(pairs, hz, bytes.max(8), seconds),
        Load::Hostile { address, silent, each } => hostile::attack(address, silent, each),
    };
    println!("{told}");
}
