/** The panel with the drawn graph. It hands the server's layout to the page and carries back what was clicked. */
import { randomBytes } from 'node:crypto';
import { Uri, ViewColumn, window, type Disposable, type ExtensionContext, type WebviewPanel } from 'vscode';
import type { Graphs, GraphNews } from './graphs';
import { openRevision } from './revisions';

export const GRAPH_VIEW = 'revline.graph';

/** What the page says. */
type FromPage =
  | { type: 'ready' }
  | { type: 'open'; uri: string }
  | { type: 'environment'; name: string }
  | { type: 'painted'; rows: number; ms: number };

export class GraphPanel implements Disposable {
  private panel: WebviewPanel | undefined;
  private environment: string | undefined;
  private isReady = false;
  private readonly listening: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    private readonly graphs: Graphs,
  ) {
    this.listening = [
      graphs.onStale(() => void this.refresh()),
      graphs.onNews((news) => this.tell(news)),
    ];
  }

  show(environment?: string): void {
    if (environment !== undefined) {
      this.environment = environment;
    }
    if (this.panel !== undefined) {
      this.panel.reveal();
      void this.refresh();
      return;
    }
    const page = Uri.joinPath(this.context.extensionUri, 'dist');
    const panel = window.createWebviewPanel(GRAPH_VIEW, 'Revision graph', ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [page],
    });
    this.panel = panel;
    this.isReady = false;
    const script = panel.webview.asWebviewUri(Uri.joinPath(page, 'graph.js')).toString();
    panel.webview.onDidReceiveMessage((message: FromPage) => this.hear(message));
    panel.onDidChangeViewState(() => void this.refresh());
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.html = html(script, randomBytes(16).toString('base64'));
  }

  dispose(): void {
    this.listening.forEach((one) => one.dispose());
    this.panel?.dispose();
  }

  private hear(message: FromPage): void {
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        void this.first();
        break;
      case 'open':
        void openRevision(message.uri);
        break;
      case 'environment':
        this.environment = message.name;
        void this.first();
        break;
      case 'painted':
        break;
    }
  }

  /** The whole graph, also where it is known already: the page has nothing yet. */
  private async first(): Promise<void> {
    const known = this.environment === undefined ? undefined : this.graphs.view(this.environment);
    if (known !== undefined) {
      this.tell({ view: known, changes: undefined });
    }
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    if (this.panel?.visible !== true || !this.isReady) {
      return;
    }
    try {
      const view = await this.graphs.read(this.environment);
      this.environment ??= view?.environment;
    } catch (error) {
      this.post({ type: 'failed', why: error instanceof Error ? error.message : String(error) });
    }
  }

  private tell({ view, changes }: GraphNews): void {
    if (!this.isReady || (this.environment !== undefined && view.environment !== this.environment)) {
      return;
    }
    this.post(changes === undefined ? { type: 'graph', view } : { type: 'changes', ...changes });
  }

  private post(message: object): void {
    void this.panel?.webview.postMessage(message);
  }
}

/** Nothing is fetched, and nothing runs but the one script that carries the nonce. */
function html(script: string, nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Revision graph</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
