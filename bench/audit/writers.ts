import { audit } from '../../adapters/postgres/audit';
import { newId } from '../../adapters/postgres/ids';
import type { MikroORM } from '../../adapters/postgres/orm';

/** How many rows so many writers add in that time, each row in a transaction of its own, as whatever is audited has one. */
export async function writeFor(
  orm: MikroORM,
  { writers, seconds }: { writers: number; seconds: number },
): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let rows = 0;
  const write = async () => {
    const actorId = newId();
    while (performance.now() < until) {
      await orm.em.fork().transactional((tx) => {
        audit(tx, {
          actorId,
          event: 'bench.done',
          outcome: 'done',
          subjectType: 'bench',
          subjectId: newId(),
          details: { rows },
          requestId: actorId,
        });
        return Promise.resolve();
      });
      if (performance.now() < until) rows += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return rows;
}
