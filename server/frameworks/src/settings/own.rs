//! A person's own settings, outside every repository: `revline/config.toml` in the folder where the
//! platform keeps such things. They hold what no repository may say: which hosts are allowed.

use std::path::{Path, PathBuf};

use revline_text::{Range, Span};
use revline_vfs::Files;

use super::database::Whose;
use super::reader::Reader;
use super::{Settings, SettingsDefect};
use crate::tree::parse_toml;

/// Where configuration is kept depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Platform {
    /// Linux and the other Unixes.
    Unix,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// The platform that this program was built for.
    pub const fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Unix
        }
    }
}

/// The folder of a person's own settings; `None` where the environment names no home.
pub fn own_folder(
    platform: Platform,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = match platform {
        // What is not absolute is to be ignored, says the specification of these folders.
        Platform::Unix => set("XDG_CONFIG_HOME")
            .filter(|path| path.has_root())
            .or_else(|| Some(set("HOME")?.join(".config")))?,
        Platform::MacOs => set("HOME")?.join("Library/Application Support"),
        Platform::Windows => set("APPDATA")?,
    };
    Some(folder.join("revline"))
}

/// The file of a person's own settings in their folder.
pub fn own_file(folder: &Path) -> PathBuf {
    folder.join("config.toml")
}

/// The settings of a person's own file; empty where there is no such file.
pub fn load_own(files: &Files, folder: &Path) -> (Settings, Vec<SettingsDefect>) {
    let path = own_file(folder);
    if files.disk().stamp(&path).is_none() {
        return (Settings::default(), Vec::new());
    }
    let file = files.id(&path);
    let text = match files.text(file) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("Your own settings cannot be read: {error}.");
            let span = Some(Span::new(file, Range::empty(0)));
            return (Settings::default(), vec![SettingsDefect { span, message }]);
        }
    };
    let (tree, broken) = parse_toml(file, text.as_str());
    let mut reader = Reader { whose: Whose::Person, ..Reader::default() };
    reader.defects.extend(
        broken
            .into_iter()
            .map(|defect| SettingsDefect { span: Some(defect.span), message: defect.message }),
    );
    for entry in tree.entries() {
        reader.entry(entry);
    }
    (reader.settings, reader.defects)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use revline_vfs::MemoryDisk;

    use super::*;

    #[test]
    fn each_platform_has_its_folder() {
        let variables = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            "APPDATA" => Some("C:\\Users\\ada\\AppData\\Roaming".to_owned()),
            "XDG_CONFIG_HOME" => Some("relative".to_owned()),
            _ => None,
        };
        let of = |platform| own_folder(platform, &variables).unwrap();
        assert_eq!(of(Platform::Unix), Path::new("/home/ada/.config/revline"));
        assert_eq!(of(Platform::MacOs), Path::new("/home/ada/Library/Application Support/revline"));
        assert_eq!(
            of(Platform::Windows),
            Path::new("C:\\Users\\ada\\AppData\\Roaming").join("revline")
        );
        assert_eq!(own_folder(Platform::Unix, &|_| None), None);
    }

    #[test]
    fn hosts_are_allowed_in_a_persons_own_file() {
        let disk = MemoryDisk::new([("/own/config.toml", "[database]\nallow = ['db']\n")]);
        let files = Files::new(Arc::new(disk));
        let (settings, defects) = load_own(&files, Path::new("/own"));
        assert_eq!((settings.database.allow, defects), (vec!["db".to_owned()], vec![]));
        let (settings, defects) = load_own(&files, Path::new("/nowhere"));
        assert_eq!((settings, defects), (Settings::default(), vec![]));
    }
}
