/** The revisions as a list in chain order, newest first, below each environment where there are several. */
import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import type { Graphs } from './graphs';
import type { GraphRow, GraphView } from './graphView';
import type { Chosen } from './revisions';

interface EnvironmentElement {
  environment: string;
}

interface RevisionElement {
  chosen: Chosen;
  row: GraphRow;
}

type Element = EnvironmentElement | RevisionElement;

export function showTree(graphs: Graphs): Disposable[] {
  const provider = new Revisions(graphs);
  const view = window.createTreeView('revline.revisions', { treeDataProvider: provider, showCollapseAll: true });
  return [
    view,
    provider,
    graphs.onStale(() => {
      if (view.visible) {
        provider.ask();
      }
    }),
    graphs.onNews(() => {
      if (view.visible) {
        provider.renew();
      }
    }),
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) {
        provider.renew();
      }
    }),
  ];
}

class Revisions implements TreeDataProvider<Element>, Disposable {
  private readonly changed = new EventEmitter<Element | undefined>();
  readonly onDidChangeTreeData = this.changed.event;

  private environments: string[] = [];

  constructor(private readonly graphs: Graphs) {}

  /** Draws what is known. */
  renew(): void {
    this.changed.fire(undefined);
  }

  /** Asks for what is shown; news of it come by themselves. */
  ask(): void {
    const names: (string | undefined)[] = this.environments.length > 1 ? this.environments : [undefined];
    names.forEach((name) => void this.graphs.read(name).catch(() => this.renew()));
  }

  dispose(): void {
    this.changed.dispose();
  }

  async getChildren(element?: Element): Promise<Element[]> {
    if (element === undefined) {
      const first = await this.graphs.read().catch(() => undefined);
      if (first === undefined) {
        return [];
      }
      this.environments = first.environments;
      return first.environments.length > 1
        ? first.environments.map((environment) => ({ environment }))
        : rowsOf(first);
    }
    if ('row' in element) {
      return [];
    }
    const view = await this.graphs.read(element.environment);
    return view === undefined ? [] : rowsOf(view);
  }

  getTreeItem(element: Element): TreeItem {
    if (!('row' in element)) {
      return new TreeItem(element.environment, TreeItemCollapsibleState.Expanded);
    }
    const { row, chosen } = element;
    const item = new TreeItem(row.title === '' ? row.id : row.title);
    // The same file may stand twice, when its identifier does.
    item.id = `${chosen.environment} ${row.id} ${row.uri ?? ''}`;
    item.description = [row.id, ...row.roles, ...row.labels].join(' · ');
    item.tooltip = [row.id, row.title, row.created ?? '', ...row.problems.map((one) => `${one.severity}: ${one.message}`)]
      .filter((line) => line !== '')
      .join('\n');
    item.iconPath = icon(row);
    item.contextValue = 'revline.revision';
    item.command = { command: 'revline.revision.open', title: 'Open', arguments: [chosen] };
    return item;
  }
}

function rowsOf(view: GraphView): RevisionElement[] {
  return view.rows.map((row) => ({
    row,
    chosen: { environment: view.environment, revision: row.id, ...(row.uri !== null && { uri: row.uri }) },
  }));
}

function icon(row: GraphRow): ThemeIcon {
  const worst = row.problems[0]?.severity;
  const colour =
    worst === 'error'
      ? new ThemeColor('list.errorForeground')
      : worst === 'warning'
        ? new ThemeColor('list.warningForeground')
        : undefined;
  const has = (role: string): boolean => row.roles.includes(role);
  const name = has('head') ? 'target' : has('merge') ? 'git-merge' : has('branch point') ? 'git-branch' : 'git-commit';
  return new ThemeIcon(name, colour);
}
