// What the page asks the server, and the part of each answer that it draws.
import { visible } from './format';

export interface Filters {
  skill: string;
  project: string;
  days: number;
  /** The A/B test that was chosen; empty for the newest. */
  test: string;
}

interface Counts {
  n_uses: number;
  n_ended: number;
  n_completed: number;
}

export interface Days {
  n_uses: number[];
  n_ended: number[];
  n_completed: number[];
}

export interface Anomaly {
  skill: string;
  metric: 'completion_rate' | 'duration' | 'uses';
  way: 'drop' | 'spike';
  detected_at: string;
  resolved_at: string;
  usual: number | null;
  seen: number | null;
  z: number | null;
}

export interface Dashboard extends Counts {
  message: string;
  at: string;
  timezone: string;
  dates: string[];
  by_day: Days;
  by_skill: (Counts & {
    skill: string;
    days: Days & { mean_duration_seconds: (number | null)[] };
  })[];
  last_hours: (Counts & { at: string })[];
  weekdays: string[];
  clock: number[][];
  phases: (Counts & { skill: string; phase: string })[];
  latest: {
    id: number;
    skill: string;
    invoked_at: string;
    status: string;
    duration_seconds: number | null;
    project: string;
    summary: string;
  }[];
  anomalies: Anomaly[];
  skills: string[];
  projects: string[];
}

export interface Trend {
  message: string;
  trends:
    | {
        skill: string;
        metric: 'completion_rate' | 'duration' | 'uses';
        verdict: string;
        first: number | null;
        last: number | null;
        change: number | null;
        q: number | null;
      }[]
    | null;
}

export interface Anomalies {
  message: string;
  anomalies: Anomaly[];
  over: Anomaly[];
}

export interface Dependencies {
  message: string;
  dependencies: {
    first: string;
    second: string;
    kind: string;
    n_both: number;
    lift: number;
    followed: number | null;
  }[];
  n_sessions: number;
}

interface Group {
  n_users: number;
  n_outcomes: number;
  mean: number | null;
}

export interface AbTest {
  message: string;
  test: string;
  state: string;
  /** All that there are, the newest first; a server of before this had picking does not say. */
  tests?: { test: string; state: string }[];
  analyses: Record<
    string,
    {
      control: Group;
      treatment: Group;
      verdict: string;
      comparison: {
        difference: number;
        low: number;
        high: number;
        p_any_time: number;
        aim: number;
      } | null;
    }
  >;
}

export interface Pipeline {
  message: string;
  stages: {
    project: string;
    pipeline: string;
    stage: string;
    n_stages: number;
    n_succeeded: number;
    success_rate: number;
    mean_duration_seconds: number | null;
    is_bottleneck: boolean;
  }[];
  recommendations: { priority: string; pipeline: string; stage: string; text: string }[];
  /** The names of all that there are, whatever was asked for. */
  pipelines: string[];
}

interface Estimate {
  estimate: number;
  low: number;
  high: number;
}

export interface Learning {
  message: string;
  fits: {
    made_at: string;
    n_uses: number;
    report: {
      held_out?: { auc: number | null; log_loss: number | null; ece: number | null } | null;
    };
  }[];
  estimate: {
    over_time: {
      group: string;
      n_lists: number;
      n_picks: number;
      present?: Estimate;
      patterns?: Estimate;
      difference?: Estimate;
    }[];
  } | null;
}

export interface Answers {
  dashboard: Dashboard;
  trend: Trend;
  anomalies: Anomalies;
  dependencies: Dependencies;
  ab: AbTest;
  pipeline: Pipeline;
  learning: Learning;
}

export type Name = keyof Answers;

interface Question {
  command: string;
  params: (filters: Filters) => object;
  /** The filters that change the answer. */
  follows: readonly (keyof Filters)[];
  /** What makes it worth asking again. */
  news: readonly string[];
}

// Names that are sent back as they came; what else there is, is only shown.
const RAW = new Set(['skills', 'projects', 'tests']);

/** What is asked: what filters nothing is left out, as a server of before a filter does not know it. */
export const question = (name: Name, filters: Filters): object =>
  Object.fromEntries(Object.entries(QUESTIONS[name].params(filters)).filter(([, it]) => it !== ''));

/** An answer with every text as it can be shown. */
export function readable(answer: unknown): unknown {
  if (typeof answer === 'string') return visible(answer);
  if (Array.isArray(answer)) return answer.map(readable);
  if (answer === null || typeof answer !== 'object') return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, it]) => [key, RAW.has(key) ? it : readable(it)]),
  );
}

const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const QUESTIONS: Readonly<Record<Name, Question>> = {
  dashboard: {
    command: 'skills.dashboard',
    params: ({ skill, project, days }) => ({ skill, project, n_days: days, timezone }),
    follows: ['skill', 'project', 'days'],
    news: ['runs', 'anomalies'],
  },
  pipeline: {
    command: 'skills.report.pipeline',
    params: ({ skill, project, days }) => ({ skill, project, window: windowOf(days) }),
    follows: ['skill', 'project', 'days'],
    news: ['pipelines'],
  },
  dependencies: {
    command: 'skills.report.dependencies',
    params: ({ skill, project }) => ({ skill, project, limit: 40 }),
    follows: ['skill', 'project'],
    news: ['runs'],
  },
  ab: {
    command: 'skills.report.ab',
    params: ({ test }) => ({ test }),
    follows: ['test'],
    news: ['tests'],
  },
  learning: {
    command: 'skills.report.learning',
    params: ({ project }) => ({ project }),
    follows: ['project'],
    news: ['learning'],
  },
  trend: {
    command: 'skills.report.trend',
    // A line through less than five days says nothing.
    params: ({ skill, project, days }) => ({ name: skill, project, n_days: Math.max(days, 7) }),
    follows: ['skill', 'project', 'days'],
    news: ['runs'],
  },
  anomalies: {
    command: 'skills.report.anomalies',
    params: ({ skill, project }) => ({ skill, project }),
    follows: ['skill', 'project'],
    news: ['runs'],
  },
};

/** The report's word for so many days. */
function windowOf(days: number): string {
  if (days <= 1) return 'daily';
  if (days <= 7) return 'weekly';
  if (days <= 30) return 'monthly';
  return days <= 90 ? 'quarterly' : 'yearly';
}
