/** Bundles the extension into dist/, with the licences: the project's own, and those of the packages inside. */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const { metafile } = await build({
  entryPoints: ['src/extension.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  minify: true,
  metafile: true,
  outfile: 'dist/extension.js',
});
// The page of the graph: no package of others is in it.
await build({
  entryPoints: ['src/webview/graph.ts'],
  bundle: true,
  platform: 'browser',
  target: 'chrome128',
  format: 'iife',
  minify: true,
  outfile: 'dist/graph.js',
});

// The grammars stand at the root of the repository, where other editors find them.
fs.rmSync('syntaxes', { recursive: true, force: true });
fs.cpSync('../../grammars/textmate', 'syntaxes', { recursive: true });

const folders = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (inside !== null) {
    folders.add(inside[1]);
  }
}
const notices = [...folders].sort().map((folder) => {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const licence = fs.readdirSync(folder).find((file) => /^licen[cs]e(\.(md|txt))?$/i.test(file));
  if (licence === undefined) {
    throw new Error(`${name} carries no licence`);
  }
  return `${name} ${version}\n\n${fs.readFileSync(path.join(folder, licence), 'utf8').trim()}\n`;
});
fs.writeFileSync('dist/THIRD-PARTY.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));

const own = ['../../LICENSE-MIT', '../../LICENSE-APACHE'].map((file) => fs.readFileSync(file, 'utf8').trim());
fs.writeFileSync('LICENSE.txt', `${own.join('\n\n')}\n`);
