/**
 * The graph buffer of Neovim as it stands in a terminal, as a picture: what tmux shows, drawn by Chromium.
 * Usage: node picture.mjs VSCODE_SETUP_DIR NEOVIM_SETUP_DIR REVLINE REVISIONS PICTURE. Needs tmux.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeHistory } from '../vscode/history.mjs';

const [setup, neovim, revline, count, picture] = process.argv.slice(2);
const { chromium } = createRequire(path.join(path.resolve(setup), 'package.json'))('playwright-core');
const here = path.dirname(fileURLToPath(import.meta.url));
const room = fs.mkdtempSync(path.join(os.tmpdir(), 'revline-picture-'));
const project = path.join(room, 'project');
writeHistory(project, Number(count));
const versions = path.join(project, 'alembic/versions');
const first = path.join(versions, fs.readdirSync(versions).find((name) => name.endsWith('.py')));
const socket = path.join(room, 'tmux');
const tmux = (...words) => execFileSync('tmux', ['-S', socket, ...words], { encoding: 'utf8' });
const environment = {
  REVLINE_PLUGIN: path.join(here, '../../../editors/neovim'),
  REVLINE_BIN: path.resolve(revline),
  REVLINE_CHECK: 'picture',
  HOME: room,
  XDG_STATE_HOME: room,
  TERM: 'xterm-256color',
};
const assign = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
const nvim = path.join(path.resolve(neovim), 'venv/bin/nvim');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

try {
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '160', '-y', '46', 'env', ...assign, nvim, '--clean', '-u', path.join(here, 'init.lua'), '-c', 'let g:revline_trusted = v:false', first);
  tmux('set', '-g', 'default-terminal', 'tmux-256color');
  const screen = () => tmux('capture-pane', '-e', '-p');
  const until = async (condition) => {
    for (const end = Date.now() + 60_000; ; ) {
      const text = screen();
      if (condition(text)) {
        return text;
      }
      if (Date.now() > end) {
        throw new Error(`waited in vain; the screen is\n${text}`);
      }
      await sleep(200);
    }
  };
  await until((text) => text.includes('down_revision'));
  await sleep(2_000);
  tmux('send-keys', ':Revline graph', 'Enter');
  await until((text) => text.includes('◉'));
  await sleep(1_000);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.setContent(`<body style="margin:8px;background:#14161b"><pre style="margin:0;font:14px/19px 'DejaVu Sans Mono',monospace;color:#e0e2ea">${html(screen())}</pre></body>`);
  await page.screenshot({ path: picture });
  await browser.close();
} finally {
  try {
    tmux('kill-server');
  } catch {
    // It has ended by itself.
  }
  fs.rmSync(room, { recursive: true, force: true });
}

/** The colours of a terminal as HTML. */
function html(text) {
  const escape = (part) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  let style = {};
  return text
    .split(/\x1b\[([\d;:]*)m/)
    .map((part, at) => {
      if (at % 2 === 0) {
        const css = [style.reverse ? 'background:#9b9ea4;color:#14161b' : '', style.fore && `color:${style.fore}`, style.back && `background:${style.back}`, style.bold && 'font-weight:bold'];
        return `<span style="${css.filter(Boolean).join(';')}">${escape(part)}</span>`;
      }
      const codes = part.split(/[;:]/).map(Number);
      for (let code = 0; code < codes.length; code += 1) {
        const one = codes[code];
        if (one === 0) style = {};
        else if (one === 1) style = { ...style, bold: true };
        else if (one === 7) style = { ...style, reverse: true };
        else if (one === 27) style = { ...style, reverse: false };
        else if (one === 39) style = { ...style, fore: undefined };
        else if (one === 49) style = { ...style, back: undefined };
        else if ((one === 38 || one === 48) && codes[code + 1] === 5) {
          style = { ...style, [one === 38 ? 'fore' : 'back']: palette(codes[code + 2]) };
          code += 2;
        } else if ((one === 38 || one === 48) && codes[code + 1] === 2) {
          style = { ...style, [one === 38 ? 'fore' : 'back']: `rgb(${codes.slice(code + 2, code + 5)})` };
          code += 4;
        } else if (one >= 30 && one <= 37) style = { ...style, fore: palette(one - 30) };
        else if (one >= 90 && one <= 97) style = { ...style, fore: palette(one - 82) };
        else if (one >= 40 && one <= 47) style = { ...style, back: palette(one - 40) };
        else if (one >= 100 && one <= 107) style = { ...style, back: palette(one - 92) };
      }
      return '';
    })
    .join('');
}

function palette(number) {
  const basic = ['#07080d', '#ffc0b9', '#b3f6c0', '#fce094', '#a6dbff', '#ffcaff', '#8cf8f7', '#eef1f8', '#4f5258', '#ffc0b9', '#b3f6c0', '#fce094', '#a6dbff', '#ffcaff', '#8cf8f7', '#eef1f8'];
  if (number < 16) {
    return basic[number];
  }
  if (number >= 232) {
    const grey = 8 + (number - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (value) => (value === 0 ? 0 : 55 + value * 40);
  const cube = number - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}
