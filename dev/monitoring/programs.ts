import { EngineProblem } from '../engines/engine';
import { onPath } from '../engines/on-path';

/** One of the two programs of Prometheus. Throws EngineProblem with what to install where it is missing. */
export function prometheusProgram(name: 'prometheus' | 'promtool'): string {
  const file = onPath(name);
  if (file) return file;
  throw new EngineProblem(
    `There is no ${name} on PATH: install Prometheus (Debian, Ubuntu: apt-get install prometheus; macOS: brew install prometheus).`,
  );
}
