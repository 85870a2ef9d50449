/**
 * Packs the extension: without a server, or for one platform with the server inside.
 * Usage: node pack.mjs OUT.vsix [PLATFORM PROGRAM]; PLATFORM is one of VS Code's names below.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const PLATFORMS = ['linux-x64', 'linux-arm64', 'alpine-x64', 'alpine-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

const [out, platform, program] = process.argv.slice(2);
if (out === undefined || (platform !== undefined && (program === undefined || !PLATFORMS.includes(platform)))) {
  console.error(`usage: node pack.mjs OUT.vsix [PLATFORM PROGRAM]; platforms: ${PLATFORMS.join(', ')}`);
  process.exit(2);
}
const folder = import.meta.dirname;
const bin = path.join(folder, 'bin');
// What lies there would be packed.
fs.rmSync(bin, { recursive: true, force: true });
try {
  if (platform !== undefined) {
    fs.mkdirSync(bin);
    const name = platform.startsWith('win32') ? 'revline.exe' : 'revline';
    fs.copyFileSync(path.resolve(program), path.join(bin, name));
    fs.chmodSync(path.join(bin, name), 0o755);
  }
  const vsce = path.join(folder, 'node_modules/@vscode/vsce/vsce');
  const target = platform === undefined ? [] : ['--target', platform];
  execFileSync(process.execPath, [vsce, 'package', '--no-dependencies', '--out', path.resolve(out), ...target], { cwd: folder, stdio: 'inherit' });
} finally {
  fs.rmSync(bin, { recursive: true, force: true });
}
