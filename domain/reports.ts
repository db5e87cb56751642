/** What is wrong with something, as whoever reports it sees it: unlawful in some way, or against the rules here. */
export const reportCategories = {
  defamation: 'It says something untrue of somebody',
  privacy: 'It exposes somebody’s private life or data',
  hate: 'It attacks or lists people for what they are',
  threats: 'It threatens somebody, or calls for violence',
  copyright: 'It copies what belongs to somebody else',
  wrong_artist: 'It means another artist',
  unsupported: 'Its sources do not say so',
  misuse: 'It is spam, or made to deceive',
  other: 'Something else',
} as const satisfies Record<string, string>;
export type ReportCategory = keyof typeof reportCategories;

/** Days after the decision for which it is kept what reporters wrote, and how to reach them. */
export const reportKeepDays = 180;
