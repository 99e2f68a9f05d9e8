// The dashboard: asks, draws, and asks again when something is new.
import {
  QUESTIONS,
  type Anomaly,
  type Answers,
  type Dashboard,
  type Filters,
  type Name,
} from './answers';
import { element, fill } from './dom';
import { count, percent } from './format';
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
  private filters: Filters = { skill: '', project: '', days: 30 };
  private theme = readTheme();
  private latestRun = 0;

  constructor() {
    this.frames = PANELS.map(
      (it) =>
        new Frame(it, (frame) => {
          this.draw(frame);
        }),
    );
    fill(byId('charts'), ...this.frames.map((it) => it.element));
    for (const id of ['skill', 'project']) fill(select(id), option('', 'All'));
    for (const id of ['skill', 'project', 'days']) {
      select(id).addEventListener('change', () => {
        this.filter();
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
      (isThere) => {
        byId('connection').textContent = isThere ? 'Live' : 'Not connected: the server has ended.';
        byId('connection').classList.toggle('lost', !isThere);
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
    const { command, params } = QUESTIONS[name];
    const number = (this.asked[name] ?? 0) + 1;
    this.asked[name] = number;
    this.lastAt[name] = performance.now();
    let answer: unknown;
    let error: string | undefined;
    try {
      answer = await this.host.ask(command, params(this.filters));
    } catch (problem) {
      error = problem instanceof Error ? problem.message : String(problem);
    }
    if (this.asked[name] !== number) return; // it was asked again meanwhile
    if (error === undefined) {
      Object.assign(this.answers, { [name]: answer });
      this.errors[name] = undefined;
      if (name === 'dashboard') this.take(answer as Dashboard);
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
    if (failed) {
      frame.fail(this.errors[failed] ?? '');
    } else if (needs.every((it) => this.answers[it])) {
      const context = { filters: this.filters, theme: this.theme, now: Date.now() };
      try {
        frame.draw(this.answers as Answers, context, this.note([...needs, ...uses]));
      } catch (error) {
        // The others go on; what it was is for whoever looks at the console.
        console.error(error);
        frame.fail('This chart cannot be drawn. Please report it with what the console says.');
      }
    }
  }

  /** Which of the filters that are set a panel cannot follow. */
  private note(names: readonly Name[]): string {
    const follows = (it: keyof Filters) =>
      names.some((name) => QUESTIONS[name].follows.includes(it));
    const parts: string[] = [];
    if (this.filters.skill && !follows('skill') && !names.includes('anomalies'))
      parts.push('all skills');
    if (this.filters.project && !follows('project')) parts.push('all projects');
    return parts.join(', ');
  }

  private filter(): void {
    const before = this.filters;
    this.filters = {
      skill: select('skill').value,
      project: select('project').value,
      days: Number(select('days').value),
    };
    const changed = (Object.keys(before) as (keyof Filters)[]).filter(
      (it) => before[it] !== this.filters[it],
    );
    for (const name of NAMES) {
      if (QUESTIONS[name].follows.some((it) => changed.includes(it))) void this.ask(name);
    }
    for (const frame of this.frames) this.draw(frame);
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
    if (newest && this.latestRun && newest.id > this.latestRun) {
      byId('told').textContent = `New run: ${newest.skill}, ${newest.status}.`;
    }
    this.latestRun = Math.max(this.latestRun, newest?.id ?? 0);
  }
}

const afterPaint = (then: () => void) =>
  requestAnimationFrame(() => {
    setTimeout(then);
  });

const option = (value: string, title: string) => element('option', { value }, title);

/** Offers names by the alphabet; what was chosen stays so. */
function offer(box: HTMLSelectElement, names: readonly string[], chosen: string): void {
  const all = [...new Set([...names, ...(chosen ? [chosen] : [])])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  if (
    all.length === box.options.length - 1 &&
    all.every((it, n) => box.options[n + 1]?.value === it)
  )
    return;
  fill(box, option('', 'All'), ...all.map((it) => option(it, it)));
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
