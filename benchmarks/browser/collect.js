// Returns what the browser noted about the load of a page.
async () => {
  const entriesOf = (type, options) =>
    new Promise((done) => {
      const observer = new PerformanceObserver((list) => done(list.getEntries()));
      observer.observe({ type, buffered: true, ...options });
      setTimeout(() => done([]), 300);
    });
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  const [shifts, paints, longTasks, events, firstInput] = await Promise.all([
    entriesOf("layout-shift"),
    entriesOf("largest-contentful-paint"),
    entriesOf("longtask"),
    entriesOf("event", { durationThreshold: 16 }),
    entriesOf("first-input"),
  ]);
  const tasks = longTasks.map(({ duration }) => duration);
  const interactions = [...events, ...firstInput].filter(({ interactionId }) => interactionId);
  const largest = paints.at(-1);
  const stored = [...document.cookie.split("; ").filter(Boolean), ...Object.keys(localStorage), ...Object.keys(sessionStorage)];
  const others = [...(await indexedDB.databases()), ...(await caches.keys())];

  return {
    shift: sum(shifts.map(({ value }) => value)),
    largestPaint: largest?.startTime,
    isLargestPaint: !largest?.element?.closest("#page"),
    blocking: sum(tasks.map((duration) => Math.max(0, duration - 50))),
    longestTask: Math.max(0, ...tasks),
    interaction: Math.max(0, ...interactions.map(({ duration }) => duration)),
    stored: stored.length + others.length,
  };
};
