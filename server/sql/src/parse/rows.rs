//! Statements that read or change rows. They leave the schema alone, unless they call a function that
//! is not the database's own, or write into its catalog.

use revline_schema::{Name, Opaque, TableName};

use super::cursor::Cursor;
use super::lexer::Kind;
use super::queries;

/// Functions of extensions that change the table named by their first string (or by the second, behind
/// a schema).
const TABLE_FUNCTIONS: &[&str] = &[
    "addgeometrycolumn",
    "add_compression_policy",
    "add_retention_policy",
    "create_distributed_table",
    "create_hypertable",
    "create_reference_table",
    "dropgeometrycolumn",
    "recovergeometrycolumn",
    "set_chunk_time_interval",
    "updategeometrysrid",
];

/// Words that stand before a parenthesis and call nothing.
const NO_CALLS: &[&str] = &[
    "ALL",
    "AND",
    "ANY",
    "ARRAY",
    "AS",
    "BETWEEN",
    "BIT",
    "BY",
    "CASE",
    "CHAR",
    "CHARACTER",
    "DECIMAL",
    "DISTINCT",
    "ELSE",
    "EXCEPT",
    "EXISTS",
    "FILTER",
    "FLOAT",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INTERSECT",
    "INTERVAL",
    "IS",
    "JOIN",
    "LATERAL",
    "LIKE",
    "ILIKE",
    "LIMIT",
    "MATERIALIZED",
    "NOT",
    "NUMERIC",
    "OFFSET",
    "ON",
    "OR",
    "OVER",
    "RETURNING",
    "ROW",
    "SELECT",
    "SETS",
    "SOME",
    "THEN",
    "TIME",
    "TIMESTAMP",
    "UNION",
    "USING",
    "VALUES",
    "VARCHAR",
    "VARYING",
    "WHEN",
    "WHERE",
    "WITH",
    "WITHIN",
];

/// Functions of the databases themselves that change no schema, beside those that begin with `pg_`,
/// `json_`, `jsonb_`, `array_`, `string_`, `regexp_`, `to_`, `date_`, `st_`.
const HARMLESS: &[&str] = &[
    "abs",
    "age",
    "avg",
    "bit_and",
    "bit_or",
    "bool_and",
    "bool_or",
    "btrim",
    "cardinality",
    "cast",
    "ceil",
    "ceiling",
    "changes",
    "char_length",
    "chr",
    "clock_timestamp",
    "coalesce",
    "col_description",
    "concat",
    "concat_ws",
    "convert_from",
    "convert_to",
    "count",
    "cume_dist",
    "current_database",
    "current_schema",
    "current_schemas",
    "current_setting",
    "currval",
    "date",
    "datetime",
    "decode",
    "dense_rank",
    "digest",
    "encode",
    "enum_first",
    "enum_last",
    "enum_range",
    "every",
    "exp",
    "extract",
    "first_value",
    "floor",
    "format",
    "format_type",
    "gen_random_bytes",
    "gen_random_uuid",
    "generate_series",
    "generate_subscripts",
    "greatest",
    "group_concat",
    "has_schema_privilege",
    "has_table_privilege",
    "hex",
    "hstore",
    "ifnull",
    "initcap",
    "instr",
    "isnull",
    "julianday",
    "lag",
    "last_insert_rowid",
    "last_value",
    "lastval",
    "lead",
    "least",
    "left",
    "length",
    "ln",
    "localtimestamp",
    "log",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_timestamp",
    "max",
    "md5",
    "min",
    "mod",
    "nextval",
    "now",
    "nth_value",
    "ntile",
    "nullif",
    "obj_description",
    "octet_length",
    "overlay",
    "percent_rank",
    "percentile_cont",
    "position",
    "pow",
    "power",
    "printf",
    "quote_ident",
    "quote_literal",
    "quote_nullable",
    "random",
    "rank",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row_number",
    "row_to_json",
    "rpad",
    "rtrim",
    "setval",
    "setweight",
    "sha256",
    "sign",
    "similarity",
    "split_part",
    "sqrt",
    "starts_with",
    "statement_timestamp",
    "strftime",
    "strpos",
    "substr",
    "substring",
    "sum",
    "timeofday",
    "timezone",
    "total",
    "to_tsvector",
    "transaction_timestamp",
    "translate",
    "treat",
    "trim",
    "trunc",
    "typeof",
    "unaccent",
    "unhex",
    "unicode",
    "unixepoch",
    "unnest",
    "upper",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuid_nil",
    "variance",
    "version",
    "width_bucket",
    "xmlelement",
    "database",
    "get_lock",
    "release_lock",
];

const HARMLESS_STARTS: &[&str] =
    &["pg_", "json_", "jsonb_", "array_", "string_", "regexp_", "to_", "date_", "st_"];

/// What a query may do beside reading.
pub(crate) enum Called {
    /// Nothing.
    Nothing,
    /// It changes this table.
    Table(TableName, Opaque),
    /// Anything.
    Anything(Opaque),
}

/// What the functions that a query calls may do.
///
/// A text that sqlparser understands is asked by its tree; any other, and one with a call that is not
/// known, word by word, which also tells where the call stands.
pub(crate) fn called(cursor: Cursor<'_>) -> Called {
    let text = cursor.source_text();
    if queries::calls_only(text.as_str(), cursor.lexis, is_harmless) == Some(true) {
        return Called::Nothing;
    }
    let mut here = cursor;
    let mut names_of_queries: Vec<String> = Vec::new();
    let mut is_qualified = false;
    let mut before = String::new();
    while let Some(token) = here.next() {
        let text = cursor.text(token);
        let lower = text.trim_matches('"').to_ascii_lowercase();
        let is_name = matches!(token.kind, Kind::Word | Kind::Quoted);
        // `WITH name (columns) AS`, `FROM … AS name (columns)`.
        if is_name && matches!(before.as_str(), "with" | "recursive" | "as") {
            names_of_queries.push(lower.clone());
        }
        if is_name && here.is_mark('(') && !(token.kind == Kind::Word && is_word_of_sql(text)) {
            let is_known = !is_qualified && is_harmless(&lower)
                || names_of_queries.contains(&lower)
                || is_definition(here);
            let is_setting = lower == "set_config" && !sets_search_path(here);
            if !is_known && !is_setting {
                let origin = cursor.source.origin(token.range);
                if TABLE_FUNCTIONS.contains(&lower.as_str())
                    && let Some(table) = named_by_argument(here)
                {
                    let why = format!("the function {text} changes this table");
                    return Called::Table(table, Opaque { why: why.into(), origin });
                }
                let why = format!("what the function {text} does is not known");
                return Called::Anything(Opaque { why: why.into(), origin });
            }
        }
        is_qualified = here.is_mark('.') && lower != "pg_catalog" && is_name
            || token.kind == Kind::Mark('.') && is_qualified;
        before = lower;
    }
    Called::Nothing
}

fn is_word_of_sql(text: &str) -> bool {
    NO_CALLS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_harmless(name: &str) -> bool {
    HARMLESS.contains(&name) || HARMLESS_STARTS.iter().any(|start| name.starts_with(start))
}

/// `name (columns) AS (`, as after WITH and its commas.
fn is_definition(mut cursor: Cursor<'_>) -> bool {
    cursor.group();
    cursor.eat(&["AS"]) && (cursor.is_mark('(') || cursor.is("MATERIALIZED") || cursor.is("NOT"))
}

/// `set_config('search_path', …)`, unless it sets what is usual.
fn sets_search_path(mut cursor: Cursor<'_>) -> bool {
    let first = cursor.group().and_then(|group| group.items().first().copied()?.string());
    first.is_none_or(|name| name.as_str() == "search_path")
}

fn named_by_argument(mut cursor: Cursor<'_>) -> Option<TableName> {
    let first = cursor.group()?.items().first().copied()?.string()?;
    let parts: Vec<&str> = first.as_str().split('.').collect();
    let name =
        |text: &str| Name { origin: first.origin, ..Name::new(text.trim_matches('"')).finalised() };
    match parts.as_slice() {
        [only] => Some(TableName::new(name(only))),
        [schema, table] => Some(TableName::in_schema(name(schema), name(table))),
        _ => None,
    }
}

/// The catalog table that a change of rows goes into, where it goes into one.
pub(crate) fn writes_catalog(mut cursor: Cursor<'_>) -> Option<Opaque> {
    cursor.next();
    while cursor.is_one_of(&["INTO", "FROM", "ONLY", "OR", "REPLACE", "IGNORE"]) {
        cursor.next();
    }
    let table = cursor.table()?;
    let name = table.name.as_str();
    let is_catalog = table.schema.as_ref().is_some_and(|schema| schema.as_str() == "pg_catalog")
        || cursor.lexis.is_postgresql && name.starts_with("pg_")
        || ["sqlite_master", "sqlite_schema"].iter().any(|own| name.eq_ignore_ascii_case(own));
    is_catalog.then(|| Opaque {
        why: format!("rows of the database's own catalog {name} are changed").into(),
        origin: table.name.origin,
    })
}
