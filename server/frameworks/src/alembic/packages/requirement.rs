//! One requirement: `SQLAlchemy[asyncio]==2.0.36 ; python_version > "3.9"  # a comment`.

/// A package, and the version where the requirement settles it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Requirement {
    /// Normalised: `cx-oracle`.
    pub(super) name: String,
    /// The one version that is admitted, or the newest series below the upper bound of SQLAlchemy.
    pub(super) version: Option<String>,
}

/// A name as package indexes compare it.
pub(super) fn normalised(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

impl Requirement {
    /// The requirement of a line; `None` for options, comments, URLs and what is no requirement.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let line = line.split(" #").next().unwrap_or_default();
        let line = line.split(';').next().unwrap_or_default().trim().trim_end_matches('\\').trim();
        if line.starts_with(['#', '-', '.', '/']) {
            return None;
        }
        let line = line.split(" --").next().unwrap_or_default();
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = line.find(|c: char| !word(c)).unwrap_or(line.len());
        let (name, rest) = line.split_at_checked(end)?;
        if name.is_empty() {
            return None;
        }
        let rest = rest.trim_start();
        let bounds = match rest.strip_prefix('[') {
            Some(extras) => extras.split_once(']')?.1,
            None => rest,
        };
        Some(Self::of(name, bounds.trim().trim_matches(['(', ')'])))
    }

    /// A package with its bounds, as tables of dependencies give them.
    pub(super) fn of(name: &str, bounds: &str) -> Self {
        Self { name: normalised(name), version: settled(bounds) }
    }
}

/// The version that bounds settle: an exact one, `~=` with a patch number, or for an upper bound
/// below the next series the series under it, since installers take the newest.
fn settled(bounds: &str) -> Option<String> {
    let bounds = bounds.trim();
    // Poetry and Pipenv write an exact version bare.
    if bounds.starts_with(|c: char| c.is_ascii_digit()) && !bounds.contains([',', '<', '>', '*']) {
        return Some(bounds.to_owned());
    }
    let mut below = None;
    for bound in bounds.split(',').map(str::trim) {
        let bare = |text: &str| text.trim().trim_end_matches(".*").to_owned();
        if let Some(exact) = bound.strip_prefix("===").or(bound.strip_prefix("==")) {
            return Some(bare(exact));
        }
        if let Some(version) = bound.strip_prefix("~=").or(bound.strip_prefix('~')) {
            let version = bare(version);
            if version.split('.').count() >= 3 {
                return Some(version);
            }
        } else if let Some(version) = bound.strip_prefix("<=") {
            below = Some(bare(version));
        } else if let Some(version) = bound.strip_prefix('<') {
            below = Some(under(&bare(version))?);
        }
    }
    below
}

/// The series under a bound of SQLAlchemy's: below 2.1 lies 2.0, below 2 lies 1.4. Of any other
/// bound nothing is said.
fn under(bound: &str) -> Option<String> {
    let plain = bound.trim_end_matches(['a', 'b', '0', '.', 'd', 'e', 'v', 'r', 'c']);
    match plain {
        "2.1" => Some("2.0".to_owned()),
        "2" => Some("1.4".to_owned()),
        _ if bound.starts_with("2.0.") => Some("2.0".to_owned()),
        _ => None,
    }
}
