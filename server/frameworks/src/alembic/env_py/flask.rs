//! What an application hands to Flask-Migrate: `Migrate(app, db, version_table=…)` and
//! `migrate.init_app(…)` become the keywords of `context.configure`, by `flask_migrate.Migrate` 4.1.

use std::collections::BTreeSet;

use revline_python::Source;
use revline_text::{Range, Span};

/// The reason for what `current_app.extensions['migrate'].configure_args` holds, which
/// [`MigrateCalls`] may know.
pub const CONFIGURE_ARGS: &str = "the application hands it to `Migrate`";

/// Keywords with their values as they are written.
type Said = Vec<(String, String, Span)>;

/// What is handed over for a keyword.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handed<'a> {
    /// Nothing: Alembic's default holds.
    Nothing,
    /// This, as it is written.
    This(&'a str, Span),
    /// Nobody knows.
    Unknown,
}

/// What the modules of an application hand over, as far as it is read.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct MigrateCalls {
    keywords: Said,
    /// Whether a module makes a `Migrate`.
    is_made: bool,
    /// The names that one is bound to.
    names: BTreeSet<String>,
    /// Calls of `init_app`: whose, and what they say; nothing where they spread a mapping.
    inits: Vec<(String, Option<Said>)>,
    /// Something that reading calls does not follow.
    unclear: bool,
}

impl MigrateCalls {
    /// Whether a module has to be read.
    pub fn concerns(text: &str) -> bool {
        text.contains("flask_migrate")
            || text.contains(".init_app(")
            || text.contains("alembic_ctx_kwargs")
    }

    /// Reads a module.
    pub fn read(&mut self, source: &Source) {
        let text = &*source.text;
        self.unclear |= ["alembic_ctx_kwargs", "(Migrate)", "configure_args"]
            .iter()
            .any(|word| text.contains(word));
        let spelled = |range: Range| range.slice(text).unwrap_or_default();
        let whole = source.span().range;
        let imports = source.imports();
        let mut own: Vec<&str> = imports
            .iter()
            .filter(|import| import.path == "flask_migrate.Migrate")
            .map(|import| &*import.binds)
            .collect();
        if text.contains("flask_migrate") {
            // A function may import it for itself.
            own.push("Migrate");
        }
        for assignment in source.assignments() {
            let value = spelled(assignment.value_range);
            if own.iter().any(|name| value.starts_with(&format!("{name}("))) {
                self.names.insert(assignment.name.to_string());
            }
        }
        for (callee, range) in source.calls(whole) {
            let said = source.keywords(range).map(|keywords| {
                let told = |(name, value): (String, Range)| {
                    (name, spelled(value).to_owned(), source.at(value))
                };
                keywords.into_iter().map(told).collect::<Said>()
            });
            if own.contains(&callee.as_str()) || callee.ends_with("flask_migrate.Migrate") {
                self.is_made = true;
                match said {
                    Some(said) => self.keywords.extend(said),
                    None => self.unclear = true,
                }
            } else if let Some(receiver) = callee.strip_suffix(".init_app") {
                let last = receiver.rsplit('.').next().unwrap_or_default();
                self.inits.push((last.to_owned(), said));
            }
        }
    }

    /// What is handed over for a keyword.
    pub fn keyword(&self, name: &str) -> Handed<'_> {
        if !self.is_made || self.unclear {
            return Handed::Unknown;
        }
        let is_own = |receiver: &str| {
            self.names.contains(receiver) || receiver.to_lowercase().contains("migrat")
        };
        let mut found: Vec<&(String, String, Span)> = self.keywords.iter().collect();
        for (receiver, said) in &self.inits {
            match said {
                // Nobody else's extension takes these keywords.
                Some(said) => found.extend(said),
                None if is_own(receiver) => return Handed::Unknown,
                None => {}
            }
        }
        let mut values = found.into_iter().filter(|(known, ..)| known == name);
        let Some((_, first, span)) = values.next() else { return Handed::Nothing };
        if values.any(|(_, value, _)| value != first) {
            return Handed::Unknown;
        }
        Handed::This(first, *span)
    }
}

/// The text of a literal without escapes: `'public'`.
pub fn literal(written: &str) -> Option<&str> {
    let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['\\', '"', '\'', '\n'])).then_some(inner)
}

#[cfg(test)]
mod tests {
    use revline_text::FileId;

    use super::*;

    fn read(modules: &[&str]) -> MigrateCalls {
        let mut calls = MigrateCalls::default();
        for (text, id) in modules.iter().zip(1..) {
            calls.read(&Source::parse(FileId(id), (*text).into()));
        }
        calls
    }

    fn table(modules: &[&str]) -> String {
        match read(modules).keyword("version_table") {
            Handed::Nothing => "nothing".to_owned(),
            Handed::This(written, _) => written.to_owned(),
            Handed::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn keywords_are_read_wherever_an_application_hands_them_over() {
        let import = "from flask_migrate import Migrate\n";
        let with = |rest: &str| format!("{import}{rest}");
        assert_eq!(table(&[&with("Migrate(app, db)")]), "nothing");
        assert_eq!(
            table(&[&with("def create():\n    Migrate(app, db, version_table='v')")]),
            "'v'"
        );
        let elsewhere = "from ext import migrate\nmigrate.init_app(app, db, version_table=\"w\")";
        assert_eq!(table(&[&with("migrate = Migrate()"), elsewhere]), "\"w\"");
        let other = "cache.init_app(app, **options)";
        assert_eq!(table(&[&with("migrate = Migrate()"), other]), "nothing");
    }

    #[test]
    fn what_cannot_be_followed_is_not_known() {
        let import = "from flask_migrate import Migrate\n";
        let with = |rest: &str| format!("{import}{rest}");
        assert_eq!(table(&[]), "unknown", "nobody makes one");
        assert_eq!(table(&[&with("Migrate(app, db, **options)")]), "unknown");
        let spread = "from ext import m\nm.init_app(app, **options)";
        assert_eq!(table(&[&with("m = Migrate()"), spread]), "unknown");
        assert_eq!(table(&[&with("class Own(Migrate):\n    pass\nMigrate()")]), "unknown");
        let late = "ext.migrate.alembic_ctx_kwargs['version_table'] = 'v'";
        assert_eq!(table(&[&with("migrate = Migrate()"), late]), "unknown");
        let two = "Migrate(a, db, version_table='v')\nMigrate(b, db, version_table='w')";
        assert_eq!(table(&[&with(two)]), "unknown");
    }

    #[test]
    fn a_literal_is_a_text_without_escapes() {
        assert_eq!(literal("'public'"), Some("public"));
        assert_eq!(literal("\"a b\""), Some("a b"));
        for written in ["name", "'a\\n'", "f'{x}'", "'a' 'b'", "", "'"] {
            assert_eq!(literal(written), None, "{written}");
        }
    }
}
