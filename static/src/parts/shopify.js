import { follow, whenThere } from "../signals/follow.js";

const FEATURE = [{ name: "consent-tracking-api", version: "0.1" }];

/** Tell Shopify unless it knows: it asks its own server each time. */
const tell = (signals) => {
  const { customerPrivacy } = window.Shopify;
  const known = customerPrivacy.currentVisitorConsent?.() ?? {};
  const isNews = ([signal, isOn]) => known[signal] !== (isOn ? "yes" : "no");
  if (Object.entries(signals).some(isNews)) customerPrivacy.setTrackingConsent(signals, () => {});
};

follow(
  "shopify",
  (signals) =>
    whenThere(
      () => window.Shopify,
      () => {
        if (window.Shopify.customerPrivacy) tell(signals);
        else window.Shopify.loadFeatures?.(FEATURE, (error) => error || tell(signals));
      },
    ),
  true,
);
