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
