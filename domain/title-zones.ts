/**
 * A stretch of a title between brackets and dashes. `whole`: the title has no dash; `head`: a dash follows; `tail`:
 * after a dash; `bracket`: inside brackets. Offsets are UTF-16.
 */
export interface TitleZone {
  place: 'whole' | 'head' | 'tail' | 'bracket';
  start: number;
  end: number;
}

const opening = '([{（［【「『〈《';
const closing = ')]}）］】」』〉》';
const DASH = /\s+[-–—―~|:]\s+|\s*[‐－]\s+/gu;

/** The zones of a title in reading order. Brackets that don't match end with the title. */
export function zonesOf(title: string): TitleZone[] {
  const zones: TitleZone[] = [];
  let depth = 0;
  let start = 0;
  const close = (end: number) => {
    if (title.slice(start, end).trim() !== '') {
      zones.push(...dashed(title, start, end, depth > 0));
    }
  };
  for (let at = 0; at < title.length; at += 1) {
    const letter = title.charAt(at);
    const isOpening = opening.includes(letter);
    if (!isOpening && !(closing.includes(letter) && depth > 0)) continue;
    close(at);
    depth += isOpening ? 1 : -1;
    start = at + 1;
  }
  close(title.length);
  return zones;
}

function dashed(title: string, start: number, end: number, inBracket: boolean): TitleZone[] {
  const cuts = [...title.slice(start, end).matchAll(DASH)];
  const starts = [start, ...cuts.map((cut) => start + cut.index + cut[0].length)];
  const ends = [...cuts.map((cut) => start + cut.index), end];
  return starts.flatMap((from, index) => {
    const to = ends[index] ?? end;
    if (from >= to) return [];
    const outside = index > 0 ? 'tail' : cuts.length > 0 ? 'head' : 'whole';
    return [{ place: inBracket ? 'bracket' : outside, start: from, end: to }];
  });
}
