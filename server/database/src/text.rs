//! Names and strings in SQL text: statements go unprepared, so what stands in them is quoted here.

use crate::address::Backend;

/// A string literal that every session mode of the server reads alike.
pub(crate) fn literal(backend: Backend, text: &str) -> String {
    match backend {
        Backend::Sqlite => format!("'{}'", text.replace('\'', "''")),
        // With E, a backslash means the same whatever `standard_conforming_strings` says.
        Backend::Postgresql => format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
        // Neither NO_BACKSLASH_ESCAPES nor ANSI_QUOTES changes a hexadecimal literal.
        Backend::Mysql => {
            let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            format!("_utf8mb4 x'{digits}'")
        }
    }
}

/// A quoted identifier.
pub(crate) fn identifier(backend: Backend, name: &str) -> String {
    match backend {
        Backend::Sqlite | Backend::Postgresql => format!("\"{}\"", name.replace('"', "\"\"")),
        Backend::Mysql => format!("`{}`", name.replace('`', "``")),
    }
}

/// A quoted identifier with its schema.
pub(crate) fn qualified(backend: Backend, schema: Option<&str>, name: &str) -> String {
    let name = identifier(backend, name);
    match schema {
        Some(schema) => format!("{}.{name}", identifier(backend, schema)),
        None => name,
    }
}

/// FNV-1a: the same in every build of Revline, as two of them may lock against each other.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
