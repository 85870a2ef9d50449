//! The evaluator: what the host hears of a program, in order.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/trace.rs"]
mod trace;

use expect_test::{Expect, expect};
use revline_python::Budget;
use trace::{Trace, run};

/// What `upgrade()` does, as the host hears it, and how it ends.
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&run(text, Budget::default()).0);
}

const HEAD: &str = "from alembic import op\nimport sqlalchemy as sa\n";

fn check_body(body: &str, expected: Expect) {
    let indented: String = body.lines().map(|line| format!("    {line}\n")).collect();
    check(&format!("{HEAD}\ndef upgrade():\n{indented}"), expected);
}

#[test]
fn straight_line_calls_arrive_in_order_with_their_arguments() {
    check_body(
        "t = op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True), schema=None)\nop.bulk_insert(t, [{'id': 1}, {'id': 2}])\nop.execute('x' \"y\")\n",
        expect![[r#"
            alembic.op.create_table("a", sqlalchemy.Column("id", sqlalchemy.Integer(), primary_key=True), schema=None)
            alembic.op.bulk_insert(alembic.op.create_table(…), [{"id": 1}, {"id": 2}])
            alembic.op.execute("xy")
            returned None
        "#]],
    );
}

#[test]
fn a_batch_is_entered_and_left() {
    check_body(
        "with op.batch_alter_table('a', schema=None) as batch_op:\n    batch_op.add_column(sa.Column('x', sa.String(length=3)))\n    if batch_op:\n        return\n    raise RuntimeError('x')\n",
        expect![[r#"
            alembic.op.batch_alter_table("a", schema=None)
            enter alembic.op.batch_alter_table(…)
            alembic.op.batch_alter_table(…).add_column(sqlalchemy.Column("x", sqlalchemy.String(length=3)))
            guard Branch true `batch_op`: condition is not known: whether `alembic.op.batch_alter_table(…)` is true
            leave
            guard Branch false `batch_op`: condition is not known: whether `alembic.op.batch_alter_table(…)` is true
            leave
            guard AfterExit true `batch_op`: condition is not known: whether `alembic.op.batch_alter_table(…)` is true
            leave
            exit alembic.op.batch_alter_table(…)
            guard AfterExit true `batch_op`: condition is not known: whether `alembic.op.batch_alter_table(…)` is true
            leave
            returned None
        "#]],
    );
}

#[test]
fn dialect_tests_fold_and_loops_unroll() {
    check(
        "import sqlalchemy as sa\nfrom alembic import context, op\nTABLES = ('a', 'b')\ndef names(prefix, *rest, suffix='_x', **more):\n    return [f'{prefix}{r}{suffix}' for r in rest if r != 'no'] + list(more)\ndef upgrade():\n    if context.get_context().dialect.name in ['postgresql', 'mysql']:\n        for i, t in enumerate(TABLES):\n            op.drop_table(t.upper() + str(i))\n    elif True:\n        op.drop_table('never')\n    for n in names('p', 'q', 'no', *TABLES, suffix='!', k=1):\n        op.execute('DROP %s %d' % (n, 3) if len(n) > 1 else n)\n",
        expect![[r#"
            alembic.op.drop_table("A0")
            alembic.op.drop_table("B1")
            alembic.op.execute("DROP pq! 3")
            alembic.op.execute("DROP pa! 3")
            alembic.op.execute("DROP pb! 3")
            alembic.op.execute("k")
            returned None
        "#]],
    );
}

#[test]
fn an_unknown_condition_runs_both_branches_and_forgets_what_they_disagree_on() {
    check_body(
        "x, y, z = 1, [1], 0\nif op.get_bind().has('t'):\n    x = 2\n    y.append(2)\n    op.drop_table('t')\n    z = 5\nelse:\n    op.execute(x)\n    z = 5\nop.execute([x, y, z])\n",
        expect![[r#"
            alembic.op.get_bind()
            alembic.op.get_bind(…).has("t")
            guard Branch true `op.get_bind().has('t')`: condition is not known: `….has(…)` asks a live database
            alembic.op.drop_table("t")
            leave
            guard Branch false `op.get_bind().has('t')`: condition is not known: `….has(…)` asks a live database
            alembic.op.execute(1)
            leave
            alembic.op.execute([<condition is not known: `….has(…)` asks a live database>, <condition is not known: `….has(…)` asks a live database>, 5])
            returned None
        "#]],
    );
}

#[test]
fn what_follows_a_return_that_may_have_happened_is_guarded() {
    check_body(
        "if op.get_bind().has('t'):\n    return\nop.drop_table('t')\n",
        expect![[r#"
            alembic.op.get_bind()
            alembic.op.get_bind(…).has("t")
            guard Branch true `op.get_bind().has('t')`: condition is not known: `….has(…)` asks a live database
            leave
            guard Branch false `op.get_bind().has('t')`: condition is not known: `….has(…)` asks a live database
            leave
            guard AfterExit true `op.get_bind().has('t')`: condition is not known: `….has(…)` asks a live database
            alembic.op.drop_table("t")
            leave
            returned None
        "#]],
    );
}

#[test]
fn a_loop_over_rows_runs_once_in_a_guard_with_its_names_unknown() {
    check_body(
        "n = 0\nfor row in op.get_bind().has('rows'):\n    n += 1\n    op.execute(f'UPDATE {row.id} {n}')\nop.execute(n)\nop.execute('after')\n",
        expect![[r#"
            alembic.op.get_bind()
            alembic.op.get_bind(…).has("rows")
            guard Loop true `op.get_bind().has('rows')`: a loop over: `….has(…)` asks a live database
            alembic.op.execute(<a loop over: `….has(…)` asks a live database>)
            leave
            alembic.op.execute(<a loop over: `….has(…)` asks a live database>)
            alembic.op.execute("after")
            returned None
        "#]],
    );
}

#[test]
fn a_loop_that_may_have_been_left_and_a_recursion_without_a_known_end_are_cut() {
    check(
        "from alembic import op\ndef walk(node):\n    if op.get_bind().has(node):\n        walk(node + 'x')\ndef upgrade():\n    while True:\n        if op.get_bind().has('rows'):\n            break\n        op.execute('x')\n    op.execute('after')\n",
        expect![[r#"
            alembic.op.get_bind()
            alembic.op.get_bind(…).has("rows")
            guard Branch true `op.get_bind().has('rows')`: condition is not known: `….has(…)` asks a live database
            leave
            guard Branch false `op.get_bind().has('rows')`: condition is not known: `….has(…)` asks a live database
            leave
            guard AfterExit true `op.get_bind().has('rows')`: condition is not known: `….has(…)` asks a live database
            alembic.op.execute("x")
            guard Loop true `True`: how often the loop runs is not known
            alembic.op.get_bind()
            alembic.op.get_bind(…).has("rows")
            guard Branch true `op.get_bind().has('rows')`: condition is not known: `….has(…)` asks a live database
            leave
            guard Branch false `op.get_bind().has('rows')`: condition is not known: `….has(…)` asks a live database
            leave
            guard AfterExit true `op.get_bind().has('rows')`: condition is not known: `….has(…)` asks a live database
            alembic.op.execute("x")
            leave
            leave
            leave
            alembic.op.execute("after")
            returned None
        "#]],
    );
    let (heard, _) = run(
        "from alembic import op\ndef walk(node):\n    if op.get_bind().has(node):\n        walk(node + 'x')\n        walk(node + 'y')\ndef upgrade():\n    walk('a')\n    op.execute('after')\n",
        Budget::default(),
    );
    assert!(
        heard.contains("opaque `walk(node + 'x')`: how often `walk` calls itself is not known")
    );
    assert!(heard.ends_with("alembic.op.execute(\"after\")\nreturned None\n"), "{heard}");
}

#[test]
fn aliases_see_each_others_changes() {
    check_body(
        "def add(to, what):\n    to.append(what)\n    to += ['!']\na = []\nb = a\nadd(a, 'x')\nd = {'l': b}\nd['l'].extend(c for c in 'yz')\nd.setdefault('m', []).append(1)\nop.execute([a, b is a, d, a[1:], a[-1], a[::2]])\n",
        expect![[r#"
            alembic.op.execute([["x", "!", "y", "z"], True, {"l": ["x", "!", "y", "z"], "m": [1]}, ["!", "y", "z"], "z", ["x", "y"]])
            returned None
        "#]],
    );
}

#[test]
fn iterators_are_used_up_and_do_nothing_before_they_are_asked() {
    check_body(
        "names = ['a', 'b']\nmap(op.drop_table, names)\nit = iter(names)\nop.execute([next(it), list(it), list(it)])\nfor name in map(str.upper, names):\n    op.drop_table(name)\nkeys = {'k': 1}.keys()\nop.execute([names == range(2), isinstance(keys, list), 'k' in keys, len(keys)])\n",
        expect![[r#"
            alembic.op.execute(["a", ["b"], []])
            alembic.op.drop_table("A")
            alembic.op.drop_table("B")
            alembic.op.execute([False, False, True, 1])
            returned None
        "#]],
    );
}

#[test]
fn a_name_that_a_function_binds_is_its_own_from_the_start() {
    check(
        "from alembic import op\nTABLE = 'outer'\ndef upgrade():\n    op.execute(TABLE)\n    TABLE = 'inner'\n    op.execute(TABLE)\n    op.execute([TABLE for TABLE in 'ab'])\n    op.execute(TABLE)\n",
        expect![[r#"
            alembic.op.execute(<`TABLE` may be read before it is bound>)
            alembic.op.execute("inner")
            alembic.op.execute(["a", "b"])
            alembic.op.execute("inner")
            returned None
        "#]],
    );
}

#[test]
fn what_changes_in_place_is_seen_by_its_other_names() {
    check_body(
        "a = [1]\nb = a\nb *= 2\ns = {1, 2}\nt = s\nt -= {2}\nfor x in a:\n    if len(a) < 4:\n        a.append(x)\na[1:3] = ['x']\nop.execute([a, s == {1}, a is b])\n",
        expect![[r#"
            alembic.op.execute([[1, "x", 1], True, True])
            returned None
        "#]],
    );
}

#[test]
fn unknown_code_makes_what_it_was_given_uncertain() {
    check(
        "from alembic import op\nfrom mypackage import helper\ndef upgrade():\n    a = [1]\n    helper(a, op)\n    op.execute(a)\n",
        expect![[r#"
            opaque `helper(a, op)`: `mypackage` is not known
            alembic.op.execute(<`mypackage` is not known>)
            returned None
        "#]],
    );
}

#[test]
fn try_takes_its_body_and_own_errors_enter_except() {
    check_body(
        "try:\n    op.execute('a')\n    x = {'k': 1}['no']\n    op.execute('never')\nexcept (ValueError, LookupError) as e:\n    op.execute('caught')\nelse:\n    op.execute('never')\nfinally:\n    op.execute('finally')\ntry:\n    [][0]\nexcept KeyError:\n    op.execute('never')\nexcept Exception:\n    pass\nassert len('ab') == 2\nraise NotImplementedError('no way')\n",
        expect![[r#"
            alembic.op.execute("a")
            alembic.op.execute("caught")
            alembic.op.execute("finally")
            raised NotImplementedError: no way
        "#]],
    );
}

#[test]
fn classes_enums_closures_and_lambdas_work() {
    check(
        "import enum\nfrom alembic import op\nclass Color(str, enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\nclass Base:\n    prefix = 'p_'\n    def __init__(self, name):\n        self.name = name\n    def full(self):\n        return self.prefix + self.name\n    @property\n    def upper(self):\n        return self.full().upper()\n    @staticmethod\n    def join(*a):\n        return '-'.join(a)\nclass Sub(Base):\n    prefix = 's_'\ndef maker(n):\n    def inner(x):\n        nonlocal n\n        n += x\n        return n\n    return inner\ndef upgrade():\n    op.execute([c.value for c in Color])\n    op.execute([Color.RED.name, Color('blue').name, Color['RED'].value, Color.RED == Color.BLUE])\n    op.execute([Sub('a').full(), Base(name='b').upper, Sub.join('x', 'y')])\n    add = maker(1)\n    add(2)\n    op.execute([add(3), (lambda a, b=2: a * b)(4), sorted(['b', 'a'], key=lambda s: s)])\n",
        expect![[r#"
            alembic.op.execute(["red", "blue"])
            alembic.op.execute(["RED", "BLUE", "red", False])
            alembic.op.execute(["s_a", "P_B", "x-y"])
            alembic.op.execute([6, 8, ["a", "b"]])
            returned None
        "#]],
    );
}

#[test]
fn a_member_of_a_mixed_enum_equals_its_value() {
    check(
        "import enum\nfrom alembic import op\nclass S(str, enum.Enum):\n    A = 'a'\nclass I(enum.IntEnum):\n    ONE = 1\nclass P(enum.Enum):\n    A = 'a'\ndef upgrade():\n    op.execute([S.A == 'a', 'b' == S.A, I.ONE == 1, P.A == 'a', P.A == P.A, S.A in ('a', 'b'), {'a': 5}[S.A], isinstance('x', (int, str))])\n",
        expect![[r#"
            alembic.op.execute([True, False, True, False, True, True, 5, True])
            returned None
        "#]],
    );
}

#[test]
fn formats_and_text_follow_python() {
    check_body(
        "import textwrap, json, uuid\nop.execute(['{:>5}|{0}'.replace('0', '').format('a', 'b'), f'{3:03d}|{1.5}|{\"x\"!r}|{{}}', '%(a)s' % {'a': None}])\nop.execute(textwrap.dedent('''\\\n    SELECT\n      1\n    '''))\nop.execute(json.dumps({'a': [1, None, 'é']}))\nop.execute(str(uuid.uuid4()))\nop.execute([7 // 2, -7 // 2, -7 % 3, 2 ** 10, 7 / 2, 1 < 2 < 3, not [], 'b' in 'abc', 'a' 'b' * 2])\n",
        expect![[r#"
            alembic.op.execute(["    a|b", "003|1.5|'x'|{}", "None"])
            alembic.op.execute("SELECT\n  1\n")
            alembic.op.execute("{\"a\": [1, null, \"\\u00e9\"]}")
            alembic.op.execute(<a new UUID at each run>)
            alembic.op.execute([3, -4, 2, 1024, 3.5, True, True, True, "abab"])
            returned None
        "#]],
    );
}

#[test]
fn a_name_that_is_not_defined_is_unknown_with_that_reason() {
    check_body(
        "op.add_column('t', missing)\nother(1)\n",
        expect![[r#"
            alembic.op.add_column("t", <`missing` is not defined>)
            opaque `other(1)`: `other` is not defined
            returned None
        "#]],
    );
}

#[test]
fn every_piece_of_a_string_knows_its_place() {
    let text = "from alembic import op\nT = 'users'\ndef upgrade():\n    op.execute('DROP TABLE ' + T + \" \\x43ASCADE\" f' x{T}y')\n";
    let (_, trace) = run(text, Budget::default());
    let Trace { strings, .. } = trace;
    let sql = strings.first().unwrap();
    assert_eq!(sql.text(), "DROP TABLE users CASCADE xusersy");
    let pieces: Vec<(&str, &str, bool)> = sql
        .segments()
        .iter()
        .map(|it| {
            (it.range.slice(sql.text()).unwrap(), it.source.range.slice(text).unwrap(), it.exact)
        })
        .collect();
    assert_eq!(
        pieces,
        [
            ("DROP TABLE ", "DROP TABLE ", true),
            ("users", "users", true),
            (" ", " ", true),
            ("C", "\\x43", false),
            ("ASCADE", "ASCADE", true),
            (" x", " x", true),
            ("users", "users", true),
            ("y", "y", true),
        ]
    );
    let table = sql.origin(revline_text::Range::new(12, 15)).unwrap();
    assert_eq!(table.range.slice(text), Some("ser"));
}

#[test]
fn work_without_end_is_bounded_and_said_to_be_unknown() {
    for (program, reason) in [
        ("while True: pass", "stopped: more than 50000 steps of evaluation"),
        ("def f(): return f()\n    f()", "stopped: nested more than 160 levels deep"),
        ("x = 'a' * 10**12\n    op.execute(x)", "alembic.op.execute(<larger than 4194304 bytes>)"),
        ("x = [0] * 10**10\n    op.execute(x)", "alembic.op.execute(<larger than 4194304 bytes>)"),
        (
            "x = 10**10**10\n    op.execute(x)",
            "alembic.op.execute(<an integer of more than 127 bits>)",
        ),
        ("x = '%0999999999d' % 1\n    op.execute(x)", "alembic.op.execute(<a very wide format>)"),
        ("x = range(10**15)\n    op.execute(x)", "alembic.op.execute(<larger than 4194304 bytes>)"),
        (
            "x = []\n    for i in range(10): x.append(x)\n    op.execute(len(x))",
            "alembic.op.execute(10)",
        ),
        ("x = 'a'\n    while True: x = x + x", "stopped: more than 50000 steps of evaluation"),
        ("x = [1]\n    while True: x = x + x", "stopped: more than 50000 steps of evaluation"),
        (
            "x = ()\n    for i in range(3000): x = (x,)\n    op.execute(x == x, )",
            "alembic.op.execute(True)",
        ),
        (
            "import sqlalchemy as sa\n    q = sa.x\n    for i in range(3000): q = q().y\n    op.execute(1)",
            "alembic.op.execute(1)",
        ),
    ] {
        let text = format!("from alembic import op\ndef upgrade():\n    {program}\n");
        let budget = Budget { steps: 50_000, ..Budget::default() };
        let (heard, _) = run(&text, budget);
        assert!(heard.contains(reason), "{program}: {heard}");
    }
}

#[test]
fn a_format_that_begins_with_an_equals_sign_is_no_assignment() {
    for (value, told) in
        [("{y:=+5}", "\"a +   3\""), ("{(y := 5)}", "\"a 5\""), ("{y:>+5}", "\"a    +3\"")]
    {
        let text = format!(
            "from alembic import op\ndef upgrade():\n    y = 3\n    op.execute(f'a {value}')\n"
        );
        let (heard, _) = run(&text, Budget::default());
        assert_eq!(heard, format!("alembic.op.execute({told})\nreturned None\n"));
    }
}

#[test]
fn a_literal_of_five_megabytes_is_unknown() {
    let text = format!(
        "from alembic import op\ndef upgrade():\n    op.execute('{}')\n",
        "a".repeat(5 << 20)
    );
    let (heard, _) = run(&text, Budget::default());
    assert_eq!(heard, "alembic.op.execute(<larger than 4194304 bytes>)\nreturned None\n");
}

#[test]
fn a_coroutine_runs_where_it_is_awaited() {
    check(
        "from alembic import op\nimport asyncio\nimport vendor\nasync def told(text, *more):\n    op.execute(text)\n    return len(more)\nasync def upgrade_all():\n    never = told('never')\n    count = await told('first', 1, 2)\n    async with op.get_bind() as bind:\n        await bind.run(count)\n    later = asyncio.create_task(told('third'))\n    op.execute('second')\n    await later\ndef upgrade():\n    asyncio.run(upgrade_all())\n    told('nor this')\n    vendor.run_all(told('nobody knows'))\n    asyncio.gather(told('nor here'))\n",
        expect![[r#"
            alembic.op.execute("first")
            alembic.op.get_bind()
            enter alembic.op.get_bind(…)
            alembic.op.get_bind(…).run(2)
            exit alembic.op.get_bind(…)
            alembic.op.execute("second")
            alembic.op.execute("third")
            opaque `vendor.run_all(told('nobody knows'))`: `vendor` is not known
            opaque `asyncio.gather(told('nor here'))`: whether `asyncio.gather` runs a coroutine
            returned None
        "#]],
    );
}

#[test]
fn a_generator_that_is_a_context_manager_runs_the_block_at_its_yield() {
    check(
        "from alembic import op\nfrom contextlib import contextmanager\n@contextmanager\ndef guarded(name):\n    op.execute('before ' + name)\n    try:\n        yield name.upper()\n        op.execute('after ' + name)\n    finally:\n        op.execute('at last ' + name)\n@contextmanager\ndef never():\n    if op.get_bind().is_there:\n        yield\ndef left():\n    with guarded('c'):\n        return 'left'\ndef upgrade():\n    with guarded('a') as a, guarded('b') as b:\n        op.execute(a + b)\n    op.execute(left())\n    try:\n        with guarded('d'):\n            raise ValueError('x')\n    except ValueError:\n        op.execute('caught')\n    with never():\n        op.execute('nobody knows')\n    op.execute(True | False)\n",
        expect![[r#"
            alembic.op.execute("before a")
            alembic.op.execute("before b")
            alembic.op.execute("AB")
            alembic.op.execute("after b")
            alembic.op.execute("at last b")
            alembic.op.execute("after a")
            alembic.op.execute("at last a")
            alembic.op.execute("before c")
            alembic.op.execute("after c")
            alembic.op.execute("at last c")
            alembic.op.execute("left")
            alembic.op.execute("before d")
            alembic.op.execute("at last d")
            alembic.op.execute("caught")
            alembic.op.get_bind()
            guard Branch true `op.get_bind().is_there`: condition is not known: whether `….is_there` is true
            opaque `yield`: whether this `yield` is reached
            leave
            guard Branch false `op.get_bind().is_there`: condition is not known: whether `….is_there` is true
            leave
            alembic.op.execute(True)
            returned None
        "#]],
    );
}
