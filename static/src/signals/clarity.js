/** Tell Microsoft Clarity both its signals; calls wait in its own queue until it is there. */
export const tellClarity = (ad_Storage, analytics_Storage) => {
  window.clarity =
    window.clarity ||
    function () {
      (window.clarity.q = window.clarity.q || []).push(arguments);
    };
  window.clarity("consentv2", { ad_Storage, analytics_Storage });
};
