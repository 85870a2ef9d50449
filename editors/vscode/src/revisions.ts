/** What can be done with a revision of the graph or the tree: asked for here, done by the server. */
import { commands, env, Uri, window, workspace, type Disposable } from 'vscode';
import type { Graphs } from './graphs';
import type { GraphRow } from './graphView';
import type { Outcome, Session } from './session';

/** A revision that a menu was opened on, as the page and the tree name it. */
export interface Chosen {
  environment: string;
  revision: string;
  uri?: string;
  /** All that are selected, this one among them. */
  selected?: string[];
}

export async function openRevision(uri: string): Promise<void> {
  await window.showTextDocument(await workspace.openTextDocument(Uri.parse(uri, true)), { preview: true });
}

export function registerRevisionCommands(session: Session, graphs: Graphs): Disposable[] {
  const onRevision = (name: string, run: (chosen: Chosen) => Promise<void>): Disposable =>
    commands.registerCommand(name, async (argument?: unknown) => {
      const chosen = asChosen(argument);
      if (chosen === undefined) {
        return;
      }
      try {
        await run(chosen);
      } catch (error) {
        void window.showErrorMessage(`Revline: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  const command = async (name: string, argument: object): Promise<void> =>
    session.show(await session.command<Outcome>(name, argument));
  return [
    onRevision('revline.revision.open', async ({ uri }) => {
      if (uri !== undefined) {
        await openRevision(uri);
      }
    }),
    onRevision('revline.revision.copy', async ({ revision }) => env.clipboard.writeText(revision)),
    onRevision('revline.revision.sql', async ({ environment, revision }) => {
      await session.command('revline.showSql', { environment, range: revision, direction: 'upgrade' });
    }),
    // The server shows the plan, asks, and tells what came of it.
    onRevision('revline.revision.upgrade', async ({ environment, revision }) => {
      await session.command('revline.upgrade', { environment, target: revision });
    }),
    onRevision('revline.revision.downgrade', async ({ environment, revision }) => {
      await session.command('revline.downgrade', { environment, target: revision });
    }),
    onRevision('revline.revision.merge', async (chosen) => {
      const revisions = await together(graphs, chosen);
      if (revisions !== undefined) {
        await command('revline.merge', { environment: chosen.environment, revisions });
      }
    }),
    onRevision('revline.revision.reparent', async (chosen) => {
      const other = chosen.selected?.filter((one) => one !== chosen.revision) ?? [];
      const onto =
        other.length === 1 ? other[0] : await pick(graphs, chosen, () => true, `Put ${chosen.revision} onto which revision?`);
      if (onto !== undefined) {
        await command('revline.reparent', { environment: chosen.environment, revision: chosen.revision, onto });
      }
    }),
    onRevision('revline.revision.new', async ({ environment, revision }) => {
      const message = await window.showInputBox({ title: `New revision after ${revision}`, prompt: 'What the revision does' });
      if (message !== undefined && message.trim() !== '') {
        await command('revline.newRevision', { environment, head: revision, message: message.trim() });
      }
    }),
  ];
}

/** The page gives a plain object, the tree an element that carries one. */
function asChosen(argument: unknown): Chosen | undefined {
  const one = typeof argument === 'object' && argument !== null && 'chosen' in argument ? argument.chosen : argument;
  return typeof one === 'object' && one !== null && 'revision' in one && 'environment' in one ? (one as Chosen) : undefined;
}

/** What is merged: all that are selected, else this one and a head that is asked for. */
async function together(graphs: Graphs, chosen: Chosen): Promise<string[] | undefined> {
  if (chosen.selected !== undefined && chosen.selected.length > 1) {
    return chosen.selected;
  }
  const other = await pick(graphs, chosen, (row) => row.roles.includes('head'), `Merge ${chosen.revision} with which head?`);
  return other === undefined ? undefined : [chosen.revision, other];
}

async function pick(
  graphs: Graphs,
  chosen: Chosen,
  offered: (row: GraphRow) => boolean,
  placeHolder: string,
): Promise<string | undefined> {
  const view = graphs.view(chosen.environment) ?? (await graphs.read(chosen.environment));
  const rows = view?.rows.filter((row) => row.id !== chosen.revision && offered(row)) ?? [];
  const items = rows.map((row) => ({ label: row.id, description: row.title }));
  return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.label;
}
