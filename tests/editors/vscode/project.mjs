/** The copied project, read from disk without the server: what its answers are held against. */
import fs from 'node:fs';
import path from 'node:path';

/** The right-hand side of an assignment at the start of a line, brackets included. */
function assigned(text, name) {
  const match = new RegExp(`^${name}\\b[^=\\n]*=\\s*(\\([^)]*\\)|\\[[^\\]]*\\]|[^\\n]*)`, 'm').exec(text);
  return match?.[1] ?? '';
}

const quoted = (text) => [...text.matchAll(/["']([^"']+)["']/g)].map((match) => match[1]);

/** Every revision on disk, by id. Names of files do not matter. */
export function revisions(folder) {
  const all = new Map();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.py') || path.basename(entry.parentPath) !== 'versions') {
      continue;
    }
    const file = path.join(entry.parentPath, entry.name);
    const text = fs.readFileSync(file, 'utf8');
    const id = quoted(assigned(text, 'revision'))[0];
    if (id !== undefined) {
      const header = assigned(text, 'down_revision');
      all.set(id, { id, parents: quoted(header).sort(), header, title: /"""\s*([^\n]*)/.exec(text)?.[1] ?? '', file, text });
    }
  }
  return all;
}

/** The revisions that are nobody's parent, in the order of their ids. */
export function heads(folder) {
  const all = [...revisions(folder).values()];
  const parents = new Set(all.flatMap((revision) => revision.parents));
  return all.filter((revision) => !parents.has(revision.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The line and column, from 1, of the first text that a pattern matches. */
export function place(text, pattern) {
  const at = text.search(pattern);
  if (at < 0) {
    throw new Error(`nothing matches ${pattern}`);
  }
  const before = text.slice(0, at).split('\n');
  return `${before.length}:${before.at(-1).length + 1}`;
}
