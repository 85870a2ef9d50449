import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateServer, type Machine } from '../src/locate';

function machine(platform: NodeJS.Platform, env: Record<string, string>, ...programs: string[]): Machine {
  return {
    platform,
    env,
    home: platform === 'win32' ? 'C:\\Users\\ann' : '/home/ann',
    isProgram: (file) => programs.includes(file),
  };
}

test('the setting wins over PATH and over the bundled program', () => {
  const at = machine('linux', { PATH: '/usr/bin' }, '/opt/revline', '/usr/bin/revline', '/ext/bin/revline');
  assert.deepEqual(locateServer('/opt/revline', '/ext', at), { kind: 'found', path: '/opt/revline', from: 'setting' });
});

test('a setting that names a folder means the program in it, and ~ is the home folder', () => {
  const at = machine('linux', {}, '/home/ann/tools/revline');
  assert.deepEqual(locateServer('~/tools', '/ext', at), {
    kind: 'found',
    path: '/home/ann/tools/revline',
    from: 'setting',
  });
});

test('a wrong setting is said, not passed over', () => {
  const at = machine('linux', { PATH: '/usr/bin' }, '/usr/bin/revline');
  assert.deepEqual(locateServer('/nowhere/revline', '/ext', at), {
    kind: 'missing',
    why: 'the setting revline.server.path names no program: /nowhere/revline',
  });
  assert.deepEqual(locateServer('bin/revline', '/ext', at), {
    kind: 'missing',
    why: 'the setting revline.server.path is not an absolute path: bin/revline',
  });
});

test('relative and empty entries of PATH are not searched', () => {
  const at = machine('linux', { PATH: '.:bin::/usr/local/bin' }, 'revline', 'bin/revline', '/usr/local/bin/revline');
  assert.deepEqual(locateServer('', '/ext', at), { kind: 'found', path: '/usr/local/bin/revline', from: 'PATH' });
});

test('on Windows the variable may be spelt Path and its entries quoted', () => {
  const at = machine('win32', { Path: 'bin;"C:\\Program Files\\Revline"' }, 'C:\\Program Files\\Revline\\revline.exe');
  assert.deepEqual(locateServer('', 'C:\\ext', at), {
    kind: 'found',
    path: 'C:\\Program Files\\Revline\\revline.exe',
    from: 'PATH',
  });
});

test('the bundled program is the last resort', () => {
  assert.deepEqual(locateServer('', '/ext', machine('linux', { PATH: '/usr/bin' }, '/ext/bin/revline')), {
    kind: 'found',
    path: '/ext/bin/revline',
    from: 'extension',
  });
  assert.deepEqual(locateServer('', '/ext', machine('linux', {})), {
    kind: 'missing',
    why: 'no revline on PATH, and this extension carries none',
  });
});
