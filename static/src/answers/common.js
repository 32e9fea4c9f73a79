const DEFAULT_SECONDS = 2 * 86400;

/** Tell whether a token is the same for everyone who gave the same answer. */
export const isCommon = (token) => token?.number === null;

/** Tell whether a token is what the script hands out before anybody is asked. */
export const isDefault = (token) => isCommon(token) && token.expires - token.issued <= DEFAULT_SECONDS;
