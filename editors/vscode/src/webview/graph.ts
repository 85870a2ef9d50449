/** The page with the graph: pan, zoom, search, fold, select. What a click does is up to the extension. */
import type { GraphChanges, GraphView } from '../graphView';
import { Folding } from './folding';
import { across, Painter, ROW, themeColours, type Camera } from './paint';
import { STYLE } from './style';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

type ToPage = { type: 'graph'; view: GraphView } | ({ type: 'changes' } & GraphChanges) | { type: 'failed'; why: string };

const api = acquireVsCodeApi();
const nonce = (document.currentScript as HTMLScriptElement | null)?.nonce ?? '';
const SMALLEST = 0.04;
const LARGEST = 2.5;

let view: GraphView | undefined;
let folding: Folding | undefined;
let camera: Camera = { x: 0, y: 0, scale: 1 };
let focus = 0;
let hover = -1;
let selected = new Set<string>();
let found: number[] = [];
let dirty = false;
let arrived: number | undefined;

const style = document.createElement('style');
style.nonce = nonce;
style.textContent = STYLE;
document.head.append(style);

function element<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Partial<HTMLElementTagNameMap[K]>): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), properties);
}

const bar = element('div', { className: 'bar' });
const environments = element('select', { title: 'Environment', hidden: true });
const search = element('input', { type: 'search', placeholder: 'Find a revision' });
const count = element('span', { className: 'count' });
const fold = element('button', { textContent: 'Fold chains', title: 'Fold or unfold stretches without forks' });
const fit = element('button', { textContent: 'Fit', title: 'Show the whole graph' });
const canvas = element('canvas', { tabIndex: 0 });
canvas.setAttribute('role', 'application');
canvas.setAttribute('aria-label', 'Revision graph; arrow keys move, Enter opens');
const spoken = element('div', { className: 'spoken' });
spoken.setAttribute('aria-live', 'polite');
bar.append(environments, search, count, fold, fit);
document.body.append(bar, canvas, spoken);
const painter = new Painter(canvas);

function redraw(): void {
  if (!dirty) {
    dirty = true;
    requestAnimationFrame(paint);
  }
}

function paint(): void {
  dirty = false;
  if (view === undefined || folding === undefined) {
    return;
  }
  painter.paint(view, folding, camera, { selected, focus, hover, found: new Set(found) });
  if (arrived !== undefined) {
    api.postMessage({ type: 'painted', rows: view.rows.length, ms: performance.now() - arrived });
    arrived = undefined;
  }
}

/** Keeps a part of the picture in view. */
function clamp(): void {
  const { width, height } = painter.size;
  const lines = folding?.lines.length ?? 0;
  const most = Math.max(0, lines * ROW - height / camera.scale + ROW);
  camera.y = Math.min(Math.max(0, camera.y), most);
  camera.x = Math.min(Math.max(0, camera.x), Math.max(0, ((view?.lanes ?? 0) + 8) * 16 - width / across(camera.scale) + 600));
}

function zoom(factor: number, x: number, y: number): void {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  camera.x += x / across(camera.scale) - x / across(scale);
  camera.y += y / camera.scale - y / scale;
  camera.scale = scale;
  clamp();
  redraw();
}

function reveal(row: number): void {
  if (view === undefined || folding === undefined) {
    return;
  }
  folding.unfold(row);
  focus = row;
  const { height } = painter.size;
  const y = folding.line(row) * ROW;
  if (y < camera.y || y + ROW > camera.y + height / camera.scale) {
    camera.y = y - height / camera.scale / 2;
  }
  clamp();
  const shown = view.rows[row];
  spoken.textContent = shown === undefined ? '' : [shown.id, shown.title, ...shown.roles, ...shown.labels].join(', ');
  redraw();
}

function take(news: GraphView): void {
  arrived = performance.now();
  const before = view?.rows[focus]?.id;
  if (folding !== undefined && view?.environment === news.environment) {
    folding.renew(news);
  } else {
    folding = new Folding(news);
    camera = { x: 0, y: 0, scale: 1 };
    selected = new Set();
  }
  view = news;
  focus = Math.max(0, news.rows.findIndex((row) => row.id === before));
  environments.hidden = news.environments.length < 2;
  environments.replaceChildren(...news.environments.map((name) => element('option', { textContent: name, value: name })));
  environments.value = news.environment;
  fold.hidden = news.runs.length === 0;
  look();
  clamp();
  redraw();
}

/** Marks what the search finds. */
function look(): void {
  const wanted = search.value.trim().toLowerCase();
  found = [];
  if (wanted !== '' && view !== undefined) {
    view.rows.forEach((row, at) => {
      const text = `${row.id} ${row.title} ${row.labels.join(' ')}`.toLowerCase();
      if (text.includes(wanted)) {
        found.push(at);
      }
    });
  }
  const all = view?.rows.length ?? 0;
  count.textContent = wanted === '' ? `${all} revisions` : `${found.length} of ${all}`;
}

function next(step: 1 | -1): void {
  const later = step === 1 ? found.find((at) => at > focus) : found.findLast((at) => at < focus);
  const target = later ?? (step === 1 ? found[0] : found.at(-1));
  if (target !== undefined) {
    reveal(target);
  }
}

function move(step: number): void {
  if (folding !== undefined) {
    const line = Math.min(folding.lines.length - 1, Math.max(0, folding.line(focus) + step));
    const row = folding.lines[line]?.first;
    if (row !== undefined) {
      focus = row;
      const { height } = painter.size;
      const page = height / camera.scale;
      camera.y = Math.min(Math.max(camera.y, (line + 1) * ROW - page), line * ROW);
      clamp();
      const shown = view?.rows[row];
      spoken.textContent = shown === undefined ? '' : [shown.id, shown.title, ...shown.roles].join(', ');
      redraw();
    }
  }
}

function open(row: number): void {
  const uri = view?.rows[row]?.uri;
  if (uri !== undefined && uri !== null) {
    api.postMessage({ type: 'open', uri });
  }
}

/** What the menu of the editor needs to know, where it opens. */
function offer(row: number): void {
  const chosen = view?.rows[row];
  if (view === undefined || chosen === undefined) {
    delete canvas.dataset['vscodeContext'];
    return;
  }
  canvas.dataset['vscodeContext'] = JSON.stringify({
    webviewSection: 'revision',
    environment: view.environment,
    revision: chosen.id,
    uri: chosen.uri,
    selected: [...selected],
    severalSelected: selected.size > 1,
    preventDefaultContextMenuItems: true,
  });
}

function rowAt(event: MouseEvent): number {
  const line = Painter.lineAt(event.offsetY, camera);
  return folding?.lines[line]?.first ?? -1;
}

canvas.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
      return;
    }
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW : 1;
    camera.x += ((event.shiftKey ? event.deltaY : event.deltaX) * unit) / across(camera.scale);
    camera.y += (event.shiftKey ? 0 : event.deltaY * unit) / camera.scale;
    clamp();
    redraw();
  },
  { passive: false },
);

let drag: { x: number; y: number; moved: boolean } | undefined;

canvas.addEventListener('pointerdown', (event) => {
  if (event.button === 0) {
    drag = { x: event.clientX, y: event.clientY, moved: false };
    canvas.setPointerCapture(event.pointerId);
  } else if (event.button === 2) {
    const row = rowAt(event);
    const id = view?.rows[row]?.id;
    if (id !== undefined && !selected.has(id)) {
      selected = new Set([id]);
    }
    if (row >= 0) {
      focus = row;
    }
    offer(row);
    redraw();
  }
});

canvas.addEventListener('pointermove', (event) => {
  if (drag !== undefined) {
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (drag.moved || Math.abs(dx) + Math.abs(dy) > 4) {
      camera.x -= dx / across(camera.scale);
      camera.y -= dy / camera.scale;
      drag = { x: event.clientX, y: event.clientY, moved: true };
      clamp();
      redraw();
    }
    return;
  }
  const line = Painter.lineAt(event.offsetY, camera);
  if (line !== hover) {
    hover = line;
    const row = view?.rows[folding?.lines[line]?.first ?? -1];
    canvas.title = row?.problems.map((problem) => `${problem.severity}: ${problem.message}`).join('\n') ?? '';
    redraw();
  }
});

canvas.addEventListener('pointerup', (event) => {
  const was = drag;
  drag = undefined;
  if (was === undefined || was.moved || event.button !== 0) {
    return;
  }
  const row = rowAt(event);
  const id = view?.rows[row]?.id;
  if (id === undefined) {
    return;
  }
  if (folding?.unfold(row) === true) {
    focus = row;
    clamp();
  } else if (event.ctrlKey || event.metaKey) {
    selected = new Set(selected);
    if (!selected.delete(id)) {
      selected.add(id);
    }
    focus = row;
  } else {
    selected = new Set([id]);
    focus = row;
    open(row);
  }
  redraw();
});

canvas.addEventListener('pointerleave', () => {
  hover = -1;
  redraw();
});

canvas.addEventListener('keydown', (event) => {
  const page = Math.max(1, Math.floor(painter.size.height / camera.scale / ROW) - 1);
  const lines = folding?.lines.length ?? 0;
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -lines, End: lines };
  const step = steps[event.key];
  if (step !== undefined) {
    move(step);
  } else if (event.key === 'Enter') {
    open(focus);
  } else if (event.key === '/' || (event.key === 'f' && event.ctrlKey)) {
    search.focus();
  } else if (event.key === 'n' || event.key === 'N') {
    next(event.key === 'n' ? 1 : -1);
  } else if (event.key === '+' || event.key === '-') {
    zoom(event.key === '+' ? 1.2 : 1 / 1.2, 0, painter.size.height / 2);
  } else {
    return;
  }
  event.preventDefault();
});

search.addEventListener('input', () => {
  look();
  if (found.length > 0 && !found.includes(focus)) {
    next(1);
  }
  redraw();
});
search.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') {
    next(event.shiftKey ? -1 : 1);
  } else if (event.key === 'Escape') {
    canvas.focus();
  }
});
fold.addEventListener('click', () => {
  folding?.foldAll(folding.folded.size === 0);
  clamp();
  redraw();
});
fit.addEventListener('click', () => {
  const { height } = painter.size;
  camera = { x: 0, y: 0, scale: Math.min(1, Math.max(SMALLEST, height / Math.max(1, (folding?.lines.length ?? 1) * ROW))) };
  redraw();
});
environments.addEventListener('change', () => api.postMessage({ type: 'environment', name: environments.value }));

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.type === 'graph') {
    take(data.view);
  } else if (data.type === 'changes' && view !== undefined && data.environment === view.environment) {
    for (const { at, row } of data.changes) {
      view.rows[at] = row;
    }
    view.identity = data.identity;
    look();
    redraw();
  } else if (data.type === 'failed') {
    count.textContent = data.why;
  }
});
new ResizeObserver(() => {
  painter.resize();
  clamp();
  // At once: a canvas that was resized is empty.
  paint();
}).observe(canvas);
new MutationObserver(() => {
  painter.colours = themeColours();
  redraw();
}).observe(document.body, { attributes: true, attributeFilter: ['class'] });
api.postMessage({ type: 'ready' });
