//! A Postgres of the tests' own: made in a temporary folder, and gone when they are over.
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Counts whatever is named by a number.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The user of the system's packages. Postgres refuses to run as root.
const USER: &str = "postgres";
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "createdb"];

/// Where Postgres's programs are, or why the tests are not run.
pub(crate) fn programs() -> Result<PathBuf, String> {
    let mut found: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|folder| folder.flatten().map(|entry| entry.path().join("bin")))
        .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()))
        .filter(|folder| PROGRAMS.iter().all(|program| folder.join(program).is_file()))
        .collect();
    found.sort();
    let programs = found.pop().ok_or("expected initdb, pg_ctl and createdb of a Postgres, found none")?;
    if is_root() && user_id().is_none() {
        return Err(format!("expected a user `{USER}` to run Postgres as, since root may not, found none"));
    }
    Ok(programs)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

fn user_id() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = users.lines().find(|line| line.split(':').next() == Some(USER))?.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// A Postgres that runs.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    pub(crate) fn start(programs: &Path) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("palaestra-postgres-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        if is_root() {
            let (user, group) = user_id().unwrap();
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { programs: programs.to_owned(), folder, port };
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-A", "trust", "-U", "palaestra", "-E", "UTF8", "--no-locale", "-N"]);
        cluster.up();
        cluster
    }

    fn data(&self) -> String {
        self.folder.join("data").to_str().unwrap().to_owned()
    }

    fn up(&self) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port);
        let log = self.folder.join("log");
        self.run(
            "pg_ctl",
            &["-D", &self.data(), "-w", "-t", "60", "-l", log.to_str().unwrap(), "-o", &options, "start"],
        );
    }

    fn down(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-t", "60", "-m", "immediate", "stop"]);
    }

    /// Another one, for who breaks it down.
    pub(crate) fn another(&self) -> Self {
        Self::start(&self.programs)
    }

    /// The database breaks down and comes back.
    pub(crate) fn crash(&self) {
        self.down();
        self.up();
    }

    /// The address of a new database.
    pub(crate) fn database(&self) -> String {
        let name = format!("study_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let port = self.port.to_string();
        self.run("createdb", &["-h", "127.0.0.1", "-p", &port, "-U", "palaestra", &name]);
        format!("postgres://palaestra@127.0.0.1:{port}/{name}")
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", USER, "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        // Not into pipes, which what pg_ctl starts would hold open.
        let said = self.folder.with_extension(format!("said-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let file = std::fs::File::create(&said).unwrap();
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        let status = command.stdout(file.try_clone().unwrap()).stderr(file).status().unwrap();
        let text = std::fs::read_to_string(&said).unwrap_or_default();
        assert!(status.success(), "{} {arguments:?}: {text}", program.display());
        std::fs::remove_file(&said).unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.down();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
