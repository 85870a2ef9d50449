/** The extension: starts the server, and takes part in nothing that the server can do itself. */
import { commands, window, workspace, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { showDecorations } from './decorations';
import { GraphPanel } from './graphPanel';
import { Graphs } from './graphs';
import { registerRevisionCommands } from './revisions';
import { serveDocuments } from './rules';
import { Session, type SessionState } from './session';
import { showStatus } from './status';
import { showTree } from './tree';

let session: Session | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const started = new Session(context);
  session = started;
  const graphs = new Graphs(started);
  const panel = new GraphPanel(context, graphs);
  context.subscriptions.push(
    started,
    graphs,
    panel,
    ...showTree(graphs),
    ...registerRevisionCommands(started, graphs),
    commands.registerCommand('revline.showGraph', () => panel.show()),
    ...registerCommands(started),
    ...showStatus(started),
    ...showDecorations(started),
    serveDocuments(started),
    started.changed.event((state) => offerHelp(started, state)),
    // Trust is told once, at the start of a conversation.
    workspace.onDidGrantWorkspaceTrust(() => void started.restart()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('revline.server')) {
        started.restartIfServerChanged();
      } else if (change.affectsConfiguration('revline')) {
        void started.sendSettings();
      }
    }),
  );
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

function offerHelp(of: Session, state: SessionState): void {
  if (state.kind !== 'failed') {
    return;
  }
  const settings = 'Open settings';
  const log = 'Show log';
  void window.showErrorMessage(`Revline does not run: ${state.why}`, settings, log).then((choice) => {
    if (choice === settings) {
      void commands.executeCommand('workbench.action.openSettings', 'revline.server.path');
    } else if (choice === log) {
      of.log.show();
    }
  });
}
