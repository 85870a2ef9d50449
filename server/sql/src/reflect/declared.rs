//! The type of a column by the text it was declared with: SQLAlchemy's `_resolve_type_affinity`.

use revline_schema::{Boolean, Characters, Decimal, SqlType, Standard, TypeKind, Vendor};

use crate::print::{Halt, Print};

/// The type that a declared text is reflected as.
pub(crate) fn resolve(text: &str) -> Print<SqlType> {
    // COLLATE belongs to the column for SQLite, and is not read back.
    let upper = text.to_uppercase();
    let declared = upper.split(" COLLATE ").next().unwrap_or(&upper).trim();
    let (word, arguments) = match declared.split_once('(') {
        Some((word, rest)) => match rest.strip_suffix(')') {
            Some(arguments) => (word, Some(numbers(arguments)?)),
            None => return Err(unsure(text)),
        },
        None => (declared, None),
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ' ';
    if !word.chars().all(is_word) || word.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(unsure(text));
    }
    Ok(SqlType::new(kind(word, &arguments.unwrap_or_default()).ok_or_else(|| unsure(text))?))
}

fn unsure(text: &str) -> Halt {
    Halt::unknown(format!("which type reflection finds in {text}"))
}

fn numbers(arguments: &str) -> Print<Vec<u32>> {
    arguments
        .split(',')
        .map(|argument| argument.trim().parse().map_err(|_| unsure(arguments)))
        .collect()
}

/// Arguments that a class does not take are left out, with a warning.
fn kind(word: &str, arguments: &[u32]) -> Option<TypeKind> {
    let first = arguments.first().copied();
    let is_known = arguments.len() <= 1;
    let characters = || Characters { length: first, collation: None };
    let decimal = || Decimal { precision: first, scale: arguments.get(1).copied() };
    let standard = TypeKind::Standard;
    Some(match word {
        "BIGINT" => standard(Standard::BigInt),
        "BLOB" => standard(Standard::Blob(first)),
        "BOOL" | "BOOLEAN" => {
            return arguments.is_empty().then(|| standard(Standard::Boolean(Boolean::default())));
        }
        "CHAR" if is_known => standard(Standard::Char(characters())),
        "DATE" | "DATE_CHAR" => standard(Standard::Date),
        "DATETIME" | "DATETIME_CHAR" => standard(Standard::DateTime { timezone: false }),
        "DOUBLE" => standard(Standard::Double(decimal())),
        "DECIMAL" if arguments.len() <= 2 => standard(Standard::Decimal(decimal())),
        "FLOAT" => standard(Standard::Float(decimal())),
        "INT" | "INTEGER" => standard(Standard::Integer),
        "JSON" | "JSONB" => TypeKind::Vendor(Vendor {
            dialect: "sqlite".into(),
            name: word.into(),
            options: Default::default(),
        }),
        "NUMERIC" if arguments.len() <= 2 => standard(Standard::Numeric(decimal())),
        "REAL" => standard(Standard::Real(decimal())),
        "SMALLINT" => standard(Standard::SmallInt),
        "TEXT" if is_known => standard(Standard::Text(characters())),
        "TIME" | "TIME_CHAR" => standard(Standard::Time { timezone: false }),
        "TIMESTAMP" => standard(Standard::Timestamp { timezone: false }),
        "VARCHAR" if is_known => standard(Standard::Varchar(characters())),
        "NVARCHAR" if is_known => standard(Standard::NVarchar(characters())),
        "NCHAR" if is_known => standard(Standard::NChar(characters())),
        "CHAR" | "DECIMAL" | "NUMERIC" | "TEXT" | "VARCHAR" | "NVARCHAR" | "NCHAR" => return None,
        _ if word.contains("INT") => standard(Standard::Integer),
        _ if ["CHAR", "CLOB", "TEXT"].iter().any(|part| word.contains(part)) => {
            if !is_known {
                return None;
            }
            standard(Standard::Text(characters()))
        }
        _ if word.is_empty() || word.contains("BLOB") => TypeKind::Null,
        _ if ["REAL", "FLOA", "DOUB"].iter().any(|part| word.contains(part)) => {
            standard(Standard::Real(decimal()))
        }
        _ if arguments.len() <= 2 => standard(Standard::Numeric(decimal())),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match resolve(text) {
            Ok(type_) => format!("{:?}", type_.kind),
            Err(_) => "unsure".to_owned(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn a_declared_type_is_found_by_its_word_or_by_a_part_of_it() {
        let of = |length| format!("Characters {{ length: {length}, collation: None }}");
        check("VARCHAR(50)", &format!("Standard(Varchar({}))", of("Some(50)")));
        check("VARCHAR(5) COLLATE \"x\"", &format!("Standard(Varchar({}))", of("Some(5)")));
        check("CLOB", &format!("Standard(Text({}))", of("None")));
        check("VARBINARY(7)", "Standard(Numeric(Decimal { precision: Some(7), scale: None }))");
        check("UUID", "Standard(Numeric(Decimal { precision: None, scale: None }))");
        check("DOUBLE PRECISION", "Standard(Real(Decimal { precision: None, scale: None }))");
        check("POINT", "Standard(Integer)");
        check("ENUM('a')", "unsure");
    }
}
