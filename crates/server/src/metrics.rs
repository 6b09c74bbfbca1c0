//! Figures for a monitoring system, in the text format of Prometheus.
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use palaestra_lobby::message::Code;

use crate::hub::Figures;
use crate::rooms::lock;

/// Counters that only grow.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) connections: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) packets: AtomicU64,
    pub(crate) packet_bytes: AtomicU64,
    pub(crate) frames: AtomicU64,
    closed: Mutex<BTreeMap<&'static str, u64>>,
    ended: Mutex<BTreeMap<&'static str, u64>>,
}

impl Metrics {
    pub(crate) fn closed(&self, code: Code) {
        *lock(&self.closed).entry(code.as_str()).or_default() += 1;
    }

    pub(crate) fn match_ended(&self, code: Code) {
        *lock(&self.ended).entry(code.as_str()).or_default() += 1;
    }

    /// All of it as text; figures of the lobby, and how much is not written yet, where this process has it.
    pub(crate) fn text(&self, figures: Option<(&Figures, usize)>) -> String {
        let mut out = String::new();
        let mut one = |kind: &str, name: &str, labels: &str, value: u64| {
            // Writing to a text cannot fail.
            let _ = writeln!(out, "# TYPE palaestra_{name} {kind}\npalaestra_{name}{labels} {value}");
        };
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        one("counter", "connections_total", "", count(&self.connections));
        one("counter", "connections_refused_total", "", count(&self.refused));
        one("counter", "relayed_packets_total", "", count(&self.packets));
        one("counter", "relayed_bytes_total", "", count(&self.packet_bytes));
        one("counter", "confirmed_frames_total", "", count(&self.frames));
        one("gauge", "has_lobby", "", figures.is_some().into());
        if let Some((figures, pending_writes)) = figures {
            one("gauge", "control_sockets", "", figures.counts.sockets as u64);
            one("gauge", "play_sockets", "", figures.counts.plays as u64);
            one("gauge", "matches", "", figures.counts.matches as u64);
            one("gauge", "pending_writes", "", pending_writes as u64);
            let _ = writeln!(out, "# TYPE palaestra_people gauge");
            for ((lobby, state), people) in &figures.people {
                let _ = writeln!(out, "palaestra_people{{lobby=\"{}\",state=\"{state}\"}} {people}", escaped(lobby));
            }
        }
        for (name, counts) in [("sockets_closed_total", &self.closed), ("matches_ended_total", &self.ended)] {
            let _ = writeln!(out, "# TYPE palaestra_{name} counter");
            for (code, count) in lock(counts).iter() {
                let _ = writeln!(out, "palaestra_{name}{{code=\"{code}\"}} {count}");
            }
        }
        out
    }
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
