//! The schema of the settings, as an editor's TOML support applies it.

use std::process::Command;

use revline_tests::oracle;
use revline_tests::project::Project;

use super::{revline, well};

/// Says for each file whether it holds to the schema, and what the first objection is about.
const JUDGE: &str = "
import json, sys, tomllib, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
for path in sys.argv[2:]:
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(tomllib.load(open(path, 'rb'))))
    print('.'.join(map(str, errors[0].absolute_path)) or errors[0].validator if errors else 'holds')
";

#[test]
fn the_schema_takes_what_revline_takes_and_objects_where_it_objects() {
    let Some(python) = oracle::packaging() else { return };
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/docs/revline.schema.json");
    let project = Project::of(&[("a", "None")]);
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../server/docs/settings.md"));
    let page = page.expect("the page of the settings");
    // Every example of the page, and mistakes that both find.
    let mut examples: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let good = examples.len();
    assert!(good >= 8, "only {good} examples");
    examples.extend([
        "target = [\"sqlite\"]\n",
        "targets = \"sqlite\"\n",
        "[severity]\nmultiple-heads = \"loud\"\n",
    ]);
    let mut judge = Command::new(python);
    judge.args(["-c", JUDGE, schema]);
    for (number, example) in examples.iter().enumerate() {
        judge.arg(project.write(&format!("examples/{number}.toml"), example));
        project.write("revline.toml", example);
        let (_, found, _) =
            revline(project.root(), &["lint", "--select", "unknown-setting", "--format", "github"]);
        let objects = number >= good;
        assert_eq!(found.contains("unknown-setting"), objects, "{example}{found}");
    }
    let judged = well(&mut judge);
    let judged: Vec<&str> = judged.lines().collect();
    assert_eq!(judged.get(..good), Some(vec!["holds"; good].as_slice()), "{judged:?}");
    assert_eq!(
        judged.get(good..),
        Some(["additionalProperties", "targets", "severity.multiple-heads"].as_slice())
    );
}
