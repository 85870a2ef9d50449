use std::collections::BTreeMap;
use std::sync::Arc;

use revline_vfs::MemoryDisk;

use super::*;
use crate::alembic::environment::discover;

fn request(message: &str, down: &[&str]) -> NewRevision {
    NewRevision {
        message: Some(message.to_owned()),
        rev_id: None,
        down: down.iter().map(|id| (*id).to_owned()).collect(),
        depends_on: Vec::new(),
        labels: Vec::new(),
        version_path: None,
        upgrades: None,
        downgrades: None,
        imports: None,
        now: "2024-01-31T12:05:06.000789+01:00[Europe/Paris]".parse().expect("a date"),
        random_id: "0123456789ab".to_owned(),
    }
}

fn existing(list: &[(&str, &str)]) -> Vec<ExistingFile> {
    let file = |(id, path): &(&str, &str)| ExistingFile {
        id: (*id).to_owned(),
        path: PathBuf::from(*path),
        created: None,
    };
    list.iter().map(file).collect()
}

fn write(
    ini: &str,
    template: Option<&str>,
    request: &NewRevision,
    there: &[(&str, &str)],
) -> Result<NewFile, String> {
    let mut list = BTreeMap::from([
        ("/w/alembic.ini".to_owned(), format!("[alembic]\nscript_location = m\n{ini}")),
        ("/w/m/env.py".to_owned(), "from alembic import context".to_owned()),
    ]);
    list.extend(template.map(|text| ("/w/m/script.py.mako".to_owned(), text.to_owned())));
    list.extend(there.iter().map(|(_, path)| ((*path).to_owned(), String::new())));
    let files = Files::new(Arc::new(MemoryDisk::new(list)));
    let found = discover(&files, Path::new("/w"), &[]);
    let environment = &found.environments[0];
    let config = environment.config().expect("a configuration");
    new_revision(request, &files, environment, config, &existing(there)).map_err(|error| error.0)
}

#[test]
fn the_standard_template_is_taken_where_there_is_none_and_said_to_be() {
    let file = write("", None, &request("Add it", &["a"]), &[]).expect("a file");
    assert_eq!(file.path, Path::new("/w/m/versions/0123456789ab_add_it.py"));
    assert_eq!(file.notes, ["/w/m has no script.py.mako; the standard template was taken"]);
    expect_test::expect![[r#"
        """Add it

        Revision ID: 0123456789ab
        Revises: a
        Create Date: 2024-01-31 12:05:06.000789

        """
        from typing import Sequence, Union

        from alembic import op
        import sqlalchemy as sa


        # revision identifiers, used by Alembic.
        revision: str = '0123456789ab'
        down_revision: Union[str, Sequence[str], None] = 'a'
        branch_labels: Union[str, Sequence[str], None] = None
        depends_on: Union[str, Sequence[str], None] = None


        def upgrade() -> None:
            """Upgrade schema."""
            pass


        def downgrade() -> None:
            """Downgrade schema."""
            pass
    "#]]
    .assert_eq(&file.text);
}

#[test]
fn a_template_beyond_the_subset_gives_the_standard_one_with_a_note() {
    let file = write("", Some("<%inherit file='x'/>"), &request("x", &[]), &[]).expect("a file");
    assert!(file.text.contains("\nRevises: \n"), "{}", file.text);
    assert_eq!(
        file.notes,
        ["/w/m/script.py.mako, line 1: the tag <%inherit> is beyond what can be rendered without \
          Python; the standard template was taken"]
    );
}

#[test]
fn name_and_date_follow_the_configuration() {
    let name = |ini: &str| {
        let file = write(
            ini,
            Some("'${up_revision}' ${create_date}"),
            &request("A  b-c, und wörter", &[]),
            &[],
        );
        file.map(|file| format!("{} {}", file.path.display(), file.text))
    };
    assert_eq!(
        name("file_template = %%(year)d/%%(month).2d/%%(epoch)s_%%(hour).2d%%(minute).2d_%%(slug)s\ntimezone = utc\n").as_deref(),
        Ok("/w/m/versions/2024/01/1706699106_1105_a_b_c_und_wörter.py '0123456789ab' 2024-01-31 11:05:06.000789+00:00")
    );
    assert_eq!(
        name("truncate_slug_length = 8\n").as_deref(),
        Ok("/w/m/versions/0123456789ab_a_b_c_.py '0123456789ab' 2024-01-31 12:05:06.000789")
    );
    assert_eq!(
        name("timezone = europe/paris\n"),
        Err("Can't locate timezone: europe/paris".to_owned())
    );
    assert_eq!(
        name("file_template = %%(nope)s\n"),
        Err("file_template: KeyError: 'nope'".to_owned())
    );
    assert_eq!(
        name("file_template = ../%%(rev)s\n"),
        Err("file_template leads out of the version folder: ../0123456789ab.py".to_owned())
    );
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let ini = "file_template = %%(year)d_%%(slug)s\n";
    let there = [
        ("a1b2c3d4e5f6", "/w/m/versions/2024_x.py"),
        ("b1b2c3d4e5f6", "/w/m/versions/2024_x_2.py"),
    ];
    let file = write(ini, None, &request("x", &[]), &there).expect("a file");
    assert_eq!(file.path, Path::new("/w/m/versions/2024_x_3.py"));
}

#[test]
fn ids_follow_the_habit_and_explicit_ones_are_checked() {
    let there = [("0001", "/w/m/versions/0001.py"), ("0002", "/w/m/versions/0002.py")];
    let file = write("", None, &request("add it", &["0002"]), &there).expect("a file");
    assert_eq!((file.id.as_str(), file.path), ("0003", PathBuf::from("/w/m/versions/0003.py")));
    let explicit = |id: &str| {
        let request = NewRevision { rev_id: Some(id.to_owned()), ..request("x", &[]) };
        write("", None, &request, &there).map(|file| file.id)
    };
    assert_eq!(explicit("abc").as_deref(), Ok("abc"));
    assert_eq!(explicit("0001"), Err("Revision 0001 is present more than once".to_owned()));
    assert_eq!(
        explicit("a-b:c-d"),
        Err("Character(s) '-, :' not allowed in revision identifier 'a-b:c-d'".to_owned())
    );
}

#[test]
fn the_folder_is_the_first_parents_where_there_are_several() {
    let ini = "path_separator = os\nversion_locations = %(here)s/a:%(here)s/b\n";
    let there = [("x1", "/w/a/x1.py"), ("y1", "/w/b/y1.py")];
    let folder = |request: NewRevision| {
        write(ini, None, &request, &there)
            .map(|file| file.path.parent().map(|p| p.display().to_string()))
    };
    assert_eq!(folder(request("z", &["y1"])), Ok(Some("/w/b".to_owned())));
    assert_eq!(
        folder(request("z", &[])),
        Err("Multiple version locations present, please specify --version-path".to_owned())
    );
    let path = NewRevision { version_path: Some("/w/c".into()), ..request("z", &[]) };
    assert_eq!(
        folder(path),
        Err("Path /w/c is not represented in current version locations".to_owned())
    );
}

#[test]
fn merges_labels_and_dependencies_are_written_as_alembic_writes_them() {
    let ids = ["a".to_owned(), "b".to_owned()];
    assert_eq!(merge_message(&ids), "merge a and b");
    assert_eq!(merge_message(&["a".into(), "b".into(), "c".into()]), "merge a, b and c");
    let request = NewRevision {
        depends_on: ids.to_vec(),
        labels: vec!["shop".to_owned()],
        ..request(&merge_message(&ids), &["a", "b"])
    };
    let template = "'${up_revision}' ${down_revision | comma,n} ${repr(down_revision)} ${repr(branch_labels)} ${repr(depends_on)}";
    let file = write("", Some(template), &request, &[]).expect("a file");
    assert_eq!(file.text, "'0123456789ab' a, b ('a', 'b') ('shop',) ['a', 'b']");
    assert!(file.path.ends_with("0123456789ab_merge_a_and_b.py"));
}

#[test]
fn a_file_name_follows_a_change_of_its_id() {
    let name = |path: &str, old: &str, new: &str| {
        renamed(Path::new(path), old, new).map(|path| path.display().to_string())
    };
    assert_eq!(name("/v/2024-ab12_add.py", "ab12", "cd34").as_deref(), Some("/v/2024-cd34_add.py"));
    assert_eq!(name("/v/xab12.py", "ab12", "cd34"), None);
    assert_eq!(name("/v/other.py", "ab12", "cd34"), None);
}
