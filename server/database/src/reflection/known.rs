//! Live tables as the engine's own: what its guards ask, and what a batch copies.

use std::collections::BTreeMap;
use std::sync::Arc;

use revline_schema::{
    CheckConstraint, Column, Computed, Constraint, Deferral, EnumType, Execute, Expr,
    ForeignKeyConstraint, Identity, Index, IndexElement, Key, KeyConstraint, Literal, Name, Op,
    Opaque, Options, ReferenceRules, Schema, SequenceOptions, ServerDefault, SourceText, SqlType,
    Statement, Table, TableItem, TableName, TextClause, Through, TypeKind,
};
use revline_sql::Dialect;

use crate::live;

/// A schema that holds these tables and enumerations and nothing else.
pub(super) fn schema(
    tables: &[live::Table],
    enumerations: &[live::Enumeration],
    dialect: Option<&'static dyn Dialect>,
) -> Schema {
    let mut schema = Schema::empty(None);
    for one in enumerations {
        let labels = one.labels.iter().map(String::as_str);
        let known = EnumType::new(&one.name, labels);
        schema.enums.insert_mut(Key::new(one.name.as_str()), Arc::new(known));
    }
    for one in tables {
        let table = table(one, &types(one, &schema, dialect));
        schema.tables.insert_mut(Key::from(&table.name), Arc::new(table));
    }
    schema
}

/// The types of a table's columns. The dialect reads their text as it reads that of raw SQL.
fn types(
    table: &live::Table,
    schema: &Schema,
    dialect: Option<&'static dyn Dialect>,
) -> Vec<SqlType> {
    let unknown = |column: &live::Column| {
        let why = format!("which type the column {} has: {}", column.name, column.type_);
        SqlType::new(TypeKind::Opaque(Opaque::new(why)))
    };
    let reads = |column: &live::Column| {
        if column.type_ == "NULL" {
            return Some(SqlType::default());
        }
        let text = format!("CREATE TABLE a (b {})", column.type_);
        let statement =
            Statement::Text(TextClause { text: SourceText::new(text), binds: BTreeMap::new() });
        let through = Through::default();
        let op = Op::Execute(Execute { statement, through, options: Options::default() });
        let made = revline_sql::effects(&op, schema, dialect?);
        let [Op::CreateTable(made)] = made.as_slice() else { return None };
        made.items.iter().find_map(|item| match item {
            TableItem::Column(column) => Some(column.type_.clone()),
            _ => None,
        })
    };
    table.columns.iter().map(|column| reads(column).unwrap_or_else(|| unknown(column))).collect()
}

fn table(given: &live::Table, types: &[SqlType]) -> Table {
    let named = |name: &Option<String>| name.as_deref().map(Name::new);
    let names = |columns: &[String]| columns.iter().map(|name| Name::new(name.as_str())).collect();
    let key = |key: &live::Key| KeyConstraint {
        name: named(&key.name),
        columns: names(&key.columns),
        ..KeyConstraint::default()
    };
    let mut constraints = Vec::new();
    if !given.primary_key.columns.is_empty() {
        constraints.push(Constraint::PrimaryKey(key(&given.primary_key)));
    }
    constraints.extend(given.foreign_keys.iter().map(|one| {
        Constraint::ForeignKey(ForeignKeyConstraint {
            name: named(&one.name),
            columns: names(&one.columns),
            referent: TableName {
                schema: named(&one.referred_schema),
                name: Name::new(one.referred_table.as_str()),
            },
            referent_columns: names(&one.referred_columns),
            rules: rules(&one.options),
            ..ForeignKeyConstraint::default()
        })
    }));
    constraints.extend(given.unique.iter().map(|one| Constraint::Unique(key(one))));
    constraints.extend(given.checks.iter().map(|one| {
        Constraint::Check(CheckConstraint {
            name: named(&one.name),
            condition: Expr::text(one.condition.as_str()),
            deferral: Deferral::default(),
            comment: None,
            options: Options::default(),
            origin: Default::default(),
        })
    }));
    // What a constraint is kept in is no index of its own.
    let is_own = |index: &&live::Index| {
        index.duplicates_constraint.is_none()
            && !given.unique.iter().any(|key| key.duplicates_index.as_ref() == Some(&index.name))
    };
    let options = given.options.iter().filter_map(|(option, value)| {
        let value = match value.as_str() {
            "True" => Literal::Bool(true),
            "False" => Literal::Bool(false),
            _ => return None,
        };
        Some((option, value))
    });
    Table {
        name: TableName { schema: named(&given.schema), name: Name::new(given.name.as_str()) },
        columns: given
            .columns
            .iter()
            .zip(types)
            .map(|(one, type_)| Arc::new(column(one, type_, &given.primary_key)))
            .collect(),
        constraints: constraints.into_iter().map(Arc::new).collect(),
        indexes: given.indexes.iter().filter(is_own).map(|one| Arc::new(index(one))).collect(),
        comment: given.comment.as_deref().map(SourceText::new),
        options: options.fold(Options::default(), |all, (name, value)| all.with(name, value)),
        ..Table::default()
    }
}

fn column(given: &live::Column, type_: &SqlType, key: &live::Key) -> Column {
    let mut column = Column::new(given.name.as_str(), type_.clone());
    column.nullable = Some(given.nullable);
    column.primary_key = key.columns.contains(&given.name);
    column.comment = given.comment.as_deref().map(SourceText::new);
    column.server_default = if let Some(computed) = &given.computed {
        Some(ServerDefault::Computed(Computed {
            expression: Expr::text(computed.expression.as_str()),
            persisted: computed.persisted,
        }))
    } else if let Some(identity) = &given.identity {
        Some(ServerDefault::Identity(Identity {
            always: identity.always,
            on_null: None,
            sequence: SequenceOptions {
                start: Some(identity.start),
                increment: Some(identity.increment),
                minvalue: Some(identity.minimum),
                maxvalue: Some(identity.maximum),
                cycle: Some(identity.cycle),
                cache: Some(identity.cache),
                ..SequenceOptions::default()
            },
        }))
    } else {
        given.default.as_deref().map(|text| ServerDefault::Expr(Expr::text(text)))
    };
    column
}

fn rules(options: &BTreeMap<String, String>) -> ReferenceRules {
    let said = |option: &str| options.get(option).map(|text| Arc::from(text.as_str()));
    ReferenceRules {
        on_delete: said("ondelete"),
        on_update: said("onupdate"),
        match_: said("match"),
        deferral: Deferral {
            deferrable: options.get("deferrable").map(|text| text == "True"),
            initially: said("initially"),
        },
    }
}

fn index(given: &live::Index) -> Index {
    let elements = given.columns.iter().enumerate().map(|(place, column)| match column {
        Some(name) => IndexElement::Column(Name::new(name.as_str())),
        None => {
            let text = given.expressions.get(place).map_or("", String::as_str);
            IndexElement::Expr(Expr::text(text))
        }
    });
    let mut options = Options::default();
    for (option, value) in &given.options {
        if option.ends_with("_where") {
            let condition = Literal::Expr(Box::new(Expr::text(value.as_str())));
            options = options.with(option, condition);
        } else if option == "postgresql_using" {
            options = options.with(option, Literal::Str(SourceText::new(value.as_str())));
        }
    }
    Index {
        name: Some(Name::new(given.name.as_str())),
        elements: elements.collect(),
        unique: given.unique,
        options,
        ..Index::default()
    }
}
