// Whoever answers the page: the VS Code extension around a webview, or `skills-lsp dashboard`.

/** What is new: `runs`, `anomalies`, `pipelines`, `tests`, `learning`. */
export type News = readonly string[];

export interface Host {
  ask(command: string, params: object): Promise<unknown>;
  /** Calls back with what is new, and with whether anybody is there. */
  listen(onNews: (news: News) => void, onConnection: (isThere: boolean) => void): void;
}

interface Webview {
  postMessage(message: unknown): void;
}

declare global {
  var acquireVsCodeApi: (() => Webview) | undefined;
}

const EVERYTHING: News = ['runs', 'anomalies', 'pipelines', 'tests', 'learning'];
const KINDS: Partial<Record<string, News>> = {
  started: ['runs'],
  finished: ['runs'],
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
  let onConnection: (isThere: boolean) => void = () => undefined;
  let count = 0;
  window.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'response') {
      waiting.get(data.id)?.(data);
      waiting.delete(data.id);
    } else if (data.event === 'connected' || data.event === 'disconnected') {
      onConnection(data.event === 'connected');
      if (data.event === 'connected') onNews(EVERYTHING);
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
    listen: (news, connection) => {
      onNews = news;
      onConnection = connection;
    },
  };
}

function browser(): Host {
  return {
    ask: async (command, params) => {
      const response = await fetch('ask', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ command, params }),
      }).catch(() => {
        throw new Error('Nobody answers. Is `skills-lsp dashboard` still running?');
      });
      if (!response.ok) throw new Error(await response.text());
      const answer = (await response.json()) as { result?: unknown; error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.result;
    },
    listen: (onNews, onConnection) => {
      const stream = new EventSource('news');
      let wasLost = false;
      stream.onopen = () => {
        onConnection(true);
        if (wasLost) onNews(EVERYTHING);
        wasLost = false;
      };
      stream.onerror = () => {
        wasLost = true;
        onConnection(false);
      };
      stream.onmessage = ({ data }: MessageEvent<string>) => {
        onNews((JSON.parse(data) as { new: string[] }).new);
      };
    },
  };
}
