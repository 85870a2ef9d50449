//! Values of files, found by the files' numbers: those of one environment are made in a row.

use revline_text::FileId;

/// At most one value for each file. Takes room for every number between the least and the greatest,
/// of which there are never more than paths were named.
#[derive(Clone, Debug)]
pub(crate) struct FileTable<T> {
    first: u32,
    slots: Vec<Option<T>>,
}

impl<T> Default for FileTable<T> {
    fn default() -> Self {
        Self { first: 0, slots: Vec::new() }
    }
}

impl<T> FileTable<T> {
    /// The value of each of these files; of a file that is named twice the later one.
    pub(crate) fn new(files: &[FileId], values: impl IntoIterator<Item = Option<T>>) -> Self {
        let first = files.iter().map(|file| file.0).min().unwrap_or_default();
        let last = files.iter().map(|file| file.0).max().unwrap_or_default();
        let mut table = Self { first, slots: Vec::new() };
        table.slots.resize_with((last - first) as usize + 1, || None);
        for (file, value) in files.iter().zip(values) {
            if let Some(slot) = table.slots.get_mut((file.0 - first) as usize) {
                *slot = value;
            }
        }
        table
    }

    /// The value of a file.
    pub(crate) fn get(&self, file: FileId) -> Option<&T> {
        self.slots.get(file.0.checked_sub(self.first)? as usize)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_own_value_and_others_have_none() {
        let table = FileTable::new(&[FileId(7), FileId(4)], [Some('a'), Some('b')]);
        let all: Vec<Option<&char>> = (3..9).map(|file| table.get(FileId(file))).collect();
        assert_eq!(all, [None, Some(&'b'), None, None, Some(&'a'), None]);
        assert_eq!(FileTable::<char>::new(&[], []).get(FileId(0)), None);
    }
}
