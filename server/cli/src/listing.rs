//! What `heads`, `bases`, `branches`, `history` and `show` share: one environment's answer is
//! Alembic's alone; of several each stands under a heading.

use std::mem::ManuallyDrop;
use std::process::ExitCode;

use revline_analysis::{Depth, Project};
use revline_history::{History, HistoryError, Node};
use serde_json::Value;

use crate::entry::Entries;
use crate::output::{Failure, failed, heading, print, print_json, warn};
use crate::project::{Globals, Opened, check, open};

/// How a listing is made.
pub(crate) struct Listing<'a> {
    /// Whether the answer is for programs.
    pub(crate) json: bool,
    /// Whether an environment that does not know the name is passed over where another one does.
    pub(crate) any: bool,
    /// The revisions, in order.
    pub(crate) select: &'a dyn Fn(&History) -> Result<Vec<Node>, HistoryError>,
    /// The text of one of them, with its line breaks.
    pub(crate) draw: &'a dyn Fn(&Entries<'_>, Node) -> String,
}

impl Listing<'_> {
    pub(crate) fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        // The process ends after this: taking ten thousand revisions apart would only cost time.
        let opened = ManuallyDrop::new(open(globals, Depth::Graph)?);
        let answers: Vec<(&Project, Result<Vec<Node>, Failure>)> = opened
            .projects
            .iter()
            .map(|project| (&**project, self.nodes(&opened, project)))
            .collect();
        let known = answers.iter().any(|(_, answer)| answer.is_ok());
        let passed_over = |answer: &Result<_, Failure>| {
            let unknown = |failure: &Failure| failure.to_string().starts_with("Can't locate");
            self.any && known && answer.as_ref().is_err_and(unknown)
        };
        if self.json {
            return Ok(self.print_json(&opened, &answers, passed_over));
        }
        if let [(project, answer)] = answers.as_slice() {
            let nodes = answer.as_ref().map_err(Clone::clone)?;
            print(&self.text(&opened, project, nodes));
            return Ok(ExitCode::SUCCESS);
        }
        let mut code = ExitCode::SUCCESS;
        let mut parts = Vec::new();
        for (project, answer) in &answers {
            if passed_over(answer) {
                continue;
            }
            let title = heading(&format!("{}:", project.name()));
            parts.push(
                title
                    + &match answer {
                        Ok(nodes) => self.text(&opened, project, nodes),
                        Err(failure) => {
                            code = failure.code();
                            failed(&failure.to_string())
                        }
                    },
            );
        }
        print(&parts.join("\n"));
        Ok(code)
    }

    fn nodes(&self, opened: &Opened, project: &Project) -> Result<Vec<Node>, Failure> {
        check(opened, project)?;
        Ok((self.select)(project.history())?)
    }

    fn text(&self, opened: &Opened, project: &Project, nodes: &[Node]) -> String {
        let entries = Entries::new(opened, project);
        nodes.iter().map(|node| (self.draw)(&entries, *node)).collect()
    }

    fn print_json(
        &self,
        opened: &Opened,
        answers: &[(&Project, Result<Vec<Node>, Failure>)],
        passed_over: impl Fn(&Result<Vec<Node>, Failure>) -> bool,
    ) -> ExitCode {
        let mut code = ExitCode::SUCCESS;
        let mut values: Vec<Value> = Vec::new();
        for (project, answer) in answers {
            let entries = Entries::new(opened, project);
            match answer {
                Ok(nodes) => values.extend(nodes.iter().map(|node| entries.json(*node))),
                Err(_) if passed_over(answer) => {}
                Err(failure) => {
                    // The array stays one that programs can read.
                    warn(&format!("{}: {failure}", project.name()));
                    code = failure.code();
                }
            }
        }
        print_json(&Value::Array(values));
        code
    }
}
