// The dashboard: asks, draws, and asks again when something is new.
import {
  QUESTIONS,
  question,
  readable,
  type Anomaly,
  type Answers,
  type Dashboard,
  type Filters,
  type Name,
} from './answers';
import { element, fill, sentence } from './dom';
import { count, percent, short, visible } from './format';
import { Frame } from './frame';
import { findHost, type News } from './host';
import { ab } from './panels/ab';
import { follows } from './panels/follows';
import { clock, phases } from './panels/heat';
import { foretold, learning } from './panels/learning';
import { latest, live } from './panels/live';
import type { Panel } from './panels/panel';
import { pipelines } from './panels/pipelines';
import { trend } from './panels/trend';
import { unusual } from './panels/unusual';
import { onThemeChange, readTheme } from './theme';

const PANELS: readonly Panel[] = [
  ...[live, latest, trend, unusual, ab, clock, phases, follows, pipelines, learning, foretold],
];
// What needs arithmetic is asked again when there was no run for so long.
const SETTLED_MS = 4_000;
// A burst of runs is drawn so often; the first of them at once.
const BURST_MS = 250;
const MAX_NAMES = 500; // store/dashboard.py
const NAMES = Object.keys(QUESTIONS) as Name[];

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}.`);
  return found;
}

const select = (id: string) => byId(id) as HTMLSelectElement;

class Page {
  private readonly host = findHost();
  private readonly answers: Partial<Answers> = {};
  private readonly errors: Partial<Record<Name, string | undefined>> = {};
  private readonly asked: Partial<Record<Name, number>> = {};
  private readonly frames: readonly Frame[];
  private readonly timers = new Map<Name, number>();
  private readonly lastAt: Partial<Record<Name, number>> = {};
  /** What was asked for by a filter, and is not there yet. */
  private readonly waiting = new Set<Name>();
  private filters = restored(this.host.kept());
  private theme = readTheme();
  private latestRun = 0;
  private latestStatus = '';

  constructor() {
    this.frames = PANELS.map(
      (it) =>
        new Frame(it, {
          redraw: (frame) => {
            this.draw(frame);
          },
          picked: (filter, value) => {
            this.filter({ ...this.filters, [filter]: value });
          },
        }),
    );
    fill(byId('charts'), ...this.frames.map((it) => it.element));
    offer(select('skill'), [], this.filters.skill);
    offer(select('project'), [], this.filters.project);
    select('days').value = String(this.filters.days);
    for (const id of ['skill', 'project', 'days']) {
      select(id).addEventListener('change', () => {
        const [skill, project, days] = ['skill', 'project', 'days'].map((it) => select(it).value);
        this.filter({
          ...this.filters,
          skill: skill ?? '',
          project: project ?? '',
          days: Number(days),
        });
      });
    }
    byId('filters').addEventListener('submit', (event) => {
      event.preventDefault();
    });
    onThemeChange(() => {
      this.theme = readTheme();
      for (const frame of this.frames) this.draw(frame);
    });
    this.host.listen(
      (news) => {
        this.hear(news);
      },
      (whatToDo) => {
        this.connection(whatToDo);
      },
    );
    void this.start();
  }

  /** What is drawn at once comes first; what takes a helper process comes when it comes. */
  private async start(): Promise<void> {
    await this.ask('dashboard');
    // For benchmarks: when what was drawn is on the screen.
    afterPaint(() => performance.mark('dashboard-drawn'));
    for (const name of NAMES) if (name !== 'dashboard') void this.ask(name);
  }

  private async ask(name: Name): Promise<void> {
    const { command } = QUESTIONS[name];
    const number = (this.asked[name] ?? 0) + 1;
    this.asked[name] = number;
    this.lastAt[name] = performance.now();
    let answer: unknown;
    let error: string | undefined;
    try {
      answer = await this.host.ask(command, question(name, this.filters));
    } catch (problem) {
      error = problem instanceof Error ? problem.message : String(problem);
    }
    if (this.asked[name] !== number) return; // it was asked again meanwhile
    this.waiting.delete(name);
    if (error === undefined) {
      Object.assign(this.answers, { [name]: readable(answer) });
      this.errors[name] = undefined;
      // Nobody tells a webview that the server was there before it.
      if (!byId('connection').textContent) this.connection(undefined);
      if (name === 'dashboard') this.take(answer as Dashboard);
    } else if (name === 'ab' && this.filters.test) {
      this.filter({ ...this.filters, test: '' }); // one that was kept, and is no more
      return;
    } else {
      this.errors[name] = error;
    }
    this.drawTiles();
    const changed = this.frames.filter(({ panel: { needs, uses = [] } }) =>
      [...needs, ...uses].includes(name),
    );
    this.drawAll(changed);
  }

  /** What is in sight is drawn at once, and the rest when that is on the screen. */
  private drawAll(frames: readonly Frame[]): void {
    const isLater = (it: Frame) => !document.hidden && !it.isInSight();
    for (const frame of frames) if (!isLater(frame)) this.draw(frame);
    const later = frames.filter(isLater);
    if (later.length) {
      afterPaint(() => {
        for (const frame of later) this.draw(frame);
      });
    }
  }

  private draw(frame: Frame): void {
    const { needs, uses = [] } = frame.panel;
    const failed = needs.find((it) => this.errors[it] !== undefined);
    const isThere = needs.every((it) => this.answers[it]);
    const isLate = [...needs, ...uses].some((it) => this.waiting.has(it));
    frame.wait(isLate || !(failed ?? isThere));
    if (failed) {
      frame.fail(this.errors[failed] ?? '');
    } else if (isThere) {
      const context = { filters: this.filters, theme: this.theme, now: Date.now() };
      try {
        frame.draw(this.answers as Answers, context, this.note(frame.panel));
      } catch (error) {
        // The others go on; what it was is for whoever looks at the console.
        console.error(error);
        frame.fail('This chart cannot be drawn. Please report it with what the console says.');
      }
    }
  }

  /** Which of the filters that are set a panel does not follow, and why; and its own time. */
  private note({ fixed = {} }: Panel): string {
    const { skill, project } = this.filters;
    const both = fixed.skill?.replace('Not by skill', 'Not by skill or project');
    const parts =
      skill && project && fixed.skill && fixed.project
        ? [both]
        : [skill && fixed.skill, project && fixed.project];
    return [...parts, fixed.days].filter(Boolean).join(' ');
  }

  private filter(wanted: Filters): void {
    const before = this.filters;
    this.filters = wanted;
    this.host.keep(kept(wanted));
    const changed = (Object.keys(before) as (keyof Filters)[]).filter(
      (it) => before[it] !== wanted[it],
    );
    for (const name of NAMES) {
      if (!QUESTIONS[name].follows.some((it) => changed.includes(it))) continue;
      this.waiting.add(name);
      void this.ask(name);
    }
    for (const frame of this.frames) this.draw(frame);
  }

  /** Says that the server is there, or what to do when it is not. */
  private connection(whatToDo: string | undefined): void {
    const line = byId('connection');
    const said = whatToDo ?? 'Live';
    if (line.dataset.said === said) return; // it would be read out again
    line.dataset.said = said;
    fill(line, ...sentence(said));
    line.classList.toggle('lost', whatToDo !== undefined);
  }

  private hear(news: News): void {
    for (const name of NAMES) {
      if (!QUESTIONS[name].news.some((it) => news.includes(it))) continue;
      const since = performance.now() - (this.lastAt[name] ?? -Infinity);
      const isQuick = name === 'dashboard' || !news.includes('runs');
      if (!isQuick) this.later(name, SETTLED_MS, true);
      else if (since >= BURST_MS) void this.ask(name);
      else this.later(name, BURST_MS - since, false);
    }
  }

  private later(name: Name, ms: number, isPutOff: boolean): void {
    const timer = this.timers.get(name);
    if (timer !== undefined && !isPutOff) return;
    clearTimeout(timer);
    this.timers.set(
      name,
      window.setTimeout(() => {
        this.timers.delete(name);
        void this.ask(name);
      }, ms),
    );
  }

  private drawTiles(): void {
    const { dashboard, anomalies } = this.answers;
    if (dashboard) fill(byId('headline'), ...tiles(dashboard, anomalies?.anomalies));
  }

  private take(it: Dashboard): void {
    offer(select('skill'), it.skills, this.filters.skill);
    offer(select('project'), it.projects, this.filters.project);
    const [newest] = it.latest;
    if (!newest || newest.id < this.latestRun) return; // another filter
    const isNew = newest.id > this.latestRun;
    if (this.latestRun && (isNew || newest.status !== this.latestStatus)) {
      const what = isNew ? 'New run: ' : '';
      byId('told').textContent = `${what}${visible(newest.skill)}, ${newest.status}.`;
    }
    this.latestRun = newest.id;
    this.latestStatus = newest.status;
  }
}

const afterPaint = (then: () => void) =>
  requestAnimationFrame(() => {
    setTimeout(then);
  });

const DEFAULTS: Filters = { skill: '', project: '', days: 30, test: '' };

/** The filters as the words of an address, without those that filter nothing. */
function kept(filters: Filters): string {
  const set = (Object.keys(DEFAULTS) as (keyof Filters)[]).filter(
    (it) => filters[it] !== DEFAULTS[it],
  );
  return new URLSearchParams(set.map((it) => [it, String(filters[it])])).toString();
}

function restored(words: string): Filters {
  const given = new URLSearchParams(words);
  const text = (name: 'skill' | 'project' | 'test') => given.get(name) ?? '';
  const days = given.get('days') ?? '';
  const isOffered = Array.from(select('days').options).some((it) => it.value === days);
  return {
    skill: text('skill'),
    project: text('project'),
    days: isOffered ? Number(days) : DEFAULTS.days,
    test: text('test'),
  };
}

const option = (value: string, title: string, isThere = true) =>
  element('option', { value, disabled: !isThere }, title);

/** Offers names by the alphabet; what was chosen stays so. */
function offer(box: HTMLSelectElement, names: readonly string[], chosen: string): void {
  const all = [...new Set([...names, ...(chosen ? [chosen] : [])])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const key = JSON.stringify(all);
  if (box.dataset.names === key) return;
  box.dataset.names = key;
  const rest = `The ${count(MAX_NAMES)} most used are listed.`;
  fill(
    box,
    option('', 'All'),
    ...all.map((it) => option(it, short(visible(it), 60))),
    ...(names.length >= MAX_NAMES ? [option('', rest, false)] : []),
  );
  box.value = chosen;
}

function tiles(it: Dashboard, unusual: Anomaly[] | undefined): HTMLElement[] {
  const day = it.last_hours.reduce((sum, { n_uses }) => sum + n_uses, 0);
  const running = it.latest.filter(({ status }) => status === 'running').length;
  const open = (unusual ?? it.anomalies).filter(({ resolved_at }) => !resolved_at).length;
  const tile = (value: string, what: string) =>
    element(
      'span',
      { class: 'tile' },
      element('strong', {}, value),
      ' ',
      element('span', {}, what),
    );
  return [
    tile(count(it.n_uses), it.n_uses === 1 ? 'run' : 'runs'),
    tile(percent(it.n_ended ? it.n_completed / it.n_ended : null), 'did their work'),
    tile(count(day), 'in 24 hours'),
    tile(count(running), 'running'),
    tile(count(open), 'unusual'),
  ];
}

new Page();
