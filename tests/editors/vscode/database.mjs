/** The database of the sample project in VS Code: asked for once, migrated after its plan was shown, refused elsewhere. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** The last revision that SQLite can run, the one before it, and one that is still to come. */
const [TARGET, BEFORE, LATER] = ['91d3b56f2ac8', '5e92c1b3f680', 'c4a7e0d81f39'];

/** The notification that holds `text`. */
async function toast(window, text) {
  const found = window.page.locator('.notification-toast', { hasText: text }).first();
  await found.waitFor({ timeout: 20_000 });
  return found;
}

/** Presses a button of a notification that holds `text`. */
async function press(window, text, button) {
  const found = await toast(window, text);
  await found.locator('.monaco-button', { hasText: new RegExp(`^${button}$`) }).first().click();
}

/** What stands beside the name of a file in the explorer. */
async function badge(window, file) {
  const row = window.page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).first();
  return row.locator('.monaco-icon-label').first().evaluate((label) => getComputedStyle(label, '::after').content);
}

export async function database(check, window, workspace, picture) {
  const versions = path.join(workspace, 'alembic/versions');
  const fileOf = (id) => fs.readdirSync(versions).find((name) => name.startsWith(id));

  async function upgrade(target) {
    await window.command('Notifications: Clear All Notifications');
    await window.command('Revline: Upgrade the database');
    await window.fillQuickInput(target);
    await window.keys.press('Enter');
  }

  await check('an upgrade asks for the database, shows its plan, and lenses and files say where it stands', async () => {
    await upgrade(TARGET);
    await press(window, 'Connect to sqlite:///', 'Connect');
    await press(window, `from base to ${TARGET}`, 'Upgrade');
    await toast(window, `stands at ${TARGET}`);
    assert.ok(fs.existsSync(path.join(workspace, 'shop.db')), 'the database was made');
    await window.openFile(fileOf(TARGET));
    const lens = window.page.locator('.codelens-decoration', { hasText: 'the database is here' }).first();
    await lens.waitFor({ timeout: 15_000 });
    for (const [id, mark] of [[TARGET, '◆'], [BEFORE, '✓'], [LATER, '○']]) {
      await window.until(`${mark} beside ${id}`, async () => (await badge(window, fileOf(id))).includes(mark));
    }
    await window.screenshot(picture('database'));
    await window.command('Notifications: Clear All Notifications');
  });

  await check('a migration that fails is a problem at its line', async () => {
    // By the menu of a revision, which the graph and the list share.
    await window.command('View: Show Migrations');
    const row = window.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row', { hasText: BEFORE }).first();
    await window.retry('the menu', async () => {
      await window.keys.press('Escape');
      await row.click({ button: 'right', timeout: 3000 });
      const entry = window.page.locator('.monaco-menu .action-label', { hasText: 'Downgrade the database to here' });
      await entry.waitFor({ timeout: 2500 });
      await window.page.waitForTimeout(400);
      await entry.click({ timeout: 2500 });
      await toast(window, `from ${TARGET} to ${BEFORE}`);
    });
    await window.command('View: Show Explorer');
    await press(window, `from ${TARGET} to ${BEFORE}`, 'Downgrade');
    await toast(window, `stands at ${BEFORE}`);
    const file = path.join(versions, fileOf(TARGET));
    const text = fs.readFileSync(file, 'utf8');
    const mistaken = text.replace(/^    op\.create_table/m, '    op.execute("INSERT INTO gone VALUES (1)")\n$&');
    assert.notEqual(mistaken, text);
    fs.writeFileSync(file, mistaken);
    await window.openFile(path.basename(file));
    await window.until('the line', async () => (await window.page.locator('.view-line', { hasText: 'gone' }).count()) > 0);
    await upgrade(TARGET);
    await press(window, `from ${BEFORE} to ${TARGET}`, 'Upgrade');
    await toast(window, `failed in upgrade ${BEFORE} -> ${TARGET}`);
    await window.filterProblems('failed-migration');
    const rows = await window.until('the problem', async () => {
      const found = (await window.problems()).filter((row) => row.includes('failed-migration'));
      return found.length === 1 && found;
    }, 20_000);
    assert.match(rows[0], /The last run failed here: .*gone/);
    const line = mistaken.slice(0, mistaken.indexOf('op.execute("INSERT INTO gone')).split('\n').length;
    assert.match(rows[0], new RegExp(`Ln ${line}\\b`));
    await window.focusEditor();
    await window.caret(`${line}:5`);
    await window.screenshot(picture('failed-migration'));
    await window.filterProblems('');
    fs.writeFileSync(file, text);
    await window.command('Notifications: Clear All Notifications');
  });

  await check('a host beyond this machine is refused', async () => {
    const settings = path.join(workspace, 'revline.toml');
    fs.writeFileSync(settings, '[database]\nurl = "postgresql://me:hidden@db.example.com/shop"\n');
    await window.openFile(fileOf(TARGET));
    await window.command('Revline: Restart server');
    await window.until('the status', async () => (await window.status()).includes('2 heads'));
    await window.keys.press('Control+j');
    await window.command('Revline: Where does the database stand');
    const refusal = await toast(window, 'db.example.com');
    const said = (await refusal.innerText()).replaceAll('\u00a0', ' ');
    assert.match(said, /is not on this machine, and nothing is connected to/);
    assert.ok(!said.includes('hidden'), said);
    await refusal.locator('.monaco-button', { hasText: 'Open my settings' }).first().waitFor();
    await window.screenshot(picture('refused-host'));
    fs.rmSync(settings);
    await window.command('Notifications: Clear All Notifications');
    await window.command('Revline: Restart server');
    await window.until('the status again', async () => (await window.status()).includes('2 heads'));
  });
}
