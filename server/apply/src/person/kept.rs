//! What a person said once and is not asked again: a file of lines in their own folder.
//!
//! A file that is there and cannot be read is an error and never an empty one: it would be written
//! over, and what they said before would be lost.

use std::io;
use std::path::{Path, PathBuf};

use revline_analysis::Disk;

/// The file; nothing of it is kept in memory.
pub(super) struct Kept(PathBuf);

impl Kept {
    /// The discovered databases that they agreed to, below the folder of their own settings.
    pub(super) fn agreements(own: &Path) -> Self {
        Self(own.join("confirmed"))
    }

    /// Which of several databases they chose for an environment.
    pub(super) fn choices(own: &Path) -> Self {
        Self(own.join("chosen"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Whether this line is among them.
    pub(super) fn have(&self, disk: &dyn Disk, line: &str) -> io::Result<bool> {
        Ok(self.text(disk)?.lines().any(|known| known == line))
    }

    /// What stands behind this beginning in the lines that have it.
    pub(super) fn beginning(&self, disk: &dyn Disk, beginning: &str) -> io::Result<Vec<String>> {
        let text = self.text(disk)?;
        let ends = text.lines().filter_map(|line| line.strip_prefix(beginning));
        Ok(ends.map(str::to_owned).collect())
    }

    /// Adds a line, behind those that are there.
    pub(super) fn add(&self, disk: &dyn Disk, line: &str) -> io::Result<()> {
        let text = format!("{}{line}\n", self.text(disk)?);
        disk.write(&self.0, text.as_bytes())
    }

    /// Puts a line, or nothing, in the place of those that begin so.
    pub(super) fn replace(
        &self,
        disk: &dyn Disk,
        beginning: &str,
        line: Option<&str>,
    ) -> io::Result<()> {
        let text = self.text(disk)?;
        let others = text.lines().filter(|line| !line.starts_with(beginning));
        let lines: String = others.chain(line).map(|line| format!("{line}\n")).collect();
        if lines == text { Ok(()) } else { disk.write(&self.0, lines.as_bytes()) }
    }

    /// What is there; empty where nobody said anything yet.
    pub(super) fn text(&self, disk: &dyn Disk) -> io::Result<String> {
        let bytes = match disk.read(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            other => other?,
        };
        String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

#[cfg(test)]
mod tests {
    use revline_vfs::MemoryDisk;

    use super::*;

    fn disk(files: &[(&str, &[u8])]) -> MemoryDisk {
        MemoryDisk::new(files.iter().map(|(path, bytes)| (*path, *bytes)))
    }

    #[test]
    fn each_agreement_is_a_line_behind_the_others() {
        let disk = disk(&[]);
        let agreements = Kept::agreements(Path::new("/home/me"));
        assert!(!agreements.have(&disk, "a\tb").expect("nothing is there"));
        for line in ["a\tb", "c\td"] {
            agreements.add(&disk, line).expect("written");
        }
        assert!(agreements.have(&disk, "a\tb").expect("read"));
        assert!(!agreements.have(&disk, "a").expect("read"));
        assert_eq!(agreements.beginning(&disk, "c\t").expect("read"), ["d"]);
        assert_eq!(disk.read(agreements.path()).expect("read"), b"a\tb\nc\td\n");
    }

    #[test]
    fn a_choice_takes_the_place_of_the_one_before() {
        let disk = disk(&[]);
        let choices = Kept::choices(Path::new("/home/me"));
        let read = || disk.read(choices.path()).expect("read");
        choices.replace(&disk, "a\t", None).expect("nothing is there");
        assert!(disk.read(choices.path()).is_err(), "and nothing is made");
        for line in ["a\tdev", "b\ttest", "a\tprod"] {
            let (place, _) = line.split_once('\t').expect("two cells");
            choices.replace(&disk, &format!("{place}\t"), Some(line)).expect("written");
        }
        assert_eq!(read(), b"b\ttest\na\tprod\n");
        choices.replace(&disk, "b\t", None).expect("written");
        assert_eq!(read(), b"a\tprod\n");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_and_stays_as_it_is() {
        let disk = disk(&[("/home/me/confirmed", b"a\tb\n\xff\n")]);
        let agreements = Kept::agreements(Path::new("/home/me"));
        let kind = |error: io::Error| error.kind();
        let invalid = io::ErrorKind::InvalidData;
        assert_eq!(agreements.have(&disk, "a\tb").map_err(kind), Err(invalid));
        assert_eq!(agreements.add(&disk, "c\td").map_err(kind), Err(invalid));
        assert_eq!(disk.read(agreements.path()).expect("read"), b"a\tb\n\xff\n");
    }
}
