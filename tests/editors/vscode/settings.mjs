/**
 * `revline.toml` in the engine of Even Better TOML (Taplo): the schema by the extension's `tomlValidation`, and by the
 * `#:schema` line that the page of the settings shows. Usage: node settings.mjs SETUP_DIR OUT. Exit: 0 well, 1 otherwise.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, end } from './checks.mjs';

const [setup, out] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(setup), 'package.json'));
const { Taplo } = require('@taplo/lib');
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const schema = path.join(root, 'server/docs/revline.schema.json');
const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'editors/vscode/package.json'), 'utf8'));

/** The address under which the schema is published; here its file answers for it. */
const [{ fileMatch, url, ...rest }] = contributes.tomlValidation;
const asked = [];
async function fetched(request) {
  const address = typeof request === 'string' ? request : request.url;
  asked.push(address);
  const answer = address === url ? new Response(fs.readFileSync(schema)) : new Response('', { status: 404 });
  return Object.defineProperty(answer, 'url', { value: address });
}
// Taplo fetches by the global function.
globalThis.fetch = fetched;
const taplo = await Taplo.initialize({
  now: () => new Date(0),
  envVar: () => undefined,
  envVars: () => [],
  stdErrAtty: () => false,
  stdin: async () => new Uint8Array(),
  stdout: async (bytes) => bytes.length,
  stderr: async (bytes) => bytes.length,
  glob: () => [],
  readFile: async (name) => fs.readFileSync(name),
  writeFile: async () => assert.fail('nothing is written'),
  urlToFilePath: (one) => fileURLToPath(one),
  isAbsolute: (name) => path.isAbsolute(name),
  cwd: () => out,
  findConfigFile: () => undefined,
});
const errors = async (toml) => (await taplo.lint(toml, { config: { schema: { enabled: true, url } } })).errors.map((one) => one.error);

const examples = fs.readFileSync(path.join(root, 'server/docs/settings.md'), 'utf8').split('```toml\n').slice(1).map((part) => part.split('```')[0]);

await check('Taplo takes every example of the page of the settings', async () => {
  assert.deepEqual([fileMatch, rest], ['revline.toml', {}]);
  assert.ok(examples.length >= 8, `${examples.length} examples`);
  for (const example of examples) {
    assert.deepEqual(await errors(example), [], example);
  }
  assert.deepEqual([...new Set(asked)], [url]);
});

await check('Taplo objects to what Revline does not understand', async () => {
  for (const [wrong, said] of [
    ['target = ["sqlite"]\n', /Additional properties are not allowed \('target' was unexpected\)/],
    ['targets = "sqlite"\n', /"sqlite" is not of type "array"/],
    ['targets = ["oracl"]\n', /"oracl" is not one of/],
    ['[severity]\nmultiple-heads = "loud"\n', /"loud" is not one of/],
    ['[database]\nrunner = "none"\n', /"none" is not one of/],
  ]) {
    const found = await errors(wrong);
    assert.ok(found.length === 1 && said.test(found[0]), `${wrong}${found}`);
  }
});

end();
