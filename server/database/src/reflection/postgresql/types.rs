//! What `format_type` prints, as SQLAlchemy prints what it makes of it: `_reflect_type`, then the type compiler.

use std::collections::BTreeMap;

use revline_schema::Name;
use revline_sql::{Cx, Mode, Settings};

use super::{closing, patterns};
use crate::address::Backend;
use crate::error::Error;
use crate::live::Enumeration;
use crate::session::Session;

patterns! {
    arguments = r"\((.*)\)";
    dimensions = r"((?:\[\])*)$";
}

/// Types with names of their own, by the parts of the name as a column's type shows it.
#[derive(Debug, Default)]
pub(super) struct Named {
    enumerations: Vec<(bool, Enumeration)>,
    domains: BTreeMap<Vec<String>, Domain>,
}

/// A domain as far as a column of it shows it.
#[derive(Debug)]
pub(super) struct Domain {
    pub(super) default: Option<String>,
    pub(super) not_null: bool,
    /// What it is printed as.
    printed: String,
}

impl Named {
    pub(super) async fn load(session: &mut Session) -> Result<Self, Error> {
        let mut named = Self::default();
        let sql = "SELECT t.typname, pg_catalog.pg_type_is_visible(t.oid), n.nspname, e.enumlabel \
             FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
             LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid WHERE t.typtype = 'e' \
             ORDER BY n.nspname, t.typname, e.enumsortorder";
        for row in session.ask(sql).await? {
            let (name, schema) = (row.text(0), row.owned(2));
            let is_same =
                |(_, known): &(bool, Enumeration)| known.name == name && known.schema == schema;
            if !named.enumerations.last().is_some_and(is_same) {
                let enumeration = Enumeration { schema, name, labels: Vec::new() };
                named.enumerations.push((row.is(1), enumeration));
            }
            if let (Some((_, last)), Some(label)) = (named.enumerations.last_mut(), row.owned(3)) {
                last.labels.push(label);
            }
        }
        let sql = "SELECT t.typname, pg_catalog.pg_type_is_visible(t.oid), n.nspname, t.typdefault, t.typnotnull \
             FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
             WHERE t.typtype = 'd' ORDER BY n.nspname, t.typname";
        for row in session.ask(sql).await? {
            let (name, is_visible, schema) = (row.text(0), row.is(1), row.text(2));
            let domain = Domain {
                default: row.owned(3),
                not_null: row.is(4),
                printed: printed((!is_visible).then_some(schema.as_str()), &name),
            };
            let key = if is_visible { vec![name] } else { vec![schema, name] };
            named.domains.insert(key, domain);
        }
        Ok(named)
    }

    /// Those of a schema, or those seen without one.
    pub(super) fn enumerations(&self, schema: Option<&str>) -> Vec<Enumeration> {
        self.enumerations
            .iter()
            .filter(|(is_visible, one)| match schema {
                Some(schema) => one.schema.as_deref() == Some(schema),
                None => *is_visible,
            })
            .map(|(_, one)| one.clone())
            .collect()
    }

    /// The domain that a column's type is.
    pub(super) fn domain(&self, format_type: &str) -> Option<&Domain> {
        if word(format_type).is_some() {
            return None;
        }
        self.domains.get(&parts(format_type))
    }

    /// The printed type; `NULL` for one that SQLAlchemy does not know.
    pub(super) fn reflected(
        &self,
        format_type: &str,
        collation: Option<(&str, Option<&str>)>,
    ) -> String {
        let given: Vec<&str> = arguments()
            .captures(format_type)
            .and_then(|found| found.get(1))
            .map(|list| list.as_str().split(',').map(str::trim).collect())
            .unwrap_or_default();
        let is_array = format_type.ends_with("[]");
        let plain = arguments().replace_all(format_type, "");
        let plain = dimensions().replace(&plain, "").into_owned();
        let Some(item) = self.item(&plain, &given, collation) else { return "NULL".to_owned() };
        match item.find(" COLLATE") {
            _ if !is_array => item,
            Some(at) => format!(
                "{}[]{}",
                item.get(..at).unwrap_or_default(),
                item.get(at..).unwrap_or_default()
            ),
            None => format!("{item}[]"),
        }
    }

    fn item(
        &self,
        plain: &str,
        given: &[&str],
        collation: Option<(&str, Option<&str>)>,
    ) -> Option<String> {
        let precision = || match given {
            [one] => format!("({one})"),
            _ => String::new(),
        };
        let collated = || {
            collation.map_or_else(String::new, |(name, schema)| {
                format!(" COLLATE {}", printed(schema, name))
            })
        };
        if plain == "interval" || plain.starts_with("interval ") {
            let fields = plain.strip_prefix("interval").unwrap_or_default();
            let precision = precision();
            let blank = if precision.is_empty() { "" } else { " " };
            return Some(format!("INTERVAL{fields}{blank}{precision}"));
        }
        Some(match plain {
            "numeric" => match given {
                [precision, scale] => format!("NUMERIC({precision}, {scale})"),
                _ => "NUMERIC".to_owned(),
            },
            "timestamp with time zone" => format!("TIMESTAMP{} WITH TIME ZONE", precision()),
            "timestamp without time zone" => format!("TIMESTAMP{} WITHOUT TIME ZONE", precision()),
            "time with time zone" => format!("TIME{} WITH TIME ZONE", precision()),
            "time without time zone" => format!("TIME{} WITHOUT TIME ZONE", precision()),
            "bit varying" => format!("BIT VARYING{}", precision()),
            "bit" => format!("BIT({})", given.first().unwrap_or(&"1")),
            "character varying" => format!("VARCHAR{}{}", precision(), collated()),
            "character" => format!("CHAR{}{}", precision(), collated()),
            "\"char\"" | "name" => format!("VARCHAR{}", collated()),
            "text" => format!("TEXT{}", collated()),
            "citext" => "CITEXT".to_owned(),
            _ => match word(plain) {
                Some(word) => word.to_owned(),
                None => return self.own(plain),
            },
        })
    }

    /// An enumeration or a domain.
    fn own(&self, plain: &str) -> Option<String> {
        let parts = parts(plain);
        let found = self.enumerations.iter().find(|(is_visible, one)| {
            let key = if *is_visible {
                vec![one.name.clone()]
            } else {
                vec![one.schema.clone().unwrap_or_default(), one.name.clone()]
            };
            key == parts
        });
        if let Some((is_visible, one)) = found {
            let schema = one.schema.as_deref().filter(|_| !is_visible);
            return Some(printed(schema, &one.name));
        }
        self.domains.get(&parts).map(|domain| domain.printed.clone())
    }
}

/// How the other types of `ischema_names` are printed.
fn word(plain: &str) -> Option<&'static str> {
    Some(match plain.to_lowercase().as_str() {
        "integer" => "INTEGER",
        "bigint" => "BIGINT",
        "smallint" => "SMALLINT",
        "float" => "FLOAT",
        "real" => "REAL",
        "double precision" => "DOUBLE PRECISION",
        "boolean" => "BOOLEAN",
        "date" => "DATE",
        "time" => "TIME WITHOUT TIME ZONE",
        "timestamp" => "TIMESTAMP WITHOUT TIME ZONE",
        "bytea" => "BYTEA",
        "uuid" => "UUID",
        "json" => "JSON",
        "jsonb" => "JSONB",
        "hstore" => "HSTORE",
        "inet" => "INET",
        "cidr" => "CIDR",
        "macaddr" => "MACADDR",
        "macaddr8" => "MACADDR8",
        "money" => "MONEY",
        "oid" => "OID",
        "regclass" => "REGCLASS",
        "regconfig" => "REGCONFIG",
        "tsvector" => "TSVECTOR",
        "tsquery" => "TSQUERY",
        "int4range" => "INT4RANGE",
        "int8range" => "INT8RANGE",
        "numrange" => "NUMRANGE",
        "daterange" => "DATERANGE",
        "tsrange" => "TSRANGE",
        "tstzrange" => "TSTZRANGE",
        "int4multirange" => "INT4MULTIRANGE",
        "int8multirange" => "INT8MULTIRANGE",
        "nummultirange" => "NUMMULTIRANGE",
        "datemultirange" => "DATEMULTIRANGE",
        "tsmultirange" => "TSMULTIRANGE",
        "tstzmultirange" => "TSTZMULTIRANGE",
        _ => return None,
    })
}

/// A name with its schema, quoted where SQLAlchemy quotes it.
fn printed(schema: Option<&str>, name: &str) -> String {
    let settings = Settings::default();
    let quoted = |name: &str| match revline_sql::dialect(Backend::Postgresql.dialect()) {
        Some(dialect) => {
            Cx { dialect, settings: &settings, mode: Mode::Execute }.quote(&Name::new(name))
        }
        None => name.to_owned(),
    };
    match schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(name)),
        None => quoted(name),
    }
}

/// `quoted_token_parser`: the parts of a dotted name.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, parts.last_mut()) {
            ('"', Some(part)) => {
                if is_quoted && characters.next_if_eq(&'"').is_some() {
                    part.push('"');
                } else {
                    is_quoted = !is_quoted;
                }
            }
            ('.', _) if !is_quoted => parts.push(String::new()),
            (c, Some(part)) => part.push(c),
            (_, None) => {}
        }
    }
    parts
}

/// One layer of parentheses around the whole.
pub(super) fn without_outer_parentheses(text: &str) -> &str {
    let inner = text.trim();
    let is_wrapped = inner.starts_with('(') && closing(inner, 0) == Some(inner.len() - 1);
    if is_wrapped { inner.get(1..inner.len() - 1).unwrap_or(text) } else { text }
}
