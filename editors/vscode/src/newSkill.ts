import * as vscode from 'vscode';
import { placeOf } from './place';
import type { Session } from './session';
import { message } from './text';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Asks what kind of skill and its name; the server writes the file and opens it. */
export async function newSkill(session: Session): Promise<void> {
  const kinds = [
    { label: 'A command', detail: 'Runs a program and shows its findings.', means: 'command' },
    { label: 'An agent skill', detail: 'Instructions for a coding agent.', means: 'agent' },
  ];
  const picked = await vscode.window.showQuickPick(kinds, { title: 'What shall the skill be?' });
  if (!picked) return;
  const name = await vscode.window.showInputBox({
    title: 'The name of the skill',
    placeHolder: 'check-links',
    prompt: 'It becomes the file .skills/<name>.toml of this folder.',
    validateInput: (value) =>
      NAME.test(value)
        ? undefined
        : 'Lower-case letters, digits and single hyphens, like check-links.',
  });
  if (!name) return;
  try {
    const uri = placeOf()?.uri ?? '';
    await session.call('skills.newSkill', { name, kind: picked.means, uri });
  } catch (error) {
    session.tell(error);
  }
}

/** Leads to VS Code's own Workspace Trust, which decides what a folder's skills may do. */
export async function trustProjectSkills(session: Session): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await vscode.commands.executeCommand('workbench.trust.manage');
    return;
  }
  try {
    const { skills } = await session.call('skills.choices', {});
    const brought = skills.filter((it) => ['project', 'task'].includes(String(it.origin)));
    const n = brought.length === 1 ? 'The skill' : `The ${brought.length} skills`;
    const text =
      brought.length > 0
        ? `This workspace is trusted. ${n} that it brings may run: ${brought.map((it) => it.name).join(', ')}.`
        : 'This workspace is trusted, and brings no skills of its own.';
    const manage = await vscode.window.showInformationMessage(message(text), 'Manage Trust');
    if (manage) await vscode.commands.executeCommand('workbench.trust.manage');
  } catch (error) {
    session.tell(error);
  }
}
