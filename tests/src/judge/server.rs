//! A PostgreSQL server of the tests' own: a cluster in a temporary folder, reached by a socket in that folder and by
//! nothing else, run by an unprivileged user, gone in the end.

#![allow(clippy::disallowed_methods, reason = "the tests start a server")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

/// A running server; dropping it stops it and deletes its folder.
#[derive(Debug)]
pub struct Server {
    binaries: PathBuf,
    folder: TempDir,
    /// Where its log of changes is: a server that cannot write that one goes down.
    log: TempDir,
    /// Its version, as it says it.
    pub version: String,
}

/// The folder of `initdb` and `pg_ctl`: `REVLINE_POSTGRES`, else the newest that Debian's packages have.
pub fn binaries() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("REVLINE_POSTGRES").filter(|folder| !folder.is_empty()) {
        return Some(folder.into());
    }
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            path.join("bin/initdb").is_file().then(|| (version, path.join("bin")))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, path)| path)
}

impl Server {
    /// Makes a cluster and starts it. Durability is off: nothing of it is kept.
    pub fn start() -> Result<Self> {
        Self::start_in(&std::env::temp_dir(), None)
    }

    /// The same, and no file that it writes may get longer than this, in KiB.
    pub fn start_limited(longest: u32) -> Result<Self> {
        Self::start_in(&std::env::temp_dir(), Some(longest))
    }

    /// The same with its files, but for its log of changes, below this folder.
    pub fn start_on(device: &Path) -> Result<Self> {
        Self::start_in(device, None)
    }

    fn start_in(around: &Path, longest: Option<u32>) -> Result<Self> {
        let binaries = binaries()
            .context("there is no PostgreSQL server; `cargo xtask setup` installs one")?;
        // A socket's path may have about a hundred bytes, so it lies right in the temporary folder.
        let builder = || {
            let mut builder = tempfile::Builder::new();
            builder.prefix("revline-pg-");
            builder
        };
        let (folder, log) = (builder().tempdir_in(around)?, builder().tempdir()?);
        if is_root() {
            ran(Command::new("chown").arg("nobody").args([folder.path(), log.path()]))?;
        }
        let mut server = Self { binaries, folder, log, version: String::new() };
        let data = server.data();
        let asked = ran(server.command("initdb").arg("--version"))?;
        server.version = asked.trim().replace("initdb (PostgreSQL) ", "");
        let mut make = server.command("initdb");
        make.arg("-D").arg(&data).args(["-U", "judge", "--auth=trust", "-E", "UTF8"]);
        make.arg("--waldir").arg(server.log.path().join("wal"));
        ran(make.args(["--locale=C", "--no-sync"]))?;
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=30",
            server.folder.path().display()
        );
        let log = server.folder.path().join("log");
        let mut start = server.command("pg_ctl");
        if let Some(longest) = longest {
            let pg_ctl = start;
            start = Command::new("bash");
            start.args(["-c", "ulimit -f \"$0\" && exec \"$@\"", &longest.to_string()]);
            start.arg(pg_ctl.get_program()).args(pg_ctl.get_args());
            start.current_dir(server.folder.path());
        }
        start
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(&log)
            .arg("-w")
            .arg("-o")
            .arg(options)
            .arg("start");
        ran(&mut start)?;
        Ok(server)
    }

    /// SQLAlchemy's URL of its first database.
    pub fn url(&self) -> String {
        format!("postgresql+psycopg://judge@/postgres?host={}", self.folder.path().display())
    }

    /// The path of one of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// SQLAlchemy's URL of a database for a user, by the socket; `credentials` is what stands before the `@`.
    pub fn url_of(&self, credentials: &str, database: &str) -> String {
        let folder = self.folder.path().display();
        format!("postgresql+psycopg://{credentials}@/{database}?host={folder}")
    }

    /// The folder of its socket.
    pub fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    /// From now on this user needs a password.
    pub fn ask_password_of(&self, user: &str) -> Result<()> {
        let file = self.data().join("pg_hba.conf");
        let rules = std::fs::read_to_string(&file)?;
        std::fs::write(&file, format!("local all {user} scram-sha-256\n{rules}"))?;
        ran(self.command("pg_ctl").arg("-D").arg(self.data()).arg("reload")).map(drop)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of its programs, by the unprivileged user where this is run by root.
    fn command(&self, name: &str) -> Command {
        let program: &Path = &self.binaries.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        let mut stop = self.command("pg_ctl");
        drop(ran(stop.arg("-D").arg(data).args(["-m", "immediate", "-w", "stop"])));
    }
}

pub(super) fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs it; what it printed. `pg_ctl` hands its output on to the server, so it goes into a file.
pub(super) fn ran(command: &mut Command) -> Result<String> {
    let said = tempfile::NamedTempFile::new()?;
    command.stdin(Stdio::null()).stdout(said.reopen()?).stderr(said.reopen()?);
    let status = command
        .status()
        .with_context(|| format!("{} does not start", command.get_program().display()))?;
    let text = std::fs::read_to_string(said.path())?;
    ensure!(!text.contains('\0'), "{} printed no text", command.get_program().display());
    if !status.success() {
        bail!("{}: {status}: {text}", command.get_program().display());
    }
    Ok(text)
}
