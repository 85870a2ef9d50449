//! `file:` URIs and paths, for every platform on every platform.
//!
//! The mapping takes the platform as an argument, so that drive letters and UNC shares are tested
//! where they cannot be run. Other schemes (`git:`, `untitled:`, `vscode-notebook-cell:`) have no
//! path: their documents are not ours.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Whose paths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Platform {
    /// Linux, macOS and the like.
    Unix,
    /// Windows.
    Windows,
}

impl Platform {
    /// The platform that this program was built for.
    pub(crate) const HOST: Self = if cfg!(windows) { Self::Windows } else { Self::Unix };
}

/// The path of a `file:` URI, percent-decoded; `None` for other schemes, for a host that is not
/// local, and for what does not decode to UTF-8. On Windows a drive letter comes back in upper case,
/// so that `file:///c%3A/x` and `file:///C:/x` are one file.
pub(crate) fn to_path(uri: &str, platform: Platform) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let path = decode(path)?;
    if path.contains('\0') {
        return None;
    }
    match platform {
        Platform::Unix => {
            (host.is_empty() || host.eq_ignore_ascii_case("localhost")).then_some(path)
        }
        Platform::Windows if host.is_empty() || host.eq_ignore_ascii_case("localhost") => {
            let path = path.strip_prefix('/')?;
            let mut chars = path.chars();
            let drive = chars.next().filter(char::is_ascii_alphabetic)?;
            let rest = chars.as_str().strip_prefix(':')?;
            Some(format!("{}:{}", drive.to_ascii_uppercase(), rest.replace('/', "\\")))
        }
        Platform::Windows => Some(format!("\\\\{}{}", decode(host)?, path.replace('/', "\\"))),
    }
}

/// The `file:` URI of an absolute path.
pub(crate) fn from_path(path: &str, platform: Platform) -> String {
    match platform {
        Platform::Unix => format!("file://{}", encode(path)),
        Platform::Windows => {
            let path = path.replace('\\', "/");
            match path.strip_prefix("//") {
                Some(share) => format!("file://{}", encode(share)),
                None => match path.split_once(':') {
                    Some((drive, rest)) => {
                        format!("file:///{}%3A{}", drive.to_ascii_lowercase(), encode(rest))
                    }
                    None => format!("file:///{}", encode(&path)),
                },
            }
        }
    }
}

fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Everything but the unreserved characters and the separator of folders.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_paths_survive_the_round_trip() {
        for path in ["/a/b.py", "/a b/ä%.py", "/a#b?c/[d].py", "/日本/🦀.py"] {
            let uri = from_path(path, Platform::Unix);
            assert_eq!(to_path(&uri, Platform::Unix).as_deref(), Some(path), "{uri}");
        }
    }

    #[test]
    fn windows_drives_and_shares_are_understood() {
        let path = |uri| to_path(uri, Platform::Windows);
        assert_eq!(path("file:///c%3A/a%20b/c.py").as_deref(), Some("C:\\a b\\c.py"));
        assert_eq!(path("file:///C:/a/c.py").as_deref(), Some("C:\\a\\c.py"));
        assert_eq!(path("file://server/share/c.py").as_deref(), Some("\\\\server\\share\\c.py"));
        assert_eq!(from_path("C:\\a b\\c.py", Platform::Windows), "file:///c%3A/a%20b/c.py");
        assert_eq!(
            from_path("\\\\server\\share\\c.py", Platform::Windows),
            "file://server/share/c.py"
        );
    }

    #[test]
    fn other_schemes_and_broken_uris_have_no_path() {
        for uri in [
            "git:/a.py?ref=HEAD",
            "untitled:Untitled-1",
            "file://host/a",
            "file:///%ff",
            "file:///a%00",
        ] {
            assert_eq!(to_path(uri, Platform::Unix), None, "{uri}");
        }
    }
}
