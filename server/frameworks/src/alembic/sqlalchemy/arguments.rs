//! Arguments of a call matched with the parameters of a signature, as Python does it.

use std::sync::Arc;

use revline_python::Value;
use revline_python::value::{Argument, Arguments, Keyword};
use revline_text::Span;

use super::{Read, fail, opaque};

/// The parameters of a Python callable.
pub(crate) struct Signature {
    /// Its name, for messages.
    pub(crate) name: &'static str,
    /// Parameters that may be given by position, in order; also by name.
    pub(crate) positional: &'static [&'static str],
    /// Whether `*args` follows.
    pub(crate) variadic: bool,
    /// Parameters that are given by name alone. Any other keyword is left in [`Matched::extra`].
    pub(crate) keywords: &'static [&'static str],
}

/// The arguments of one call by parameter.
pub(crate) struct Matched<'a> {
    given: Vec<(&'static str, &'a Value, Span)>,
    /// What went into `*args`.
    pub(crate) rest: &'a [Argument],
    /// Keywords that the signature does not name.
    pub(crate) extra: Vec<&'a Keyword>,
}

impl Signature {
    /// Matches; an error where Python would raise `TypeError` or arguments are not known.
    pub(crate) fn bind<'a>(&self, arguments: &'a Arguments, span: Span) -> Read<Matched<'a>> {
        if let Some(unknown) = &arguments.unknown {
            return Err(opaque(unknown));
        }
        let (named, rest) = match arguments.positional.split_at_checked(self.positional.len()) {
            Some(parts) => parts,
            None => (arguments.positional.as_slice(), [].as_slice()),
        };
        if let (Some(first), false) = (rest.first(), self.variadic) {
            let (most, name) = (self.positional.len(), self.name);
            return fail(first.span, format!("{name}() takes at most {most} positional arguments"));
        }
        let mut given: Vec<(&'static str, &Value, Span)> = self
            .positional
            .iter()
            .zip(named)
            .map(|(name, argument)| (*name, &argument.value, argument.span))
            .collect();
        let mut extra = Vec::new();
        for keyword in &arguments.keywords {
            let parameter =
                self.positional.iter().chain(self.keywords).find(|name| ***name == *keyword.name);
            match parameter {
                Some(name) if given.iter().any(|(other, ..)| other == name) => {
                    return fail(
                        span,
                        format!("{}() got multiple values for argument '{name}'", self.name),
                    );
                }
                Some(name) => given.push((name, &keyword.value, keyword.span)),
                None => extra.push(keyword),
            }
        }
        Ok(Matched { given, rest, extra })
    }
}

impl<'a> Matched<'a> {
    /// The argument of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.given.iter().find(|(other, ..)| *other == name).map(|(_, value, _)| *value)
    }

    /// The argument of a parameter unless it is `None`.
    pub(crate) fn some(&self, name: &str) -> Option<&'a Value> {
        self.get(name).filter(|value| !value.is_none())
    }

    /// The argument of a parameter that has no default.
    pub(crate) fn need(&self, callee: &str, name: &str, span: Span) -> Read<&'a Value> {
        match self.get(name) {
            Some(value) => Ok(value),
            None => fail(span, format!("{callee}() is missing the argument '{name}'")),
        }
    }

    /// An error where a keyword was given that Python would reject.
    pub(crate) fn no_extra(&self, callee: &str) -> Read<()> {
        match self.extra.first() {
            Some(keyword) => {
                fail(keyword.name_span, format!("{callee}() has no keyword '{}'", keyword.name))
            }
            None => Ok(()),
        }
    }

    /// Takes keywords out of [`Matched::extra`] that have no effect on SQL.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        self.extra.retain(|keyword| !names.contains(&&*keyword.name));
    }

    /// The place of a keyword argument, name and value.
    pub(crate) fn place(keyword: &Keyword) -> Span {
        if keyword.name_span.file == keyword.span.file {
            Span::new(keyword.span.file, keyword.name_span.range.cover(keyword.span.range))
        } else {
            keyword.span
        }
    }

    /// The names of the parameters given.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        self.given.iter().map(|(name, ..)| Arc::from(*name)).collect()
    }
}
