//! Constraints: `_constraint_query`, `_parse_fk`, `_check_constraint_query`.

use std::collections::BTreeMap;

use super::types::without_outer_parentheses;
use super::{Scope, patterns, unquoted};
use crate::error::Error;
use crate::live::{Check, ForeignKey, Key, Table};
use crate::session::Session;

patterns! {
    foreign = concat!(
        r#"FOREIGN KEY \((.*?)(?:, PERIOD ((?:"(?:[^"]|"")+"|[\w]+?)))?\) "#,
        r#"REFERENCES (?:((?:"(?:[^"]|"")+"|[\w]+?))\.)?((?:"(?:[^"]|"")+"|[\w]+?))"#,
        r#"\(((?:(?:"(?:[^"]|"")+"|[\w]+?)(?: *, *)?)+)(?:, PERIOD ((?:"(?:[^"]|"")+"|[\w]+?)))?\)"#,
        r"[\s]?(MATCH (FULL|PARTIAL|SIMPLE)+)?",
        r"[\s]?(?:ON (UPDATE|DELETE) (CASCADE|RESTRICT|NO ACTION|SET (?:NULL|DEFAULT)(?:\s\(.+\))?)+)?",
        r"[\s]?(?:ON (UPDATE|DELETE) (CASCADE|RESTRICT|NO ACTION|SET (?:NULL|DEFAULT)(?:\s\(.+\))?)+)?",
        r"[\s]?(DEFERRABLE|NOT DEFERRABLE)?",
        r"[\s]?(INITIALLY (DEFERRED|IMMEDIATE)+)?"
    );
    check = r"(?s)^CHECK *\((.+)\)( NO INHERIT)?( NOT VALID)?$";
}

const COMMENT: &str = "LEFT JOIN pg_catalog.pg_description d ON d.objoid = k.oid \
    AND d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass";

/// Adds the constraints to their tables.
pub(super) async fn add(
    session: &mut Session,
    scope: &Scope<'_>,
    tables: &mut BTreeMap<String, Table>,
) -> Result<(), Error> {
    unique(session, scope, tables).await?;
    let sql = scope.query(
        "c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid, true), rn.nspname, d.description",
        &format!(
            "JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' \
             LEFT JOIN pg_catalog.pg_class rc ON rc.oid = k.confrelid \
             LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace {COMMENT}"
        ),
        "c.relname, k.conname",
    );
    for row in session.ask(&sql).await? {
        let Some(table) = tables.get_mut(&row.text(0)) else { continue };
        let Some(key) = parsed(&row.text(2)) else { continue };
        let seen = key.referred_schema.or_else(|| {
            scope.schema.filter(|schema| row.get(3) == Some(*schema)).map(str::to_owned)
        });
        table.foreign_keys.push(ForeignKey {
            name: row.owned(1),
            referred_schema: seen,
            comment: row.owned(4),
            ..key
        });
    }
    let sql = scope.query(
        "c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid, true), d.description",
        &format!(
            "JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c' {COMMENT}"
        ),
        "c.relname, k.conname",
    );
    for row in session.ask(&sql).await? {
        let Some(table) = tables.get_mut(&row.text(0)) else { continue };
        let text = row.text(2);
        let found = check().captures(&text);
        let part = |index: usize| found.as_ref().and_then(|found| found.get(index));
        let mut options = BTreeMap::new();
        for (index, option) in [(2, "no_inherit"), (3, "not_valid")] {
            if part(index).is_some() {
                options.insert(option.to_owned(), "True".to_owned());
            }
        }
        let condition =
            part(1).map_or("", |condition| without_outer_parentheses(condition.as_str()));
        table.checks.push(Check {
            name: row.owned(1),
            condition: condition.to_owned(),
            comment: row.owned(3),
            options,
        });
    }
    Ok(())
}

async fn unique(
    session: &mut Session,
    scope: &Scope<'_>,
    tables: &mut BTreeMap<String, Table>,
) -> Result<(), Error> {
    let number = session.server().number.0;
    let distinct = if number >= 15 { "i.indnullsnotdistinct" } else { "false" };
    let keys = if number >= 11 { "i.indnkeyatts" } else { "i.indnatts" };
    let sql = scope.query(
        &format!(
            "c.relname, k.conname, k.contype, a.attname, p.ord > {keys}, {distinct}, d.description"
        ),
        &format!(
            "JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u') \
             JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid \
             CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY AS p(attnum, ord) \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum {COMMENT}"
        ),
        "c.relname, k.contype, k.conname, p.ord",
    );
    for row in session.ask(&sql).await? {
        let Some(table) = tables.get_mut(&row.text(0)) else { continue };
        let is_unique = row.get(2) == Some("u");
        let key = if is_unique {
            if table.unique.last().is_none_or(|key| key.name.as_deref() != row.get(1)) {
                table.unique.push(Key::default());
            }
            table.unique.last_mut()
        } else {
            Some(&mut table.primary_key)
        };
        let Some(key) = key else { continue };
        key.name = row.owned(1);
        key.comment = row.owned(6);
        if number >= 11 {
            key.options.entry("postgresql_include".to_owned()).or_default();
        }
        if is_unique {
            let said = if row.is(5) { "True" } else { "False" };
            key.options.insert("postgresql_nulls_not_distinct".to_owned(), said.to_owned());
        }
        if row.is(4) {
            let included = key.options.entry("postgresql_include".to_owned()).or_default();
            if !included.is_empty() {
                included.push('\n');
            }
            included.push_str(&row.text(3));
        } else {
            key.columns.push(row.text(3));
        }
    }
    Ok(())
}

/// What the text of a constraint says.
fn parsed(text: &str) -> Option<ForeignKey> {
    let found = foreign().captures(text)?;
    let part = |index: usize| found.get(index).map(|part| part.as_str());
    let columns = |list: Option<&str>, period: Option<&str>| -> Vec<String> {
        let list = list.unwrap_or_default().split(',').map(|name| unquoted(name.trim()));
        list.chain(period.map(unquoted)).collect()
    };
    let rule = |word: &str| {
        [(9, 10), (11, 12)]
            .into_iter()
            .find(|(key, _)| part(*key) == Some(word))
            .and_then(|(_, value)| part(value))
    };
    let given = [
        ("onupdate", rule("UPDATE")),
        ("ondelete", rule("DELETE")),
        ("initially", part(15)),
        ("deferrable", part(13).map(|word| if word == "DEFERRABLE" { "True" } else { "False" })),
        ("match", part(8)),
    ];
    let given =
        given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    Some(ForeignKey {
        columns: columns(part(1), part(2)),
        referred_schema: part(3).map(unquoted),
        referred_table: unquoted(part(4)?),
        referred_columns: columns(part(5), part(6)),
        options: given.filter(|(_, value)| value != "NO ACTION").collect(),
        ..ForeignKey::default()
    })
}
