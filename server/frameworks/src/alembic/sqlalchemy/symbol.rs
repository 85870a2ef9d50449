//! External names under the many paths by which they are imported.

/// What a dotted path of SQLAlchemy or Alembic names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Known<'a> {
    /// A name of `sqlalchemy` itself, of `sqlalchemy.types`, `.schema` or `.sql`: they share names.
    Sa(&'a str),
    /// `sqlalchemy.func.a.b`: the path after `func`.
    Func(Vec<&'a str>),
    /// A name of `sqlalchemy.dialects.<dialect>`.
    Dialect(&'a str, &'a str),
    /// A directive or function of `alembic.op`.
    Op(&'a str),
    /// A name of `alembic.context`.
    Context(&'a str),
    /// Anything else.
    Other,
}

/// What a dotted path names.
pub(crate) fn known(path: &str) -> Known<'_> {
    // SQLModel's own module imports SQLAlchemy's types under this name.
    if let Some(name) = path.strip_prefix("sqlmodel.sql.sqltypes.types.") {
        return Known::Sa(name);
    }
    let mut parts = path.split('.');
    match (parts.next(), parts.next()) {
        (Some("alembic"), Some("op")) => parts.next().map_or(Known::Other, Known::Op),
        // `from alembic.operations import ops` and its kin are the extension interface.
        (Some("alembic"), Some("context")) => parts.next().map_or(Known::Other, Known::Context),
        (Some("sqlalchemy"), Some("dialects")) => match (parts.next(), parts.next_back()) {
            (Some(dialect), Some(name)) => Known::Dialect(dialect, name),
            _ => Known::Other,
        },
        (Some("sqlalchemy"), Some("orm" | "ext" | "exc" | "engine" | "event" | "pool")) => {
            Known::Other
        }
        (Some("sqlalchemy"), Some(first)) => {
            let rest: Vec<&str> = std::iter::once(first).chain(parts).collect();
            if let Some(at) = rest.iter().position(|part| matches!(*part, "func" | "functions")) {
                let path: Vec<&str> = rest.iter().skip(at + 1).copied().collect();
                let path = if path.first() == Some(&"func") {
                    path.into_iter().skip(1).collect()
                } else {
                    path
                };
                return if path.is_empty() { Known::Other } else { Known::Func(path) };
            }
            rest.last().map_or(Known::Other, |name| Known::Sa(name))
        }
        _ => Known::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_construct_under_all_its_paths() {
        for path in
            ["sqlalchemy.String", "sqlalchemy.types.String", "sqlalchemy.sql.sqltypes.String"]
        {
            assert_eq!(known(path), Known::Sa("String"), "{path}");
        }
        for path in
            ["sqlalchemy.func.now", "sqlalchemy.sql.func.now", "sqlalchemy.sql.functions.now"]
        {
            assert_eq!(known(path), Known::Func(vec!["now"]), "{path}");
        }
        assert_eq!(
            known("sqlalchemy.dialects.postgresql.base.ENUM"),
            Known::Dialect("postgresql", "ENUM")
        );
        assert_eq!(known("alembic.op.create_table"), Known::Op("create_table"));
        assert_eq!(known("sqlalchemy.orm.Session"), Known::Other);
    }
}
