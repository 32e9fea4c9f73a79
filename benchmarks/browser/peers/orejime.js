import texts from "texts";

window.orejimeConfig = {
  privacyPolicyUrl: texts.policy,
  purposes: texts.purposes.map(({ id, title, description, isExempt }) => ({
    id,
    title,
    description,
    isMandatory: isExempt,
    cookies: [],
  })),
  translations: {
    banner: {
      title: texts.heading,
      description: `${texts.intro} {purposes}. {privacyPolicy}`,
      privacyPolicyLabel: texts.privacy,
      accept: texts.accept,
      decline: texts.reject,
      configure: texts.settings,
    },
    modal: { title: texts.settings, save: texts.save, close: texts.close },
  },
};
