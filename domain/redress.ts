const day = 86_400_000;

/** When somebody's time to appeal is over who was told of a decision at that moment; the window is in days. */
export function appealUntil(toldAt: Date, windowDays: number): Date {
  return new Date(toldAt.getTime() + windowDays * day);
}

/** Days to appeal against a decision where nothing else is set. */
export const appealWindowDays = 183;

/** What can be done about a decision besides appealing here (Digital Services Act, articles 17(3)(f) and 21). */
export const furtherRedress = [
  {
    kind: 'dispute_settlement',
    text: 'A body for the settlement of disputes out of court that is certified where you live can look at it again.',
  },
  { kind: 'court', text: 'A court can be asked at any time, whatever was decided here.' },
] as const;
