import assert from 'node:assert/strict';
import test from 'node:test';
import type { GraphRow, GraphView } from '../src/graphView';
import { Folding } from '../src/webview/folding';

function row(id: string): GraphRow {
  return { id, title: '', created: null, uri: null, lane: 0, roles: [], labels: [], missing: [], problems: [], problemCount: 0, databases: [] };
}

function view(ids: string, runs: [number, number][]): GraphView {
  return { environment: 'e', environments: ['e'], identity: '', lanes: 1, rows: [...ids].map(row), edges: [], runs };
}

const lines = (folding: Folding): string => folding.lines.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');

test('a folded stretch is one line, and its rows stand there', () => {
  const folding = new Folding(view('abcdefgh', [[2, 5]]));
  assert.equal(lines(folding), '0 1 2 3 4 5 6 7');
  folding.foldAll(true);
  assert.equal(lines(folding), '0 1 2-5 6 7');
  assert.deepEqual([1, 2, 5, 6].map((at) => folding.line(at)), [1, 2, 2, 3]);
});

test('a stretch unfolds at any of its rows', () => {
  const folding = new Folding(view('abcdefgh', [[2, 5]]));
  folding.foldAll(true);
  assert.equal(folding.unfold(0), false);
  assert.equal(folding.unfold(4), true);
  assert.equal(lines(folding), '0 1 2 3 4 5 6 7');
});

test('another view keeps what was folded, by its first revision', () => {
  const folding = new Folding(view('abcdefgh', [[0, 2], [4, 7]]));
  folding.foldAll(true);
  folding.unfold(0);
  folding.renew(view('xabcdefgh', [[1, 3], [5, 8]]));
  assert.equal(lines(folding), '0 1 2 3 4 5-8');
});
