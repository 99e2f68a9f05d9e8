import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';

const ID = 'skills-lsp.skills-lsp';

interface Manifest {
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, unknown> };
    walkthroughs: { steps: { description: string }[] }[];
  };
  capabilities: {
    untrustedWorkspaces: { restrictedConfigurations: string[] };
    virtualWorkspaces: { supported: boolean };
  };
}

async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(ID);
  assert.ok(extension);
  return extension.activate();
}

function manifest(): Manifest {
  return vscode.extensions.getExtension(ID)?.packageJSON as Manifest;
}

async function testFile(): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder.uri, 'tests', 'test_prices.py');
  return vscode.window.showTextDocument(uri);
}

describe('the extension in its host', () => {
  it('starts a server', async () => {
    assert.equal(await (await api()).ready(), true);
  });

  it('has lenses that run skills, with an icon', async () => {
    await (await api()).ready();
    const { document } = await testFile();
    const lenses = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.equal(lenses[0]?.command?.title, '$(play) Run this test');
    assert.equal(lenses[0].command.command, 'skills.run');
  });

  it('saves a file before a skill runs on it', async () => {
    const editor = await testFile();
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), '# changed\n');
    });
    assert.ok(editor.document.isDirty);
    await vscode.commands.executeCommand('skills.run', {
      skill: 'py-compile-check',
      uri: editor.document.uri.toString(),
      line: 0,
      character: 0,
    });
    assert.ok(!editor.document.isDirty);
  });

  it('survives restarts that are asked for all at once', async () => {
    const { ready } = await api();
    await Promise.all(
      Array.from({ length: 5 }, () => vscode.commands.executeCommand('skillsLsp.restart')),
    );
    assert.equal(await ready(), true);
    await vscode.commands.executeCommand('skillsLsp.showReport', 'skills.listSkills');
  });

  it('restarts by itself when a setting names another server', async () => {
    const { ready } = await api();
    const settings = vscode.workspace.getConfiguration('skillsLsp');
    const path = settings.get<string[]>('path');
    await settings.update('path', ['/no/such/program'], vscode.ConfigurationTarget.Global);
    assert.equal(await eventually(async () => ((await ready()) ? undefined : 'ended')), 'ended');
    await settings.update('path', path, vscode.ConfigurationTarget.Global);
    assert.ok(await eventually(async () => (await ready()) || undefined));
  });

  it('has every command that its manifest names', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of manifest().contributes.commands) {
      assert.ok(known.has(command), command);
    }
    const text = JSON.stringify(manifest().contributes.walkthroughs);
    for (const [, command] of text.matchAll(/command:([\w.]+)/g)) {
      assert.ok(known.has(command ?? ''), command);
    }
  });

  it('leaves alone what is on no disk', async () => {
    await (await api()).ready();
    assert.equal(manifest().capabilities.virtualWorkspaces.supported, false);
    const provider = vscode.workspace.registerTextDocumentContentProvider('elsewhere', {
      provideTextDocumentContent: () => 'def test_it():\n    assert False\n',
    });
    const uri = vscode.Uri.parse('elsewhere:/tests/test_it.py');
    const { languageId } = await vscode.workspace.openTextDocument(uri);
    assert.equal(languageId, 'python');
    assert.deepEqual(
      await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 100),
      [],
    );
    provider.dispose();
  });

  it('restricts each setting that names a program', () => {
    const restricted = manifest().capabilities.untrustedWorkspaces.restrictedConfigurations;
    const properties = Object.keys(manifest().contributes.configuration.properties);
    for (const name of restricted) assert.ok(properties.includes(name), name);
    for (const name of ['path', 'python', 'agentCommand', 'installSource', 'trustedFolders']) {
      assert.ok(restricted.includes(`skillsLsp.${name}`), name);
    }
  });
});

async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < end, 'not within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
