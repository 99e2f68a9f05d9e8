// Written by `npm run protocol` from schema/protocol.json.
/**
 * The place; without a document all skills are listed and none is suggested.
 */
export interface ChoicesParams {
  /**
   * The document.
   */
  uri?: string;
  /**
   * The line, from 0.
   */
  line?: number;
  /**
   * The character in the line, from 0, in the position encoding of the session.
   */
  character?: number;
}

/**
 * The skills: the suggested ones first, by rank, then the rest by name; ``offer`` goes into skills.run.
 */
export interface ChoicesResult {
  skills: {
    [k: string]: unknown;
  }[];
  offer: string;
  engine: string;
  message: string;
}

/**
 * Nothing to choose.
 */
export interface ListReportsParams {}

/**
 * The commands with their titles, the reports over the history first.
 */
export interface ListReportsResult {
  reports: {
    [k: string]: unknown;
  }[];
  message: string;
}

/**
 * Nothing to choose.
 */
export interface ListShortcutsParams {}

/**
 * Keys by skill name; the user's own stand above the predefined.
 */
export interface ListShortcutsResult {
  shortcuts: {
    [k: string]: string;
  };
  registered: string[];
  message: string;
}

/**
 * Its name and kind, and a document of the project it is for.
 */
export interface NewSkillParams {
  /**
   * The name: lower-case letters, digits and single hyphens, like pytest-run.
   */
  name?: string;
  /**
   * What it does: command, which runs a program, or agent, which has instructions for one.
   */
  kind?: string;
  /**
   * A document of the workspace folder that it shall be in; empty for the first folder.
   */
  uri?: string;
}

/**
 * The file that was written.
 */
export interface NewSkillResult {
  path: string;
  message: string;
}

/**
 * What ran, and where.
 */
export interface NextStepsParams {
  /**
   * The name of the skill that ran; it is no next step of itself.
   */
  skill?: string;
  /**
   * The document; empty for the place where suggestions were last asked for.
   */
  uri?: string;
  /**
   * The line, from 0.
   */
  line?: number;
  /**
   * The character in the line, from 0, in the position encoding of the session.
   */
  character?: number;
  /**
   * How many at most.
   */
  limit?: number;
}

/**
 * The skills that are most worth running next, best first; ``offer`` goes into skills.run.
 */
export interface NextStepsResult {
  suggestions: {
    [k: string]: unknown;
  }[];
  offer: string;
  message: string;
}

/**
 * The run and its rating; given again, the last one counts.
 */
export interface RateParams {
  /**
   * The number of the run, as its outcome and the history carry it.
   */
  invocation?: number;
  /**
   * From 1, useless, to 5, just what was needed.
   */
  rating?: number;
}

/**
 * What was kept.
 */
export interface RateResult {
  invocation: number;
  rating: number;
  message: string;
}

/**
 * The skill and the keys, such as ``ctrl+k ctrl+g t``.
 */
export interface RegisterShortcutParams {
  /**
   * The name of the skill.
   */
  skill?: string;
  /**
   * Up to four strokes, the first with a modifier or a function key.
   */
  keys?: string;
}

/**
 * What was registered.
 */
export interface RegisterShortcutResult {
  skill: string;
  keys: string;
  message: string;
}

/**
 * What to run, where, and from which list it was picked.
 */
export interface RunParams {
  /**
   * The name of the skill.
   */
  skill?: string;
  /**
   * The document; empty for the place where suggestions were last asked for.
   */
  uri?: string;
  /**
   * The line, from 0.
   */
  line?: number;
  /**
   * The character in the line, from 0, in the position encoding of the session.
   */
  character?: number;
  /**
   * The line where a selection ends, from 0; null without a selection.
   */
  end_line?: number | null;
  /**
   * The character where a selection ends.
   */
  end_character?: number | null;
  /**
   * The id of the list it was picked from, as a code action carries it.
   */
  offer?: string;
  /**
   * Its place in a list that has no id, 1 the top.
   */
  rank?: number | null;
  /**
   * Answer when the run has ended, with its outcome, and not at its start.
   */
  wait?: boolean;
}

/**
 * What happened: ``status`` is "started", or how the run ended.
 */
export interface RunResult {
  status: string;
  skill: string;
  message: string;
  invocation?: number | null;
  outcome?: {
    [k: string]: unknown;
  } | null;
}

/**
 * What to search for.
 */
export interface SearchParams {
  /**
   * Any words: what is to be done, or what went wrong.
   */
  query?: string;
  /**
   * How many at most.
   */
  limit?: number;
  /**
   * Skills that go well in this workflow phase come first: setup, execution, verification or deployment.
   */
  phase?: string;
  /**
   * Only skills for this LSP language id, such as python.
   */
  language?: string;
}

/**
 * The skills that fit, best first, with their scores (0 to 1) and which engine found them.
 */
export interface SearchResult {
  skills: {
    [k: string]: unknown;
  }[];
  engine: string;
  message: string;
}

/**
 * Nothing to choose.
 */
export interface StatusParams {}

/**
 * The version, ``engine`` (a model's id, or ``words``), the number of skills, and the runs.
 */
export interface StatusResult {
  version: string;
  session: string;
  engine: string;
  n_skills: number;
  n_problems: number;
  running: {
    [k: string]: unknown;
  }[];
  has_history: boolean;
  message: string;
}

/** The server's commands that the extension calls. */
export interface Commands {
  'skills.choices': { params: ChoicesParams; result: ChoicesResult };
  'skills.listReports': { params: ListReportsParams; result: ListReportsResult };
  'skills.listShortcuts': { params: ListShortcutsParams; result: ListShortcutsResult };
  'skills.newSkill': { params: NewSkillParams; result: NewSkillResult };
  'skills.nextSteps': { params: NextStepsParams; result: NextStepsResult };
  'skills.rate': { params: RateParams; result: RateResult };
  'skills.registerShortcut': { params: RegisterShortcutParams; result: RegisterShortcutResult };
  'skills.run': { params: RunParams; result: RunResult };
  'skills.search': { params: SearchParams; result: SearchResult };
  'skills.status': { params: StatusParams; result: StatusResult };
}
