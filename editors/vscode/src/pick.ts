import * as vscode from 'vscode';
import { placeOf, stretchOf } from './place';
import type { Session } from './session';
import { keysOf } from './keys';
import { ago, label } from './text';

/** What `skills.choices` and `skills.search` say of a skill. */
interface Choice {
  name: string;
  title: string;
  description: string;
  phase: string;
  shortcut: string | null;
  is_own_shortcut?: boolean;
  confidence?: number | null;
  rank?: number | null;
  blocked?: string | null;
  is_next?: boolean;
  last?: { status: string; summary: string; ended_at: string } | null;
}

interface Item extends vscode.QuickPickItem {
  choice?: Choice;
}

const SEARCH_AFTER_MS = 200;
const MIN_QUERY = 3;
const N_FOUND = 8;
const MARKS: Record<string, string> = { passed: '$(pass)', failed: '$(error)' };

/** Lets the user pick a skill: the suggested first, then all; words that are typed search by meaning. */
export class Picker {
  constructor(private readonly session: Session) {}

  /** Picks a skill and runs it at the cursor. */
  async run(query = ''): Promise<void> {
    const place = stretchOf();
    const picked = await this.pick('Run a skill at the cursor', query);
    if (!picked) return;
    const { choice, offer } = picked;
    const chosen = choice.rank ? { offer } : {};
    await this.session.run('skills.run', { skill: choice.name, ...place, ...chosen });
  }

  /** Picks a skill. Undefined when the user thought better of it. */
  async pick(title: string, query = ''): Promise<{ choice: Choice; offer: string } | undefined> {
    const place = placeOf();
    const language = vscode.window.activeTextEditor?.document.languageId ?? '';
    const listed = this.session.call('skills.choices', place ?? {});
    const list = vscode.window.createQuickPick<Item>();
    list.title = title;
    list.placeholder = 'Type a name, or what you want to do';
    list.matchOnDescription = true;
    list.matchOnDetail = true;
    list.busy = true;
    list.value = query; // not later: what is typed while the skills are asked for stays
    list.show();
    const picked = new Promise<Choice | undefined>((resolve) => {
      list.onDidAccept(() => {
        resolve(list.selectedItems[0]?.choice);
        list.hide();
      });
      list.onDidHide(() => {
        resolve(undefined);
      });
    });
    try {
      const { skills, offer } = await listed;
      const choices = skills as unknown as Choice[];
      list.items = itemsOf(choices);
      list.busy = false;
      const search = new Search(this.session, list, choices, place ? language : '');
      list.onDidChangeValue((value) => {
        search.soon(value);
      });
      search.soon(list.value);
      const choice = await picked;
      search.stop();
      return choice && { choice, offer };
    } catch (error) {
      list.hide();
      this.session.tell(error);
      return undefined;
    } finally {
      list.dispose();
    }
  }
}

/** Puts what a search by meaning finds below what the words themselves match. */
class Search {
  private timer: NodeJS.Timeout | undefined;
  private number = 0;

  constructor(
    private readonly session: Session,
    private readonly list: vscode.QuickPick<Item>,
    private readonly choices: Choice[],
    private readonly language: string,
  ) {}

  soon(query: string): void {
    this.stop();
    const number = ++this.number;
    if (query.trim().length < MIN_QUERY) {
      if (this.list.items.some((it) => it.alwaysShow)) this.list.items = itemsOf(this.choices);
      return;
    }
    this.timer = setTimeout(() => void this.search(query, number), SEARCH_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async search(query: string, number: number): Promise<void> {
    this.list.busy = true;
    try {
      const { language } = this;
      const found = await this.session.call('skills.search', { query, language, limit: N_FOUND });
      if (number !== this.number) return;
      const known = new Map(this.choices.map((it) => [it.name, it]));
      const hits = (found.skills as unknown as Choice[])
        .map((it) => itemOf(known.get(it.name) ?? it))
        .filter((it) => !isMatched(it, query) || !known.has(it.choice?.name ?? ''));
      const how = found.engine === 'words' ? 'Found by its words' : 'Found by meaning';
      this.list.items = [
        ...itemsOf(this.choices),
        ...(hits.length > 0 ? [separator(how)] : []),
        ...hits.map((it) => ({ ...it, alwaysShow: true })),
      ];
    } catch {
      // What the words match stands there; the server says itself what is wrong with it.
    } finally {
      if (number === this.number) this.list.busy = false;
    }
  }
}

/** Says whether VS Code itself leaves an item in the list: it looks for the whole of what is typed. */
function isMatched(item: Item, query: string): boolean {
  const texts = [item.label, item.description, item.detail];
  return texts.some((it) => it?.toLowerCase().includes(query.trim().toLowerCase()));
}

function itemsOf(choices: Choice[]): Item[] {
  const suggested = choices.filter((it) => it.rank);
  const rest = choices.filter((it) => !it.rank);
  return [
    ...(suggested.length > 0 ? [separator('Suggested here'), ...suggested.map(itemOf)] : []),
    separator(suggested.length > 0 ? 'All others' : 'All skills'),
    ...rest.map(itemOf),
  ];
}

function separator(text: string): Item {
  return { label: text, kind: vscode.QuickPickItemKind.Separator };
}

function itemOf(choice: Choice): Item {
  const { last, confidence } = choice;
  const shortcut = keysOf(choice.name, choice.is_own_shortcut ? choice.shortcut : undefined);
  const description = [choice.name];
  if (confidence) description.push(`${Math.round(confidence * 100)} %`);
  if (shortcut) description.push(shortcut);
  const detail = [choice.is_next ? 'usually the next step' : choice.phase];
  if (choice.blocked) detail.push(`$(circle-slash) ${label(choice.blocked)}`);
  else if (last) {
    detail.push(`${MARKS[last.status] ?? '$(dash)'} ${label(last.summary)}, ${ago(last.ended_at)}`);
  }
  detail.push(label(choice.description));
  return {
    label: label(choice.title),
    description: label(description.join('  ')),
    detail: detail.join(' · '),
    choice,
  };
}
