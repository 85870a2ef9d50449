/** A code-server of our own: its folders, the extension in it, its start and its end. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.codeLens': true,
  'editor.minimap.enabled': false,
  'extensions.ignoreRecommendations': true,
  'files.watcherExclude': {},
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.editor.useModal': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export class CodeServer {
  /** `room` receives settings, extensions and logs; `settings` are the machine's. Folders start out not trusted. */
  constructor(setup, room, settings) {
    this.entry = path.join(setup, 'node_modules/code-server/out/node/entry.js');
    this.room = room;
    fs.mkdirSync(path.join(room, 'home'), { recursive: true });
    this.write('User', SETTINGS);
    // A path belongs to the machine; among the person's settings it would be dropped as soon as VS Code knows that.
    this.write('Machine', settings);
  }

  get arguments() {
    const { room } = this;
    return [this.entry, '--user-data-dir', `${room}/user`, '--extensions-dir', `${room}/extensions`, '--config', '/dev/null'];
  }

  get environment() {
    // The browser must not reach for a desktop, and code-server must not find itself inside another one.
    const { VSCODE_IPC_HOOK_CLI: _hook, ...environment } = process.env;
    return { ...environment, HOME: `${this.room}/home`, XDG_CONFIG_HOME: `${this.room}/home/.config`, XDG_DATA_HOME: `${this.room}/home/.local` };
  }

  write(folder, settings) {
    fs.mkdirSync(path.join(this.room, 'user', folder), { recursive: true });
    fs.writeFileSync(path.join(this.room, 'user', folder, 'settings.json'), JSON.stringify(settings, null, 2));
  }

  install(vsix) {
    const run = spawnSync(process.execPath, [...this.arguments, '--install-extension', vsix], {
      env: this.environment,
      encoding: 'utf8',
    });
    if (run.status !== 0) {
      throw new Error(`the extension was not installed:\n${run.stdout}${run.stderr}`);
    }
  }

  async start() {
    this.port = await freePort();
    const flags = [
      ['--auth', 'none', '--bind-addr', `127.0.0.1:${this.port}`, '--disable-telemetry', '--disable-update-check'],
      ['--disable-getting-started-override'],
    ].flat();
    const log = fs.openSync(path.join(this.room, 'code-server.log'), 'w');
    this.process = spawn(process.execPath, [...this.arguments, ...flags], {
      env: this.environment,
      stdio: ['ignore', log, log],
      detached: true,
    });
    const end = Date.now() + 20_000;
    while (Date.now() < end) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('code-server did not start within 20 s; see code-server.log');
  }

  /** The address of the window with `folder` open, and `file` in it. */
  url(folder, file) {
    const host = `127.0.0.1:${this.port}`;
    const payload = JSON.stringify([['openFile', `vscode-remote://${host}${file}`]]);
    return `http://${host}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`;
  }

  /** Ends the whole process group: the extension host and the language server are children. */
  stop() {
    if (this.process?.pid !== undefined) {
      try {
        process.kill(-this.process.pid, 'SIGTERM');
      } catch {
        // It has ended by itself.
      }
    }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
