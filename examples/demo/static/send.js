// Sends events to the gateway, and tells the bar on top what became of them.

const LOST = { fired: false, reason: "lost", because: "The gateway did not answer." };
const PAUSE_MILLISECONDS = 50;
const PATIENCE = 100;

const pause = () => new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));

/** Post an event with a token; return what the gateway did with it. */
export const send = async (event, purpose, token) => {
  const body = JSON.stringify({ event, purpose, token });
  try {
    const answer = await fetch(`${document.body.dataset.gateway}/collect`, { method: "POST", body });
    return answer.ok ? await answer.json() : LOST;
  } catch {
    return LOST;
  }
};

/** Return the token; just after a click it is still on its way. */
const tokenSoon = async () => {
  for (let turn = 0; turn < PATIENCE && !window.consent.token(); turn++) await pause();
  return window.consent.token();
};

/** Send the one event of a gated tag, and report it. */
export const report = async (tag, event, purpose) => {
  const happened = await send(event, purpose, await tokenSoon());
  (window.happened ??= []).push({ tag, ...happened });
};
