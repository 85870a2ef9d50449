/** One server for the window: started, stopped, restarted; what it is told at the start. */
import {
  EventEmitter,
  Uri,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  type TextDocument,
} from 'vscode';
import {
  ExecuteCommandRequest,
  LanguageClient,
  State,
  TransportKind,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type { Environment } from './heads';
import { locateServer } from './locate';
import { thisMachine } from './machine';
import { serverEnvironment, serverPath, serverSettings, serverStart } from './settings';

export type SessionState = { kind: 'starting' } | { kind: 'running' } | { kind: 'failed'; why: string };

/** The database of an environment, as the server last saw it. */
export interface DatabaseStatus {
  /** Its name in the settings; null for the main one. */
  name: string | null;
  address: string;
  state: 'offered' | 'closed' | 'seen';
  why?: string;
  /** A host that may be allowed for this project with one click. */
  host?: string;
  server?: string;
  current?: string[];
  pending?: number;
  /** Another text where some revision stands otherwise to the database. */
  places?: string;
}

/** `revline/status`: how the server stands. */
export interface ServerStatus {
  state: 'reading' | 'ready';
  environments?: (Environment & { revisions: number; database?: DatabaseStatus | null })[];
  problems?: Record<'error' | 'warning' | 'info' | 'hint', number>;
}

/** What a command of the server answers: the file it made or changed, and a sentence for the person. */
export interface Outcome {
  uri?: string;
  message?: string;
}

/** Opens a file that the server has just asked VS Code to write: its answer may come before the file is there. */
async function openWritten(uri: Uri): Promise<TextDocument> {
  for (let left = 30; ; left -= 1) {
    try {
      return await workspace.openTextDocument(uri);
    } catch (error) {
      if (left === 0) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export class Session implements Disposable {
  readonly log: LogOutputChannel;
  readonly changed = new EventEmitter<SessionState>();
  private readonly renewed = new EventEmitter<string>();
  private readonly graphChanged = new EventEmitter<void>();
  private readonly told = new EventEmitter<ServerStatus>();
  /** The server's document of that address reads otherwise by now. */
  readonly onRenewed = this.renewed.event;
  /** A graph that is shown should be asked for again. */
  readonly onGraphChanged = this.graphChanged.event;
  /** What the server says of itself. */
  readonly onStatus = this.told.event;
  /** What it said last; nothing before the first word of a new server. */
  status: ServerStatus | undefined;
  state: SessionState = { kind: 'starting' };
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private startedWith: string | undefined;

  constructor(private readonly context: ExtensionContext) {
    this.log = window.createOutputChannel('Revline', { log: true });
  }

  /** The client while the server answers. */
  get running(): LanguageClient | undefined {
    return this.client?.isRunning() === true ? this.client : undefined;
  }

  /** Starts and restarts come one after the other, however fast they are asked for. */
  restart(): Promise<void> {
    this.queue = this.queue.then(async () => {
      await this.stopNow();
      await this.startNow();
    });
    return this.queue;
  }

  /** Starts again where the settings name another program or environment than the one that runs. */
  restartIfServerChanged(): void {
    // Granting trust changes what the restricted settings may say, and starts the server by itself.
    if (this.startedWith !== undefined && this.startedWith !== serverStart()) {
      void this.restart();
    }
  }

  async stop(): Promise<void> {
    await this.queue;
    await this.stopNow();
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
    this.renewed.dispose();
    this.graphChanged.dispose();
    this.told.dispose();
    this.log.dispose();
  }

  /** Tells a server that listens for changes what is written now; one that asks instead gets it by asking. */
  async sendSettings(): Promise<void> {
    await this.running?.sendNotification('workspace/didChangeConfiguration', {
      settings: { revline: serverSettings() },
    });
  }

  /** Asks the server to run one of its commands. `undefined` when it is not there. */
  async command<T>(command: string, ...args: object[]): Promise<T | undefined> {
    const client = this.running;
    if (client === undefined) {
      void window.showWarningMessage('The Revline server is not running.', 'Restart server').then((choice) => {
        if (choice !== undefined) {
          void this.restart();
        }
      });
      return undefined;
    }
    return (await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args })) as T;
  }

  /** Shows what a command did: the sentence, and the file. */
  async show(outcome: Outcome | null | undefined): Promise<void> {
    if (outcome === null || outcome === undefined || typeof outcome !== 'object') {
      return;
    }
    if (typeof outcome.uri === 'string') {
      await window.showTextDocument(await openWritten(Uri.parse(outcome.uri, true)));
    }
    if (typeof outcome.message === 'string') {
      void window.showInformationMessage(outcome.message);
    }
  }

  private async startNow(): Promise<void> {
    this.become({ kind: 'starting' });
    this.startedWith = serverStart();
    const found = locateServer(serverPath(), this.context.extensionPath, thisMachine);
    if (found.kind === 'missing') {
      this.log.error(`The server was not found: ${found.why}`);
      this.become({ kind: 'failed', why: found.why });
      return;
    }
    this.log.info(`Starting ${found.path} (from ${found.from}), workspace ${workspace.isTrusted ? '' : 'not '}trusted`);
    const run = {
      command: found.path,
      args: ['server'],
      transport: TransportKind.stdio,
      options: { env: { ...process.env, ...serverEnvironment() } },
    };
    const client = new LanguageClient('revline', 'Revline', { run, debug: run }, this.options());
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) {
        return;
      }
      if (newState === State.Running) {
        this.become({ kind: 'running' });
      } else if (newState === State.Stopped && this.state.kind === 'running') {
        this.become({ kind: 'failed', why: 'the server stopped; its log says why' });
      }
    });
    client.onNotification('revline/graphChanged', () => this.graphChanged.fire());
    client.onNotification('revline/status', (status: ServerStatus) => {
      this.status = status;
      this.told.fire(status);
    });
    try {
      await client.start();
      // The library answers this by itself, for the documents that it serves; it serves none of ours.
      client.onRequest('workspace/textDocumentContent/refresh', ({ uri }: { uri: string }) => {
        this.renewed.fire(uri);
        return null;
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.error(`The server did not start: ${why}`);
      this.become({ kind: 'failed', why });
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.status = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.log.warn(`The server did not stop in good order: ${String(error)}`);
    }
  }

  private become(state: SessionState): void {
    this.state = state;
    this.changed.fire(state);
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: 'file', language: 'python' },
        { scheme: 'file', pattern: '**/*.ini' },
        { scheme: 'file', pattern: '**/{pyproject,revline}.toml' },
        { scheme: 'file', pattern: '**/script.py.mako' },
      ],
      initializationOptions: () => ({
        trusted: workspace.isTrusted,
        documents: true,
        status: true,
        graph: true,
        settings: serverSettings(),
      }),
      outputChannel: this.log,
      diagnosticPullOptions: { onChange: true, onSave: true, onTabs: true },
      middleware: {
        // The server's own commands, run by a code action or a lens.
        executeCommand: async (command, args, next) => {
          const outcome: unknown = await next(command, args);
          await this.show(outcome as Outcome | null);
          return outcome;
        },
        workspace: {
          configuration: async (params, token, next) => {
            const asked = params.items.every((item) => item.section === 'revline');
            if (!asked) {
              return next(params, token);
            }
            return params.items.map((item) =>
              serverSettings(item.scopeUri === undefined ? undefined : Uri.parse(item.scopeUri, true)),
            );
          },
        },
      },
    };
  }
}
