/**
 * Looks for all watchers of this process together, once every `intervalMs` and at once for a new one. A look that fails is made up
 * for by the next; no two overlap. Nothing runs while nobody watches.
 */
export function watchTogether<Watcher>(
  look: (watchers: readonly Watcher[], isWatching: (watcher: Watcher) => boolean) => Promise<void>,
  intervalMs: number,
): (watcher: Watcher) => () => void {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;

  async function tick(): Promise<void> {
    if (looking) return;
    looking = true;
    await look([...watchers], (watcher) => watchers.has(watcher)).catch(() => undefined);
    looking = false;
  }

  return (watcher) => {
    watchers.add(watcher);
    timer ??= setInterval(() => void tick(), intervalMs).unref();
    void tick();
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    };
  };
}
