import * as CookieConsent from "vanilla-cookieconsent";
import "vanilla-cookieconsent/dist/cookieconsent.css";
import texts from "texts";

const categories = texts.purposes.map(({ id, isExempt }) => [id, { enabled: isExempt, readOnly: isExempt }]);

CookieConsent.run({
  categories: Object.fromEntries(categories),
  language: {
    default: "en",
    translations: {
      en: {
        consentModal: {
          title: texts.heading,
          description: texts.intro,
          acceptAllBtn: texts.accept,
          acceptNecessaryBtn: texts.reject,
          showPreferencesBtn: texts.settings,
          footer: `<a href="${texts.policy}">${texts.privacy}</a>`,
        },
        preferencesModal: {
          title: texts.settings,
          acceptAllBtn: texts.accept,
          acceptNecessaryBtn: texts.reject,
          savePreferencesBtn: texts.save,
          closeIconLabel: texts.close,
          sections: texts.purposes.map(({ id, title, description }) => ({
            title,
            description,
            linkedCategory: id,
          })),
        },
      },
    },
  },
});
