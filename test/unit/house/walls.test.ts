import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..', '..', '..');
type House = 'api' | 'workflows' | 'activities' | 'workers' | 'domain' | 'adapters' | 'ops' | 'dev' | 'bench' | 'test';

/** Who may import from whom; `types` only for what is erased by the compiler. */
const allowed: Record<
  'api' | 'workflows' | 'activities' | 'workers' | 'domain' | 'adapters' | 'ops',
  { values: House[]; types: House[] }
> = {
  api: { values: ['api', 'adapters', 'domain'], types: ['workflows'] },
  workflows: { values: ['workflows', 'domain'], types: ['activities'] },
  activities: { values: ['activities', 'adapters', 'domain'], types: ['workflows'] },
  workers: { values: ['workers', 'workflows', 'activities', 'adapters', 'domain'], types: [] },
  domain: { values: ['domain'], types: [] },
  adapters: { values: ['adapters', 'domain'], types: [] },
  ops: { values: ['ops', 'adapters', 'domain'], types: [] },
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name))
    .map((name) => join(folder, name));
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    if (specifier.startsWith('.'))
      found.push({ from: file, to: relative(root, join(root, dirname(file), specifier)), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
      const callee = node.expression;
      const isRequire = ts.isIdentifier(callee) && callee.text === 'require';
      if (isRequire || callee.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0].text, false);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node.argument.literal.text, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true));
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  return !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((element) => element.isTypeOnly);
}

const houseOf = (path: string) => path.split('/')[0] as House;

function crossings(imports: Import[]): string[] {
  return imports.flatMap(({ from, to, typeOnly }) => {
    const rule = allowed[houseOf(from) as keyof typeof allowed];
    if (!rule) return [];
    const target = houseOf(to);
    return rule.values.includes(target) || (typeOnly && rule.types.includes(target)) ? [] : [`${from} imports ${to}`];
  });
}

test('imports cross the walls of the house in the permitted directions only', () => {
  const imports = Object.keys(allowed).flatMap((house) =>
    sources(house).flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8'))),
  );
  expect(imports.length).toBeGreaterThan(100);
  expect(crossings(imports)).toEqual([]);
});

test.each([
  ['domain/x.ts', `import { a } from '../adapters/a';`],
  ['api/x.ts', `import { enforce } from '../workflows/enforce';`],
  ['adapters/x.ts', `const a = require('../activities/a');`],
  ['workflows/x.ts', `export const a = import('../activities/a');`],
  ['workers/x.ts', `import { start } from '../dev/start';`],
  ['adapters/postgres/x.ts', `export * from '../../api/app';`],
])('a wall crossing in %s is seen', (file, text) => {
  expect(crossings(importsOf(file, text))).toHaveLength(1);
});

test('an import of types alone passes where only types may', () => {
  expect(
    crossings(
      importsOf(
        'workflows/x.ts',
        `import type { A } from '../activities/a'; import { type B } from '../activities/b';`,
      ),
    ),
  ).toEqual([]);
});
