/** Return what acts on an instance of PostHog that takes it from its queue, if that has started. */
export const onceStarted = (act) =>
  function () {
    if (this.__loaded) act(this);
  };

/** Return what hands PostHog what stands by then, and what tells it when it has: it may be slow to come. */
export const posthogTeller = (hand) => {
  let isAllowed;
  // It keeps what it is told, so it hears of news only.
  const tell = onceStarted((posthog) => {
    if (isAllowed) posthog.has_opted_in_capturing() || posthog.opt_in_capturing();
    else posthog.has_opted_out_capturing() || posthog.opt_out_capturing();
  });
  return ({ consent }) => {
    isAllowed = consent;
    hand(tell);
  };
};
