/**
 * The grammars of the extension in VS Code's own tokenizer, beside its own grammars of Python, SQL and INI.
 * Usage: node grammars.mjs SETUP_DIR; UPDATE=1 writes the snapshots anew. Exit: 0 as before, 1 otherwise.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const vscode = path.join(process.argv[2], 'node_modules/code-server/lib/vscode');
const require = createRequire(path.join(vscode, 'package.json'));
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');
const own = path.join(here, '../../../grammars/textmate');

/** Every grammar: those that VS Code ships for these languages, and ours, which are injected where they say. */
const shipped = { 'source.python': 'python/syntaxes/MagicPython.tmLanguage.json', 'source.sql': 'sql/syntaxes/sql.tmLanguage.json', 'source.ini': 'ini/syntaxes/ini.tmLanguage.json' };
const files = Object.fromEntries(Object.entries(shipped).map(([scope, file]) => [scope, path.join(vscode, 'extensions', file)]));
const injected = {};
const { contributes } = JSON.parse(fs.readFileSync(path.join(here, '../../../editors/vscode/package.json'), 'utf8'));
for (const grammar of contributes.grammars) {
  files[grammar.scopeName] = path.join(own, path.basename(grammar.path));
  for (const into of grammar.injectTo ?? []) {
    (injected[into] ??= []).push(grammar.scopeName);
  }
}

await oniguruma.loadWASM(fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => (files[scope] === undefined ? null : textmate.parseRawGrammar(fs.readFileSync(files[scope], 'utf8'), files[scope])),
  getInjections: (scope) => injected[scope],
});

/** Each line, and below it each token with the innermost scopes that say what it is. */
async function tokens(scope, text) {
  const grammar = await registry.loadGrammar(scope);
  let state = textmate.INITIAL;
  const shown = [];
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    shown.push(`> ${line}`);
    for (const { startIndex, endIndex, scopes } of tokens) {
      const piece = line.slice(startIndex, endIndex);
      if (piece.trim() !== '') {
        shown.push(`    ${JSON.stringify(piece)}  ${scopes.slice(-2).join(' ')}`);
      }
    }
  }
  return `${shown.join('\n').trimEnd()}\n`;
}

let failed = 0;
for (const [file, scope] of [['sql.py', 'source.python'], ['script.py.mako', 'source.python.mako'], ['alembic.ini', 'source.ini']]) {
  const source = path.join(here, 'grammars', file);
  const found = await tokens(scope, fs.readFileSync(source, 'utf8'));
  const snapshot = `${source}.tokens`;
  if (process.env.UPDATE === '1') {
    fs.writeFileSync(snapshot, found);
  }
  try {
    assert.equal(found, fs.readFileSync(snapshot, 'utf8'));
    console.log(`ok      vscode: the grammar of ${file}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  vscode: the grammar of ${file}`);
    console.log(error.message.replace(/^/gm, '        '));
  }
}
process.exit(failed === 0 ? 0 : 1);
