//! `sa.Enum`, `postgresql.ENUM`, `mysql.ENUM`.

use std::sync::Arc;

use revline_python::value::Arguments;
use revline_python::{Value, View};
use revline_schema::{EnumFlavour, EnumType, Name, SourceText};
use revline_text::Span;

use super::super::{Matched, Read, Reader, Signature, fail};

const ENUM: Signature = Signature {
    name: "Enum",
    positional: &[],
    variadic: true,
    keywords: &[
        "name",
        "native_enum",
        "create_constraint",
        "create_type",
        "validate_strings",
        "values_callable",
        "length",
        "schema",
        "inherit_schema",
        "metadata",
        "quote",
        "collation",
        "charset",
        "omit_aliases",
    ],
};

/// What the arguments without a name say.
#[derive(Default)]
struct Given {
    values: Vec<SourceText>,
    members: Vec<Arc<str>>,
    /// The name that a Python class gives.
    class: Option<Name>,
}

impl Reader<'_> {
    /// The enumeration that a constructor makes.
    pub(super) fn enumeration(
        &self,
        arguments: &Arguments,
        flavour: EnumFlavour,
        span: Span,
    ) -> Read<EnumType> {
        let mut matched = ENUM.bind(arguments, span)?;
        matched.ignore(&["sort_key_function", "checkfirst"]);
        if matched.extra.iter().any(|keyword| &*keyword.name == "checkfirst") {
            return fail(span, "Enum() has no keyword 'checkfirst'");
        }
        let Given { values, members, class } = self.enum_values(&matched, span)?;
        let mut name = self.name_of(&matched, "name")?;
        if name.is_none() && !matched.names().iter().any(|given| &**given == "name") {
            name = class;
        }
        if let (Some(name), Some(quote)) = (&mut name, self.choice(&matched, "quote")?) {
            name.quote = Some(quote);
        }
        // The longest value bounds the column where the type is not native.
        let longest = values.iter().map(|value| value.text.chars().count()).max().unwrap_or(0);
        let length: Option<u32> = self.number(&matched, "length")?;
        if length.is_some_and(|length| (length as usize) < longest) {
            return fail(
                span,
                "When provided, length must be larger or equal than the length of the longest enum value",
            );
        }
        Ok(EnumType {
            values,
            members,
            validate_strings: self.flag(&matched, "validate_strings")?,
            name,
            schema: self.schema_of(&matched, "schema")?,
            inherit_schema: self.flag(&matched, "inherit_schema")?,
            native_enum: match flavour {
                EnumFlavour::Generic => self.default_true(&matched, "native_enum")?,
                _ => true,
            },
            create_constraint: self.flag(&matched, "create_constraint")?,
            create_type: self.default_true(&matched, "create_type")?,
            has_metadata: matched.some("metadata").is_some(),
            length,
            collation: self.name_of(&matched, "collation")?,
            flavour,
        })
    }

    fn default_true(&self, matched: &Matched<'_>, name: &str) -> Read<bool> {
        matched.get(name).map_or(Ok(true), |value| self.truth(value))
    }

    fn enum_values(&self, matched: &Matched<'_>, span: Span) -> Read<Given> {
        if let [only] = matched.rest
            && let View::Class(class) = self.view(&only.value)?
        {
            let members = self.members(&only.value)?;
            let Some(members) = members else {
                return fail(only.span, format!("{} is not an enum class", class.name));
            };
            let name = Name::at(class.name.to_lowercase(), class.name_span);
            let values = match matched.some("values_callable") {
                None => members
                    .iter()
                    .map(|(name, value)| SourceText::at(name.clone(), value.span))
                    .collect(),
                Some(callable) => self.values_of(callable, &members, span)?,
            };
            let members = members.into_iter().map(|(name, _)| name).collect();
            return Ok(Given { values, members, class: Some(name) });
        }
        if let [only] = matched.rest
            && let View::Symbol(symbol) = self.view(&only.value)?
        {
            return fail(only.span, format!("the enum class `{}` was not read", symbol.path()));
        }
        let mut values = Vec::new();
        for argument in matched.rest {
            values.push(self.text(&argument.value)?);
        }
        Ok(Given { values, ..Given::default() })
    }

    /// What `values_callable` gives. Only the usual function is understood: the members' values.
    fn values_of(
        &self,
        callable: &Value,
        members: &[(Arc<str>, Value)],
        span: Span,
    ) -> Read<Vec<SourceText>> {
        if !self.gives_member_values(callable) {
            return fail(span, "`values_callable` is not understood");
        }
        members.iter().map(|(_, value)| self.text(value)).collect()
    }

    /// Whether a function is `lambda x: [e.value for e in x]`, by its text.
    fn gives_member_values(&self, callable: &Value) -> bool {
        let View::Function(function) = self.heap.view(callable) else { return false };
        let Some(text) = function.definition.range.slice(&function.source.text) else {
            return false;
        };
        let words: Vec<&str> = text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .collect();
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let ["lambda", class, ..] = words.as_slice() else { return false };
        let Some(item) = words.get(2) else { return false };
        compact == format!("lambda{class}:[{item}.valuefor{item}in{class}]")
            || compact == format!("lambda{class}:list({item}.valuefor{item}in{class})")
    }
}
