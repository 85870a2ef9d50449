/** The window of VS Code, used as hands use it: keys, the palette, what can be read on the screen. */
export class Window {
  constructor(page) {
    this.page = page;
    this.keys = page.keyboard;
  }

  async open(url) {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench .editor-instance .view-lines').first().waitFor({ timeout: 30_000 });
  }

  /** Opens a file that the explorer shows, by its name. */
  async openFile(file) {
    const name = file.split('/').at(-1);
    const label = this.page.locator('.explorer-folders-view .label-name').getByText(name, { exact: true });
    await this.retry(`the file ${name} is open`, async () => {
      await this.keys.press('Escape');
      await label.dblclick({ timeout: 3000 });
      await this.page.locator('.tab.active', { hasText: name }).waitFor({ timeout: 3000 });
    });
    await this.restMouse();
    await this.page.locator('.editor-instance .view-lines .view-line').first().waitFor();
  }

  /** Where the mouse raises no hover. */
  async restMouse() {
    await this.page.mouse.move(1120, 12);
  }

  /** Places the caret: «line:column», both from 1. */
  async caret(position) {
    const [line, column] = position.split(':');
    await this.retry(`the caret at ${position}`, async () => {
      await this.keys.press('Escape');
      await this.focusEditor();
      await this.keys.press('Control+g');
      await this.fillQuickInput(`:${position}`);
      await this.keys.press('Enter');
      const status = this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` });
      await status.waitFor({ timeout: 2000 });
    });
  }

  async focusEditor() {
    await this.keys.press('Control+1');
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.retry(`the command ${title}`, async () => {
      await this.keys.press('Escape');
      await this.keys.press('F1');
      await this.fillQuickInput(`>${title}`);
      const rows = this.page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: title }).first().waitFor({ timeout: 3000 });
      // Another command may begin with the same words.
      const words = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s');
      const whole = new RegExp(`^\\W*${words}\\W*$`);
      const label = this.page.locator('.monaco-highlighted-label', { hasText: whole });
      const exact = rows.filter({ has: label });
      if (await exact.count() > 0) {
        await exact.first().click();
        return;
      }
      const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
      await row.waitFor({ timeout: 3000 });
      await this.keys.press('Enter');
    });
  }

  async fillQuickInput(text) {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await input.waitFor({ timeout: 3000 });
    await input.fill(text);
  }

  /** Picks the row of an open list that holds `text`. */
  async pick(text) {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
    await row.first().waitFor({ timeout: 8000 });
    await row.first().click();
  }

  /** The hover at the caret, once its text holds every one of `parts`. */
  async hover(...parts) {
    return this.retry(`a hover with ${parts.join(', ')}`, async () => {
      await this.focusEditor();
      await this.keys.press('Control+k');
      await this.keys.press('Control+i');
      const hover = this.page.locator('.monaco-editor .monaco-hover:not(.hidden)').first();
      await hover.waitFor({ timeout: 1500 });
      return this.until('its text', async () => {
        const text = plain(await hover.innerText());
        return parts.every((part) => text.includes(part)) && text;
      }, 2000);
    });
  }

  /** Opens the list of quick fixes at the caret and takes the one whose title starts so. */
  async quickFix(title) {
    return this.retry(`the quick fix ${title}`, async () => {
      await this.keys.press('Escape');
      await this.focusEditor();
      await this.keys.press('Control+.');
      const row = this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
      await row.waitFor({ timeout: 2500 });
      const text = plain(await row.innerText());
      await row.click();
      return text;
    });
  }

  /** The keys that show the Problems panel hide it when it has the focus, so they are pressed only for want of it. */
  async showProblems() {
    await this.retry('the Problems panel', async () => {
      const panel = this.page.locator('.markers-panel');
      if (!(await panel.isVisible())) {
        await this.keys.press('Control+Shift+m');
        await panel.waitFor({ timeout: 2500 });
      }
    });
  }

  /** Shows those problems alone that hold `text`: rows below the edge of the panel are not drawn and cannot be read. */
  async filterProblems(text) {
    await this.showProblems();
    await this.page.locator('.viewpane-filter input').first().fill(text);
  }

  /** The rows of the Problems panel that are drawn. */
  async problems() {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    return (await rows.allInnerTexts()).map(plain);
  }

  async status() {
    const items = await this.page.locator('.statusbar-item', { hasText: 'Revline' }).allInnerTexts();
    return items.map(plain).join(' ');
  }

  async screenshot(file) {
    // The caret blinks and lists fade in: a moment makes the picture the same each time.
    await this.restMouse();
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: file });
  }

  async until(what, condition, ms = 15_000) {
    const end = Date.now() + ms;
    for (;;) {
      const answer = await condition();
      if (answer) {
        return answer;
      }
      if (Date.now() > end) {
        throw new Error(`waited in vain for: ${what}`);
      }
      await this.page.waitForTimeout(50);
    }
  }

  /** A key that comes while a hover or a list is drawn is lost, so every act of the hands is repeated. */
  async retry(what, act, times = 6) {
    let last;
    for (let left = times; left > 0; left -= 1) {
      try {
        return await act();
      } catch (error) {
        last = error;
        await this.page.waitForTimeout(200);
      }
    }
    throw new Error(`${what}: ${last.message.split('\n')[0]}`);
  }
}

/** VS Code draws spaces as no-break spaces. */
function plain(text) {
  return text.replaceAll('\u00a0', ' ');
}
