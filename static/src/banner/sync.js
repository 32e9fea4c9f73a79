import { newestNumber, refusals } from "./choice.js";

const hour = () => new Date().toISOString().slice(0, 13);

/** Return what brings browser and service together: unsent choices go, the newest token comes. */
export const makeSync = ({ optional }, store, sender, { known, keepRefusals }) => {
  /** Return the secret to ask with: after the preference center was used, else hourly. */
  const secretToAskWith = () => {
    const own = store.secret();
    const fresh = store.handedOver();
    return fresh || store.hourAsked() !== hour() ? (own ?? fresh) : undefined;
  };

  /** The subject is gone, erased or lost. What was refused stays refused, by nobody in particular. */
  const forgetSubject = () => {
    const refused = refusals(optional, known());
    store.setSecret("");
    store.setToken("");
    if (Object.keys(refused).length) keepRefusals(refused);
  };

  const askForHead = async () => {
    const secret = secretToAskWith();
    if (!secret) return;
    const found = await sender.head(secret, newestNumber(known().tokens));
    // A choice made meanwhile is newer than this answer.
    if (store.queue().length) return;
    store.forgetHandOver();
    if (found) {
      store.setToken(found.token);
      store.setSecret(secret);
    } else if (store.secret()) forgetSubject();
    if (store.secret()) store.setHourAsked(hour());
  };

  return async () => {
    if (!store.queue().length && !secretToAskWith()) return;
    await sender.alone(async () => {
      try {
        await sender.flush();
        await askForHead();
      } catch (error) {
        console.warn("consent: no answer", error);
      }
    });
  };
};
