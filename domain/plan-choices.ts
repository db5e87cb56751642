import type { PlannedItem } from './planned-item';

/** What the person said of one item: that it is to leave, or not. `firm`: it needed no review when they said so. */
export interface Choice extends Pick<PlannedItem, 'itemType' | 'uri' | 'playlistProviderId'> {
  included: boolean;
  firm: boolean;
}

/**
 * A plan made anew with what the person chose before, whatever the items rest on by now. What can't be enforced stays
 * excluded; and what was chosen on firm grounds and is doubtful now waits for a new choice, since nothing is removed on a
 * doubtful ground that nobody has looked at.
 */
export function keepChoices(items: readonly PlannedItem[], choices: readonly Choice[]): PlannedItem[] {
  const chosen = new Map(choices.map((choice) => [itemKey(choice), choice]));
  return items.map((item) => {
    const choice = chosen.get(itemKey(item));
    if (!choice || item.notEnforceable !== null) return item;
    const grewDoubtful = choice.included && choice.firm && item.needsReview;
    return grewDoubtful ? item : { ...item, included: choice.included };
  });
}

/** An item is the same one in a plan made anew where it is the same thing in the same place. */
export function itemKey({
  itemType,
  uri,
  playlistProviderId,
}: Pick<PlannedItem, 'itemType' | 'uri' | 'playlistProviderId'>): string {
  return JSON.stringify([itemType, playlistProviderId ?? '', uri]);
}
