// What the page tests do with a workbench, in the words of a user.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION } from '../workbench.mjs';

export const PICTURES = process.env.SKILLS_LSP_PICTURES ?? join(EXTENSION, 'dist/pictures');
/** Whatever a user waits for takes a few seconds; the machine of a test may be busy. */
const PATIENCE_MS = 60_000;

export class Driver {
  constructor(workbench) {
    this.page = workbench.page;
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.workbench = workbench;
    mkdirSync(PICTURES, { recursive: true });
  }

  async open(file) {
    await this.workbench.open(file);
    await this.page.waitForSelector('.monaco-editor .view-line');
  }

  async picture(name) {
    await this.page.mouse.move(1275, 450); // no hover over what is shown
    await this.page.waitForTimeout(400); // lists and notifications slide in
    return this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  lens(text) {
    return this.page.locator('.codelens-decoration a', { hasText: text });
  }

  /** Opens a file of the folder by its name; where several end so, by what is to be typed. */
  async goToFile(name, typed = name) {
    const tab = this.page.locator('.tab.active', { hasText: new RegExp(`^${name}`) });
    // On a busy machine the list may close before what was picked is opened.
    for (const patience of [10_000, 10_000, 60_000]) {
      await this.press('Control+p');
      await this.type(typed);
      await this.pick(name);
      if (
        await tab.waitFor({ timeout: patience }).then(
          () => true,
          () => false,
        )
      ) {
        return;
      }
      await this.press('Escape');
    }
    await tab.waitFor();
  }

  /** Puts the cursor at the start of a line, and the focus into the editor. */
  async goToLine(line) {
    await this.press('Control+g');
    await this.type(`:${line}:1`);
    await this.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.statusItem(`Ln ${line}, Col 1`).waitFor();
    await this.page.locator('.monaco-editor.focused').first().waitFor();
  }

  /** Opens the menu of code actions until it has a row: a key that comes while it closes is lost. */
  async menu(text) {
    const row = this.page.locator('.action-widget .monaco-list-row', { hasText: text }).first();
    await this.untilShown(row, () => this.press('Escape', 'Control+.'));
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  toast(text) {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Waits for a notification, and presses one of its buttons. */
  async answer(text, button) {
    await this.toast(text).getByRole('button', { name: button }).first().click();
  }

  async clearToasts() {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notification-toast').first().waitFor({ state: 'detached' });
  }

  rows() {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /** Opens the palette and types. */
  async palette(text) {
    const input = this.page.locator('.quick-input-widget input').first();
    // A key that comes before the workbench listens is lost.
    await this.untilShown(input, () => this.press('F1'));
    await input.fill(`>${text}`);
  }

  async command(title) {
    const row = this.rows().filter({ hasText: title }).first();
    // On a busy machine the list may close before it is clicked.
    for (const timeout of [10_000, 10_000]) {
      await this.palette(title);
      try {
        await row.click({ timeout });
        return;
      } catch {
        await this.press('Escape');
      }
    }
    await this.palette(title);
    await row.click();
  }

  /** Picks a row of the open list. */
  async pick(text) {
    await this.rows().filter({ hasText: text }).first().click();
  }

  async type(text) {
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(text);
  }

  statusItem(text) {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** Waits until the language status, beside the name of the file's language, says something. */
  async languageStatus(text) {
    await this.untilShown(
      this.page.locator('.hover-language-status', { hasText: text }),
      async () => {
        await this.page.mouse.move(600, 400);
        await this.page.locator('#status\\.languageStatus').hover();
      },
    );
    await this.page.mouse.move(600, 400);
  }

  /** Does something, and again while it does not show. */
  async untilShown(locator, act) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      await act();
      try {
        await locator.waitFor({ timeout: 10_000 });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  /** A line of the terminal. */
  terminalLine(text) {
    return this.page.locator('.xterm-rows > div', { hasText: text }).first();
  }

  /** Follows the link at the start of a line of the terminal, as one does with Ctrl and a click. */
  async followLink(text) {
    const { mouse, keyboard } = this.page;
    const { x, y, height } = await this.terminalLine(text).boundingBox();
    await mouse.move(x + 30, y + height / 2);
    await mouse.move(x + 40, y + height / 2);
    await this.page.getByText('Open in the editor').first().waitFor();
    await keyboard.down('Control');
    await mouse.move(x + 45, y + height / 2);
    await mouse.click(x + 45, y + height / 2);
    await keyboard.up('Control');
  }

  /** The page of a webview: of the Markdown preview, or of the dashboard. */
  webview() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }
}
