//! A declared type as SQLAlchemy prints what it makes of it: `_resolve_type_affinity`, then the type compiler.

use super::patterns;

patterns! {
    declared = r"^([\w ]+)(\(.*?\))?";
    number = r"\d+";
}

/// How SQLAlchemy prints a class, and how many numbers its constructor takes.
fn class(word: &str) -> (&'static str, usize) {
    match word {
        "BIGINT" => ("BIGINT", 0),
        "BLOB" => ("BLOB", 1),
        "BOOL" | "BOOLEAN" => ("BOOLEAN", 0),
        "CHAR" => ("CHAR", 2),
        "DATE" | "DATE_CHAR" => ("DATE", 0),
        "DATETIME" | "DATETIME_CHAR" => ("DATETIME", 0),
        "DOUBLE" => ("DOUBLE", 2),
        "DECIMAL" => ("DECIMAL", 2),
        "FLOAT" => ("FLOAT", 2),
        "INT" | "INTEGER" => ("INTEGER", 0),
        "JSON" => ("JSON", 0),
        "JSONB" => ("JSONB", 0),
        "NUMERIC" => ("NUMERIC", 2),
        "REAL" => ("REAL", 2),
        "SMALLINT" => ("SMALLINT", 0),
        "TEXT" => ("TEXT", 2),
        "TIME" | "TIME_CHAR" => ("TIME", 0),
        "TIMESTAMP" => ("TIMESTAMP", 0),
        "VARCHAR" => ("VARCHAR", 2),
        "NVARCHAR" => ("NVARCHAR", 2),
        "NCHAR" => ("NCHAR", 2),
        _ if word.contains("INT") => ("INTEGER", 0),
        _ if ["CHAR", "CLOB", "TEXT"].iter().any(|part| word.contains(part)) => ("TEXT", 2),
        _ if word.is_empty() || word.contains("BLOB") => ("NULL", 0),
        _ if ["REAL", "FLOA", "DOUB"].iter().any(|part| word.contains(part)) => ("REAL", 2),
        _ => ("NUMERIC", 2),
    }
}

/// The printed type of an upper-cased declaration.
pub(super) fn reflected(text: &str) -> String {
    let found = declared().captures(text);
    let part = |index: usize| found.as_ref().and_then(|found| found.get(index));
    let word = part(1).map_or("", |word| word.as_str());
    let (printed, most) = class(word);
    let numbers: Vec<&str> = part(2).map_or_else(Vec::new, |arguments| {
        number().find_iter(arguments.as_str()).map(|number| number.as_str()).collect()
    });
    // More than the constructor takes, and SQLAlchemy warns and takes none.
    let numbers = if numbers.len() <= most { numbers.as_slice() } else { &[] };
    let numbers: Vec<&str> = numbers.iter().map(|number| trimmed(number)).collect();
    match (printed, numbers.as_slice()) {
        ("NUMERIC" | "DECIMAL", [precision, scale]) => format!("{printed}({precision}, {scale})"),
        // The binary's length and the precision of floating numbers are not printed.
        (
            "CHAR" | "TEXT" | "VARCHAR" | "NVARCHAR" | "NCHAR" | "NUMERIC" | "DECIMAL",
            [first, ..],
        ) => {
            format!("{printed}({first})")
        }
        _ => printed.to_owned(),
    }
}

/// A number as Python prints it again.
fn trimmed(digits: &str) -> &str {
    let short = digits.trim_start_matches('0');
    if short.is_empty() { "0" } else { short }
}
