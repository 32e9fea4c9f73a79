import { ConsentBanner, ConsentDialog, ConsentManagerProvider } from "@c15t/react";
import "@c15t/react/styles.css";
import { createRoot } from "react-dom/client";
import texts from "texts";

const CATEGORIES = ["necessary", "functionality", "measurement", "marketing"];
const types = texts.purposes.map(({ title, description }, place) => [CATEGORIES[place], { title, description }]);

const messages = {
  common: { acceptAll: texts.accept, rejectAll: texts.reject, customize: texts.settings, save: texts.save },
  cookieBanner: { title: texts.heading, description: texts.intro },
  consentManagerDialog: { title: texts.settings, description: texts.intro },
  consentTypes: Object.fromEntries(types),
  legalLinks: { privacyPolicy: texts.privacy },
};

const options = {
  // Without a backend nothing is asked of another server, which is the fastest of its modes.
  mode: "offline",
  consentCategories: CATEGORIES,
  overrides: { country: "DE" },
  i18n: { locale: "en", messages: { en: messages } },
  legalLinks: { privacyPolicy: { href: texts.policy } },
  nonce: document.currentScript.nonce,
};

createRoot(document.body.appendChild(document.createElement("div"))).render(
  <ConsentManagerProvider options={options}>
    <ConsentBanner legalLinks={["privacyPolicy"]} />
    <ConsentDialog />
  </ConsentManagerProvider>,
);
