//! From a believed URL to an address that may be opened.
//!
//! Opened without asking is what a person configured. What was discovered is confirmed once, and a
//! host beyond this machine has to be allowed by name. Nothing here connects.

use std::collections::BTreeMap;

use revline_analysis::{Believed, UrlSource};
use revline_database::{Address, AddressError, Host, Timeouts};

use crate::secrets::Secrets;

/// A database that may be opened.
#[derive(Clone, Debug)]
pub struct Connection {
    /// What says that it is the project's, and how Alembic keeps its state there.
    pub believed: Believed,
    /// Where it is; printed without its password.
    pub address: Address,
    /// Where else the same run of the project's own Alembic may go. A host that nobody allowed is none of them.
    pub others: Vec<Address>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// What must appear nowhere.
    pub secrets: Secrets,
}

/// Whether a discovered database may be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    /// A person has said so, now or before.
    Confirmed,
    /// Nobody has been asked.
    Unasked,
}

/// Why a database is not opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    /// The URL cannot be understood, or its driver is not known.
    #[error("{0}")]
    Address(AddressError),
    /// The host is not of this machine, and nobody allowed it.
    #[error(
        "{address} is not on this machine, and nothing is connected to. If it is yours to change, \
         add \"{host}\" to `allow` below `[database]` in your own settings"
    )]
    Host {
        /// The host.
        host: String,
        /// Whether it is a name of one word, as the services of a compose file have.
        one_word: bool,
        /// The whole address, without its password.
        address: String,
    },
    /// It was discovered, and a person has to be asked once.
    #[error("nobody has said yet that {address} is to be connected to")]
    Unasked {
        /// The address, without its password.
        address: String,
    },
    /// It was discovered, and what the person agreed to before cannot be read.
    #[error(
        "whether {address} may be connected to stands in {path}, which cannot be read: {why}. Mend \
         that file or delete it; a database that the settings name is opened without it"
    )]
    Unread {
        /// The address, without its password.
        address: String,
        /// The file of the agreements.
        path: String,
        /// What the operating system says.
        why: String,
    },
}

/// The address of a database, if it may be opened. `allow` are the hosts of a person's own settings.
///
/// # Errors
/// [`Denied`].
pub fn connect(
    believed: Believed,
    variables: &BTreeMap<String, String>,
    allow: &[String],
    permission: Permission,
) -> Result<Connection, Denied> {
    let variable = |name: &str| variables.get(name).cloned();
    let around = revline_database::Surroundings { folder: &believed.folder, variable: &variable };
    let address = Address::parse(believed.url.secret(), &around).map_err(Denied::Address)?;
    if let Some((host, one_word)) = not_allowed(&address, allow) {
        return Err(Denied::Host { host, one_word, address: address.to_string() });
    }
    let configured = matches!(believed.source, UrlSource::Settings(..));
    if !configured && permission == Permission::Unasked {
        return Err(Denied::Unasked { address: address.to_string() });
    }
    let defaults = Timeouts::default();
    let timeouts = Timeouts {
        lock: believed.entry.lock_timeout.unwrap_or(defaults.lock),
        statement: believed.entry.statement_timeout,
        ..defaults
    };
    let mut secrets = Secrets::of(&believed.url);
    if let Some(url) = &believed.env_url {
        secrets = secrets.and(Secrets::of(url));
    }
    let others: Vec<Address> = believed
        .others
        .iter()
        .filter_map(|url| Address::parse(url.secret(), &around).ok())
        .filter(|other| not_allowed(other, allow).is_none())
        .collect();
    for url in &believed.others {
        secrets = secrets.and(Secrets::of(url));
    }
    Ok(Connection { believed, address, others, timeouts, secrets })
}

/// The host of an address that is beyond this machine and not among those allowed, and whether it is one word.
fn not_allowed(address: &Address, allow: &[String]) -> Option<(String, bool)> {
    let (host, one_word) = match address.host() {
        Host::ThisMachine => return None,
        Host::OneWord(host) => (host, true),
        Host::Remote(host) => (host, false),
    };
    let is_allowed = allow.iter().any(|allowed| allowed.eq_ignore_ascii_case(host));
    (!is_allowed).then(|| (host.to_owned(), one_word))
}

impl Connection {
    /// The name of the lock: environments that keep their state in one table exclude each other.
    pub fn lock_name(&self) -> String {
        let schema = self.believed.version_table_schema.as_deref().unwrap_or_default();
        format!("revline:{schema}.{}", self.believed.version_table)
    }

    /// Takes the lock that is held around every change. It dies with its holder.
    ///
    /// # Errors
    /// Those of the database; `Locked` when the time of `lock-timeout` is over.
    pub async fn lock(&self) -> Result<revline_database::Lock, revline_database::Error> {
        let name = self.lock_name();
        let patience = self.believed.entry.lock_timeout.unwrap_or(PATIENCE);
        let never = std::future::pending();
        revline_database::lock(&self.address, &name, &self.timeouts, patience, never).await
    }
}

/// How long another run is waited for, unless the settings say so.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
