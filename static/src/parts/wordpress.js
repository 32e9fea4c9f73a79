import { follow, whenThere } from "../signals/follow.js";

/** Tell WordPress what is news to it: it keeps a cookie of each category it is told. */
const tell = (signals) => {
  for (const [category, isAllowed] of Object.entries(signals))
    if (window.wp_has_consent(category) !== isAllowed) window.wp_set_consent(category, isAllowed ? "allow" : "deny");
};

parts.push(({ config }) => {
  window.wp_consent_type = config.regime === "opt-in" ? "optin" : "optout";
  document.dispatchEvent(new CustomEvent("wp_consent_type_defined"));
});

follow(
  "wordpress",
  (signals) =>
    whenThere(
      () => window.wp_set_consent,
      () => tell(signals),
    ),
  true,
);
