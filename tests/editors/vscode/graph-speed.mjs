/**
 * The page of the graph with 5,000 revisions in Chromium: how soon it is painted, and whether it stays smooth.
 * Usage: node graph-speed.mjs SETUP_DIR REVLINE OUT. The page is the extension's own script; what it is told is
 * what the server answers. Exit: 0 within the bounds, 1 otherwise.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeHistory } from './history.mjs';
import { LanguageServer } from './language-server.mjs';

const [setup, revline, out] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(path.join(path.resolve(setup), 'package.json'))('playwright-core');
const REVISIONS = 5_000;
/** Bounds: milliseconds from the start of the page to the drawn graph; frames in the slowest second of panning. */
const FIRST_PAINT = 1_000;
const FEWEST_FRAMES = 10;
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const folder = path.join(out, `history-${REVISIONS}`);
fs.rmSync(folder, { recursive: true, force: true });
writeHistory(folder, REVISIONS);
const server = new LanguageServer(revline, folder);
await server.start();
await server.ask('revline/graph', {});
const asked = performance.now();
const view = await server.ask('revline/graph', {});
const answered = performance.now() - asked;
server.stop();
assert.equal(view.rows.length, REVISIONS);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
let failed = false;
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const script = fs.readFileSync(path.join(here, '../../../editors/vscode/dist/graph.js'), 'utf8');
  const policy = "default-src 'none'; script-src 'nonce-test'; style-src 'nonce-test'";
  await page.route('**/*', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"></head><body>
<script type="application/json" id="view">${JSON.stringify(view).replaceAll('<', '\\u003c')}</script>
<script nonce="test">
  const heard = [];
  function acquireVsCodeApi() {
    return { postMessage(message) {
      heard.push({ ...message, at: performance.now() });
      if (message.type === 'ready') window.postMessage({ type: 'graph', view: JSON.parse(document.getElementById('view').textContent) }, '*');
    } };
  }
</script>
<script nonce="test">${script}</script></body></html>`,
    }),
  );
  const violations = [];
  page.on('console', (message) => violations.push(message.text()));
  // The middle one of three: a machine that does something else for a moment is not what is measured.
  const loads = [];
  for (let load = 0; load < 3; load += 1) {
    await page.goto('http://graph.invalid/');
    await page.waitForFunction(() => heard.some((one) => one.type === 'painted'), undefined, { timeout: 30_000 });
    const at = (type) => page.evaluate((type) => heard.find((one) => one.type === type).at, type);
    loads.push({ ready: await at('ready'), painted: await at('painted') });
  }
  const { ready, painted } = loads.sort((one, other) => one.painted - other.painted)[1];

  // Pans over the whole graph, a step in every frame, and back; the frames are counted where they are drawn.
  const frames = await page.evaluate(async () => {
    const canvas = document.querySelector('canvas');
    const times = [];
    const end = performance.now() + 5_000;
    while (performance.now() < end) {
      const way = (performance.now() % 2_500) < 1_250 ? 1 : -1;
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: way * 900, bubbles: true, cancelable: true }));
      times.push(await new Promise(requestAnimationFrame));
    }
    return times;
  });
  const seconds = frames.map((from) => frames.filter((at) => at >= from && at < from + 1_000).length);
  const slowest = Math.min(...seconds.filter((_, at) => frames[at] <= frames.at(-1) - 1_000));
  const gaps = frames.slice(1).map((at, index) => at - frames[index]);

  // All of it at once, then zoomed in again: also the far view is drawn in time.
  const far = await page.evaluate(async () => {
    const canvas = document.querySelector('canvas');
    const wheel = (deltaY) => canvas.dispatchEvent(new WheelEvent('wheel', { deltaY, ctrlKey: true, bubbles: true, cancelable: true }));
    wheel(2_000);
    await new Promise(requestAnimationFrame);
    const from = performance.now();
    let count = 0;
    while (performance.now() < from + 1_000) {
      wheel(count % 2 === 0 ? -20 : 20);
      await new Promise(requestAnimationFrame);
      count += 1;
    }
    return count;
  });
  await page.screenshot({ path: path.join(out, 'graph-5000.png') });
  const told = `answer ${answered.toFixed(0)} ms, script ready after ${ready.toFixed(0)} ms, painted after ${painted.toFixed(0)} ms; panning: ${slowest} frames in the slowest second, longest pause ${Math.max(...gaps).toFixed(0)} ms; far view ${far} frames/s`;
  const well = painted < FIRST_PAINT && slowest >= FEWEST_FRAMES && far >= FEWEST_FRAMES && violations.length === 0;
  failed = !well;
  console.log(`${well ? 'ok     ' : 'FAILED '} vscode: the graph of ${REVISIONS} revisions (${told})`);
  violations.forEach((text) => console.log(`        ${text}`));
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);
