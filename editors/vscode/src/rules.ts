/** The server's own documents, of the scheme `revline`: the pages of the rules, and the SQL of revisions. */
import { commands, EventEmitter, languages, Uri, window, workspace, type CancellationToken, type Disposable } from 'vscode';
import type { Session } from './session';

export const SCHEME = 'revline';

export function ruleUri(rule: string): Uri {
  return Uri.from({ scheme: SCHEME, path: `/rules/${rule}.md` });
}

/**
 * Serves the documents by asking the server. The client library does that alone when the server announces
 * the scheme; then it is left to it, since two providers of one scheme would answer in turn.
 */
export function serveDocuments(session: Session): Disposable {
  const renewed = new EventEmitter<Uri>();
  const following = session.onRenewed((uri) => {
    // The address as VS Code spells it: the one by which the document is open.
    const open = workspace.textDocuments.find((document) => sameAddress(document.uri, Uri.parse(uri)));
    if (open !== undefined) {
      renewed.fire(open.uri);
    }
  });
  const provider = workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: renewed.event,
    async provideTextDocumentContent(uri: Uri, token: CancellationToken): Promise<string | undefined> {
      const client = session.running;
      if (client === undefined || client.initializeResult?.capabilities.workspace?.textDocumentContent !== undefined) {
        return undefined;
      }
      const answer = await client.sendRequest<{ text: string } | null>(
        'workspace/textDocumentContent',
        { uri: uri.toString() },
        token,
      );
      return answer?.text;
    },
  });
  return {
    dispose: () => {
      provider.dispose();
      following.dispose();
      renewed.dispose();
    },
  };
}

function sameAddress(one: Uri, other: Uri): boolean {
  return one.scheme === other.scheme && one.path === other.path && one.query === other.query;
}

/** Shows the SQL of the open revision: the server finds it, and asks for its document to be shown. */
export async function showSql(session: Session, direction: 'upgrade' | 'downgrade'): Promise<void> {
  const uri = window.activeTextEditor?.document.uri.toString();
  await session.command('revline.showSql', { ...(uri !== undefined && { uri }), direction });
}

/** Asks which rule (those found in the workspace are offered, any other can be typed) and shows its page. */
export async function explainRule(rule?: unknown): Promise<void> {
  const name = typeof rule === 'string' ? rule : await askForRule();
  if (name === undefined || name === '') {
    return;
  }
  const document = await workspace.openTextDocument(ruleUri(name));
  try {
    await commands.executeCommand('markdown.showPreview', document.uri);
  } catch {
    await window.showTextDocument(document, { preview: true });
  }
}

function askForRule(): Promise<string | undefined> {
  const found = rulesFound();
  return new Promise((resolve) => {
    const pick = window.createQuickPick();
    pick.placeholder = 'The name of a rule';
    const offer = (): void => {
      const typed = pick.value.trim();
      const known = [...found].map(([label, count]) => ({ label, description: `${count} found` }));
      pick.items = typed === '' || found.has(typed) ? known : [...known, { label: typed }];
    };
    offer();
    pick.onDidChangeValue(offer);
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.label ?? pick.value.trim());
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** How often each rule was found; those on the caret's line come first. */
function rulesFound(): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (rule: string): void => {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  };
  const editor = window.activeTextEditor;
  const here = editor === undefined ? [] : languages.getDiagnostics(editor.document.uri);
  const line = editor?.selection.active.line;
  for (const diagnostic of here) {
    const rule = ruleOf(diagnostic);
    if (rule !== undefined && line !== undefined && diagnostic.range.start.line <= line && line <= diagnostic.range.end.line) {
      counts.set(rule, 0);
    }
  }
  for (const [, diagnostics] of languages.getDiagnostics()) {
    diagnostics.map(ruleOf).filter((rule) => rule !== undefined).forEach(count);
  }
  return counts;
}

function ruleOf(diagnostic: { source?: string; code?: unknown }): string | undefined {
  if (diagnostic.source !== 'revline') {
    return undefined;
  }
  const code = diagnostic.code;
  const value = typeof code === 'object' && code !== null && 'value' in code ? code.value : code;
  return typeof value === 'string' ? value : undefined;
}
