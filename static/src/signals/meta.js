/** Limited data use, in whatever country and state Meta finds that it has to be. */
export const LIMITED = ["dataProcessingOptions", ["LDU"], 0, 0];

/** Call the Meta pixel, or let the call wait for it. */
export const callMeta = (...call) => (window.fbq ? window.fbq(...call) : window.consentDefaults.meta.push(call));
