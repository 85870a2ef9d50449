//! PostgreSQL, as SQLAlchemy's and Alembic's PostgreSQL dialects print it.

mod words;

use std::fmt::Write as _;

use revline_schema::{
    AlterColumn, ArrayType, CheckConstraint, Column, Constraint, EnumFlavour, EnumType,
    ExcludeConstraint, Expr, Given, Index, KeyConstraint, Literal, Options, ServerDefault,
    SqlType, Standard, TableName, TypeKind, Vendor,
};

use words::{BUILT_IN_TYPES, RESERVED};

use super::{Dialect, Facts};
use crate::index::Making;
use crate::build::{BuiltColumn, BuiltTable, Piece};
use crate::expr::Scope;
use crate::print::{Cx, Halt, Print};
use crate::render::Renderer;
use crate::types;
use crate::{alter, ddl, identifier, index, literal};

/// The dialect.
pub(super) struct Sql;

static FACTS: Facts = Facts {
    name: "postgresql",
    reserved: RESERVED,
    max_identifier: 63,
    supports_alter: true,
    comments: true,
    native_boolean: true,
    native_enum: true,
    native_uuid: true,
    identity_columns: true,
    transactional_ddl: true,
    returns_new_keys: true,
    terminator: ";",
    booleans: ("true", "false"),
    type_compiler: "sqlalchemy.dialects.postgresql.base.PGTypeCompiler",
};

impl Dialect for Sql {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn type_text(&self, cx: Cx<'_>, type_: &SqlType) -> Print {
        let kind = types::resolve(cx, type_);
        Ok(match kind {
            TypeKind::Float(decimal) | TypeKind::Standard(Standard::Float(decimal)) => {
                match decimal.precision {
                    None | Some(0) => "FLOAT".to_owned(),
                    Some(precision) => format!("FLOAT({precision})"),
                }
            }
            TypeKind::Double(_) => "DOUBLE PRECISION".to_owned(),
            TypeKind::LargeBinary(_) | TypeKind::PickleType => "BYTEA".to_owned(),
            TypeKind::DateTime { timezone } => moment("TIMESTAMP", None, *timezone),
            TypeKind::Standard(Standard::Timestamp { timezone }) => moment("TIMESTAMP", None, *timezone),
            TypeKind::Time { timezone } | TypeKind::Standard(Standard::Time { timezone }) => {
                moment("TIME", None, *timezone)
            }
            TypeKind::Interval(interval) if interval.native => match interval.second_precision {
                None => "INTERVAL".to_owned(),
                Some(precision) => format!("INTERVAL ({precision})"),
            },
            TypeKind::Interval(_) => moment("TIMESTAMP", None, false),
            TypeKind::Json | TypeKind::Standard(Standard::Json) => "JSON".to_owned(),
            TypeKind::Enum(enum_) if enum_.native_enum || enum_.flavour != EnumFlavour::Generic => {
                enum_name(cx, enum_)?
            }
            TypeKind::Array(array) => return array_text(self, cx, array),
            TypeKind::Vendor(vendor) => return vendor_text(cx, vendor),
            other => return types::generic(cx, other),
        })
    }

    fn ilike(&self, left: &str, right: &str, negated: bool) -> String {
        format!("{left} {}ILIKE {right}", if negated { "NOT " } else { "" })
    }

    fn division(&self, left: &str, right: &str, by_integer: bool) -> Option<String> {
        by_integer.then(|| format!("{left} / CAST({right} AS NUMERIC)"))
    }

    fn limit(&self, limit: Option<&str>, offset: Option<&str>) -> String {
        let mut text = String::new();
        match (limit, offset) {
            (Some(limit), _) => {
                let _ = write!(text, " \n LIMIT {limit}");
            }
            (None, Some(_)) => text.push_str("\n LIMIT ALL"),
            (None, None) => {}
        }
        if let Some(offset) = offset {
            let _ = write!(text, " OFFSET {offset}");
        }
        text
    }

    fn column_spec(&self, cx: Cx<'_>, _table: &BuiltTable, column: &BuiltColumn) -> Print {
        let given = &column.column;
        let mut text = cx.quote(&given.name);
        let is_identity = matches!(given.server_default, Some(ServerDefault::Identity(_)));
        let has_default = given.default.is_some()
            || given.sequence.as_ref().is_some_and(|sequence| !sequence.optional);
        if column.primary_key && column.counts && !is_identity && !has_default {
            text.push_str(match types::resolve(cx, &given.type_) {
                TypeKind::BigInteger | TypeKind::Standard(Standard::BigInt) => " BIGSERIAL",
                TypeKind::SmallInteger | TypeKind::Standard(Standard::SmallInt) => " SMALLSERIAL",
                TypeKind::Vendor(vendor) if &*vendor.name == "BIGINT" => " BIGSERIAL",
                TypeKind::Vendor(vendor) if &*vendor.name == "SMALLINT" => " SMALLSERIAL",
                TypeKind::Opaque(opaque) => return Err(opaque.clone().into()),
                _ => " SERIAL",
            });
        } else {
            let _ = write!(text, " {}", self.type_text(cx, &given.type_)?);
            if let Some(default) = ddl::default_text(cx, given.server_default.as_ref())? {
                let _ = write!(text, " DEFAULT {default}");
            }
        }
        let has_identity = ddl::push_generated(cx, given.server_default.as_ref(), &mut text)?;
        match (column.nullable, has_identity) {
            (false, false) => text.push_str(" NOT NULL"),
            (true, true) => text.push_str(" NULL"),
            _ => {}
        }
        Ok(text)
    }

    fn computed(&self, cx: Cx<'_>, expression: &Expr, persisted: Option<bool>) -> Print {
        if !types::is_v2_0(cx) {
            return ddl::computed(cx, expression, persisted);
        }
        if persisted == Some(false) {
            return Err(Halt::Refused(
                "PostrgreSQL computed columns do not support 'virtual' persistence; set the \
                 'persisted' flag to None or True for PostgreSQL support."
                    .to_owned(),
            ));
        }
        ddl::computed(cx, expression, Some(true))
    }

    fn table_options(&self, cx: Cx<'_>, table: &BuiltTable) -> Print {
        let mut text = String::new();
        let given = |option: &str| table.options.given(option);
        let plain = |option: &str| -> Print<Option<String>> {
            match given(option) {
                None => Ok(None),
                Some(value) => match value.as_str() {
                    Some("") => Ok(None),
                    Some(value) => Ok(Some(value.to_owned())),
                    None => Err(Halt::unknown(format!("the value of {option} is not known"))),
                },
            }
        };
        if let Some(inherits) = given("postgresql_inherits") {
            let names = match inherits {
                Literal::Str(name) => vec![name.as_str().into()],
                list => index::names(list)?,
            };
            let _ = write!(text, "\n INHERITS ({})", ddl::columns(cx, &names));
        }
        if let Some(by) = plain("postgresql_partition_by")? {
            let _ = write!(text, "\n PARTITION BY {by}");
        }
        if let Some(using) = plain("postgresql_using")? {
            let _ = write!(text, "\n USING {using}");
        }
        if let Some(with) = storage(given("postgresql_with"))? {
            let _ = write!(text, "\n WITH ({with})");
        }
        match given("postgresql_with_oids") {
            Some(Literal::Bool(true)) => text.push_str("\n WITH OIDS"),
            Some(Literal::Bool(false)) => text.push_str("\n WITHOUT OIDS"),
            _ => {}
        }
        if let Some(on_commit) = plain("postgresql_on_commit")? {
            let _ = write!(text, "\n ON COMMIT {}", on_commit.replace('_', " ").to_uppercase());
        }
        if let Some(tablespace) = plain("postgresql_tablespace")? {
            let _ = write!(text, "\n TABLESPACE {}", identifier::quote_str(cx, &tablespace));
        }
        Ok(text)
    }

    fn constraint(&self, cx: Cx<'_>, table: &BuiltTable, piece: &Piece) -> Print<Option<String>> {
        let not_valid = |options: &Options| {
            if options.is_set("postgresql_not_valid") { " NOT VALID" } else { "" }
        };
        let Piece::Constraint(constraint) = piece else {
            return ddl::constraint(cx, table, piece).map(Some);
        };
        Ok(Some(match constraint {
            Constraint::PrimaryKey(key) => format!(
                "{}PRIMARY KEY ({}){}{}",
                ddl::preamble(cx, key.name.as_ref())?,
                ddl::columns(cx, &key.columns),
                include(cx, &key.options)?,
                ddl::deferral(&key.deferral)?
            ),
            Constraint::Unique(key) => unique(cx, key)?,
            Constraint::Check(check) => check_text(cx, check, not_valid(&check.options))?,
            Constraint::ForeignKey(key) => {
                let referent = identifier::table(cx, &key.referent);
                format!("{}{}", ddl::foreign_key(cx, key, &referent)?, not_valid(&key.options))
            }
            Constraint::Exclude(exclude) => self::exclude(cx, exclude)?,
        }))
    }

    fn create_index(
        &self,
        cx: Cx<'_>,
        table: &TableName,
        index: &Index,
        making: Making,
    ) -> Print {
        let options = &index.options;
        let mut text = "CREATE ".to_owned();
        if index.unique {
            text.push_str("UNIQUE ");
        }
        text.push_str("INDEX ");
        if options.is_set("postgresql_concurrently") {
            text.push_str("CONCURRENTLY ");
        }
        if making.if_not_exists() {
            text.push_str("IF NOT EXISTS ");
        }
        let name = crate::index::name(cx, index, "CREATE")?;
        let _ = write!(text, "{name} ON {} ", identifier::table(cx, table));
        if let Some(using) = options.given("postgresql_using").filter(|v| v.truth() != Some(false)) {
            let using = using
                .as_str()
                .ok_or_else(|| Halt::unknown("the value of postgresql_using is not known"))?;
            let _ = write!(text, "USING {} ", method(using)?);
        }
        let classes = operator_classes(options.given("postgresql_ops"))?;
        let mut elements = Vec::new();
        for element in &index.elements {
            let mut printed = crate::index::element(cx, element, true)?;
            let key = crate::index::element_key(element, making);
            if let Some((_, class)) = classes.iter().find(|(column, _)| Some(*column) == key) {
                let _ = write!(printed, " {class}");
            }
            elements.push(printed);
        }
        let _ = write!(text, "({}){}", elements.join(", "), include(cx, options)?);
        match options.get("postgresql_nulls_not_distinct") {
            Some(Literal::Bool(true)) => text.push_str(" NULLS NOT DISTINCT"),
            Some(Literal::Bool(false)) => text.push_str(" NULLS DISTINCT"),
            _ => {}
        }
        if let Some(with) = storage(options.given("postgresql_with"))? {
            let _ = write!(text, " WITH ({with})");
        }
        if let Some(tablespace) = options.given("postgresql_tablespace").and_then(Literal::as_str) {
            let _ = write!(text, " TABLESPACE {}", identifier::quote_str(cx, tablespace));
        }
        if let Some(condition) = options.given("postgresql_where") {
            let _ = write!(text, " WHERE {}", crate::index::condition(cx, condition)?);
        }
        Ok(text)
    }

    fn drop_index(&self, name: &str, options: &Options, if_exists: bool) -> String {
        let concurrently =
            if options.is_set("postgresql_concurrently") { "CONCURRENTLY " } else { "" };
        let exists = if if_exists { "IF EXISTS " } else { "" };
        format!("DROP INDEX {concurrently}{exists}{name}")
    }

    fn alter_column(&self, render: &mut Renderer<'_>, op: &AlterColumn) -> Print<()> {
        let using = op.options.given("postgresql_using");
        if using.is_some() && op.type_.is_none() {
            return Err(Halt::Refused(
                "postgresql_using must be used with the type_ parameter".to_owned(),
            ));
        }
        let cx = render.cx;
        if let Some(type_) = &op.type_ {
            let using = match using {
                None => String::new(),
                Some(value) => match value.as_str() {
                    Some("") => String::new(),
                    Some(text) => format!("USING {text}"),
                    None => return Err(Halt::unknown("the value of postgresql_using is not known")),
                },
            };
            let type_ = self.type_text(cx, type_)?;
            render.sql(format!("{} TYPE {type_} {using}", alter::head(cx, op)));
        }
        alter::alter_default_and_name(render, op)
    }

    fn alter_comment(&self, cx: Cx<'_>, op: &AlterColumn) -> Print {
        let comment = match &op.comment {
            Given::Some(text) => literal::string(cx, text.as_str()),
            Given::None | Given::Absent => "NULL".to_owned(),
        };
        Ok(format!(
            "COMMENT ON COLUMN {}.{} IS {comment}",
            identifier::altered_table(cx, &op.table),
            cx.quote(&op.column)
        ))
    }

    fn alter_identity(&self, cx: Cx<'_>, op: &AlterColumn) -> Print {
        let head = alter::head(cx, op);
        let old = match &op.existing_server_default {
            Given::Some(ServerDefault::Identity(identity)) => Some(identity),
            _ => None,
        };
        match (&op.server_default, old) {
            (Given::None, _) => Ok(format!("{head} DROP IDENTITY")),
            (Given::Some(ServerDefault::Identity(new)), None)
                if !matches!(op.existing_server_default, Given::Some(_)) =>
            {
                Ok(format!("{head} ADD {}", ddl::identity(new)))
            }
            (Given::Some(ServerDefault::Identity(new)), Some(old)) => {
                if old.sequence != new.sequence {
                    return Err(Halt::unknown("how this identity is altered is not known"));
                }
                let always = if new.always { "ALWAYS" } else { "BY DEFAULT" };
                let change = if old.always == new.always { "" } else { always };
                if change.is_empty() {
                    return Err(Halt::unknown("this identity does not change"));
                }
                Ok(format!("{head} SET GENERATED {change}"))
            }
            _ => Err(Halt::unknown("how this default becomes an identity is not known")),
        }
    }

    fn before_table<'a>(&self, cx: Cx<'_>, column: &'a Column) -> Option<&'a EnumType> {
        let mut kind = types::resolve(cx, &column.type_);
        if let TypeKind::Array(array) = kind {
            kind = types::resolve(cx, &array.item);
        }
        match kind {
            TypeKind::Enum(enum_)
                if enum_.create_type
                    && enum_.flavour != EnumFlavour::Mysql
                    && (enum_.native_enum || enum_.flavour == EnumFlavour::Postgresql) =>
            {
                Some(enum_)
            }
            _ => None,
        }
    }

    fn create_type(&self, cx: Cx<'_>, enum_: &EnumType) -> Print<Option<String>> {
        let values: Vec<_> =
            enum_.values.iter().map(|value| literal::string(cx, value.as_str())).collect();
        Ok(Some(format!("CREATE TYPE {} AS ENUM ({})", enum_name(cx, enum_)?, values.join(", "))))
    }

    fn drop_type(&self, cx: Cx<'_>, enum_: &EnumType) -> Print<Option<String>> {
        Ok(Some(format!("DROP TYPE {}", enum_name(cx, enum_)?)))
    }

    fn version_returning(&self, table: &str) -> String {
        format!(" RETURNING {table}.version_num")
    }
}

fn moment(name: &str, precision: Option<u32>, timezone: bool) -> String {
    let precision = precision.map(|precision| format!("({precision})")).unwrap_or_default();
    format!("{name}{precision} {} TIME ZONE", if timezone { "WITH" } else { "WITHOUT" })
}

fn enum_name(cx: Cx<'_>, enum_: &EnumType) -> Print {
    let Some(name) = enum_.name.as_ref().filter(|name| !name.text.is_empty()) else {
        return Err(Halt::Refused("PostgreSQL ENUM type requires a name.".to_owned()));
    };
    if enum_.inherit_schema {
        return Err(Halt::unknown("which schema this type inherits is not known"));
    }
    match &enum_.schema {
        Some(schema) => Ok(format!("{}.{}", cx.quote(schema), cx.quote(name))),
        None if BUILT_IN_TYPES.contains(&name.as_str()) => {
            let values: Vec<_> =
                enum_.values.iter().map(|value| identifier::python_repr(value.as_str())).collect();
            let adapted =
                if enum_.flavour == EnumFlavour::Generic { ", _create_events=False" } else { "" };
            Err(Halt::Refused(format!(
                "ENUM({}, name='{name}'{adapted}) has name '{name}' that matches an existing type, and \
                 requires an explicit schema name in order to be rendered in DDL.",
                values.join(", ")
            )))
        }
        None => Ok(cx.quote(name)),
    }
}

fn array_text(dialect: &Sql, cx: Cx<'_>, array: &ArrayType) -> Print {
    let inner = dialect.type_text(cx, &array.item)?;
    let dimensions = array.dimensions.unwrap_or(1).min(64);
    let brackets = "[]".repeat(dimensions as usize);
    Ok(match inner.find(" COLLATE") {
        Some(at) => {
            let (type_, collation) = inner.split_at(at);
            format!("{type_}{brackets}{collation}")
        }
        None => format!("{inner}{brackets}"),
    })
}

fn vendor_text(cx: Cx<'_>, vendor: &Vendor) -> Print {
    let ours = &*vendor.dialect == "postgresql";
    Ok(match &*vendor.name {
        name @ ("TSVECTOR" | "TSQUERY" | "INET" | "CIDR" | "CITEXT" | "MACADDR" | "MACADDR8"
        | "OID" | "REGCONFIG" | "REGCLASS" | "HSTORE" | "JSON" | "JSONB" | "JSONPATH" | "BYTEA"
        | "MONEY" | "INT4RANGE" | "INT8RANGE" | "NUMRANGE" | "DATERANGE" | "TSRANGE" | "TSTZRANGE"
        | "INT4MULTIRANGE" | "INT8MULTIRANGE" | "NUMMULTIRANGE" | "DATEMULTIRANGE"
        | "TSMULTIRANGE" | "TSTZMULTIRANGE") => name.to_owned(),
        name @ ("TIMESTAMP" | "TIME") => {
            let precision =
                if ours { types::vendor_precision(vendor, "precision")? } else { None };
            moment(name, precision, vendor.options.is_set("timezone"))
        }
        "INTERVAL" if ours => {
            let mut text = "INTERVAL".to_owned();
            if let Some(fields) = vendor.options.given("fields").and_then(Literal::as_str) {
                let _ = write!(text, " {fields}");
            }
            if let Some(precision) = types::vendor_precision(vendor, "precision")? {
                let _ = write!(text, " ({precision})");
            }
            text
        }
        "BIT" if ours => {
            let length = types::vendor_length(vendor)?;
            if vendor.options.is_set("varying") {
                length.map_or("BIT VARYING".to_owned(), |length| format!("BIT VARYING({length})"))
            } else {
                format!("BIT({})", length.unwrap_or(1))
            }
        }
        "INTERVAL" | "BIT" => {
            return Err(Halt::unknown(format!("how {} prints here is not known", vendor.name)));
        }
        "FLOAT" => match types::vendor_precision(vendor, "precision")? {
            None | Some(0) => "FLOAT".to_owned(),
            Some(precision) => format!("FLOAT({precision})"),
        },
        _ => types::vendor_text(cx, vendor)?,
    })
}

fn include(cx: Cx<'_>, options: &Options) -> Print {
    match options.given("postgresql_include") {
        None => Ok(String::new()),
        Some(value) => {
            let names = index::names(value)?;
            if names.is_empty() {
                return Ok(String::new());
            }
            Ok(format!(" INCLUDE ({})", ddl::columns(cx, &names)))
        }
    }
}

fn unique(cx: Cx<'_>, key: &KeyConstraint) -> Print {
    let nulls = match key.options.get("postgresql_nulls_not_distinct") {
        Some(Literal::Bool(true)) => "NULLS NOT DISTINCT ",
        Some(Literal::Bool(false)) => "NULLS DISTINCT ",
        _ => "",
    };
    ddl::unique(cx, key, nulls, &include(cx, &key.options)?)
}

fn check_text(cx: Cx<'_>, check: &CheckConstraint, not_valid: &str) -> Print {
    Ok(format!("{}{not_valid}", ddl::check(cx, check)?))
}

fn exclude(cx: Cx<'_>, exclude: &ExcludeConstraint) -> Print {
    let classes = operator_classes(exclude.options.given("ops"))?;
    let mut elements = Vec::new();
    for (element, operator) in &exclude.elements {
        let mut printed = index::element(cx, element, false)?;
        let key = index::element_key(element, Making::Inline);
        if let Some((_, class)) = classes.iter().find(|(column, _)| Some(*column) == key) {
            let _ = write!(printed, " {class}");
        }
        elements.push(format!("{printed} WITH {operator}"));
    }
    let mut text = format!(
        "{}EXCLUDE USING {} ({})",
        ddl::preamble(cx, exclude.name.as_ref())?,
        method(exclude.using.as_deref().unwrap_or("gist"))?,
        elements.join(", ")
    );
    if let Some(condition) = &exclude.condition {
        let _ = write!(text, " WHERE ({})", Scope::ddl(cx).print(condition)?);
    }
    text.push_str(&ddl::deferral(&exclude.deferral)?);
    Ok(text)
}

/// The name of an index method in lower case.
fn method(using: &str) -> Print {
    if !using.is_empty() && using.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Ok(using.to_lowercase());
    }
    Err(Halt::Refused(format!(
        "Unexpected SQL phrase: {} (matching against '^(?:btree|hash|gist|gin|[\\\\w_]+)$')",
        identifier::python_repr(using)
    )))
}

fn operator_classes(value: Option<&Literal>) -> Print<Vec<(&str, &str)>> {
    let unknown = || Halt::unknown("the operator classes of this index are not known");
    match value {
        None => Ok(Vec::new()),
        Some(Literal::Dict(items)) => items
            .iter()
            .map(|(column, class)| column.as_str().zip(class.as_str()).ok_or_else(unknown))
            .collect(),
        Some(_) => Err(unknown()),
    }
}

/// Storage parameters; `None` where there are none.
fn storage(value: Option<&Literal>) -> Print<Option<String>> {
    let unknown = || Halt::unknown("the storage parameters are not known");
    let Some(value) = value else { return Ok(None) };
    let Literal::Dict(items) = value else { return Err(unknown()) };
    let mut parts = Vec::new();
    for (name, value) in items {
        let name = name.as_str().ok_or_else(unknown)?;
        parts.push(match value {
            Literal::None => name.to_owned(),
            Literal::Bool(value) => format!("{name} = {value}"),
            Literal::Int(value) => format!("{name} = {value}"),
            Literal::Float(value) => format!("{name} = {value}"),
            Literal::Str(value) => format!("{name} = {}", value.as_str()),
            _ => return Err(unknown()),
        });
    }
    Ok((!parts.is_empty()).then(|| parts.join(", ")))
}
