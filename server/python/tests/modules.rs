//! Imports that are followed into other files.

use std::sync::Arc;

use revline_python::eval::{Import, Presumption};
use revline_python::syntax::Source;
use revline_python::{Budget, Host, Imported, Outcome, Value, evaluate};
use revline_text::FileId;

/// Files of a workspace by their dotted names.
struct Workspace {
    files: Vec<(&'static str, Arc<Source>)>,
    /// The modules that were taken to be imported by something else.
    presumed: Vec<String>,
}

impl Host for Workspace {
    fn import(&mut self, import: &Import<'_>) -> Imported {
        let package = import.importer.rsplit_once('.').map_or("", |(package, _)| package);
        let name = match (import.level, import.module) {
            (0, module) => module.to_owned(),
            (_, "") => package.to_owned(),
            (_, module) => format!("{package}.{module}"),
        };
        match self.files.iter().find(|(other, _)| *other == name) {
            Some((_, source)) => Imported::Source { source: source.clone(), name },
            None if name == "app" => Imported::Namespace { name },
            None => Imported::Unclaimed,
        }
    }

    fn presumed(&mut self, presumption: Presumption, module: &str, _: revline_text::Span) {
        self.presumed.push(format!("{presumption:?} {module}"));
    }
}

fn workspace(files: &[(&'static str, &str)]) -> Workspace {
    let parse = |index: usize, text: &str| {
        Arc::new(Source::parse(FileId(u32::try_from(index).unwrap_or(0) + 1), Arc::from(text)))
    };
    let files = files.iter().enumerate();
    let files = files.map(|(index, (name, text))| (*name, parse(index, text))).collect();
    Workspace { files, presumed: Vec::new() }
}

#[test]
fn constants_and_helpers_of_other_files_are_read() {
    let mut host = workspace(&[
        (
            "app.labels",
            "from .names import *\nfrom . import names as n\nEXPAND = PREFIX + 'expand'\ndef both(x):\n    return (EXPAND, n.PREFIX, x)\n",
        ),
        ("app.names", "import app.labels\nPREFIX = 'neutron_'\n_hidden = 1\n"),
    ]);
    let text = "import app.labels\nfrom app.labels import both, EXPAND as E\nfrom app import names, missing\nbranch_labels = both(names.PREFIX)\nalso = app.labels.EXPAND is E\nunknown = missing\n";
    let source = Arc::new(Source::parse(FileId(0), Arc::from(text)));
    let evaluation = evaluate(&source, &mut host, Budget::default());
    assert!(matches!(evaluation.outcome(), Outcome::Returned(_)));
    let heap = evaluation.heap();
    let literal = |name: &str| {
        evaluation.global(name).and_then(|value| revline_python::emit::literal(heap, &value))
    };
    assert_eq!(
        literal("branch_labels").as_deref(),
        Some("('neutron_expand', 'neutron_', 'neutron_')")
    );
    assert_eq!(literal("also").as_deref(), Some("True"));
    let unknown = evaluation.global("unknown");
    let why = unknown.as_ref().and_then(Value::as_unknown).map(|it| it.why.to_string());
    assert_eq!(why.as_deref(), Some("`app` has no `missing` that could be read"));
    // A place in another file names that file.
    let labels = evaluation.global("branch_labels");
    let items = labels.as_ref().and_then(|labels| heap.items(labels)).map(<[Value]>::to_vec);
    let first = items.and_then(|items| items.first().and_then(|it| it.as_string().cloned()));
    let files: Option<Vec<u32>> =
        first.map(|it| it.segments().iter().map(|segment| segment.source.file.0).collect());
    assert_eq!(files, Some(vec![2, 1]));
}

#[test]
fn a_module_that_no_import_names_is_presumed_to_be_imported() {
    let modules = [
        ("app.named", "A = 1\n"),
        ("app.taken", "A = 2\n"),
        ("app.elsewhere", "A = 3\n"),
        ("app.user", "import app.elsewhere\nB = 1\n"),
        ("app.nowhere", "A = 4\n"),
    ];
    let imports =
        "import app\nimport app.named\nfrom app import taken as t\nfrom app.user import B\n";
    let presumed = |uses: &str| {
        let mut host = workspace(&modules);
        let text = format!("{imports}{uses}\n");
        let source = Arc::new(Source::parse(FileId(0), text.into()));
        evaluate(&source, &mut host, Budget::default());
        host.presumed
    };
    assert_eq!(presumed("x = app.named.A, app.taken.A, app.elsewhere.A"), [""; 0]);
    let lenient =
        "try:\n    from app.nowhere import A\nexcept (KeyError, ImportError):\n    A = 0\n";
    assert_eq!(presumed(lenient), ["Importable app.nowhere"]);
    assert_eq!(presumed(&lenient.replace("ImportError", "ValueError")), [""; 0]);
    assert_eq!(presumed("x = app.nowhere.A"), ["Imported app.nowhere"]);
}
