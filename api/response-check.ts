import { z } from 'zod';
import type { Answer, Route } from './route';

/** Throws where an answer isn't what the route documents; used in tests, where it becomes a 500 and a log line. */
export function checkAnswer(route: Route, answer: Answer): void {
  const where = `${route.method} ${route.path} ${answer.status}`;
  if (!(answer.status in route.responses)) throw new Error(`${where}: this status is not documented`);
  const shape = route.responses[answer.status];
  if (!(shape instanceof z.ZodType)) return;
  const result = shape.safeParse(answer.body);
  if (!result.success) throw new Error(`${where}: ${z.prettifyError(result.error)}`);
}
