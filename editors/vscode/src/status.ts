/** The item in the status bar: how many environments and heads there are, or why nothing is known. */
import { MarkdownString, StatusBarAlignment, ThemeColor, window, workspace, type Disposable } from 'vscode';
import type { Environment } from './heads';
import type { DatabaseStatus, Session } from './session';

type Placed = Environment & { database?: DatabaseStatus | null };

export function showStatus(session: Session): Disposable[] {
  const item = window.createStatusBarItem('revline.status', StatusBarAlignment.Left, 0);
  item.name = 'Revline';

  const draw = (): void => {
    const state = session.state;
    if (state.kind === 'starting') {
      set('$(sync~spin) Revline', 'Revline is starting', undefined);
    } else if (state.kind === 'failed') {
      set('$(error) Revline', `Revline does not run: ${state.why}`, 'error');
      item.command = 'revline.showLog';
    } else if (session.status?.environments !== undefined) {
      drawHeads(session.status.environments);
    } else {
      set('$(sync~spin) Revline', 'Revline reads the migrations', undefined);
    }
  };
  const set = (text: string, tooltip: string | MarkdownString, level: 'error' | 'warning' | undefined): void => {
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = level === undefined ? undefined : new ThemeColor(`statusBarItem.${level}Background`);
    item.command = 'revline.goToHead';
    item.show();
  };
  const drawHeads = (all: Placed[]): void => {
    if (all.length === 0) {
      set('$(git-branch) Revline: none', 'Revline found no migration environment in this workspace', undefined);
      item.command = 'revline.showLog';
      return;
    }
    const heads = all.reduce((sum, environment) => sum + environment.heads.length, 0);
    const split = all.some((environment) => environment.heads.length > 1);
    const places = all.length === 1 ? '' : `${all.length} environments, `;
    const pending = all.reduce((sum, environment) => sum + (environment.database?.pending ?? 0), 0);
    const behind = pending === 0 ? '' : `, ${pending} pending`;
    const names = all.flatMap(({ database }) => (database?.name ? [database.name] : []));
    const named = names.length === 0 ? '' : ` (${names.join(', ')})`;
    const text = `$(git-branch) Revline: ${places}${heads} ${heads === 1 ? 'head' : 'heads'}${behind}${named}`;
    set(text, tooltip(all), split ? 'warning' : undefined);
  };

  draw();
  return [item, session.changed.event(draw), session.onStatus(draw)];
}

function tooltip(all: Placed[]): MarkdownString {
  const text = new MarkdownString();
  for (const environment of all) {
    text.appendMarkdown('**').appendText(environment.name).appendMarkdown('** ').appendText(environment.path).appendMarkdown('\n\n');
    for (const head of environment.heads) {
      text.appendMarkdown('- `').appendText(head.revision).appendMarkdown('` ').appendText(head.title).appendMarkdown('\n');
    }
    if (environment.database) {
      text.appendMarkdown('\n').appendText(told(environment.database)).appendMarkdown('\n');
    }
    text.appendMarkdown('\n');
  }
  if (!workspace.isTrusted) {
    text.appendMarkdown('This folder is not trusted: its migrations are read, and nothing of it is run.');
  }
  return text;
}

function told(database: DatabaseStatus): string {
  const called = database.name === null ? database.address : `${database.name}: ${database.address}`;
  switch (database.state) {
    case 'offered':
      return `${called} is not connected to; a lens over the head asks`;
    case 'closed':
      return `${called}: ${database.why ?? 'it does not answer'}`;
    case 'seen': {
      const at = database.current?.length ? database.current.join(', ') : 'base';
      return `${called} stands at ${at}, ${database.pending ?? 0} pending`;
    }
  }
}
