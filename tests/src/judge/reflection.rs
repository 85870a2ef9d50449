//! Simulated tables beside reflected ones: names, columns in their order, nullability, types as the
//! dialect spells them, keys, unique constraints, foreign keys and indexes.
//!
//! Not compared: server defaults, whose text each database rewrites, CHECK constraints, which SQLite does
//! not reflect by name, comments, collations, which are not part of a reflected type's spelling, the
//! names that a database makes for what has none, and expressions of indexes, which an inspector tells
//! as no column. PostgreSQL spells FLOAT(1) to FLOAT(24) as REAL, and FLOAT alone and up to FLOAT(53) as
//! DOUBLE PRECISION (its manual, «Floating-Point Types»); for both databases FLOAT and DOUBLE PRECISION
//! are one type. Of several foreign keys or UNIQUEs of SQLite over the same columns SQLAlchemy tells the
//! first one alone (`get_foreign_keys`, `get_unique_constraints`), although the database has them all,
//! and its indexes over expressions not at all (`get_indexes`). A declared type that it has no class for is
//! told by SQLite's affinity (`_resolve_type_affinity`). An element of an index that was given as text is a
//! column where it is a column's name with an operator class or an order behind it. A column whose type Revline
//! says it does not know is not certain.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What a comparison says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All is as reflected.
    Equal,
    /// Revline says that something may be different.
    Uncertain,
    /// The first thing that is not.
    Different(String),
}

/// Compares reflected tables with the object of `revline schema --json`.
pub fn compare(reflected: &Value, simulated: &Value, dialect: &str) -> Verdict {
    if simulated["certain"] != true {
        return Verdict::Uncertain;
    }
    let theirs = by_name(reflected);
    let ours = by_name(&simulated["tables"]);
    if let Some(name) = theirs.keys().find(|name| !ours.contains_key(*name)) {
        return Verdict::Different(format!("table {name}: reflected, not simulated"));
    }
    if let Some(name) = ours.keys().find(|name| !theirs.contains_key(*name)) {
        return Verdict::Different(format!("table {name}: simulated, not reflected"));
    }
    let mut known = true;
    for (name, table) in &theirs {
        let own = ours.get(name).copied().unwrap_or(&Value::Null);
        let own = &as_told(own, dialect);
        for (part, read) in PARTS {
            let (mut theirs, ours) = (read(table), read(own));
            if part == "columns" {
                known &= forget_unknown_types(&mut theirs, &ours);
            } else {
                forget_made_names(&mut theirs, &ours);
            }
            if theirs != ours {
                let only = |one: &[String], other: &[String]| -> Vec<String> {
                    one.iter().filter(|line| !other.contains(line)).cloned().collect()
                };
                let (one, other) = (only(&theirs, &ours), only(&ours, &theirs));
                let said = if one.is_empty() && other.is_empty() {
                    "another order".to_owned()
                } else {
                    format!("reflected {}, simulated {}", one.join(" | "), other.join(" | "))
                };
                return Verdict::Different(format!("table {name}: {part}: {said}"));
            }
        }
    }
    if known { Verdict::Equal } else { Verdict::Uncertain }
}

/// A simulated table as SQLAlchemy's inspector tells it.
fn as_told(table: &Value, dialect: &str) -> Value {
    let mut told = table.clone();
    if dialect == "sqlite" {
        let names: Vec<String> = table["columns"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|column| text(&column["name"]).to_owned())
            .collect();
        let is_column =
            |name: &Value| name.as_str().is_some_and(|name| names.iter().any(|one| one == name));
        if let Some(indexes) = told.get_mut("indexes").and_then(Value::as_array_mut) {
            indexes.retain(|index| {
                index["columns"].as_array().is_none_or(|columns| columns.iter().all(is_column))
            });
        }
        let parts = [
            ("unique", &["columns"] as &[&str]),
            ("foreign_keys", &["columns", "referred_table", "referred_columns"]),
        ];
        for (part, says) in parts {
            let mut seen = BTreeSet::new();
            if let Some(keys) = told.get_mut(part).and_then(Value::as_array_mut) {
                keys.retain(|key| {
                    let said: Vec<String> =
                        says.iter().map(|name| key[*name].to_string()).collect();
                    seen.insert(said)
                });
            }
        }
    }
    let columns = told.get_mut("columns").and_then(Value::as_array_mut);
    for column in columns.into_iter().flatten() {
        let Some(spelled) = column["type"].as_str() else { continue };
        let type_ = match dialect {
            "postgresql" => told_by_postgresql(spelled),
            _ => told_by_affinity(spelled),
        };
        if let Some(type_) = type_ {
            column["type"] = type_.into();
        }
    }
    told
}

/// PostgreSQL's own name of a type, where it has another one.
fn told_by_postgresql(spelled: &str) -> Option<String> {
    let bits = spelled.strip_prefix("FLOAT(").and_then(|rest| rest.strip_suffix(')'));
    if let Some(bits) = bits.and_then(|bits| bits.parse::<u32>().ok()) {
        return Some(if bits < 25 { "REAL" } else { "DOUBLE PRECISION" }.to_owned());
    }
    let rest = spelled.strip_prefix("DECIMAL").or_else(|| spelled.strip_prefix("decimal"))?;
    (rest.is_empty() || rest.starts_with('(')).then(|| format!("NUMERIC{rest}"))
}

/// What SQLAlchemy tells of a type of SQLite for which it has no class.
fn told_by_affinity(spelled: &str) -> Option<String> {
    const CLASSES: [&str; 26] = [
        "BIGINT",
        "BLOB",
        "BOOL",
        "BOOLEAN",
        "CHAR",
        "DATE",
        "DATE_CHAR",
        "DATETIME",
        "DATETIME_CHAR",
        "DOUBLE",
        "DECIMAL",
        "FLOAT",
        "INT",
        "INTEGER",
        "JSON",
        "JSONB",
        "NUMERIC",
        "REAL",
        "SMALLINT",
        "TEXT",
        "TIME",
        "TIME_CHAR",
        "TIMESTAMP",
        "VARCHAR",
        "NVARCHAR",
        "NCHAR",
    ];
    let spelled = spelled.split(" COLLATE ").next().unwrap_or_default();
    let (name, arguments) = match spelled.split_once('(') {
        Some((name, rest)) => (name, format!("({rest}")),
        None => (spelled, String::new()),
    };
    let name = name.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if CLASSES.contains(&name.as_str()) {
        return None;
    }
    Some(if has(&["INT"]) {
        "INTEGER".to_owned()
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        format!("TEXT{arguments}")
    } else if has(&["BLOB"]) || name.is_empty() {
        "NULL".to_owned()
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        "REAL".to_owned()
    } else {
        format!("NUMERIC{arguments}")
    })
}

/// Takes the type from a reflected column, where it is simulated as one of a type that is not known;
/// whether every type is known.
fn forget_unknown_types(theirs: &mut [String], ours: &[String]) -> bool {
    let mut known = true;
    for (their, our) in theirs.iter_mut().zip(ours) {
        let Some((name, _)) = our.split_once(UNKNOWN) else { continue };
        known = false;
        let same_column = their.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
        let same_null = their.ends_with("NOT NULL") == our.ends_with("NOT NULL");
        if same_column && same_null {
            their.clone_from(our);
        }
    }
    known
}

/// Where the type of a column would stand.
const UNKNOWN: &str = " ? ";

/// Takes the name from what is reflected with one, where the same is simulated without.
fn forget_made_names(theirs: &mut [String], ours: &[String]) {
    let mut nameless: Vec<&String> = ours.iter().filter(|line| line.starts_with(UNNAMED)).collect();
    for line in theirs.iter_mut() {
        let Some((_, rest)) = line.split_once(" (") else { continue };
        let without = format!("{UNNAMED} ({rest}");
        if !ours.contains(line)
            && let Some(at) = nameless.iter().position(|one| **one == without)
        {
            nameless.remove(at);
            *line = without;
        }
    }
    theirs.sort();
}

const UNNAMED: &str = "unnamed";

type Read = fn(&Value) -> Vec<String>;

const PARTS: [(&str, Read); 5] = [
    ("columns", columns),
    ("primary key", primary_key),
    ("unique constraints", |table| keys(&table["unique"])),
    ("foreign keys", foreign_keys),
    ("indexes", indexes),
];

fn by_name(tables: &Value) -> BTreeMap<&str, &Value> {
    let all = tables.as_array().into_iter().flatten();
    all.filter_map(|table| Some((table["name"].as_str()?, table))).collect()
}

fn columns(table: &Value) -> Vec<String> {
    let all = table["columns"].as_array().into_iter().flatten();
    all.map(|column| {
        let nullable = if column["nullable"] == true { "NULL" } else { "NOT NULL" };
        let spelled = column["type"].as_str().unwrap_or("?").to_uppercase().replace(", ", ",");
        let spelled = spelled.split(" COLLATE ").next().unwrap_or_default();
        let spelled = if spelled == "FLOAT" { "DOUBLE PRECISION" } else { spelled };
        format!("{} {spelled} {nullable}", text(&column["name"]))
    })
    .collect()
}

fn primary_key(table: &Value) -> Vec<String> {
    let columns = list(&table["primary_key"]["columns"]);
    if columns.is_empty() { Vec::new() } else { vec![columns] }
}

fn keys(keys: &Value) -> Vec<String> {
    let all = keys.as_array().into_iter().flatten();
    let mut lines: Vec<String> =
        all.map(|key| format!("{} ({})", text(&key["name"]), list(&key["columns"]))).collect();
    lines.sort();
    lines
}

fn foreign_keys(table: &Value) -> Vec<String> {
    let all = table["foreign_keys"].as_array().into_iter().flatten();
    let mut lines: Vec<String> = all
        .map(|key| {
            let rule = |name: &str| match key[name].as_str() {
                Some(rule) if rule != "NO ACTION" => format!(" {name} {}", rule.to_uppercase()),
                _ => String::new(),
            };
            format!(
                "{} ({}) to {} ({}){}{}",
                text(&key["name"]),
                list(&key["columns"]),
                text(&key["referred_table"]),
                list(&key["referred_columns"]),
                rule("ondelete"),
                rule("onupdate"),
            )
        })
        .collect();
    lines.sort();
    lines
}

fn indexes(table: &Value) -> Vec<String> {
    let names: Vec<&str> = table["columns"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|column| column["name"].as_str())
        .collect();
    let is_column = |name: &&str| names.contains(name);
    let all = table["indexes"].as_array().into_iter().flatten();
    let mut lines: Vec<String> = all
        .map(|index| {
            let unique = if index["unique"] == true { "unique " } else { "" };
            let columns: Vec<&str> = index["columns"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|name| {
                    let text = name.as_str().unwrap_or_default();
                    let column = Some(text).filter(is_column);
                    column.or_else(|| keyed(text).filter(is_column)).unwrap_or("<expression>")
                })
                .collect();
            format!("{unique}{} ({})", text(&index["name"]), columns.join(", "))
        })
        .collect();
    lines.sort();
    lines
}

/// The column of an element of an index that says its operator class or order: `a text_ops DESC`.
fn keyed(element: &str) -> Option<&str> {
    let (name, rest) = element.trim().split_once(' ')?;
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ' ';
    rest.chars().all(is_word).then_some(name)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or(UNNAMED)
}

fn list(names: &Value) -> String {
    let all = names.as_array().into_iter().flatten();
    all.map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_is_compared_part_by_part() {
        let table = |kind: &str| json!([{ "name": "t", "columns": [{ "name": "a", "type": kind, "nullable": true }] }]);
        let ours = |kind: &str| json!({ "certain": true, "tables": table(kind) });
        assert_eq!(compare(&table("INTEGER"), &ours("integer"), "sqlite"), Verdict::Equal);
        let Verdict::Different(what) = compare(&table("INTEGER"), &ours("TEXT"), "sqlite") else {
            panic!("it is different");
        };
        assert_eq!(what, "table t: columns: reflected a INTEGER NULL, simulated a TEXT NULL");
        assert_eq!(
            compare(&table("TEXT"), &json!({ "certain": false }), "sqlite"),
            Verdict::Uncertain
        );
        assert!(matches!(compare(&json!([]), &ours("TEXT"), "sqlite"), Verdict::Different(_)));
    }

    #[test]
    fn a_type_that_is_not_known_is_not_certain_and_hides_no_other_difference() {
        let table = |kind: Value, nullable: bool| {
            let column = |name: &str, kind: Value, nullable: bool| json!({ "name": name, "type": kind, "nullable": nullable });
            let columns = [column("a", kind, nullable), column("b", json!("FLOAT"), true)];
            let indexes = [json!({ "name": "i", "columns": ["lower(a)", "b"], "unique": false })];
            json!([{ "name": "t", "columns": columns, "indexes": indexes }])
        };
        let mut theirs = table(json!("TEXT"), true);
        theirs[0]["columns"][1]["type"] = json!("DOUBLE PRECISION");
        theirs[0]["indexes"][0]["columns"] = json!([null, "b"]);
        let ours = |kind: Value, nullable: bool| json!({ "certain": true, "tables": table(kind, nullable) });
        assert_eq!(compare(&theirs, &ours(json!("TEXT"), true), "postgresql"), Verdict::Equal);
        assert_eq!(compare(&theirs, &ours(Value::Null, true), "postgresql"), Verdict::Uncertain);
        assert!(matches!(
            compare(&theirs, &ours(Value::Null, false), "postgresql"),
            Verdict::Different(_)
        ));
        theirs[0]["indexes"][0]["columns"] = json!(["a", "b"]);
        let different = compare(&theirs, &ours(json!("TEXT"), true), "postgresql");
        assert!(matches!(different, Verdict::Different(_)));
    }

    #[test]
    fn a_name_that_the_database_makes_is_no_difference_but_another_name_is() {
        let table = |name: Value| json!([{ "name": "t", "unique": [{ "name": name, "columns": ["a", "b"] }] }]);
        let ours = |name: Value| json!({ "certain": true, "tables": table(name) });
        assert_eq!(
            compare(&table(json!("t_a_b_key")), &ours(Value::Null), "sqlite"),
            Verdict::Equal
        );
        let different = compare(&table(json!("x")), &ours(json!("y")), "sqlite");
        assert!(matches!(different, Verdict::Different(_)));
    }

    #[test]
    fn what_an_inspector_tells_otherwise_than_the_database_has_it_is_no_difference() {
        let key = |name: &str| json!({ "name": name, "columns": ["a"], "referred_table": "u", "referred_columns": ["id"] });
        let table = |keys: Value| json!([{ "name": "t", "foreign_keys": keys }]);
        let ours = json!({ "certain": true, "tables": table(json!([key("x"), key("y")])) });
        assert_eq!(compare(&table(json!([key("x")])), &ours, "sqlite"), Verdict::Equal);
        assert!(matches!(
            compare(&table(json!([key("y")])), &ours, "sqlite"),
            Verdict::Different(_)
        ));
        assert!(matches!(
            compare(&table(json!([key("x")])), &ours, "postgresql"),
            Verdict::Different(_)
        ));
        let index = json!([{ "name": "t", "columns": [], "indexes": [{ "name": "i", "columns": ["lower(a)"] }] }]);
        let simulated = json!({ "certain": true, "tables": index });
        let reflected = json!([{ "name": "t", "columns": [] }]);
        assert_eq!(compare(&reflected, &simulated, "sqlite"), Verdict::Equal);
        let float = |spelled: &str| json!([{ "name": "t", "columns": [{ "name": "a", "type": spelled, "nullable": true }] }]);
        let ours = |spelled: &str| json!({ "certain": true, "tables": float(spelled) });
        let verdict = |theirs: &str, own: &str| compare(&float(theirs), &ours(own), "postgresql");
        assert_eq!(verdict("DOUBLE PRECISION", "FLOAT(25)"), Verdict::Equal);
        assert_eq!(verdict("REAL", "FLOAT(24)"), Verdict::Equal);
        assert!(matches!(verdict("REAL", "FLOAT(25)"), Verdict::Different(_)));
    }

    #[test]
    fn a_type_is_compared_as_an_inspector_tells_it() {
        let table = |kind: &str| json!([{ "name": "t", "columns": [{ "name": "a", "type": kind, "nullable": true }] }]);
        let verdict = |theirs: &str, own: &str, dialect: &str| {
            let ours = json!({ "certain": true, "tables": table(own) });
            compare(&table(theirs), &ours, dialect) == Verdict::Equal
        };
        for (theirs, own) in [
            ("NUMERIC", "UUID"),
            ("NUMERIC(16)", "BINARY(16)"),
            ("TEXT", "CITEXT"),
            ("INTEGER", "MEDIUMINT"),
            ("JSON", "JSON"),
            ("VARCHAR(5)", "VARCHAR(5)"),
        ] {
            assert!(verdict(theirs, own, "sqlite"), "{own}");
        }
        assert!(!verdict("NUMERIC", "CHAR(32)", "sqlite"));
        assert!(verdict("NUMERIC(10, 2)", "DECIMAL(10, 2)", "postgresql"));
        assert!(!verdict("NUMERIC(10, 2)", "DECIMAL", "postgresql"));
        assert!(!verdict("NUMERIC", "UUID", "postgresql"));
    }

    #[test]
    fn an_element_with_an_operator_class_is_its_column_and_an_expression_is_none() {
        let table = |element: Value| {
            let index = json!({ "name": "i", "columns": [element], "unique": false });
            json!([{ "name": "t", "columns": [{ "name": "a", "type": "TEXT", "nullable": true }], "indexes": [index] }])
        };
        let verdict = |theirs: Value, own: &str| {
            let ours = json!({ "certain": true, "tables": table(json!(own)) });
            compare(&table(theirs), &ours, "postgresql") == Verdict::Equal
        };
        assert!(verdict(json!("a"), "a text_pattern_ops DESC"));
        assert!(verdict(Value::Null, "a || 'x'"));
        assert!(!verdict(json!("a"), "lower(a)"));
    }
}
