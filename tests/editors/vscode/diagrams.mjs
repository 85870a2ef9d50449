/**
 * What `revline graph` writes, in the programs that draw it: Mermaid in Chromium, Graphviz, and Chromium itself for SVG.
 * Usage: node diagrams.mjs SETUP_DIR REVLINE OUT. Leaves graph-mermaid.png, graph-dot.png and graph-svg.png in OUT.
 * Exit: 0 all drawn, 1 otherwise.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { check, end } from './checks.mjs';
import { writeHistory } from './history.mjs';

const [setup, revline, out] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(setup), 'package.json'));
const { chromium } = require('playwright-core');
const { instance } = require('@viz-js/viz');
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** A title with every character that one of the languages takes for its own. */
const HARD = 'say "c" & <go>; end #1 [x](y) {z} | `w` \\n';

const folder = path.join(out, 'history-12-hard');
fs.rmSync(folder, { recursive: true, force: true });
writeHistory(folder, 12);
const versions = path.join(folder, 'alembic/versions');
const files = fs.readdirSync(versions).filter((name) => name.endsWith('.py'));
const hard = path.join(versions, files.find((name) => fs.readFileSync(path.join(versions, name), 'utf8').startsWith('"""add prices 5')));
fs.writeFileSync(hard, fs.readFileSync(hard, 'utf8').replace(/^"""add prices 5/, () => `r'''${HARD}`).replace('"""\nfrom', "'''\nfrom"));
const large = path.join(out, 'history-1000-diagrams');
fs.rmSync(large, { recursive: true, force: true });
writeHistory(large, 1000);

const graph = (project, ...words) => execFileSync(path.resolve(revline), ['graph', ...words], { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28 });
const [view] = JSON.parse(graph(folder, '--format', 'json'));
assert.equal(view.rows.length, 12);
const edges = view.rows.reduce((count, row) => count + row.parents.length, 0);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/** Shows SVG as a page does that has it as an image, and takes its picture. */
async function picture(svg, name) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const wrong = await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent ?? null, svg);
  assert.equal(wrong, null, 'it is XML');
  await page.setContent(`<body style="margin:8px;background:white"><img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"></body>`);
  const { width, height } = await page.evaluate(async () => {
    const image = document.querySelector('img');
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  });
  assert.ok(width > 100 && height > 200, `${width} × ${height}`);
  await page.screenshot({ path: path.join(out, name) });
  await page.close();
}

try {
  await check('Mermaid draws `revline graph --format mermaid`', async () => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.addScriptTag({ path: path.join(setup, 'node_modules/mermaid/dist/mermaid.min.js') });
    const draw = (text) =>
      page.evaluate(async (text) => {
        globalThis.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
        const { diagramType } = await globalThis.mermaid.parse(text);
        const { svg } = await globalThis.mermaid.render('drawn', text);
        document.body.innerHTML = svg;
        const drawn = document.querySelector('svg');
        return {
          diagramType,
          nodes: [...drawn.querySelectorAll('.node')].map((node) => node.textContent.replaceAll('\u2060', '').trim()),
          edges: drawn.querySelectorAll('path.flowchart-link').length,
        };
      }, text);
    const drawn = await draw(graph(folder, '--format', 'mermaid'));
    assert.match(drawn.diagramType, /^flowchart/);
    assert.equal(drawn.nodes.length, 12);
    assert.equal(drawn.edges, edges);
    assert.ok(drawn.nodes.some((text) => text.endsWith(HARD)), drawn.nodes.join('\n'));
    await page.screenshot({ path: path.join(out, 'graph-mermaid.png') });
    // What a README can hold of a long history.
    const folded = await draw(graph(large, '--format', 'mermaid', '--fold'));
    assert.ok(folded.nodes.length > 100 && folded.nodes.length < 1000, `${folded.nodes.length} nodes`);
    await page.close();
  });

  await check('Graphviz draws `revline graph --format dot`', async () => {
    const viz = await instance();
    const text = graph(folder, '--format', 'dot');
    const { errors, objects, edges: drawn } = viz.renderJSON(text);
    assert.equal(errors, undefined);
    assert.equal(objects.filter((one) => one.nodes === undefined).length, 12);
    assert.equal(drawn.length, edges);
    const svg = viz.renderString(text, { format: 'svg' });
    const plain = svg.replaceAll('&quot;', '"').replaceAll('&#45;', '-').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    assert.ok(plain.includes(HARD), plain);
    await picture(svg.slice(svg.indexOf('<svg')), 'graph-dot.png');
  });

  await check('Chromium shows `revline graph --format svg`', async () => {
    const svg = graph(folder, '--format', 'svg');
    await picture(svg, 'graph-svg.png');
    const page = await browser.newPage();
    await page.setContent(svg);
    assert.equal(await page.locator('circle').count(), 12);
    assert.ok((await page.locator('svg').textContent()).includes(HARD));
    await page.close();
    await picture(graph(large, '--format', 'svg', '--fold'), 'graph-svg-1000.png');
  });
} finally {
  await browser.close();
}
end();
