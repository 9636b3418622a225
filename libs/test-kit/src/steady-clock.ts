import { jest } from '@jest/globals';

const tickMs = 10;

/**
 * For every test of this file or `describe`: the timers of this process, and `performance.now()`, go by a clock that stands still when the machine does.
 * It goes on by one tick at a time, and between two of them everybody here has a turn: a limit that is short enough to be waited for is still long enough
 * for who answers. Dates stay what they are, and so does `until`.
 */
export function byASteadyClock(): void {
  beforeEach(() => void jest.useFakeTimers({ advanceTimers: tickMs, doNotFake: ['Date', 'hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] }));
  afterEach(() => void jest.useRealTimers());
}
