//! Names that a naming convention gives, as printing meets them.

use revline_schema::{Name, NamingConvention, NamingError, NamingSubject};

use crate::print::{Cx, Halt, Print};

/// The name that is printed: as given, or made by the convention; `None` stays unnamed.
pub(crate) fn resolve(cx: Cx<'_>, subject: &NamingSubject<'_>) -> Print<Option<Name>> {
    let resolved = match &cx.settings.naming_convention {
        Some(convention) => convention.resolve(subject),
        None => NamingConvention::sqlalchemy_default().resolve(subject),
    };
    resolved.map_err(|error| match error {
        NamingError::Refused(sentence) => Halt::Refused(sentence),
        NamingError::NotUnderstood(why) => Halt::unknown(why),
    })
}
