/**
 * What the person set, in the keys of `revline.toml`.
 *
 * Only values that somebody wrote are sent. The defaults that VS Code would add are left out, since the
 * editor's settings win over the project's file and a default must not.
 */
import { workspace, type ConfigurationScope } from 'vscode';

const MIRRORED = {
  targets: 'targets',
  select: 'select',
  ignore: 'ignore',
  exclude: 'exclude',
  inlayHints: 'inlayHints',
  defaultBranch: 'default-branch',
} as const;

export type ServerSettings = Partial<Record<(typeof MIRRORED)[keyof typeof MIRRORED], unknown>>;

export function serverSettings(scope?: ConfigurationScope): ServerSettings {
  const configuration = workspace.getConfiguration('revline', scope);
  const written: ServerSettings = {};
  for (const [key, name] of Object.entries(MIRRORED)) {
    const seen = configuration.inspect(key);
    const value = seen?.workspaceFolderValue ?? seen?.workspaceValue ?? seen?.globalValue;
    if (value !== undefined && value !== null) {
      written[name] = value;
    }
  }
  return written;
}

export function serverPath(): string {
  return workspace.getConfiguration('revline').get<string>('server.path', '');
}

export function serverEnvironment(): Record<string, string> {
  return workspace.getConfiguration('revline').get<Record<string, string>>('server.environment', {});
}

/** Everything that decides how the server is started, to be compared. */
export function serverStart(): string {
  return JSON.stringify([serverPath(), serverEnvironment()]);
}
