import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { transformSync } from '@swc/core';

/** What the compiled programs read beside their code. */
const ASSETS = new Set(['.csv', '.json', '.css', '.html', '.svg', '.js', '.mjs', '.java', '.xml', '.sha256', '.sql']);

/**
 * Writes one source folder to `target` as CommonJS with source maps, and its assets as they are. Types aren't checked
 * here, which would make every start wait; the linter and the tests do that.
 */
export function compileFolder(root: string, folder: string, target: string): void {
  for (const name of readdirSync(join(root, folder))) {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) {
      compileFolder(root, path, target);
    } else if (name.endsWith('.ts') && !name.endsWith('.d.ts')) {
      compileFile(root, path, target);
    } else if (ASSETS.has(extname(name))) {
      write(join(target, path), readFileSync(join(root, path)));
    }
  }
}

function compileFile(root: string, path: string, target: string): void {
  const output = join(target, path.replace(/\.ts$/, '.js'));
  const { code, map } = transformSync(readFileSync(join(root, path), 'utf8'), {
    filename: join(root, path),
    sourceFileName: relative(dirname(output), join(root, path)),
    sourceMaps: true,
    swcrc: false,
    configFile: false,
    // Names of classes and functions stay, since error names and Temporal's activity names come from them.
    jsc: { target: 'es2023', parser: { syntax: 'typescript' }, keepClassNames: true },
    module: { type: 'commonjs', ignoreDynamic: true },
  });
  write(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
  if (map) write(`${output}.map`, map);
}

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
