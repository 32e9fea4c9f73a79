import * as klaro from "klaro/dist/klaro-no-css";
import "klaro/dist/klaro.min.css";
import texts from "texts";

klaro.setup({
  version: 1,
  lang: "en",
  acceptAll: true,
  showNoticeTitle: true,
  translations: {
    en: {
      privacyPolicyUrl: texts.policy,
      acceptAll: texts.accept,
      ok: texts.accept,
      decline: texts.reject,
      save: texts.save,
      consentNotice: { title: texts.heading, description: texts.intro, learnMore: texts.settings },
      consentModal: { title: texts.settings, description: texts.intro },
      purposes: Object.fromEntries(texts.purposes.map(({ id, title }) => [id, { title }])),
    },
  },
  services: texts.purposes.map(({ id, title, description, isExempt }) => ({
    name: id,
    title,
    description,
    purposes: [id],
    required: isExempt,
  })),
});
