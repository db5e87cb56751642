/** One weight a feature, and what is added whatever the features are. */
export type Weights<Feature extends string> = Readonly<Record<Feature | 'bias', number>>;

/** What one thing that was compared says: positive for one and the same, negative for two. All of them and `bias` are the log odds. */
export interface Evidence<Subject extends string> {
  subject: Subject;
  odds: number;
}

/** The natural logarithm of the odds that two things are one. */
export function logOdds<Feature extends string>(
  weights: Weights<Feature>,
  features: readonly (readonly [Feature, string])[],
  values: readonly number[],
): number {
  return features.reduce((sum, [feature], at) => sum + weights[feature] * (values[at] ?? 0), weights.bias);
}

/** The same, told by what was compared; what says nothing is left out. */
export function evidenceOf<Feature extends string, Subject extends string>(
  weights: Weights<Feature>,
  features: readonly (readonly [Feature, Subject])[],
  values: readonly number[],
): Evidence<Subject>[] {
  const bySubject = new Map<Subject, number>();
  features.forEach(([feature, subject], at) =>
    bySubject.set(subject, (bySubject.get(subject) ?? 0) + weights[feature] * (values[at] ?? 0)),
  );
  return [...bySubject].filter(([, odds]) => odds !== 0).map(([subject, odds]) => ({ subject, odds }));
}
