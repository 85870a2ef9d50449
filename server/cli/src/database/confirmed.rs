//! Which discovered databases a person has agreed to, in their own folder: a line for each project
//! and address, without passwords.

use std::path::{Path, PathBuf};

use revline_analysis::{Files, Project};

use crate::output::warn;
use crate::project::Opened;

pub(super) struct Confirmed<'a> {
    path: PathBuf,
    files: &'a Files,
}

impl<'a> Confirmed<'a> {
    pub(super) fn new(own: &Path, opened: &'a Opened) -> Self {
        Self { path: own.join("confirmed"), files: opened.snapshot.files() }
    }

    fn line(project: &Project, address: &str) -> String {
        format!("{}\t{address}", project.environment.script_location.display())
    }

    fn text(&self) -> String {
        let disk = self.files.disk();
        if disk.stamp(&self.path).is_none() {
            return String::new();
        }
        let bytes = disk.read(&self.path).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }

    pub(super) fn knows(&self, project: &Project, address: &str) -> bool {
        let line = Self::line(project, address);
        self.text().lines().any(|known| known == line)
    }

    pub(super) fn remember(&self, project: &Project, address: &str) {
        let text = format!("{}{}\n", self.text(), Self::line(project, address));
        if let Err(error) = self.files.disk().write(&self.path, text.as_bytes()) {
            warn(&format!(
                "{} cannot be written, so it will be asked again: {error}",
                self.path.display()
            ));
        }
    }
}
