//! A `palaestra-server` of its own process.
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use crate::client::At;

/// A server that is killed with the test.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
    pub(crate) monitor: String,
    errors: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts a server on a database, with more arguments.
    pub(crate) fn start(database: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_palaestra-server"))
            .args(["--listen", "127.0.0.1:0", "--database", database])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split_once('/')).unwrap().0;
        let address = address.parse().unwrap();
        let monitor = lines.next().unwrap().unwrap();
        let monitor = monitor.split_once("token=").unwrap().1.trim().to_owned();
        // What it says later goes nowhere, and does not stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, monitor, errors: Some(errors) }
    }

    /// As where the machine is gone: nothing is said to anybody.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a service manager stops it.
    pub(crate) fn terminate(mut self) {
        self.signal("TERM");
        self.child.wait().unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Where the test has failed, what the server said of its troubles.
        let errors = self.errors.take().and_then(|errors| errors.join().ok());
        if let Some(errors) = errors.filter(|_| std::thread::panicking()) {
            eprint!("{errors}");
        }
    }
}

impl At for Process {
    fn at(&self) -> SocketAddr {
        self.address
    }
}
