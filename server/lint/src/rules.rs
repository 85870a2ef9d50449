//! The list of rules. A new one is a file in `rules/` and a word here.

use crate::rule::Rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// Every rule, in the order of this list.
        pub(crate) fn all() -> Vec<Rule> {
            vec![$(Rule {
                name: name(stringify!($name)),
                meta: $name::RULE,
                source: include_str!(concat!("rules/", stringify!($name), ".rs")),
            }),*]
        }
    };
}

rules![
    already_exists,
    changed_since_applied,
    computed_header,
    docstring_mismatch,
    duplicate_branch_label,
    duplicate_revision,
    empty_downgrade,
    empty_revision,
    everything_dropped,
    failed_migration,
    foreign_table_dropped,
    incomplete_template,
    invalid_configuration,
    invalid_revision_id,
    likely_rename,
    long_revision_id,
    merge_with_operations,
    missing_downgrade,
    missing_parent,
    model_drift,
    models_not_imported,
    multiple_bases,
    multiple_heads,
    no_such_column,
    no_such_table,
    raising_downgrade,
    revision_cycle,
    several_database_heads,
    sqlite_unsupported_alter,
    unknown_database_revision,
    unknown_dependency,
    unknown_keyword,
    unknown_rule,
    unknown_setting,
    unloadable_file,
    unresolved_import,
    unused_suppression,
];

/// `multiple_heads` as people write it. Called once a rule, so the few bytes stay for ever.
fn name(module: &str) -> &'static str {
    Box::leak(module.replace('_', "-").into_boxed_str())
}
