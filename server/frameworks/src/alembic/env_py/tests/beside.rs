//! What `env.py` does that running the migrations alone would leave out.

use super::{Mode, env};

const TEMPLATE: &str = "\
import asyncio, logging, os, subprocess
import sqlalchemy as sa
from alembic import context
from vendor import anything

def run(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

engine = sa.create_engine('sqlite:///a.db')
with engine.connect() as connection:
";

fn beside(body: &str) -> Vec<String> {
    let text = format!("{TEMPLATE}{body}\n");
    let found = env("[alembic]\n", &[("env.py", &text)], Mode::Execute);
    found.beside.iter().map(|one| one.why.to_string()).collect()
}

#[test]
fn what_sets_up_and_what_only_tells_is_nothing_beside() {
    for body in [
        "    run(connection)",
        "    anything()\n    logging.getLogger('a').info('b')\n    run(connection)\n    logging.info('done')",
        "    os.environ.setdefault('A', 'b')\n    run(connection)\nprint(os.path.join('a', 'b'))",
    ] {
        assert_eq!(beside(body), [""; 0], "{body}");
    }
}

#[test]
fn what_changes_the_connection_or_something_else_is_told() {
    for (body, told) in [
        (
            "    run(connection.execution_options(schema_translate_map={None: 'a'}))",
            "env.py sets `execution_options` of its connection",
        ),
        (
            "    connection.dialect.default_schema_name = 'a'\n    run(connection)",
            "env.py sets `default_schema_name` of its connection",
        ),
        (
            "    anything(connection)\n    run(connection)",
            "env.py hands its connection to code that is not known",
        ),
        (
            "    run(connection)\nanything.seed()",
            "env.py calls `vendor.anything.seed` behind the migrations",
        ),
        ("    run(connection)\nsubprocess.run(['a'])", "env.py calls `subprocess.run`"),
        ("    os.chdir('/')\n    run(connection)", "env.py calls `os.chdir`"),
        ("    run(connection)\nopen('done', 'w')", "env.py calls `open`"),
    ] {
        assert_eq!(beside(body), [told], "{body}");
    }
}
