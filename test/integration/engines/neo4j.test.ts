import neo4jDriver from 'neo4j-driver';
import { inspectNeo4j } from '../../../dev/engines/neo4j';
import { projectRoot } from '../../../dev/engines/project-root';
import { join } from 'node:path';
import { neo4j } from '../../support/engines';

jest.setTimeout(240_000);

const found = inspectNeo4j(process.env, process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines'));
const withNeo4j = found.state === 'missing' ? it.skip : it;
const reason = found.state === 'missing' ? ` (skipped: ${found.detail})` : '';

describe('the Neo4j of a test run', () => {
  withNeo4j(`answers to its own password and to no other${reason}`, async () => {
    const { url, user, password } = await neo4j();
    const right = neo4jDriver.driver(url, neo4jDriver.auth.basic(user, password));
    const wrong = neo4jDriver.driver(url, neo4jDriver.auth.basic(user, 'neo4j'));
    try {
      const { records } = await right.executeQuery('RETURN 1 + 1 AS sum');
      expect(records[0]?.get('sum')).toEqual(neo4jDriver.int(2));
      await expect(wrong.verifyAuthentication()).resolves.toBe(false);
    } finally {
      await Promise.all([right.close(), wrong.close()]);
    }
  });
});
