//! Where real environments get their URL from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use revline_python::Source;
use revline_text::{FileId, Span};
use revline_vfs::{Files, MemoryDisk};

use super::super::{EnvPy, Told, evaluate_really};
use super::Surroundings;
use crate::alembic::config::Config;
use crate::alembic::flask_migrate::{Passed, passed};
use crate::alembic::migration::{Module, Unknown, World};

struct Process {
    sources: BTreeMap<String, Arc<Source>>,
    files: Vec<(&'static str, &'static str)>,
    variables: &'static [(&'static str, &'static str)],
    x: Vec<String>,
}

impl World for Process {
    fn module(&self, name: &str) -> Option<Module> {
        let base = name.replace('.', "/");
        if let Some(source) = self.sources.get(&format!("{base}/__init__.py")) {
            return Some(Module { source: source.clone(), is_package: true });
        }
        let source = self.sources.get(&format!("{base}.py"))?;
        Some(Module { source: source.clone(), is_package: false })
    }
}

impl Surroundings for Process {
    fn variable(&self, name: &str) -> Option<String> {
        let found = self.variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    }

    fn variable_in_any_case(&self, name: &str) -> Option<String> {
        let mut all = self.variables.iter();
        let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| (*value).to_owned())
    }

    fn file(&self, path: &Path) -> Option<String> {
        let path = path.strip_prefix("/").ok()?.to_str()?;
        let found = self.files.iter().find(|(known, _)| *known == path);
        found.map(|(_, text)| (*text).to_owned())
    }

    fn path(&self, file: FileId) -> Option<PathBuf> {
        let (path, _) = self.sources.iter().find(|(_, source)| source.span().file == file)?;
        Some(Path::new("/").join(path))
    }

    fn flask_arguments(&self, asked: Span) -> Result<Vec<Passed>, Unknown> {
        let modules: Vec<Arc<Source>> = self
            .sources
            .values()
            .filter(|one| one.text.contains("migrate.init_app"))
            .cloned()
            .collect();
        passed(&modules, asked)
    }

    fn folder(&self) -> &Path {
        Path::new("/")
    }

    fn x(&self) -> &[String] {
        &self.x
    }
}

const INI: &str = "[alembic]\nsqlalchemy.url = postgresql://stale@old/old\n";

/// The URL with its password, or why there is none.
fn url(
    files: &[(&'static str, &'static str)],
    variables: &'static [(&'static str, &'static str)],
    x: &[&str],
) -> String {
    let sources = files.iter().zip(100..).filter(|((path, _), _)| path.ends_with(".py"));
    let sources = sources
        .map(|((path, text), id)| {
            ((*path).to_owned(), Arc::new(Source::parse(FileId(id), (*text).into())))
        })
        .collect();
    let x = x.iter().map(|one| (*one).to_owned()).collect();
    let process = Process { sources, files: files.to_vec(), variables, x };
    let disk = MemoryDisk::new([("/alembic.ini", INI)]);
    let ini = Files::new(Arc::new(disk));
    let config = Config::load(&ini, Some(Path::new("/alembic.ini")), None, "alembic");
    let env = process.sources.get("env.py").expect("there is an env.py").clone();
    let told: EnvPy = evaluate_really(&env, Some(&config), &process, &process);
    match (told.agreed(|one| &one.url), &told.ends) {
        (Told::Known(url, _), _) => url.secret().to_owned(),
        (Told::Unknown(why), _) => format!("? {}", why.why),
        (Told::Nothing, Some(ends)) => format!("ends: {}", ends.why),
        (Told::Nothing, None) => "nothing".to_owned(),
    }
}

/// An `env.py` that connects to what `code` calls `url`.
fn env(code: &'static str) -> [(&'static str, &'static str); 1] {
    let text = format!(
        "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\n{code}\n\
         with create_engine(url).connect() as connection:\n    \
         context.configure(connection=connection)\n    context.run_migrations()\n"
    );
    [("env.py", Box::leak(text.into_boxed_str()))]
}

#[test]
fn a_variable_is_what_it_is_and_stands_before_its_default() {
    let get = env("url = os.environ.get('DATABASE_URL', 'sqlite:///dev.db')");
    assert_eq!(url(&get, &[], &[]), "sqlite:///dev.db");
    assert_eq!(url(&get, &[("DATABASE_URL", "postgresql://u:p@h/d")], &[]), "postgresql://u:p@h/d");
    let item = env("def get():\n    return os.environ['DB']\nurl = get()");
    assert_eq!(url(&item, &[("DB", "sqlite:///x.db")], &[]), "sqlite:///x.db");
    assert_eq!(url(&item, &[], &[]), "ends: Python raises KeyError: 'DB'");
    let parts = env("url = f\"postgresql+asyncpg://{os.getenv('U')}@h/{os.getenv('D', 'd')}\"");
    assert_eq!(url(&parts, &[("U", "ada")], &[]), "postgresql+asyncpg://ada@h/d");
}

#[test]
fn a_stale_url_of_the_ini_counts_only_where_env_py_passes_it_through() {
    let through = env("url = context.config.get_main_option('sqlalchemy.url')");
    assert_eq!(url(&through, &[], &[]), "postgresql://stale@old/old");
    let overridden = env("context.config.set_main_option('sqlalchemy.url', os.environ['DB'])\n\
         url = context.config.get_main_option('sqlalchemy.url')");
    assert_eq!(url(&overridden, &[("DB", "sqlite:///x.db")], &[]), "sqlite:///x.db");
    let unknown = env("from elsewhere import settings\nurl = settings.url");
    assert_eq!(url(&unknown, &[], &[]), "? the module `elsewhere` was not found in the workspace");
}

#[test]
fn a_file_of_variables_is_read_where_python_reads_it() {
    let mut files =
        env("from dotenv import load_dotenv\nload_dotenv()\nurl = os.environ['DB']").to_vec();
    files.push((".env", "DB='postgresql://u:p@h/from-file'\n"));
    assert_eq!(url(&files, &[], &[]), "postgresql://u:p@h/from-file");
    assert_eq!(url(&files, &[("DB", "sqlite:///set.db")], &[]), "sqlite:///set.db");
    let mut starlette = env("from starlette.config import Config\nconfig = Config('.env')\n\
         url = config('DB', cast=str, default='sqlite:///none.db')")
    .to_vec();
    assert_eq!(url(&starlette, &[], &[]), "sqlite:///none.db");
    starlette.push((".env", "DB=sqlite:///file.db\n"));
    assert_eq!(url(&starlette, &[], &[]), "sqlite:///file.db");
    let mut decouple = env("from decouple import config\nurl = config('DB')").to_vec();
    assert_eq!(url(&decouple, &[], &[]), "ends: Python raises KeyError: DB is not set");
    decouple.push((".env", "DB=sqlite:///file.db\n"));
    assert_eq!(url(&decouple, &[], &[]), "sqlite:///file.db");
}

const SETTINGS: &str = "
from pydantic import Field, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file='.env', env_prefix='SHOP_')
    host: str = 'localhost'
    port: int = 5432
    password: SecretStr
    name: str = Field('shop', validation_alias='DB_NAME')
    echo: bool = False

    @property
    def url(self):
        scheme = 'bad' if self.echo else 'postgresql+psycopg'
        return str(PostgresDsn.build(scheme=scheme, username='ada', host=self.host, port=self.port,
            password=self.password.get_secret_value(), path=self.name))

settings = Settings()
";

#[test]
fn a_settings_class_gets_its_fields_from_variables_with_its_prefix_then_its_file() {
    let mut files = env("from settings import settings\nurl = settings.url").to_vec();
    files.push(("settings.py", SETTINGS));
    assert_eq!(
        url(&files, &[], &[]),
        "ends: Python raises pydantic.ValidationError: password: Field required"
    );
    assert_eq!(
        url(&files, &[("SHOP_PASSWORD", "s/3"), ("shop_host", "h"), ("SHOP_ECHO", "false")], &[]),
        "postgresql+psycopg://ada:s%2F3@h:5432/shop"
    );
    files.push((".env", "shop_password=of-file\nDB_NAME=other\nHOST=ignored\n"));
    assert_eq!(
        url(&files, &[("SHOP_PORT", "6000")], &[]),
        "postgresql+psycopg://ada:of-file@localhost:6000/other"
    );
}

#[test]
fn what_a_person_types_behind_x_is_heard() {
    let files =
        env("url = context.get_x_argument(as_dictionary=True).get('url', 'sqlite:///d.db')");
    assert_eq!(url(&files, &[], &["url=sqlite:///x.db"]), "sqlite:///x.db");
    assert_eq!(url(&files, &[], &[]), "sqlite:///d.db");
}

#[test]
fn what_an_exception_repeats_is_not_told() {
    let files = env("url = os.environ['DB']\nraise ValueError('bad url ' + url)");
    assert_eq!(
        url(&files, &[("DB", "postgresql://u:s3cret@h/d")], &[]),
        "ends: Python raises ValueError"
    );
}
