/**
 * The commands of the palette. They ask what has to be asked and hand the rest to the server.
 *
 * Their names differ from the server's (`revline.merge`, …): the client library registers those itself.
 */
import { commands, ConfigurationTarget, Uri, window, workspace, type Disposable } from 'vscode';
import { chooseEnvironment, chooseHead, environments, openHead } from './heads';
import { explainRule, showSql } from './rules';
import type { Outcome, Session } from './session';

export function registerCommands(session: Session): Disposable[] {
  const guarded = (name: string, run: (argument?: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(name, async (argument?: unknown) => {
      try {
        await run(argument);
      } catch (error) {
        void window.showErrorMessage(`Revline: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  return [
    guarded('revline.promptNewRevision', () => newRevision(session)),
    guarded('revline.mergeHeads', () => mergeHeads(session)),
    guarded('revline.reparentSide', () => reparentSide(session)),
    guarded('revline.goToHead', () => goToHead(session)),
    guarded('revline.openSql', () => showSql(session, 'upgrade')),
    guarded('revline.openDowngradeSql', () => showSql(session, 'downgrade')),
    guarded('revline.upgradeDatabase', () => onDatabase(session, 'revline.upgrade', 'heads', 'Upgrade to')),
    guarded('revline.downgradeDatabase', () => onDatabase(session, 'revline.downgrade', '-1', 'Downgrade to')),
    guarded('revline.stampDatabase', () => onDatabase(session, 'revline.stamp', 'heads', 'Stamp as')),
    guarded('revline.databaseStatus', () => onDatabase(session, 'revline.status')),
    guarded('revline.connectDatabase', () => onDatabase(session, 'revline.connect')),
    guarded('revline.checkModels', () => onDatabase(session, 'revline.check')),
    guarded('revline.revisionFromModels', () => revisionFromModels(session)),
    guarded('revline.chooseDatabase', () => chooseDatabase(session)),
    guarded('revline.chooseBranch', () => chooseBranch(session)),
    guarded('revline.explainRule', explainRule),
    guarded('revline.restartServer', () => session.restart()),
    guarded('revline.showLog', async () => session.log.show()),
  ];
}

/** The server shows the plan, asks and tells what came of it. */
async function onDatabase(session: Session, command: string, value?: string, title = 'Target'): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  if (value === undefined) {
    await session.command<null>(command, { environment: environment.name });
    return;
  }
  const prompt = 'A revision, head, heads, base, +1, label@head: as for Alembic';
  const target = await window.showInputBox({ title, value, prompt });
  if (target !== undefined && target.trim() !== '') {
    await session.command<null>(command, { environment: environment.name, target: target.trim() });
  }
}

/** The server lets the project's own Alembic write it, opens it, and tells what was detected. */
async function revisionFromModels(session: Session): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  const message = await window.showInputBox({
    title: 'New revision from model changes',
    prompt: 'What the revision does',
    placeHolder: 'model changes',
  });
  if (message !== undefined) {
    const said = message.trim() === '' ? {} : { message: message.trim() };
    await session.command<null>('revline.autogenerate', { environment: environment.name, ...said });
  }
}

/** One of the databases that the settings name; the status item says which one counts. */
async function chooseDatabase(session: Session): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  const argument = { environment: environment.name };
  const answer = await session.command<{ databases: { name: string | null; chosen: boolean }[] }>('revline.databases', argument);
  if (answer === undefined) {
    return;
  }
  if (answer.databases.length < 2) {
    void window.showInformationMessage(`The settings of ${environment.name} name one database; more are named below [database.NAME].`);
    return;
  }
  const items = answer.databases.map(({ name, chosen }) => ({
    label: name ?? 'the main one',
    description: [name === null ? '[database]' : `[database.${name}]`, ...(chosen ? ['chosen'] : [])].join(' · '),
    name,
  }));
  const picked = await window.showQuickPick(items, { placeHolder: 'Which database?' });
  if (picked !== undefined) {
    await session.command<null>('revline.useDatabase', { ...argument, ...(picked.name !== null && { name: picked.name }) });
  }
}

/** The git branch that everybody shares, written into the settings of the workspace. */
async function chooseBranch(session: Session): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  const answer = await session.command<{ branches: { name: string; chosen: boolean }[] }>('revline.branches', { environment: environment.name });
  if (answer === undefined) {
    return;
  }
  if (answer.branches.length === 0) {
    void window.showInformationMessage(`${environment.name} lies in no git repository with a branch.`);
    return;
  }
  const items = answer.branches.map(({ name, chosen }) => ({ label: name, description: chosen ? 'chosen' : '' }));
  const picked = await window.showQuickPick(items, { placeHolder: 'Which branch does everybody share?' });
  if (picked !== undefined) {
    await workspace.getConfiguration('revline').update('defaultBranch', picked.label, ConfigurationTarget.Workspace);
  }
}

async function newRevision(session: Session): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  let head = environment.heads[0];
  if (environment.heads.length > 1) {
    head = await chooseHead(environment.heads, 'After which head?', environment.branch);
    if (head === undefined) {
      return;
    }
  }
  const message = await window.showInputBox({
    title: head === undefined ? 'First revision' : `New revision after ${head.revision}`,
    prompt: 'What the revision does',
    placeHolder: 'add the orders table',
    validateInput: (text) => (text.trim() === '' ? 'Write what the revision does.' : undefined),
  });
  if (message === undefined) {
    return;
  }
  const args = { environment: environment.name, message: message.trim(), ...(head && { head: head.revision }) };
  await session.show(await session.command<Outcome>('revline.newRevision', args));
}

async function mergeHeads(session: Session): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  if (environment.heads.length < 2) {
    void window.showInformationMessage(`${environment.name} has one head; there is nothing to merge.`);
    return;
  }
  const args = { environment: environment.name, revisions: environment.heads.map((head) => head.revision) };
  await session.show(await session.command<Outcome>('revline.merge', args));
}

async function reparentSide(session: Session): Promise<void> {
  const environment = await chooseEnvironment(session);
  if (environment === undefined) {
    return;
  }
  if (environment.heads.length < 2) {
    void window.showInformationMessage(`${environment.name} has one head; there is no other side.`);
    return;
  }
  const moved = openHead(environment.heads) ?? (await chooseHead(environment.heads, 'Which side moves?', environment.branch));
  if (moved === undefined) {
    return;
  }
  const others = environment.heads.filter((head) => head.revision !== moved.revision);
  const onto = others.length === 1 ? others[0] : await chooseHead(others, `Put ${moved.revision} onto which head?`, environment.branch);
  if (onto === undefined) {
    return;
  }
  const args = { environment: environment.name, revision: moved.revision, onto: onto.revision };
  await session.show(await session.command<Outcome>('revline.reparent', args));
}

async function goToHead(session: Session): Promise<void> {
  const all = (await environments(session)) ?? [];
  const heads = all.flatMap((environment) =>
    environment.heads.map((head) => ({
      label: head.revision,
      description: head.title,
      ...(all.length > 1 && { detail: environment.name }),
      head,
    })),
  );
  const picked =
    heads.length === 1 ? heads[0] : await window.showQuickPick(heads, { placeHolder: 'Go to head', matchOnDescription: true });
  if (picked !== undefined) {
    await window.showTextDocument(await workspace.openTextDocument(Uri.parse(picked.head.uri, true)));
  }
}
