import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectNeo4j } from '../../../dev/engines/neo4j';
import { pinnedJars } from '../../../dev/engines/neo4j/jars';
import { inspectPostgres } from '../../../dev/engines/postgres';
import { reachableByOthers, unprivilegedUser } from '../../../dev/engines/postgres/unprivileged';
import { inspectTemporal } from '../../../dev/engines/temporal';

describe('finding the engines', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dnp-finding-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program of this name that prints `output`, in a folder that is the whole PATH. */
  function program(name: string, output: string): { PATH: string } {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${output}"\n`, { mode: 0o755 });
    return { PATH: bin };
  }

  it('takes the one that an environment variable names before any other', () => {
    const environment = { DATABASE_URL: 'postgres://x/y', TEMPORAL_ADDRESS: 'x:1', NEO4J_URI: 'bolt://x' };
    for (const report of [
      inspectPostgres(environment),
      inspectTemporal(environment, folder),
      inspectNeo4j(environment, folder),
    ]) {
      expect(report).toMatchObject({
        state: 'ready',
        detail: expect.stringMatching(/^the one that [A-Z0-9_]+ names$/) as string,
      });
    }
  });

  it('takes a temporal on PATH', () => {
    const report = inspectTemporal(program('temporal', 'temporal version 9.9.9 (Server 1.99.0)'), folder);
    expect(report).toMatchObject({
      state: 'ready',
      detail: expect.stringContaining('9.9.9 (Server 1.99.0)') as string,
    });
  });

  it('says in one sentence what to install where Python, a JDK or Maven is missing', () => {
    const nothing = { PATH: join(folder, 'nothing') };
    const temporal = inspectTemporal(nothing, folder);
    expect(temporal).toMatchObject({ state: 'missing' });
    expect(temporal.detail).toMatch(/needs Python 3 with pip: "apt-get install python3-pip" or "brew install python"/);
    expect(inspectNeo4j(nothing, folder)).toMatchObject({ state: 'missing' });
    expect(inspectNeo4j(nothing, folder).detail).toMatch(
      /needs a JDK 17 or newer, and there is none: "apt-get install/,
    );

    for (const name of ['java', 'jar']) program(name, '');
    const withoutMaven = program('javac', 'javac 17.0.9');
    expect(inspectNeo4j(withoutMaven, folder).detail).toMatch(/fetched by Maven, and there is none/);
    const old = program('javac', 'javac 11.0.2');
    expect(inspectNeo4j(old, folder).detail).toMatch(/needs a JDK 17 or newer, and this one is 11\.0\.2/);
  });

  it('pins every jar of Neo4j by its hash', () => {
    const pinned = pinnedJars();
    expect(pinned.size).toBeGreaterThan(100);
    for (const [name, hash] of pinned) {
      expect(name).toMatch(/^[\w.-]+\.jar$/);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
    expect([...pinned.keys()]).toContain('neo4j-5.26.12.jar');
  });

  it('knows which folders another user can enter', () => {
    const inner = join(folder, 'closed', 'inner');
    mkdirSync(inner, { recursive: true });
    expect(reachableByOthers(inner)).toBe(true);
    expect(reachableByOthers(join(inner, 'not', 'made', 'yet'))).toBe(true);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(reachableByOthers(inner)).toBe(false);
    symlinkSync(inner, join(folder, 'link'));
    chmodSync(inner, 0o700);
    expect(reachableByOthers(join(folder, 'link'))).toBe(false);
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('hands PostgreSQL to postgres, else to nobody, and says what to do without both (as root only)', () => {
    const passwd = join(folder, 'passwd');
    writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n');
    expect(unprivilegedUser(passwd)).toEqual({ name: 'nobody', uid: 65534, gid: 65533 });
    writeFileSync(passwd, 'nobody:x:65534:65533::/:/bin/false\npostgres:x:101:104::/var:/bin/sh\n');
    expect(unprivilegedUser(passwd)).toEqual({ name: 'postgres', uid: 101, gid: 104 });
    writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\n');
    expect(() => unprivilegedUser(passwd)).toThrow(/useradd --system postgres/);
  });
});
