//! CPython, asked program by program.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A running `tests/oracle/evaluate.py`.
pub(crate) struct Judge {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    #[allow(clippy::disallowed_methods)] // The judge is a child of this test and of nothing else.
    pub(crate) fn start(python: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/evaluate.py");
        let mut child = Command::new(python)
            // Sets of strings have an order that is not that of the text, and the same in each run.
            .env("PYTHONHASHSEED", "1")
            .args(["-W", "ignore"])
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the interpreter in REVLINE_ORACLE_PYTHON starts");
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("a piped output"));
        Self { child, questions, answers }
    }

    /// What a program leaves behind.
    pub(crate) fn ask(&mut self, text: &str) -> Value {
        let questions = self.questions.as_mut().expect("the judge is asked until it ends");
        writeln!(questions, "{}", Value::from(text)).expect("the judge reads on");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the judge writes text");
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("no answer to\n{text}"))
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        drop(self.questions.take());
        let _ = self.child.wait();
    }
}
