/** The revision graphs as the server lays them out, kept in step with what is typed. */
import { EventEmitter, type Disposable } from 'vscode';
import type { GraphAnswer, GraphChanges, GraphView } from './graphView';
import type { Session } from './session';

/** A graph, and what of it is new: everything, or single rows. */
export interface GraphNews {
  view: GraphView;
  changes: GraphChanges | undefined;
}

export class Graphs implements Disposable {
  private readonly views = new Map<string, GraphView>();
  private first: string | undefined;
  private readonly news = new EventEmitter<GraphNews>();
  private readonly stale = new EventEmitter<void>();
  private readonly asked = new Map<string, Promise<GraphView | undefined>>();
  private readonly listening: Disposable[];
  /** A graph was read, whole or in part. */
  readonly onNews = this.news.event;
  /** Somebody who shows a graph should ask for it. */
  readonly onStale = this.stale.event;

  constructor(private readonly session: Session) {
    this.listening = [
      session.onGraphChanged(() => this.stale.fire()),
      session.changed.event((state) => {
        // Another server knows nothing of what the last one handed out.
        this.views.clear();
        this.first = undefined;
        if (state.kind === 'running') {
          this.stale.fire();
        }
      }),
    ];
  }

  /** The graph of an environment, of the first one without a name. One question is under way at a time. */
  read(environment?: string): Promise<GraphView | undefined> {
    const key = environment ?? '';
    const running = this.asked.get(key);
    const next = (running ?? Promise.resolve(undefined)).then(() => this.ask(environment));
    const settled = next.finally(() => {
      if (this.asked.get(key) === settled) {
        this.asked.delete(key);
      }
    });
    this.asked.set(key, settled);
    return settled;
  }

  /** The environment that a row of it names. */
  view(environment: string): GraphView | undefined {
    return this.views.get(environment);
  }

  dispose(): void {
    this.listening.forEach((one) => one.dispose());
    this.news.dispose();
    this.stale.dispose();
  }

  private async ask(wanted: string | undefined): Promise<GraphView | undefined> {
    const client = this.session.running;
    if (client === undefined) {
      return undefined;
    }
    // The first one is asked for by its name from then on, so that only what changed is sent.
    const environment = wanted ?? this.first;
    const last = environment === undefined ? undefined : this.views.get(environment);
    let answer: GraphAnswer;
    try {
      answer = await client.sendRequest<GraphAnswer>('revline/graph', {
        ...(environment !== undefined && { environment }),
        ...(last !== undefined && { known: last.identity }),
      });
    } catch (error) {
      // It may have been renamed, and another one be the first by now.
      if (wanted === undefined && this.first !== undefined) {
        this.first = undefined;
        return this.ask(undefined);
      }
      throw error;
    }
    if (wanted === undefined) {
      this.first = answer.environment;
    }
    if ('rows' in answer) {
      this.views.set(answer.environment, answer);
      this.news.fire({ view: answer, changes: undefined });
      return answer;
    }
    const view = this.views.get(answer.environment);
    if (view === undefined) {
      return undefined;
    }
    for (const { at, row } of answer.changes) {
      view.rows[at] = row;
    }
    view.identity = answer.identity;
    if (answer.changes.length > 0) {
      this.news.fire({ view, changes: answer });
    }
    return view;
  }
}
