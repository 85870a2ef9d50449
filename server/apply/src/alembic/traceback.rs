//! What a Python traceback says: the last place in the project, and the exception.

use std::path::PathBuf;

/// A frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Frame {
    pub(super) path: PathBuf,
    /// From 1.
    pub(super) line: usize,
}

/// The last frame outside of installed packages.
pub(super) fn last_frame(lines: &[String]) -> Option<Frame> {
    lines
        .iter()
        .rev()
        .find_map(|line| {
            let rest = line.trim_start().strip_prefix("File \"")?;
            let (path, rest) = rest.split_once("\", line ")?;
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let foreign = ["site-packages", "dist-packages", "<frozen", "<string>"];
            if foreign.iter().any(|word| path.contains(word)) {
                return None;
            }
            Some(Frame { path: PathBuf::from(path), line: number.parse().ok()? })
        })
        .filter(|frame| !frame.path.to_string_lossy().contains("/lib/python"))
}

/// The line that names the exception behind the last traceback, as Python prints it.
pub(super) fn exception(lines: &[String]) -> Option<String> {
    let last =
        lines.iter().rposition(|line| line.starts_with("Traceback (most recent call last)"))?;
    let behind = lines.get(last + 1..)?;
    let at = behind
        .iter()
        .position(|line| !line.is_empty() && !line.starts_with(' ') && !line.starts_with('\t'))?;
    let mut message = behind.get(at)?.clone();
    // The driver's own detail stands on a line of its own.
    if let Some(next) =
        behind.get(at + 1).filter(|next| next.starts_with("DETAIL:") || next.starts_with("HINT:"))
    {
        message.push_str(&format!(" ({next})"));
    }
    Some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "INFO  [alembic.runtime.migration] Running upgrade  -> a1, one
Traceback (most recent call last):
  File \"/e/lib/python3.12/site-packages/sqlalchemy/engine/base.py\", line 1967, in _exec_single_context
    self.dialect.do_execute(
sqlite3.OperationalError: no such table: nowhere

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File \"/e/bin/alembic\", line 8, in <module>
    sys.exit(main())
  File \"/w/migrations/versions/a1.py\", line 12, in upgrade
    op.execute('x')
  File \"/e/lib/python3.12/site-packages/alembic/operations/base.py\", line 1, in execute
    x
sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: nowhere
[SQL: INSERT INTO nowhere VALUES (1)]
(Background on this error at: https://sqlalche.me/e/20/e3q8)";

    #[test]
    fn the_last_line_of_the_project_and_the_exception_are_found() {
        let lines: Vec<String> = SAID.lines().map(str::to_owned).collect();
        let frame = Frame { path: "/w/migrations/versions/a1.py".into(), line: 12 };
        assert_eq!(last_frame(&lines), Some(frame));
        let exception = exception(&lines);
        let wanted =
            "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: nowhere";
        assert_eq!(exception.as_deref(), Some(wanted));
        assert_eq!((last_frame(&[]), super::exception(&[])), (None, None));
    }
}
