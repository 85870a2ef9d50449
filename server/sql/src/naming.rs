//! Names that a naming convention gives to constraints and indexes. Follows `sqlalchemy.sql.naming`.

use revline_schema::{Name, NamingConvention, TableName};

use crate::print::{Cx, Halt, Print};

/// What a template may ask about a constraint.
pub(crate) struct Subject<'a> {
    /// `ix`, `uq`, `ck`, `fk`, `pk`.
    pub(crate) key: &'static str,
    /// The name it was given.
    pub(crate) name: Option<&'a Name>,
    /// The table.
    pub(crate) table: &'a TableName,
    /// The columns it is made of, in order.
    pub(crate) columns: Vec<&'a str>,
    /// For a foreign key: the table and columns it points to.
    pub(crate) referent: Option<(&'a str, Vec<&'a str>)>,
}

/// The name that is printed: as given, or made by the convention; `None` stays unnamed.
pub(crate) fn resolve(cx: Cx<'_>, subject: &Subject<'_>) -> Print<Option<Name>> {
    let default;
    let convention = match &cx.settings.naming_convention {
        Some(convention) => convention,
        None => {
            default = NamingConvention::sqlalchemy_default();
            &default
        }
    };
    let template = convention.get(subject.key);
    match (subject.name, template) {
        (Some(name), _) if name.is_final => Ok(Some(name.clone())),
        (name, Some(template)) if name.is_none() || template.contains("constraint_name") => {
            let origin = name.map(|name| name.origin).unwrap_or_default();
            let text = expand(template, subject)?;
            Ok(Some(Name { origin, ..Name::new(text).finalised() }))
        }
        (name, _) => Ok(name.cloned()),
    }
}

fn expand(template: &str, subject: &Subject<'_>) -> Print {
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
            return Err(Halt::unknown(format!(
                "the naming convention {template:?} is not understood"
            )));
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn token(key: &str, subject: &Subject<'_>) -> Print {
    match key {
        "table_name" => return Ok(subject.table.name.text.to_string()),
        "constraint_name" => {
            return subject.name.map(|name| name.text.to_string()).ok_or_else(|| {
                Halt::Refused(
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
    let unknown = || Halt::unknown(format!("the naming token %({key})s is not known"));
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
            let all: Print<Vec<String>> = columns.iter().map(|column| spell(column)).collect();
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
