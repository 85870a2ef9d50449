//! `MetaData(naming_convention={…})` as data, and the names it gives. Follows `sqlalchemy.sql.naming`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::constraint::{Constraint, Index, IndexElement, TableName};
use crate::name::Name;

/// Templates for names that were not given, `%(table_name)s` tokens inside, by SQLAlchemy's keys:
/// `ix`, `uq`, `ck`, `fk`, `pk`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NamingConvention {
    /// Template by key.
    pub templates: BTreeMap<Arc<str>, Arc<str>>,
}

/// What a template may ask about a constraint or index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamingSubject<'a> {
    /// `ix`, `uq`, `ck`, `fk`, `pk`.
    pub key: &'static str,
    /// The name it was given.
    pub name: Option<&'a Name>,
    /// The table.
    pub table: &'a TableName,
    /// The columns it is made of, in order.
    pub columns: Vec<&'a str>,
    /// For a foreign key: the table and columns it points to.
    pub referent: Option<(&'a str, Vec<&'a str>)>,
}

impl<'a> NamingSubject<'a> {
    /// What a constraint's name is made of; `None` for a kind that no convention names.
    pub fn of_constraint(table: &'a TableName, constraint: &'a Constraint) -> Option<Self> {
        let texts = |names: &'a [Name]| names.iter().map(Name::as_str).collect();
        let (key, columns, referent) = match constraint {
            Constraint::PrimaryKey(key) => ("pk", texts(&key.columns), None),
            Constraint::Unique(key) => ("uq", texts(&key.columns), None),
            Constraint::Check(_) => ("ck", Vec::new(), None),
            Constraint::ForeignKey(key) => (
                "fk",
                texts(&key.columns),
                Some((key.referent.name.as_str(), texts(&key.referent_columns))),
            ),
            Constraint::Exclude(_) => return None,
        };
        Some(Self { key, name: constraint.name(), table, columns, referent })
    }

    /// What an index's name is made of.
    pub fn of_index(table: &'a TableName, index: &'a Index) -> Self {
        let columns =
            index.elements.iter().filter_map(IndexElement::column).map(Name::as_str).collect();
        Self { key: "ix", name: index.name.as_ref(), table, columns, referent: None }
    }
}

/// Why a convention gives no name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NamingError {
    /// SQLAlchemy raises this sentence.
    Refused(String),
    /// The template asks for something that is not known here.
    NotUnderstood(String),
}

impl NamingConvention {
    /// The convention of a `MetaData` that was given none: `{"ix": "ix_%(column_0_label)s"}`.
    pub fn sqlalchemy_default() -> Self {
        Self::default().with("ix", "ix_%(column_0_label)s")
    }

    /// The same convention with one more template.
    #[must_use]
    pub fn with(mut self, key: &str, template: &str) -> Self {
        self.templates.insert(key.into(), template.into());
        self
    }

    /// The template for a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.templates.get(key).map(|template| &**template)
    }

    /// The name that is used: as given, or made by the convention; `None` stays unnamed.
    pub fn resolve(&self, subject: &NamingSubject<'_>) -> Result<Option<Name>, NamingError> {
        match (subject.name, self.get(subject.key)) {
            (Some(name), _) if *name == Name::none() => Ok(None),
            (Some(name), _) if name.is_final => Ok(Some(name.clone())),
            (name, Some(template)) if name.is_none() || template.contains("constraint_name") => {
                let origin = name.map(|name| name.origin).unwrap_or_default();
                let text = expand(template, subject)?;
                Ok(Some(Name { origin, ..Name::new(text).finalised() }))
            }
            (name, _) => Ok(name.cloned()),
        }
    }
}

fn expand(template: &str, subject: &NamingSubject<'_>) -> Result<String, NamingError> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
        } else if let Some((key, after)) =
            rest.strip_prefix('(').and_then(|rest| rest.split_once(")s"))
        {
            out.push_str(&token(key, subject)?);
            rest = after;
        } else {
            return Err(NamingError::NotUnderstood(format!(
                "the naming convention {template:?} is not understood"
            )));
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn token(key: &str, subject: &NamingSubject<'_>) -> Result<String, NamingError> {
    match key {
        "table_name" => return Ok(subject.table.name.text.to_string()),
        "constraint_name" => {
            return subject.name.map(|name| name.text.to_string()).ok_or_else(|| {
                NamingError::Refused(
                    "Naming convention including %(constraint_name)s token requires that \
                     constraint is explicitly named."
                        .to_owned(),
                )
            });
        }
        "referred_table_name" => {
            if let Some((table, _)) = &subject.referent {
                return Ok((*table).to_owned());
            }
        }
        _ => {}
    }
    let unknown =
        || NamingError::NotUnderstood(format!("the naming token %({key})s is not understood"));
    let (columns, rest): (&[&str], &str) = match key.strip_prefix("referred_column_") {
        Some(rest) => {
            let (_, columns) = subject.referent.as_ref().ok_or_else(unknown)?;
            (columns, rest)
        }
        None => (&subject.columns, key.strip_prefix("column_").ok_or_else(unknown)?),
    };
    let (position, attribute) = rest.split_once('_').ok_or_else(unknown)?;
    let (position, attribute, separator) = if let Some(position) = position.strip_suffix('N') {
        (position, attribute, Some(""))
    } else if let Some(attribute) = attribute.strip_prefix("N_") {
        (position, attribute, Some("_"))
    } else {
        (position, attribute, None)
    };
    let position: usize = position.parse().map_err(|_| unknown())?;
    let spell = |column: &str| match attribute {
        "name" | "key" => Ok(column.to_owned()),
        "label" => Ok(label(subject.table, column)),
        _ => Err(unknown()),
    };
    match separator {
        Some(separator) => {
            let all: Result<Vec<String>, _> = columns.iter().map(|column| spell(column)).collect();
            Ok(all?.join(separator))
        }
        None => columns.get(position).map_or(Ok(String::new()), |column| spell(column)),
    }
}

/// `<schema>_<table>_<column>`.
fn label(table: &TableName, column: &str) -> String {
    match &table.schema {
        Some(schema) if !schema.text.is_empty() => {
            format!("{}_{}_{column}", schema.text.replace('.', "_"), table.name)
        }
        _ => format!("{}_{column}", table.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, given: Option<&str>, expected: &str) {
        let convention = NamingConvention::default().with("fk", template);
        let name = given.map(Name::from);
        let table = TableName::in_schema("a.b", "t");
        let subject = NamingSubject {
            key: "fk",
            name: name.as_ref(),
            table: &table,
            columns: vec!["x", "y"],
            referent: Some(("o", vec!["p", "q"])),
        };
        let shown = match convention.resolve(&subject) {
            Ok(name) => format!("{name:?}"),
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn tokens_are_filled_in_as_sqlalchemy_does() {
        check("fk_%(table_name)s_%(column_0_name)s", None, "Some(\"fk_t_x\"!)");
        check("%(column_0N_name)s|%(column_0_N_name)s", None, "Some(\"xy|x_y\"!)");
        check("%(column_1_label)s|%(column_7_name)s", None, "Some(\"a_b_t_y|\"!)");
        check("%(referred_table_name)s_%(referred_column_0_name)s", None, "Some(\"o_p\"!)");
        check("ck_%(constraint_name)s", Some("n"), "Some(\"ck_n\"!)");
        check("fk_%(table_name)s", Some("n"), "Some(\"n\")");
        check("100%%", None, "Some(\"100%\"!)");
        check(
            "%(custom)s",
            None,
            "NotUnderstood(\"the naming token %(custom)s is not understood\")",
        );
    }
}
