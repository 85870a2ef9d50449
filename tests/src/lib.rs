//! End-to-end tests: real tools are the judge.

pub mod editors;
pub mod judge;
pub mod lsp;
pub mod project;
pub mod torture;
pub mod workspace_edit;

/// Judges that are started from a test, and the tools that Revline is packed with.
///
/// Without one a visitor's test is skipped, which standard error says; in CI (`CI=true`) that is a
/// failure.
pub mod oracle {
    use std::path::PathBuf;

    /// The Python interpreter that has Alembic and SQLAlchemy, from `REVLINE_ORACLE_PYTHON`.
    pub fn python() -> Option<PathBuf> {
        told("REVLINE_ORACLE_PYTHON")
    }

    /// The one that has SQLModel and Flask-Migrate, from `REVLINE_FRAMEWORKS_PYTHON`.
    pub fn frameworks() -> Option<PathBuf> {
        told("REVLINE_FRAMEWORKS_PYTHON")
    }

    /// The one that has maturin, pre-commit, uv and jsonschema, from `REVLINE_PACKAGING_PYTHON`.
    pub fn packaging() -> Option<PathBuf> {
        told("REVLINE_PACKAGING_PYTHON")
    }

    /// The wheel that `cargo xtask wheel` made, from `REVLINE_WHEEL`.
    pub fn wheel() -> Option<PathBuf> {
        told("REVLINE_WHEEL")
    }

    /// The one that runs migrations on databases, from `REVLINE_ONLINE_PYTHON`.
    pub fn online() -> Option<PathBuf> {
        told("REVLINE_ONLINE_PYTHON")
    }

    /// Node, among whose packages are those of `tests/editors/vscode`, from `REVLINE_NODE`.
    pub fn node() -> Option<PathBuf> {
        told("REVLINE_NODE")
    }

    /// The packages of the corpus, unpacked, from `REVLINE_CORPUS`.
    pub fn corpus() -> Option<PathBuf> {
        told("REVLINE_CORPUS")
    }

    /// The program that traces others, from `REVLINE_STRACE`.
    pub fn strace() -> Option<PathBuf> {
        told("REVLINE_STRACE")
    }

    /// Whether what is missing is a failure, as in CI.
    pub fn is_strict() -> bool {
        std::env::var_os("CI").is_some_and(|ci| ci == "true" || ci == "1")
    }

    #[allow(clippy::panic, clippy::print_stderr)]
    fn told(variable: &str) -> Option<PathBuf> {
        let path = std::env::var_os(variable).filter(|path| !path.is_empty());
        if path.is_none() {
            assert!(!is_strict(), "{variable} is not set, and in CI nothing is skipped");
            eprintln!("skipped: {variable} is not set");
        }
        path.map(PathBuf::from)
    }
}
