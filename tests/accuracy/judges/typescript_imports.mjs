// Prints, for each file named on the standard input, the imports that TypeScript says nothing uses.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const ts = createRequire(process.argv[2] + "/")("typescript");
const UNUSED = new Set([6133, 6192, 6196, 6198, 6199]);
const options = {
  allowJs: true,
  checkJs: true,
  noUnusedLocals: true,
  noResolve: true,
  noLib: true,
  jsx: ts.JsxEmit.Preserve,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  experimentalDecorators: true,
};

function unusedImports(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const host = {
    getSourceFile: (name) => (name === path ? file : undefined),
    getDefaultLibFileName: () => "lib.d.ts",
    writeFile: () => {},
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => name === path,
    readFile: () => undefined,
  };
  const program = ts.createProgram([path], options, host);
  if (program.getSyntacticDiagnostics(file).length) return null;
  const found = new Set();
  const said = program.getSemanticDiagnostics(file);
  for (const each of said) {
    if (UNUSED.has(each.code)) for (const name of importedNames(file, each)) found.add(name);
  }
  return [...found].map((node) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    return [line + 1, node.text];
  });
}

// The names that imports bind inside of what a diagnostic covers.
function importedNames(file, diagnostic) {
  const start = diagnostic.start;
  const end = start + diagnostic.length;
  const found = [];
  const visit = (node, inImport) => {
    if (node.end <= start || node.getStart(file) >= end) return;
    const is = inImport || isImport(node);
    if (is && ts.isIdentifier(node) && bindsName(node)) found.push(node);
    ts.forEachChild(node, (child) => visit(child, is));
  };
  visit(file, false);
  return found;
}

function isImport(node) {
  if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) return true;
  return ts.isVariableDeclaration(node) && requires(node.initializer);
}

function requires(value) {
  while (value && ts.isPropertyAccessExpression(value)) value = value.expression;
  return (
    value &&
    ts.isCallExpression(value) &&
    value.expression.getText() === "require" &&
    value.arguments.length === 1 &&
    ts.isStringLiteralLike(value.arguments[0])
  );
}

function bindsName(node) {
  const parent = node.parent;
  return (
    (ts.isImportClause(parent) ||
      ts.isNamespaceImport(parent) ||
      ts.isImportSpecifier(parent) ||
      ts.isImportEqualsDeclaration(parent) ||
      ts.isBindingElement(parent) ||
      ts.isVariableDeclaration(parent)) &&
    parent.name === node
  );
}

const result = {};
for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  result[path] = unusedImports(path, readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
}
console.log(JSON.stringify(result));
