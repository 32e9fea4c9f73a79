// A gated tag: the banner runs it once "marketing" is allowed, and not before.

(async () => {
  const happened = (entry) =>
    (window.happened = window.happened ?? []).push({ tag: "The marketing tag", ...entry });
  try {
    const answer = await fetch(`${document.body.dataset.gateway}/collect`, {
      method: "POST",
      body: JSON.stringify({
        event: "ad_landing",
        purpose: "marketing",
        token: window.consent.token(),
      }),
    });
    happened(await answer.json());
  } catch {
    happened({ fired: false, reason: "lost", because: "The gateway did not answer." });
  }
})();
