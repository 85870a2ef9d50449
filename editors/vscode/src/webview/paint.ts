/** Draws the lines that are in view on a canvas, and nothing beyond them. */
import type { GraphRow, GraphView } from '../graphView';
import type { Folding } from './folding';

export const ROW = 26;
const LANE = 16;
const MARGIN = 18;
const DOT = 4.5;
/** Below this scale letters cannot be read and are left out. */
const READABLE = 0.45;

/** From far away rows come together, and lanes stay apart. */
const NARROWEST = 0.5;

/** The scale from left to right. */
export const across = (scale: number): number => Math.max(scale, NARROWEST);

/** What part of the picture is in view: moved first, then scaled. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}

export interface Marks {
  selected: ReadonlySet<string>;
  focus: number;
  hover: number;
  found: ReadonlySet<number>;
}

interface Colours {
  text: string;
  dim: string;
  back: string;
  selection: string;
  hover: string;
  found: string;
  error: string;
  warning: string;
  badge: string;
  badgeText: string;
  lanes: string[];
  font: string;
}

/** The colours of the theme, read again whenever it changes. */
export function themeColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, otherwise: string): string => style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const text = read('editor-foreground', '#333');
  const charts = ['blue', 'purple', 'green', 'orange', 'red', 'yellow'].map((name) => read(`charts-${name}`, text));
  return {
    text,
    dim: read('descriptionForeground', text),
    back: read('editor-background', '#fff'),
    selection: read('list-inactiveSelectionBackground', 'rgba(120,160,220,.3)'),
    hover: read('list-hoverBackground', 'rgba(120,120,120,.12)'),
    found: read('editor-findMatchHighlightBackground', 'rgba(250,200,60,.4)'),
    error: read('editorError-foreground', '#c00'),
    warning: read('editorWarning-foreground', '#b80'),
    badge: read('badge-background', '#888'),
    badgeText: read('badge-foreground', '#fff'),
    lanes: charts,
    font: read('font-family', 'sans-serif'),
  };
}

export class Painter {
  private readonly context: CanvasRenderingContext2D;
  colours = themeColours();
  private width = 0;
  private height = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) {
      throw new Error('this page has no canvas');
    }
    this.context = context;
  }

  /** Fits the canvas to its box, in the pixels of the screen. */
  resize(): void {
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.max(1, Math.round(this.width * devicePixelRatio));
    this.canvas.height = Math.max(1, Math.round(this.height * devicePixelRatio));
  }

  get size(): { width: number; height: number } {
    return { width: this.width, height: this.height };
  }

  /** The line at a height of the box. */
  static lineAt(y: number, camera: Camera): number {
    return Math.floor((y / camera.scale + camera.y) / ROW);
  }

  paint(view: GraphView, folding: Folding, camera: Camera, marks: Marks): void {
    const { context, colours } = this;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.fillStyle = colours.back;
    context.fillRect(0, 0, this.width, this.height);
    context.setTransform(
      devicePixelRatio * across(camera.scale),
      0,
      0,
      devicePixelRatio * camera.scale,
      -camera.x * across(camera.scale) * devicePixelRatio,
      -camera.y * camera.scale * devicePixelRatio,
    );
    const top = Math.max(0, Math.floor(camera.y / ROW) - 1);
    const bottom = Math.min(folding.lines.length - 1, Math.ceil((camera.y + this.height / camera.scale) / ROW) + 1);
    const left = camera.x;
    const right = camera.x + this.width / across(camera.scale);
    for (let line = top; line <= bottom; line += 1) {
      this.background(view, folding, line, left, right, marks);
    }
    this.edges(view, folding, top, bottom);
    for (let line = top; line <= bottom; line += 1) {
      this.line(view, folding, line, camera.scale, marks);
    }
  }

  private background(view: GraphView, folding: Folding, line: number, left: number, right: number, marks: Marks): void {
    const shown = folding.lines[line];
    const row = shown && view.rows[shown.first];
    if (shown === undefined || row === undefined) {
      return;
    }
    const fill = (colour: string): void => {
      this.context.fillStyle = colour;
      this.context.fillRect(left, line * ROW, right - left, ROW);
    };
    if (marks.selected.has(row.id)) {
      fill(this.colours.selection);
    }
    if (marks.hover === line) {
      fill(this.colours.hover);
    }
    for (let at = shown.first; at <= shown.last; at += 1) {
      if (marks.found.has(at)) {
        fill(this.colours.found);
        break;
      }
    }
    if (marks.focus === shown.first) {
      this.context.strokeStyle = this.colours.dim;
      this.context.lineWidth = 1;
      this.context.strokeRect(left + 0.5, line * ROW + 0.5, right - left - 1, ROW - 1);
    }
  }

  /** Lines bend into the lane of the lower end right below the upper one, and run down there. */
  private edges(view: GraphView, folding: Folding, top: number, bottom: number): void {
    const { context } = this;
    context.lineWidth = 1.8;
    let dashed = false;
    for (const [child, parent, isDependency] of view.edges) {
      const from = folding.line(child);
      const to = folding.line(parent);
      if (from > bottom || to < top || from === to) {
        continue;
      }
      const upper = view.rows[child]?.lane ?? 0;
      const lower = view.rows[parent]?.lane ?? 0;
      if ((isDependency === 1) !== dashed) {
        dashed = !dashed;
        context.setLineDash(dashed ? [3, 3] : []);
      }
      context.strokeStyle = this.lane(to < from || upper === lower ? upper : Math.max(upper, lower));
      context.beginPath();
      const x = lane(upper);
      const y = middle(from);
      const last = middle(Math.min(to, bottom + 1));
      context.moveTo(x, y);
      if (upper === lower) {
        context.lineTo(x, last);
      } else {
        const bend = middle(from + 1);
        context.bezierCurveTo(x, y + ROW * 0.6, lane(lower), bend - ROW * 0.6, lane(lower), bend);
        if (last > bend) {
          context.lineTo(lane(lower), last);
        }
      }
      context.stroke();
    }
    if (dashed) {
      context.setLineDash([]);
    }
  }

  private line(view: GraphView, folding: Folding, line: number, scale: number, marks: Marks): void {
    const shown = folding.lines[line];
    const row = shown && view.rows[shown.first];
    if (shown === undefined || row === undefined) {
      return;
    }
    const worst = worstOf(view, shown.first, shown.last);
    if (shown.last > shown.first) {
      this.stretch(row.lane, line);
    } else {
      this.dot(row, line, worst);
    }
    if (scale < READABLE) {
      return;
    }
    const { context, colours } = this;
    context.textBaseline = 'middle';
    let x = lane(view.lanes) + 6;
    const write = (text: string, colour: string, font: string): void => {
      context.font = font;
      context.fillStyle = colour;
      context.fillText(text, x, middle(line));
      x += context.measureText(text).width + 10;
    };
    if (shown.last > shown.first) {
      const count = shown.last - shown.first + 1;
      write(`${count} revisions`, colours.dim, `italic 12px ${colours.font}`);
    } else {
      write(row.id, colours.dim, '12px monospace');
      const weight = marks.focus === shown.first ? 'bold ' : '';
      write(row.title === '' ? '(no title)' : row.title, colours.text, `${weight}13px ${colours.font}`);
      for (const badge of badges(row)) {
        x = this.badge(badge, x, line) + 6;
      }
    }
    if (worst !== undefined) {
      const colour = worst.severity === 'error' ? colours.error : worst.severity === 'warning' ? colours.warning : colours.dim;
      const more = worst.count > 1 ? ` and ${worst.count - 1} more` : '';
      const mark = worst.severity === 'error' ? '✖' : worst.severity === 'warning' ? '▲' : '›';
      write(`${mark} ${worst.rule}${more}`, colour, `12px ${colours.font}`);
    }
  }

  private badge(text: string, x: number, line: number): number {
    const { context, colours } = this;
    context.font = `11px ${colours.font}`;
    const width = context.measureText(text).width + 12;
    context.fillStyle = colours.badge;
    context.beginPath();
    context.roundRect(x, middle(line) - 8, width, 16, 8);
    context.fill();
    context.fillStyle = colours.badgeText;
    context.fillText(text, x + 6, middle(line));
    return x + width;
  }

  private dot(row: GraphRow, line: number, worst: Worst | undefined): void {
    const { context, colours } = this;
    const colour = worst?.severity === 'error' ? colours.error : this.lane(row.lane);
    const x = lane(row.lane);
    const y = middle(line);
    context.beginPath();
    if (row.roles.includes('merge')) {
      context.moveTo(x, y - 6);
      context.lineTo(x + 6, y);
      context.lineTo(x, y + 6);
      context.lineTo(x - 6, y);
      context.closePath();
    } else {
      context.arc(x, y, row.roles.includes('head') ? DOT + 1 : DOT, 0, 2 * Math.PI);
    }
    context.fillStyle = row.roles.includes('head') || row.roles.includes('shadowed') ? colours.back : colour;
    context.fill();
    context.strokeStyle = colour;
    context.lineWidth = 2.2;
    context.stroke();
  }

  private stretch(of: number, line: number): void {
    const { context } = this;
    context.fillStyle = this.lane(of);
    for (const shift of [-6, 0, 6]) {
      context.beginPath();
      context.arc(lane(of), middle(line) + shift, 1.8, 0, 2 * Math.PI);
      context.fill();
    }
  }

  private lane(of: number): string {
    const { lanes } = this.colours;
    return lanes[of % lanes.length] ?? this.colours.text;
  }
}

interface Worst {
  severity: string;
  rule: string;
  count: number;
}

const RANK: Record<string, number> = { error: 3, warning: 2, info: 1, hint: 0 };

/** The worst finding of some rows, and how many there are; hints are left to the file itself. */
function worstOf(view: GraphView, first: number, last: number): Worst | undefined {
  let worst: Worst | undefined;
  for (let at = first; at <= last; at += 1) {
    const row = view.rows[at];
    const own = row?.problems[0];
    if (row === undefined || own === undefined || own.severity === 'hint') {
      continue;
    }
    const count = (worst?.count ?? 0) + row.problemCount;
    const isWorse = worst === undefined || (RANK[own.severity] ?? 0) > (RANK[worst.severity] ?? 0);
    worst = { severity: isWorse ? own.severity : (worst?.severity ?? ''), rule: isWorse ? own.rule : (worst?.rule ?? ''), count };
  }
  return worst;
}

function badges(row: GraphRow): string[] {
  return [
    ...row.roles.filter((role) => role !== 'branch point'),
    ...row.labels.map((label) => `@${label}`),
    ...row.databases.map((name) => `⛁ ${name}`),
    ...row.missing.map((id) => `missing ${id}`),
  ];
}

function lane(of: number): number {
  return MARGIN + of * LANE;
}

function middle(line: number): number {
  return line * ROW + ROW / 2;
}
