//! An `env.py` that connects through an event loop, as `alembic init -t async` writes it.

use expect_test::expect;
use revline_sql::Mode;

use super::{HEAD, INI, env, show};

const MIGRATIONS: &str = r#"
import asyncio
from sqlalchemy.ext.asyncio import async_engine_from_config, create_async_engine
target_metadata = None

def do_run_migrations(connection):
    context.configure(connection=connection, target_metadata=target_metadata,
                      version_table="versions", transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"#;

const TEMPLATE: &str = r#"
async def run_async_migrations():
    connectable = async_engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()
"#;

fn told(rest: &str) -> String {
    let text = format!("{HEAD}{MIGRATIONS}{rest}");
    show(&env(INI, &[("env.py", &text)], Mode::Execute))
}

#[test]
fn what_an_event_loop_runs_is_configured() {
    let runs = [
        "asyncio.run(run_async_migrations())",
        "asyncio.get_event_loop().run_until_complete(run_async_migrations())",
        "with asyncio.Runner() as runner:\n    runner.run(run_async_migrations())",
        "import uvloop\nuvloop.run(run_async_migrations())",
        "import anyio\nanyio.run(run_async_migrations)",
        "try:\n    loop = asyncio.get_running_loop()\nexcept RuntimeError:\n    asyncio.run(run_async_migrations())\nelse:\n    loop.create_task(run_async_migrations())",
        "async def main():\n    await asyncio.create_task(run_async_migrations())\nasyncio.run(main())",
    ];
    let expected = "configure\n  url: sqlite:///local.db\n  version_table: versions\n  transaction_per_migration: true\n";
    for run in runs {
        assert_eq!(told(&format!("{TEMPLATE}{run}\n")), expected, "{run}");
    }
}

#[test]
fn an_engine_of_its_own_is_followed_too() {
    expect![[r#"
        configure
          url: sqlite+aiosqlite:///own.db
          version_table: versions
          transaction_per_migration: true
    "#]]
    .assert_eq(&told(
        r#"
class Connected:
    def __init__(self, url):
        self.engine = create_async_engine(url)
    async def __aenter__(self):
        return await self.engine.connect()
    async def __aexit__(self, *exception):
        await self.engine.dispose()

async def main(url):
    async with Connected(url) as connection:
        await connection.run_sync(do_run_migrations)

asyncio.run(main("sqlite+aiosqlite:///own.db"))
"#,
    ));
}

#[test]
fn a_coroutine_that_nobody_awaits_configures_nothing() {
    expect![""].assert_eq(&told(&format!("{TEMPLATE}run_async_migrations()\n")));
}
