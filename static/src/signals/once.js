/** Act unless a stub has done so for this tool; give the calls that wait for the tool. */
export const once = (tool, act) => {
  const waiting = (window.consentDefaults = window.consentDefaults || {});
  if (!waiting[tool]) act((waiting[tool] = []));
};
