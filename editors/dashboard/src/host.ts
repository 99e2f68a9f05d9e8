// Whoever answers the page: the VS Code extension around a webview, or `skills-lsp dashboard`.

/** What is new: `runs`, `anomalies`, `pipelines`, `tests`, `learning`. */
export type News = readonly string[];

export interface Host {
  ask(command: string, params: object): Promise<unknown>;
  /** Calls back with what is new, and with whether anybody is there: nothing, or what to do. */
  listen(onNews: (news: News) => void, onLost: (whatToDo: string | undefined) => void): void;
  /** What was kept when the page was open before. */
  kept(): string;
  keep(state: string): void;
}

interface Webview {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  var acquireVsCodeApi: (() => Webview) | undefined;
}

const EVERYTHING: News = ['runs', 'anomalies', 'pipelines', 'tests', 'learning'];
const KINDS: Partial<Record<string, News>> = {
  started: ['runs'],
  finished: ['runs', 'tests'],
  refused: [],
  anomalies: ['anomalies'],
};

export function findHost(): Host {
  return globalThis.acquireVsCodeApi ? webview(globalThis.acquireVsCodeApi()) : browser();
}

type Message =
  | { type: 'response'; id: number; result?: unknown; error?: string }
  | { type: 'event'; event: string };

function webview(api: Webview): Host {
  const waiting = new Map<number, (answer: Message & { type: 'response' }) => void>();
  let onNews: (news: News) => void = () => undefined;
  let onLost: (whatToDo: string | undefined) => void = () => undefined;
  let count = 0;
  window.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'response') {
      waiting.get(data.id)?.(data);
      waiting.delete(data.id);
    } else if (data.event === 'connected' || data.event === 'disconnected') {
      const isThere = data.event === 'connected';
      onLost(isThere ? undefined : 'The server has ended. The charts go on when it is back.');
      if (isThere) onNews(EVERYTHING);
    } else {
      onNews(KINDS[data.event] ?? []);
    }
  });
  return {
    ask: (command, params) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        waiting.set(id, ({ result, error }) => {
          if (error === undefined) resolve(result);
          else reject(new Error(error));
        });
        api.postMessage({ type: 'request', id, command, params });
      }),
    listen: (news, lost) => {
      onNews = news;
      onLost = lost;
    },
    kept: () => {
      const state = api.getState();
      return typeof state === 'string' ? state : '';
    },
    keep: (state) => {
      api.setState(state);
    },
  };
}

// A stream that was refused (the server is another one than before) is opened again after so long.
const AGAIN_MS = 2_000;

function browser(): Host {
  return {
    ask: async (command, params) => {
      const response = await fetch('ask', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ command, params }),
      }).catch(() => {
        throw new Error(`Nobody answers. ${WHAT_TO_DO}`);
      });
      if (!response.ok) throw new Error(await response.text());
      const answer = (await response.json()) as { result?: unknown; error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.result;
    },
    listen: (onNews, onLost) => {
      let wasLost = false;
      const open = () => {
        const stream = new EventSource('news');
        stream.onopen = () => {
          onLost(undefined);
          if (wasLost) onNews(EVERYTHING);
          wasLost = false;
        };
        stream.onerror = () => {
          wasLost = true;
          onLost(`The server has ended. ${WHAT_TO_DO}`);
          // Where nobody listens the browser tries again by itself; after a refusal it does not.
          if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
        };
        stream.onmessage = ({ data }: MessageEvent<string>) => {
          onNews((JSON.parse(data) as { new: string[] }).new);
        };
      };
      open();
    },
    kept: () => location.search,
    keep: (state) => {
      history.replaceState(null, '', state ? `?${state}` : location.pathname);
    },
  };
}

const WHAT_TO_DO =
  `Run \`skills-lsp dashboard --port ${location.port}\` and open the address that it prints in this ` +
  'browser: this page goes on by itself.';
