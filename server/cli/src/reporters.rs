//! How findings are told, one file each: a new one is a file with `ABOUT` and `text`, and a word in
//! `reporters!`.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::report::Report;

macro_rules! reporters {
    [$($name:ident),* $(,)?] => {
        $(mod $name;)*

        /// The word after `--format`.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(non_camel_case_types, reason = "a format is spelt as its module")]
        pub(crate) enum Format {
            $($name,)*
        }

        impl ValueEnum for Format {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$name),*]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self {
                    $(Self::$name => PossibleValue::new(stringify!($name)).help($name::ABOUT),)*
                })
            }
        }

        impl Format {
            /// The whole report as text. Errors where the format's library refuses it.
            pub(crate) fn text(self, report: &Report) -> anyhow::Result<String> {
                match self {
                    $(Self::$name => $name::text(report)),*
                }
            }
        }
    };
}

reporters![human, json, sarif, github, gitlab, junit];
