//! End-to-end tests: real tools are the judge.

pub mod editors;
pub mod judge;
pub mod lsp;
pub mod project;
pub mod torture;
pub mod workspace_edit;

/// Judges that are started from a test.
pub mod oracle {
    use std::path::PathBuf;

    /// The Python interpreter that has Alembic and SQLAlchemy, from `REVLINE_ORACLE_PYTHON`.
    ///
    /// Without it a visitor's test is skipped, which standard error says; in CI (`CI=true`) that is
    /// a failure.
    #[allow(clippy::panic, clippy::print_stderr)]
    pub fn python() -> Option<PathBuf> {
        let python = std::env::var_os("REVLINE_ORACLE_PYTHON").filter(|path| !path.is_empty());
        if python.is_none() {
            if std::env::var_os("CI").is_some_and(|ci| ci == "true") {
                panic!("REVLINE_ORACLE_PYTHON is not set, and in CI nothing is skipped");
            }
            eprintln!("skipped: REVLINE_ORACLE_PYTHON is not set");
        }
        python.map(PathBuf::from)
    }
}
