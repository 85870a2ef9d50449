use std::collections::BTreeMap;

use super::*;
use crate::alembic::config::Config;

fn context() -> (Config, jiff::Zoned) {
    let mut config = Config { section: "alembic".to_owned(), ..Config::default() };
    let options = BTreeMap::from([("databases".to_owned(), "one,  two".to_owned())]);
    config.options = Options::of(BTreeMap::from([("alembic".to_owned(), options)]));
    let moment = "2024-01-31T12:05:06.000789+01:00[Europe/Paris]".parse().expect("a date");
    (config, moment)
}

fn show(template: &str) -> String {
    let (config, moment) = context();
    let mut context = Context::new(&config.options, &config.section);
    context.text("message", "add it");
    context.text("up_revision", "ab'c");
    context.ids("down_revision", &Ids::Tuple(vec!["a".to_owned(), "b".to_owned()]));
    context.ids("depends_on", &Ids::None);
    context.date("create_date", &CreateDate { moment, aware: true });
    match render(template, &context) {
        Ok(text) => text,
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn expressions_and_filters() {
    assert_eq!(
        show("${message}|${repr(up_revision)}|${down_revision | comma,n}"),
        "add it|\"ab'c\"|a, b"
    );
    assert_eq!(
        show("${down_revision}|${repr(depends_on)}|${depends_on | comma,n}|"),
        "('a', 'b')|None||"
    );
    assert_eq!(
        show("${imports if imports else \"\"}|${upgrades if upgrades else 'pass'}"),
        "|pass"
    );
    assert_eq!(show("${message.title() + '!' if len(message) > 3 else None}"), "Add It!");
    assert_eq!(show("${', '.join(repr(x) for x in down_revision if x != 'b')}"), "'a'");
    assert_eq!(
        show("${create_date}|${create_date.strftime('%Y/%m')}|${create_date.year}"),
        "2024-01-31 12:05:06.000789+01:00|2024/01|2024"
    );
    assert_eq!(
        show("${ { } }"),
        "! line 1: `{` in an expression is beyond what can be rendered without Python"
    );
    assert_eq!(show("${'}' + \"|\" | trim}"), "}|");
    assert_eq!(show("${message[0]}${message[-2:]}${'%s_%03d' % (message[:3], 7)}"), "aitadd_007");
}

#[test]
fn control_lines_comments_and_line_breaks() {
    let template = "## gone\na\\\nb\n% if depends_on:\nno\n% elif message == 'add it':\nyes\n% else:\nno\n% endif\n\
                    <%doc>x\ny</%doc>c\n  %% d\n  ## e\n% for x, y in enumerate(down_revision):\n${x}${y}${'' if loop.last else ','}\\\n% endfor\n";
    assert_eq!(show(template), "ab\nyes\nc\n  % d\n0a,1b");
}

#[test]
fn the_template_for_several_databases() {
    let template = "<%!\nimport re\n\n%>\"x\"\n<%\n    db_names = config.get_main_option(\"databases\")\n%>\n\
                    % for db_name in re.split(r',\\s*', db_names):\ndef upgrade_${db_name}():\n    \
                    ${context.get(\"%s_upgrades\" % db_name, \"pass\")}\n% endfor\n";
    assert_eq!(
        show(template),
        "\"x\"\n\ndef upgrade_one():\n    pass\ndef upgrade_two():\n    pass\n"
    );
}

#[test]
fn blocks_have_branches_and_the_databases_of_a_flask_application() {
    let template = "<%\n    from flask import current_app\n    names = []\n    \
                    if current_app.config.get('SQLALCHEMY_BINDS') is not None:  # both\n        \
                    names = list(current_app.config['SQLALCHEMY_BINDS'].keys())\n    elif message:\n        names = ['x']\n    \
                    else:\n        if message:\n            names = current_app.names\n    all = [''] + names\n%>${all}";
    let (config, _) = context();
    let mut context = Context::new(&config.options, &config.section);
    context.text("message", "m");
    context.binds(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(render(template, &context), Ok("['', 'a', 'b']".to_owned()));
    assert_eq!(
        show(template),
        "! line 1: `SQLALCHEMY_BINDS` of the application that runs (`flask.current_app.config`) is beyond what can be \
         rendered without Python"
    );
    assert_eq!(
        show(
            "<%\nif not message:\n    x = 1\nelif depends_on:\n    x = 2\nelse:\n    x = 3\n%>${x}"
        ),
        "3"
    );
    assert_eq!(
        show("<%\nif message:\nx = 1\n%>"),
        "! line 1: the Python statement `if message:` in a block is beyond what can be rendered without Python"
    );
    assert_eq!(
        show("<%\nx = 1\n  y = 2\n%>"),
        "! line 1: the indentation of `y = 2` is beyond what can be rendered without Python"
    );
}

#[test]
fn parts_that_are_defined_are_written_where_they_are_called() {
    assert_eq!(show("<%def name=\"f(x)\">[${x}]</%def>${f('a')}${f(message)}"), "[a][add it]");
    assert_eq!(
        show("<%def name=\"f()\">${f()}</%def>${f()}"),
        "! line 1: `f()` calling itself is beyond what can be rendered without Python"
    );
}

#[test]
fn what_is_beyond_the_subset_is_named_with_its_line() {
    assert_eq!(
        show(
            "a\n<%\n    from flask import current_app\n    names = current_app.config.get('x')\n%>\n"
        ),
        "! line 2: `x` of the application that runs (`flask.current_app.config`) is beyond what can be rendered without Python"
    );
    assert_eq!(
        show("a\n<%inherit file='x'/>"),
        "! line 2: the tag <%inherit> is beyond what can be rendered without Python"
    );
    assert_eq!(
        show("${nothing}"),
        "! line 1: a name that the template is not given (Undefined) is beyond what can be rendered without Python"
    );
    for broken in [
        "${",
        "% if x:\n",
        "<%",
        "% endfor\n",
        "</%def>",
        "${((((",
        "<%def name='f",
        "% while x:\n% endwhile\n",
        "${a b}",
        "${lambda: 1}",
    ] {
        assert!(show(broken).starts_with("! "), "{broken}");
    }
}

#[test]
fn no_input_makes_it_panic_or_run_for_ever() {
    let deep = format!("${{{}}}", "(".repeat(50_000));
    let long = format!("${{{}1}}", "1+".repeat(50_000));
    let nested = "% if message:\n".repeat(5_000);
    for text in [deep, long, nested, "<%def name=\"f()\">${f()}${f()}</%def>${f()}".to_owned()] {
        assert!(show(&text).starts_with("! "));
    }
    let whole = "<%!\nimport re\n%>${x | a,n}\n% for é in re.split('é', 'aéb'):\n%%é\\\n% endfor\n<%text>x</%text>";
    for (at, _) in whole.char_indices() {
        show(&whole[..at]);
        show(&whole[at..]);
    }
}
