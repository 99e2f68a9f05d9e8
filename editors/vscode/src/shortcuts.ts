import * as vscode from 'vscode';
import { SECTION } from './config';
import { LETTERS, PREFIX } from './keys';
import type { Picker } from './pick';
import { placeOf, stretchOf } from './place';
import type { Session } from './session';
import { label, message } from './text';

/** Keys: those of package.json's letters, and those that the user gives to skills. */
export class Shortcuts {
  constructor(
    private readonly session: Session,
    private readonly picker: Picker,
  ) {}

  /** Runs a skill by its name at the cursor; what own keybindings call. */
  async runSkill(args: unknown): Promise<void> {
    const skill = (args as { skill?: unknown } | undefined)?.skill;
    if (typeof skill !== 'string') return this.picker.run();
    await this.session.run('skills.run', { skill, ...stretchOf() });
  }

  /** Runs what a letter after the prefix stands for. */
  async runLetter(args: unknown): Promise<void> {
    const letter = (args as { letter?: string } | undefined)?.letter ?? '';
    try {
      const skill = (await this.registered(letter)) ?? (await this.usual(letter));
      if (skill) {
        await this.runSkill({ skill });
        return;
      }
    } catch (error) {
      this.session.tell(error);
      return;
    }
    const keys = `${PREFIX} ${letter.toUpperCase()}`;
    const picked = await vscode.window.showInformationMessage(
      `${keys} stands for no skill that fits this file.`,
      'Choose One…',
    );
    if (picked) await this.register(keys);
  }

  private async registered(letter: string): Promise<string | undefined> {
    const { shortcuts } = await this.session.call('skills.listShortcuts', {});
    const keys = `${PREFIX} ${letter}`.toLowerCase();
    return Object.entries(shortcuts).find(([, it]) => it.toLowerCase() === keys)?.[0];
  }

  private async usual(letter: string): Promise<string | undefined> {
    const names = LETTERS[letter] ?? [];
    if (names.length <= 1) return names[0];
    const { skills } = await this.session.call('skills.choices', placeOf() ?? {});
    const fitting = skills.filter((it) => !it.blocked).map((it) => it.name);
    // What fits but is not installed says, when it is run, how to install it.
    const known = skills.map((it) => it.name);
    return names.find((it) => fitting.includes(it)) ?? names.find((it) => known.includes(it));
  }

  /** Gives keys to a skill. Letters after the prefix work at once; others need keybindings.json. */
  async register(keys?: string): Promise<void> {
    const picked = await this.picker.pick('Which skill shall have a shortcut?');
    if (!picked) return;
    const { name } = picked.choice;
    const wanted = keys ?? (await askForKeys(name));
    if (!wanted) return;
    try {
      const said = await this.session.call('skills.registerShortcut', {
        skill: name,
        keys: wanted,
      });
      if (isLetter(said.keys)) {
        void vscode.window.showInformationMessage(message(`${said.message} It works at once.`));
      } else {
        await offerKeybinding(name, said.keys);
      }
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** Switches the six predefined keys on or off. */
  async togglePredefined(): Promise<void> {
    const settings = vscode.workspace.getConfiguration(SECTION);
    const isOn = !settings.get<boolean>('predefinedShortcuts', false);
    await settings.update('predefinedShortcuts', isOn, vscode.ConfigurationTarget.Global);
    void vscode.window.showInformationMessage(
      isOn
        ? 'The predefined keys are on, in files that skills fit: Ctrl+Shift+T runs the test at the cursor.'
        : 'The predefined keys are off again.',
    );
  }
}

async function askForKeys(skill: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Keys for ${label(skill)}`,
    value: `${PREFIX} X`,
    valueSelection: [PREFIX.length + 1, PREFIX.length + 2],
    prompt: `${PREFIX} and a letter works at once. Other keys, such as ctrl+alt+9, become an entry of keybindings.json.`,
    validateInput: (value) => (value.trim() === '' ? 'Type the keys, or press Escape.' : undefined),
  });
}

function isLetter(keys: string): boolean {
  return new RegExp(`^${PREFIX.replaceAll('+', '\\+')} [a-z]$`, 'i').test(keys);
}

/** Extensions cannot bind keys: the entry is copied, and the file opened to paste it. */
async function offerKeybinding(skill: string, keys: string): Promise<void> {
  const entry = {
    key: keys.toLowerCase(),
    command: 'skillsLsp.runSkill',
    args: { skill },
    when: 'editorTextFocus && skillsLsp.running',
  };
  const picked = await vscode.window.showInformationMessage(
    `${keys} is registered for ${skill}. VS Code lets only you bind other keys: the entry can be copied and pasted into keybindings.json.`,
    'Copy and Open',
  );
  if (!picked) return;
  await vscode.env.clipboard.writeText(JSON.stringify(entry, undefined, 2));
  await vscode.commands.executeCommand('workbench.action.openGlobalKeybindingsFile');
}
