//! A MariaDB server of the tests' own: in a temporary folder, reached by a socket in that folder and by a free port of the
//! loopback, run by an unprivileged user, gone in the end.

#![allow(clippy::disallowed_methods, reason = "the tests start a server")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::server::{is_root, ran};

/// A running server; dropping it stops it and deletes its folder.
#[derive(Debug)]
pub struct Mariadb {
    child: Child,
    folder: TempDir,
    /// Its port on the loopback.
    pub port: u16,
}

/// The programs of an installation.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `mariadbd`.
    pub server: PathBuf,
    /// `mariadb-install-db`.
    pub install: PathBuf,
}

/// `REVLINE_MARIADB` names the server's program, else it is where Debian's package has it.
pub fn programs() -> Option<Programs> {
    let told = std::env::var_os("REVLINE_MARIADB").filter(|path| !path.is_empty());
    let server = told.map_or_else(|| PathBuf::from("/usr/sbin/mariadbd"), PathBuf::from);
    let root = server.parent()?.parent()?;
    let install = ["bin", "scripts"].map(|folder| root.join(folder).join("mariadb-install-db"));
    let install = install.into_iter().find(|program| program.is_file())?;
    server.is_file().then_some(Programs { server, install })
}

impl Mariadb {
    /// Makes the system tables and starts it. Durability is off: nothing of it is kept.
    pub fn start() -> Result<Self> {
        Self::start_with(&[])
    }

    /// The same, with more options.
    pub fn start_with(options: &[&str]) -> Result<Self> {
        Self::start_in(&std::env::temp_dir(), options)
    }

    /// The same with its files below this folder.
    pub fn start_on(device: &Path) -> Result<Self> {
        Self::start_in(device, &[])
    }

    fn start_in(around: &Path, options: &[&str]) -> Result<Self> {
        let programs =
            programs().context("there is no MariaDB server; `cargo xtask setup` installs one")?;
        let folder = tempfile::Builder::new().prefix("revline-my-").tempdir_in(around)?;
        let data = folder.path().join("data");
        let mut install = Command::new(&programs.install);
        install.arg("--no-defaults").arg(format!("--datadir={}", data.display())).args([
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
        ]);
        ran(&mut install)?;
        let mut command = Command::new(&programs.server);
        if is_root() {
            ran(Command::new("chown").arg("-R").arg("nobody").arg(folder.path()))?;
            command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
            command.arg(&programs.server);
        }
        // Somebody may take the port before the server does; then it does not start, and says so.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = std::fs::File::create(folder.path().join("log"))?;
        let child = command
            .arg("--no-defaults")
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.path().join("socket").display()))
            .arg(format!("--port={port}"))
            .args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin"])
            .args(["--innodb-flush-log-at-trx-commit=0", "--innodb-fast-shutdown=2"])
            .args(["--innodb-buffer-pool-size=64M", "--innodb-log-file-size=16M"])
            .args(["--innodb-doublewrite=0", "--skip-performance-schema"])
            .args(["--innodb-flush-method=nosync", "--sync-frm=0"])
            .args(options)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("mariadbd does not start")?;
        let mut server = Self { child, folder, port };
        server.wait()?;
        Ok(server)
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// SQLAlchemy's URL of a database, by the socket.
    pub fn url(&self, database: &str) -> String {
        format!("mariadb+pymysql://root@/{database}?unix_socket={}", self.socket().display())
    }

    fn wait(&mut self) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(60);
        let log = self.folder.path().join("log");
        let said = |log: &Path| std::fs::read_to_string(log).unwrap_or_default();
        while !said(&log).contains("ready for connections") {
            if let Some(status) = self.child.try_wait()? {
                bail!("mariadbd: {status}: {}", said(&log));
            }
            if Instant::now() > until {
                bail!("mariadbd does not get ready: {}", said(&log));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        // Nothing of it is kept, so it need not end well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
