/* global tarteaucitron */
import texts from "texts";

window.tarteaucitronCustomText = {
  alertBigPrivacy: `<b>${texts.heading}</b> ${texts.intro}`,
  acceptAll: texts.accept,
  denyAll: texts.reject,
  personalize: texts.settings,
  privacyUrl: texts.privacy,
  close: texts.save,
};

tarteaucitron.init({
  privacyUrl: texts.policy,
  orientation: "bottom",
  showIcon: false,
  DenyAllCta: true,
  AcceptAllCta: true,
  highPrivacy: true,
  mandatory: true,
});

const isAsked = ({ isExempt }) => !isExempt;
texts.purposes.filter(isAsked).forEach(({ id, title, description }) => {
  tarteaucitron.services[id] = {
    key: id,
    type: "other",
    name: `${title}: ${description}`,
    needConsent: true,
    cookies: [],
    js() {},
  };
  (tarteaucitron.job = tarteaucitron.job || []).push(id);
});
