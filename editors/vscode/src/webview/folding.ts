/** Which lines are shown where: a row each, or one for a stretch that is folded away. */
import type { GraphView } from '../graphView';

/** A line on the screen: a row, or the rows of a folded stretch. */
export interface Line {
  first: number;
  last: number;
}

export class Folding {
  readonly folded = new Set<number>();
  lines: Line[] = [];
  /** The line of each row. */
  private lineOf: Int32Array = new Int32Array(0);

  constructor(private view: GraphView) {
    this.lay();
  }

  /** Takes over another view; stretches stay folded as far as they are known by their first revision. */
  renew(view: GraphView): void {
    const kept = new Set([...this.folded].map((run) => this.view.rows[this.view.runs[run]?.[0] ?? -1]?.id));
    this.folded.clear();
    this.view = view;
    view.runs.forEach(([first], run) => {
      if (kept.has(view.rows[first]?.id)) {
        this.folded.add(run);
      }
    });
    this.lay();
  }

  foldAll(fold: boolean): void {
    this.folded.clear();
    if (fold) {
      this.view.runs.forEach((_, run) => this.folded.add(run));
    }
    this.lay();
  }

  /** Unfolds the stretch that holds a row; whether there was one. */
  unfold(row: number): boolean {
    const run = this.runOf(row);
    if (run < 0 || !this.folded.delete(run)) {
      return false;
    }
    this.lay();
    return true;
  }

  /** The place of a row among the lines. */
  line(row: number): number {
    return this.lineOf[row] ?? 0;
  }

  private runOf(row: number): number {
    return this.view.runs.findIndex(([first, last]) => first <= row && row <= last);
  }

  private lay(): void {
    const ends = new Map([...this.folded].map((run) => this.view.runs[run] ?? [-1, -1]));
    this.lines = [];
    this.lineOf = new Int32Array(this.view.rows.length);
    for (let row = 0; row < this.view.rows.length; row += 1) {
      const last = ends.get(row) ?? row;
      this.lineOf.fill(this.lines.length, row, last + 1);
      this.lines.push({ first: row, last });
      row = last;
    }
  }
}
