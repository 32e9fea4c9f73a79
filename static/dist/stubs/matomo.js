(()=>{var o=()=>window._paq=window._paq||[];var i=(e,t)=>{let n=window.consentDefaults=window.consentDefaults||{};n[e]||t(n[e]=[])};var s="__CONSENT_CONFIG__";i("matomo",()=>o().push([s]));})();
