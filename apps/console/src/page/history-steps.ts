type StepListener = (event: PopStateEvent) => void;

let listener: StepListener | null = null;

// Of what listens to the window, Chromium calls first what came first: so this is loaded before the router is there.
addEventListener('popstate', (event) => listener?.(event));

/** Hears of Back and Forward before the router, which does not where `hear` stops the event. @returns what ends it */
export function hearHistorySteps(hear: StepListener): () => void {
  listener = hear;
  return () => {
    if (listener === hear) listener = null;
  };
}
