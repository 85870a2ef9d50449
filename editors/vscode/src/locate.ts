/**
 * Where the server program is: the setting, then `PATH`, then the copy inside the extension.
 *
 * Everything about the machine comes in as an argument, so that Windows is tested on Linux. The answer is
 * always an absolute path: a bare name would let Windows take a program from the opened folder, and a
 * relative entry of `PATH` means that folder too.
 */
import * as path from 'node:path';

export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: Record<string, string | undefined>;
  isProgram(file: string): boolean;
}

export type Located =
  | { kind: 'found'; path: string; from: 'setting' | 'PATH' | 'extension' }
  | { kind: 'missing'; why: string };

export function locateServer(setting: string, extensionFolder: string, machine: Machine): Located {
  const paths = machine.platform === 'win32' ? path.win32 : path.posix;
  const name = machine.platform === 'win32' ? 'revline.exe' : 'revline';

  const wanted = setting.trim();
  if (wanted !== '') {
    const expanded = /^~(?=$|[\\/])/.test(wanted) ? machine.home + wanted.slice(1) : wanted;
    if (!paths.isAbsolute(expanded)) {
      return { kind: 'missing', why: `the setting revline.server.path is not an absolute path: ${wanted}` };
    }
    const found = [expanded, paths.join(expanded, name)].find((file) => machine.isProgram(file));
    return found === undefined
      ? { kind: 'missing', why: `the setting revline.server.path names no program: ${expanded}` }
      : { kind: 'found', path: found, from: 'setting' };
  }

  for (const folder of searchPath(machine).split(paths.delimiter)) {
    const bare = folder.replace(/^"(.*)"$/, '$1');
    if (bare === '' || !paths.isAbsolute(bare)) {
      continue;
    }
    const candidate = paths.join(bare, name);
    if (machine.isProgram(candidate)) {
      return { kind: 'found', path: candidate, from: 'PATH' };
    }
  }

  const bundled = paths.join(extensionFolder, 'bin', name);
  if (machine.isProgram(bundled)) {
    return { kind: 'found', path: bundled, from: 'extension' };
  }
  return { kind: 'missing', why: `no ${name} on PATH, and this extension carries none` };
}

/** Windows spells the variable `Path`, `PATH` or otherwise. */
function searchPath(machine: Machine): string {
  if (machine.platform !== 'win32') {
    return machine.env['PATH'] ?? '';
  }
  const key = Object.keys(machine.env).find((name) => name.toUpperCase() === 'PATH');
  return (key === undefined ? undefined : machine.env[key]) ?? '';
}
