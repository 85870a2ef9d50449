/** node check.mjs SETUP REVLINE WORKSPACE OUT — what a person does in VS Code, step by step, each one asserted. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CodeServer } from './code-server.mjs';
import { database } from './database.mjs';
import { heads, place, revisions } from './project.mjs';
import { Recorder } from './recorder.mjs';
import { Window } from './window.mjs';

const [setup, revline, original, out] = process.argv.slice(2);
const { chromium } = createRequire(path.join(setup, 'package.json'))('playwright-core');
const FLAGS = [
  '--no-sandbox --disable-gpu --disable-quic --no-first-run',
  '--disable-background-networking --disable-component-update --disable-sync',
].flatMap((line) => line.split(' '));

const room = path.join(out, 'room');
const workspace = path.join(out, 'shop');
fs.rmSync(room, { recursive: true, force: true });
fs.rmSync(workspace, { recursive: true, force: true });
fs.cpSync(original, workspace, { recursive: true });
const picture = (name) => path.join(out, `${name}.png`);
for (const name of ['two-heads', 'sql-hover', 'database', 'failed-migration', 'refused-host', 'merge-quick-fix', 'failure']) {
  fs.rmSync(picture(name), { force: true });
}

const started = Date.now();
const recorder = new Recorder(room, revline);
const server = new CodeServer(setup, room, { 'revline.server.path': recorder.program });
let browser;
let window;
let step = 'VS Code starts';

async function check(name, run) {
  step = name;
  const from = Date.now();
  await run();
  console.log(`ok      vscode: ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
}

const [first, second] = heads(workspace);
const createsTable = [...revisions(workspace).values()].find((revision) => /^    op\.create_table/m.test(revision.text));
let wrongSide;

async function run() {
  await check('VS Code starts with the extension', async () => {
    assert.equal(heads(workspace).length, 2, 'the project starts with two heads');
    server.install(path.join(out, 'revline.vsix'));
    [browser] = await Promise.all([
      chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS }),
      server.start(),
    ]);
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    window = new Window(page);
    await window.open(server.url(workspace, first.file));
  });

  await check('the server is told that the folder is not trusted, and anew when it is', async () => {
    const told = () => recorder.starts().map((start) => start.params.initializationOptions);
    await window.until('the first start', () => told().length > 0);
    const first = { trusted: false, documents: true, status: true, graph: true, settings: {} };
    assert.deepEqual(told(), [first]);
    await window.until('2 heads', async () => (await window.status()).includes('2 heads'));
    await window.command('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click();
    await window.until('the second start', () => told().length > 1);
    await window.until('2 heads again', async () => (await window.status()).includes('2 heads'));
    assert.deepEqual(told(), [first, { ...first, trusted: true }]);
    await window.keys.press('Control+F4');
  });

  await check('two heads: an error on one side, an information on the other, each naming the other', async () => {
    await window.filterProblems('multiple-heads');
    const rows = await window.until('both diagnostics among the problems', async () => {
      const found = (await window.problems()).filter((row) => row.includes('multiple-heads'));
      return found.length === 2 && found;
    }, 20_000);
    assert.ok(rows.some((row) => row.includes(first.id)), `no problem names ${first.id}:\n${rows.join('\n')}`);
    assert.ok(rows.some((row) => row.includes(second.id)), `no problem names ${second.id}:\n${rows.join('\n')}`);
    await window.filterProblems('');
    const marks = { error: [], info: [] };
    for (const head of [first, second]) {
      await window.openFile(head.file);
      const kind = await window.until(`a squiggle in ${path.basename(head.file)}`, async () => {
        for (const one of ['error', 'info']) {
          if ((await window.page.locator(`.editor-instance .squiggly-${one}`).count()) > 0) {
            return one;
          }
        }
        return undefined;
      });
      marks[kind].push(head);
    }
    assert.deepEqual([marks.error.length, marks.info.length], [1, 1], 'one side is an error, the other an information');
    [wrongSide] = marks.error;
    const other = wrongSide === first ? second : first;
    await window.openFile(wrongSide.file);
    await window.caret(place(wrongSide.text, new RegExp(`(?<=^revision\\b[^=]*= *["'])${wrongSide.id}`, 'm')));
    await window.hover('multiple-heads', other.id);
    await window.screenshot(picture('two-heads'));
  });

  await check('the status bar counts the heads', async () => {
    await window.until('2 heads', async () => (await window.status()).includes('2 heads'));
  });

  await check('hovering upgrade shows its SQL', async () => {
    assert.ok(createsTable, 'the project has a revision that creates a table');
    await window.openFile(createsTable.file);
    await window.caret(place(createsTable.text, /(?<=^def )upgrade/m));
    await window.keys.press('Control+j');
    await window.hover('CREATE TABLE');
    await window.screenshot(picture('sql-hover'));
    await window.showProblems();
  });

  await check('the SQL of a revision is a document that is kept in step', async () => {
    await window.openFile(createsTable.file);
    await window.command('Revline: Show the SQL of this revision');
    const tabOf = (name) => window.page.locator('.tab', { hasText: name }).first();
    await tabOf(`${createsTable.id}.sql`).waitFor();
    const lines = window.page.locator('.editor-instance .view-lines');
    const shows = async (text) => (await lines.innerText()).replaceAll('\u00a0', ' ').includes(text);
    await window.until('the SQL', () => shows('CREATE TABLE'));
    await window.openFile(createsTable.file);
    await window.caret(place(createsTable.text, /(?<=^def upgrade.*:)$/m));
    await window.keys.type("\nop.drop_table('kept_in_step')");
    await window.until('the typed line', () => shows('kept_in_step'));
    await tabOf(`${createsTable.id}.sql`).click();
    await window.until('the new statement', () => shows('DROP TABLE kept_in_step'));
    await window.keys.press('Control+F4');
    await window.openFile(createsTable.file);
    await window.command('File: Revert File');
  });

  await check('a new revision from the palette follows the chosen head', async () => {
    const before = revisions(workspace);
    await window.command('Revline: New revision');
    await window.pick(second.id);
    await window.fillQuickInput('add a wish list');
    await window.keys.press('Enter');
    const fresh = await window.until('a new file', () => added(before));
    assert.deepEqual(fresh.parents, [second.id]);
    assert.equal(fresh.title, 'add a wish list');
    await window.page.locator('.tab.active', { hasText: path.basename(fresh.file) }).waitFor();
  });

  await check('the page of a rule opens from the palette', async () => {
    await window.command('Revline: Explain rule');
    await window.pick('multiple-heads');
    const tab = window.page.locator('.tab.active', { hasText: 'multiple-heads' });
    await tab.waitFor();
    await window.until('the text of the page', async () => {
      for (const frame of window.page.frames()) {
        const text = await frame.locator('body').innerText({ timeout: 500 }).catch(() => '');
        if (text.replaceAll('\u00a0', ' ').includes('What it does')) {
          return true;
        }
      }
      return false;
    });
    await window.keys.press('Control+F4');
  });

  await check('after a restart the server answers again', async () => {
    await window.command('Revline: Restart server');
    await window.until('the status', async () => (await window.status()).includes('2 heads'));
    await window.openFile(createsTable.file);
    await window.caret(place(createsTable.text, /(?<=^def )upgrade/m));
    await window.hover('CREATE TABLE');
  });

  await database(check, window, workspace, picture);

  await check('the quick fix merges the heads into one correct file', async () => {
    const before = revisions(workspace);
    const tips = heads(workspace);
    const wrong = tips.find((head) => head.id === first.id);
    await window.openFile(wrong.file);
    await window.caret(place(wrong.text, new RegExp(`(?<=^revision\\b[^=]*= *["'])${wrong.id}`, 'm')));
    await window.quickFix('Merge heads');
    const merge = await window.until('a new file', () => added(before));
    assert.deepEqual(merge.parents, tips.map((head) => head.id), 'its parents are the heads');
    assert.match(merge.header, /^\(.*,.*\)$/s, 'its down_revision is a tuple');
    assert.match(merge.text, /^def upgrade/m);
    assert.match(merge.text, /^def downgrade/m);
    assert.deepEqual(heads(workspace).map((head) => head.id), [merge.id], 'it is the only head');
    for (const revision of before.values()) {
      assert.equal(fs.readFileSync(revision.file, 'utf8'), revision.text, `${revision.file} is as it was`);
    }
    fs.writeFileSync(path.join(out, 'merge'), `${merge.file}\n`);
    await window.openFile(merge.file);
    await window.until('1 head', async () => /\b1 head\b/.test(await window.status()));
    await window.filterProblems('multiple-heads');
    await window.until('no two heads among the problems', async () =>
      (await window.problems()).every((row) => !row.includes('multiple-heads')),
    );
    await window.filterProblems('');
    await window.screenshot(picture('merge-quick-fix'));
  });
}

/** The revision that was not there before; none while its file is half written. */
function added(before) {
  return [...revisions(workspace).values()].find((revision) => !before.has(revision.id) && revision.text.includes('def downgrade'));
}

let failure;
try {
  await run();
} catch (error) {
  failure = error;
  console.log(`FAILED  vscode: ${step}`);
  console.log(String(error.stack ?? error).replace(/^/gm, '        '));
  if (window !== undefined) {
    await window.page.screenshot({ path: picture('failure') }).catch(() => {});
    console.log(`        problems: ${JSON.stringify(await window.problems().catch(() => []), null, 2)}`);
    console.log(`        the server said:\n${recorder.said()}`.replace(/\n/g, '\n          '));
    console.log(`        the window: ${picture('failure')}`);
  }
} finally {
  await browser?.close().catch(() => {});
  server.stop();
}
console.log(`vscode: ${failure === undefined ? 'passed' : 'failed'} in ${((Date.now() - started) / 1000).toFixed(1)} s; pictures in ${out}`);
process.exit(failure === undefined ? 0 : 1);
