const mostSteps = 4;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** As clocks are divided. */
const stepsOfClocks = [...[1, 2, 5, 10, 15, 30].flatMap((step) => [step * secondMs, step * minuteMs]), ...[1, 2, 3, 6, 12].map((step) => step * hourMs), dayMs].sort((a, b) => a - b);

/** Where an axis of counts is marked: at whole and round numbers from 0 on, the last no less than the greatest. */
export function countMarks(greatest: number): readonly number[] {
  return marksTo(greatest, Math.max(1, decimalStep(greatest / mostSteps)));
}

/** Where an axis of times is marked, in milliseconds: likewise, and by seconds, minutes and hours as clocks divide them. */
export function durationMarks(greatestMs: number): readonly number[] {
  const leastMs = greatestMs / mostSteps;
  if (greatestMs < secondMs) return marksTo(greatestMs, Math.max(1, decimalStep(leastMs)));
  return marksTo(greatestMs, stepsOfClocks.find((step) => step >= leastMs) ?? dayMs * decimalStep(leastMs / dayMs));
}

/** The moments of a span at which the reader's clock is round. @param stepMinutes counted from midnight */
export function timeMarks(fromMs: number, toMs: number, stepMinutes: number): readonly number[] {
  const day = new Date(fromMs);
  const marks: number[] = [];
  for (let minutes = 0; ; minutes += stepMinutes) {
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minutes).getTime();
    if (at > toMs) return marks;
    if (at >= fromMs) marks.push(at);
  }
}

/** 1, 2 or 5 of some power of ten. */
function decimalStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((step) => step * power >= least) ?? 10) * power;
}

function marksTo(greatest: number, step: number): readonly number[] {
  return Array.from({ length: Math.max(1, Math.ceil(greatest / step)) + 1 }, (_, index) => index * step);
}
