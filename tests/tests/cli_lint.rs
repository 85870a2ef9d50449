//! `revline lint`, `rules`, `explain` and `demo`, as a terminal and a program meet them.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "the program under test is started, on files of the test's own"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program under test: `REVLINE_BIN`, else what Cargo builds from these sources.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(program) = std::env::var_os("REVLINE_BIN").filter(|path| !path.is_empty()) {
            return PathBuf::from(program);
        }
        let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--package", "revline"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .expect("cargo starts");
        assert!(built.success(), "the program does not build");
        let test = std::env::current_exe().expect("a test knows its own path");
        let folder = test.parent().and_then(Path::parent).expect("it lies in target/*/deps");
        folder.join(if cfg!(windows) { "revline.exe" } else { "revline" })
    })
}

/// A copy of `fixtures/alembic/shop`.
fn shop() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder can be made");
        for entry in std::fs::read_dir(from).expect("the fixture is there").flatten() {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &to);
            } else {
                std::fs::copy(entry.path(), to).expect("a file can be copied");
            }
        }
    }
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/alembic/shop"), folder.path());
    folder
}

fn revline(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(folder).env_remove("ALEMBIC_CONFIG");
    command.output().expect("the program starts")
}

/// Exit code, standard output, standard error.
fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is UTF-8");
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn array(output: &Output) -> Vec<Value> {
    let (_, printed, told) = said(output);
    let value: Value = serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}{told}"));
    value.as_array().expect("it is an array").clone()
}

const MISTAKEN: &str = "alembic/versions/07e4c85db21f_create_shipments.py";

#[test]
fn json_has_the_documented_shape() {
    let shop = shop();
    let arguments = ["lint", "--format", "json", "--select", "docstring-mismatch,multiple-heads"];
    let output = revline(shop.path(), &arguments);
    let mut found = array(&output);
    assert_eq!(output.status.code(), Some(1));
    found.retain(|finding| finding["severity"] != "info");
    let sentences: Vec<_> = found.iter_mut().map(|finding| finding["message"].take()).collect();
    assert!(sentences.iter().all(|message| message.as_str().is_some_and(|text| text.len() > 20)));
    let place = |line: u32, start: u32, end: u32| {
        json!({
            "start": { "line": line, "column": start },
            "end": { "line": line, "column": end },
        })
    };
    let versions = "alembic/versions";
    let expected = json!([
        {
            "environment": "alembic",
            "rule": "docstring-mismatch",
            "severity": "warning",
            "message": null,
            "file": MISTAKEN,
            "direction": null,
            "range": place(4, 10, 22),
            "related": [],
            "fix": { "title": "Mend `Revises:` in the docstring", "safety": "safe" },
        },
        {
            "environment": "alembic",
            "rule": "multiple-heads",
            "severity": "error",
            "message": null,
            "file": format!("{versions}/96f05a3ed8b7_add_gift_message_to_orders.py"),
            "direction": null,
            "range": place(15, 17, 31),
            "related": [
                {
                    "file": format!("{versions}/4cb8d2719ea0_add_loyalty_points_to_customers.py"),
                    "range": place(15, 17, 31),
                    "message": "the other head",
                },
                {
                    "file":
                        format!("{versions}/a53e1f6bc094_index_orders_by_customer_and_date.py"),
                    "range": place(15, 17, 31),
                    "message": "here they part",
                },
            ],
            "fix": {
                "title": "Re-parent `96f05a3ed8b7` onto `4cb8d2719ea0`",
                "safety": "unsafe",
            },
        },
    ]);
    assert_eq!(Value::Array(found), expected);
}

#[test]
fn the_exit_code_says_whether_something_is_wrong() {
    let shop = shop();
    let code = |arguments: &[&str]| said(&revline(shop.path(), arguments)).0;
    assert_eq!(code(&["lint"]), 1);
    assert_eq!(code(&["lint", "--select", "missing-parent"]), 0);
    // The other head is only information.
    let other = "alembic/versions/4cb8d2719ea0_add_loyalty_points_to_customers.py";
    assert_eq!(code(&["lint", "--select", "multiple-heads", other]), 0);
    assert_eq!(code(&["lint", "no-such-folder"]), 2);
    assert_eq!(code(&["lint", "--no-such-flag"]), 2);
    let empty = tempfile::tempdir().expect("there is a temporary folder");
    let (code, printed, told) = said(&revline(empty.path(), &["lint", "--format", "json"]));
    assert_eq!((code, printed.as_str()), (2, ""));
    assert!(told.contains("no Alembic environment"), "{told}");
    let (_, help, _) = said(&revline(empty.path(), &["lint", "--help"]));
    assert!(help.contains("Exit code 0: nothing is wrong"), "{help}");
}

#[test]
fn a_name_that_is_not_known_is_told_with_the_nearest() {
    let shop = shop();
    for (arguments, sentence) in [
        (
            ["lint", "--select", "multiple-head"],
            "revline: There is no rule `multiple-head`; did you mean `multiple-heads`?\n",
        ),
        (
            ["lint", "--target", "postgres"],
            "revline: There is no dialect `postgres`; did you mean `postgresql`?\n",
        ),
    ] {
        let (code, _, told) = said(&revline(shop.path(), &arguments));
        assert_eq!((code, told.as_str()), (2, sentence));
    }
}

#[test]
fn frames_show_the_code_without_colour_where_there_is_no_terminal() {
    let shop = shop();
    let arguments = ["lint", "--select", "docstring-mismatch"];
    let (code, printed, told) = said(&revline(shop.path(), &arguments));
    assert_eq!((code, told.as_str()), (1, ""));
    assert_eq!(
        printed,
        "\
warning[docstring-mismatch]: The docstring says that this revises `68ac2d0e93f5`, and the code says `d19f7b40a6c3`.
 --> alembic/versions/07e4c85db21f_create_shipments.py:4:10
  |
4 | Revises: 68ac2d0e93f5
  |          ^^^^^^^^^^^^
  |
  = help: Mend `Revises:` in the docstring (`--fix` does it)

Found 1 warning in 14 revisions of 1 environment.
"
    );
}

#[test]
fn fix_mends_what_is_safe_and_says_so() {
    let shop = shop();
    let file = shop.path().join(MISTAKEN);
    let before = std::fs::read_to_string(&file).expect("the revision is there");
    let (code, printed, _) = said(&revline(shop.path(), &["lint", "--fix"]));
    assert_eq!(code, 1, "what is not safe to mend remains");
    let head = format!("{MISTAKEN}: Mend `Revises:` in the docstring (docstring-mismatch)\n\n");
    assert!(printed.starts_with(&head), "{printed}");
    assert!(!printed.contains("warning[docstring-mismatch]"), "{printed}");
    let after = std::fs::read_to_string(&file).expect("the revision is there");
    assert_eq!(after, before.replace("Revises: 68ac2d0e93f5", "Revises: d19f7b40a6c3"));
    let again = said(&revline(shop.path(), &["lint", "--fix", "--select", "docstring-mismatch"]));
    assert_eq!(
        (again.0, again.1.as_str()),
        (0, "Found nothing in 14 revisions of 1 environment.\n")
    );
}

#[test]
fn paths_narrow_what_is_looked_at_from_wherever_one_stands() {
    let shop = shop();
    let elsewhere = tempfile::tempdir().expect("there is a temporary folder");
    let file = shop.path().join(MISTAKEN);
    let arguments = ["lint", "--format", "json", &file.to_string_lossy()];
    let found = array(&revline(elsewhere.path(), &arguments));
    let rules: Vec<_> = found.iter().map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(rules, [Some("docstring-mismatch")]);
    let root = shop.path().to_string_lossy();
    let (_, printed, _) = said(&revline(elsewhere.path(), &["lint", "--project", &root]));
    assert!(printed.contains(" in 14 revisions of 1 environment."), "{printed}");
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let rules = array(&revline(folder.path(), &["rules", "--json"]));
    let heads = rules.iter().find(|rule| rule["rule"] == "multiple-heads").expect("it is there");
    assert_eq!((&heads["group"], &heads["severity"]), (&json!("graph"), &json!("error")));
    let (code, listed, _) = said(&revline(folder.path(), &["rules"]));
    assert_eq!((code, listed.lines().count()), (0, rules.len()));
    for rule in &rules {
        let name = rule["rule"].as_str().expect("a name");
        let (code, page, _) = said(&revline(folder.path(), &["explain", name]));
        assert_eq!(code, 0);
        assert!(page.starts_with(&format!("# {name}\n")), "{page}");
        assert!(page.contains("## Why is this bad?"), "{page}");
    }
    let (code, _, told) = said(&revline(folder.path(), &["explain", "multiple-head"]));
    assert_eq!(code, 2);
    assert!(told.contains("did you mean `multiple-heads`?"), "{told}");
}

#[test]
fn the_demo_shows_the_product_and_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().expect("there is a temporary folder");
    let output = Command::new(program())
        .arg("demo")
        .current_dir(temporary.path())
        .env("TMPDIR", temporary.path())
        .env("TMP", temporary.path())
        .output()
        .expect("the program starts");
    let (code, printed, told) = said(&output);
    assert_eq!((code, told.as_str()), (0, ""), "{printed}");
    for shown in [
        "warning[docstring-mismatch]: ",
        "error[multiple-heads]: Two heads: `96f05a3ed8b7` and `4cb8d2719ea0`",
        "15 | revision: str = '96f05a3ed8b7'\n",
        "ALTER TABLE orders ADD COLUMN gift_message VARCHAR(280);\n",
        "    + gift_message  VARCHAR(280)\n",
        "    -- downgrade 96f05a3ed8b7: add gift message to orders\n",
        "  foreign key fk_addresses_customer_id_customers (customer_id) → customers (id)  on delete cascade\n",
        "◉  4cb8d2719ea0  add loyalty points to customers  (head)  ! info: multiple-heads\n\
         │ ◉  96f05a3ed8b7  add gift message to orders  (head)  ! error: multiple-heads\n\
         ├─╯\n\
         ●  a53e1f6bc094  index orders by customer and date  (branch point)\n",
        "down_revision: Union[str, Sequence[str], None] = ('4cb8d2719ea0', '96f05a3ed8b7')\n",
        "├─╮\n● │  4cb8d2719ea0  add loyalty points to customers\n",
    ] {
        assert!(printed.contains(shown), "{shown} is missing in\n{printed}");
    }
    let left: Vec<_> = std::fs::read_dir(temporary.path()).expect("it is there").collect();
    assert_eq!(left.len(), 0, "{left:?}");
}
