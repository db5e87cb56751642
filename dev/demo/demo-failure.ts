/** Why the demo can't go on or has not shown what it promised, as a sentence for the person who runs it. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
