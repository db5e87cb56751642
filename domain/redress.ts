const day = 86_400_000;

/** When somebody's time to appeal is over who was told of a decision at that moment; the window is in days. */
export function appealUntil(toldAt: Date, windowDays: number): Date {
  return new Date(toldAt.getTime() + windowDays * day);
}
