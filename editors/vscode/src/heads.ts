/** What `revline.heads` answers, and the questions that the commands ask about it. */
import { Uri, window } from 'vscode';
import type { Session } from './session';

export interface Head {
  revision: string;
  title: string;
  uri: string;
  /** Whether the default branch has it; null where no default branch is known. */
  shared: boolean | null;
}

export interface Environment {
  name: string;
  /** The git branch that everybody shares, where it is known. */
  branch: string | null;
  path: string;
  heads: Head[];
}

export async function environments(session: Session): Promise<Environment[] | undefined> {
  const answer = await session.command<{ environments: Environment[] }>('revline.heads');
  return answer?.environments;
}

/** The environment that the open file belongs to; the only one; else the one that the person picks. */
export async function chooseEnvironment(session: Session): Promise<Environment | undefined> {
  const all = await environments(session);
  if (all === undefined) {
    return undefined;
  }
  if (all.length === 0) {
    void window.showInformationMessage('Revline found no migration environment in this workspace.');
    return undefined;
  }
  const open = window.activeTextEditor?.document.uri.fsPath;
  const around = all.filter((one) => open !== undefined && isInside(open, one.path));
  const candidates = around.length > 0 ? around : all;
  if (candidates.length === 1) {
    return candidates[0];
  }
  const picked = await window.showQuickPick(
    candidates.map((one) => ({ label: one.name, description: one.path, one })),
    { placeHolder: 'Which environment?' },
  );
  return picked?.one;
}

/** Those that the default branch does not have stand first: they are the person's own. */
export async function chooseHead(heads: Head[], placeHolder: string, branch?: string | null): Promise<Head | undefined> {
  const own = [...heads].sort((one, other) => Number(one.shared === true) - Number(other.shared === true));
  const place = (head: Head) => (head.shared === true && branch ? [`on ${branch}`] : []);
  const picked = await window.showQuickPick(
    own.map((head) => ({ label: head.revision, description: [head.title, ...place(head)].join(' · '), head })),
    { placeHolder, matchOnDescription: true },
  );
  return picked?.head;
}

/** The head that stands in the open file. */
export function openHead(heads: Head[]): Head | undefined {
  const open = window.activeTextEditor?.document.uri.toString();
  return heads.find((head) => Uri.parse(head.uri, true).toString() === open);
}

function isInside(file: string, folder: string): boolean {
  const trimmed = folder.replace(/[\\/]+$/, '');
  return file.startsWith(`${trimmed}/`) || file.startsWith(`${trimmed}\\`);
}
