import type { MikroORM } from './orm';
import { eventsAfter, type PersonEventRow } from './person-events';
import { watchTogether } from './watch-together';

export interface PersonWatch {
  /** Tells `seen` what a person is told after an event's id, in order, until the returned function is called. */
  watch(userId: string, afterId: number, seen: (events: PersonEventRow[]) => void): () => void;
}

interface Watcher {
  userId: string;
  id: number;
  seen: (events: PersonEventRow[]) => void;
}

/** However many watch, each second costs one statement. */
export function createPersonWatch(orm: MikroORM, intervalMs = 1_000): PersonWatch {
  const add = watchTogether<Watcher>(async (at, isWatching) => {
    const lowest = new Map<string, number>();
    for (const { userId, id } of at) lowest.set(userId, Math.min(lowest.get(userId) ?? id, id));
    const events = await eventsAfter(
      orm.em.fork(),
      [...lowest].map(([userId, id]) => ({ userId, id })),
    );
    for (const watcher of at) {
      const news = events.filter(({ userId, id }) => userId === watcher.userId && id > watcher.id);
      const last = news.at(-1);
      if (!last || !isWatching(watcher)) continue;
      watcher.id = last.id;
      watcher.seen(news);
    }
  }, intervalMs);
  return { watch: (userId, id, seen) => add({ userId, id, seen }) };
}
