import { offenseMeasureDenial } from '../../../domain/offense-measures';

const missing = 'evidence_missing';
const impossible = 'measure_not_possible';

test.each([
  ['approve', 'pending', 1, 1, null],
  ['approve', 'pending', 0, 0, missing],
  ['approve', 'rejected', 1, 0, null],
  ['reject', 'pending', 0, 0, null],
  ['reject', 'contested', 1, 0, null],
  ['restrict', 'sources_verified', 1, 0, null],
  ['restrict', 'contested', 1, 0, null],
  ['restrict', 'pending', 1, 1, impossible],
  ['restrict', 'rejected', 1, 0, impossible],
  ['request_changes', 'pending', 1, 1, null],
  ['request_changes', 'sources_verified', 2, 1, null],
  ['request_changes', 'sources_verified', 1, 0, impossible],
  ['request_changes', 'rejected', 1, 1, impossible],
  ['suspend', 'pending', 1, 1, impossible],
] as const)(
  '%s of one that is %s with %i sources, %i unseen: %p',
  (measure, status, evidence, unreviewed, expected) => {
    expect(offenseMeasureDenial(measure, { status, evidence, unreviewed })).toBe(expected);
  },
);
