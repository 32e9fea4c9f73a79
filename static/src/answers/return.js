import { takeRefusal } from "./refusal.js";

/** Take the no that the link back from the preference center carries, and clear the address. */
export const takeBack = async (config, store, synchronise) => {
  const [, text] = location.href.split("#consent=");
  history.replaceState(history.state, "", location.pathname + location.search);
  await takeRefusal(text, config, store).catch(console.warn);
  synchronise();
};
