/** Places in Markdown, made into links to the code. Knows no VS Code. */

// shop/prices.py:12, as it is or with Markdown's escapes; not the end of an address.
const BEFORE = /(?<![\w./\\:@+-])/.source;
const PLACE = /(?<file>(?:\\[^a-z\d\s]|[\w./@+-]){1,300}\.\w{1,10}):(?<row>\d{1,9})/.source;
const ONLY_PLACE = new RegExp(`^\`?${PLACE}\`?$`);
// What is code or a link already is read as a whole.
const TOKENS = new RegExp(
  `\`[^\`\\n]{0,300}\`|\\[[^\\]\\n]{0,300}\\]\\([^)\\n]{0,300}\\)|${BEFORE}${PLACE}`,
  'g',
);

/**
 * Returns Markdown with a link at each place in the code that it names.
 *
 * `find` says under which path a file is in the folder, or that it is not there.
 */
export function linked(markdown: string, find: (file: string) => string | undefined): string {
  return markdown.replace(TOKENS, (token) => {
    const { file = '', row = '' } = ONLY_PLACE.exec(token)?.groups ?? {};
    const found = file && find(file.replace(/\\([^a-z\d\s])/gi, '$1'));
    if (!found) return token;
    return `[${token}](/${found.split(/[\\/]/).map(encoded).join('/')}#L${row})`;
  });
}

function encoded(name: string): string {
  return encodeURIComponent(name).replace(/[()]/g, (it) => (it === '(' ? '%28' : '%29'));
}
