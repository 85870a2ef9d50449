/**
 * From a packed extension to the first squiggle in a VS Code that has never seen it.
 * Usage: node newcomer.mjs SETUP_DIR VSIX REVLINE PROJECT FILE OUT, FILE a revision in which something is found.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CodeServer } from './code-server.mjs';
import { Window } from './window.mjs';

const [setup, vsix, revline, project, file, out] = process.argv.slice(2);
const { chromium } = createRequire(path.join(path.resolve(setup), 'package.json'))('playwright-core');
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const server = new CodeServer(setup, path.join(out, 'code-server'), { 'revline.server.path': path.resolve(revline) });
let browser;
try {
  server.install(vsix);
  [browser] = await Promise.all([chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS }), server.start()]);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  // What is slow is told, and not cut short.
  page.setDefaultNavigationTimeout(300_000);
  const window = new Window(page);
  await window.open(server.url(project, path.join(project, file)));
  await window.until('a squiggle', async () => (await page.locator('.editor-instance .squiggly-error').count()) > 0, 300_000);
} finally {
  await browser?.close();
  server.stop();
  fs.rmSync(path.join(out, 'code-server'), { recursive: true, force: true });
}
