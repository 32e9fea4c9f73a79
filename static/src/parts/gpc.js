import { hasGpc } from "../banner/signals.js";

/** Tell whoever sends Global Privacy Control that it is honoured, where they are asked. */
parts.push(({ config, api }) => {
  const isHeldBack = ({ id, sells }) => sells && !api.allows(id);
  if (hasGpc(navigator) && config.optional.some(isHeldBack)) config.texts.intro += ` ${config.gpc}`;
});
