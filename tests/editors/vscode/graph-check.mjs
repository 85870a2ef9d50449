/**
 * The graph and the list of revisions in a real VS Code, with 12 revisions and with 1,000.
 * Usage: node graph-check.mjs SETUP_DIR VSIX OUT; VSIX carries the server, which is all there is: no setting names
 * one, and none is on PATH. Leaves graph-12.png, revisions-12.png and graph-1000.png
 * in OUT. Exit: 0 passed, 1 failed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CodeServer } from './code-server.mjs';
import { writeHistory } from './history.mjs';
import { heads, revisions } from './project.mjs';
import { Window } from './window.mjs';

const [setup, vsix, out] = process.argv.slice(2);
const { chromium } = createRequire(path.join(path.resolve(setup), 'package.json'))('playwright-core');
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const ROW = 26;

const room = path.join(out, 'graph-room');
fs.rmSync(room, { recursive: true, force: true });
const small = path.join(room, 'small');
const large = path.join(room, 'large');
writeHistory(small, 12);
writeHistory(large, 1_000);
const server = new CodeServer(setup, path.join(room, 'code-server'), {});
process.env.PATH = [path.dirname(process.execPath), '/usr/bin', '/bin'].join(':');
let browser;
let window;
let step;

async function check(name, run) {
  step = name;
  const from = Date.now();
  await run();
  console.log(`ok      vscode: ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
}

/** The page inside the panel: an element of it is looked for in every frame. */
async function page() {
  return window.until('the page of the graph', async () => {
    for (const frame of window.page.frames()) {
      if ((await frame.locator('canvas[role=application]').count().catch(() => 0)) > 0) {
        return frame;
      }
    }
    return undefined;
  }, 30_000);
}

const counted = async (frame) => frame.locator('.count').innerText();

/** The middle of a row of the picture, a little to the right of the lanes. */
const at = (row) => ({ x: 150, y: row * ROW + ROW / 2 });

async function showGraph(expected) {
  await window.command('Revline: Show the revision graph');
  await window.page.locator('.tab.active', { hasText: 'Revision graph' }).waitFor();
  const frame = await page();
  await window.until(expected, async () => (await counted(frame)) === expected, 30_000);
  return frame;
}

async function run() {
  let frame;
  await check('the graph of 12 revisions is drawn', async () => {
    server.install(vsix);
    [browser] = await Promise.all([
      chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS }),
      server.start(),
    ]);
    window = new Window(await browser.newPage({ viewport: { width: 1400, height: 900 } }));
    await window.open(server.url(small, heads(small)[0].file));
    await window.until('2 heads', async () => (await window.status()).includes('2 heads'), 30_000);
    frame = await showGraph('12 revisions');
    await window.screenshot(path.join(out, 'graph-12.png'));
    const policy = await frame.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
    assert.match(policy, /^default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+';$/);
  });

  await check('a click on a revision opens its file', async () => {
    await frame.locator('canvas').click({ position: at(3) });
    const name = await window.until('a file', async () => {
      const tab = await window.page.locator('.tab.active').innerText();
      return tab.includes('.py') && tab.replace(/\s/g, '');
    });
    assert.ok([...revisions(small).values()].some((one) => path.basename(one.file) === name), `${name} is a revision`);
  });

  await check('a title that is typed stands in the graph at once', async () => {
    await window.caret('1:4');
    await window.keys.type('typed just now ');
    frame = await showGraph('12 revisions');
    await frame.locator('input[type=search]').fill('typed just now');
    await window.until('the row', async () => (await counted(frame)) === '1 of 12');
    await frame.locator('input[type=search]').fill('');
  });

  await check('the list of revisions stands in chain order', async () => {
    await window.command('View: Show Migrations');
    const rows = window.page.locator('.pane-body .monaco-list-row', { hasText: '·' });
    const label = async (row) => (await row.innerText()).replaceAll('\u00a0', ' ');
    await window.until('12 rows', async () => (await window.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row').count()) === 12);
    assert.ok((await label(rows.first())).includes('head'), 'the newest stands first');
    await window.until('the typed title', async () =>
      (await window.page.locator('.tree-explorer-viewlet-tree-view').innerText()).replaceAll('\u00a0', ' ').includes('typed just now'),
    );
    await window.screenshot(path.join(out, 'revisions-12.png'));
    await window.command('File: Save All');
  });

  await check('the menu of a revision merges it with another head', async () => {
    const [first, second] = heads(small);
    const before = revisions(small);
    frame = await showGraph('12 revisions');
    await window.retry('the menu', async () => {
      await window.keys.press('Escape');
      await frame.locator('canvas').click({ position: at(0), button: 'right' });
      const entry = window.page.locator('.monaco-menu .action-label', { hasText: 'Merge with' });
      await entry.waitFor({ timeout: 2500 });
      // A menu takes no click in its first moment, which may belong to the one that opened it.
      await window.page.waitForTimeout(400);
      await entry.click({ timeout: 2500 });
      await window.page.locator('.quick-input-list .monaco-list-row', { hasText: second.id }).or(
        window.page.locator('.quick-input-list .monaco-list-row', { hasText: first.id }),
      ).first().waitFor({ timeout: 4000 });
    });
    await window.keys.press('Enter');
    const merge = await window.until('a new file', () =>
      [...revisions(small).values()].find((one) => !before.has(one.id) && one.text.includes('def downgrade')),
    );
    assert.deepEqual(merge.parents, [first.id, second.id].sort());
    await showGraph('13 revisions');
  });

  await check('the graph of 1,000 revisions is drawn, folded and searched', async () => {
    await window.open(server.url(large, heads(large)[0].file));
    await window.until('2 heads', async () => (await window.status()).includes('2 heads'), 60_000);
    frame = await showGraph('1000 revisions');
    await window.screenshot(path.join(out, 'graph-1000.png'));
    await frame.locator('button', { hasText: 'Fold chains' }).click();
    await frame.locator('input[type=search]').fill('orders 501');
    await window.until('one row', async () => (await counted(frame)) === '1 of 1000');
    await window.screenshot(path.join(out, 'graph-1000-folded.png'));
  });

  await check('the default branch is chosen among those of the repository', async () => {
    const sides = heads(large);
    const git = (...words) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...words], { cwd: large });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'all of it');
    for (const [index, head] of sides.entries()) {
      git('branch', `without-${index}`);
      git('symbolic-ref', 'HEAD', `refs/heads/without-${index}`);
      git('rm', '-q', '--cached', head.file);
      git('commit', '-q', '-m', 'without it');
      git('symbolic-ref', 'HEAD', 'refs/heads/main');
      git('reset', '-q');
    }
    for (const [index, head] of sides.entries()) {
      await window.open(server.url(large, head.file));
      await window.until('2 heads', async () => (await window.status()).includes('2 heads'), 60_000);
      await window.command('Revline: Choose the default branch');
      await window.page.locator('.quick-input-list .monaco-list-row', { hasText: `without-${index}` }).first().click();
      // Of two heads the one that the branch does not have is in error.
      await window.until(`the error in ${path.basename(head.file)}`, async () => (await window.page.locator('.editor-instance .squiggly-error').count()) > 0, 20_000);
      const written = JSON.parse(fs.readFileSync(path.join(large, '.vscode/settings.json'), 'utf8'));
      assert.deepEqual(written, { 'revline.defaultBranch': `without-${index}` });
    }
  });
}

let failure;
try {
  await run();
} catch (error) {
  failure = error;
  console.log(`FAILED  vscode: ${step}`);
  console.log(String(error.stack ?? error).replace(/^/gm, '        '));
  await window?.page.screenshot({ path: path.join(out, 'graph-failure.png') }).catch(() => {});
} finally {
  await browser?.close().catch(() => {});
  server.stop();
}
process.exit(failure === undefined ? 0 : 1);
