//! The formats of `lint`, each judged by what reads it.

use std::path::PathBuf;
use std::process::Command;

use cargo_metadata::MetadataCommand;
use revline_tests::oracle;
use revline_tests::project::Project;

use super::{json, revline, well};

/// The official schema, as the library that writes SARIF carries it.
fn sarif_schema() -> PathBuf {
    let told = well(Command::new("rustc").arg("-vV"));
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let mut command = MetadataCommand::new();
    command.manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"));
    command.other_options(["--filter-platform".to_owned(), host.to_owned()]);
    let metadata = command.exec().expect("cargo metadata answers");
    let library = metadata.packages.iter().find(|package| package.name.as_str() == "serde-sarif");
    let manifest = library.expect("serde-sarif is a dependency").manifest_path.clone();
    manifest.with_file_name("src").join("schema.json").into_std_path_buf()
}

#[test]
fn sarif_holds_to_its_schema_and_says_what_json_says() {
    let Some(python) = oracle::packaging() else { return };
    let shop = Project::shop();
    let (code, printed, _) = revline(shop.root(), &["lint", "--format", "sarif"]);
    assert_eq!(code, 1);
    let log = shop.write("lint.sarif", &printed);
    let script = "import json, sys, jsonschema\n\
                  schema, log = (json.load(open(path)) for path in sys.argv[1:])\n\
                  assert schema['title'].startswith('Static Analysis Results Format')\n\
                  jsonschema.Draft7Validator(schema).validate(log)\n\
                  try:\n    jsonschema.Draft7Validator(schema).validate({**log, 'version': '1'})\n\
                  except jsonschema.ValidationError:\n    print('valid')\n";
    let mut judge = Command::new(python);
    let judged = well(judge.args(["-c", script]).arg(sarif_schema()).arg(&log));
    assert_eq!(judged, "valid\n");
    let (_, plain, _) = revline(shop.root(), &["lint", "--format", "json"]);
    let of_json: Vec<_> = json(&plain)
        .as_array()
        .expect("an array")
        .iter()
        .map(|one| {
            let start = &one["range"]["start"];
            let place = (start["line"].clone(), start["column"].clone());
            (one["rule"].clone(), one["file"].clone(), place, one["message"].clone())
        })
        .collect();
    let log = json(&printed);
    let results = log["runs"][0]["results"].as_array().expect("results").clone();
    let of_sarif: Vec<_> = results
        .iter()
        .map(|one| {
            let place = &one["locations"][0]["physicalLocation"];
            let region = &place["region"];
            (
                one["ruleId"].clone(),
                place["artifactLocation"]["uri"].clone(),
                (region["startLine"].clone(), region["startColumn"].clone()),
                one["message"]["text"].clone(),
            )
        })
        .collect();
    assert_eq!(of_sarif, of_json);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").clone();
    for result in &results {
        let at = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[at]["id"], result["ruleId"]);
    }
}

#[test]
fn github_gets_an_annotation_for_each_finding_with_paths_from_the_repository() {
    let shop = Project::shop();
    shop.write("app/.keep", "");
    std::fs::create_dir(shop.path(".git")).expect("made");
    let select =
        ["lint", "--format", "github", "--select", "docstring-mismatch", "--project", ".."];
    let (code, printed, told) = revline(&shop.path("app"), &select);
    assert_eq!((code, told.as_str()), (1, ""));
    assert_eq!(
        printed,
        "::warning title=Revline (docstring-mismatch),file=alembic/versions/\
         07e4c85db21f_create_shipments.py,line=4,endLine=4,col=10,endColumn=22::The docstring says \
         that this revises `68ac2d0e93f5`, and the code says `d19f7b40a6c3`.\n"
    );
}

#[test]
fn gitlab_gets_fingerprints_that_outlive_moved_lines() {
    let shop = Project::shop();
    let report = || {
        let (_, printed, _) = revline(shop.root(), &["lint", "--format", "gitlab"]);
        json(&printed).as_array().expect("an array").clone()
    };
    let before = report();
    let first = before.first().expect("a finding");
    assert_eq!(first["check_name"], "docstring-mismatch");
    assert_eq!(first["severity"], "major");
    assert_eq!(
        first["location"],
        serde_json::json!({
            "path": "alembic/versions/07e4c85db21f_create_shipments.py",
            "lines": { "begin": 4, "end": 4 },
        })
    );
    for file in shop.path("alembic/versions").read_dir().expect("a folder").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a revision");
        let moved = text.replace("from typing import", "# one more line\nfrom typing import");
        std::fs::write(file.path(), moved).expect("written");
    }
    let after = report();
    let lines = |all: &[serde_json::Value]| -> Vec<_> {
        all.iter().map(|one| one["location"]["lines"].clone()).collect()
    };
    let prints = |all: &[serde_json::Value]| -> Vec<_> {
        all.iter().map(|one| one["fingerprint"].clone()).collect()
    };
    assert_ne!(lines(&before), lines(&after));
    assert_eq!(prints(&before), prints(&after));
    let mut different = prints(&before);
    different.sort_by_key(ToString::to_string);
    different.dedup();
    assert_eq!(different.len(), before.len());
}

#[test]
fn junit_counts_what_is_wrong_as_failures() {
    let Some(python) = oracle::packaging() else { return };
    let shop = Project::shop();
    let (_, printed, _) = revline(shop.root(), &["lint", "--format", "junit"]);
    let file = shop.write("lint.xml", &printed);
    let script = "import sys, xml.etree.ElementTree as tree\n\
                  root = tree.parse(sys.argv[1]).getroot()\n\
                  cases = root.findall('./testsuite/testcase')\n\
                  print(root.get('tests'), len(cases), root.get('failures'), len(root.findall('.//failure')))\n\
                  print(root.find('testsuite').get('name'), sorted({case.get('name') for case in cases}))\n";
    let read = well(Command::new(python).args(["-c", script]).arg(file));
    assert_eq!(
        read,
        "15 15 5 5\nalembic ['clean', 'docstring-mismatch', 'missing-downgrade', 'multiple-heads', \
         'sqlite-unsupported-alter']\n"
    );
}

#[test]
fn a_diff_is_what_fix_does_and_changes_nothing() {
    let shop = Project::shop();
    git_apply_ready(&shop);
    let file = shop.revision("07e4c85db21f");
    let before = std::fs::read_to_string(&file).expect("a revision");
    let (code, diff, told) = revline(shop.root(), &["lint", "--diff"]);
    assert_eq!((code, told.as_str()), (1, "revline: --fix would change 1 file\n"));
    assert_eq!(std::fs::read_to_string(&file).expect("a revision"), before);
    shop.write("change.diff", &diff);
    super::git(shop.root(), &["apply", "change.diff"]);
    let applied = std::fs::read_to_string(&file).expect("a revision");
    std::fs::write(&file, before).expect("written");
    revline(shop.root(), &["lint", "--fix"]);
    assert_eq!(std::fs::read_to_string(&file).expect("a revision"), applied);
    let (code, diff, _) = revline(shop.root(), &["lint", "--diff"]);
    assert_eq!((code, diff.as_str()), (0, ""));
}

fn git_apply_ready(shop: &Project) {
    super::git(shop.root(), &["init", "-q"]);
}
