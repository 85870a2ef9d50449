/** The database of the sample project in VS Code: asked for once, migrated after its plan was shown. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** The last revision that SQLite can run, and the file in which it stands. */
const TARGET = '91d3b56f2ac8';

/** Presses a button of a notification that holds `text`. */
async function press(window, text, button) {
  const toast = window.page.locator('.notification-toast', { hasText: text }).first();
  await toast.waitFor({ timeout: 15_000 });
  await toast.locator('.monaco-button', { hasText: new RegExp(`^${button}$`) }).first().click();
}

export async function database(check, window, workspace, picture) {
  await check('an upgrade asks for the database, shows its plan, and lenses say where it stands', async () => {
    const file = fs.readdirSync(path.join(workspace, 'alembic/versions')).find((name) => name.startsWith(TARGET));
    await window.command('Notifications: Clear All Notifications');
    await window.command('Revline: Upgrade the database');
    await window.fillQuickInput(TARGET);
    await window.keys.press('Enter');
    await press(window, 'Connect to sqlite:///', 'Connect');
    await press(window, `from base to ${TARGET}`, 'Upgrade');
    const done = window.page.locator('.notification-toast', { hasText: `stands at ${TARGET}` }).first();
    await done.waitFor({ timeout: 20_000 });
    assert.ok(fs.existsSync(path.join(workspace, 'shop.db')), 'the database was made');
    await window.openFile(file);
    const lens = window.page.locator('.codelens-decoration', { hasText: 'the database is here' }).first();
    await lens.waitFor({ timeout: 15_000 });
    await window.screenshot(picture('database'));
    await window.command('Notifications: Clear All Notifications');
  });
}
