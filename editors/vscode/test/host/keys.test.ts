import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Binding {
  key: string;
  mac?: string;
  command: string;
  when?: string;
}

const GUARD = /editorLangId (== \w+|=~ \/\^\([\w|]+\)\$\/)/;

describe('the keys', () => {
  const manifest = vscode.extensions.getExtension('skills-lsp.skills-lsp')?.packageJSON as {
    contributes: { keybindings: Binding[] };
  };
  const ours = manifest.contributes.keybindings;
  let defaults: Binding[];

  before(async () => {
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    // A JSON document with comments, of which only whole lines are one.
    const plain = text.replace(/^\s*\/\/.*$/gm, '');
    const all = JSON.parse(plain) as Binding[];
    defaults = all.filter((it) => !it.command.startsWith('skillsLsp.'));
    assert.ok(defaults.length > 500);
  });

  it('take no key away where skills do not fit', () => {
    for (const { key, when, command } of ours) {
      assert.match(when ?? '', /editorTextFocus/, `${command} ${key}`);
      assert.match(when ?? '', GUARD, `${command} ${key}`);
      assert.match(when ?? '', /skillsLsp\.running/, `${command} ${key}`);
    }
  });

  it('are free in VS Code where they are bound without being asked for', () => {
    const taken = new Set(defaults.map((it) => it.key));
    // A default of one stroke that begins ours would never be reached, nor would ours.
    const beginnings = (key: string) =>
      key.split(' ').map((_, n, all) => all.slice(0, n + 1).join(' '));
    for (const { key, when } of ours) {
      if (when?.includes('config.skillsLsp.predefinedShortcuts')) continue;
      for (const beginning of beginnings(key)) {
        assert.ok(!taken.has(beginning), `${beginning} is a key of VS Code`);
      }
    }
  });

  it('see the clash that the predefined keys have, which are off at first', () => {
    const taken = new Set(defaults.map((it) => it.key));
    const predefined = ours.filter((it) => it.when?.includes('predefinedShortcuts'));
    assert.equal(predefined.length, 6);
    assert.ok(predefined.some((it) => taken.has(it.key)));
    const isOn = vscode.workspace.getConfiguration('skillsLsp').inspect('predefinedShortcuts');
    assert.equal(isOn?.defaultValue, false);
  });

  it('are each bound once', () => {
    const keys = ours.map((it) => it.key);
    assert.equal(new Set(keys).size, keys.length);
  });
});
